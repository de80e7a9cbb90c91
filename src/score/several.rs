//! Owns reading the letters of several options out of a reply.

use std::ops::Range;

use super::declared::declared;
use crate::dataset::Choice;
use crate::text;

/// The options that a reply declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several {
    /// Indices into the options, ascending, each once.
    pub option_idxs: Vec<usize>,
    /// Where they stand, as bytes of the reply.
    pub span: Range<usize>,
}

/// The letters behind the last `Answer:`, or a reply of nothing but letters: `A, C`, `A and C`, `(A) (C)`, `AC`. `None`
/// where anything else stands among them, since leaving it out would be a guess.
pub fn read(reply: &str, n_options: usize) -> Option<Several> {
    const JOINING: [&str; 9] = ["and", "y", "e", "et", "und", "options", "option", "opciones", "&"];
    let span = declared(reply)?;
    let folded = text::fold(reply.get(span.clone())?).text;
    let mut option_idxs = vec![];
    for word in folded.split(|c: char| c.is_whitespace() || ",;/+().[]*".contains(c)) {
        if word.is_empty() || JOINING.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        let letters: Vec<Option<usize>> =
            word.chars().map(|c| (0..n_options).find(|idx| Choice::letter(*idx) == c)).collect();
        option_idxs.extend(letters.into_iter().collect::<Option<Vec<usize>>>()?);
    }
    let n_named = option_idxs.len();
    option_idxs.sort_unstable();
    option_idxs.dedup();
    // A letter that comes twice in one declaration is a slip that could stand for another.
    (0 < n_named && option_idxs.len() == n_named).then_some(Several { option_idxs, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_in_the_forms_people_write() {
        for (reply, expected) in [
            ("Answer: A, C", Some(vec![0, 2])),
            ("Answer: A and C", Some(vec![0, 2])),
            ("Answer: (C) (A)", Some(vec![0, 2])),
            ("Answer: AC", Some(vec![0, 2])),
            ("**Answer:** B", Some(vec![1])),
            ("A, B, D", Some(vec![0, 1, 3])),
            ("Respuesta: A y D", Some(vec![0, 3])),
            ("Answer: A, A", None),
            ("Answer: A, but not C", None),
            ("Answer: A, F", None),
            ("Answer: none of them", None),
            ("Both seem likely to me here.\nI cannot decide.", None),
        ] {
            assert_eq!(read(reply, 4).map(|read| read.option_idxs), expected, "{reply}");
        }
    }
}
