//! Owns the script: which questions the provider knows, which models sit at it, and how each answers which question.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use viva::stats::random::SplitMix64;

use super::fault::Rule;
use crate::questions::Question;

/// What a [`Provider`](super::Provider) does.
#[derive(Debug, Clone)]
pub struct Script {
    pub(super) questions: Vec<Question>,
    pub(super) seed: u64,
    pub(super) models: Vec<Examinee>,
    pub(super) key: Option<String>,
    pub(super) latency: Latency,
    pub(super) rules: Vec<Rule>,
    pub(super) limit: Option<(usize, Duration)>,
    pub(super) stream_pause: Duration,
    pub(super) n_batch_polls: usize,
    pub(super) forgets_batch_keys: bool,
    /// Texts of prompts, with the reply of every model to a prompt that contains one.
    pub(super) sayings: Vec<(String, String)>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            questions: Vec::new(),
            seed: 0,
            models: Vec::new(),
            key: None,
            latency: Latency::None,
            rules: Vec::new(),
            limit: None,
            stream_pause: Duration::from_millis(3),
            n_batch_polls: 2,
            forgets_batch_keys: false,
            sayings: Vec::new(),
        }
    }
}

/// What a model does beside answering questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Examinee,
    /// It judges answers when it is asked to: by the criterion alone.
    Judge,
    /// It judges by the criterion and the answer.
    JudgeOfAnswers,
}

/// A model at the provider, with how well it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Examinee {
    pub(super) id: String,
    pub(super) accuracy: f64,
    refused: f64,
    pub(super) unreadable: f64,
    truncated: f64,
    filtered: f64,
    blank: f64,
    pub(super) thinks: bool,
    wavers: bool,
    only_recognises: bool,
    pub(super) role: Role,
    pub(super) refused_settings: Vec<String>,
}

impl Examinee {
    /// A model that answers this share of all questions right and the others wrong.
    pub fn new(id: &str, accuracy: f64) -> Self {
        Self {
            id: id.to_owned(),
            accuracy,
            refused: 0.0,
            unreadable: 0.0,
            truncated: 0.0,
            filtered: 0.0,
            blank: 0.0,
            thinks: false,
            wavers: false,
            only_recognises: false,
            role: Role::Examinee,
            refused_settings: Vec::new(),
        }
    }

    /// Refuses this share of the questions that it would have answered wrong or right.
    #[must_use]
    pub fn refuses(mut self, share: f64) -> Self {
        self.refused = share;
        self
    }

    /// Gives, for this share of the questions, a text in which no answer can be read.
    #[must_use]
    pub fn rambles(mut self, share: f64) -> Self {
        self.unreadable = share;
        self
    }

    /// Is cut off by the length limit before its answer, for this share of the questions.
    #[must_use]
    pub fn runs_out(mut self, share: f64) -> Self {
        self.truncated = share;
        self
    }

    /// Is stopped by the provider's filter, for this share of the questions, as each protocol says so.
    #[must_use]
    pub fn filtered(mut self, share: f64) -> Self {
        self.filtered = share;
        self
    }

    /// Says nothing at all, for this share of the questions, and ends as if all was well.
    #[must_use]
    pub fn falls_silent(mut self, share: f64) -> Self {
        self.blank = share;
        self
    }

    /// Thinks before it answers. The thinking is counted, and shown where the protocol shows it.
    #[must_use]
    pub fn thinks(mut self) -> Self {
        self.thinks = true;
        self
    }

    /// Answers a question anew, maybe otherwise, where its options stand in another order.
    #[must_use]
    pub fn wavers(mut self) -> Self {
        self.wavers = true;
        self
    }

    /// Names another option wherever the right one's text is not shown.
    #[must_use]
    pub fn only_recognises(mut self) -> Self {
        self.only_recognises = true;
        self
    }

    /// Judges answers when it is asked to: its accuracy is then the share of criteria that it finds met, and the share that
    /// it [`rambles`](Self::rambles) on gets no verdict.
    #[must_use]
    pub fn judges(mut self) -> Self {
        self.role = Role::Judge;
        self
    }

    /// As a judge, says of each answer by itself whether it meets a criterion: [`Script::verdict_on`].
    #[must_use]
    pub fn heeds_answers(mut self) -> Self {
        self.role = Role::JudgeOfAnswers;
        self
    }

