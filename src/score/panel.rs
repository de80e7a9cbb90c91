//! Owns how the verdicts of several judges become one.

use serde::{Deserialize, Serialize};

use super::verdict::Grade;

/// How a panel decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelRule {
    /// A criterion is met, or not, where more than half of the verdicts that came say so. Where they are even, it stays
    /// open, as if it had not been judged.
    #[default]
    Majority,
    /// The same, but even votes count as not met: the study of 2026 decides so. Judges that failed do not vote here; the
    /// study counts them as "not met".
    MajorityEvenIsNotMet,
    /// The share of the verdicts that say "met", which is the mean of the judges' scores where all judged everything.
    Mean,
    /// Each judge's scores by themselves, and none for the panel. With one judge, that judge's.
    EachApart,
}

impl PanelRule {
    /// All rules.
    pub const ALL: [Self; 4] =
        [Self::Majority, Self::MajorityEvenIsNotMet, Self::Mean, Self::EachApart];

    /// In a few words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Majority => "The majority decides; even votes decide nothing",
            Self::MajorityEvenIsNotMet => "The majority decides; even votes count as not met",
            Self::Mean => "The mean of the judges",
            Self::EachApart => "Each judge apart",
        }
    }
}

/// What a panel says of one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Decision {
    /// How far it is met, 0 to 1; `None` where nothing was decided.
    pub share: Option<f64>,
    /// Whether there were votes, and they were even.
    pub is_even: bool,
}

impl Decision {
    /// That of one verdict, or of none.
    pub fn of_one(met: Option<bool>) -> Self {
        Self { share: met.map(|met| f64::from(u8::from(met))), is_even: false }
    }
}

/// Decides on one criterion by the verdicts of the judges, `None` where one failed.
pub fn decide(rule: PanelRule, votes: impl Iterator<Item = Option<bool>>) -> Decision {
    let (mut n, mut n_met) = (0_u32, 0_u32);
    for met in votes.flatten() {
        n += 1;
        n_met += u32::from(met);
    }
    if n == 0 {
        return Decision::default();
    }
    let is_even = 2 * n_met == n;
    let share = match rule {
        PanelRule::Mean => Some(f64::from(n_met) / f64::from(n)),
        PanelRule::MajorityEvenIsNotMet if is_even => Some(0.0),
        PanelRule::Majority if is_even => None,
        PanelRule::EachApart if n_met != 0 && n_met != n => None,
        PanelRule::Majority | PanelRule::MajorityEvenIsNotMet | PanelRule::EachApart => {
            Some(if n < 2 * n_met { 1.0 } else { 0.0 })
        }
    };
    Decision { share, is_even }
}

/// The grade against a reference answer that more than half of the verdicts give; `None` where there is none such, and
/// under [`PanelRule::EachApart`] where they differ.
pub fn decide_reference(
    rule: PanelRule,
    votes: impl Iterator<Item = Option<Grade>>,
) -> Option<Grade> {
    let votes: Vec<Grade> = votes.flatten().filter(|grade| grade.is_of_reference()).collect();
    let count = |grade: Grade| votes.iter().filter(|vote| **vote == grade).count();
    let grade = [Grade::Correct, Grade::Partly, Grade::Wrong]
        .into_iter()
        .find(|grade| votes.len() < 2 * count(*grade))?;
    let is_decided = match rule {
        PanelRule::EachApart => count(grade) == votes.len(),
        PanelRule::Majority | PanelRule::MajorityEvenIsNotMet | PanelRule::Mean => true,
    };
    is_decided.then_some(grade)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(rule: PanelRule, votes: &[Option<bool>]) -> Option<f64> {
        decide(rule, votes.iter().copied()).share
    }

    #[test]
    fn the_majority_of_those_that_judged_decides() {
        let (t, f) = (Some(true), Some(false));
        for rule in [PanelRule::Majority, PanelRule::MajorityEvenIsNotMet] {
            assert_eq!(share(rule, &[t, t, f]), Some(1.0));
            assert_eq!(share(rule, &[f, t, f]), Some(0.0));
            assert_eq!(share(rule, &[t, None, None]), Some(1.0));
            assert_eq!(share(rule, &[None, None]), None);
        }
        assert_eq!(share(PanelRule::Majority, &[t, f, None]), None);
        assert!(decide(PanelRule::Majority, [t, f].into_iter()).is_even);
        assert_eq!(share(PanelRule::MajorityEvenIsNotMet, &[t, f, None]), Some(0.0));
        assert_eq!(share(PanelRule::Mean, &[t, f, None]), Some(0.5));
        assert_eq!(share(PanelRule::EachApart, &[t, f]), None);
        assert_eq!(share(PanelRule::EachApart, &[f, None]), Some(0.0));
    }

    #[test]
    fn a_reference_grade_needs_more_than_half() {
        use Grade::{Correct, Met, Partly, Wrong};
        let decide =
            |rule, votes: &[Grade]| decide_reference(rule, votes.iter().copied().map(Some));
        assert_eq!(decide(PanelRule::Majority, &[Partly, Partly, Wrong]), Some(Partly));
        assert_eq!(decide(PanelRule::Majority, &[Partly, Correct, Wrong]), None);
        assert_eq!(decide(PanelRule::Majority, &[Partly, Correct]), None);
        assert_eq!(decide(PanelRule::EachApart, &[Partly, Partly, Wrong]), None);
        assert_eq!(decide(PanelRule::EachApart, &[Wrong]), Some(Wrong));
        assert_eq!(decide(PanelRule::Majority, &[Met]), None);
        assert_eq!(decide(PanelRule::Majority, &[]), None);
    }
}
