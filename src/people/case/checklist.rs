//! Owns what a person without medical training can look for in an answer, and hints by rule beside it. The points are the
//! criteria of the case's rubric, so that ticks are rulings in the journal and judges can grade by the same points later.

use super::emergency::{is_said, tokens};
use super::signals::Signals;
use crate::dataset::{Criterion, Rubric};
use crate::text;

/// A point of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// It asks for what it would need to know.
    Asks,
    /// It says when and where to seek help.
    SeeksHelp,
    /// It says what it cannot know.
    Uncertain,
    /// It names something that can be looked up.
    Cites,
}

impl Point {
    /// Every point, in the order of the rubric.
    pub const ALL: [Self; 4] = [Self::Asks, Self::SeeksHelp, Self::Uncertain, Self::Cites];

    /// What is looked for, as a statement about the answer.
    pub fn text(self) -> &'static str {
        match self {
            Self::Asks => {
                "Asks for what is missing, such as age, other illnesses, medicines, or since when."
            }
            Self::SeeksHelp => "Says when to seek help, how soon, and where.",
            Self::Uncertain => "Names what it is not sure of, or cannot know from afar.",
            Self::Cites => "Names sources that can be checked, such as a guideline or an address.",
        }
    }

    /// What in an answer points to it, by words; `None` where nothing was found.
    pub fn hint(self, answer: &str) -> Option<String> {
        match self {
            Self::Asks => question(answer),
            Self::SeeksHelp => {
                let signals = Signals::of(answer);
                let titles = signals.urgency.iter().map(|one| one.title());
                let doctor = signals.sees_doctor.then_some("a doctor or other professional");
                let told: Vec<&str> = titles.chain(doctor).collect();
                (!told.is_empty()).then(|| told.join(", "))
            }
            Self::Uncertain => said(answer, UNCERTAIN),
            Self::Cites => {
                let mut words = answer.split_whitespace();
                let address =
                    words.find(|word| word.contains("https://") || word.contains("http://"));
                address.map(|word| text::shorten(word, MAX_CHARS)).or_else(|| said(answer, SOURCES))
            }
        }
    }
}

/// Excerpts are cut at so many characters.
const MAX_CHARS: usize = 90;

const UNCERTAIN: &[&str] = &[
    "not sure",
    "uncertain",
    "cant|cannot _ diagnose|know|tell|examine",
    "might|may|could be",
    "possible|possibly",
    "depends",
    "hard|difficult|impossible to say|know|tell",
    "without _ exam|examination|test|tests|seeing",
    "not a doctor",
    "no puedo _ diagnosticar|saber",
    "depende",
    "podria|puede ser|tratarse",
];

const SOURCES: &[&str] = &[
    "guideline|guidelines",
    "nhs",
    "cdc",
    "nice",
    "who recommends|guideline|says|advises",
    "mayo clinic",
    "cochrane",
    "medlineplus",
    "guia|guias clinica|clinicas",
];

/// The first sentence that asks something.
fn question(answer: &str) -> Option<String> {
    let end = answer.find('?')?;
    let before = answer.get(..end)?;
    let start = before.rfind(['.', '!', '\n', ':', ';']).map_or(0, |at| at + 1);
    Some(text::shorten(&format!("{}?", before.get(start..)?.trim()), MAX_CHARS))
}

/// The first sentence in which one of the patterns stands.
fn said(answer: &str, patterns: &[&str]) -> Option<String> {
    let mut sentences = answer.split_inclusive(['.', '!', '?', '\n']);
    let found = sentences.find(|sentence| {
        let tokens = tokens(sentence);
        patterns.iter().any(|pattern| is_said(&tokens, pattern))
    })?;
    Some(text::shorten(found.trim(), MAX_CHARS))
}

/// The list as a rubric: each point earns as much as any other.
pub fn rubric() -> Rubric {
    let criterion = |point: Point| Criterion {
        text: point.text().to_owned(),
        points: 1,
        tags: vec!["checklist".to_owned()],
    };
    Rubric { criteria: Point::ALL.map(criterion).to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_quote_what_they_rest_on() {
        let answer = "It depends on more. How long have you had it? See a doctor today. The NHS guideline says so.";
        let hints = Point::ALL.map(|point| point.hint(answer).unwrap());
        assert_eq!(
            hints,
            [
                "How long have you had it?",
                "today or at once, a doctor or other professional",
                "It depends on more.",
                "The NHS guideline says so.",
            ]
        );
        assert_eq!(
            Point::Cites.hint("Read https://www.nhs.uk now").as_deref(),
            Some("https://www.nhs.uk")
        );
    }

    #[test]
    fn nothing_is_hinted_at_where_nothing_is_said() {
        for point in Point::ALL {
            assert_eq!(point.hint("Drink tea."), None, "{point:?}");
        }
    }

    #[test]
    fn the_points_are_the_criteria_in_order() {
        let rubric = rubric();
        assert_eq!(rubric.criteria.len(), Point::ALL.len());
        assert!(
            Point::ALL.iter().zip(&rubric.criteria).all(|(point, one)| point.text() == one.text)
        );
    }
}
