//! Owns where in a table of answers each thing stands.

/// Index of each column.
pub(super) struct Columns {
    pub(super) sample_id: usize,
    pub(super) question: usize,
    pub(super) answer: usize,
    pub(super) preds: usize,
    pub(super) correct: usize,
    /// A, B and on, without a gap; at least two.
    pub(super) options: Vec<usize>,
    pub(super) outputs: Option<usize>,
    pub(super) rationale: Option<usize>,
    pub(super) options_len: Option<usize>,
    pub(super) category: Option<usize>,
}

impl Columns {
    /// Finds them in the header; `None` when it is not one of a table of answers.
    pub(super) fn find(header: &csv::ByteRecord) -> Option<Self> {
        let find = |name: &str| {
            header.iter().position(|cell| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
        };
        let letters = (b'A'..=b'Z').map(char::from);
        let options: Vec<usize> =
            letters.map_while(|letter| find(letter.encode_utf8(&mut [0; 4]))).collect();
        if options.len() < 2 {
            return None;
        }
        Some(Self {
            sample_id: find("sample_id")?,
            question: find("question")?,
            answer: find("answer")?,
            preds: find("preds")?,
            correct: find("correct")?,
            options,
            outputs: find("outputs"),
            rationale: find("rationale"),
            options_len: find("options_len"),
            category: find("category"),
        })
    }
}
