//! Owns the cutting of a JSON list or object into the texts of its elements, with their places.
//!
//! Elements are cut before they are parsed, so that a broken one costs itself and not the file, every row knows its line, and a file
//! of 100 MB is never a tree of values at once.

use serde_json::Value;

/// A piece of a list or object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// An element, as yet unparsed.
    Element {
        /// Byte offset at which its value starts.
        at: usize,
        /// In an object: its key, in JSON quotes.
        key: Option<&'a str>,
        /// Its JSON text.
        value: &'a str,
    },
    /// Text that cannot be cut into elements; it reaches to the end of the file.
    Broken {
        /// Byte offset at which it starts.
        at: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The file ends after a whole element, without the closing bracket.
    Unclosed,
}

/// The parts of the list or object whose opening bracket stands first in `text` from byte `from` on; none if something else stands there.
pub(super) fn parts(text: &str, from: usize) -> Parts<'_> {
    let start = skip_space(text, from);
    let opening = text.as_bytes().get(start);
    let is_done = !matches!(opening, Some(b'[' | b'{'));
    Parts { text, at: start + 1, has_keys: opening == Some(&b'{'), is_done }
}

/// Iterator over [`Part`]s.
pub(super) struct Parts<'a> {
    text: &'a str,
    at: usize,
    has_keys: bool,
    is_done: bool,
}

impl<'a> Parts<'a> {
    fn broken(&mut self, at: usize, reason: &'static str) -> Part<'a> {
        self.is_done = true;
        Part::Broken { at, reason }
    }

    fn close(&mut self, end: usize) -> Option<Part<'a>> {
        self.is_done = true;
        let rest = skip_space(self.text, end);
        (rest < self.text.len()).then_some(Part::Broken {
            at: rest,
            reason: "stands after the end of the JSON and was not read",
        })
    }

    /// The key before the value at `self.at`, and moves behind its colon.
    fn key(&mut self) -> Option<&'a str> {
        let end = end_of_value(self.text, self.at)?;
        let key = &self.text[self.at..end];
        let colon = skip_space(self.text, end);
        if !key.starts_with('"') || self.text.as_bytes().get(colon) != Some(&b':') {
            return None;
        }
        self.at = skip_space(self.text, colon + 1);
        Some(key)
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.is_done {
            return None;
        }
        let bytes = self.text.as_bytes();
        self.at = skip_space(self.text, self.at);
        while bytes.get(self.at) == Some(&b',') {
            self.at = skip_space(self.text, self.at + 1);
        }
        let at = self.at;
        match bytes.get(at) {
            None => {
                self.is_done = true;
                return Some(Part::Unclosed);
            }
            Some(b']' | b'}') => return self.close(at + 1),
            Some(_) => {}
        }
        let key = if self.has_keys {
            let Some(key) = self.key() else {
                let reason = "has no key with a colon here; the rest of the file was not read";
                return Some(self.broken(at, reason));
            };
            Some(key)
        } else {
            None
        };
        let Some(end) = end_of_value(self.text, self.at) else {
            let reason = "does not end: a quotation mark or bracket is not closed; the rest of the file was not read";
            return Some(self.broken(at, reason));
        };
        let at = std::mem::replace(&mut self.at, end);
        Some(Part::Element { at, key, value: self.text[at..end].trim_end() })
    }
}

/// The key in JSON quotes that stands at `at`, and the offset of the list behind it, closed or not.
pub(super) fn list_behind_key(text: &str, at: usize) -> Option<(&str, usize)> {
    let mut parts = Parts { text, at, has_keys: true, is_done: false };
    let key = parts.key()?;
    (text.as_bytes().get(parts.at) == Some(&b'[')).then_some((key, parts.at))
}

