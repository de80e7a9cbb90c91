//! Owns every use of web-sys and js-sys.
