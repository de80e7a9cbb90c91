//! Owns the choice of items out of a dataset: filters, a list of ids, and seeded samples, plain or by category.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::python_sample::python_sample;
use super::record::DifficultyRecord;
use super::{Item, Kind, sample};

/// Which items are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// Only items that pass.
    pub filter: Filter,
    /// At most this many of them; `None` for all.
    pub n: Option<usize>,
    /// How those are drawn.
    pub draw: Draw,
    /// Seed of the draw.
    pub seed: u64,
}

/// How a sample is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draw {
    /// Each item equally likely.
    #[default]
    Plain,
    /// From each category in proportion to its size, so that no category is missed or swollen by chance.
    Stratified,
    /// As Python's `random.Random(seed).sample` draws, to take the very items that a published study took.
    Python,
}

/// What an item must be to be taken. Empty parts let everything pass.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// In one of these categories.
    pub categories: BTreeSet<String>,
    /// Of one of these difficulties.
    pub difficulties: BTreeSet<DifficultyRecord>,
    /// With at least one of these tags.
    pub tags: BTreeSet<String>,
    /// A question of at least this many characters.
    pub min_chars: Option<usize>,
    /// A question of at most this many characters.
    pub max_chars: Option<usize>,
    /// One of these ids.
    pub ids: BTreeSet<String>,
    /// Only items of this many turns or fewer, the question included.
    pub max_turns: Option<usize>,
    /// None of these ids, such as those of disputed items.
    pub without_ids: BTreeSet<String>,
    /// Only items that are scored by rule, without a judge.
    pub only_by_rule: bool,
}

impl Filter {
    /// Whether an item passes.
    pub fn passes(&self, item: &Item) -> bool {
        let among = |set: &BTreeSet<String>, value: &str| set.is_empty() || set.contains(value);
        let n_chars = || item.question.chars().count();
        among(&self.categories, &item.category)
            && among(&self.ids, &item.id.0)
            && !self.without_ids.contains(&item.id.0)
            && (self.tags.is_empty() || item.tags.iter().any(|tag| self.tags.contains(tag)))
            && (self.difficulties.is_empty()
                || item
                    .difficulty
                    .is_some_and(|difficulty| self.difficulties.contains(&difficulty.into())))
            && self.min_chars.is_none_or(|least| least <= n_chars())
            && self.max_chars.is_none_or(|most| n_chars() <= most)
            && self.max_turns.is_none_or(|most| item.turns.len() < most)
            && (!self.only_by_rule || !matches!(item.kind, Kind::Reference(_) | Kind::Rubric(_)))
    }

    /// Ids of the list that no item has.
    pub fn unknown_ids<'a>(&'a self, items: &[Item]) -> Vec<&'a str> {
        let known: BTreeSet<&str> = items.iter().map(|item| item.id.0.as_str()).collect();
        self.ids.iter().map(String::as_str).filter(|id| !known.contains(id)).collect()
    }
}

/// Indices of the items that are taken out of `pool`, which are indices into `items`; ascending.
pub fn select(items: &[Item], pool: &[usize], selection: &Selection) -> Vec<usize> {
    let passing: Vec<usize> = pool
        .iter()
        .copied()
        .filter(|idx| items.get(*idx).is_some_and(|item| selection.filter.passes(item)))
        .collect();
    let n = selection.n.unwrap_or(passing.len()).min(passing.len());
    let at =
        |drawn: Vec<usize>| drawn.into_iter().filter_map(|idx| passing.get(idx).copied()).collect();
    let mut taken: Vec<usize> = match selection.draw {
        _ if n == passing.len() => passing.clone(),
        Draw::Plain => at(sample(passing.len(), n, selection.seed)),
        Draw::Python => at(python_sample(passing.len(), n, selection.seed)),
        Draw::Stratified => stratified(items, &passing, n, selection.seed),
    };
    taken.sort_unstable();
    taken
}

