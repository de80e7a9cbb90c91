//! Owns reading what a declaration names: a letter, an option's text, several of them, or a letter that no option has.

use super::lexicon;
use super::reply::Reply;
use super::tokens::Kind;

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// One option.
    Option(usize),
    /// More than one.
    Several(Vec<usize>),
    /// A letter beyond the last option's.
    Outside(char),
}

/// What a declaration names, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) named: Named,
    /// Tokens that name it.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The token after all that belongs to it, such as the option's text after its letter.
    pub(super) after: usize,
}

/// Where a letter stands, which decides what it takes to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After a label, where an answer is due: small letters count.
    Field,
    /// In a sentence: small letters count only where a mark shows that they are no word.
    Sentence,
}

impl Reply<'_> {
    /// What is named at this token, after opening marks and words without weight.
    pub(super) fn target(&self, i: usize, place: Place, fillers: &[&str]) -> Option<Target> {
        let mut at = i;
        for _ in 0..10 {
            at = self.skip_marks(at, "([{<\"'");
            if self.token(at).is_some_and(|token| token.kind == Kind::Field) {
                at += 1;
                continue;
            }
            if let Some(target) = self.named_at(at, place) {
                return Some(target);
            }
            if !self.is_word(at, fillers) {
                return None;
            }
            at += 1;
            if self.token(at).is_some_and(|token| token.is_one_of(":,")) {
                at += 1;
            }
        }
        None
    }

    /// What is named by exactly this token and those after it.
    pub(super) fn named_at(&self, i: usize, place: Place) -> Option<Target> {
        let text = self.option_at(i).filter(|(_, end)| self.text_ends(*end));
        let letter = self.letter_at(i, place);
        match (letter, text) {
            (Some(Named::Option(option_idx)), Some((by_text, end))) if by_text != option_idx => {
                // `E. coli` where E is another option: the whole text says more than its first letter.
                let own = self.own_text_after(i + 1, option_idx);
                if own.is_some_and(|own_end| own_end >= end) || end <= i + 1 {
                    Some(self.by_letter(i, option_idx))
                } else {
                    self.by_text(i, by_text, end)
                }
            }
            (Some(Named::Option(option_idx)), _) => Some(self.by_letter(i, option_idx)),
            (_, Some((by_text, end))) => self.by_text(i, by_text, end),
            (Some(named), None) => Some(Target { named, start: i, end: i + 1, after: i + 1 }),
            (None, None) => None,
        }
    }

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
                Place::Field => closed || ends || self.own_text_after(i + 1, option_idx).is_some(),
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
                own_follows() || function_words.contains(&next.text.as_str())
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
                    || lexicon::AFTER_LETTER.contains(&after.text.as_str())
                    || lexicon::SENTENCE_STARTS.contains(&after.text.as_str());
                !initials
                    && (own_follows() || (sentence && !after.glued) || (sentence && after.capital))
            }
            Kind::Mark('\'' | '-') => !self.joins(i) || own_follows(),
            Kind::Mark('/' | '&' | '+') => self.token(i + 1).is_some_and(|after| {
                after.letter.is_some_and(|other| {
                    other.is_ascii_uppercase()
                        && u8::try_from(other)
                            .is_ok_and(|other| usize::from(other - b'A') < self.n_options)
                })
            }),
            Kind::Mark(mark) => ")]},:;!?\">(<|,✓✔✅☑→[{".contains(mark) || mark == '\u{fffd}',
        }
    }

    /// Whether the text of an option ends where it was matched, and does not go on as another text.
    fn text_ends(&self, end: usize) -> bool {
        self.clause_ends(end)
            || self.is_word(end, lexicon::AFTER_TEXT)
            || self.joined_choice(end).is_some()
    }

    /// The end of the option's own text, when it follows its letter.
    pub(super) fn own_text_after(&self, i: usize, option_idx: usize) -> Option<usize> {
        self.this_option_at(self.skip_marks(i, ".):,-\"'>]}(|"), option_idx)
    }

    fn by_letter(&self, i: usize, option_idx: usize) -> Target {
        let mut target =
            Target { named: Named::Option(option_idx), start: i, end: i + 1, after: i + 1 };
        let text_at = self.skip_marks(i + 1, ".):,-\"'>]}(|");
        let own_end = self.this_option_at(text_at, option_idx);
        let other = self.option_at(text_at).filter(|(other_idx, end)| {
            *other_idx != option_idx
                && self.clause_ends(*end)
                && own_end.is_none_or(|own_end| *end > own_end)
        });
        if let Some((other_idx, _)) = other {
            target.named = several(option_idx, other_idx);
            return target;
        }
        if let Some(own_end) = own_end {
            target.after = self.skip_marks(own_end, ")\"'");
        } else if let Some(other_idx) =
            self.text_of_next_line(i + 1).filter(|other_idx| *other_idx != option_idx)
        {
            target.named = several(option_idx, other_idx);
            return target;
        }
        self.joined(target, option_idx)
    }

    fn by_text(&self, i: usize, option_idx: usize, end: usize) -> Option<Target> {
        let mut target = Target { named: Named::Option(option_idx), start: i, end, after: end };
        // `Metformin (C)`, `Metformin, option C`
        let at = self.skip_marks(end, "\"',(");
        let at = if self.is_word(at, lexicon::OPTION) { at + 1 } else { at };
        if at > end
            && let Some(Named::Option(other_idx)) = self.letter_at(at, Place::Sentence)
            && self.clause_ends(at + 1)
        {
            target.after = at + 1;
            if other_idx != option_idx {
                target.named = several(option_idx, other_idx);
            }
            return Some(target);
        }
        Some(self.joined(target, option_idx))
    }

    /// Makes a target of several when another choice is joined to it.
    fn joined(&self, mut target: Target, option_idx: usize) -> Target {
        if let Some((other_idx, after)) = self.joined_choice(target.after)
            && other_idx != option_idx
        {
            target.named = several(option_idx, other_idx);
            target.after = after;
            while let (Named::Several(idxs), Some((more_idx, after))) =
                (&mut target.named, self.joined_choice(target.after))
            {
                if !idxs.contains(&more_idx) {
                    idxs.push(more_idx);
                    idxs.sort_unstable();
                }
                target.after = after;
            }
        }
        target
    }

    /// A second choice joined to the one before: `or C`, `/ C`, `, C`, `and (C)`.
    fn joined_choice(&self, end: usize) -> Option<(usize, usize)> {
        let closed = self.skip_marks(end, ")]}\"'");
        let comma = self.token(closed).is_some_and(|token| token.is_mark(','));
        let mut at = if comma { closed + 1 } else { closed };
        let word = self.is_word(at, lexicon::OR);
        let sign = self.token(at).is_some_and(|token| token.is_one_of("/&+|"));
        if word || sign {
            at += 1;
            // and/or
            while self.is_word(at, lexicon::OR)
                || (word && self.token(at).is_some_and(|token| token.is_mark('/')))
            {
                at += 1;
            }
        } else if !comma {
            return None;
        }
        let listed = at;
        while self.is_word(at, lexicon::JOIN_FILLERS) {
            at += 1;
        }
        at = self.skip_marks(at, "([{\"'");
        let named = self.letter_at(at, Place::Field).filter(|_| {
            self.token(at).is_some_and(|token| {
                token.letter.is_some_and(|c| c.is_ascii_uppercase()) || word || sign
            })
        });
        let found = match named {
            Some(Named::Option(other_idx)) => {
                Some((other_idx, self.own_text_after(at + 1, other_idx).unwrap_or(at + 1)))
            }
            _ => None,
        };
        if let Some((_, after)) = found {
            // `B, C is wrong`: the second begins a sentence of its own.
            let begins_anew =
                !word && !sign && !self.clause_ends(after) && !self.is_word(after, lexicon::OR);
            return found.filter(|_| !begins_anew || listed != at && !comma);
        }
        if comma && !word && !sign {
            return None;
        }
        self.option_at(at)
            .filter(|(_, end)| self.clause_ends(*end) || self.is_word(*end, lexicon::IS))
    }

    /// The option whose text is the whole of the next line that is not empty.
    fn text_of_next_line(&self, i: usize) -> Option<usize> {
        let mut at = self.skip_marks(i, ".)]}\"'|");
        if self.token(at)?.kind != Kind::Line {
            return None;
        }
        while self.token(at)?.kind == Kind::Line {
            at += 1;
        }
        let (option_idx, end) = self.option_at(self.skip_marks(at, "\"'("))?;
        self.line_ends(self.skip_marks(end, ".!)\"'")).then_some(option_idx)
    }
}

/// Two different options, in order.
pub(super) fn several(a: usize, b: usize) -> Named {
    Named::Several(vec![a.min(b), a.max(b)])
}
