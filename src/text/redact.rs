//! Owns the removal of secrets from bytes that arrive in pieces.

/// What stands in place of a secret.
pub const MARK: &str = "[key]";

/// A text shorter than this is no secret, and removing it would garble what it happens to occur in.
pub const MIN_BYTES: usize = 4;

/// Removes secrets from a stream. A secret that is cut in two by the border of two pieces is found too: the end of a
/// piece that could be the beginning of one is held back until the next piece.
pub struct Redactor {
    secrets: Vec<Vec<u8>>,
    held: Vec<u8>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(…)")
    }
}

impl Redactor {
    /// Looks for these; those shorter than [`MIN_BYTES`] are left out.
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut secrets: Vec<Vec<u8>> = secrets
            .into_iter()
            .flat_map(|secret| {
                let escaped = json_escaped(&secret);
                [secret.into_bytes(), escaped.into_bytes()]
            })
            .filter(|secret| MIN_BYTES <= secret.len())
            .collect();
        // The longest first, so that one which contains another goes as a whole.
        secrets.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        secrets.dedup();
        Self { secrets, held: vec![] }
    }

    /// Takes a piece, and gives what is sure to hold no part of a secret.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        if self.secrets.is_empty() {
            return piece.to_vec();
        }
        let mut bytes = std::mem::take(&mut self.held);
        bytes.extend_from_slice(piece);
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(secret) = self.secrets.iter().find(|secret| rest.starts_with(secret)) {
                out.extend_from_slice(MARK.as_bytes());
                at += secret.len();
            } else if self.secrets.iter().any(|secret| secret.starts_with(rest)) {
                self.held = rest.to_vec();
                break;
            } else {
                out.extend(rest.first());
                at += 1;
            }
        }
        out
    }

    /// What was held back, at the end of the stream.
    pub fn finish(mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }
}

/// A whole body without these secrets.
pub fn redact_bytes(bytes: Vec<u8>, secrets: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut redactor = Redactor::new(secrets);
    if redactor.secrets.is_empty() {
        return bytes;
    }
    let mut clean = redactor.push(&bytes);
    clean.extend(redactor.finish());
    clean
}

/// A text without these secrets.
pub fn redact(text: String, secrets: impl IntoIterator<Item = String>) -> String {
    // A secret is valid UTF-8, and so is what is left when it is taken out.
    String::from_utf8(redact_bytes(text.into_bytes(), secrets)).unwrap_or_default()
}

/// The start of a text that is still being written, without these secrets and without an end that could be the beginning
/// of one.
pub fn redact_start(text: &str, secrets: impl IntoIterator<Item = String>) -> String {
    // Secrets begin and end where characters do.
    String::from_utf8(Redactor::new(secrets).push(text.as_bytes())).unwrap_or_default()
}

/// As the text stands between the quotes of a JSON string.
fn json_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_being_written_shows_no_part_of_a_secret() {
        let secret = "sk-é-secret";
        let written = format!("naïve {secret} over");
        for (end, _) in written.char_indices() {
            let shown = redact_start(&written[..end], [secret.to_owned()]);
            assert!(!shown.contains("sk-"), "{shown}");
            assert!(end < 10 || shown.starts_with("naïve "), "{shown}");
        }
        assert_eq!(redact_start(&written, [secret.to_owned()]), format!("naïve {MARK} over"));
    }

    fn secrets(of: &[&str]) -> Vec<String> {
        of.iter().map(|secret| (*secret).to_owned()).collect()
    }

    #[test]
    fn secrets_go_from_a_text() {
        for (text, held, expected) in [
            ("key sk-abcd is wrong", &["sk-abcd"][..], "key [key] is wrong"),
            ("sk-abcdsk-abcd", &["sk-abcd"], "[key][key]"),
            ("sk-abcdef", &["sk-abcd", "sk-abcdef"], "[key]"),
            ("sk-abcx sk-abc", &["sk-abcd"], "sk-abcx sk-abc"),
            ("é sk-äöü é", &["sk-äöü"], "é [key] é"),
            (r#"{"said":"a\"b\\c"}"#, &[r#"a"b\c"#], r#"{"said":"[key]"}"#),
            // Too short to be secret.
            ("a cat", &["a", ""], "a cat"),
            ("aaaab", &["aaab"], "a[key]"),
        ] {
            assert_eq!(redact(text.to_owned(), secrets(held)), expected, "{text}");
        }
    }

    #[test]
    fn a_secret_cut_anywhere_is_found() {
        let text = b"data: the key sk-abcd-1234 sk-ab and sk-abcd-1234";
        for first in 0..text.len() {
            for second in first..text.len() {
                let mut redactor = Redactor::new(secrets(&["sk-abcd-1234"]));
                let mut out = redactor.push(&text[..first]);
                out.extend(redactor.push(&text[first..second]));
                out.extend(redactor.push(&text[second..]));
                out.extend(redactor.finish());
                assert_eq!(String::from_utf8_lossy(&out), "data: the key [key] sk-ab and [key]");
            }
        }
    }

    #[test]
    fn nothing_is_held_back_that_is_no_beginning_of_a_secret() {
        let mut redactor = Redactor::new(secrets(&["sk-abcd"]));
        assert_eq!(redactor.push(b"hello s"), b"hello ");
        assert_eq!(redactor.push(b"o"), b"so");
        assert_eq!(format!("{redactor:?}"), "Redactor(…)");
    }
}
