//! Owns comparing a short answer with the texts that are accepted.

use std::ops::Range;

use super::declared::declared;
use crate::text;

/// A short answer that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortRead {
    /// Whether it is one of the accepted texts.
    pub is_accepted: bool,
    /// Where it stands, as bytes of the reply.
    pub span: Range<usize>,
}

/// Articles, which change nothing about an answer.
const ARTICLES: [&str; 14] =
    ["a", "an", "the", "el", "la", "los", "las", "un", "una", "le", "les", "der", "die", "das"];

/// What stands behind the last `Answer:`, or a reply of one short line, compared word by word without regard to case,
/// accents, punctuation and articles; what stands in brackets may be left out. `None` where no answer is declared.
pub fn read(reply: &str, accepted: &[String]) -> Option<ShortRead> {
    let span = declared(reply)?;
    let payload = reply.get(span.clone())?;
    let whole = key(payload);
    let short = key(&without_brackets(payload));
    let is_accepted = accepted.iter().any(|text| {
        let wanted = key(text);
        !wanted.is_empty() && (wanted == whole || wanted == short)
    });
    (!whole.is_empty()).then_some(ShortRead { is_accepted, span })
}

fn key(text: &str) -> Vec<String> {
    let mut words = text::words(text);
    // An answer that is nothing but an article's letters, such as vitamin A, keeps them.
    if words.iter().any(|word| !ARTICLES.contains(&word.as_str())) {
        let last = words.len() - 1;
        let mut idx = 0;
        words.retain(|word| {
            idx += 1;
            idx - 1 == last || !ARTICLES.contains(&word.as_str())
        });
    }
    words
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_articles_and_brackets_make_no_difference() {
        let accepted =
            ["acetylsalicylic acid".to_owned(), "aspirin".to_owned(), "vitamin A".to_owned()];
        for (reply, expected) in [
            ("Answer: Aspirin", Some(true)),
            ("Answer: the aspirin.", Some(true)),
            ("**Answer:** Acetylsalicylic acid (ASA)", Some(true)),
            ("aspirín", Some(true)),
            ("Answer: vitamin A", Some(true)),
            ("Answer: vitamin B", Some(false)),
            ("Answer: not aspirin", Some(false)),
            ("Answer: ibuprofen", Some(false)),
            ("It could be several drugs.\nHard to say.", None),
        ] {
            assert_eq!(read(reply, &accepted).map(|read| read.is_accepted), expected, "{reply}");
        }
    }
}
