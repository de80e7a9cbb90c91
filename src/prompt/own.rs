//! Owns a person's own template: a text with variables, checked before it is used.

use std::fmt;

use crate::dataset::{Choice, Item};

/// What can stand in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// What is asked.
    Question,
    /// The options, one a line, as `A) …`.
    Options,
    /// The passages that the question is asked about.
    Context,
    /// The letters of the options: `A, B, C, D`.
    Letters,
    /// How many options there are.
    NOptions,
}

impl Variable {
    /// Every variable.
    pub const ALL: [Self; 5] =
        [Self::Question, Self::Options, Self::Context, Self::Letters, Self::NOptions];

    /// Its name in braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Options => "options",
            Self::Context => "context",
            Self::Letters => "letters",
            Self::NOptions => "n",
        }
    }

    fn of(self, item: &Item) -> String {
        let options = item.options();
        match self {
            Self::Question => item.question.trim().to_owned(),
            Self::Options => listed(options, ')'),
            Self::Context => {
                item.context.iter().map(|passage| passage.trim()).collect::<Vec<_>>().join("\n\n")
            }
            Self::Letters => letters(options.len(), ", "),
            Self::NOptions if options.is_empty() => String::new(),
            Self::NOptions => options.len().to_string(),
        }
    }
}

/// Options with their letters, one a line; `mark` stands behind the letter.
pub(super) fn listed(options: &[String], mark: char) -> String {
    let lines = options
        .iter()
        .enumerate()
        .map(|(idx, option)| format!("{}{mark} {}", Choice::letter(idx), option.trim()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The letters of so many options.
pub(super) fn letters(n_options: usize, between: &str) -> String {
    (0..n_options).map(|idx| Choice::letter(idx).to_string()).collect::<Vec<_>>().join(between)
}

/// A person's own template. Braces that are meant as such are doubled: `{{` and `}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTemplate {
    text: String,
    lines: Vec<Vec<Piece>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(Variable),
}

/// Why a template cannot be used. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A name in braces that is none of the variables.
    #[error(
        "Line {line}, column {column}: {{{name}}} is not known. Known are {known}. Braces that are meant as such are doubled.",
        known = Known
    )]
    UnknownVariable {
        /// What stands in the braces.
        name: String,
        /// Of the opening brace.
        line: usize,
        /// Of the opening brace.
        column: usize,
    },
    /// A brace without its other half.
    #[error(
        "Line {line}, column {column}: this brace has no other half on its line. Braces that are meant as such are doubled."
    )]
    LoneBrace {
        /// Of the brace.
        line: usize,
        /// Of the brace.
        column: usize,
    },
    /// Nothing would be asked.
    #[error("The template has no {{question}}: put it where the question is to stand.")]
    NoQuestion,
}

/// The variables, for an error's text.
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Variable::ALL.map(|variable| format!("{{{}}}", variable.name()));
        f.write_str(&names.join(", "))
    }
}

impl OwnTemplate {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let lines = text
            .lines()
            .enumerate()
            .map(|(line_idx, line)| pieces(line, line_idx + 1))
            .collect::<Result<Vec<_>, _>>()?;
        let own = Self { text: text.to_owned(), lines };
        if own.uses(Variable::Question) { Ok(own) } else { Err(TemplateError::NoQuestion) }
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a variable stands in it. Without `{options}`, a model does not see what it may choose from.
    pub fn uses(&self, variable: Variable) -> bool {
        self.lines.iter().flatten().any(|piece| *piece == Piece::Variable(variable))
    }

    /// The text with an item's parts in it. What an item brings is not looked at for variables. A line of nothing but
    /// variables that are empty for this item is left out; of several empty lines one stays.
    pub(super) fn fill(&self, item: &Item) -> String {
        let mut filled: Vec<String> = Vec::new();
        for line in &self.lines {
            let has_variable = line.iter().any(|piece| matches!(piece, Piece::Variable(_)));
            let text: String = line
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Variable(variable) => variable.of(item),
                })
                .collect();
            let is_gone = has_variable && text.trim().is_empty();
            let is_second_gap = line.is_empty() && filled.last().is_none_or(String::is_empty);
            if !is_gone && !is_second_gap {
                filled.push(text);
            }
        }
        filled.join("\n").trim().to_owned()
    }
}

fn pieces(line: &str, number: usize) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = line.get(at + c.len_utf8()..).unwrap_or_default();
        let column = || line.get(..at).unwrap_or_default().chars().count() + 1;
        match c {
            '{' | '}' if rest.starts_with(c) => {
                text.push(c);
                at += 2;
            }
            '{' => {
                let Some(end) = rest.find(['}', '{']).filter(|end| rest[*end..].starts_with('}'))
                else {
                    return Err(TemplateError::LoneBrace { line: number, column: column() });
                };
                let name = rest[..end].trim();
                let known = Variable::ALL.into_iter().find(|variable| variable.name() == name);
                let Some(variable) = known else {
                    let name = rest[..end].to_owned();
                    return Err(TemplateError::UnknownVariable {
                        name,
                        line: number,
                        column: column(),
                    });
                };
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Variable(variable));
                at += end + 2;
            }
            '}' => return Err(TemplateError::LoneBrace { line: number, column: column() }),
            other => {
                text.push(other);
                at += other.len_utf8();
            }
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item() -> Item {
        Item::single_choice("q", "Which {options} one?", &["x", "y", "z"], 0)
    }

    #[test]
    fn variables_are_filled_and_what_an_item_brings_is_left_alone() {
        let text = "{context}\n\n{question}\n\n{options}\n\nOne of {letters} ({n}). {{\"a\": 1}}";
        let own = OwnTemplate::parse(text).unwrap();
        assert_eq!(
            own.fill(&item()),
            "Which {options} one?\n\nA) x\nB) y\nC) z\n\nOne of A, B, C (3). {\"a\": 1}"
        );
        let with_context = Item { context: vec!["P1".into(), "P2".into()], ..item() };
        assert!(own.fill(&with_context).starts_with("P1\n\nP2\n\nWhich"));
        assert_eq!(own.text(), text);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let error = OwnTemplate::parse("Fräge:\nä {question} {frage}").unwrap_err();
        assert_eq!(
            error,
            TemplateError::UnknownVariable { name: "frage".into(), line: 2, column: 14 }
        );
        assert!(error.to_string().contains("{frage}") && error.to_string().contains("{letters}"));
        for (text, line, column) in
            [("{question", 1, 1), ("{question}\n }", 2, 2), ("a { b {n}", 1, 3)]
        {
            let error = OwnTemplate::parse(text).unwrap_err();
            assert_eq!(error, TemplateError::LoneBrace { line, column }, "{text}");
        }
        assert_eq!(OwnTemplate::parse("{options}"), Err(TemplateError::NoQuestion));
        assert_eq!(OwnTemplate::parse(""), Err(TemplateError::NoQuestion));
    }

    proptest! {
        #[test]
        fn no_text_does_harm(text in "[{}a-zé \\n]{0,40}|(\\{question\\}|[{}\\n ])*") {
            if let Ok(own) = OwnTemplate::parse(&text) {
                let filled = own.fill(&item());
                let question = item().question;
                prop_assert!(filled.contains(&question), "{}", filled);
            }
        }
    }
}
