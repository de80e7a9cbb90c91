//! Owns pictures of differences: pairs of models as a forest plot, and drops under changed questions.

use super::axis::{Dot, MARGIN, Row, Scale, WIDTH, fitted, reach, rows, short_points};
use crate::report::figure::{Figure, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::pairs::{Detail, Pair, Verdict};
use crate::report::robustness::Shift;
use crate::report::wording;

/// Each pair of models with the difference of their shares right.
pub fn forest(grid: &Grid, pairs: &[Pair]) -> Figure {
    let mut table = Twin::with(&[
        "First",
        "Second",
        "Questions",
        "Difference",
        "95 % range",
        "Wald range",
        "p",
        "p, adjusted",
        "Both right",
        "Only first right",
        "Only second right",
        "Neither right",
    ]);
    let mut lines = Vec::new();
    for pair in pairs {
        let [first, second] = [pair.first, pair.second].map(|idx| grid.models[idx].name.as_str());
        let (wald, counts) = match pair.detail {
            Detail::Once { table, wald, .. } => (
                Value::PointsRange(wald),
                [table.both, table.first_only, table.second_only, table.neither]
                    .map(|n| Value::Count(usize::try_from(n).unwrap_or(usize::MAX))),
            ),
            Detail::Repeated { .. } => (Value::Nothing, [(); 4].map(|()| Value::Nothing)),
        };
        let mut row = vec![
            Value::text(first),
            Value::text(second),
            Value::Count(pair.n_items),
            Value::Points(pair.difference),
            Value::or_nothing(pair.careful_interval(), Value::PointsRange),
            wald,
            Value::P(pair.p),
            Value::P(pair.p_holm),
        ];
        row.extend(counts);
        table.row(row);
        let told = match pair.verdict {
            Verdict::FirstAhead => format!("{first} is ahead"),
            Verdict::SecondAhead => format!("{second} is ahead"),
            Verdict::NotTellable => "cannot be told from chance".to_owned(),
        };
        lines.push(Row {
            heading: None,
            name: pair_name(first, second),
            dot: dot(pair.verdict != Verdict::NotTellable),
            value: pair.difference,
            interval: pair.careful_interval(),
            label: format!(
                "{first} against {second}: {} percentage points{}; {told}",
                wording::points(pair.difference),
                range_text(pair.careful_interval()),
            ),
        });
    }
    let caption = "Difference of the shares right on the questions that both models have, in percentage points: to the right \
                   of the line the first is ahead. The line through each mark is its 95 % range (Newcombe’s; with repeats \
                   Student’s over questions). A filled diamond can be told from chance after Holm’s adjustment for all \
                   pairs; a hollow circle cannot, which does not show that the two are equal."
        .to_owned();
    let picture = around_nothing(&lines);
    let title = "Model against model".to_owned();
    Figure { id: "differences".to_owned(), title, caption, picture, table }
}

/// What each change of the questions does to each model.
pub fn drop_chart(grid: &Grid, drops: &[Shift]) -> Figure {
    let mut table = Twin::with(&[
        "Change",
        "Model",
        "Questions",
        "Right before",
        "Right after",
        "Change in right answers",
        "95 % range",
        "p",
        "p, adjusted",
    ]);
    let mut lines: Vec<Row> = Vec::new();
    let mut last = None;
    for drop in drops {
        let name = &grid.models[drop.model].name;
        let title = drop.change.title();
        table.row(vec![
            Value::text(title),
            Value::text(name),
            Value::Count(drop.n_items),
            Value::Share(drop.as_they_are),
            Value::Share(drop.changed),
            Value::Points(drop.difference),
            Value::or_nothing(drop.interval, Value::PointsRange),
            Value::P(drop.p),
            Value::P(drop.p_holm),
        ]);
        let is_new = last.replace(drop.change) != Some(drop.change);
        lines.push(Row {
            heading: is_new.then(|| title.to_owned()),
            name: name.clone(),
            dot: dot(drop.is_shown),
            value: drop.difference,
            interval: drop.interval,
            label: format!(
                "{title}, {name}: {} percentage points{}, from {} to {} on {}",
                wording::points(drop.difference),
                range_text(drop.interval),
                wording::percent(drop.as_they_are),
                wording::percent(drop.changed),
                wording::counted(drop.n_items, "question", "questions"),
            ),
        });
    }
    let caption = "How the share right changes when the same questions are put in another form: to the left of the line the \
                   model does worse. The line through each mark is its 95 % range over questions; a filled diamond can be \
                   told from chance after Holm’s adjustment for all that is shown. Without the question a model should do no \
                   better than guessing: one that does has seen the set, or reads cues in the options. A small drop does \
                   not prove understanding."
        .to_owned();
    let picture = around_nothing(&lines);
    let title = "When the questions are changed".to_owned();
    Figure { id: "robustness".to_owned(), title, caption, picture, table }
}

/// Both names, each with half the room where one of them is long.
fn pair_name(first: &str, second: &str) -> String {
    let room = (WIDTH - 2.0 * MARGIN - 24.0) / 2.0;
    format!("{} – {}", fitted(first, room), fitted(second, room))
}

fn dot(is_told: bool) -> Dot {
    if is_told { Dot::Told } else { Dot::Untold }
}

fn range_text(interval: Option<crate::stats::Interval>) -> String {
    interval
        .map_or_else(String::new, |ends| format!(", 95 % range {}", wording::points_range(ends)))
}

fn around_nothing(lines: &[Row]) -> Picture {
    let reach = reach(lines);
    rows(lines, Scale::across(-reach, reach), short_points, Some(0.0))
}
