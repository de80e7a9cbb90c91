//! Owns the grid: models × items × repeats with how each trial ended. All figures are computed from it.

mod grades;
mod outcome;

use std::collections::BTreeMap;

use super::rule::Unanswered;
use super::wording;
use crate::dataset::variant::{Change, change_of, root_of};
use crate::dataset::{Item, ItemId};
use crate::provider::{Class, Completion, MicroDollars};
use crate::run::{Attempt, AttemptResult, Body, Entry, Journal, Plan, TrialId};
use crate::score::{Grade, Outcome};

/// Models × items × repeats. Holds no texts: those stay in the journals that [`Participant::run`] and
/// [`Row::run`] point to.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Who was asked.
    pub models: Vec<Participant>,
    /// What was asked.
    pub items: Vec<Row>,
    /// Names of the categories that occur, sorted; the empty one means none was given.
    pub categories: Vec<String>,
    /// Repeats of the run with most of them; at least one.
    pub n_repeats: usize,
    /// Which items the figures count.
    pub scope: Scope,
    /// Model by model, within it item by item, within it repeat by repeat.
    pub(super) cells: Vec<Cell>,
    /// Of answers that are held against a reference answer: the grade of each judge.
    pub(super) votes: BTreeMap<TrialId, Vec<Option<Grade>>>,
}

/// Which items figures count. A variant is no further question: counted beside its item it would weigh that one more, and
/// measure something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Items as they are, without their variants.
    #[default]
    Base,
    /// Variants with one kind of change alone.
    Variants(Change),
    /// Everything.
    All,
}

impl Scope {
    /// That of figures before the person chooses: variants count only where there is nothing else.
    pub(super) fn of(rows: &[Row]) -> Self {
        if rows.iter().all(|row| row.change.is_some()) { Self::All } else { Self::Base }
    }
}

/// A model of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// Unique within the grid.
    pub name: String,
    /// Its class, as planned or as the person changed it.
    pub class: Class,
    /// Index of its run among the journals of the grid.
    pub run: usize,
    /// Index into that run's [`Plan::models`].
    pub model: usize,
}

/// An item of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The item's id.
    pub id: ItemId,
    /// Index into [`Grid::categories`].
    pub category: usize,
    /// Index of the right option, where one of several is right.
    pub answer: Option<usize>,
    /// Index of a run that holds the item's text.
    pub run: usize,
    /// Index into that run's [`Plan::items`].
    pub item: usize,
    /// What is changed in it, where it is a [variant](crate::dataset::variant) of another.
    pub change: Option<Change>,
}

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Where it stands.
    pub state: State,
    /// The option that was read from the answer.
    pub choice: Option<usize>,
    /// Tries made so far, all rounds together.
    pub n_attempts: u32,
    /// How long the deciding try took, in milliseconds.
    pub took_millis: u64,
    /// Index of the deciding entry in its run's [`Journal::entries`].
    pub entry: Option<usize>,
    /// Whether the answer was taken from an earlier run.
    pub is_reused: bool,
    /// How it ended before a person changed that; `None` where nobody did.
    pub overruled: Option<Outcome>,
    /// What all tries cost, where that is known; `None` where nothing is known of any.
    pub cost: Option<MicroDollars>,
    /// What tries without a known cost may have cost at most, on top.
    pub may_have_cost: MicroDollars,
}

/// Where a trial stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The plan does not put this item to this model.
    Unassigned,
    /// Not ended: not asked yet, under way, opened anew, or never asked since the run was cancelled.
    NotAsked,
    /// Ended.
    Ended(Outcome),
}

impl Cell {
    pub(super) const UNASSIGNED: Self = Self {
        state: State::Unassigned,
        choice: None,
        n_attempts: 0,
        took_millis: 0,
        entry: None,
        is_reused: false,
        overruled: None,
        cost: None,
        may_have_cost: MicroDollars(0),
    };
    const NOT_ASKED: Self = Self { state: State::NotAsked, ..Self::UNASSIGNED };
}

impl Grid {
    /// The grid of one run.
    pub fn of(journal: &Journal) -> Self {
        let mut grid = Self::planned(&journal.plan);
        for (entry_idx, entry) in journal.entries.iter().enumerate() {
            grid.apply(&journal.plan, entry_idx, entry);
        }
        grid
    }

