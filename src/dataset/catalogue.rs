//! Owns the catalogue: the published sets, where they are loaded from, and how what comes from there becomes items.