/// Shares by the largest remainder (Hamilton's method); ties go to the category that comes first by name. Within a
/// category the draw is the plain one, with a seed of its own so that equal sizes do not take the same places.
fn stratified(items: &[Item], passing: &[usize], n: usize, seed: u64) -> Vec<usize> {
    let mut strata: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for idx in passing {
        if let Some(item) = items.get(*idx) {
            strata.entry(item.category.as_str()).or_default().push(*idx);
        }
    }
    let total = passing.len().max(1);
    let mut quotas: Vec<usize> = strata.values().map(|stratum| stratum.len() * n / total).collect();
    let mut by_remainder: Vec<usize> = (0..quotas.len()).collect();
    let remainders: Vec<usize> = strata.values().map(|stratum| stratum.len() * n % total).collect();
    by_remainder.sort_by_key(|idx| std::cmp::Reverse(remainders.get(*idx).copied().unwrap_or(0)));
    let n_given: usize = quotas.iter().sum();
    for idx in by_remainder.into_iter().take(n.saturating_sub(n_given)) {
        if let Some(quota) = quotas.get_mut(idx) {
            *quota += 1;
        }
    }
    let strata = strata.values().zip(quotas).enumerate();
    strata
        .flat_map(|(number, (stratum, quota))| {
            let own_seed = seed.wrapping_add((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            sample(stratum.len(), quota, own_seed)
                .into_iter()
                .filter_map(|at| stratum.get(at).copied())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Reference, Speaker, Turn};

    fn items() -> Vec<Item> {
        (0..100)
            .map(|n| {
                let mut item =
                    Item::single_choice(&format!("q{n}"), &"x".repeat(n + 1), &["yes", "no"], 0);
                item.category = match n {
                    0..60 => "large",
                    60..90 => "middle",
                    _ => "small",
                }
                .to_owned();
                item.tags = if n % 10 == 0 { vec!["emergency".to_owned()] } else { vec![] };
                item
            })
            .collect()
    }

    fn all(items: &[Item]) -> Vec<usize> {
        (0..items.len()).collect()
    }

    #[test]
    fn strata_keep_their_shares() {
        let items = items();
        let selection =
            Selection { n: Some(15), draw: Draw::Stratified, seed: 3, ..Selection::default() };
        let taken = select(&items, &all(&items), &selection);
        let n_of = |name: &str| taken.iter().filter(|idx| items[**idx].category == name).count();
        assert_eq!((n_of("large"), n_of("middle"), n_of("small")), (9, 5, 1));
        assert!(taken.is_sorted());
        assert_eq!(taken, select(&items, &all(&items), &selection));
        let every_n = (0..=100).all(|n| {
            select(&items, &all(&items), &Selection { n: Some(n), ..selection.clone() }).len() == n
        });
        assert!(every_n);
    }

    #[test]
    fn python_takes_what_python_took() {
        let items = items();
        let selection =
            Selection { n: Some(5), draw: Draw::Python, seed: 62, ..Selection::default() };
        let mut expected = python_sample(100, 5, 62);
        expected.sort_unstable();
        assert_eq!(select(&items, &all(&items), &selection), expected);
    }

    #[test]
    fn filters_are_joined() {
        let mut items = items();
        items[30].turns = vec![Turn { speaker: Speaker::User, text: "Hello".into() }];
        items[40].kind = Kind::Reference(Reference { answer: "Because".into() });
        let with = |filter: Filter| {
            select(&items, &all(&items), &Selection { filter, ..Selection::default() })
        };
        let tags = BTreeSet::from(["emergency".to_owned()]);
        let filter = Filter { tags, min_chars: Some(25), max_chars: Some(75), ..Filter::default() };
        assert_eq!(with(filter.clone()), [30, 40, 50, 60, 70]);
        assert_eq!(with(Filter { max_turns: Some(1), ..filter.clone() }), [40, 50, 60, 70]);
        assert_eq!(with(Filter { only_by_rule: true, ..filter.clone() }), [30, 50, 60, 70]);
        let without_ids = BTreeSet::from(["q50".to_owned()]);
        assert_eq!(with(Filter { without_ids, ..filter }), [30, 40, 60, 70]);
        let ids = BTreeSet::from(["q7".to_owned(), "nobody".to_owned()]);
        let filter = Filter { ids, ..Filter::default() };
        assert_eq!(filter.unknown_ids(&items), ["nobody"]);
        assert_eq!(with(filter), [7]);
    }
}
