//! Owns the tables that are exported as CSV: with a header, comma-separated, CRLF, numbers with a point.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, and models write such cells. Texts
//! that begin so, or with a tab or a carriage return, get an apostrophe in front; reading does not take it off again.

use crate::dataset::Choice;
use crate::provider::{Class, MicroDollars};
use crate::report::grid::{Grid, State};
use crate::report::leaderboard::{Accuracy, Standing};
use crate::report::pairs::{Detail, Pair, Verdict};
use crate::run::Journal;
use crate::score::Outcome;

const TRIALS: [&str; 15] = [
    "item_id",
    "category",
    "model",
    "class",
    "repeat",
    "outcome",
    "chosen",
    "right",
    "attempts",
    "milliseconds",
    "tokens",
    "answer",
    "reused",
    "cost_usd",
    "may_have_cost_usd",
];

/// Whether these bytes begin as one of these tables does.
pub fn is_table(bytes: &[u8]) -> bool {
    let header = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    [&TRIALS[..], &LEADERBOARD, &PAIRS]
        .iter()
        .chain(&super::judgements::HEADERS)
        .any(|columns| columns.join(",").as_bytes() == header)
}

/// One row per trial of the grid, unassigned ones left out. `cost_usd` is what all tries of the trial cost, where that is
/// known, and `may_have_cost_usd` the most that further tries may have cost, of which no more is known. `journals` are those that the grid was made from.
pub fn trials_csv(grid: &Grid, journals: &[&Journal]) -> String {
    let mut table = Table::with(&TRIALS);
    for (item, row) in grid.items.iter().enumerate() {
        for (model, participant) in grid.models.iter().enumerate() {
            for (repeat, cell) in grid.trials(model, item).iter().enumerate() {
                if cell.state == State::Unassigned {
                    continue;
                }
                let completion =
                    journals.get(participant.run).and_then(|journal| cell.completion(journal));
                let tokens = completion.and_then(|completion| completion.usage);
                table.row(&[
                    text(&row.id.0),
                    text(&grid.categories[row.category]),
                    text(&participant.name),
                    class_name(participant.class).to_owned(),
                    (repeat + 1).to_string(),
                    state_name(cell.state).to_owned(),
                    cell.choice.map(|idx| Choice::letter(idx).to_string()).unwrap_or_default(),
                    row.answer.map(|idx| Choice::letter(idx).to_string()).unwrap_or_default(),
                    cell.n_attempts.to_string(),
                    if cell.entry.is_some() { cell.took_millis.to_string() } else { String::new() },
                    tokens
                        .map(|n| n.input_tokens.saturating_add(n.output_tokens).to_string())
                        .unwrap_or_default(),
                    completion.map(|completion| text(&completion.text)).unwrap_or_default(),
                    if cell.is_reused { "yes".to_owned() } else { String::new() },
                    cell.cost.map(dollars).unwrap_or_default(),
                    Some(cell.may_have_cost)
                        .filter(|cost| *cost != MicroDollars(0))
                        .map(dollars)
                        .unwrap_or_default(),
                ]);
            }
        }
    }
    table.finish()
}

const LEADERBOARD: [&str; 23] = [
    "model",
    "class",
    "planned",
    "asked",
    "correct",
    "incorrect",
    "partial",
    "refused",
    "unreadable",
    "truncated",
    "failed",
    "unscored",
    "not_asked",
    "counted_wrong_accuracy",
    "counted_wrong_low",
    "counted_wrong_high",
    "counted_wrong_n",
    "set_aside_accuracy",
    "set_aside_low",
    "set_aside_high",
    "set_aside_n",
    "items",
    "interval",
];

/// The leaderboard, in the order given.
pub fn leaderboard_csv(standings: &[Standing]) -> String {
    let mut table = Table::with(&LEADERBOARD);
    for standing in standings {
        let tally = &standing.tally;
        let mut cells = vec![text(&standing.name), class_name(standing.class).to_owned()];
        cells.extend(
            [
                tally.planned(),
                tally.asked(),
                tally.correct,
                tally.incorrect,
                tally.partial,
                tally.refused,
                tally.unreadable,
                tally.truncated,
                tally.failed,
                tally.unscored,
                tally.not_asked,
            ]
            .map(|count| count.to_string()),
        );
        cells.extend(accuracy_cells(standing.counted_wrong.as_ref()));
        cells.extend(accuracy_cells(standing.set_aside.as_ref()));
        let shown = standing.counted_wrong.as_ref();
        cells.push(shown.map(|found| found.n_items.to_string()).unwrap_or_default());
        cells.push(shown.map(|found| found.method.name().to_owned()).unwrap_or_default());
        table.row(&cells);
    }
    table.finish()
}

