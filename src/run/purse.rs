//! Owns the hard budget of a run: what is spent, may be spent and is reserved, and whether one more call fits.

use super::cost::Spending;
use crate::provider::MicroDollars;

/// Whether a call may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Whatever the calls under way cost, this one fits.
    Fits,
    /// It fits if calls under way cost less than they may.
    Later,
    /// It can no longer fit.
    Never,
}

/// The money of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Purse {
    spending: Spending,
}

impl Purse {
    pub(super) fn new(budget: Option<MicroDollars>) -> Self {
        Self { spending: Spending { budget, ..Spending::default() } }
    }

    pub(super) fn spending(&self) -> Spending {
        self.spending
    }

    pub(super) fn set_budget(&mut self, budget: Option<MicroDollars>) {
        self.spending.budget = budget;
    }

    pub(super) fn has_budget(&self) -> bool {
        self.spending.budget.is_some()
    }

    /// Whether there is room for a call that costs `ceiling` at most. What costs nothing always fits.
    pub(super) fn room(&self, ceiling: MicroDollars) -> Room {
        let Some(budget) = self.spending.budget else { return Room::Fits };
        let gone = self.spending.spent + self.spending.may_have_cost;
        if ceiling == MicroDollars(0) || gone + self.spending.reserved + ceiling <= budget {
            Room::Fits
        } else if gone + ceiling <= budget {
            Room::Later
        } else {
            Room::Never
        }
    }

    pub(super) fn reserve(&mut self, ceiling: MicroDollars) {
        self.spending.reserved = self.spending.reserved + ceiling;
    }

    pub(super) fn release(&mut self, ceiling: MicroDollars) {
        self.spending.reserved = self.spending.reserved.less(ceiling);
    }

    /// Books a try as it is journaled: what it cost, and what it may have cost where no more is known.
    pub(super) fn book(
        &mut self,
        spent: Option<MicroDollars>,
        may_have_cost: Option<MicroDollars>,
    ) {
        self.spending.spent = self.spending.spent + spent.unwrap_or_default();
        self.spending.may_have_cost =
            self.spending.may_have_cost + may_have_cost.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_what_neither_spent_nor_reserved_money_takes() {
        let mut purse = Purse::new(Some(MicroDollars(100)));
        assert_eq!(purse.room(MicroDollars(100)), Room::Fits);
        assert_eq!(purse.room(MicroDollars(101)), Room::Never);
        purse.reserve(MicroDollars(60));
        assert_eq!(purse.room(MicroDollars(40)), Room::Fits);
        assert_eq!(purse.room(MicroDollars(41)), Room::Later);
        purse.release(MicroDollars(60));
        assert_eq!(purse.room(MicroDollars(100)), Room::Fits);
        purse.set_budget(None);
        assert_eq!(purse.room(MicroDollars(u64::MAX)), Room::Fits);
    }

    #[test]
    fn a_budget_below_what_is_spent_leaves_room_for_nothing_but_what_is_free() {
        let mut purse = Purse::new(Some(MicroDollars(0)));
        purse.reserve(MicroDollars(5));
        assert_eq!(purse.room(MicroDollars(1)), Room::Never);
        assert_eq!(purse.room(MicroDollars(0)), Room::Fits);
    }
}
