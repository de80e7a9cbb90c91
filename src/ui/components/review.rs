//! Owns the parts of the page of blinded reviews.

pub(crate) mod merging;
pub(crate) mod organise;
pub(crate) mod rating;
mod sheet;

/// A name for a file out of what people typed.
fn file_stem(text: &str) -> String {
    let stem: String = text
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(40)
        .collect();
    let stem = stem.trim_matches('-').to_owned();
    if stem.is_empty() { "x".to_owned() } else { stem }
}
