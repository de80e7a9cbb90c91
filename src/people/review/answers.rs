//! Owns the gathering of open answers for a review: from runs, or from a table that somebody pastes.

use crate::dataset::{Kind, variant};
use crate::report::{Grid, State};
use crate::run::{AttemptResult, Body, Journal};
use crate::score::Outcome;

/// An answer in free text, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAnswer {
    /// Names the question.
    pub question_id: String,
    /// What was asked.
    pub question: String,
    /// Whose answer it is.
    pub model: String,
    /// The answer.
    pub text: String,
    /// Whether it is known already that the model declined: it is counted, and not rated.
    pub is_refusal: bool,
}

/// What runs have for a review.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// The answers, question by question.
    pub answers: Vec<OpenAnswer>,
    /// Open questions that a model was asked and that have no whole answer: failed, cut off, not asked.
    pub n_without: usize,
    /// Names of the models as their providers have them, which an answer may give away.
    pub model_ids: Vec<String>,
    /// Whether authors of questions ask not to show them in plain text where a search engine could find them.
    pub do_not_show: bool,
}

/// Why pasted text holds no answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    /// The columns are not there.
    #[error(
        "the first line must name the columns question, model and answer, as in a table copied from a spreadsheet or a CSV file"
    )]
    Columns,
    /// A row cannot be used.
    #[error("row {row} has no {field}")]
    Missing {
        /// Counted from one, without the first line.
        row: usize,
        /// Which column.
        field: &'static str,
    },
    /// A row cannot be read.
    #[error("row {row} cannot be read: {reason}")]
    Row {
        /// Counted from one, without the first line.
        row: usize,
        /// Why.
        reason: String,
    },
    /// The same model answers the same question twice.
    #[error("row {row}: {model} answers this question a second time")]
    Twice {
        /// Counted from one, without the first line.
        row: usize,
        /// Whose second answer it is.
        model: String,
    },
}

/// The open answers of runs: to questions in free text, the first repeat, without variants. Where two runs have an answer of
/// one model to one question, the first run's stands.
pub fn of_journals(journals: &[&Journal]) -> Gathered {
    let mut gathered = Gathered::default();
    for journal in journals {
        let grid = Grid::of(journal);
        gathered.do_not_show |= journal.plan.is_not_to_be_shown();
        for spec in &journal.plan.models {
            gathered.model_ids.extend(spec.seat.endpoint().map(|api| api.model.clone()));
        }
        for (row_idx, item) in journal.plan.items.iter().enumerate() {
            let is_open = matches!(item.kind, Kind::Reference(_) | Kind::Rubric(_));
            if !is_open || variant::base_of(&item.id).is_some() {
                continue;
            }
            for (model, spec) in journal.plan.models.iter().enumerate() {
                let Some(cell) = grid.trials(model, row_idx).first() else { continue };
                let outcome = match cell.state {
                    State::Unassigned => continue,
                    State::NotAsked => None,
                    State::Ended(outcome) => Some(outcome),
                };
                let is_whole = match outcome {
                    None | Some(Outcome::Failed | Outcome::Truncated | Outcome::Unreadable) => {
                        false
                    }
                    Some(
                        Outcome::Correct
                        | Outcome::Incorrect
                        | Outcome::Partial
                        | Outcome::Refused
                        | Outcome::Unscored,
                    ) => true,
                };
                let is_refusal = outcome == Some(Outcome::Refused);
                let text = cell.entry.and_then(|idx| text_of(journal, idx)).unwrap_or_default();
                if !is_whole || (text.trim().is_empty() && !is_refusal) {
                    gathered.n_without += 1;
                    continue;
                }
                let question_id = item.id.to_string();
                let is_there = gathered
                    .answers
                    .iter()
                    .any(|other| other.question_id == question_id && other.model == spec.name);
                if !is_there {
                    gathered.answers.push(OpenAnswer {
                        question_id,
                        question: question_of(item),
                        model: spec.name.clone(),
                        text: text.to_owned(),
                        is_refusal,
                    });
                }
            }
        }
    }
    gathered.model_ids.sort();
    gathered.model_ids.dedup();
    gathered
}

fn text_of(journal: &Journal, entry_idx: usize) -> Option<&str> {
    match &journal.entries.get(entry_idx)?.body {
        Body::Attempt(attempt) => match &attempt.result {
            AttemptResult::Answered(completion) | AttemptResult::Recorded { completion, .. } => {
                Some(&completion.text)
            }
            AttemptResult::GaveUp { .. } | AttemptResult::WillRetry { .. } => None,
        },
        _ => None,
    }
}