    /// The grid of a run before anything was asked.
    pub fn planned(plan: &Plan) -> Self {
        let categories = categories_of(plan.items.iter().map(|item| item.category.as_str()));
        let items: Vec<Row> = plan
            .items
            .iter()
            .enumerate()
            .map(|(idx, item)| Row {
                id: item.id.clone(),
                category: categories.get(item.category.as_str()).copied().unwrap_or(0),
                answer: item.choice().map(|choice| choice.answer),
                run: 0,
                item: idx,
                change: change_of(&item.id),
            })
            .collect();
        let models: Vec<Participant> = plan
            .models
            .iter()
            .enumerate()
            .map(|(idx, model)| Participant {
                name: wording::name(&model.name),
                class: model.class,
                run: 0,
                model: idx,
            })
            .collect();
        let n_repeats = usize::from(plan.n_repeats.max(1));
        let n_cells = models.len() * items.len() * n_repeats;
        let categories = categories.into_keys().map(wording::name).collect();
        let scope = Scope::of(&items);
        let cells = vec![Cell::NOT_ASKED; n_cells];
        let votes = BTreeMap::new();
        let mut grid = Self { models, items, categories, n_repeats, scope, cells, votes };
        grid.unassign(plan);
        grid
    }

    fn unassign(&mut self, plan: &Plan) {
        for (model, assigned) in plan.assigned.iter().enumerate().take(self.models.len()) {
            let Some(assigned) = assigned else { continue };
            let mut is_asked = vec![false; self.items.len()];
            for item in assigned {
                if let Some(asked) = is_asked.get_mut(*item) {
                    *asked = true;
                }
            }
            for (item, asked) in is_asked.into_iter().enumerate() {
                if !asked {
                    let start = self.index(model, item, 0);
                    self.cells[start..start + self.n_repeats].fill(Cell::UNASSIGNED);
                }
            }
        }
    }

    /// Takes in the next entry of the run that this grid was [planned](Self::planned) for, so that a live page need
    /// not start anew. Entries about trials that the plan does not have are passed over, and so are further answers
    /// to a trial that has ended: the first one stands until the person opens the trial anew.
    pub fn apply(&mut self, plan: &Plan, entry_idx: usize, entry: &Entry) {
        match &entry.body {
            Body::Attempt(attempt) => self.take_attempt(plan, entry_idx, attempt),
            Body::Retried { trials } => {
                for trial in trials {
                    if let Some(cell) = self.cell_of(*trial) {
                        *cell = Cell {
                            n_attempts: cell.n_attempts,
                            cost: cell.cost,
                            may_have_cost: cell.may_have_cost,
                            ..Cell::NOT_ASKED
                        };
                    }
                }
            }
            Body::Judgement(attempt) => self.take_judgement(plan, attempt),
            Body::Overruled(overruling) => self.take_overruling(plan, overruling),
            Body::JudgementsRetried { .. }
            | Body::Paused
            | Body::Resumed
            | Body::Cancelled
            | Body::Adapted { .. }
            | Body::BudgetSet { .. }
            | Body::BatchSent { .. }
            | Body::BatchEnded { .. } => {}
        }
    }

    fn take_attempt(&mut self, plan: &Plan, entry_idx: usize, attempt: &Attempt) {
        let item_idx = attempt.trial.item as usize;
        let Some(item) = plan.items.get(item_idx) else { return };
        let Some(cell) = self.cell_of(attempt.trial) else { return };
        if cell.state != State::NotAsked {
            return;
        }
        cell.n_attempts += 1;
        if let Some(spent) = attempt.spent() {
            cell.cost = Some(cell.cost.unwrap_or_default() + spent);
        }
        cell.may_have_cost = cell.may_have_cost + attempt.may_have_cost().unwrap_or_default();
        let Some((outcome, choice)) = end_of(item, &attempt.result) else { return };
        cell.state = State::Ended(outcome);
        cell.choice = choice;
        cell.took_millis = attempt.took_millis;
        cell.entry = Some(entry_idx);
        cell.is_reused = attempt.reused.is_some();
    }

    /// The cell of a trial of the plan, unless it was never assigned.
    fn cell_of(&mut self, trial: TrialId) -> Option<&mut Cell> {
        let (model, item) = (usize::from(trial.model), trial.item as usize);
        let repeat = usize::from(trial.repeat);
        if model >= self.models.len() || item >= self.items.len() || repeat >= self.n_repeats {
            return None;
        }
        let idx = self.index(model, item, repeat);
        self.cells.get_mut(idx).filter(|cell| cell.state != State::Unassigned)
    }

    /// Whether figures count this item. The index must be one of [`Self::items`].
    pub fn counts(&self, item: usize) -> bool {
        match self.scope {
            Scope::Base => self.items[item].change.is_none(),
            Scope::Variants(change) => self.items[item].change == Some(change),
            Scope::All => true,
        }
    }

