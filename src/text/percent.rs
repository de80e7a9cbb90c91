//! Owns the percent-encoding of what goes into addresses.

use std::fmt::Write;

/// Everything but the unreserved characters of RFC 3986, which are letters, digits and `-_.~`, as `%` with two capital digits.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
