//! Owns the export of trials as lines of JSON: one object for each trial that the plan foresees, in UTF-8, with a line feed
//! behind each.
//!
//! | field | what it is |
//! |---|---|
//! | `item_id`, `category`, `question`, `options`, `right` | the item; `right` is the right answer as people read it |
//! | `model`, `class`, `repeat` | who was asked, and which repeat it is, counted from 1 |
//! | `outcome`, `chosen` | how it ended; the letter that was read |
//! | `answer`, `answered_by` | the answer's text, and the model id that the provider told |
//! | `attempts`, `milliseconds`, `input_tokens`, `output_tokens`, `cost_micro_dollars`, `reused` | what it took |
//!
//! What is not known is left out.

use serde::Serialize;

use super::table::{class_name, state_name};
use crate::dataset::{Choice, Item};
use crate::report::grid::{Grid, State};
use crate::run::Journal;

#[derive(Serialize)]
struct Line<'a> {
    item_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    category: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    options: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<String>,
    model: &'a str,
    class: &'static str,
    repeat: usize,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by: Option<&'a str>,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_micro_dollars: Option<u64>,
    reused: bool,
}

/// The trials of a grid as lines of JSON. `journals` are those that it was made from.
pub fn trials_jsonl(grid: &Grid, journals: &[&Journal]) -> String {
    let mut lines = String::new();
    for (idx, row) in grid.items.iter().enumerate() {
        let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
        for (model, participant) in grid.models.iter().enumerate() {
            for (repeat, cell) in grid.trials(model, idx).iter().enumerate() {
                if cell.state == State::Unassigned {
                    continue;
                }
                let journal = journals.get(participant.run);
                let completion = journal.and_then(|journal| cell.completion(journal));
                let usage = completion.and_then(|completion| completion.usage);
                let line = Line {
                    item_id: &row.id.0,
                    category: &grid.categories[row.category],
                    question: item.map(|item| item.question.as_str()),
                    options: item.map_or(&[], |item| item.options()),
                    right: item.map(Item::right_answer).filter(|right| !right.is_empty()),
                    model: &participant.name,
                    class: class_name(participant.class),
                    repeat: repeat + 1,
                    outcome: state_name(cell.state),
                    chosen: cell.choice.map(Choice::letter),
                    answer: completion.map(|completion| completion.text.as_str()),
                    answered_by: completion.and_then(|one| one.answered_by.as_deref()),
                    attempts: cell.n_attempts,
                    milliseconds: cell.entry.map(|_| cell.took_millis),
                    input_tokens: usage.map(|usage| usage.input_tokens),
                    output_tokens: usage.map(|usage| usage.output_tokens),
                    cost_micro_dollars: cell.cost.map(|cost| cost.0),
                    reused: cell.is_reused,
                };
                // Only string keys, written to memory: cannot fail.
                lines.push_str(&serde_json::to_string(&line).unwrap_or_default());
                lines.push('\n');
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn each_trial_is_a_line_that_any_reader_of_json_takes() {
        let run = journal("a", &[("m \u{2028}\"", Class::Clinical, &["cf-"])]);
        let text = trials_jsonl(&Grid::of(&run), &[&run]);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["outcome"], "correct");
        assert_eq!((&lines[0]["chosen"], &lines[0]["right"]), (&"B".into(), &"B".into()));
        assert_eq!((&lines[0]["input_tokens"], &lines[0]["repeat"]), (&100.into(), &1.into()));
        assert_eq!((&lines[1]["outcome"], lines[1].get("answer")), (&"failed".into(), None));
        assert_eq!(lines[2]["outcome"], "not_asked");
    }
}
