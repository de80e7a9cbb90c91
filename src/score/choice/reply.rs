//! Owns the reply as its rules see it: tokens, and the options as words to find among them.

use std::ops::Range;

use super::tokens::{self, Kind, Token};
use super::{lexicon, thinking};
use crate::text::{self, Folded};

/// A reply, ready to be read.
pub(super) struct Reply<'a> {
    folded: &'a Folded,
    pub(super) tokens: Vec<Token>,
    /// How many options there are.
    pub(super) n_options: usize,
    /// The words of each option; empty where the text cannot tell it from another.
    options: Vec<Vec<String>>,
}

impl<'a> Reply<'a> {
    pub(super) fn new(folded: &'a Folded, options: &[String]) -> Self {
        let mut tokens = Vec::new();
        for part in thinking::visible(&folded.text) {
            tokens::cut(&folded.text, part, &mut tokens);
        }
        Self { folded, tokens, n_options: options.len(), options: option_words(options) }
    }

    /// Tokens as bytes of the original reply.
    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(range.start).map_or(0, |token| token.at.start);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |token| token.at.end);
        self.folded.original(start..end.max(start))
    }

    pub(super) fn token(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    /// The token before.
    pub(super) fn before(&self, i: usize) -> Option<&Token> {
        i.checked_sub(1).and_then(|i| self.tokens.get(i))
    }

    /// The word there; empty for a mark, the end of a line and beyond the end.
    pub(super) fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |token| token.text.as_str())
    }

    pub(super) fn is_word(&self, i: usize, words: &[&str]) -> bool {
        let word = self.word(i);
        !word.is_empty() && words.contains(&word)
    }

    /// Whether nothing more stands in this line.
    pub(super) fn line_ends(&self, i: usize) -> bool {
        self.token(i).is_none_or(|token| token.kind == Kind::Line)
    }

    /// Whether a clause ends here: end of line, or a mark that parts clauses.
    pub(super) fn clause_ends(&self, i: usize) -> bool {
        self.line_ends(i)
            || self.token(i).is_some_and(|token| {
                token.is_one_of(".,;:!?)]}(|\">'✓✔✅☑") || (token.is_mark('-') && !self.joins(i))
            })
    }

    /// Whether the mark there joins the token before and the one after without a space.
    pub(super) fn joins(&self, i: usize) -> bool {
        self.token(i).is_some_and(|token| token.glued)
            && self.token(i + 1).is_some_and(|next| next.glued && next.kind == Kind::Word)
    }

    /// The first token from here on that is none of these marks.
    pub(super) fn skip_marks(&self, mut i: usize, marks: &str) -> usize {
        while self.token(i).is_some_and(|token| token.is_one_of(marks)) {
            i += 1;
        }
        i
    }

    /// The longest option whose whole text stands here, and the token after it. A leading article is passed over.
    pub(super) fn option_at(&self, i: usize) -> Option<(usize, usize)> {
        let mut longest: Option<(usize, usize)> = None;
        for (option_idx, words) in self.options.iter().enumerate() {
            if let Some(end) = self.match_words(i, words)
                && longest.is_none_or(|(_, longest_end)| end > longest_end)
            {
                longest = Some((option_idx, end));
            }
        }
        if longest.is_none() && self.is_word(i, lexicon::ARTICLES) && !self.clause_ends(i + 1) {
            return self.options.iter().enumerate().fold(
                None,
                |longest: Option<(usize, usize)>, (option_idx, words)| match self
                    .match_words(i + 1, words)
                {
                    Some(end) if longest.is_none_or(|(_, longest_end)| end > longest_end) => {
                        Some((option_idx, end))
                    }
                    _ => longest,
                },
            );
        }
        longest
    }

    /// The token after the option's text, when it stands here.
    pub(super) fn this_option_at(&self, i: usize, option_idx: usize) -> Option<usize> {
        let words = self.options.get(option_idx)?;
        self.match_words(i, words).or_else(|| {
            if self.is_word(i, lexicon::ARTICLES) { self.match_words(i + 1, words) } else { None }
        })
    }

    fn match_words(&self, i: usize, words: &[String]) -> Option<usize> {
        let mut at = i;
        for (n, word) in words.iter().enumerate() {
            while n > 0
                && self.token(at).is_some_and(|token| token.kind != Kind::Line)
                && telling(&self.tokens, at).is_none()
            {
                at += 1;
            }
            if telling(&self.tokens, at)? != word.as_str() {
                return None;
            }
            at += 1;
        }
        (!words.is_empty()
            && !self.token(at).is_some_and(|next| next.glued && next.kind == Kind::Word))
        .then_some(at)
    }
}

/// The words of each option without a leading article; none for an option that reads like another or like a letter.
fn option_words(options: &[String]) -> Vec<Vec<String>> {
    let all: Vec<Vec<String>> = options
        .iter()
        .map(|option| {
            let folded = text::fold(option);
            let mut tokens = Vec::new();
            tokens::cut(&folded.text, 0..folded.text.len(), &mut tokens);
            let mut words: Vec<String> =
                (0..tokens.len()).filter_map(|i| telling(&tokens, i).map(str::to_owned)).collect();
            if words.len() > 1
                && words.first().is_some_and(|word| lexicon::ARTICLES.contains(&word.as_str()))
            {
                words.remove(0);
            }
            words
        })
        .collect();
    let is_letter = |words: &[String]| match words {
        [word] => {
            word.len() == 1
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() && usize::from(b - b'a') < options.len())
        }
        _ => false,
    };
    all.iter()
        .map(|words| {
            let alike = all.iter().filter(|other| *other == words).count() > 1;
            if alike || is_letter(words) { Vec::new() } else { words.clone() }
        })
        .collect()
}

/// What a token adds to the meaning of an option: its word, or a mark that carries meaning such as `<` or `%`.
fn telling(tokens: &[Token], i: usize) -> Option<&str> {
    let token = tokens.get(i)?;
    match token.kind {
        Kind::Word => Some(token.text.as_str()),
        Kind::Mark('<') => Some("<"),
        Kind::Mark('>') => Some(">"),
        Kind::Mark('≤') => Some("≤"),
        Kind::Mark('≥') => Some("≥"),
        Kind::Mark('↑') => Some("↑"),
        Kind::Mark('↓') => Some("↓"),
        Kind::Mark('→') => Some("→"),
        Kind::Mark('↔') => Some("↔"),
        Kind::Mark('+') => Some("+"),
        Kind::Mark('±') => Some("±"),
        Kind::Mark('%') => Some("%"),
        Kind::Mark('=') => Some("="),
        // A minus sign, not a hyphen.
        Kind::Mark('-')
            if !token.glued
                && tokens.get(i + 1).is_some_and(|next| next.glued && is_number(next)) =>
        {
            Some("-")
        }
        _ => None,
    }
}

fn is_number(token: &Token) -> bool {
    token.text.bytes().next().is_some_and(|b| b.is_ascii_digit())
}
