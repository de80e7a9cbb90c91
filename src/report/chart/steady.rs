//! Owns figures of steadiness under changed questions that are tables alone: consistency, and preference for a place.

use crate::dataset::Choice;
use crate::report::figure::{Figure, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::robustness::{PlaceBias, Steadiness};

/// Whether each model keeps to its answer when the question is changed in a way that should not matter.
pub fn steady_list(grid: &Grid, found: &[Steadiness]) -> Figure {
    let mut table = Twin::with(&[
        "Change",
        "Model",
        "Questions",
        "Same answer in every form",
        "95 % range",
        "Two forms agree",
        "Right in every form",
        "95 % range of that",
    ]);
    for one in found {
        let of = &one.consistency;
        table.row(vec![
            Value::text(one.change.title()),
            Value::text(&grid.models[one.model].name),
            Value::Count(of.n_groups),
            Value::Share(of.same),
            Value::ShareRange(of.interval),
            Value::Share(of.agreement.mean),
            Value::Share(one.all_right),
            Value::ShareRange(one.interval),
        ]);
    }
    let caption = "How often a model gave the same answer to all forms of a question, and how often it was right in all of them. \
                   Only answers that could be read are compared. The more forms there are, the harder it is to be the same in \
                   all. A model can be steady and wrong: steadiness does not show that an answer is sound."
        .to_owned();
    let title = "Does it keep to its answer?".to_owned();
    Figure { id: "steadiness".to_owned(), title, caption, picture: Picture::default(), table }
}

/// Whether a model prefers a place among the options.
pub fn place_list(grid: &Grid, found: &[PlaceBias]) -> Figure {
    let mut table = Twin::with(&[
        "Model",
        "Place",
        "Chosen",
        "Right option stood there",
        "Right then",
        "p, all places chosen equally",
        "p, right equally often",
    ]);
    for one in found {
        for (place, chosen) in one.chosen.iter().enumerate() {
            let (right, n) = one.right.get(place).copied().unwrap_or((0, 0));
            let count = |n: u64| Value::Count(usize::try_from(n).unwrap_or(usize::MAX));
            let test = |test: Option<crate::stats::chi_square::ChiSquare>| {
                Value::or_nothing(test.filter(|_| place == 0), |test| Value::P(test.p))
            };
            table.row(vec![
                Value::text(&grid.models[one.model].name),
                Value::Text(Choice::letter(place).to_string()),
                count(*chosen),
                count(n),
                if n == 0 { Value::Nothing } else { Value::Share(right as f64 / n as f64) },
                test(one.choice_test),
                test(one.right_test),
            ]);
        }
    }
    let caption = "Over the questions of which every rotation was answered, each option stood in each place once: who knows the \
                   answers chooses all places equally often. A small p says that the model prefers a place. The test takes \
                   answers to one question as unrelated, which they are not; it rather \
                   misses a small preference than makes one up, so a large p does not show that there is none."
        .to_owned();
    let title = "Does the place of an option matter?".to_owned();
    Figure { id: "places".to_owned(), title, caption, picture: Picture::default(), table }
}
