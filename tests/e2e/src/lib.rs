//! What the end-to-end tests stand on: a browser, a static file server, and a provider that behaves as real ones do.
