//! Owns the reading of JSON Lines piece by piece, so that a large file is never in memory as a whole beside its items.
//!
//! It gives what [`open()`](super::open()) gives of the same bytes, or says that the file must be read whole: for all that
//! only the whole of a file can tell, such as another encoding, there is one way of reading.

use super::encoding::N_SEARCHED;
use super::intake::{Intake, Mode};
use super::{Import, json, open};

/// Files that are shorter are read whole: there is nothing to save.
pub const MIN_BYTES: usize = 4 * N_SEARCHED;

/// What was read cannot be made into items piece by piece; the file must be read whole, from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file must be read whole")]
pub struct NeedsWhole;

/// A file of JSON Lines that is being read.
#[derive(Debug)]
pub struct Stream {
    file_name: String,
    intake: Intake,
    /// The beginning of a line whose end is yet to come.
    rest: Vec<u8>,
    /// Lines taken in.
    n_lines: u64,
}

impl Stream {
    /// Begins with the first bytes of a file, which are then to be given to [`Self::push`] too. `None` where they do not show
    /// clearly that it is JSON Lines.
    pub fn begin(file_name: &str, first: &[u8]) -> Option<Self> {
        let searched = first.get(..N_SEARCHED)?;
        let text = first.trim_ascii_start();
        if searched.contains(&0) || !text.starts_with(b"{") {
            return None;
        }
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(text.get(..end)?).ok()?;
        let next = text.get(end..)?.trim_ascii_start().first()?;
        (json::is_object_line(line) && next.is_ascii_graphic()).then(|| Self {
            file_name: file_name.to_owned(),
            intake: Intake::new(Mode::Recognise),
            rest: Vec::new(),
            n_lines: 0,
        })
    }

    /// Takes in the bytes that follow those before.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), NeedsWhole> {
        let mut whole = piece;
        if !self.rest.is_empty() {
            let Some(end) = piece.iter().position(|byte| *byte == b'\n') else {
                self.rest.extend(piece);
                return Ok(());
            };
            let (first, others) = piece.split_at(end + 1);
            let mut line = std::mem::take(&mut self.rest);
            line.extend(first);
            self.lines(&line)?;
            whole = others;
        }
        let n_whole = whole.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (whole, rest) = whole.split_at(n_whole);
        self.lines(whole)?;
        self.rest.extend(rest);
        Ok(())
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<Import, NeedsWhole> {
        let rest = std::mem::take(&mut self.rest);
        self.lines(&rest)?;
        let import = self.intake.finish(open::unread(&self.file_name));
        // A file without one question is told by what reads it whole, which also looks at its columns.
        if import.dataset.items.is_empty() { Err(NeedsWhole) } else { Ok(import) }
    }

