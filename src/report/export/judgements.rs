//! Owns the export of judgements: one row or line for each judge's say on each criterion, as CSV and as JSON lines, and the
//! leaderboard of open answers as CSV.

use serde::Serialize;

use super::table::{Table, text};
use crate::dataset::Kind;
use crate::report::gradebook::Gradebook;
use crate::report::judgements::{Judgement, judgements, rulings, standing_ruling};
use crate::report::open_ended::OpenStanding;
use crate::run::{Journal, Ruling};
use crate::score::rubric::Rule;
use crate::score::{Grade, Outcome};

const JUDGEMENTS: [&str; 18] = [
    "run_id",
    "item_id",
    "model",
    "repeat",
    "criterion",
    "criterion_text",
    "points",
    "judge",
    "asking",
    "verdict",
    "explanation",
    "missing",
    "tries",
    "at_millis",
    "overruled_to",
    "overruled_by",
    "overruled_why",
    "overruled_at_millis",
];

/// One judge's say, as it is written out. What is not known is left out of a line and empty in a table.
#[derive(Debug, Serialize)]
struct Row<'a> {
    run_id: &'a str,
    item_id: &'a str,
    model: &'a str,
    /// Counted from one.
    repeat: u16,
    /// Counted from one; none where the answer is held against a reference answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i32>,
    judge: &'a str,
    /// Counted from one; only the first counts.
    asking: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
    tries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_millis: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overruled_to: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overruled_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overruled_why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overruled_at_millis: Option<u64>,
}

fn rows<'a>(journals: &[&'a Journal], books: &[Gradebook]) -> Vec<Row<'a>> {
    let mut rows = vec![];
    for (journal, book) in journals.iter().zip(books) {
        let ruled = rulings(journal, |_| true);
        for judgement in judgements(journal, book, |_| true) {
            rows.extend(row(journal, judgement, &ruled));
        }
    }
    rows
}

fn row<'a>(
    journal: &'a Journal,
    judgement: Judgement,
    ruled: &[crate::report::judgements::Ruled],
) -> Option<Row<'a>> {
    let plan = &journal.plan;
    let Judgement { trial, judge, criterion, repeat, verdict, n_tries, at_millis } = judgement;
    let item = plan.items.get(trial.item as usize)?;
    let of_rubric = match (&item.kind, criterion) {
        (Kind::Rubric(rubric), Some(idx)) => rubric.criteria.get(idx),
        _ => None,
    };
    let ruling = standing_ruling(ruled, trial, criterion);
    let (verdict, missing) = match verdict {
        Ok(verdict) => (Some(verdict), None),
        Err(missing) => (None, Some(missing.to_string())),
    };
    Some(Row {
        run_id: &plan.run_id,
        item_id: &item.id.0,
        model: &plan.models.get(usize::from(trial.model))?.name,
        repeat: trial.repeat + 1,
        criterion: criterion.map(|idx| idx + 1),
        criterion_text: of_rubric.map(|criterion| criterion.text.as_str()),
        points: of_rubric.map(|criterion| criterion.points),
        judge: &plan.judges().get(judge)?.name,
        asking: repeat + 1,
        verdict: verdict.as_ref().map(|verdict| grade_name(verdict.grade)),
        explanation: verdict.map(|verdict| verdict.explanation),
        missing,
        tries: n_tries,
        at_millis,
        overruled_to: ruling.and_then(|ruled| ruling_name(ruled.overruling.ruling)),
        overruled_by: ruling.map(|ruled| ruled.overruling.by.clone()),
        overruled_why: ruling.map(|ruled| ruled.overruling.reason.clone()),
        overruled_at_millis: ruling.map(|ruled| ruled.at_millis),
    })
}

fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::Met => "met",
        Grade::NotMet => "not_met",
        Grade::Correct => "correct",
        Grade::Partly => "partly",
        Grade::Wrong => "wrong",
    }
}

