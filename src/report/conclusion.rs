//! Owns the conclusion: a few plain sentences, written by rule from the figures, that say no more than those do.

use super::CONFIDENCE;
use super::classes::{ClassComparison, class_comparison};
use super::gallery::Basis;
use super::grid::Grid;
use super::leaderboard::Standing;
use super::pairs::{Pair, Verdict};
use super::planning::{Needed, pair_plan};
use super::robustness::shifts;
use super::rule::Unanswered;
use super::wording;
use crate::provider::Class;
use crate::stats::Interval;

/// Below so many items, the conclusion warns that only large gaps can be seen.
const FEW_ITEMS: usize = 100;

const SEEN_BEFORE: &str =
    "A model may have seen these questions before. Then a high score shows memory, not skill.";

/// One sentence or two, and what they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What they are about.
    pub topic: Topic,
    /// Plain text.
    pub text: String,
}

/// What a sentence of the conclusion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Nothing to conclude from yet.
    Nothing,
    /// Who did best.
    Best,
    /// Whether it is ahead of the others.
    Ahead,
    /// General-purpose models against clinical ones.
    Classes,
    /// A model that cannot be told from a rule without knowledge.
    Baseline,
    /// Whether more questions would tell the first two apart.
    MoreQuestions,
    /// What answers that judges grade came to; only in a report.
    OpenAnswers,
    /// What changed forms of the questions did.
    Changed,
    /// What answers that did not come or could not be read change.
    Unanswered,
    /// What is missing.
    Missing,
    /// Few questions.
    FewItems,
    /// That a model may know the very questions.
    Contamination,
    /// What this does not show. Always there.
    Limits,
}

/// What can be said of a grid, whose leaderboard and pairs are the `basis`.
pub fn conclusion(grid: &Grid, basis: &Basis) -> Vec<Sentence> {
    let Basis { rule, standings, pairs } = basis;
    let rule = *rule;
    let mut sentences = Vec::new();
    let mut say = |topic, text: Option<String>| {
        sentences.extend(text.map(|text| Sentence { topic, text }));
    };
    let best = standings.first().filter(|standing| standing.accuracy(rule).is_some());
    if let Some(best) = best {
        say(Topic::Best, best_text(best, standings, rule));
        say(Topic::Ahead, ahead_text(grid, best, pairs));
        say(Topic::MoreQuestions, more_text(grid, best, pairs, rule));
        let classes = class_comparison(grid, [Class::GeneralPurpose, Class::Clinical], rule);
        say(Topic::Classes, classes.as_ref().map(|classes| class_text(grid, classes)));
        say(Topic::Baseline, baseline_text(grid, pairs));
        say(Topic::Changed, changed_text(grid, rule));
        for standing in standings {
            say(Topic::Unanswered, unanswered_text(standing));
        }
        say(Topic::Missing, missing_text(standings));
        let n_items = best.accuracy(rule).map_or(0, |accuracy| accuracy.n_items);
        say(Topic::FewItems, few_text(n_items));
        say(Topic::Contamination, Some(SEEN_BEFORE.to_owned()));
    } else {
        say(Topic::Nothing, Some("There is no answer yet that could be counted.".to_owned()));
    }
    let limits = "These are exam questions. They do not show that a model is safe for real \
                  patients: this is no clinical validation and no medical advice.";
    say(Topic::Limits, Some(limits.to_owned()));
    sentences
}

fn best_text(best: &Standing, standings: &[Standing], rule: Unanswered) -> Option<String> {
    let accuracy = best.accuracy(rule)?;
    let share = share_text(accuracy.value);
    let (name, range) = (&best.name, range_text(accuracy.interval));
    let percent = (CONFIDENCE * 100.0).round();
    let n_ranked = standings.iter().filter(|standing| standing.accuracy(rule).is_some()).count();
    let questions = count_text(accuracy.n_items, "question");
    Some(if n_ranked == 1 {
        format!("{name} got {share} of 100 right, on {questions} ({percent} % range: {range}).")
    } else {
        format!(
            "{name} got the most right: {share} of 100, on {questions} ({percent} % range: {range})."
        )
    })
}

