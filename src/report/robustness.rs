//! Owns what variants do to a model: its answers to them beside its answers to the same items as they are, whether it keeps
//! to one answer, and preference for a place.

use std::collections::BTreeMap;

use super::CONFIDENCE;
use super::grid::{Grid, State};
use super::pairs::{Counts, Verdict};
use super::rule::Unanswered;
use crate::dataset::variant::{Change, root_of};
use crate::run::Journal;
use crate::stats::Interval;
use crate::stats::chi_square::{self, ChiSquare};
use crate::stats::consistency::{Consistency, consistency};
use crate::stats::multiple::holm;

/// One model on the items that have a variant of one kind, as they are and changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// What is changed.
    pub change: Change,
    /// Index into [`Grid::models`].
    pub model: usize,
    /// Items that count both as they are and changed.
    pub n_items: usize,
    /// Mean over those items of the share right as they are, 0 to 1.
    pub as_they_are: f64,
    /// Mean over those items of the share right of their variants, 0 to 1.
    pub changed: f64,
    /// `changed` less `as_they_are`: below zero for a model that does worse on the variants.
    pub difference: f64,
    /// 95 % interval of the difference: Newcombe's for paired shares where each item and its one variant were put once, else
    /// Student's t over items. `None` where it cannot be told: for fewer than two items, or where no item differs from
    /// another.
    pub interval: Option<Interval>,
    /// Two-sided p that nothing changed: exact `McNemar`, or the sign-flip test over items.
    pub p: f64,
    /// The same after Holm's adjustment over all kinds and models that are shown.
    pub p_holm: f64,
    /// Whether it can be told from chance, by `p_holm`.
    pub is_shown: bool,
}

/// The items of one origin: as they are, and their variants. Where files conflict, an id stands for several items, of
/// which a model was asked one.
#[derive(Default)]
struct Family {
    originals: Vec<usize>,
    variants: Vec<usize>,
}

impl Family {
    /// Those with both, by the id of the origin; variants of one kind alone.
    fn all(grid: &Grid, change: Change) -> Vec<Self> {
        let mut families: BTreeMap<&str, Self> = BTreeMap::new();
        for (item, row) in grid.items.iter().enumerate() {
            let family = families.entry(root_of(&row.id)).or_default();
            match row.change {
                None => family.originals.push(item),
                Some(of) if of == change => family.variants.push(item),
                Some(_) => {}
            }
        }
        let is_whole = |family: &Self| !family.originals.is_empty() && !family.variants.is_empty();
        families.into_values().filter(is_whole).collect()
    }

    /// The items of these that a model was asked.
    fn asked(grid: &Grid, model: usize, items: &[usize]) -> Vec<usize> {
        let is_asked = |item: &usize| {
            grid.trials(model, *item).iter().any(|cell| cell.state != State::Unassigned)
        };
        items.iter().copied().filter(is_asked).collect()
    }
}

/// What each kind of variants does to each model, by kind in the order of [`Grid::changes`], then by model. Whatever the
/// [scope](Grid::scope) of the figures.
pub fn shifts(grid: &Grid, rule: Unanswered) -> Vec<Shift> {
    let mut shifts = vec![];
    for change in grid.changes() {
        let families = Family::all(grid, change);
        let of_model = |model| shift_of(grid, rule, (change, model), &families);
        shifts.extend((0..grid.models.len()).filter_map(of_model));
    }
    let p_values: Vec<f64> = shifts.iter().map(|shift| shift.p).collect();
    for (shift, p_holm) in shifts.iter_mut().zip(holm(&p_values)) {
        shift.p_holm = p_holm;
        shift.is_shown = Verdict::of(shift.difference, p_holm) != Verdict::NotTellable;
    }
    shifts
}

fn shift_of(
    grid: &Grid,
    rule: Unanswered,
    (change, model): (Change, usize),
    families: &[Family],
) -> Option<Shift> {
    let count = |items: &[usize]| grid.count(model, &Family::asked(grid, model, items), rule);
    let (original, changed): (Vec<_>, Vec<_>) = families
        .iter()
        .map(|family| (count(&family.originals), count(&family.variants)))
        .filter(|((_, n_original), (_, n_changed))| 0 < *n_original && 0 < *n_changed)
        .unzip();
    let pair = Counts { first: &changed, second: &original }.compare()?;
    let mean = |counts: &[(usize, usize)]| {
        let shares = counts.iter().map(|(right, n)| *right as f64 / *n as f64);
        shares.sum::<f64>() / counts.len() as f64
    };
    Some(Shift {
        change,
        model,
        n_items: pair.n_items,
        as_they_are: mean(&original),
        changed: mean(&changed),
        difference: pair.difference,
        // Where all differ alike, the spread cannot be seen: that is no certainty.
        interval: pair.careful_interval().filter(|found| found.low < found.high),
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
    /// What is changed.
    pub change: Change,
    /// How far its readable answers agree, the unchanged form included.
    pub consistency: Consistency,
    /// Questions that count in every form.
    pub n_items: usize,
    /// Share of those that are right in every form.
    pub all_right: f64,
    /// Wilson's interval of that share.
    pub interval: Interval,
}

/// Steadiness under each change that [keeps the answer](Change::keeps_the_answer). Options are compared by their texts, for
/// which the `journals` of the grid are needed.
pub fn steadiness(grid: &Grid, journals: &[&Journal], rule: Unanswered) -> Vec<Steadiness> {
    let mut found = Vec::new();
    for change in grid.changes().into_iter().filter(|change| change.keeps_the_answer()) {
        let families = Family::all(grid, change);
        for model in 0..grid.models.len() {
            let mut groups = Vec::new();
            let (mut n_right, mut n) = (0, 0);
            for family in &families {
                let forms = [&family.originals, &family.variants]
                    .map(|items| Family::asked(grid, model, items))
                    .concat();
                groups.push(chosen(grid, journals, model, &forms));
                let counts: Vec<(usize, usize)> =
                    forms.iter().map(|form| grid.count(model, &[*form], rule)).collect();
                if 1 < counts.len() && counts.iter().all(|(_, n)| *n > 0) {
                    n += 1;
                    n_right += usize::from(counts.iter().all(|(right, n)| right == n));
                }
            }
            let Some(consistency) = consistency(&groups, CONFIDENCE).filter(|_| n > 0) else {
                continue;
            };
            let (all, of) = (n_right as u64, n as u64);
            found.push(Steadiness {
                model,
                change,
                consistency,
                n_items: n,
                all_right: n_right as f64 / n as f64,
                interval: crate::stats::proportion::wilson(all, of, CONFIDENCE),
            });
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
    let families: Vec<Vec<usize>> = Family::all(grid, Change::Rotated)
        .into_iter()
        .map(|family| [family.originals, family.variants].concat())
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
