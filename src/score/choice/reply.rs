//! Owns the reply as its rules see it: tokens, and the options as words to find among them.

use std::ops::Range;

use super::tokens::{self, Kind, Token};
use super::{lexicon, thinking};
use crate::text::{self, Folded};

/// How many marks in a row are passed over.
const MAX_MARKS: usize = 32;

/// An option as words to find.
struct OptionText {
    words: Vec<String>,
    /// Whether the text alone names it: no other option reads like it, and it does not read like a letter.
    tells: bool,
}

/// A reply, ready to be read.
pub(super) struct Reply<'a> {
    folded: &'a Folded,
    pub(super) tokens: Vec<Token>,
    /// How many options there are.
    pub(super) n_options: usize,
    options: Vec<OptionText>,
}

impl<'a> Reply<'a> {
    pub(super) fn new(folded: &'a Folded, options: &[String]) -> Self {
        let mut tokens = Vec::new();
        for part in thinking::visible(&folded.text) {
            tokens::cut(&folded.text, part, &mut tokens);
        }
        Self { folded, tokens, n_options: options.len(), options: option_texts(options) }
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

    /// Whether the word there is one of these, which single spaces part.
    pub(super) fn is_word(&self, i: usize, words: &str) -> bool {
        let word = self.word(i);
        !word.is_empty() && words.split(' ').any(|known| known == word)
    }

    /// Whether the word there is in one of these lists.
    pub(super) fn is_in(&self, i: usize, lists: lexicon::Set) -> bool {
        self.tokens.get(i).is_some_and(|token| token.lists.meets(lists))
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
        let end = i + MAX_MARKS;
        while i < end && self.token(i).is_some_and(|token| token.is_one_of(marks)) {
            i += 1;
        }
        i
    }

    /// The longest option whose whole text stands here, and the token after it. A leading article is passed over.
    pub(super) fn option_at(&self, i: usize) -> Option<(usize, usize)> {
        let longest = |at: usize| {
            self.options
                .iter()
                .enumerate()
                .filter(|(_, option)| option.tells)
                .filter_map(|(option_idx, option)| {
                    Some((option_idx, self.match_words(at, &option.words)?))
                })
                .max_by_key(|(_, end)| *end)
        };
        longest(i).or_else(|| self.after_article(i).and_then(longest))
    }

    /// The token after the option's text, when it stands here.
    pub(super) fn this_option_at(&self, i: usize, option_idx: usize) -> Option<usize> {
        let words = &self.options.get(option_idx)?.words;
        self.match_words(i, words).or_else(|| self.match_words(self.after_article(i)?, words))
    }

    fn after_article(&self, i: usize) -> Option<usize> {
        (self.is_in(i, lexicon::ARTICLES) && !self.clause_ends(i + 1)).then_some(i + 1)
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

/// The words of each option, without a leading article.
fn option_texts(options: &[String]) -> Vec<OptionText> {
    let all: Vec<Vec<String>> = options
        .iter()
        .map(|option| {
            let folded = text::fold(option);
            let mut tokens = Vec::new();
            tokens::cut(&folded.text, 0..folded.text.len(), &mut tokens);
            let mut words: Vec<String> =
                (0..tokens.len()).filter_map(|i| telling(&tokens, i).map(str::to_owned)).collect();
            if words.len() > 1
                && words.first().is_some_and(|word| lexicon::Set::of(word).meets(lexicon::ARTICLES))
            {
                words.remove(0);
            }
            words
        })
        .collect();
    let is_letter = |words: &[String]| {
        matches!(words, [word] if word.len() == 1 && word.bytes().all(|b| {
            b.is_ascii_lowercase() && usize::from(b - b'a') < options.len()
        }))
    };
    let tells = |words: &Vec<String>| {
        all.iter().filter(|other| *other == words).count() == 1 && !is_letter(words)
    };
    all.iter().map(|words| OptionText { words: words.clone(), tells: tells(words) }).collect()
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