fn ruling_name(ruling: Ruling) -> Option<&'static str> {
    match ruling {
        Ruling::Criterion { met, .. } => met.map(|met| if met { "met" } else { "not_met" }),
        Ruling::Outcome(outcome) => outcome.map(|outcome| match outcome {
            Outcome::Correct => "correct",
            Outcome::Incorrect => "wrong",
            Outcome::Partial => "partly",
            Outcome::Refused => "refused",
            Outcome::Unreadable => "unreadable",
            Outcome::Truncated => "truncated",
            Outcome::Failed => "failed",
            Outcome::Unscored => "unscored",
        }),
    }
}

/// Every judgement of these runs as a table. `books` are those of the journals.
pub fn judgements_csv(journals: &[&Journal], books: &[Gradebook]) -> String {
    let mut table = Table::with(&JUDGEMENTS);
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    for row in rows(journals, books) {
        table.row(&[
            text(row.run_id),
            text(row.item_id),
            text(row.model),
            row.repeat.to_string(),
            row.criterion.map(|n| n.to_string()).unwrap_or_default(),
            text(row.criterion_text.unwrap_or_default()),
            row.points.map(|n| n.to_string()).unwrap_or_default(),
            text(row.judge),
            row.asking.to_string(),
            row.verdict.unwrap_or_default().to_owned(),
            text(&row.explanation.unwrap_or_default()),
            text(&row.missing.unwrap_or_default()),
            row.tries.to_string(),
            number(row.at_millis),
            row.overruled_to.unwrap_or_default().to_owned(),
            text(&row.overruled_by.unwrap_or_default()),
            text(&row.overruled_why.unwrap_or_default()),
            number(row.overruled_at_millis),
        ]);
    }
    table.finish()
}

/// Every judgement of these runs, one JSON object a line. What is not there is left out.
pub fn judgements_jsonl(journals: &[&Journal], books: &[Gradebook]) -> String {
    let mut lines = String::new();
    for row in rows(journals, books) {
        // Only string keys, written to memory: cannot fail.
        lines.push_str(&serde_json::to_string(&row).unwrap_or_default());
        lines.push('\n');
    }
    lines
}

const OPEN: [&str; 23] = [
    "model",
    "verdicts_of",
    "planned",
    "graded",
    "verdicts_sought",
    "verdicts_read",
    "criteria",
    "decided",
    "even",
    "mean_characters",
    "length_adjusted",
    "healthbench_score",
    "healthbench_low",
    "healthbench_high",
    "healthbench_bootstrap_std",
    "pooled_score",
    "pooled_low",
    "pooled_high",
    "pooled_bootstrap_std",
    "clipped_each_score",
    "clipped_each_low",
    "clipped_each_high",
    "clipped_each_bootstrap_std",
];

/// The leaderboard of open answers under every rule: that of the panel, and those of each judge, by the names given.
pub fn open_leaderboard_csv<'a>(
    boards: impl IntoIterator<Item = (&'a str, &'a [OpenStanding])>,
) -> String {
    let mut table = Table::with(&OPEN);
    for (verdicts_of, standings) in boards {
        for standing in standings {
            let mut cells = vec![text(&standing.name), text(verdicts_of)];
            cells.extend(
                [
                    standing.n_trials,
                    standing.n_gradable,
                    standing.n_sought,
                    standing.n_read,
                    standing.n_criteria,
                    standing.n_decided,
                    standing.n_even,
                ]
                .map(|n| n.to_string()),
            );
            let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
            cells.push(number(standing.mean_chars));
            cells.push(number(standing.length_adjusted));
            for rule in Rule::ALL {
                let score = standing.score(rule);
                cells.push(number(score.map(|score| score.value)));
                cells.push(number(score.map(|score| score.interval.low)));
                cells.push(number(score.map(|score| score.interval.high)));
                cells.push(number(score.map(|score| score.deviation)));
            }
            table.row(&cells);
        }
    }
    table.finish()
}

/// The headers of these tables.
pub(super) const HEADERS: [&[&str]; 2] = [&JUDGEMENTS, &OPEN];

#[cfg(test)]
mod tests;
