//! Owns the folding of Unicode and white space that import and answer extraction share.
