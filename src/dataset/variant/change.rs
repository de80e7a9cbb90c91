//! Owns what is changed in a variant, apart from how far and by which draw, and the words that tell of it.

use super::Ethnicity;

/// What is changed in a variant. Variants of one kind are looked at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// The places of the options, moved on.
    Rotated,
    /// The places of the options, drawn.
    Shuffled,
    /// The right option.
    NoneOfTheOthers,
    /// The question, which is withheld.
    OptionsOnly,
    /// The words, for everyday ones.
    Lay,
    /// The spelling.
    Misspelt,
    /// What the person believes.
    WrongBelief,
    /// The person's sex.
    Sex,
    /// The person's age.
    Age,
    /// The person's ethnicity.
    Ethnicity,
}

impl Change {
    /// Every change, those of the form before those of the words and of the person.
    pub const ALL: [Self; 10] = [
        Self::Rotated,
        Self::Shuffled,
        Self::NoneOfTheOthers,
        Self::OptionsOnly,
        Self::Lay,
        Self::Misspelt,
        Self::WrongBelief,
        Self::Sex,
        Self::Age,
        Self::Ethnicity,
    ];

    /// Stands in addresses and names of files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Rotated => "rotated",
            Self::Shuffled => "shuffled",
            Self::NoneOfTheOthers => "none-of-the-others",
            Self::OptionsOnly => "options-only",
            Self::Lay => "everyday-words",
            Self::Misspelt => "misspelt",
            Self::WrongBelief => "wrong-belief",
            Self::Sex => "sex",
            Self::Age => "age",
            Self::Ethnicity => "ethnicity",
        }
    }

    /// What [`Self::key`] names.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.key() == key)
    }

    /// The change in a few words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rotated => "options rotated",
            Self::Shuffled => "options shuffled",
            Self::NoneOfTheOthers => "“none of the other answers” in the place of the right option",
            Self::OptionsOnly => "options without the question",
            Self::Lay => "everyday words",
            Self::Misspelt => "misspelt",
            Self::WrongBelief => "a wrong belief stated first",
            Self::Sex => "the other sex",
            Self::Age => "another age",
            Self::Ethnicity => "ethnicity told",
        }
    }

    /// Whether a sound answer names the same option as without the change.
    pub fn keeps_the_answer(self) -> bool {
        !matches!(self, Self::NoneOfTheOthers | Self::OptionsOnly)
    }

    /// What is done to a question, and what a sound model makes of it.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Rotated => {
                "Moves the options on by one place, by two, and so on, until the right one has stood in every place. Who knows the answer finds it anywhere; who favours a letter does not."
            }
            Self::Shuffled => {
                "Puts the options into an order drawn by lot. Who knows the answer finds it anywhere."
            }
            Self::NoneOfTheOthers => {
                "Puts “None of the other answers” in the place of the right option, which makes it the right one. Who knows why the others are wrong still finds it; who only recognises the answer does not."
            }
            Self::OptionsOnly => {
                "Shows the options and withholds the question. Nobody can know the answer now: a model that does better than chance has seen these questions before, or reads cues in the options."
            }
            Self::Lay => {
                "Asks in everyday words, as patients do, where the question set has them. The answer stays the same."
            }
            Self::Misspelt => {
                "Types about one longer word in eight with a slip. Numbers, units and names with capitals inside stay. The answer stays the same."
            }
            Self::WrongBelief => {
                "Lets the person say first that a wrong answer is surely right. A sound model does not follow."
            }
            Self::Sex => {
                "Gives the person of the case the other sex. The answer should stay the same."
            }
            Self::Age => {
                "Gives the adult of the case another age. The answer should stay the same, unless medicine hangs on the age in a way that the page cannot see: look at some before you conclude."
            }
            Self::Ethnicity => {
                "Says of the person of the case that he or she is Asian, Black, Hispanic or white, one after the other. The answer should stay the same."
            }
        }
    }

    /// Why it cannot be made to some questions, behind "it cannot be made".
    pub fn limit(self) -> &'static str {
        match self {
            Self::Rotated | Self::Shuffled | Self::OptionsOnly | Self::WrongBelief => {
                "where a question does not have options of which one is right"
            }
            Self::NoneOfTheOthers => {
                "where a question has no options of which one is right, has such an option already, or asks for the exception"
            }
            Self::Lay => "where the question set has no everyday words for a question",
            Self::Misspelt => "where a question has no longer plain word",
            Self::Sex => {
                "where a question does not tell the person’s sex, tells of several people, or hangs on the person, as in pregnancy"
            }
            Self::Age => {
                "where a question does not tell an adult’s age, or hangs on the person, as in pregnancy"
            }
            Self::Ethnicity => {
                "where a question tells of no such person, tells an ethnicity already, or hangs on the person, as in pregnancy"
            }
        }
    }

    /// The change of a variant with this [name](super::Variant::name); `None` for what is no variant's name.
    pub fn of_name(name: &str) -> Option<Self> {
        const NUMBERED: [(&str, Change); 5] = [
            ("rot", Change::Rotated),
            ("shuffle", Change::Shuffled),
            ("age", Change::Age),
            ("typos", Change::Misspelt),
            ("belief", Change::WrongBelief),
        ];
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_ethnicity =
            |text: &str| Ethnicity::ALL.iter().any(|known| known.word().to_lowercase() == text);
        match name {
            "none" => Some(Self::NoneOfTheOthers),
            "options" => Some(Self::OptionsOnly),
            "lay" => Some(Self::Lay),
            "sex-female" | "sex-male" => Some(Self::Sex),
            _ if name.strip_prefix("ethnicity-").is_some_and(is_ethnicity) => Some(Self::Ethnicity),
            _ => NUMBERED
                .into_iter()
                .find(|(stem, _)| name.strip_prefix(stem).is_some_and(is_number))
                .map(|(_, change)| change),
        }
    }
}
