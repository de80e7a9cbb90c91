//! Owns the picture of the leaderboard, and that of the ranks.

use super::axis::{Dot, Row, Scale, rows, whole_percent};
use crate::report::figure::{Figure, Twin, Value};
use crate::report::grid::Grid;
use crate::report::leaderboard::{IntervalMethod, Standing};
use crate::report::ranking::{RESAMPLING, Ranked};
use crate::report::rule::Unanswered;
use crate::report::wording;

/// Every model with its share right and its interval.
pub fn board(standings: &[Standing], rule: Unanswered) -> Figure {
    let mut table = Twin::with(&[
        "Model",
        "Kind",
        "Right",
        "95 % range",
        "Right answers",
        "Counted",
        "Unanswered counted wrong",
        "Unanswered set aside",
    ]);
    let mut lines = Vec::new();
    let mut n_items = 0;
    let mut is_by_items = false;
    for standing in standings {
        let value = |rule| {
            let found = standing.accuracy(rule);
            Value::or_nothing(found, |accuracy| Value::Share(accuracy.value))
        };
        let shown = standing.accuracy(rule);
        table.row(vec![
            Value::text(&standing.name),
            Value::text(wording::class(standing.class)),
            value(rule),
            Value::or_nothing(shown, |accuracy| Value::ShareRange(accuracy.interval)),
            Value::or_nothing(shown, |accuracy| Value::Count(accuracy.n_right)),
            Value::or_nothing(shown, |accuracy| Value::Count(accuracy.n)),
            value(Unanswered::CountedWrong),
            value(Unanswered::SetAside),
        ]);
        let Some(accuracy) = shown else { continue };
        n_items = n_items.max(accuracy.n_items);
        is_by_items |= accuracy.method == IntervalMethod::WilsonByItems;
        lines.push(Row {
            heading: None,
            name: standing.name.clone(),
            dot: Dot::Model(standing.class),
            value: accuracy.value,
            interval: Some(accuracy.interval),
            label: format!(
                "{}, {}: {} right, 95 % range {}, {} of {}",
                standing.name,
                wording::class(standing.class),
                wording::percent(accuracy.value),
                wording::percent_range(accuracy.interval),
                wording::count(accuracy.n_right),
                wording::count(accuracy.n),
            ),
        });
    }
    let counted = match rule {
        Unanswered::CountedWrong => "Questions without a readable answer count as wrong.",
        Unanswered::SetAside => "Questions without a readable answer are left out.",
    };
    let method = if is_by_items {
        "Questions were asked more than once; the range takes the question as the unit."
    } else {
        "The range is Wilson’s."
    };
    let caption = format!(
        "Share of right answers on {}. {counted} The line is the 95 % range: in 95 of 100 such examinations it holds the \
         true share. {method} Lines that overlap do not mean a tie: the same questions were put to all, so look at the \
         differences. It does not show how a model does with patients.",
        wording::counted(n_items, "question", "questions"),
    );
    let picture = rows(&lines, Scale::across(0.0, 1.0), whole_percent, None);
    Figure {
        id: "leaderboard".to_owned(),
        title: "Who did better".to_owned(),
        caption,
        picture,
        table,
    }
}

/// Between which ranks each model may truly stand.
pub fn rank_chart(grid: &Grid, ranking: &[Ranked]) -> Figure {
    let mut table = Twin::with(&[
        "Model",
        "Rank",
        "Models with that rank",
        "Best rank it may have",
        "Worst rank it may have",
        "First in resampled questions",
    ]);
    let mut lines = Vec::new();
    for one in ranking {
        let model = &grid.models[one.model];
        let (rank, range) = (one.rank, one.range);
        table.row(vec![
            Value::text(&model.name),
            Value::Count(rank.rank),
            Value::Count(rank.n_tied),
            Value::Count(range.best),
            Value::Count(range.worst),
            Value::or_nothing(one.spread, |spread| Value::Share(spread.first)),
        ]);
        let tied = if rank.n_tied > 1 { ", tied" } else { "" };
        lines.push(Row {
            heading: None,
            name: model.name.clone(),
            dot: Dot::Model(model.class),
            value: rank.rank as f64,
            interval: Some(crate::stats::Interval {
                low: range.best as f64,
                high: range.worst as f64,
            }),
            label: format!(
                "{}: rank {}{tied}, may be {} to {}",
                model.name, rank.rank, range.best, range.worst
            ),
        });
    }
    let caption = format!(
        "The dot is the rank by right answers; models with the same number share it. The line holds the ranks that the \
         comparisons of all pairs leave open, all of them together with 95 % confidence. “First in resampled questions” is \
         how often the model led when the questions were drawn anew {} times (seed {}). A rank does not say how large a \
         gap is.",
        wording::count(RESAMPLING.n_resamples),
        RESAMPLING.seed,
    );
    let scale = Scale::across(1.0, (ranking.len() as f64).max(2.0));
    let picture = rows(&lines, scale, |tick| wording::decimal(tick, 0), None);
    Figure {
        id: "ranks".to_owned(),
        title: "How sure the order is".to_owned(),
        caption,
        picture,
        table,
    }
}
