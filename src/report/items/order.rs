//! Owns the order of listed items, their groups, and the limits of their length.

use std::cmp::Ordering;

use super::{is_right, mark_of};
use crate::dataset::Item;
use crate::report::grid::{Grid, State};
use crate::report::rule::Unanswered;
use crate::run::Journal;
use crate::score::Outcome;

/// What items are sorted by. Items that are equal in it stay in the order of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Their place in the plan.
    #[default]
    Plan,
    /// The question's text, whatever its case.
    Question,
    /// The category's name.
    Category,
    /// Characters of the question.
    Length,
    /// How many models were right.
    NRight,
    /// How this model's answer ended: right first.
    Model(usize),
}

/// An order of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// By what.
    pub by: By,
    /// Whether the last comes first.
    pub is_descending: bool,
}

impl Order {
    /// As it stands in an address: `question`, `length-down`, `model-2`; empty for the order of the plan.
    pub fn name(self) -> String {
        let by = match self.by {
            By::Plan => "plan".to_owned(),
            By::Question => "question".to_owned(),
            By::Category => "category".to_owned(),
            By::Length => "length".to_owned(),
            By::NRight => "right".to_owned(),
            By::Model(model) => format!("model-{model}"),
        };
        match (self.by, self.is_descending) {
            (By::Plan, false) => String::new(),
            (_, false) => by,
            (_, true) => format!("{by}-down"),
        }
    }

    /// Reads [`Self::name`]; what is not understood, or names a model that is not there, is the order of the plan.
    pub fn of(name: &str, n_models: usize) -> Self {
        let (by, is_descending) = match name.strip_suffix("-down") {
            Some(by) => (by, true),
            None => (name, false),
        };
        let by = match by {
            "plan" => By::Plan,
            "question" => By::Question,
            "category" => By::Category,
            "length" => By::Length,
            "right" => By::NRight,
            other => {
                let model = other.strip_prefix("model-").and_then(|idx| idx.parse().ok());
                match model.filter(|idx| *idx < n_models) {
                    Some(idx) => By::Model(idx),
                    None => return Self::default(),
                }
            }
        };
        Self { by, is_descending }
    }

    /// The order that a click on a column's head asks for: by that column, and at the second click the other way round.
    #[must_use]
    pub fn clicked(self, by: By) -> Self {
        Self { by, is_descending: self.by == by && !self.is_descending }
    }
}

fn item_of<'a>(grid: &Grid, journals: &[&'a Journal], row: usize) -> Option<&'a Item> {
    let row = grid.items.get(row)?;
    journals.get(row.run)?.plan.items.get(row.item)
}

/// Characters of a question.
fn n_chars(grid: &Grid, journals: &[&Journal], row: usize) -> usize {
    item_of(grid, journals, row).map_or(0, |item| item.question.chars().count())
}

/// How many models got an item right, under the rule.
fn n_right(grid: &Grid, row: usize, rule: Unanswered) -> usize {
    let rights = (0..grid.models.len()).filter_map(|model| is_right(grid.trials(model, row), rule));
    rights.filter(|right| *right).count()
}

/// Puts listed items, indices into [`Grid::items`], into an order. `journals` are those that the grid was made from.
pub fn ordered(
    grid: &Grid,
    journals: &[&Journal],
    mut listed: Vec<usize>,
    order: Order,
    rule: Unanswered,
) -> Vec<usize> {
    match order.by {
        By::Plan => {}
        By::Question => {
            let text = |row: usize| {
                item_of(grid, journals, row).map_or("", |item| item.question.trim_start())
            };
            listed.sort_by(|a, b| folded(text(*a), text(*b)));
        }
        By::Category => {
            let category = |row: &usize| grid.items.get(*row).map(|row| row.category);
            listed.sort_by_key(category);
        }
        By::Length => listed.sort_by_cached_key(|row| n_chars(grid, journals, *row)),
        By::NRight => listed.sort_by_cached_key(|row| n_right(grid, *row, rule)),
        By::Model(model) => {
            listed.sort_by_cached_key(|row| {
                let mark = mark_of(grid.trials(model, *row));
                (place_of(mark.state), usize::MAX - mark.n_right, mark.choice)
            });
        }
    }
    if order.is_descending {
        listed.reverse();
    }
    listed
}