/// Where the value that starts at `at` ends; `None` when the text ends first or no value starts there.
pub(super) fn end_of_value(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut idx = at;
    let mut depth = 0_usize;
    loop {
        match bytes.get(idx)? {
            b'"' => {
                idx = end_of_string(bytes, idx)?;
                if depth == 0 {
                    return Some(idx);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(idx + 1);
                }
            }
            _ if depth == 0 => {
                let n = bytes[idx..]
                    .iter()
                    .position(|byte| b",:[]{}\"".contains(byte))
                    .unwrap_or(bytes.len() - idx);
                return (n > 0).then_some(idx + n);
            }
            _ => {}
        }
        idx += 1;
    }
}

/// Behind the closing quotation mark of the string that opens at `at`.
fn end_of_string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut idx = at + 1;
    loop {
        match bytes.get(idx)? {
            b'\\' => idx += 2,
            b'"' => return Some(idx + 1),
            _ => idx += 1,
        }
    }
}

fn skip_space(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The text of a key that stands in JSON quotes.
pub(super) fn plain_key(key: &str) -> String {
    serde_json::from_str(key).unwrap_or_else(|_| key.trim_matches('"').to_owned())
}

/// What kind of JSON value a text is, for messages.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "missing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Turns ascending byte offsets into line numbers, counted from 1.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of an offset that is not before the last one asked for.
    pub(super) fn line(&mut self, at: usize) -> u64 {
        let at = at.clamp(self.at, self.text.len());
        self.line += self.text[self.at..at].split(|byte| *byte == b'\n').count() as u64 - 1;
        self.at = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<String> {
        parts(text, 0)
            .map(|part| match part {
                Part::Element { key, value, .. } => {
                    format!("{}{value}", key.map(|key| format!("{key}=")).unwrap_or_default())
                }
                Part::Broken { at, .. } => format!("broken@{at}"),
                Part::Unclosed => "unclosed".to_owned(),
            })
            .collect()
    }

    #[test]
    fn lists_and_objects_are_cut_at_their_own_commas_only() {
        assert_eq!(
            shown(r#" [ {"a":"],\"{"} , [1,[2]],3 , "x" ] "#),
            [r#"{"a":"],\"{"}"#, "[1,[2]]", "3", r#""x""#]
        );
        assert_eq!(shown(r#"{"a": {"b":1}, "c" :2}"#), [r#""a"={"b":1}"#, r#""c"=2"#]);
        assert_eq!(shown("[]"), [""; 0]);
    }

    #[test]
    fn a_trailing_comma_costs_nothing_and_a_broken_element_only_itself() {
        assert_eq!(shown("[1,2,]"), ["1", "2"]);
        assert_eq!(shown(r#"[{"a" 1}, {"b":2}]"#), [r#"{"a" 1}"#, r#"{"b":2}"#]);
    }

    #[test]
    fn what_cannot_be_cut_is_told_with_its_place() {
        assert_eq!(shown(r#"[1, {"a": "#), ["1", "broken@4"]);
        assert_eq!(shown("[1, 2"), ["1", "2", "unclosed"]);
        assert_eq!(shown("[1] more"), ["1", "broken@4"]);
        assert_eq!(shown(r#"{"a" 1}"#), ["broken@1"]);
        assert_eq!(shown("[:]"), ["broken@1"]);
    }

    #[test]
    fn offsets_become_lines() {
        let mut lines = Lines::new("a\nb\n\nc");
        assert_eq!(
            [lines.line(0), lines.line(1), lines.line(2), lines.line(5), lines.line(99)],
            [1, 1, 2, 4, 4]
        );
    }

    proptest! {
        #[test]
        fn cutting_ends_and_covers_valid_lists(values in prop::collection::vec("[a-z{}\\[\\]\",:\\\\ \n]{0,12}", 0..8)) {
            let text = serde_json::to_string_pretty(&values).unwrap();
            let cut: Vec<String> = parts(&text, 0)
                .map(|part| match part {
                    Part::Element { value, .. } => serde_json::from_str(value).unwrap(),
                    other => panic!("{other:?}"),
                })
                .collect();
            prop_assert_eq!(cut, values);
        }

        #[test]
        fn cutting_anything_ends(text in "[\\[{].{0,80}|.{0,20}") {
            prop_assert!(parts(&text, 0).count() <= text.len() + 1);
        }
    }
}
