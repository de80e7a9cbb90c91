//! Owns what changed forms of the same questions do to a model: drops, consistency, and preference for a place.

use std::collections::BTreeMap;

use super::CONFIDENCE;
use super::grid::Grid;
use super::leaderboard::count;
use super::pairs::{Counts, Pair, Verdict};
use super::rule::Unanswered;
use crate::dataset::variant::base_of;
use crate::run::Journal;
use crate::stats::Interval;
use crate::stats::chi_square::{self, ChiSquare};
use crate::stats::consistency::{Consistency, consistency};
use crate::stats::multiple::holm;

/// A way of changing questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// Options in another order.
    Order,
    /// "None of the other answers" in the place of the right option.
    NoneOfTheOthers,
    /// Options without the question.
    OptionsOnly,
    /// In everyday words.
    EverydayWords,
    /// With slips of the keyboard.
    Misspelt,
    /// A wrong belief stated first.
    WrongBelief,
    /// The other sex.
    Sex,
    /// Another age.
    Age,
    /// Ethnicity told.
    Ethnicity,
}

impl Probe {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Order,
        Self::NoneOfTheOthers,
        Self::OptionsOnly,
        Self::EverydayWords,
        Self::Misspelt,
        Self::WrongBelief,
        Self::Sex,
        Self::Age,
        Self::Ethnicity,
    ];

    /// From a variant's name, as [`crate::dataset::variant::Variant::name`] gives it.
    pub fn of(name: &str) -> Option<Self> {
        let begins = |word: &str| name.starts_with(word);
        Some(match name {
            "none" => Self::NoneOfTheOthers,
            "options" => Self::OptionsOnly,
            "lay" => Self::EverydayWords,
            _ if begins("rot") || begins("shuffle") => Self::Order,
            _ if begins("typos") => Self::Misspelt,
            _ if begins("belief") => Self::WrongBelief,
            _ if begins("sex-") => Self::Sex,
            _ if begins("age") => Self::Age,
            _ if begins("ethnicity-") => Self::Ethnicity,
            _ => return None,
        })
    }

    /// In a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Order => "Options in another order",
            Self::NoneOfTheOthers => "“None of the other answers” is right",
            Self::OptionsOnly => "Options without the question",
            Self::EverydayWords => "In everyday words",
            Self::Misspelt => "Misspelt",
            Self::WrongBelief => "A wrong belief stated first",
            Self::Sex => "The other sex",
            Self::Age => "Another age",
            Self::Ethnicity => "Ethnicity told",
        }
    }

    /// Whether a sound answer names the same option as without the change.
    pub fn keeps_the_answer(self) -> bool {
        !matches!(self, Self::NoneOfTheOthers | Self::OptionsOnly)
    }
}

/// What one change does to one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Drop {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// The change.
    pub probe: Probe,
    /// Share right of the unchanged questions that have a changed form.
    pub before: f64,
    /// Share right of the changed forms; a question with several counts once.
    pub after: f64,
    /// Questions that count in both forms.
    pub n_items: usize,
    /// `after − before`: negative is a drop.
    pub change: f64,
    /// 95 % interval of the change over questions: Newcombe's, or Student's with repeats or several forms.
    pub interval: Option<Interval>,
    /// Two-sided p that nothing changed: exact `McNemar`, or the sign-flip test.
    pub p: f64,
    /// The same after Holm's adjustment over all drops that are shown.
    pub p_holm: f64,
    /// Whether it can be told from chance.
    pub is_shown: bool,
}

/// Base items with their variants: for each base, probe and index of the variant, in the grid's order.
fn families(grid: &Grid) -> BTreeMap<usize, Vec<(Probe, usize)>> {
    let mut known: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for (idx, row) in grid.items.iter().enumerate().filter(|(_, row)| !row.is_variant) {
        known.entry((&row.id.0, row.run)).or_insert(idx);
    }
    let mut families: BTreeMap<usize, Vec<(Probe, usize)>> = BTreeMap::new();
    for (idx, row) in grid.items.iter().enumerate() {
        let Some((base, name)) = base_of(&row.id) else { continue };
        if let (Some(base), Some(probe)) = (known.get(&(base, row.run)), Probe::of(name)) {
            families.entry(*base).or_default().push((probe, idx));
        }
    }
    families
}