/// By letters without regard to the case of ASCII, which needs no copies.
fn folded(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

fn place_of(state: State) -> u8 {
    match state {
        State::Ended(outcome) => match outcome {
            Outcome::Correct => 0,
            Outcome::Partial => 1,
            Outcome::Incorrect => 2,
            Outcome::Refused => 3,
            Outcome::Unreadable => 4,
            Outcome::Truncated => 5,
            Outcome::Failed => 6,
            Outcome::Unscored => 7,
        },
        State::NotAsked => 8,
        State::Unassigned => 9,
    }
}

/// What listed items are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// Not at all.
    #[default]
    None,
    /// Their category.
    Category,
    /// How many models were right, the fewest first.
    NRight,
}

impl Grouping {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::None, Self::Category, Self::NRight];

    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Category => "category",
            Self::NRight => "right",
        }
    }

    /// Reads [`Self::name`]; what is not understood is no grouping.
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.name() == name).unwrap_or_default()
    }
}

/// A group of listed items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A category's index, or how many models were right.
    pub key: usize,
    /// How many items it has.
    pub n: usize,
}

/// Rows of a table: items and the headings of their groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Indices into [`Grid::items`]; from [`Self::n_items`] on, headings of groups.
    pub rows: Vec<usize>,
    /// The groups in the order of their headings.
    pub groups: Vec<Group>,
    /// How many items the grid has: a row below that is an item.
    pub n_items: usize,
}

impl Listing {
    /// Parts ordered items into groups; within each they stay as they are.
    pub fn of(grid: &Grid, listed: Vec<usize>, grouping: Grouping, rule: Unanswered) -> Self {
        let n_items = grid.items.len();
        let n_keys = match grouping {
            Grouping::None => return Self { rows: listed, groups: vec![], n_items },
            Grouping::Category => grid.categories.len(),
            Grouping::NRight => grid.models.len() + 1,
        };
        let mut members: Vec<Vec<usize>> = vec![vec![]; n_keys];
        for row in listed {
            let key = match grouping {
                Grouping::None => 0,
                Grouping::Category => grid.items.get(row).map_or(0, |row| row.category),
                Grouping::NRight => n_right(grid, row, rule),
            };
            if let Some(members) = members.get_mut(key) {
                members.push(row);
            }
        }
        let (mut rows, mut groups) = (vec![], vec![]);
        for (key, members) in members.into_iter().enumerate().filter(|(_, one)| !one.is_empty()) {
            rows.push(n_items + groups.len());
            groups.push(Group { key, n: members.len() });
            rows.extend(members);
        }
        Self { rows, groups, n_items }
    }

    /// The group whose heading this row is; `None` for an item.
    pub fn group(&self, row: usize) -> Option<&Group> {
        self.groups.get(row.checked_sub(self.n_items)?)
    }

    /// How many items are listed.
    pub fn n_listed(&self) -> usize {
        self.rows.len() - self.groups.len()
    }

    /// The item that comes so many items behind this one, or before it.
    pub fn beside(&self, row: usize, step: isize) -> Option<usize> {
        let mut place = self.rows.iter().position(|other| *other == row)?;
        loop {
            place = place.checked_add_signed(step)?;
            let found = *self.rows.get(place)?;
            if found < self.n_items {
                return Some(found);
            }
        }
    }
}

/// Limits of a question's length in characters, both included, as they stand in an address: `200-500`, `-200`, `1000-`. What
/// is not understood limits nothing.
pub fn limits(name: &str) -> Option<(usize, usize)> {
    let (low, high) = name.split_once('-')?;
    let read = |text: &str, if_empty: usize| {
        if text.is_empty() { Some(if_empty) } else { text.parse().ok() }
    };
    Some((read(low, 0)?, read(high, usize::MAX)?))
}

