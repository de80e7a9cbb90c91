//! Owns telling a letter that names an option from one that is part of the prose.

use super::lexicon;
use super::reply::Reply;
use super::target::{Named, Place};
use super::tokens::Kind;

impl Reply<'_> {
    /// The letter of an option, or beyond them, when the token can be nothing else.
    pub(super) fn letter_at(&self, i: usize, place: Place) -> Option<Named> {
        let letter = self.token(i)?.letter?;
        if self.token(i).is_some_and(|token| token.glued)
            && self.before(i).is_some_and(|before| {
                !before.is_one_of("([{<\"':;,./|=>&+?!-")
                    && before.kind != Kind::Field
                    && before.kind != Kind::Line
            })
        {
            return None;
        }
        let upper = letter.to_ascii_uppercase();
        let option_idx = usize::from(u8::try_from(upper).ok()?.checked_sub(b'A')?);
        if !self.letter_ends(i + 1, upper, option_idx) {
            return None;
        }
        if letter.is_ascii_lowercase() {
            let closed = self.token(i + 1).is_some_and(|next| next.is_one_of(".)]}\",;>"));
            let ends = self.line_ends(i + 1);
            let is_word = matches!(upper, 'A' | 'E' | 'I' | 'O' | 'U' | 'Y');
            let counts = match place {
                Place::Field => {
                    // `b or c`
                    let joined = self.is_or(i + 1)
                        && self.token(i + 2).is_some_and(|other| other.letter.is_some());
                    closed || ends || joined || self.own_text_after(i + 1, option_idx).is_some()
                }
                Place::Sentence => {
                    closed
                        && !(is_word && self.token(i + 1).is_some_and(|next| next.is_one_of(",;")))
                        || (ends && !is_word)
                }
            };
            if !counts {
                return None;
            }
        }
        if option_idx < self.n_options {
            return Some(Named::Option(option_idx));
        }
        let stands_alone =
            self.clause_ends(i + 1) && !self.token(i + 1).is_some_and(|next| next.is_mark('\''));
        (stands_alone && letter.is_ascii_uppercase()).then_some(Named::Outside(upper))
    }

    /// Whether the letter before this token ends as a letter does: not `B-cell`, `C. difficile`, `A 45-year-old`, `I think`.
    fn letter_ends(&self, i: usize, letter: char, option_idx: usize) -> bool {
        let Some(next) = self.token(i) else { return true };
        let own_follows = || self.own_text_after(i, option_idx).is_some();
        match next.kind {
            Kind::Line | Kind::Field => true,
            Kind::Word if next.glued => false,
            Kind::Word => {
                let function_words =
                    if letter == 'I' { lexicon::AFTER_I } else { lexicon::AFTER_LETTER };
                own_follows() || next.lists.meets(function_words)
            }
            Kind::Mark('.') => {
                let Some(after) = self.token(i + 1) else { return true };
                if after.kind != Kind::Word {
                    return true;
                }
                let initials = after.glued && after.letter.is_some();
                // A genus is cut short before a small letter: E. coli. A sentence goes on with a capital or a function word.
                let sentence = after.capital
                    || after.text.bytes().all(|b| b.is_ascii_digit())
                    || after.lists.meets(lexicon::AFTER_LETTER)
                    || after.lists.meets(lexicon::SENTENCE_STARTS);
                !initials
                    && (own_follows() || (sentence && !after.glued) || (sentence && after.capital))
            }
            // The key of an object, and a comparison.
            Kind::Mark('"' | '\'') if self.token(i + 1).is_some_and(|after| after.is_mark(':')) => {
                false
            }
            Kind::Mark('>') => self.token(i + 1).is_none_or(|after| after.letter.is_none()),
            Kind::Mark('\'' | '-') => !self.joins(i) || own_follows(),
            Kind::Mark('/' | '&' | '+') => self.token(i + 1).is_some_and(|after| {
                after.letter.is_some_and(|other| {
                    other.is_ascii_uppercase()
                        && u8::try_from(other)
                            .is_ok_and(|other| usize::from(other - b'A') < self.n_options)
                })
            }),
            Kind::Mark(mark) => ")]},:;!?\"(<|,✓✔✅☑→[{".contains(mark) || mark == '\u{fffd}',
        }
    }
}