    /// Answers 400 when a request sets this field, by its name in the request: `temperature`, `max_tokens`, `seed`,
    /// `response_format`, …
    #[must_use]
    pub fn refuses_setting(mut self, name: &str) -> Self {
        self.refused_settings.push(name.to_owned());
        self
    }
}

/// How late answers come.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Latency {
    /// At once.
    #[default]
    None,
    /// Always after this long.
    Fixed(Duration),
    /// Evenly spread.
    Between(Duration, Duration),
    /// Log-normal, as answers of models are.
    LongTail {
        /// Half of the answers come sooner.
        median: Duration,
        /// One in a hundred comes later.
        p99: Duration,
    },
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It names the right option.
    Correct,
    /// It names another option.
    Incorrect,
    /// It declines.
    Refused,
    /// It names no option.
    Unreadable,
    /// It is cut off before it names an option.
    Truncated,
    /// The provider's filter stops it.
    Filtered,
    /// It is empty, and ends as if all was well.
    Blank,
}

/// What a run must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Items answered right.
    pub correct: usize,
    /// Items answered wrong.
    pub incorrect: usize,
    /// Items refused.
    pub refused: usize,
    /// Items with an answer that cannot be read.
    pub unreadable: usize,
    /// Items with an answer that was cut off.
    pub truncated: usize,
    /// Items that the provider's filter stopped.
    pub filtered: usize,
    /// Items with an empty answer.
    pub blank: usize,
}

impl Counts {
    /// All items.
    pub fn total(&self) -> usize {
        self.correct
            + self.incorrect
            + self.refused
            + self.unreadable
            + self.truncated
            + self.filtered
            + self.blank
    }

    /// Accuracy with all that is not right counted wrong.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.total().max(1) as f64
    }
}

impl Script {
    /// A script for these questions. The seed decides who answers which of them right.
    pub fn new(questions: &[Question], seed: u64) -> Self {
        Self { questions: questions.to_vec(), seed, ..Self::default() }
    }

    /// Adds a model.
    #[must_use]
    pub fn model(mut self, model: Examinee) -> Self {
        self.models.push(model);
        self
    }

    /// Answers only who sends this key.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Answers this late.
    #[must_use]
    pub fn latency(mut self, latency: Latency) -> Self {
        self.latency = latency;
        self
    }

