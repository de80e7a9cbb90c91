//! Owns what is kept of a class: by its teacher, and by each student on their own device.

use serde::{Deserialize, Serialize};

use super::gather::Hall;
use super::paper::{Paper, Secret, Witness};
use super::{HandIn, run};
use crate::dataset::{Invalid, Item, ItemRecord};
use crate::people::exam::Sheet;
use crate::run::Journal;

/// A class as its teacher's browser keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classroom {
    /// What students get.
    pub paper: Paper,
    /// The questions with their answers.
    pub items: Vec<ItemRecord>,
    /// Models whose answers are revealed.
    pub models: Vec<Witness>,
    /// The key, as it is shown.
    pub key: String,
    /// Codes that were taken in, with when, in milliseconds since 1970.
    pub codes: Vec<(String, u64)>,
    /// When it was made, in milliseconds since 1970.
    pub made_millis: u64,
}

impl Classroom {
    /// The questions with their answers.
    pub fn items(&self) -> Result<Vec<Item>, Invalid> {
        self.items.iter().cloned().map(Item::try_from).collect()
    }

    /// What was handed in so far.
    pub fn hall(&self) -> Hall {
        let mut hall = Hall::default();
        for (code, at_millis) in &self.codes {
            // They were taken once, and are taken again.
            let _ = hall.take(&self.paper, "", code, *at_millis);
        }
        hall
    }

    /// Keeps what a hall holds.
    pub fn keep(&mut self, hall: &Hall) {
        self.codes = hall.taken.iter().map(|taken| (taken.code.clone(), taken.at_millis)).collect();
    }

    /// The class as a run.
    pub fn journal(&self, items: &[Item], hall: &Hall) -> Journal {
        let run_id = format!("class-{}", self.paper.name());
        run::journal(&run_id, &self.paper.title, items, &self.models, hall)
    }
}

/// A student's place as their own browser keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Random, so that a code is counted once.
    pub sitting: [u8; 6],
    /// Name or pseudonym; may be empty.
    pub name: String,
    /// How far.
    pub sheet: Sheet,
}

impl Place {
    /// What is handed in.
    pub fn hand_in(&self) -> HandIn {
        HandIn {
            sitting: self.sitting,
            name: self.name.clone(),
            answers: self.sheet.answers.clone(),
        }
    }

    /// The student beside the models, once the answers are unlocked.
    pub fn journal(
        &self,
        paper: &Paper,
        secret: &Secret,
        items: &[Item],
        at_millis: u64,
    ) -> Journal {
        let hand_in = self.hand_in();
        let taken =
            super::Taken { code: String::new(), name: hand_in.shown_name(), hand_in, at_millis };
        let run_id = format!("sat-{}-{at_millis}", paper.name());
        run::journal(&run_id, &paper.title, items, &secret.models, &Hall { taken: vec![taken] })
    }
}

#[cfg(test)]
mod tests {
    use super::super::paper::tests::items;
    use super::*;
    use crate::people::exam::{Answer, Given, Order, Terms};

    #[test]
    fn a_class_comes_back_as_it_was_kept() {
        let paper = Paper::new("Class", Terms::default(), &items(), &[]);
        let mut room = Classroom {
            paper: paper.clone(),
            items: items().iter().map(ItemRecord::from).collect(),
            models: vec![],
            key: String::new(),
            codes: vec![],
            made_millis: 1,
        };
        let mut place =
            Place { sitting: [7; 6], name: String::new(), sheet: Sheet::new(4, Order::Listed, 1) };
        let answer = Answer::One(1);
        place.sheet.give(0, Given { answer, confidence: None, took_millis: 0, at_millis: 3 });
        let mut hall = room.hall();
        assert_eq!(hall.take(&paper, "", &place.hand_in().encode(&paper), 3), []);
        room.keep(&hall);
        let text = serde_json::to_string(&room).unwrap();
        let again: Classroom = serde_json::from_str(&text).unwrap();
        assert_eq!(again.hall(), hall);
        assert_eq!(again.items().unwrap(), items());
        assert_eq!(again.journal(&items(), &hall).plan.models.len(), 1);
        let secret = Secret::of(&items(), vec![]);
        let own = place.journal(&paper, &secret, &items(), 3);
        assert_eq!(own.plan.models[0].name, place.hand_in().shown_name());
    }
}