/// Those of the listed items whose questions keep to these limits.
pub fn within(
    grid: &Grid,
    journals: &[&Journal],
    mut listed: Vec<usize>,
    (low, high): (usize, usize),
) -> Vec<usize> {
    listed.retain(|row| (low..=high).contains(&n_chars(grid, journals, *row)));
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    fn run() -> Journal {
        let general = Class::GeneralPurpose;
        let mut run = journal("a", &[("m", general, &["circ"]), ("n", general, &["cci-"])]);
        for (item, question) in run.plan.items.iter_mut().zip(["b", "A", "ccc", "a long one"]) {
            item.question = question.to_owned();
        }
        run
    }

    fn by(by: By, is_descending: bool) -> Vec<usize> {
        let run = run();
        let order = Order { by, is_descending };
        ordered(&Grid::of(&run), &[&run], (0..4).collect(), order, Unanswered::CountedWrong)
    }

    #[test]
    fn items_are_sorted_by_each_column() {
        assert_eq!(by(By::Plan, true), [3, 2, 1, 0]);
        assert_eq!(by(By::Question, false), [1, 3, 0, 2]);
        assert_eq!(by(By::Length, true), [3, 2, 1, 0]);
        assert_eq!(by(By::Category, false), [0, 2, 1, 3]);
        assert_eq!(by(By::NRight, false), [2, 1, 3, 0]);
        assert_eq!(by(By::Model(0), false), [0, 3, 1, 2]);
    }

    #[test]
    fn orders_survive_their_names() {
        for by in [By::Plan, By::Question, By::Category, By::Length, By::NRight, By::Model(1)] {
            for is_descending in [false, true] {
                let order = Order { by, is_descending };
                assert_eq!(Order::of(&order.name(), 2), order);
            }
        }
        assert_eq!(Order::of("model-2", 2), Order::default());
        assert_eq!(Order::of("<script>", 2), Order::default());
        let order = Order::default().clicked(By::Length);
        assert!(!order.is_descending && order.clicked(By::Length).is_descending);
        assert!(!order.clicked(By::Length).clicked(By::Question).is_descending);
    }

    #[test]
    fn groups_have_headings_that_are_passed_over_from_item_to_item() {
        let run = run();
        let grid = Grid::of(&run);
        let rule = Unanswered::CountedWrong;
        let listing = Listing::of(&grid, vec![3, 0, 1, 2], Grouping::Category, rule);
        assert_eq!(listing.rows, [4, 0, 2, 5, 3, 1]);
        assert_eq!(listing.group(5), Some(&Group { key: 1, n: 2 }));
        assert_eq!((listing.group(3), listing.n_listed()), (None, 4));
        assert_eq!((listing.beside(2, 1), listing.beside(3, -1)), (Some(3), Some(2)));
        assert_eq!((listing.beside(0, -1), listing.beside(1, 1)), (None, None));
        let listing = Listing::of(&grid, vec![0, 1, 2, 3], Grouping::NRight, rule);
        assert_eq!(listing.rows, [4, 2, 5, 1, 3, 6, 0]);
        assert_eq!(Listing::of(&grid, vec![1], Grouping::None, rule).rows, [1]);
        for grouping in Grouping::ALL {
            assert_eq!(Grouping::of(grouping.name()), grouping);
        }
    }

    #[test]
    fn lengths_are_limited_as_the_address_says() {
        let run = run();
        let grid = Grid::of(&run);
        let left = |name: &str| {
            limits(name).map(|limits| within(&grid, &[&run], (0..4).collect(), limits))
        };
        assert_eq!(left("2-5"), Some(vec![2]));
        assert_eq!(left("-1"), Some(vec![0, 1]));
        assert_eq!(left("4-"), Some(vec![3]));
        assert_eq!((left(""), left("x-y"), left("<script>")), (None, None, None));
    }
}
