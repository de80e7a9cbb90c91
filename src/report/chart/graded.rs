//! Owns the picture of open answers by theme and by axis, such as those of `HealthBench`.

use super::axis::{Dot, Row, Scale, rows, whole_percent};
use crate::provider::ModelSpec;
use crate::report::figure::{Figure, Twin, Value};
use crate::report::open_ended::TagScores;
use crate::report::wording;

/// What answers are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Tags of questions, each with the whole scores of its answers.
    Themes,
    /// Tags of criteria, each scored by its own criteria alone.
    Axes,
}

/// A tag for people: `theme:global_health` is global health.
fn name(tag: &str) -> String {
    let name = tag.split_once(':').map_or(tag, |(_, name)| name);
    if name.is_empty() { "(none)".to_owned() } else { name.replace('_', " ") }
}

/// The scores of each model by theme or axis. `models` are those of the plan.
pub fn graded(models: &[ModelSpec], by: Grouping, tags: &[TagScores]) -> Figure {
    let (id, title, word) = match by {
        Grouping::Themes => ("themes", "Open answers by theme", "Theme"),
        Grouping::Axes => ("axes", "Open answers by axis", "Axis"),
    };
    let mut table = Twin::with(&[word, "Questions", "Model", "Score", "95 % range", "Answers"]);
    let mut lines: Vec<Row> = Vec::new();
    for tag in tags {
        let mut heading = Some(name(&tag.tag));
        for (model, score) in models.iter().zip(&tag.scores) {
            table.row(vec![
                Value::Text(name(&tag.tag)),
                Value::Count(tag.n_items),
                Value::text(&model.name),
                Value::or_nothing(*score, |score| Value::Share(score.value)),
                Value::or_nothing(*score, |score| Value::ShareRange(score.interval)),
                Value::or_nothing(*score, |score| Value::Count(score.n_answers)),
            ]);
            let Some(score) = score else { continue };
            lines.push(Row {
                heading: heading.take(),
                name: model.name.clone(),
                dot: Dot::Model(model.class),
                value: score.value,
                interval: Some(score.interval),
                label: format!(
                    "{}, {}: {} of the points, 95 % range {}, {}",
                    name(&tag.tag),
                    model.name,
                    wording::percent(score.value),
                    wording::percent_range(score.interval),
                    wording::counted(score.n_items, "question", "questions"),
                ),
            });
        }
    }
    let what = match by {
        Grouping::Themes => {
            "The whole scores of the answers to the questions of each theme. An answer may be of several themes."
        }
        Grouping::Axes => {
            "Each axis by its own criteria alone, where points can be earned by them."
        }
    };
    let caption = format!(
        "{what} 100 % is every point that could be earned; what harms takes points away, so that a score can be below zero. The \
         line is the 95 % range over questions. Among many lines some stand out by chance alone, and no test was made between \
         them. A score says how judges read the answers: it is not what became of anybody."
    );
    // Down to the lowest score, where one is below nothing.
    let ends = lines.iter().map(|row| row.interval.map_or(row.value, |ends| ends.low));
    let low = (ends.fold(0.0, f64::min) * 5.0).floor() / 5.0;
    let picture = rows(&lines, Scale::across(low, 1.0), whole_percent, (low < 0.0).then_some(0.0));
    Figure { id: id.to_owned(), title: title.to_owned(), caption, picture, table }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Baseline, Class, Seat};
    use crate::report::open_ended::Score;
    use crate::score::rubric::Rule;
    use crate::stats::Interval;

    #[test]
    fn a_score_below_nothing_lies_left_of_the_line() {
        let seat = || Seat::Baseline { rule: Baseline::LongestOption, seed: 1 };
        let models = [
            ModelSpec::new("m", Class::Clinical, seat()),
            ModelSpec::new("n", Class::GeneralPurpose, seat()),
        ];
        let score = |value: f64| Score {
            rule: Rule::ALL[0],
            value,
            interval: Interval { low: value - 0.05, high: value + 0.05 },
            deviation: 0.02,
            n_answers: 4,
            n_items: 4,
        };
        let tag = TagScores {
            tag: "theme:global_health".to_owned(),
            n_items: 4,
            scores: vec![Some(score(-0.1)), None],
            verdicts: vec![],
        };
        let figure = graded(&models, Grouping::Themes, &[tag]);
        assert_eq!(figure.table.rows.len(), 2);
        let marks: Vec<_> = figure.picture.marks().collect();
        assert_eq!(marks.len(), 1);
        let label = marks[0].label.clone().unwrap_or_default();
        assert!(label.starts_with("global health, m: −10.0 % of the points"), "{label}");
    }
}
