//! Owns finding JSON in a text that a model wrote, with the slips that models make.

use serde_json::Value;

/// Texts with more openings than this are not JSON with text around it.
const MAX_TRIES: usize = 200;
/// So many of them are looked at for slips.
const MAX_MENDED: usize = 10;

/// The objects and lists in a text, from left to right, none within another.
pub(super) fn values(text: &str) -> Vec<Value> {
    let mut values = vec![];
    let mut from = 0;
    for n_tried in 0..MAX_TRIES {
        let Some(at) = text.get(from..).and_then(|rest| rest.find(['{', '['])) else { break };
        let at = from + at;
        let rest = text.get(at..).unwrap_or_default();
        let mend = || (n_tried < MAX_MENDED).then(|| mended(rest)).flatten();
        match strict(rest).or_else(mend) {
            Some((value, len)) => {
                values.push(value);
                from = at + len;
            }
            None => from = at + 1,
        }
    }
    values
}

/// The value that a text begins with, and its length in bytes.
fn strict(text: &str) -> Option<(Value, usize)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = stream.next()?.ok()?;
    Some((value, stream.byte_offset()))
}

/// The same with line breaks in strings, commas before a closing bracket, and Python's names mended.
fn mended(text: &str) -> Option<(Value, usize)> {
    let mut clean = String::with_capacity(text.len().min(4_096));
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    let mut skip_until = 0;
    for (at, c) in text.char_indices() {
        if at < skip_until {
            continue;
        }
        if in_string {
            match c {
                '\n' => clean.push_str("\\n"),
                '\r' => clean.push_str("\\r"),
                '\t' => clean.push_str("\\t"),
                c => clean.push(c),
            }
            in_string = is_escaped || c != '"';
            is_escaped = !is_escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                clean.push(c);
            }
            '{' | '[' => {
                depth += 1;
                clean.push(c);
            }
            '}' | ']' => {
                let kept = clean.trim_end().trim_end_matches(',').len();
                clean.truncate(kept);
                clean.push(c);
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let value = serde_json::from_str(&clean).ok()?;
                    return Some((value, at + c.len_utf8()));
                }
            }
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                let names = [("True", "true"), ("False", "false"), ("None", "null")];
                match names.iter().find(|(name, _)| rest.starts_with(name)) {
                    Some((name, json)) => {
                        clean.push_str(json);
                        skip_until = at + name.len();
                    }
                    None => clean.push(c),
                }
            }
        }
    }
    None
}

/// The words true and false behind these names, as `criteria_met: true` or `"criteria_met": "true"`.
pub(super) fn bare_fields(text: &str, names: &[&str]) -> Vec<String> {
    let mut words = vec![];
    for name in names {
        for (at, _) in text.match_indices(name) {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            // Part of a longer word, or quoted within a string.
            let is_quoted_within = text.get(..at).is_some_and(|before| before.ends_with("\\\""));
            if is_quoted_within || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = text.get(at + name.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches(['"', '\'', '*', '`', ' ']);
            let Some(rest) = rest.strip_prefix([':', '=']) else { continue };
            let rest = rest.trim_start_matches(['"', '\'', '*', '`', ' ']).to_ascii_lowercase();
            let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            if matches!(word, "true" | "false") {
                words.push(word.to_owned());
            }
        }
    }
    words
}
