//! Owns answers without any wording: the letter or the option's text alone, first, or last.

use std::ops::Range;

use super::Rule;
use super::claims::Claim;
use super::lexicon;
use super::reply::Reply;
use super::target::{Named, Place, Target};
use super::tokens::Kind;

/// Within how many tokens a line with the next letter makes a list.
const LIST_REACH: usize = 400;
/// What opens a line before its answer.
const OPENING: &str = "([{<\"'>-|→";
/// What closes it.
const CLOSING: &str = ".)]}>\"'!|;:,✓✔✅☑";

/// The choice with which the reply begins and the one with which it ends.
pub(super) fn find(reply: &Reply<'_>) -> Vec<Claim> {
    let lines = reply.lines();
    let listed = listed(reply, &lines);
    let mut own: Vec<&Range<usize>> =
        lines.iter().zip(&listed).filter(|(_, listed)| !**listed).map(|(line, _)| line).collect();
    // What looks like one option's line among others is a list of them, not an answer.
    let letters: Vec<usize> = own.iter().filter_map(|line| list_letter(reply, line)).collect();
    if letters.iter().any(|letter| Some(letter) != letters.first())
        && own.len() > 1
        && listed.iter().all(|listed| !listed)
    {
        own.retain(|line| list_letter(reply, line).is_none());
    }
    let texts = own.iter().filter(|line| whole_text(reply, line).is_some()).count();
    if texts > 1 {
        own.retain(|line| whole_text(reply, line).is_none());
    }
    let first = own.first().and_then(|line| leading(reply, line, lines.len() == 1));
    let last = own.iter().skip(1).last().and_then(|line| whole(reply, line, Place::Sentence));
    // A letter beyond the options at the start may be anything, where an answer stands at the end.
    let first =
        first.filter(|first| last.is_none() || !matches!(first.target.named, Named::Outside(_)));
    first.into_iter().chain(last).collect()
}

fn claim(target: Target, line: &Range<usize>) -> Claim {
    Claim { rule: Rule::Bare, target, start: line.start, turns: false }
}

/// A line that is an answer and nothing else.
fn whole(reply: &Reply<'_>, line: &Range<usize>, place: Place) -> Option<Claim> {
    let start = line_body(reply, line);
    let target = reply.target(start, place, lexicon::ALONE_FILLERS)?;
    let lower = reply.token(target.start)?.letter.is_some_and(|c| c.is_ascii_lowercase())
        && target.end == target.start + 1;
    if lower
        && place == Place::Sentence
        && !reply.before(target.start).is_some_and(|before| before.is_mark('('))
    {
        return None;
    }
    (reply.skip_marks(target.after, CLOSING) >= line.end).then(|| claim(target, line))
}

/// The answer with which the first line begins.
fn leading(reply: &Reply<'_>, line: &Range<usize>, is_all: bool) -> Option<Claim> {
    let place = if is_all { Place::Field } else { Place::Sentence };
    if let Some(whole) = whole(reply, line, place) {
        return Some(whole);
    }
    let start = line_body(reply, line);
    let target = reply.named_at(start, Place::Sentence)?;
    let letter = reply.token(target.start)?.letter.filter(|_| target.end == target.start + 1);
    if reply.denied_after(target.after)
        || reply.asks(target.after)
        || reply.begins_list(&target)
        || is_key(reply, &target)
    {
        return None;
    }
    let agrees = target.after > target.end || matches!(target.named, Named::Several(_));
    let parted = reply.clause_ends(target.end) || reply.is_in(target.end, lexicon::BECAUSE);
    let counts = match letter {
        Some(letter) if letter.is_ascii_lowercase() => agrees,
        // Roman numerals number a list, and I is a pronoun.
        Some('I' | 'V' | 'X') => agrees,
        Some(_) => agrees || parted,
        None => {
            reply.clause_ends(target.after)
                && !reply.token(target.after).is_some_and(|token| token.is_one_of("(|"))
        }
    };
    counts.then(|| claim(target, line))
}

/// Whether a letter is followed by nothing but a colon and another: `A: B`, where the first may be short for `answer`.
fn is_key(reply: &Reply<'_>, target: &Target) -> bool {
    reply.token(target.end).is_some_and(|next| next.is_mark(':'))
        && reply.letter_at(target.end + 1, Place::Sentence).is_some()
}

