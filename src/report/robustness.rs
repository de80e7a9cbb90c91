//! Owns what variants do to a model: its answers to them beside its answers to the same items as they are.

use std::collections::BTreeMap;

use super::CONFIDENCE;
use super::grid::{Grid, State};
use super::rule::Unanswered;
use crate::dataset::variant::{Change, root_of};
use crate::stats::Interval;
use crate::stats::paired::{Fourfold, mean_difference};

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
}

/// What each kind of variants does to each model, by kind in the order of [`Grid::changes`], then by model. Whatever the
/// [scope](Grid::scope) of the figures.
pub fn shifts(grid: &Grid, rule: Unanswered) -> Vec<Shift> {
    let mut originals: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (item, row) in grid.items.iter().enumerate().filter(|(_, row)| row.change.is_none()) {
        originals.entry(&row.id.0).or_default().push(item);
    }
    let mut shifts = vec![];
    for change in grid.changes() {
        let mut variants: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (item, row) in grid.items.iter().enumerate() {
            if row.change == Some(change) {
                variants.entry(root_of(&row.id)).or_default().push(item);
            }
        }
        let of =
            |root: &&str| Some((originals.get(*root)?.as_slice(), variants.get(*root)?.as_slice()));
        let both: Vec<(&[usize], &[usize])> = variants.keys().filter_map(of).collect();
        shifts.extend(
            (0..grid.models.len()).filter_map(|model| shift_of(grid, rule, change, model, &both)),
        );
    }
    shifts
}

fn shift_of(
    grid: &Grid,
    rule: Unanswered,
    change: Change,
    model: usize,
    both: &[(&[usize], &[usize])],
) -> Option<Shift> {
    // Where files conflict, an id stands for several items, of which a model was asked one.
    let asked = |items: &[usize]| -> Vec<usize> {
        let is_asked = |item: &usize| {
            grid.trials(model, *item).iter().any(|cell| cell.state != State::Unassigned)
        };
        items.iter().copied().filter(is_asked).collect()
    };
    let count = |items: &[usize]| grid.count(model, &asked(items), rule);
    let counts: Vec<[(usize, usize); 2]> = both
        .iter()
        .map(|(original, variants)| [count(original), count(variants)])
        .filter(|[(_, n_original), (_, n_changed)]| 0 < *n_original && 0 < *n_changed)
        .collect();
    let n_items = counts.len();
    if n_items == 0 {
        return None;
    }
    let share = |(right, n): (usize, usize)| right as f64 / n as f64;
    let mean = |of: usize| counts.iter().map(|both| share(both[of])).sum::<f64>() / n_items as f64;
    let differences: Vec<f64> =
        counts.iter().map(|[original, changed]| share(*changed) - share(*original)).collect();
    let is_once = counts.iter().flatten().all(|(_, n)| *n == 1);
    let interval = if is_once {
        let mut table = Fourfold::default();
        for [(original, _), (changed, _)] in &counts {
            table.add([0 < *changed, 0 < *original]);
        }
        Some(table.newcombe(CONFIDENCE))
    } else {
        let interval = mean_difference(&differences, CONFIDENCE)?.interval;
        // Where all differ alike, the spread cannot be seen: that is no certainty.
        interval.filter(|found| found.low < found.high).map(|found| found.within(-1.0, 1.0))
    };
    let (as_they_are, changed) = (mean(0), mean(1));
    let difference = differences.iter().sum::<f64>() / n_items as f64;
    Some(Shift { change, model, n_items, as_they_are, changed, difference, interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::ItemId;
    use crate::provider::Class;
    use crate::report::Scope;
    use crate::run::fixture::journal;

    const COUNTED: Unanswered = Unanswered::CountedWrong;

    fn grid(ids: &[&str], repeats: &[&str]) -> Grid {
        let mut journal = journal("a", &[("m", Class::GeneralPurpose, repeats)]);
        for (item, id) in journal.plan.items.iter_mut().zip(ids) {
            item.id = ItemId((*id).to_owned());
        }
        Grid::of(&journal)
    }

    #[test]
    fn variants_are_held_against_the_very_items_that_they_were_made_of() {
        // q0: right, right; q1: right, wrong; q2: right, refused; q3 has no variant; q4's is not asked yet.
        let ids = ["q0", "q0~none", "q1", "q1~none", "q2", "q2~none", "q3", "q4", "q4~none"];
        let mut grid = grid(&ids, &["cccicric-"]);
        let [shift] = shifts(&grid, COUNTED)[..] else { panic!() };
        assert_eq!((shift.change, shift.n_items), (Change::NoneOfTheOthers, 3));
        assert!((shift.as_they_are - 1.0).abs() < 1e-12);
        assert!((shift.changed - 1.0 / 3.0).abs() < 1e-12);
        assert!((shift.difference + 2.0 / 3.0).abs() < 1e-12);
        let table = Fourfold { both: 1, first_only: 0, second_only: 2, neither: 0 };
        assert_eq!(shift.interval, Some(table.newcombe(CONFIDENCE)));
        // Set aside, the refused one is gone together with its original.
        let [shift] = shifts(&grid, Unanswered::SetAside)[..] else { panic!() };
        assert_eq!((shift.n_items, shift.difference), (2, -0.5));
        grid.scope = Scope::Variants(Change::NoneOfTheOthers);
        assert_eq!(shifts(&grid, Unanswered::SetAside), [shift]);
    }

    #[test]
    fn several_variants_and_repeats_of_an_item_give_one_difference() {
        let ids = ["q0", "q0~rot1", "q0~rot2", "q1", "q1~rot1", "q1~rot2", "q2", "q2~rot1"];
        let grid = grid(&ids, &["ccicciic", "cciccicc"]);
        let [shift] = shifts(&grid, COUNTED)[..] else { panic!() };
        // q0: 1 and 2/4; q1: 1 and 3/4 … and q2: 1/2 and 2/2.
        let differences = [0.5 - 1.0, 0.5 - 1.0, 1.0 - 0.5];
        let expected = mean_difference(&differences, CONFIDENCE).unwrap();
        assert_eq!(shift.n_items, 3);
        assert!((shift.difference - expected.mean).abs() < 1e-12, "{shift:?}");
        assert_eq!(shift.interval, expected.interval.map(|interval| interval.within(-1.0, 1.0)));
    }

    #[test]
    fn where_nothing_differs_no_range_is_claimed() {
        let ids = ["q0", "q0~rot1", "q0~rot2", "q1", "q1~rot1", "q1~rot2"];
        let [shift] = shifts(&grid(&ids, &["cccccc"]), COUNTED)[..] else { panic!() };
        assert_eq!((shift.difference, shift.interval), (0.0, None));
        let once = shifts(&grid(&["q0", "q0~lay", "q1", "q1~lay"], &["cccc"]), COUNTED)[0];
        assert!(once.interval.is_some_and(|range| range.low < -0.3 && 0.3 < range.high));
        assert!(shifts(&grid(&["q0", "q1"], &["cc"]), COUNTED).is_empty());
    }
}