    /// How many items the figures count.
    pub fn n_counted(&self) -> usize {
        (0..self.items.len()).filter(|item| self.counts(*item)).count()
    }

    /// The items that figures count, those that were made of the same item together: their answers resemble each other, as
    /// repeats do, and must not be taken for independent ones.
    pub(super) fn groups(&self) -> Groups {
        let counted = (0..self.items.len()).filter(|item| self.counts(*item));
        if self.scope == Scope::Base {
            return Groups { members: counted.map(|item| vec![item]).collect() };
        }
        let mut group_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut members: Vec<Vec<usize>> = vec![];
        for item in counted {
            let group = *group_of.entry(root_of(&self.items[item].id)).or_insert(members.len());
            match members.get_mut(group) {
                Some(group) => group.push(item),
                None => members.push(vec![item]),
            }
        }
        Groups { members }
    }

    /// The changes that its items have, in the order of [`Change::ALL`].
    pub fn changes(&self) -> Vec<Change> {
        let has = |change: &Change| self.items.iter().any(|row| row.change == Some(*change));
        Change::ALL.into_iter().filter(has).collect()
    }

    /// All repeats of one item put to one model. Indices must be those of [`Self::models`] and [`Self::items`].
    pub fn trials(&self, model: usize, item: usize) -> &[Cell] {
        let start = self.index(model, item, 0);
        &self.cells[start..start + self.n_repeats]
    }

    /// How many trials of a model on these items are right, and how many count.
    pub(super) fn count(&self, model: usize, items: &[usize], rule: Unanswered) -> (usize, usize) {
        let cells = items.iter().flat_map(|item| self.trials(model, *item));
        cells
            .filter_map(|cell| rule.right(cell.state))
            .fold((0, 0), |(right, n), is_right| (right + usize::from(is_right), n + 1))
    }

    /// All trials of a model, item by item.
    pub fn trials_of(&self, model: usize) -> impl Iterator<Item = &[Cell]> {
        let start = self.index(model, 0, 0);
        self.cells[start..start + self.items.len() * self.n_repeats].chunks(self.n_repeats)
    }

    /// Puts a model into another class, for all figures computed afterwards.
    pub fn set_class(&mut self, model: usize, class: Class) {
        if let Some(participant) = self.models.get_mut(model) {
            participant.class = class;
        }
    }

    fn index(&self, model: usize, item: usize, repeat: usize) -> usize {
        (model * self.items.len() + item) * self.n_repeats + repeat
    }
}

/// Items, those of one origin together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Groups {
    /// Indices into [`Grid::items`].
    pub(super) members: Vec<Vec<usize>>,
}

impl Groups {
    /// Whether each trial stands alone: no repeats, and no two items of one origin.
    pub(super) fn is_once(&self, grid: &Grid) -> bool {
        grid.n_repeats == 1 && self.members.iter().all(|members| members.len() == 1)
    }

    /// Right and counted trials of a model, group by group.
    pub(super) fn counts(
        &self,
        grid: &Grid,
        model: usize,
        rule: Unanswered,
    ) -> Vec<(usize, usize)> {
        self.members.iter().map(|members| grid.count(model, members, rule)).collect()
    }
}

impl Cell {
    /// The answer that decided the trial, if one did. `journal` is that of the participant's run.
    pub fn completion<'a>(&self, journal: &'a Journal) -> Option<&'a Completion> {
        match &journal.entries.get(self.entry?)?.body {
            Body::Attempt(attempt) => match &attempt.result {
                AttemptResult::Answered(completion)
                | AttemptResult::Recorded { completion, .. } => Some(completion),
                AttemptResult::WillRetry { .. } | AttemptResult::GaveUp { .. } => None,
            },
            _ => None,
        }
    }
}

/// The outcome of a try that ends its trial, and the option that was read.
fn end_of(item: &Item, result: &AttemptResult) -> Option<(Outcome, Option<usize>)> {
    match result {
        AttemptResult::Answered(completion) => Some(outcome::outcome_of(item, completion)),
        AttemptResult::Recorded { choice, outcome, .. } => Some((*outcome, *choice)),
        AttemptResult::GaveUp { .. } => Some((Outcome::Failed, None)),
        AttemptResult::WillRetry { .. } => None,
    }
}

/// Each name with its rank.
pub(super) fn categories_of<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut ranks: BTreeMap<&str, usize> = names.map(|name| (name, 0)).collect();
    for (rank, slot) in ranks.values_mut().enumerate() {
        *slot = rank;
    }
    ranks
}

#[cfg(test)]
mod tests;