/// Which lines repeat the options: two or more neighbours that begin with different letters and their own texts.
fn listed(reply: &Reply<'_>, lines: &[Range<usize>]) -> Vec<bool> {
    let echoes: Vec<Option<usize>> = lines
        .iter()
        .map(|line| {
            let idx = list_letter(reply, line)?;
            let letter = line_body(reply, line);
            reply.own_text_after(letter + 1, idx).map(|_| idx)
        })
        .collect();
    let at = |i: Option<usize>| i.and_then(|i| echoes.get(i).copied().flatten());
    (0..lines.len())
        .map(|i| {
            let own = at(Some(i));
            let neighbour = |other: Option<usize>| other.is_some() && other != own;
            own.is_some() && (neighbour(at(i.checked_sub(1))) || neighbour(at(Some(i + 1))))
        })
        .collect()
}

/// The option whose letter a line begins with as lists do: `B)`, `(B)`, `b.`, `B:`.
fn list_letter(reply: &Reply<'_>, line: &Range<usize>) -> Option<usize> {
    let at = line_body(reply, line);
    let next = reply.token(at + 1)?;
    if !next.is_one_of(").:]-") || at + 2 >= line.end {
        return None;
    }
    let letter = reply.token(at)?.letter?.to_ascii_uppercase();
    let idx = usize::from(u8::try_from(letter).ok()?.checked_sub(b'A')?);
    (idx < reply.n_options).then_some(idx)
}

/// The option whose text is the whole of a line.
fn whole_text(reply: &Reply<'_>, line: &Range<usize>) -> Option<usize> {
    let (idx, end) = reply.option_at(line_body(reply, line))?;
    (reply.skip_marks(end, CLOSING) >= line.end).then_some(idx)
}

/// The first token of a line after bullets, numbers, quotes and brackets that are not part of an option's text.
fn line_body(reply: &Reply<'_>, line: &Range<usize>) -> usize {
    if reply.option_at(line.start).is_some() {
        return line.start;
    }
    let start = reply.skip_marks(line.start, OPENING);
    let number = reply.word(start);
    let numbered = (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && reply.token(start + 1).is_some_and(|next| next.is_one_of(".)-"))
        && start + 2 < line.end;
    if numbered { reply.skip_marks(start + 2, OPENING) } else { start }
}

impl Reply<'_> {
    /// Whether a named letter is the first of a list of options: the next letter follows its text in the same line, or
    /// begins a later line as this one begins its own.
    pub(super) fn begins_list(&self, target: &Target) -> bool {
        let Named::Option(option_idx) = target.named else { return false };
        if !self.token(target.start + 1).is_some_and(|next| next.is_one_of(").:")) {
            return false;
        }
        let follows = |i: usize| {
            self.token(i + 1).is_some_and(|next| next.is_one_of(").:"))
                && self.letter_at(i, Place::Field) == Some(Named::Option(option_idx + 1))
        };
        let line_start = self.line_start(target.start);
        let alone = self.skip_marks(line_start, OPENING) == target.start;
        let in_row = target.after > target.end && follows(self.skip_marks(target.after, ".,;("));
        in_row
            || (alone
                && (target.after..target.after + LIST_REACH)
                    .filter(|i| self.token(*i).is_some_and(|token| token.kind == Kind::Line))
                    .any(|line| follows(self.skip_marks(line + 1, OPENING))))
    }

    /// The lines that are not empty, as ranges of tokens.
    pub(super) fn lines(&self) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut start = 0;
        for i in 0..=self.tokens.len() {
            if self.token(i).is_none_or(|token| token.kind == Kind::Line) {
                if i > start {
                    lines.push(start..i);
                }
                start = i + 1;
            }
        }
        lines
    }

    /// The first token of the line.
    pub(super) fn line_start(&self, i: usize) -> usize {
        (0..i)
            .rev()
            .take(60)
            .find(|i| self.token(*i).is_some_and(|token| token.kind == Kind::Line))
            .map_or(i.saturating_sub(60), |i| i + 1)
    }
}
