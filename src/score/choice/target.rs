//! Owns reading what a declaration names: a letter, an option's text, several of them, or a letter that no option has.

use super::lexicon;
use super::reply::Reply;
use super::tokens::Kind;

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// One option.
    Option(usize),
    /// More than one, or one joined to something: ascending, without repetition.
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

/// How many words without weight may stand before what is named.
const MAX_FILLERS: usize = 10;
/// How many choices may be joined; more are cut off, which changes nothing.
const MAX_JOINED: usize = 26;

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
    pub(super) fn target(&self, i: usize, place: Place, fillers: lexicon::Set) -> Option<Target> {
        let mut at = i;
        for _ in 0..MAX_FILLERS {
            if !self.option_at(at).is_some_and(|(_, end)| self.text_ends(end)) {
                at = self.skip_marks(at, "([{<\"'");
            }
            if self.token(at).is_some_and(|token| token.kind == Kind::Field) {
                at += 1;
                continue;
            }
            if let Some(target) = self.named_at(at, place) {
                return Some(target);
            }
            if !self.is_in(at, fillers) {
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
                    Some(self.by_text(i, by_text, end))
                }
            }
            (Some(Named::Option(option_idx)), _) => Some(self.by_letter(i, option_idx)),
            (_, Some((by_text, end))) => Some(self.by_text(i, by_text, end)),
            (Some(named), None) => Some(Target { named, start: i, end: i + 1, after: i + 1 }),
            (None, None) => None,
        }
    }

    /// Whether the text of an option ends where it was matched, and does not go on as another text.
    fn text_ends(&self, end: usize) -> bool {
        self.clause_ends(end)
            || self.is_in(end, lexicon::AFTER_TEXT)
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

    fn by_text(&self, i: usize, option_idx: usize, end: usize) -> Target {
        let mut target = Target { named: Named::Option(option_idx), start: i, end, after: end };
        // `Metformin (C)`, `Metformin, option C`
        let at = self.skip_marks(end, "\"',(");
        let at = if self.is_in(at, lexicon::OPTION) { at + 1 } else { at };
        if at > end
            && let Some(Named::Option(other_idx)) = self.letter_at(at, Place::Sentence)
            && self.clause_ends(at + 1)
        {
            target.after = at + 1;
            if other_idx != option_idx {
                target.named = several(option_idx, other_idx);
            }
            return target;
        }
        self.joined(target, option_idx)
    }

    /// Makes a target of several when other choices are joined to it.
    fn joined(&self, mut target: Target, option_idx: usize) -> Target {
        let mut option_idxs = vec![option_idx];
        for _ in 0..MAX_JOINED {
            let Some((other_idx, after)) = self.joined_choice(target.after) else { break };
            option_idxs.push(other_idx);
            target.after = after;
        }
        if option_idxs.len() > 1 {
            option_idxs.sort_unstable();
            option_idxs.dedup();
            target.named = Named::Several(option_idxs);
        }
        target
    }

    /// A second choice joined to the one before, and the token after it: `or C`, `/ C`, `, C`, `and (C)`.
    fn joined_choice(&self, end: usize) -> Option<(usize, usize)> {
        let mut closed = self.skip_marks(end, ")]}\"'");
        if self.token(closed).is_some_and(|token| token.is_mark('(')) && self.is_or(closed + 1) {
            closed += 1;
        }
        let comma = self.token(closed).is_some_and(|token| token.is_one_of(",;"));
        let start = closed + usize::from(comma);
        let mut at = start;
        // `or`, `and/or`, `/`, `&`
        while self.is_or(at) || self.token(at).is_some_and(|token| token.is_one_of("/&+|")) {
            at += 1;
        }
        let conjoined = at > start;
        // `or, less likely, B`
        if conjoined && self.token(at).is_some_and(|token| token.is_mark(',')) {
            let aside = (at + 1..at + 5)
                .take_while(|i| self.token(*i).is_some_and(|token| token.kind == Kind::Word))
                .count();
            if self.token(at + 1 + aside).is_some_and(|token| token.is_mark(',')) {
                at += aside + 2;
            }
        }
        if !conjoined && !comma {
            return None;
        }
        let by_text = |at: usize| {
            self.option_at(at).filter(|(_, end)| {
                self.clause_ends(*end)
                    || self.is_or(*end)
                    || (conjoined && self.is_in(*end, lexicon::IS))
            })
        };
        while self.is_in(at, lexicon::JOIN_FILLERS) && by_text(at).is_none() {
            at += 1;
        }
        if let Some(found) = by_text(at) {
            return Some(found);
        }
        at = self.skip_marks(at, "([{\"'");
        let capital = self.token(at)?.letter?.is_ascii_uppercase();
        let Some(Named::Option(other_idx)) = self.letter_at(at, Place::Field) else { return None };
        let after = self.own_text_after(at + 1, other_idx).unwrap_or(at + 1);
        // `B, C is wrong`: the second begins a sentence of its own.
        let listed = capital && (self.clause_ends(after) || self.is_or(after));
        (conjoined || listed).then_some((other_idx, after))
    }

    /// Whether the word there joins two choices. A capital is a letter, not the Spanish `o` or `e`.
    pub(super) fn is_or(&self, i: usize) -> bool {
        self.is_in(i, lexicon::OR)
            && !self.token(i).is_some_and(|token| token.letter.is_some() && token.capital)
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