fn accuracy_cells(accuracy: Option<&Accuracy>) -> [String; 4] {
    accuracy.map_or_else(Default::default, |found| {
        [
            found.value.to_string(),
            found.interval.low.to_string(),
            found.interval.high.to_string(),
            found.n.to_string(),
        ]
    })
}

const PAIRS: [&str; 16] = [
    "first",
    "second",
    "items",
    "both_right",
    "only_first_right",
    "only_second_right",
    "neither_right",
    "difference",
    "low",
    "high",
    "newcombe_low",
    "newcombe_high",
    "p",
    "p_holm",
    "test",
    "verdict",
];

/// The pairs, in the order given. The first interval is Wald's, or with repeats Student's t.
pub fn pairs_csv(grid: &Grid, pairs: &[Pair]) -> String {
    let mut table = Table::with(&PAIRS);
    for pair in pairs {
        let (counts, newcombe, test) = match &pair.detail {
            Detail::Once { table, newcombe, .. } => (
                [table.both, table.first_only, table.second_only, table.neither]
                    .map(|count| count.to_string()),
                [newcombe.low.to_string(), newcombe.high.to_string()],
                "exact_mcnemar",
            ),
            Detail::Repeated { exact, .. } => (
                Default::default(),
                Default::default(),
                if *exact { "sign_flip_exact" } else { "sign_flip_normal" },
            ),
        };
        let ends = pair.interval().map_or_else(Default::default, |interval| {
            [interval.low.to_string(), interval.high.to_string()]
        });
        let mut cells = vec![
            text(&grid.models[pair.first].name),
            text(&grid.models[pair.second].name),
            pair.n_items.to_string(),
        ];
        cells.extend(counts);
        cells.push(pair.difference.to_string());
        cells.extend(ends);
        cells.extend(newcombe);
        cells.extend([pair.p.to_string(), pair.p_holm.to_string()]);
        cells.extend([test.to_owned(), verdict_name(pair.verdict).to_owned()]);
        table.row(&cells);
    }
    table.finish()
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::FirstAhead => "first_ahead",
        Verdict::SecondAhead => "second_ahead",
        Verdict::NotTellable => "not_tellable",
    }
}

pub(super) fn class_name(class: Class) -> &'static str {
    match class {
        Class::GeneralPurpose => "general_purpose",
        Class::Clinical => "clinical",
        Class::Baseline => "baseline",
        Class::Person => "person",
    }
}

pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::Unassigned => "unassigned",
        State::NotAsked => "not_asked",
        State::Ended(outcome) => match outcome {
            Outcome::Correct => "correct",
            Outcome::Incorrect => "incorrect",
            Outcome::Partial => "partial",
            Outcome::Refused => "refused",
            Outcome::Unreadable => "unreadable",
            Outcome::Truncated => "truncated",
            Outcome::Failed => "failed",
            Outcome::Unscored => "unscored",
        },
    }
}

/// An amount in dollars, exact to the micro-dollar.
fn dollars(amount: MicroDollars) -> String {
    format!("{}.{:06}", amount.0 / 1_000_000, amount.0 % 1_000_000)
}

/// A text cell that no spreadsheet takes for a formula.
pub(crate) fn text(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

/// Rows on their way to CSV.
pub(crate) struct Table {
    csv: String,
}

impl Table {
    pub(crate) fn with(header: &[&str]) -> Self {
        let mut table = Self { csv: String::new() };
        table.write(header.iter().copied());
        table
    }

    pub(crate) fn row(&mut self, cells: &[String]) {
        self.write(cells.iter().map(String::as_str));
    }

    fn write<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        for (idx, cell) in cells.enumerate() {
            if idx > 0 {
                self.csv.push(',');
            }
            if cell.contains(['"', ',', '\n', '\r']) {
                self.csv.push('"');
                self.csv.push_str(&cell.replace('"', "\"\""));
                self.csv.push('"');
            } else {
                self.csv.push_str(cell);
            }
        }
        self.csv.push_str("\r\n");
    }

    pub(crate) fn finish(self) -> String {
        self.csv
    }
}

#[cfg(test)]
mod tests;
