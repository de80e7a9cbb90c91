//! Owns the joining of several runs over the items that they share.

use std::collections::BTreeMap;

use super::grid::{Cell, Grid, Participant, Row, Scope, categories_of};
use crate::dataset::variant::change_of;
use crate::dataset::{Item, ItemId, Kind};
use crate::provider::Class;
use crate::run::Journal;

/// Several runs seen as one. Items are the same when id, question, options and right answer are the same, white
/// space aside.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Models and items of all runs. A model is unassigned on items that its run does not have.
    pub grid: Grid,
    /// Indices of the journals that were joined, in the order given; a run that was given twice is joined once.
    /// [`Participant::run`] and [`Row::run`] index the journals as given.
    pub runs: Vec<usize>,
    /// How many items are in all of the runs.
    pub n_shared: usize,
    /// Ids that stand for different questions, options or answers in different runs, sorted: those items were kept
    /// apart.
    pub conflicts: Vec<ItemId>,
}

impl Comparison {
    /// Joins runs.
    pub fn of(journals: &[&Journal]) -> Self {
        let grids: Vec<Grid> = journals.iter().map(|journal| Grid::of(journal)).collect();
        Self::join(journals, &grids)
    }

    /// Joins runs whose grids are at hand, in the same order.
    pub fn join(journals: &[&Journal], grids: &[Grid]) -> Self {
        let runs = distinct_runs(journals);
        let mut join = Join::default();
        for run in &runs {
            if let Some(journal) = journals.get(*run) {
                join.add_items(*run, &journal.plan.items);
            }
        }
        let n_shared = join.n_runs_of.iter().filter(|n| **n == runs.len()).count();
        let grid = join.grid(&runs, journals, grids);
        Self { grid, runs, n_shared, conflicts: join.conflicts() }
    }

    /// Of a grid that comes from no journal, such as that of a shared result.
    pub fn of_grid(grid: Grid) -> Self {
        Self { n_shared: grid.items.len(), grid, runs: vec![0], conflicts: vec![] }
    }

    /// Puts a model into another class.
    pub fn set_class(&mut self, model: usize, class: Class) {
        self.grid.set_class(model, class);
    }
}

/// Indices of the first occurrence of each run.
fn distinct_runs(journals: &[&Journal]) -> Vec<usize> {
    let mut seen: Vec<&str> = Vec::new();
    let mut runs = Vec::new();
    for (idx, journal) in journals.iter().enumerate() {
        let run_id = journal.plan.run_id.as_str();
        if !seen.contains(&run_id) {
            seen.push(run_id);
            runs.push(idx);
        }
    }
    runs
}

#[derive(Default)]
struct Join<'a> {
    /// Joined items by id.
    known: BTreeMap<&'a str, Vec<usize>>,
    /// For each joined item, a run and the index of the item in it.
    homes: Vec<(usize, usize, &'a Item)>,
    n_runs_of: Vec<usize>,
    /// For each joined item, the last run that it was seen in: within a run every item is an item of its own.
    last_run_of: Vec<usize>,
    /// For each run, the joined item of each of its items.
    joined_of: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Join<'a> {
    fn add_items(&mut self, run: usize, items: &'a [Item]) {
        let mut joined = Vec::with_capacity(items.len());
        for (idx, item) in items.iter().enumerate() {
            let same_id = self.known.entry(&item.id.0).or_default();
            let known = same_id.iter().copied().find(|known| {
                self.last_run_of[*known] != run && is_same(self.homes[*known].2, item)
            });
            if let Some(known) = known {
                self.n_runs_of[known] += 1;
                self.last_run_of[known] = run;
                joined.push(known);
            } else {
                let new = self.homes.len();
                same_id.push(new);
                self.homes.push((run, idx, item));
                self.n_runs_of.push(1);
                self.last_run_of.push(run);
                joined.push(new);
            }
        }
        self.joined_of.insert(run, joined);
    }

    fn conflicts(&self) -> Vec<ItemId> {
        let differ = |idxs: &[usize]| match idxs {
            [first, rest @ ..] => {
                rest.iter().any(|other| !is_same(self.homes[*first].2, self.homes[*other].2))
            }
            [] => false,
        };
        let conflicting = self.known.iter().filter(|(_, idxs)| differ(idxs));
        conflicting.map(|(id, _)| ItemId((*id).to_owned())).collect()
    }

    fn grid(&self, runs: &[usize], journals: &[&Journal], grids: &[Grid]) -> Grid {
        let categories =
            categories_of(self.homes.iter().map(|(_, _, item)| item.category.as_str()));
        let items: Vec<Row> = self
            .homes
            .iter()
            .map(|(run, idx, item)| Row {
                id: item.id.clone(),
                category: categories.get(item.category.as_str()).copied().unwrap_or(0),
                answer: item.choice().map(|choice| choice.answer),
                run: *run,
                item: *idx,
                change: change_of(&item.id),
            })
            .collect();
        let given = || runs.iter().filter_map(|run| Some((*run, grids.get(*run)?)));
        let n_repeats = given().map(|(_, grid)| grid.n_repeats).max().unwrap_or(1);
        let mut models = Vec::new();
        let mut cells = Vec::new();
        for (run, grid) in given() {
            let joined = self.joined_of.get(&run).map_or(&[][..], Vec::as_slice);
            for (model, participant) in grid.models.iter().enumerate() {
                let start = cells.len();
                cells.resize(start + items.len() * n_repeats, Cell::UNASSIGNED);
                for (own, target) in joined.iter().enumerate() {
                    let at = start + target * n_repeats;
                    cells[at..at + grid.n_repeats].copy_from_slice(grid.trials(model, own));
                }
                models.push(Participant { run, ..participant.clone() });
            }
        }
        name_apart(&mut models, journals);
        let categories = categories.into_keys().map(super::wording::name).collect();
        let scope = Scope::of(&items);
        let votes = BTreeMap::new();
        Grid { models, items, categories, n_repeats, scope, cells, votes }
    }
}

/// Adds the run's title to names that several runs use, and a number where that does not help either.
fn name_apart(models: &mut [Participant], journals: &[&Journal]) {
    let is_shared = |name: &str, models: &[Participant]| {
        models.iter().filter(|model| model.name == name).count() > 1
    };
    let shared: Vec<bool> = models.iter().map(|model| is_shared(&model.name, models)).collect();
    for (model, shared) in models.iter_mut().zip(shared) {
        if let Some(journal) = journals.get(model.run).filter(|_| shared) {
            model.name = format!("{} ({})", model.name, journal.plan.title);
        }
    }
    for idx in 0..models.len() {
        let plain = models[idx].name.clone();
        let mut n = 1;
        while models[..idx].iter().any(|other| other.name == models[idx].name) {
            n += 1;
            models[idx].name = format!("{plain} #{n}");
        }
    }
}

/// Whether two items of the same id ask and score the same. The context is not compared: exports often lack it.
fn is_same(a: &Item, b: &Item) -> bool {
    let is_same_kind = match (&a.kind, &b.kind) {
        // Exports from elsewhere differ in the white space of options.
        (Kind::Choice(a), Kind::Choice(b)) => a.answer == b.answer,
        (a, b) => a == b,
    };
    is_same_kind
        && is_same_text(&a.question, &b.question)
        && a.turns == b.turns
        && a.options().len() == b.options().len()
        && a.options().iter().zip(b.options()).all(|(a, b)| is_same_text(a, b))
}

/// Whether two texts have the same words, whatever white space is between them.
fn is_same_text(a: &str, b: &str) -> bool {
    a == b || a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
mod tests;
