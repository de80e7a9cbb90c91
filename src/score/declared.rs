//! Owns finding the part of a reply that declares the answer, for items that are not a single choice.

use std::ops::Range;

use super::choice::visible;

/// Words that a line of the answer begins with, in lower case, in the languages that replies come in.
const LABELS: [&str; 12] = [
    "final answer",
    "the answer is",
    "answer",
    "respuesta final",
    "la respuesta es",
    "respuesta",
    "réponse finale",
    "la réponse est",
    "réponse",
    "endgültige antwort",
    "die antwort ist",
    "antwort",
];

/// What stands behind the last label such as `Answer:`, to the end of its line; without a label the whole reply where it
/// is one short line, since then it is nothing but the answer. As bytes of the reply; reasoning is passed over.
pub(super) fn declared(reply: &str) -> Option<Range<usize>> {
    let lines = visible(reply).into_iter().flat_map(|part| lines_of(reply, part));
    let lines: Vec<Range<usize>> = lines
        .filter(|line| reply.get(line.clone()).is_some_and(|text| !text.trim().is_empty()))
        .collect();
    let labelled = lines.iter().enumerate().rev().find_map(|(idx, line)| {
        let after = after_label(reply.get(line.clone())?)?;
        let payload = line.start + after..line.end;
        // The answer may stand on the line below its heading.
        let is_bare = is_blank(reply.get(payload.clone())?);
        if is_bare { lines.get(idx + 1).cloned() } else { Some(payload) }
    });
    let only = || match lines.as_slice() {
        [line] if line.len() <= MAX_BARE_BYTES => Some(line.clone()),
        _ => None,
    };
    labelled.or_else(only).map(|range| trimmed(reply, range))
}

/// A longer line is prose, in which the answer would have to be guessed.
const MAX_BARE_BYTES: usize = 80;

fn lines_of(reply: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut start = part.start;
    let text = reply.get(part).unwrap_or_default();
    text.split('\n')
        .map(|line| {
            let range = start..start + line.len();
            start += line.len() + 1;
            range
        })
        .collect()
}

/// The byte behind a label with its colon, of a line that begins with one.
fn after_label(line: &str) -> Option<usize> {
    let n_before = line.len()
        - line.trim_start_matches([' ', '\t', '*', '_', '#', '>', '-', '`', '"', '{']).len();
    let rest = line.get(n_before..)?;
    let lower = rest.to_lowercase();
    // Lower case may change the length of a text; labels do not.
    let label = LABELS.iter().find(|label| lower.starts_with(*label))?;
    let behind = rest.get(label.len()..)?;
    let n_marks = behind.len() - behind.trim_start_matches(['*', '_', '"', ' ', '`']).len();
    let behind_marks = behind.get(n_marks..)?;
    let has_verb = label.ends_with("is")
        || label.ends_with("es")
        || label.ends_with("est")
        || label.ends_with("ist");
    let after = match behind_marks.chars().next() {
        Some(mark @ (':' | '=' | '：')) => n_marks + mark.len_utf8(),
        _ if has_verb && behind.starts_with([' ', '*']) => n_marks,
        None if behind.trim().is_empty() => behind.len(),
        _ => return None,
    };
    Some(n_before + label.len() + after)
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || "*_`\"".contains(c))
}

/// Without white space, markup and a full stop at the ends.
fn trimmed(reply: &str, range: Range<usize>) -> Range<usize> {
    const MARKS: [char; 12] =
        [' ', '\t', '\r', '*', '_', '`', '"', '$', '{', '}', '\u{201c}', '\u{201d}'];
    let text = reply.get(range.clone()).unwrap_or_default();
    let from_start = text.trim_start_matches(MARKS);
    let start = range.start + (text.len() - from_start.len());
    let kept = from_start.trim_end_matches(MARKS).trim_end_matches('.').trim_end_matches(MARKS);
    start..start + kept.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_labelled_line_counts() {
        for (reply, expected) in [
            ("Answer: 12 mg", Some("12 mg")),
            ("I think so.\n**Final answer:** 12.", Some("12")),
            ("Answer: 1\nNo, wait.\nAnswer: 2", Some("2")),
            ("## Answer\n\n42", Some("42")),
            ("The answer is 3.5", Some("3.5")),
            ("Respuesta: 7", Some("7")),
            ("Réponse : 7", Some("7")),
            ("<think>Answer: 1</think>\nAnswer: 2", Some("2")),
            ("17", Some("17")),
            ("It depends on many things.\nNothing can be said.", None),
            ("Answers differ between people.\nSome say 3.", None),
            ("", None),
        ] {
            let found = declared(reply).and_then(|range| reply.get(range));
            assert_eq!(found, expected, "{reply}");
        }
    }
}