    /// Adds a rule. The first that applies to a call counts.
    #[must_use]
    pub fn fault(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Takes at most so many calls in any stretch of that length.
    #[must_use]
    pub fn limit(mut self, calls: usize, within: Duration) -> Self {
        self.limit = Some((calls, within));
        self
    }

    /// Waits so long between the pieces of a streamed answer; 3 ms unless told otherwise.
    #[must_use]
    pub fn stream_pause(mut self, length: Duration) -> Self {
        self.stream_pause = length;
        self
    }

    /// A batch is done after it was looked at so often; twice unless told otherwise.
    #[must_use]
    pub fn batch_polls(mut self, n: usize) -> Self {
        self.n_batch_polls = n;
        self
    }

    /// Gives the answers of Gemini's batches back without their keys, as was seen of it, so that their order is all that
    /// tells them apart.
    #[must_use]
    pub fn forgets_batch_keys(mut self) -> Self {
        self.forgets_batch_keys = true;
        self
    }

    /// Has every model reply this to a prompt that contains a text, such as a verdict on a criterion. The first that fits
    /// counts, before any question.
    #[must_use]
    pub fn says(mut self, part: &str, reply: &str) -> Self {
        self.sayings.push((part.to_owned(), reply.to_owned()));
        self
    }

    /// The reply that was fixed for such a prompt. Where several were fixed for one text, call by call the next of them.
    pub(super) fn said(&self, prompt: &str, call_idx: usize) -> Option<&str> {
        let (fits, _) = self.sayings.iter().find(|(part, _)| prompt.contains(part.as_str()))?;
        let turns: Vec<&str> = self
            .sayings
            .iter()
            .filter(|(part, _)| part == fits)
            .map(|(_, reply)| reply.as_str())
            .collect();
        turns.get(call_idx).or(turns.last()).copied()
    }

    pub(super) fn examinee(&self, model: &str) -> Option<&Examinee> {
        self.models.iter().find(|examinee| examinee.id == model)
    }

    /// What a run over `questions` must come to for this model. Nothing for an unknown model.
    pub fn expected(&self, model: &str, questions: &[Question]) -> Counts {
        let mut counts = Counts::default();
        let Some(examinee) = self.examinee(model) else { return counts };
        for question in questions {
            *match self.decide(examinee, question).ending {
                Ending::Correct => &mut counts.correct,
                Ending::Incorrect => &mut counts.incorrect,
                Ending::Refused => &mut counts.refused,
                Ending::Unreadable => &mut counts.unreadable,
                Ending::Truncated => &mut counts.truncated,
                Ending::Filtered => &mut counts.filtered,
                Ending::Blank => &mut counts.blank,
            } += 1;
        }
        counts
    }

    /// How this model answers this question where its options are shown under these letters.
    pub(super) fn decide_shown(
        &self,
        examinee: &Examinee,
        question: &Question,
        prompt: &str,
        letters: &[char],
    ) -> Decision {
        let decision = if examinee.wavers && !letters.is_sorted() {
            let order: String = letters.iter().collect();
            self.drawn(examinee, question, &[&examinee.id, &question.text, &order])
        } else {
            self.decide(examinee, question)
        };
        let right = question.options.get(question.answer).map(String::as_str).unwrap_or_default();
        if decision.ending == Ending::Correct
            && examinee.only_recognises
            && !folded(prompt).contains(&folded(right))
        {
            let option = (question.answer + 1) % question.options.len().max(1);
            return Decision { ending: Ending::Incorrect, option, ..decision };
        }
        decision
    }

    /// How this model answers this question, every time it is asked.
    pub(super) fn decide(&self, examinee: &Examinee, question: &Question) -> Decision {
        self.drawn(examinee, question, &[&examinee.id, &question.text])
    }

    fn drawn(&self, examinee: &Examinee, question: &Question, of: &[&str]) -> Decision {
        let mut random = draw(self.seed, of);
        let (manner, right) = (random.next_f64(), random.next_f64() < examinee.accuracy);
        let refused = examinee.refused;
        let unreadable = refused + examinee.unreadable;
        let truncated = unreadable + examinee.truncated;
        let filtered = truncated + examinee.filtered;
        let blank = filtered + examinee.blank;
        let ending = match manner {
            manner if manner < refused => Ending::Refused,
            manner if manner < unreadable => Ending::Unreadable,
            manner if manner < truncated => Ending::Truncated,
            manner if manner < filtered => Ending::Filtered,
            manner if manner < blank => Ending::Blank,
            _ if right => Ending::Correct,
            _ => Ending::Incorrect,
        };
        let others = question.options.len().saturating_sub(1).max(1) as u64;
        let step = 1 + usize::try_from(random.below(others)).unwrap_or_default();
        let option = match ending {
            Ending::Incorrect => (question.answer + step) % question.options.len().max(1),
            _ => question.answer,
        };
        Decision { ending, option, style: random.next_u64() }
    }
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) ending: Ending,
    /// Index of the option that is named, in the order of the question.
    pub(super) option: usize,
    /// Chooses among wordings.
    pub(super) style: u64,
}

/// Chances that depend on these texts and nothing else.
pub(super) fn draw(seed: u64, of: &[&str]) -> SplitMix64 {
    // FNV-1a, with a byte between the texts that occurs in none of them.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for text in of {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    SplitMix64::new(hash)
}

/// Finds the question that a prompt asks, fast enough not to weigh on measurements.
#[derive(Debug)]
pub(super) struct Lookup {
    /// Text of each question, white space folded.
    texts: Vec<String>,
    /// By how the text begins.
    by_start: HashMap<String, Vec<usize>>,
    /// The lengths of these beginnings, in characters.
    lengths: BTreeSet<usize>,
}

const START_CHARS: usize = 16;

impl Lookup {
    pub(super) fn new(questions: &[Question]) -> Self {
        let texts: Vec<String> = questions.iter().map(|question| folded(&question.text)).collect();
        let mut by_start: HashMap<String, Vec<usize>> = HashMap::new();
        for (idx, text) in texts.iter().enumerate() {
            by_start.entry(text.chars().take(START_CHARS).collect()).or_default().push(idx);
        }
        by_start.remove("");
        let lengths = by_start.keys().map(|start| start.chars().count()).collect();
        Self { texts, by_start, lengths }
    }

