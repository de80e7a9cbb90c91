//! Owns what counts as right, as wrong, and as missing.

use super::grid::{Cell, State};
use crate::score::Outcome;

/// What to do with trials that ended without a readable answer. Every figure is shown under both rules.
///
/// | state | counted wrong | set aside |
/// |---|---|---|
/// | correct | right | right |
/// | incorrect, partial | not right | not right |
/// | refused, unreadable, truncated, failed | not right | left out |
/// | unscored, not asked, unassigned | left out | left out |
///
/// A failed trial (no answer came after all tries) is the model's under the first rule only: whoever relies on it
/// would have had no answer. What was never asked or never scored says nothing of the model and is never counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unanswered {
    /// No readable answer is as bad as a wrong one.
    #[default]
    CountedWrong,
    /// Only readable answers are counted.
    SetAside,
}

impl Unanswered {
    /// Both rules, the one that is shown first in front.
    pub const ALL: [Self; 2] = [Self::CountedWrong, Self::SetAside];

    /// Whether a trial counts as right; `None` when it is left out.
    pub fn right(self, state: State) -> Option<bool> {
        let State::Ended(outcome) = state else { return None };
        match outcome {
            Outcome::Correct => Some(true),
            Outcome::Incorrect | Outcome::Partial => Some(false),
            Outcome::Refused | Outcome::Unreadable | Outcome::Truncated | Outcome::Failed => {
                (self == Self::CountedWrong).then_some(false)
            }
            Outcome::Unscored => None,
        }
    }
}

/// How many trials ended how. The planned ones are the sum of all counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Right.
    pub correct: usize,
    /// Wrong.
    pub incorrect: usize,
    /// Right in part.
    pub partial: usize,
    /// Declined.
    pub refused: usize,
    /// No single final answer could be read.
    pub unreadable: usize,
    /// Cut off before an answer.
    pub truncated: usize,
    /// No answer came.
    pub failed: usize,
    /// Answered and not scored.
    pub unscored: usize,
    /// Planned and not ended: not asked yet, under way, or cancelled.
    pub not_asked: usize,
}

impl Tally {
    /// Counts trials, such as all of a model.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut tally = Self::default();
        for cell in cells {
            tally.add(cell.state);
        }
        tally
    }

    /// Counts one trial; an unassigned one is none.
    pub fn add(&mut self, state: State) {
        if let Some(count) = self.count_mut(state) {
            *count += 1;
        }
    }

    /// Takes back one trial that was counted.
    pub fn remove(&mut self, state: State) {
        if let Some(count) = self.count_mut(state) {
            *count = count.saturating_sub(1);
        }
    }

    /// Trials that ended, in whatever way.
    pub fn asked(&self) -> usize {
        self.answered() + self.unanswered() + self.unscored
    }

    /// Trials with a readable answer.
    pub fn answered(&self) -> usize {
        self.correct + self.incorrect + self.partial
    }

    /// Trials that ended without a readable answer: what the two rules differ in.
    pub fn unanswered(&self) -> usize {
        self.refused + self.unreadable + self.truncated + self.failed
    }

    /// Trials that the plan foresees.
    pub fn planned(&self) -> usize {
        self.asked() + self.not_asked
    }

    fn count_mut(&mut self, state: State) -> Option<&mut usize> {
        Some(match state {
            State::Unassigned => return None,
            State::NotAsked => &mut self.not_asked,
            State::Ended(outcome) => match outcome {
                Outcome::Correct => &mut self.correct,
                Outcome::Incorrect => &mut self.incorrect,
                Outcome::Partial => &mut self.partial,
                Outcome::Refused => &mut self.refused,
                Outcome::Unreadable => &mut self.unreadable,
                Outcome::Truncated => &mut self.truncated,
                Outcome::Failed => &mut self.failed,
                Outcome::Unscored => &mut self.unscored,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_never_wrong_and_what_failed_is_wrong_under_one_rule_only() {
        for rule in Unanswered::ALL {
            assert_eq!(rule.right(State::NotAsked), None);
            assert_eq!(rule.right(State::Unassigned), None);
            assert_eq!(rule.right(State::Ended(Outcome::Unscored)), None);
            assert_eq!(rule.right(State::Ended(Outcome::Correct)), Some(true));
            assert_eq!(rule.right(State::Ended(Outcome::Incorrect)), Some(false));
            assert_eq!(rule.right(State::Ended(Outcome::Partial)), Some(false));
        }
        for outcome in [Outcome::Refused, Outcome::Unreadable, Outcome::Truncated, Outcome::Failed]
        {
            assert_eq!(Unanswered::CountedWrong.right(State::Ended(outcome)), Some(false));
            assert_eq!(Unanswered::SetAside.right(State::Ended(outcome)), None);
        }
    }

    #[test]
    fn a_tally_adds_up_to_what_was_planned() {
        let mut tally = Tally::default();
        for state in [
            State::Unassigned,
            State::NotAsked,
            State::Ended(Outcome::Correct),
            State::Ended(Outcome::Failed),
            State::Ended(Outcome::Unscored),
        ] {
            tally.add(state);
        }
        assert_eq!((tally.planned(), tally.asked(), tally.answered()), (4, 3, 1));
        tally.remove(State::Ended(Outcome::Failed));
        assert_eq!(tally.unanswered(), 0);
    }
}
