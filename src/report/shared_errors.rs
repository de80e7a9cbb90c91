//! Owns who is wrong together: whether models fail on the same items, and with the same wrong answer.

use super::grid::Grid;
use super::items::mark;
use super::leaderboard::count;
use super::rule::Unanswered;

/// Two models on the items that count for both. With repeats, an item is right when more than half of its trials are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Items that count for both.
    pub n_items: usize,
    /// On which both are right or both are not.
    pub n_agree: usize,
    /// Not right in the first.
    pub n_first_wrong: usize,
    /// Not right in the second.
    pub n_second_wrong: usize,
    /// Not right in either.
    pub n_both_wrong: usize,
    /// Of those, with the same option chosen by both.
    pub n_same_wrong: usize,
}

impl Overlap {
    /// Share of items on which both are right or both are not.
    pub fn agreement(&self) -> f64 {
        share(self.n_agree, self.n_items)
    }

    /// How many items both would get wrong if their errors had nothing to do with each other.
    pub fn expected_both_wrong(&self) -> f64 {
        self.n_first_wrong as f64 * share(self.n_second_wrong, self.n_items)
    }

    /// When one of the two is wrong, how often the other is too: both wrong over at least one wrong.
    pub fn shared_errors(&self) -> f64 {
        share(self.n_both_wrong, self.n_first_wrong + self.n_second_wrong - self.n_both_wrong)
    }
}

fn share(n: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { n as f64 / of as f64 }
}

/// All pairs of models.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedErrors {
    /// By index into [`Grid::models`], twice.
    pub overlaps: Vec<Vec<Overlap>>,
    /// Items that no model got right, and that at least two were asked: indices into [`Grid::items`], ascending.
    pub wrong_for_all: Vec<usize>,
}

/// Who is wrong together.
pub fn shared_errors(grid: &Grid, rule: Unanswered) -> SharedErrors {
    let n_models = grid.models.len();
    let right: Vec<Vec<Option<bool>>> = (0..n_models)
        .map(|model| (0..grid.items.len()).map(|item| is_right(grid, model, item, rule)).collect())
        .collect();
    let overlaps = (0..n_models)
        .map(|first| (0..n_models).map(|second| overlap(grid, &right, first, second)).collect())
        .collect();
    let wrong_for_all = (0..grid.items.len())
        .filter(|item| {
            let mut n_asked = 0;
            let none_right = right.iter().filter_map(|of_model| of_model[*item]).all(|right| {
                n_asked += 1;
                !right
            });
            none_right && 1 < n_asked
        })
        .collect();
    SharedErrors { overlaps, wrong_for_all }
}

fn is_right(grid: &Grid, model: usize, item: usize, rule: Unanswered) -> Option<bool> {
    let (right, n) = count(rule, grid.trials(model, item));
    (n > 0 && grid.counts(item)).then_some(n < 2 * right)
}

fn overlap(grid: &Grid, right: &[Vec<Option<bool>>], first: usize, second: usize) -> Overlap {
    let mut found = Overlap {
        n_items: 0,
        n_agree: 0,
        n_first_wrong: 0,
        n_second_wrong: 0,
        n_both_wrong: 0,
        n_same_wrong: 0,
    };
    for (item, (one, other)) in right[first].iter().zip(&right[second]).enumerate() {
        let (Some(one), Some(other)) = (*one, *other) else { continue };
        found.n_items += 1;
        found.n_agree += usize::from(one == other);
        found.n_first_wrong += usize::from(!one);
        found.n_second_wrong += usize::from(!other);
        if !one && !other {
            found.n_both_wrong += 1;
            let choice = |model| mark(grid, model, item).choice;
            found.n_same_wrong +=
                usize::from(choice(first).is_some() && choice(first) == choice(second));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn overlaps_by_hand() {
        let class = Class::GeneralPurpose;
        let run = journal("a", &[("m", class, &["ciiir"]), ("n", class, &["ciuci"])]);
        let found = shared_errors(&Grid::of(&run), Unanswered::CountedWrong);
        let of = found.overlaps[0][1];
        let known = Overlap {
            n_items: 5,
            n_agree: 4,
            n_first_wrong: 4,
            n_second_wrong: 3,
            n_both_wrong: 3,
            n_same_wrong: 1,
        };
        assert_eq!(of, known);
        assert!((of.expected_both_wrong() - 2.4).abs() < 1e-12);
        assert!((of.shared_errors() - 0.75).abs() < 1e-12);
        assert_eq!(found.wrong_for_all, [1, 2, 4]);
        let aside = shared_errors(&Grid::of(&run), Unanswered::SetAside);
        assert_eq!((aside.overlaps[0][1].n_items, aside.wrong_for_all), (3, vec![1]));
        let own = found.overlaps[0][0];
        assert_eq!((own.n_agree, own.n_both_wrong), (5, 4));
    }
}
