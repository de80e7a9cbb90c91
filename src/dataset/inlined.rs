//! Owns options that stand in the question's own text: `… Answer Choices: (A) … (B) …`.

use super::Choice;

/// A question cut from its options.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inlined {
    /// Byte length of the question before the options.
    pub(super) n_question: usize,
    /// The options' texts, in the order of their letters.
    pub(super) options: Vec<String>,
}

/// What stands between the question and its options in `MedXpertQA` and its siblings.
const HEADING: &str = "answer choices:";

/// Finds the options at the end of a text; `None` when it has none.
///
/// Behind the heading options are marked `(A)` anywhere; without it they must each begin a line, as `A.`, `A)`, `(A)` or `A:`.
/// Refuses, with the reason, when a mark stands where two readings are possible.
pub(super) fn find(text: &str) -> Result<Option<Inlined>, String> {
    if let Some(start) = last_heading(text) {
        let rest = start + HEADING.len();
        if let Some((_, options)) = marked(&text[rest..], "(", ")", Place::AnyWord)? {
            return Ok(Some(Inlined { n_question: start, options }));
        }
        return Ok(lines(&text[rest..])?.map(|(_, options)| Inlined { n_question: start, options }));
    }
    Ok(lines(text)?.map(|(n_question, options)| Inlined { n_question, options }))
}

/// The options of a text that holds nothing else.
pub(super) fn options_only(text: &str) -> Result<Option<Vec<String>>, String> {
    if let Some((0, options)) = marked(text.trim_start(), "(", ")", Place::AnyWord)? {
        return Ok(Some(options));
    }
    Ok(lines(text.trim_start())?.filter(|(n_before, _)| *n_before == 0).map(|(_, options)| options))
}

/// Options that stand one after another behind the question, without a heading: `Which? A) … B) …`.
pub(super) fn in_line(text: &str) -> Result<Option<Inlined>, String> {
    for (before, after) in [("(", ")"), ("", ")"), ("", ".")] {
        let found = marked(text, before, after, Place::AnyWord)?;
        // `A.` and `B.` may be the ends of sentences or initials; three in order are not.
        let is_likely = |options: &[String]| after != "." || 2 < options.len();
        if let Some((n_question, options)) = found.filter(|(_, options)| is_likely(options)) {
            return Ok(Some(Inlined { n_question, options }));
        }
    }
    Ok(None)
}

fn last_heading(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let n = HEADING.len();
    (0..=bytes.len().checked_sub(n)?).rev().find(|at| {
        bytes[*at..*at + n].eq_ignore_ascii_case(HEADING.as_bytes())
            && (*at == 0 || bytes[..*at].trim_ascii_end().len() < *at)
    })
}

fn lines(text: &str) -> Result<Option<(usize, Vec<String>)>, String> {
    for (before, after) in [("", "."), ("", ")"), ("(", ")"), ("", ":")] {
        if let Some(found) = marked(text, before, after, Place::Line)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A mark counts after any white space.
    AnyWord,
    /// A mark counts at the beginning of a line only.
    Line,
}

/// Where the first mark stands, and the texts behind the marks A, B, C … in this order.
fn marked(
    text: &str,
    before: &str,
    after: &str,
    place: Place,
) -> Result<Option<(usize, Vec<String>)>, String> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for idx in 0..26 {
        let mark = format!("{before}{}{after}", Choice::letter(idx));
        let Some(at) = next_mark(text, from, &mark, place) else { break };
        starts.push((at, at + mark.len()));
        from = at + mark.len();
    }
    if starts.len() < 2 {
        return Ok(None);
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    let mut options = Vec::with_capacity(starts.len());
    for (idx, ((_, start), end)) in starts.iter().zip(ends).enumerate() {
        let option = &text[*start..end];
        let mark = format!("{before}{}{after}", Choice::letter(idx));
        // Behind the last mark another option may be quoted: "(D) Both (A) & (C)". Between two marks nothing tells which is meant.
        let is_doubled = idx + 1 < starts.len() && next_mark(option, 0, &mark, place).is_some();
        if is_doubled {
            return Err(format!(
                "{mark} stands twice before the next option, so the options cannot be told apart"
            ));
        }
        options.push(option.trim().to_owned());
    }
    Ok(Some((starts[0].0, options)))
}

fn next_mark(text: &str, from: usize, mark: &str, place: Place) -> Option<usize> {
    text[from..].match_indices(mark).map(|(at, _)| from + at).find(|at| {
        let before = &text[..*at];
        match place {
            Place::AnyWord => before.is_empty() || before.ends_with(char::is_whitespace),
            Place::Line => {
                let line = before.trim_end_matches([' ', '\t']);
                line.is_empty() || line.ends_with(['\n', '\r'])
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> (String, Vec<String>) {
        let found = find(text).unwrap().unwrap();
        (text[..found.n_question].trim_end().to_owned(), found.options)
    }

    fn texts(options: &[&str]) -> Vec<String> {
        options.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn options_behind_the_heading_are_cut_at_their_letters() {
        let (question, options) =
            cut("Which (A) is it?\nAnswer Choices: (A) one (two) (B) T3 (N) (C) x");
        assert_eq!(question, "Which (A) is it?");
        assert_eq!(options, texts(&["one (two)", "T3 (N)", "x"]));
    }

    #[test]
    fn the_last_option_may_name_others() {
        let (_, options) = cut("Q\nAnswer Choices: (A) a (B) b (C) c (D) Both (A) & (C)");
        assert_eq!(options[3], "Both (A) & (C)");
    }

    #[test]
    fn a_letter_that_can_be_read_in_two_ways_is_refused() {
        assert!(find("Q\nAnswer Choices: (A) a (B) both (A) and (C) (C) c (D) d").is_err());
        assert!(find("Q\nAnswer Choices: (A) Vitamin (B) complex (B) b (C) c").is_err());
    }

    #[test]
    fn ten_options_and_empty_ones_keep_their_places() {
        let text = "Q\nAnswer Choices: (A) a (B) b (C) c (D) d (E) e (F) f (G) g (H) h (I) i (J) j";
        assert_eq!(cut(text).1.len(), 10);
        assert_eq!(cut("Q\nAnswer Choices: (A) a (B) (C) c (D)").1, texts(&["a", "", "c", ""]));
    }

    #[test]
    fn lines_that_begin_with_letters_are_options_too() {
        assert_eq!(cut("Q?\nA. a\nB. b\nC. c"), ("Q?".to_owned(), texts(&["a", "b", "c"])));
        assert_eq!(cut("Q?\n  (A) a\n  (B) b (C)").1, texts(&["a", "b (C)"]));
        assert_eq!(options_only("A) one\nB) two").unwrap(), Some(texts(&["one", "two"])));
        assert_eq!(find("Vitamin A. is it B. or C.?").unwrap(), None);
        assert_eq!(find("no options").unwrap(), None);
    }

    proptest! {
        #[test]
        fn anything_ends_without_a_panic(text in "(\n|Answer Choices:|\\([A-D]\\)|[A-C][.):]|.| ){0,30}") {
            let _ = find(&text);
            let _ = options_only(&text);
        }
    }
}
