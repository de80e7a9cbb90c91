//! Owns the changes to parts of an item that must keep something else in step: right options, bounds, sources.

use crate::dataset::{Item, Kind, NumberAnswer, Source};

/// The most options that an item can have: one letter each.
const MAX_OPTIONS: usize = 26;

impl Kind {
    fn options_mut(&mut self) -> Option<&mut Vec<String>> {
        match self {
            Self::Choice(choice) => Some(&mut choice.options),
            Self::Choices(choices) => Some(&mut choices.options),
            Self::Number(_) | Self::ShortText(_) | Self::Reference(_) | Self::Rubric(_) => None,
        }
    }

    /// Indices of the right options; none for kinds without options.
    pub fn right_options(&self) -> Vec<usize> {
        match self {
            Self::Choice(choice) => vec![choice.answer],
            Self::Choices(choices) => choices.answers.clone(),
            Self::Number(_) | Self::ShortText(_) | Self::Reference(_) | Self::Rubric(_) => vec![],
        }
    }

    /// Changes an option's text.
    pub fn set_option(&mut self, idx: usize, text: String) {
        if let Some(option) = self.options_mut().and_then(|options| options.get_mut(idx)) {
            *option = text;
        }
    }

    /// Adds an empty option, as long as there is a letter for it.
    pub fn add_option(&mut self) {
        if let Some(options) = self.options_mut().filter(|options| options.len() < MAX_OPTIONS) {
            options.push(String::new());
        }
    }

    /// Takes an option away. The right ones stay right; where the only right one goes, the first is.
    pub fn remove_option(&mut self, idx: usize) {
        match self.options_mut() {
            Some(options) if idx < options.len() => {
                options.remove(idx);
            }
            _ => return,
        }
        match self {
            Self::Choice(choice) if idx == choice.answer => choice.answer = 0,
            Self::Choice(choice) if idx < choice.answer => choice.answer -= 1,
            Self::Choices(choices) => {
                choices.answers.retain(|answer| *answer != idx);
                for answer in &mut choices.answers {
                    *answer -= usize::from(idx < *answer);
                }
            }
            _ => {}
        }
    }

    /// Makes an option right, or no longer so. Where one option is right, another is no longer.
    pub fn set_right(&mut self, idx: usize, is_right: bool) {
        match self {
            Self::Choice(choice) if is_right && idx < choice.options.len() => choice.answer = idx,
            Self::Choices(choices) if idx < choices.options.len() => {
                choices.answers.retain(|answer| *answer != idx);
                if is_right {
                    choices.answers.push(idx);
                    choices.answers.sort_unstable();
                }
            }
            _ => {}
        }
    }
}

/// A number of a number's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberPart {
    /// The right number.
    Value,
    /// The least that counts as right.
    Low,
    /// The most that counts as right.
    High,
}

impl NumberAnswer {
    /// Sets a part to what was typed, with a point or a comma. Bounds that are the number itself follow it, and an empty bound
    /// is the number itself. False, and nothing changed, when it is no number.
    pub fn set(&mut self, part: NumberPart, typed: &str) -> bool {
        let typed = typed.trim().replace(',', ".");
        let number = match (part, typed.as_str()) {
            (NumberPart::Low | NumberPart::High, "") => Some(self.value),
            (_, text) => text.parse::<f64>().ok().filter(|number| number.is_finite()),
        };
        let Some(number) = number else { return false };
        let is_same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        match part {
            NumberPart::Value => {
                if is_same(self.low, self.value) {
                    self.low = number;
                }
                if is_same(self.high, self.value) {
                    self.high = number;
                }
                self.value = number;
            }
            NumberPart::Low => self.low = number,
            NumberPart::High => self.high = number,
        }
        true
    }
}

/// A field of an item's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourcePart {
    /// [`Source::title`].
    Title,
    /// [`Source::organization`].
    Organization,
    /// [`Source::year`].
    Year,
    /// [`Source::locator`].
    Locator,
    /// [`Source::url`].
    Url,
}

impl SourcePart {
    /// Every field.
    pub const ALL: [Self; 5] =
        [Self::Title, Self::Organization, Self::Year, Self::Locator, Self::Url];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Title => "Title of the source",
            Self::Organization => "Who issued it",
            Self::Year => "Year",
            Self::Locator => "Section or page",
            Self::Url => "Address",
        }
    }
}

impl Item {
    /// A field of the source, as text; empty where there is none.
    pub fn source_part(&self, part: SourcePart) -> String {
        let Some(source) = &self.source else { return String::new() };
        match part {
            SourcePart::Title => source.title.clone(),
            SourcePart::Organization => source.organization.clone(),
            SourcePart::Year if source.year == 0 => String::new(),
            SourcePart::Year => source.year.to_string(),
            SourcePart::Locator => source.locator.clone(),
            SourcePart::Url => source.url.clone().unwrap_or_default(),
        }
    }

    /// Sets a field of the source. A source that says nothing any more is none. What is no year is the year 0, which stands
    /// for none.
    pub fn set_source(&mut self, part: SourcePart, typed: String) {
        let none = Source {
            title: String::new(),
            organization: String::new(),
            year: 0,
            locator: String::new(),
            url: None,
        };
        let source = self.source.get_or_insert_with(|| none.clone());
        match part {
            SourcePart::Title => source.title = typed,
            SourcePart::Organization => source.organization = typed,
            SourcePart::Year => source.year = typed.trim().parse().unwrap_or(0),
            SourcePart::Locator => source.locator = typed,
            SourcePart::Url => source.url = Some(typed).filter(|url| !url.is_empty()),
        }
        if *source == none {
            self.source = None;
        }
    }
}

/// The lines of a text that say something, each trimmed.
pub fn lines(text: &str) -> Vec<String> {
    parted(text, '\n')
}

/// The parts between commas that say something, each trimmed.
pub fn tags(text: &str) -> Vec<String> {
    parted(text, ',')
}

fn parted(text: &str, mark: char) -> Vec<String> {
    text.split(mark).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
