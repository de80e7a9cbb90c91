//! Owns the kinds of variants that a run can add, and which variants of an item each stands for.

use serde::{Deserialize, Serialize};

use super::{Change, Ethnicity, Sex, Variant};
use crate::dataset::Item;

/// A kind of variants, as a person wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Every rotation of the options: with the item itself, the right option stands in every place once.
    Rotations,
    /// So many drawn orders of the options.
    Shuffles {
        /// How many.
        n: u16,
        /// Of the first; each further one has the next seed.
        seed: u64,
    },
    /// [`Variant::NoneOfTheOthers`].
    NoneOfTheOthers,
    /// [`Variant::OptionsOnly`].
    OptionsOnly,
    /// [`Variant::Lay`].
    Lay,
    /// [`Variant::Misspelt`].
    Misspelt {
        /// Of the slips.
        seed: u64,
    },
    /// [`Variant::WrongBelief`].
    WrongBelief {
        /// Of the belief.
        seed: u64,
    },
    /// The other sex.
    Sex,
    /// The person is so many years old.
    Age {
        /// How many.
        years: u32,
    },
    /// Every ethnicity that can be told.
    Ethnicity,
}

impl Family {
    /// What its variants change.
    pub fn change(self) -> Change {
        match self {
            Self::Rotations => Change::Rotated,
            Self::Shuffles { .. } => Change::Shuffled,
            Self::NoneOfTheOthers => Change::NoneOfTheOthers,
            Self::OptionsOnly => Change::OptionsOnly,
            Self::Lay => Change::Lay,
            Self::Misspelt { .. } => Change::Misspelt,
            Self::WrongBelief { .. } => Change::WrongBelief,
            Self::Sex => Change::Sex,
            Self::Age { .. } => Change::Age,
            Self::Ethnicity => Change::Ethnicity,
        }
    }

    /// The kind in a few words for people.
    pub fn title(self) -> &'static str {
        self.change().title()
    }

    /// The variants of an item, as far as they can be made; none where none can.
    /// Their own words are in this language, a BCP 47 tag; English where there are none in it.
    pub fn of(self, item: &Item, language: &str) -> Vec<Item> {
        self.variants(item).into_iter().filter_map(|variant| variant.of(item, language)).collect()
    }

    fn variants(self, item: &Item) -> Vec<Variant> {
        match self {
            Self::Rotations => (1..item.options().len()).map(Variant::Rotated).collect(),
            Self::Shuffles { n, seed } => {
                (0..u64::from(n)).map(|k| Variant::Shuffled(seed.wrapping_add(k))).collect()
            }
            Self::NoneOfTheOthers => vec![Variant::NoneOfTheOthers],
            Self::OptionsOnly => vec![Variant::OptionsOnly],
            Self::Lay => vec![Variant::Lay],
            Self::Misspelt { seed } => vec![Variant::Misspelt(seed)],
            Self::WrongBelief { seed } => vec![Variant::WrongBelief(seed)],
            // Of the two, the one that the person has already cannot be made.
            Self::Sex => vec![Variant::Sex(Sex::Female), Variant::Sex(Sex::Male)],
            Self::Age { years } => vec![Variant::Age(years)],
            Self::Ethnicity => Ethnicity::ALL.map(Variant::Ethnicity).to_vec(),
        }
    }
}
