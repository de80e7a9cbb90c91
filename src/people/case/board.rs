//! Owns the board of a case: every model's answers beside each other, as the journals of its rounds have them.

use super::title_of;
use crate::dataset::Item;
use crate::dataset::variant::base_of;
use crate::provider::Finish;
use crate::run::{AttemptResult, Body, Journal, Ruling, TrialId};

/// One model's answers, those to the case as told first.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The model's name.
    pub name: String,
    /// In the order of asking.
    pub answers: Vec<Answer>,
}

impl Column {
    /// The first whole answer to the case as told, which others are held against.
    pub fn first(&self) -> Option<&Answer> {
        self.answers.iter().find(|answer| !answer.is_version && answer.text().is_some())
    }
}

/// What was asked at once: a row of the board.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Index into the rounds.
    pub round: usize,
    /// Index into the items of that round's plan.
    pub item: u32,
    /// [`Answer::title`].
    pub title: String,
    /// Whether the case was changed.
    pub is_version: bool,
    /// The very words that were sent.
    pub question: String,
}

/// The rows of a board, in the order in which they are read.
pub fn rows(columns: &[Column]) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    for answer in columns.iter().flat_map(|column| &column.answers) {
        let (round, item) = (answer.round, answer.trial.item);
        if rows.iter().all(|row| (row.round, row.item) != (round, item)) {
            let Answer { title, is_version, question, .. } = answer.clone();
            rows.push(Row { round, item, title, is_version, question });
        }
    }
    rows
}

/// One answer, or its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Index into the rounds.
    pub round: usize,
    /// Which trial of that round.
    pub trial: TrialId,
    /// Whether the case was changed.
    pub is_version: bool,
    /// What was asked: the case as told, or what was changed in it.
    pub title: String,
    /// The very words that were sent.
    pub question: String,
    /// Where it stands.
    pub state: State,
    /// By point of the checklist: what the person ticked last.
    pub ticks: Vec<Option<bool>>,
}

/// Where an answer stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// No answer, and nothing that ended.
    Open,
    /// Here, and safe.
    Answered {
        /// The answer.
        text: String,
        /// Where it did not end as usual: why.
        note: Option<&'static str>,
    },
    /// It ended without an answer; why, in the provider's words.
    Failed(String),
}

impl Answer {
    /// The whole answer.
    pub fn text(&self) -> Option<&str> {
        match &self.state {
            State::Answered { text, .. } => Some(text),
            State::Open | State::Failed(_) => None,
        }
    }
}

/// The board of these rounds, in order. Models are known by their names, which are unique in a run.
pub fn columns<'a>(rounds: impl IntoIterator<Item = &'a Journal>) -> Vec<Column> {
    let mut columns: Vec<Column> = vec![];
    for (round, journal) in rounds.into_iter().enumerate() {
        for (model_idx, model) in journal.plan.models.iter().enumerate() {
            let answers = answers_of(round, journal, model_idx);
            match columns.iter_mut().find(|column| column.name == model.name) {
                Some(column) => column.answers.extend(answers),
                None => columns.push(Column { name: model.name.clone(), answers }),
            }
        }
    }
    for column in &mut columns {
        // Stable: within each kind the order of asking stays.
        column.answers.sort_by_key(|answer| answer.is_version);
        let n_told = column.answers.iter().filter(|answer| !answer.is_version).count();
        let told = column.answers.iter_mut().filter(|answer| !answer.is_version);
        for (idx, answer) in told.enumerate().filter(|_| 1 < n_told) {
            answer.title = format!("{}, answer {}", answer.title, idx + 1);
        }
    }
    columns
}

fn answers_of(round: usize, journal: &Journal, model_idx: usize) -> Vec<Answer> {
    let Ok(model) = u16::try_from(model_idx) else { return vec![] };
    let mut answers = vec![];
    for (item_idx, item) in journal.plan.items.iter().enumerate() {
        let Ok(item_idx) = u32::try_from(item_idx) else { continue };
        for repeat in 0..journal.plan.n_repeats {
            let trial = TrialId { model, item: item_idx, repeat };
            answers.push(answer_of(round, journal, trial, item));
        }
    }
    answers
}

fn answer_of(round: usize, journal: &Journal, trial: TrialId, item: &Item) -> Answer {
    let mut state = State::Open;
    let mut ticks = vec![None; super::checklist::Point::ALL.len()];
    for entry in &journal.entries {
        match &entry.body {
            Body::Attempt(attempt) if attempt.trial == trial => match &attempt.result {
                AttemptResult::Answered(completion)
                | AttemptResult::Recorded { completion, .. } => {
                    let text = completion.text.clone();
                    state = State::Answered { text, note: note(&completion.finish) };
                }
                AttemptResult::GaveUp { failure } => state = State::Failed(failure.to_string()),
                AttemptResult::WillRetry { .. } => {}
            },
            Body::Retried { trials } if trials.contains(&trial) => state = State::Open,
            Body::Overruled(ruled) if ruled.trial == trial => {
                if let Ruling::Criterion { criterion, met } = ruled.ruling
                    && let Some(tick) = ticks.get_mut(usize::from(criterion))
                {
                    *tick = met;
                }
            }
            _ => {}
        }
    }
    let is_version = base_of(&item.id).is_some();
    let (title, question) = (title_of(&item.id), item.question.clone());
    Answer { round, trial, is_version, title, question, state, ticks }
}

fn note(finish: &Finish) -> Option<&'static str> {
    match finish {
        Finish::Stop | Finish::Other(_) => None,
        Finish::Length => Some("Cut off at the limit of its length."),
        Finish::Refusal => Some("The model declined to answer."),
        Finish::Filtered => Some("The provider’s filter removed the answer."),
    }
}
