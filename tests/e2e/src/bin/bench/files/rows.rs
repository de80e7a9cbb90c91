//! Owns the rows of the large files: made up, with the fields and about the lengths of `MedMCQA`'s. The same number gives the
//! same row.

use viva::stats::random::SplitMix64;

/// One question.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) options: [String; 4],
    /// Counted from 1.
    pub(super) right: usize,
    pub(super) explanation: String,
    pub(super) subject: &'static str,
    pub(super) topic: &'static str,
}

/// Names of the cells that are texts, in the order of [`Row::texts`]. The right option stands in `cop`.
pub(super) const NAMES: [&str; 10] = [
    "id",
    "question",
    "opa",
    "opb",
    "opc",
    "opd",
    "choice_type",
    "exp",
    "subject_name",
    "topic_name",
];

const SUBJECTS: [(&str, &str); 6] = [
    ("Medicine", "Cardiology"),
    ("Pharmacology", "Autonomic drugs"),
    ("Physiology", "Nerve and muscle"),
    ("Pathology", "Inflammation"),
    ("Surgery", "Abdomen"),
    ("Microbiology", "Mycobacteria"),
];
const STEMS: [&str; 5] = [
    "Which of the following is true about",
    "A patient of the ward for training has signs of",
    "All of these belong to the manual's chapter on",
    "What does the manual name first for",
    "The most frequent finding in the series on",
];
const THINGS: [&str; 8] = [
    "slow conduction",
    "raised ferritin",
    "the “silent” form of reflux",
    "loss of 5 µg a day",
    "swelling at 38 °C",
    "the left-sided type",
    "an early murmur",
    "a late rash",
];
const SENTENCES: [&str; 8] = [
    "The handbook lists it first, and the later editions keep that order.",
    "It is seen in about 12 % of the series, mostly after the fourth week.",
    "Ref: \"Manual of the training ward\", page 214.",
    "The others belong to the chapter before.\nThey are told apart by the time of onset.",
    "A dose of 5 µg/kg is given at 38 °C, and again after 6–8 hours.",
    "It differs from the rest by its slow course.",
    "Harrison's order is the same (see table 3.2).",
    "* not in the first year\n* not with the other sign",
];

/// The row with this number.
pub(super) fn row(number: usize) -> Row {
    let mut random = SplitMix64::new(number as u64);
    let mut draw = |n: usize| usize::try_from(random.below(n as u64)).unwrap_or_default();
    let (high, low) = (draw(1 << 32), draw(1 << 48));
    let (subject, topic) = SUBJECTS[draw(SUBJECTS.len())];
    let stem = STEMS[draw(STEMS.len())];
    let first = draw(THINGS.len());
    let question = format!("{stem} {}, case {number} of {}?", THINGS[first], 3 + draw(900));
    // Neighbours differ, and so do options that begin alike, by their numbers.
    let option = |idx: usize, n: usize| {
        format!("{} in {} of {n}", THINGS[(first + idx) % THINGS.len()], idx + 1)
    };
    let options = [0, 1, 2, 3].map(|idx| option(idx, 10 + draw(90)));
    let n_sentences = draw(9);
    let sentences: Vec<&str> = (0..n_sentences).map(|_| SENTENCES[draw(SENTENCES.len())]).collect();
    Row {
        id: format!("{high:08x}-7a1c-4e5d-9b2f-{low:012x}"),
        question,
        options,
        right: 1 + draw(4),
        explanation: sentences.join(" "),
        subject,
        topic,
    }
}

impl Row {
    /// The cells that are texts.
    pub(super) fn texts(&self) -> [&str; 10] {
        let [a, b, c, d] = &self.options;
        [
            &self.id,
            &self.question,
            a,
            b,
            c,
            d,
            "single",
            &self.explanation,
            self.subject,
            self.topic,
        ]
    }
}