/// What each change that was made does to each model, changes in the order of [`Probe::ALL`], models in that of the grid.
pub fn drops(grid: &Grid, rule: Unanswered) -> Vec<Drop> {
    let families = families(grid);
    let mut drops = Vec::new();
    for probe in Probe::ALL {
        drops.extend(
            (0..grid.models.len())
                .filter_map(|model| drop_of(grid, &families, (probe, model), rule)),
        );
    }
    let p_values: Vec<f64> = drops.iter().map(|drop| drop.p).collect();
    for (drop, p_holm) in drops.iter_mut().zip(holm(&p_values)) {
        drop.p_holm = p_holm;
        drop.is_shown = Verdict::of(drop.change, p_holm) != Verdict::NotTellable;
    }
    drops
}

fn drop_of(
    grid: &Grid,
    families: &BTreeMap<usize, Vec<(Probe, usize)>>,
    (probe, model): (Probe, usize),
    rule: Unanswered,
) -> Option<Drop> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (base, forms) in families {
        let unchanged = count(rule, grid.trials(model, *base));
        let changed = forms
            .iter()
            .filter(|(of, _)| *of == probe)
            .map(|(_, form)| count(rule, grid.trials(model, *form)))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if unchanged.1 > 0 && changed.1 > 0 {
            before.push(unchanged);
            after.push(changed);
        }
    }
    let pair: Pair = Counts { first: &after, second: &before }.compare()?;
    let mean = |counts: &[(usize, usize)]| {
        let shares = counts.iter().map(|(right, n)| *right as f64 / *n as f64);
        shares.sum::<f64>() / counts.len() as f64
    };
    Some(Drop {
        model,
        probe,
        before: mean(&before),
        after: mean(&after),
        n_items: pair.n_items,
        change: pair.difference,
        interval: pair.careful_interval(),
        p: pair.p,
        p_holm: pair.p,
        is_shown: false,
    })
}

/// Whether a model gives one answer to all forms of a question that should have one.
#[derive(Debug, Clone, PartialEq)]
pub struct Steadiness {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// The change.
    pub probe: Probe,
    /// How far its readable answers agree, the unchanged form included.
    pub consistency: Consistency,
    /// Questions that count in every form.
    pub n_items: usize,
    /// Share of those that are right in every form.
    pub all_right: f64,
    /// Wilson's interval of that share.
    pub interval: Interval,
}

/// Steadiness under each change that [keeps the answer](Probe::keeps_the_answer). Options are compared by their texts, for
/// which the `journals` of the grid are needed.
pub fn steadiness(grid: &Grid, journals: &[&Journal], rule: Unanswered) -> Vec<Steadiness> {
    let families = families(grid);
    let mut found = Vec::new();
    for probe in Probe::ALL.into_iter().filter(|probe| probe.keeps_the_answer()) {
        for model in 0..grid.models.len() {
            let mut groups = Vec::new();
            let (mut n_right, mut n) = (0, 0);
            for (base, forms) in &families {
                let of_probe = forms.iter().filter(|(of, _)| *of == probe).map(|(_, form)| *form);
                let forms: Vec<usize> = std::iter::once(*base).chain(of_probe).collect();
                if forms.len() < 2 {
                    continue;
                }
                groups.push(chosen(grid, journals, model, &forms));
                let counts: Vec<(usize, usize)> =
                    forms.iter().map(|form| count(rule, grid.trials(model, *form))).collect();
                if counts.iter().all(|(_, n)| *n > 0) {
                    n += 1;
                    n_right += usize::from(counts.iter().all(|(right, n)| right == n));
                }
            }
            if let Some(consistency) = consistency(&groups, CONFIDENCE).filter(|_| n > 0) {
                let (all, of) = (n_right as u64, n as u64);
                let interval = crate::stats::proportion::wilson(all, of, CONFIDENCE);
                let all_right = n_right as f64 / n as f64;
                found.push(Steadiness {
                    model,
                    probe,
                    consistency,
                    n_items: n,
                    all_right,
                    interval,
                });
            }
        }
    }
    found
}

