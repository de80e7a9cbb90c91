//! Owns figures that are tables alone: dangerous errors, and how many questions it takes.

use crate::dataset::Choice;
use crate::report::dangers::Dangers;
use crate::report::figure::{Figure, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::pairs::Pair;
use crate::report::planning::{MANY, Needed, PairPlan};
use crate::report::ranking::RESAMPLING;
use crate::report::wording;
use crate::stats::bootstrap::Bootstrap;

/// Wrong answers to items that are marked as emergencies or as dosing.
pub fn danger_list(grid: &Grid, found: &Dangers) -> Figure {
    let mut table = Twin::with(&["Question", "Mark", "Right answer", "Wrong", "Models asked"]);
    for danger in &found.errors {
        let row = &grid.items[danger.item];
        let mark = match (danger.is_emergency, danger.is_dosing) {
            (true, true) => "emergency, dosing",
            (true, false) => "emergency",
            (false, _) => "dosing",
        };
        let letter = |choice: Option<usize>| choice.map(|idx| Choice::letter(idx).to_string());
        let wrong: Vec<String> = danger
            .wrong
            .iter()
            .map(|answer| {
                let chose = letter(answer.choice).map_or_else(String::new, |of| format!(" ({of})"));
                let times = if answer.n > 1 {
                    format!(", {} of {}", answer.n_wrong, answer.n)
                } else {
                    String::new()
                };
                format!("{}{chose}{times}", grid.models[answer.model].name)
            })
            .collect();
        table.row(vec![
            Value::Item(row.id.0.clone(), danger.item),
            Value::text(mark),
            Value::or_nothing(letter(row.answer), Value::Text),
            Value::Text(wrong.join("; ")),
            Value::Count(danger.n_answered),
        ]);
    }
    let shares: Vec<String> = found
        .by_model
        .iter()
        .filter(|share| 0 < share.n_items)
        .map(|share| {
            let range = share.interval.map_or_else(String::new, |ends| {
                format!(" (95 % range of the share: {})", wording::percent_range(ends))
            });
            format!(
                "{} was wrong on {} of {}{range}",
                grid.models[share.model].name, share.n_wrong, share.n_items
            )
        })
        .collect();
    let caption = if found.n_marked == 0 {
        "No question here is marked as an emergency or as dosing, so dangerous errors cannot be told from others.".to_owned()
    } else {
        format!(
            "Wrong answers to the {} marked as emergencies or as dosing; those that most models got wrong come first. {}{} The \
             list is not complete: a question without a mark can be dangerous too, and a right letter can come with wrong reasons.",
            wording::counted(found.n_marked, "question", "questions"),
            shares.join(". "),
            if shares.is_empty() { "" } else { "." },
        )
    };
    let title = "Dangerous errors".to_owned();
    Figure { id: "dangers".to_owned(), title, caption, picture: Picture::default(), table }
}

/// What more questions would tell.
pub fn plan_list(grid: &Grid, plans: &[PairPlan]) -> Figure {
    let mut table = Twin::with(&[
        "First",
        "Second",
        "Questions now",
        "Smallest gap they can show, points",
        "Questions needed for the gap that was seen",
    ]);
    for plan in plans {
        table.row(vec![
            Value::text(&grid.models[plan.first].name),
            Value::text(&grid.models[plan.second].name),
            Value::Count(plan.n_items),
            Value::Number(plan.detectable * 100.0, 1),
            match plan.needed {
                Needed::Questions(n) => Value::Count(n),
                Needed::TooMany => Value::Text(format!("more than {}", wording::count(MANY))),
                Needed::NoDifference => Value::text("no gap was seen"),
            },
        ]);
    }
    let caption = "The smallest true gap that so many questions show in 80 of 100 such examinations, at the level of 5 % for one \
                   pair; and how many questions it would take in all to show the gap that was seen. The second number rests \
                   on the gap being the true one: it may be far off, and is no reason to go on asking until a gap shows. \
                   Choose the number before you ask."
        .to_owned();
    let title = "Would more questions tell?".to_owned();
    Figure { id: "planning".to_owned(), title, caption, picture: Picture::default(), table }
}

/// The difference of each pair over questions that were drawn anew. `found` goes with the `pairs`.
pub fn resampled_list(grid: &Grid, pairs: &[Pair], found: &[Bootstrap]) -> Figure {
    let mut table = Twin::with(&[
        "First",
        "Second",
        "Difference",
        "Standard error, points",
        "95 % range (percentile)",
        "95 % range (BCa)",
    ]);
    for (pair, of) in pairs.iter().zip(found) {
        table.row(vec![
            Value::text(&grid.models[pair.first].name),
            Value::text(&grid.models[pair.second].name),
            Value::Points(of.estimate),
            Value::Number(of.standard_error * 100.0, 2),
            Value::PointsRange(of.percentile),
            Value::or_nothing(of.bca, Value::PointsRange),
        ]);
    }
    let caption = format!(
        "A check of the ranges by another way: the questions that all models have were drawn anew {} times (seed {}), each with \
         all its answers, and each time the differences were taken. Ranges that are much like those of “Model against model” \
         say that neither way goes astray. They are not adjusted for the number of pairs.",
        wording::count(RESAMPLING.n_resamples),
        RESAMPLING.seed,
    );
    let title = "The differences over resampled questions".to_owned();
    Figure { id: "resampled".to_owned(), title, caption, picture: Picture::default(), table }
}
