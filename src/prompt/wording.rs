//! Owns the wording of this project's own templates in each language. It never changes: a better one gets a new name.

use crate::dataset::{Choice, Item, Kind};

/// A language that this project's own templates speak. Replies are read in all of them, whatever was asked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// German.
    German,
}

impl Language {
    /// Every language, the default first.
    pub const ALL: [Self; 4] = [Self::English, Self::Spanish, Self::French, Self::German];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
        }
    }

    /// Its name for people, in itself.
    pub fn title(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::French => "Français",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag such as `es` or `es-MX`, as datasets name theirs.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
            Self::French => &FRENCH,
            Self::German => &GERMAN,
        }
    }
}

/// Whether reasoning is wanted before the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The answer and nothing else.
    AnswerOnly,
    /// Reasoning first.
    ThinkFirst,
}

/// The texts of one language. In some, `{last}` is the last option's letter and `{unit}` a unit.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) passage: &'static str,
    pub(super) question: &'static str,
    pub(super) options: &'static str,
    /// Stands before the answer, with its colon.
    pub(super) answer: &'static str,
    /// Stands behind a heading.
    pub(super) colon: &'static str,
    one_is_best: &'static str,
    several_are_right: &'static str,
    answer_only: &'static str,
    think_first: &'static str,
    letter: &'static str,
    letters: &'static str,
    number: &'static str,
    number_in_unit: &'static str,
    short_text: &'static str,
}

impl Words {
    /// How to answer, where the answer is read by rule; `None` for free text, which is asked for as a person would ask.
    pub(super) fn instruction(&self, item: &Item, way: Way) -> Option<String> {
        let last = Choice::letter(item.options().len().saturating_sub(1)).to_string();
        let (how_many, what) = match &item.kind {
            Kind::Choice(_) => (self.one_is_best, self.letter.replace("{last}", &last)),
            Kind::Choices(_) => (self.several_are_right, self.letters.replace("{last}", &last)),
            Kind::Number(number) if number.unit.is_empty() => ("", self.number.to_owned()),
            Kind::Number(number) => ("", self.number_in_unit.replace("{unit}", &number.unit)),
            Kind::ShortText(_) => ("", self.short_text.to_owned()),
            Kind::Reference(_) | Kind::Rubric(_) => return None,
        };
        let form = match way {
            Way::AnswerOnly => self.answer_only,
            Way::ThinkFirst => self.think_first,
        };
        Some(format!("{how_many}{form}{what}\n{} ...", self.answer))
    }
}

const ENGLISH: Words = Words {
    passage: "Passage",
    question: "Question",
    options: "Options",
    answer: "Answer:",
    colon: ":",
    one_is_best: "Exactly one option is best. ",
    several_are_right: "One or more of the options are right. ",
    answer_only: "Reply with one line and nothing else, in this form, ",
    think_first: "First work through the question step by step. Then end with a line of its own in this form, ",
    letter: "with the option's letter (A to {last}) in the place of the dots:",
    letters: "with the letters of all right options (A to {last}), parted by commas, in the place of the dots:",
    number: "with the number, in digits, in the place of the dots:",
    number_in_unit: "with the number in {unit}, in digits, in the place of the dots:",
    short_text: "with the answer in as few words as it takes in the place of the dots:",
};

const SPANISH: Words = Words {
    passage: "Texto",
    question: "Pregunta",
    options: "Opciones",
    answer: "Respuesta:",
    colon: ":",
    one_is_best: "Exactamente una opción es la mejor. ",
    several_are_right: "Una o varias de las opciones son correctas. ",
    answer_only: "Contesta con una sola línea y nada más, con esta forma, ",
    think_first: "Primero analiza la pregunta paso a paso. Después termina con una línea aparte con esta forma, ",
    letter: "con la letra de la opción (de A a {last}) en lugar de los puntos:",
    letters: "con las letras de todas las opciones correctas (de A a {last}), separadas por comas, en lugar de los puntos:",
    number: "con el número, en cifras, en lugar de los puntos:",
    number_in_unit: "con el número en {unit}, en cifras, en lugar de los puntos:",
    short_text: "con la respuesta en el menor número de palabras posible en lugar de los puntos:",
};

const FRENCH: Words = Words {
    passage: "Texte",
    question: "Question",
    options: "Options",
    answer: "Réponse :",
    colon: " :",
    one_is_best: "Une seule option est la meilleure. ",
    several_are_right: "Une ou plusieurs des options sont justes. ",
    answer_only: "Répondez par une seule ligne et rien d’autre, sous cette forme, ",
    think_first: "Examinez d’abord la question étape par étape. Terminez ensuite par une ligne à part sous cette forme, ",
    letter: "avec la lettre de l’option (de A à {last}) à la place des points :",
    letters: "avec les lettres de toutes les options justes (de A à {last}), séparées par des virgules, à la place des points :",
    number: "avec le nombre, en chiffres, à la place des points :",
    number_in_unit: "avec le nombre en {unit}, en chiffres, à la place des points :",
    short_text: "avec la réponse en aussi peu de mots que possible à la place des points :",
};

const GERMAN: Words = Words {
    passage: "Text",
    question: "Frage",
    options: "Antwortmöglichkeiten",
    answer: "Antwort:",
    colon: ":",
    one_is_best: "Genau eine Möglichkeit ist die beste. ",
    several_are_right: "Eine oder mehrere der Möglichkeiten sind richtig. ",
    answer_only: "Antworte mit einer einzigen Zeile und sonst nichts, in dieser Form, ",
    think_first: "Gehe die Frage zuerst Schritt für Schritt durch. Schließe dann mit einer eigenen Zeile in dieser Form, ",
    letter: "mit dem Buchstaben der Möglichkeit (A bis {last}) anstelle der Punkte:",
    letters: "mit den Buchstaben aller richtigen Möglichkeiten (A bis {last}), durch Kommas getrennt, anstelle der Punkte:",
    number: "mit der Zahl, in Ziffern, anstelle der Punkte:",
    number_in_unit: "mit der Zahl in {unit}, in Ziffern, anstelle der Punkte:",
    short_text: "mit der Antwort in so wenigen Wörtern wie möglich anstelle der Punkte:",
};
