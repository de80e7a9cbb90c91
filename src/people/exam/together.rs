//! Owns a person beside a model on the same questions: where they agreed, and who was right where they did not.

use crate::provider::Class;
use crate::report::{Cell, Comparison, Grid, Unanswered};
use crate::run::Journal;

/// A person and a model on the questions that both answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// The model's name.
    pub model: String,
    /// Its class.
    pub class: Class,
    /// Questions that both answered readably.
    pub n: usize,
    /// Of these, those with the same answer.
    pub n_same: usize,
    /// Of those with the same answer, the right ones.
    pub n_same_right: usize,
    /// Of those with different answers, the ones where the person alone was right.
    pub n_person_right: usize,
    /// Of those with different answers, the ones where the model alone was right.
    pub n_model_right: usize,
    /// Of those with different answers, the ones where neither was right.
    pub n_neither: usize,
}

/// The person of the first journal beside every model of the others that has a question in common. Questions are the same
/// where their texts, options and right answers are.
pub fn together(person: &Journal, others: &[&Journal]) -> Vec<Together> {
    let journals: Vec<&Journal> = std::iter::once(person).chain(others.iter().copied()).collect();
    let grid = Comparison::of(&journals).grid;
    let own = |idx: &usize| grid.models.get(*idx).is_some_and(|model| model.run == 0);
    let Some(person) = (0..grid.models.len()).find(own) else { return vec![] };
    beside_all(&grid, person)
}

/// One participant of a grid beside all that are no persons.
pub fn beside_all(grid: &Grid, person: usize) -> Vec<Together> {
    let is_other = |idx: &usize| grid.models.get(*idx).is_some_and(|m| m.class != Class::Person);
    let models = (0..grid.models.len()).filter(is_other);
    models.filter_map(|model| beside(grid, person, model)).collect()
}

/// Two participants of a grid; `None` where they have no question in common. Of repeats the first one counts that can be read.
pub fn beside(grid: &Grid, person: usize, model: usize) -> Option<Together> {
    let participant = grid.models.get(model)?;
    let mut found = Together {
        model: participant.name.clone(),
        class: participant.class,
        n: 0,
        n_same: 0,
        n_same_right: 0,
        n_person_right: 0,
        n_model_right: 0,
        n_neither: 0,
    };
    for item in (0..grid.items.len()).filter(|item| grid.counts(*item)) {
        let (Some((own, own_right)), Some((other, other_right))) =
            (read(grid.trials(person, item)), read(grid.trials(model, item)))
        else {
            continue;
        };
        found.n += 1;
        let is_same = match (own.choice, other.choice) {
            (Some(own), Some(other)) => own == other,
            // Of numbers and words no more is known than right and wrong: two wrong ones may differ.
            _ => own_right && other_right,
        };
        match (is_same, own_right, other_right) {
            (true, is_right, _) => {
                found.n_same += 1;
                found.n_same_right += usize::from(is_right);
            }
            (false, true, false) => found.n_person_right += 1,
            (false, false, true) => found.n_model_right += 1,
            (false, _, _) => found.n_neither += 1,
        }
    }
    (0 < found.n).then_some(found)
}

/// The first answer that can be read, and whether it is right.
fn read(cells: &[Cell]) -> Option<(&Cell, bool)> {
    cells.iter().find_map(|cell| Some((cell, Unanswered::SetAside.right(cell.state)?)))
}

impl Together {
    /// How many answers differ.
    pub fn n_differ(&self) -> usize {
        self.n - self.n_same
    }

    /// The finding as a sentence that a person reads.
    pub fn sentence(&self) -> String {
        let Self { model, n, n_same, n_person_right, n_model_right, n_neither, .. } = self;
        let agreed = format!("You and {model} agreed on {n_same} of {n}");
        let rest = match self.n_differ() {
            0 => return format!("{agreed}."),
            1 => "on the other one".to_owned(),
            rest => format!("on the {rest} others"),
        };
        let neither = match n_neither {
            0 => String::new(),
            n => format!(", and neither on {n}"),
        };
        format!(
            "{agreed}; {rest}, you were right on {n_person_right}, {model} on {n_model_right}{neither}."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::fixture;

    #[test]
    fn agreement_and_who_was_right_are_counted_on_shared_questions() {
        let person = fixture::journal("p", &[("You", Class::Person, &["cciir-"])]);
        let models = fixture::journal("m", &[("GPT", Class::GeneralPurpose, &["cicicc"])]);
        let found = together(&person, &[&models]);
        assert_eq!(found.len(), 1);
        let gpt = &found[0];
        // The fixture's wrong answers are all the same option; refused and unasked questions are not compared.
        assert_eq!((gpt.n, gpt.n_same, gpt.n_same_right), (4, 2, 1));
        assert_eq!((gpt.n_person_right, gpt.n_model_right, gpt.n_neither), (1, 1, 0));
        assert_eq!(
            gpt.sentence(),
            "You and GPT agreed on 2 of 4; on the 2 others, you were right on 1, GPT on 1."
        );
    }

    #[test]
    fn nothing_in_common_gives_nothing() {
        let person = fixture::journal("p", &[("You", Class::Person, &["c-"])]);
        let models = fixture::journal("m", &[("GPT", Class::GeneralPurpose, &["-c"])]);
        assert_eq!(together(&person, &[&models]), []);
        assert_eq!(together(&person, &[]), []);
    }
}