/// All that the model was asked: what was said before, passages, and the question.
fn question_of(item: &crate::dataset::Item) -> String {
    let turns = item.turns.iter().map(|turn| {
        let speaker = match turn.speaker {
            crate::dataset::Speaker::System => "Instruction",
            crate::dataset::Speaker::User => "Person",
            crate::dataset::Speaker::Assistant => "Assistant",
        };
        format!("{speaker}: {}", turn.text)
    });
    let parts = item.context.iter().cloned().chain(turns).chain([item.question.clone()]);
    parts.collect::<Vec<_>>().join("\n\n")
}

/// Answers in a table with the columns question, model and answer, in any order and among others; separated by tabs where
/// the first line has one, and by commas or semicolons else.
pub fn pasted(text: &str) -> Result<Vec<OpenAnswer>, PasteError> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().find(|mark| head.contains(char::from(*mark)));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_unread| PasteError::Columns)?.clone();
    let place = |names: &[&str]| {
        let is_named = |header: &str| names.contains(&header.trim().to_lowercase().as_str());
        headers.iter().position(is_named).ok_or(PasteError::Columns)
    };
    let question_at = place(&["question", "prompt"])?;
    let model_at = place(&["model", "system"])?;
    let answer_at = place(&["answer", "response", "completion"])?;
    let mut answers: Vec<OpenAnswer> = vec![];
    for (idx, record) in reader.records().enumerate() {
        let row = idx + 1;
        let record = record.map_err(|error| PasteError::Row { row, reason: error.to_string() })?;
        let field = |at: usize, field: &'static str| {
            let text = record.get(at).unwrap_or_default().trim();
            if text.is_empty() {
                Err(PasteError::Missing { row, field })
            } else {
                Ok(text.to_owned())
            }
        };
        let (question, model) = (field(question_at, "question")?, field(model_at, "model")?);
        let text = field(answer_at, "answer")?;
        let known = answers.iter().find(|other| other.question == question);
        let n_questions = answers
            .iter()
            .map(|other| other.question_id.as_str())
            .collect::<std::collections::BTreeSet<_>>()
            .len();
        let question_id = known
            .map_or_else(|| format!("q{}", n_questions + 1), |known| known.question_id.clone());
        let is_twice =
            answers.iter().any(|other| other.question_id == question_id && other.model == model);
        if is_twice {
            return Err(PasteError::Twice { row, model });
        }
        answers.push(OpenAnswer { question_id, question, model, text, is_refusal: false });
    }
    if answers.is_empty() {
        return Err(PasteError::Missing { row: 1, field: "answer" });
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Reference;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn pasted_tables_are_read_by_their_columns() {
        let csv = "model,question,answer\nA,\"Fever, what now?\",Rest.\nB,\"Fever, what now?\",See a doctor.\n";
        let answers = pasted(csv).unwrap();
        assert_eq!(answers.len(), 2);
        assert!(answers.iter().all(|answer| answer.question_id == "q1"));
        assert_eq!(pasted("Question\tModel\tAnswer\nx\ty\tz").unwrap()[0].text, "z");
        assert_eq!(pasted("a,b\n1,2"), Err(PasteError::Columns));
        assert_eq!(pasted(""), Err(PasteError::Columns));
        let missing = PasteError::Missing { row: 1, field: "answer" };
        assert_eq!(pasted("question,model,answer\nx,y,"), Err(missing));
        assert_eq!(
            pasted("question,model,answer\nx,y,z\nx,y,w"),
            Err(PasteError::Twice { row: 2, model: "y".into() })
        );
    }

    #[test]
    fn runs_give_their_open_answers_and_say_what_is_missing() {
        let class = Class::GeneralPurpose;
        let mut journal = journal("a", &[("one", class, &["xxf"]), ("two", class, &["xrx"])]);
        for item in journal.plan.items.iter_mut().skip(1) {
            item.kind = Kind::Reference(Reference { answer: "yes".into() });
        }
        let gathered = of_journals(&[&journal, &journal]);
        let told: Vec<_> = gathered
            .answers
            .iter()
            .map(|answer| (answer.question_id.as_str(), answer.model.as_str(), answer.is_refusal))
            .collect();
        assert_eq!(told, [("q1", "one", false), ("q1", "two", true), ("q2", "two", false)]);
        assert_eq!(gathered.n_without, 2);
        assert_eq!(gathered.model_ids, ["one", "two"]);
    }
}