    /// Takes in lines, the last of which may lack its line break.
    fn lines(&mut self, bytes: &[u8]) -> Result<(), NeedsWhole> {
        let text = std::str::from_utf8(bytes).map_err(|_foreign| NeedsWhole)?;
        for line in text.split_terminator('\n') {
            self.n_lines += 1;
            json::take_line(&self.file_name, self.n_lines, line, &mut self.intake)
                .map_err(|_no_questions| NeedsWhole)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    const LINES: [&str; 12] = [
        r#"{"id":"a","question":"Q1?","opa":"v","opb":"w","opc":"x","opd":"y","cop":2,"exp":"µ \"so\"\n"}"#,
        r#"{"id":"b","question":"Q2?","options":{"A":"v","B":"w"},"answer":"B"}"#,
        r#"  {"id":"a","question":"Q1?","opa":"v","opb":"w","opc":"x","opd":"y","cop":1},"#,
        r#"{"question":"Q3?","options":["v","w"],"answer":"Z"}"#,
        r#"{"question":"Q4?","options":["v","w"],"answer":"#,
        "",
        "  \t",
        "[1, 2]",
        "text",
        "{\"id\":\"c\",\"question\":\"Q5\u{2028}?\",\"options\":[\"v\",\"w\"],\"answer\":\"A\"}\r",
        r#"{"row_idx":3,"row":{"question":"Q6?","options":["v","w"],"answer":"A"},"truncated_cells":[]}"#,
        r#"{"messages":[{"role":"user","content":"Q7"}],"reference":"R"}"#,
    ];

    /// What is read piece by piece, cut at these places.
    fn streamed(bytes: &[u8], cuts: &[usize]) -> Option<Result<Import, NeedsWhole>> {
        let mut stream = Stream::begin("f.jsonl", bytes)?;
        let mut from = 0;
        for cut in cuts.iter().copied().chain([bytes.len()]) {
            if let Err(needs_whole) = stream.push(&bytes[from..cut]) {
                return Some(Err(needs_whole));
            }
            from = cut;
        }
        Some(stream.finish())
    }

    /// A file of these lines that is long enough to be streamed.
    fn long(lines: &[&str]) -> Vec<u8> {
        let mut text = String::from("{\"id\":\"first\",\"question\":\"");
        text.push_str(&"why ".repeat(N_SEARCHED / 4));
        text.push_str("?\",\"options\":[\"v\",\"w\"],\"answer\":\"A\"}\n");
        text.push_str(&lines.join("\n"));
        text.into_bytes()
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let bytes = long(&LINES);
        let whole = open::open("f.jsonl", &bytes).unwrap();
        assert_eq!((whole.dataset.items.len(), whole.refusals.len()), (6, 5), "{whole:?}");
        let cuts: Vec<usize> = (0..bytes.len()).collect();
        assert_eq!(streamed(&bytes, &cuts), Some(Ok(whole)));
    }

    #[test]
    fn what_only_the_whole_can_tell_is_left_to_it() {
        let begins = |bytes: &[u8]| Stream::begin("f", bytes).is_some();
        let bytes = long(&LINES);
        assert!(begins(&bytes));
        // Too short; one object; a list; a mark of byte order; a table; zeros; a packed file.
        assert!(!begins(LINES[0].as_bytes()));
        assert!(!begins(&long(&[])) && !begins(&long(&["", " \u{a0} "])));
        assert!(!begins(&[b"[", bytes.as_slice()].concat()));
        assert!(!begins(&["\u{feff}".as_bytes(), &bytes].concat()));
        assert!(!begins(&[b"question,answer\n", bytes.as_slice()].concat()));
        let mut with_zero = bytes.clone();
        with_zero[N_SEARCHED - 1] = 0;
        assert!(!begins(&with_zero));
        assert!(!begins(&[b"\x1f\x8b", bytes.as_slice()].concat()));
        // Another encoding, further on.
        assert_eq!(
            streamed(&[&bytes, b"\n{\"\xe9\": 1}".as_slice()].concat(), &[]),
            Some(Err(NeedsWhole))
        );
        // Answers that were given, and rows none of which is a question.
        let many = |line: &str| vec![line; N_SEARCHED / line.len() + 2].join("\n").into_bytes();
        let answers = many(r#"{"model":"m","outcome":"correct","question":"Q"}"#);
        assert_eq!(streamed(&answers, &[]), Some(Err(NeedsWhole)));
        assert_eq!(streamed(&many(r#"{"Frage":"Q","Antwort":"A"}"#), &[]), Some(Err(NeedsWhole)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

        #[test]
        fn any_lines_cut_anywhere_give_what_the_whole_gives(
            lines in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..20),
            cuts in prop::collection::vec(any::<Index>(), 0..6),
            ends_in_break in any::<bool>(),
        ) {
            let mut bytes = long(&lines);
            if ends_in_break {
                bytes.push(b'\n');
            }
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
            cuts.sort_unstable();
            if let Some(Ok(import)) = streamed(&bytes, &cuts) {
                prop_assert_eq!(import, open::open("f.jsonl", &bytes).unwrap());
            }
        }
    }
}