/// What a model chose in several forms of a question, as the index of the text among those of the first form.
fn chosen(grid: &Grid, journals: &[&Journal], model: usize, forms: &[usize]) -> Vec<usize> {
    let options = |form: usize| -> &[String] {
        let row = &grid.items[form];
        let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
        item.map_or(&[], |item| item.options())
    };
    let known = forms.first().map_or(&[][..], |form| options(*form));
    let mut answers = Vec::new();
    for form in forms {
        for cell in grid.trials(model, *form) {
            let text = cell.choice.and_then(|choice| options(*form).get(choice));
            answers.extend(text.and_then(|text| known.iter().position(|other| other == text)));
        }
    }
    answers
}

/// Whether a model prefers a place among the options.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceBias {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// By place: how often it was chosen.
    pub chosen: Vec<u64>,
    /// By place: how often the right option stood there and the answer was right, and how often it stood there.
    pub right: Vec<(u64, u64)>,
    /// That all places are chosen equally often. Answers to rotations of one question are counted as independent, which
    /// makes the test cautious: a model that knows the answer spreads its choices evenly.
    pub choice_test: Option<ChiSquare>,
    /// That the share right does not depend on the place.
    pub right_test: Option<ChiSquare>,
}

/// The preference of each model for a place, over the questions of which it answered every rotation readably: there each
/// option stood in every place, so that only a preference makes places differ. Questions with the most frequent number
/// of options count.
pub fn place_bias(grid: &Grid) -> Vec<PlaceBias> {
    let is_rotation =
        |idx: usize| base_of(&grid.items[idx].id).is_some_and(|(_, name)| name.starts_with("rot"));
    let families: Vec<Vec<usize>> = families(grid)
        .into_iter()
        .map(|(base, forms)| {
            let forms = forms.into_iter().map(|(_, form)| form).filter(|form| is_rotation(*form));
            std::iter::once(base).chain(forms).collect::<Vec<usize>>()
        })
        .filter(|forms| {
            // All rotations put the right option into every place once.
            let mut places: Vec<Option<usize>> =
                forms.iter().map(|form| grid.items[*form].answer).collect();
            places.sort_unstable();
            1 < forms.len() && places.into_iter().eq((0..forms.len()).map(Some))
        })
        .collect();
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for forms in &families {
        *sizes.entry(forms.len()).or_default() += 1;
    }
    let Some((n_places, _)) = sizes.into_iter().max_by_key(|(_, n)| *n) else { return Vec::new() };
    let families: Vec<&Vec<usize>> =
        families.iter().filter(|forms| forms.len() == n_places).collect();
    (0..grid.models.len())
        .filter_map(|model| {
            let mut chosen = vec![0; n_places];
            let mut right = vec![(0, 0); n_places];
            for forms in &families {
                let answers: Option<Vec<(usize, usize)>> = forms
                    .iter()
                    .map(|form| {
                        let choice = grid.trials(model, *form).first()?.choice?;
                        Some((choice, grid.items[*form].answer?)).filter(|_| choice < n_places)
                    })
                    .collect();
                for (choice, answer) in answers.into_iter().flatten() {
                    chosen[choice] += 1;
                    right[answer].1 += 1;
                    right[answer].0 += u64::from(choice == answer);
                }
            }
            let choice_test = chi_square::uniform(&chosen);
            let right_test = chi_square::same_share(&right);
            (chosen.iter().sum::<u64>() > 0).then_some(PlaceBias {
                model,
                chosen,
                right,
                choice_test,
                right_test,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