fn ahead_text(grid: &Grid, best: &Standing, pairs: &[Pair]) -> Option<String> {
    let of_best = || pairs.iter().filter(|pair| pair.first == best.model);
    let is_ahead = |pair: &&Pair| pair.verdict == Verdict::FirstAhead;
    let names_of = |pairs: Vec<&Pair>| -> Vec<String> {
        pairs.iter().map(|pair| grid.models[pair.second].name.clone()).collect()
    };
    let behind = names_of(of_best().filter(is_ahead).collect());
    let untold = names_of(of_best().filter(|pair| !is_ahead(pair)).collect());
    let mut parts = Vec::new();
    if !behind.is_empty() {
        parts.push(format!("{} is ahead of {}.", best.name, list_text(&behind, "and")));
        parts.extend(of_best().find(is_ahead).map(|closest| gap_text(grid, closest)));
    }
    if !untold.is_empty() {
        parts.push(format!(
            "It cannot be told whether {} or {} is better: the gap could be chance.",
            best.name,
            list_text(&untold, "or")
        ));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What it would take to tell the best model from the next one that it was not told from.
fn more_text(grid: &Grid, best: &Standing, pairs: &[Pair], rule: Unanswered) -> Option<String> {
    let of_best = |pair: &&Pair| pair.first == best.model && pair.verdict == Verdict::NotTellable;
    let pair = pairs.iter().find(of_best)?;
    let names = format!("{} and {}", best.name, grid.models[pair.second].name);
    match pair_plan(grid, pair, rule)?.needed {
        Needed::Questions(n) if pair.n_items < n => {
            let n = count_text(rounded_up(n), "question");
            Some(format!("If the gap between {names} is real, it takes about {n} to show it."))
        }
        Needed::TooMany => Some(format!(
            "The gap between {names} is so small that no number of questions in reach would show it."
        )),
        Needed::Questions(_) | Needed::NoDifference => None,
    }
}

/// With two digits that matter.
fn rounded_up(n: usize) -> usize {
    let step = 10_usize.pow(n.max(1).ilog10().saturating_sub(1));
    n.div_ceil(step) * step
}

/// The largest drop that can be told from chance.
fn changed_text(grid: &Grid, rule: Unanswered) -> Option<String> {
    let drops = shifts(grid, rule);
    let shown = drops.iter().filter(|drop| drop.is_shown && drop.difference < 0.0);
    let worst = shown.min_by(|a, b| a.difference.total_cmp(&b.difference))?;
    Some(format!(
        "Put in another form, the same questions were harder. The largest drop: {} got {} fewer of 100 right ({}).",
        grid.models[worst.model].name,
        share_text(-worst.difference),
        worst.change.title()
    ))
}

fn gap_text(grid: &Grid, pair: &Pair) -> String {
    let more = share_text(pair.difference.abs());
    let range = in_brackets(pair.interval());
    let name = &grid.models[pair.second].name;
    format!("Of 100 questions, it got {more} more right than {name}{range}.")
}

fn class_text(grid: &Grid, classes: &ClassComparison) -> String {
    let named = |models: &[usize], class: &str| match models {
        [model] => format!("the {class} model ({})", grid.models[*model].name),
        _ => format!("the {} {class} models", models.len()),
    };
    let first = named(&classes.first_models, "general-purpose");
    let second = named(&classes.second_models, "clinical");
    let gap = share_text(classes.difference.abs());
    let turned = |interval: Interval| Interval { low: -interval.high, high: -interval.low };
    let scope = "This holds for these models and questions only.";
    match classes.verdict {
        Verdict::FirstAhead => {
            let range = in_brackets(classes.interval);
            format!("On average, {first} got {gap} more of 100 right than {second}{range}. {scope}")
        }
        Verdict::SecondAhead => {
            let range = in_brackets(classes.interval.map(turned));
            format!("On average, {second} got {gap} more of 100 right than {first}{range}. {scope}")
        }
        Verdict::NotTellable => format!(
            "It cannot be told who is better, {first} or {second}: the gap could be chance."
        ),
    }
}

fn baseline_text(grid: &Grid, pairs: &[Pair]) -> Option<String> {
    let is_baseline = |model: usize| grid.models[model].class == Class::Baseline;
    let mut names: Vec<String> = Vec::new();
    for pair in pairs {
        let (model, is_ahead) = match (is_baseline(pair.first), is_baseline(pair.second)) {
            (false, true) => (pair.first, pair.verdict == Verdict::FirstAhead),
            (true, false) => (pair.second, pair.verdict == Verdict::SecondAhead),
            _ => continue,
        };
        let name = &grid.models[model].name;
        if !is_ahead && !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        return None;
    }
    let verb = if names.len() == 1 { "is" } else { "are" };
    Some(format!(
        "{} {verb} not clearly better than a rule that knows nothing.",
        list_text(&names, "and")
    ))
}

fn unanswered_text(standing: &Standing) -> Option<String> {
    let n = standing.tally.unanswered();
    let counted = standing.counted_wrong.as_ref()?;
    if n == 0 {
        return None;
    }
    let name = &standing.name;
    let set_aside = standing.set_aside.as_ref().map_or_else(
        || "There is no other answer to count.".to_owned(),
        |found| {
            format!(
                "Counted as wrong, it has {} of 100 right; set aside, {}.",
                share_text(counted.value),
                share_text(found.value)
            )
        },
    );
    let of = count_text(standing.tally.asked(), "time");
    Some(format!("{name} gave no clear answer {n} of {of}. {set_aside}"))
}

fn missing_text(standings: &[Standing]) -> Option<String> {
    let not_asked: usize = standings.iter().map(|standing| standing.tally.not_asked).sum();
    let unscored: usize = standings.iter().map(|standing| standing.tally.unscored).sum();
    let missing = |n| format!("{} still missing", are_text(n));
    let what = match (not_asked, unscored) {
        (0, 0) => return None,
        (n, 0) => missing(n),
        (0, n) => format!("{} without a score", are_text(n)),
        (n, m) => format!("{}, and {m} without a score", missing(n)),
    };
    Some(format!("{what}. They count for nothing."))
}

fn are_text(n: usize) -> String {
    let verb = if n == 1 { "is" } else { "are" };
    format!("{} {verb}", count_text(n, "answer"))
}

fn few_text(n_items: usize) -> Option<String> {
    (n_items < FEW_ITEMS).then(|| {
        let questions = count_text(n_items, "question");
        format!("With only {questions}, no more than large gaps can be seen.")
    })
}

/// How many of 100, without decimals unless it is less than ten.
fn share_text(share: f64) -> String {
    let of_100 = share * 100.0;
    if of_100.abs() < 9.95 { plain(&format!("{of_100:.1}")) } else { format!("{}", of_100.round()) }
}

/// A range in brackets, with a space in front; nothing when there is none.
fn in_brackets(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |interval| format!(" (range: {})", range_text(interval)))
}

fn range_text(interval: Interval) -> String {
    format!("{} to {}", share_text(interval.low), share_text(interval.high))
}

/// Without a decimal that says nothing, and with a true minus sign.
fn plain(number: &str) -> String {
    let number = number.strip_suffix(".0").unwrap_or(number);
    if number == "-0" { "0".to_owned() } else { number.replace('-', "\u{2212}") }
}

/// A count with thousands separated.
fn count_text(n: usize, noun: &str) -> String {
    wording::counted(n, noun, &format!("{noun}s"))
}

/// `a`, `a and b`, `a, b and c`.
fn list_text(names: &[String], link: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {link} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests;