    /// The question that ends last in the prompt, since examples come before what is asked; of two that end there, the
    /// longer.
    pub(super) fn find(&self, prompt: &str) -> Option<usize> {
        let prompt = folded(prompt);
        let mut found: Option<(usize, usize, usize)> = None;
        let mut before = ' ';
        for (at, c) in prompt.char_indices() {
            if !std::mem::replace(&mut before, c).is_alphanumeric() {
                let rest = &prompt[at..];
                for idx in self.beginning_as(rest) {
                    let text = &self.texts[idx];
                    if rest.starts_with(text.as_str()) {
                        found = found.max(Some((at + text.len(), text.len(), idx)));
                    }
                }
            }
        }
        found.map(|(_, _, idx)| idx)
    }

    fn beginning_as(&self, rest: &str) -> impl Iterator<Item = usize> {
        self.lengths.iter().flat_map(move |&length| {
            let end = rest.char_indices().nth(length).map_or(rest.len(), |(end, _)| end);
            self.by_start.get(&rest[..end]).into_iter().flatten().copied()
        })
    }
}

/// The letters under which a prompt shows a question's options, in the question's order. Where the prompt shows them in a
/// way that is not understood, the letters of the file.
pub(super) fn letters_shown(prompt: &str, question: &Question) -> Vec<char> {
    let mut shown: HashMap<String, char> = HashMap::new();
    for line in prompt.lines() {
        let line =
            line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '-' | '*'));
        let mut chars = line.chars();
        if let (Some(letter @ 'A'..='Z'), Some('.' | ')' | ':')) = (chars.next(), chars.next()) {
            shown.insert(folded(chars.as_str().trim_start_matches('*')), letter);
        }
    }
    let letters: Option<Vec<char>> =
        question.options.iter().map(|option| shown.get(&folded(option)).copied()).collect();
    letters.unwrap_or_else(|| (0..question.options.len()).map(crate::questions::letter).collect())
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::synthetic;

    #[test]
    fn answers_have_the_accuracy_and_the_shares_that_were_asked_for() {
        let questions = synthetic(4000, 4, 1);
        let script = Script::new(&questions, 5)
            .model(Examinee::new("good", 0.8))
            .model(Examinee::new("shy", 0.5).refuses(0.1).rambles(0.05).runs_out(0.02));
        let good = script.expected("good", &questions);
        assert_eq!(good.total(), 4000);
        assert!((good.accuracy() - 0.8).abs() < 0.03, "{good:?}");
        let shy = script.expected("shy", &questions);
        assert!((shy.refused as f64 / 4000.0 - 0.1).abs() < 0.02, "{shy:?}");
        assert!((shy.unreadable as f64 / 4000.0 - 0.05).abs() < 0.02, "{shy:?}");
        assert!((shy.truncated as f64 / 4000.0 - 0.02).abs() < 0.02, "{shy:?}");
        assert_eq!(script.expected("unknown", &questions), Counts::default());
    }

    #[test]
    fn a_wrong_answer_never_names_the_right_option() {
        let questions = synthetic(300, 5, 2);
        let script = Script::new(&questions, 5).model(Examinee::new("bad", 0.0));
        for question in &questions {
            let decision = script.decide(&script.models[0], question);
            assert_eq!(decision.ending, Ending::Incorrect);
            assert_ne!(decision.option, question.answer);
            assert!(decision.option < 5);
        }
    }

    #[test]
    fn the_question_asked_is_found_behind_examples_and_odd_spacing() {
        let questions = synthetic(50, 4, 1);
        let lookup = Lookup::new(&questions);
        let prompt = format!(
            "Example: {}\nA. x\n\nQuestion:\n  {}\n\nA. y",
            questions[3].text,
            questions[17].text.replace(' ', "\n ")
        );
        assert_eq!(lookup.find(&prompt), Some(17));
        assert_eq!(lookup.find("Something else"), None);
    }

    #[test]
    fn a_question_within_a_longer_one_is_not_mistaken_for_it() {
        let mut questions = synthetic(2, 4, 1);
        questions[0].text = "Which is true?".to_owned();
        questions[1].text = "A person has a cough. Which is true?".to_owned();
        let lookup = Lookup::new(&questions);
        assert_eq!(lookup.find("Q: A person has a cough. Which is true?\nA) b"), Some(1));
    }

    #[test]
    fn options_in_another_order_are_named_by_the_letters_shown() {
        let mut question = synthetic(1, 3, 1).remove(0);
        question.options = vec!["red".to_owned(), "green".to_owned(), "blue".to_owned()];
        let letters = letters_shown("Which?\nA. blue\n(B) red\n C) green\n", &question);
        assert_eq!(letters, ['B', 'C', 'A']);
        assert_eq!(letters_shown("no options here", &question), ['A', 'B', 'C']);
    }
}
