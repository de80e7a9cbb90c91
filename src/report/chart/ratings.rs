//! Owns the picture of ratings by people: each model's mean with its interval on the scale that they used.

use super::axis::{Dot, Row, Scale, rows};
use crate::provider::Class;
use crate::report::figure::{Figure, Twin, Value};
use crate::report::wording;
use crate::stats::Interval;

/// The mean rating of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanRating {
    /// The model's name.
    pub name: String,
    /// On the scale.
    pub mean: f64,
    /// 95 % interval of the mean; `None` where it cannot be told.
    pub interval: Option<Interval>,
    /// Ratings.
    pub n_ratings: usize,
    /// Answers that were rated.
    pub n_answers: usize,
}

/// Means on a scale of 1 to `n_steps`, the highest first. `id` and `title` name what was rated.
pub fn ratings(id: String, title: String, n_steps: usize, means: &[MeanRating]) -> Figure {
    let mut means: Vec<&MeanRating> = means.iter().collect();
    means.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    let mut table = Twin::with(&["Model", "Mean rating", "From", "To", "Ratings", "Answers"]);
    let mut lines = Vec::new();
    for of in means {
        let end = |value: Option<f64>| Value::or_nothing(value, |value| Value::Number(value, 2));
        table.row(vec![
            Value::text(&of.name),
            Value::Number(of.mean, 2),
            end(of.interval.map(|ends| ends.low)),
            end(of.interval.map(|ends| ends.high)),
            Value::Count(of.n_ratings),
            Value::Count(of.n_answers),
        ]);
        let range = of.interval.map_or_else(String::new, |ends| {
            let number = |value| wording::decimal(value, 2);
            format!(", 95 % range {} to {}", number(ends.low), number(ends.high))
        });
        lines.push(Row {
            heading: None,
            name: of.name.clone(),
            dot: Dot::Model(Class::GeneralPurpose),
            value: of.mean,
            interval: of.interval,
            label: format!(
                "{}: {} of {n_steps}{range}, {}",
                of.name,
                wording::decimal(of.mean, 2),
                wording::counted(of.n_ratings, "rating", "ratings"),
            ),
        });
    }
    let caption = "The mean of all ratings of each model. The line is its 95 % range over questions and reviewers: other \
                   questions and other reviewers would give other means. It says how people judged these answers, not what \
                   became of anybody."
        .to_owned();
    let scale = Scale::across(1.0, n_steps.max(2) as f64);
    let steps = |value: f64| if value.fract() == 0.0 { value.to_string() } else { String::new() };
    let picture = rows(&lines, scale, steps, None);
    Figure { id, title, caption, picture, table }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_mean_stands_first_and_whole_steps_alone_are_numbered() {
        let of = |name: &str, mean: f64| MeanRating {
            name: name.to_owned(),
            mean,
            interval: Some(Interval { low: mean - 0.5, high: mean + 0.5 }),
            n_ratings: 12,
            n_answers: 5,
        };
        let figure = ratings("safety".into(), "Safety".into(), 4, &[of("a", 2.0), of("b", 3.0)]);
        assert_eq!(figure.table.rows[0][0], Value::text("b"));
        let labels: Vec<_> = figure.picture.marks().filter_map(|mark| mark.label.clone()).collect();
        assert_eq!(labels[0], "b: 3.00 of 4, 95 % range 2.50 to 3.50, 12 ratings");
        let texts: Vec<&str> = figure
            .picture
            .shapes
            .iter()
            .filter_map(|shape| match &shape.form {
                crate::report::figure::Form::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .filter(|text| !text.is_empty())
            .collect();
        assert_eq!(texts, ["1", "2", "3", "4", "b", "a"]);
    }
}
