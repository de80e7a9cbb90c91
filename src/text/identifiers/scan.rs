//! Owns the cutting of a text into words, numbers and marks.

use crate::text::lower_unaccented;

/// A word, a run of digits, or one mark.
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// In lower case without accents.
    pub(super) key: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: TokenKind,
    /// What stands before it.
    pub(super) gap: Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Digits,
    Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Line,
}

impl Token<'_> {
    pub(super) fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    pub(super) fn is_digits(&self) -> bool {
        self.kind == TokenKind::Digits
    }

    pub(super) fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// The number that the digits stand for, and how many there are; zero digits for what is no number.
    pub(super) fn number(&self) -> Option<(usize, u64)> {
        if !self.is_digits() {
            return None;
        }
        Some((self.text.len(), self.text.parse().ok()?))
    }

    /// Whether it is a word such as a name is written: `Maria`, `O'Brien`, `McKay`.
    pub(super) fn is_capitalised(&self) -> bool {
        let mut chars = self.text.chars();
        self.is_word()
            && chars.next().is_some_and(char::is_uppercase)
            && chars.clone().any(char::is_lowercase)
            && 2 <= self.text.chars().count()
    }

    /// Whether it is a word in capitals of two letters or more.
    pub(super) fn is_upper(&self) -> bool {
        self.is_word()
            && 2 <= self.text.chars().count()
            && self.text.chars().all(|c| c.is_uppercase() || c == '\'')
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = vec![];
    let mut gap = Gap::Line;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            gap = gap.max(if c == '\n' { Gap::Line } else { Gap::Space });
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if c.is_ascii_digit() {
            TokenKind::Digits
        } else if c.is_alphabetic() {
            TokenKind::Word
        } else {
            TokenKind::Mark
        };
        while let Some((at, next)) = chars.peek().copied() {
            let goes_on = match kind {
                TokenKind::Digits => next.is_ascii_digit(),
                TokenKind::Word => {
                    let after =
                        text.get(at + next.len_utf8()..).and_then(|rest| rest.chars().next());
                    next.is_alphabetic()
                        || crate::text::is_combining(next)
                        || (next == '\'' && after.is_some_and(char::is_alphabetic))
                }
                TokenKind::Mark => false,
            };
            if !goes_on {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        let slice = text.get(start..end).unwrap_or_default();
        let mut key = String::with_capacity(slice.len());
        slice.chars().for_each(|c| lower_unaccented(c, &mut key));
        let key = key.strip_suffix("'s").map(str::to_owned).unwrap_or(key);
        tokens.push(Token { text: slice, key, start, end, kind, gap });
        gap = Gap::None;
    }
    tokens
}
