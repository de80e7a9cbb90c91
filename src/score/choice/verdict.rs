//! Owns judgements in prose: `B is correct`, `I'd choose B`, `so the drug is (B)`, `wait, it's B`.

use super::Rule;
use super::approval::approves;
use super::claims::{Claim, keep};
use super::lexicon;
use super::reply::Reply;
use super::target::{Named, Place, Target};
use super::tokens::Kind;

/// Every judgement, in order.
pub(super) fn find(reply: &Reply<'_>) -> Vec<Claim> {
    (0..reply.tokens.len())
        .filter_map(|i| {
            judged(reply, i)
                .or_else(|| chosen(reply, i))
                .or_else(|| asked_for(reply, i))
                .or_else(|| concluded(reply, i))
                .or_else(|| taken_back(reply, i))
        })
        .collect()
}

fn sure(reply: &Reply<'_>, start: usize, target: Target) -> Option<Claim> {
    if reply.asks(target.after) || reply.supposes(start, target.after) {
        return None;
    }
    let begin = reply.sentence_start(start);
    let turns = (begin..start + 2)
        .any(|i| reply.is_in(i, lexicon::CONTRAST) || reply.is_in(i, lexicon::THEREFORE))
        || (target.after..target.after + 3).any(|i| reply.is_word(i, "better best"));
    keep(reply, Claim { rule: Rule::Verdict, target, start, turns })
}

/// `B is correct`, `(C) fits best`, `option D: correct`, `both A and D are right`.
fn judged(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    reply.token(i)?.letter?;
    let after_noun = reply.is_in(i.wrapping_sub(1), lexicon::OPTION)
        || reply.is_in(i.wrapping_sub(1), lexicon::ANSWER);
    let bracketed = reply.before(i).is_some_and(|before| before.is_mark('('))
        && reply.token(i + 1).is_some_and(|next| next.is_mark(')'));
    let before = if bracketed { i - 1 } else { i };
    if !(reply.clause_begins(before) || reply.is_in(before.wrapping_sub(1), lexicon::BEFORE_LETTER))
    {
        return None;
    }
    let letter = reply.token(i)?.letter?;
    let place = if after_noun || bracketed { Place::Field } else { Place::Sentence };
    if letter.is_ascii_lowercase() && !after_noun && !bracketed {
        return None;
    }
    let target = match reply.named_at(i, place) {
        Some(target) => target,
        // `option b is correct`: no mark follows the small letter.
        None if after_noun
            && letter.is_ascii_lowercase()
            && (reply.is_in(i + 1, lexicon::IS) || reply.is_in(i + 1, lexicon::FITS)) =>
        {
            let option_idx = usize::from(u8::try_from(letter).ok()?.checked_sub(b'a')?);
            let named =
                if option_idx < reply.n_options { Named::Option(option_idx) } else { return None };
            Target { named, start: i, end: i + 1, after: i + 1 }
        }
        None => return None,
    };
    if matches!(target.named, Named::Outside(_)) && !after_noun {
        return None;
    }
    if reply.is_word(before.wrapping_sub(1), "not neither ni nor") {
        return None;
    }
    let approval = approves(reply, &target, letter)?;
    let claim = sure(reply, i, target)?;
    Some(Claim { rule: approval, ..claim })
}

/// `I'd choose B`, `my pick would be C`, `ich wähle D`.
fn chosen(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    let alone = reply.is_in(i, lexicon::I_CHOOSE);
    if !alone && !reply.is_in(i, lexicon::CHOOSE) {
        let german = reply.is_word(i, "wurde") && reply.is_word(i.wrapping_sub(1), "ich");
        if !german {
            return None;
        }
    }
    let who = alone
        || (i.saturating_sub(4)..i).any(|i| reply.is_in(i, lexicon::I) && !reply.sentence_ends(i));
    let denied = (i.saturating_sub(3)..i).any(|i| reply.is_in(i, lexicon::NEGATIVE));
    if !who || denied {
        return None;
    }
    let target = reply.target(i + 1, Place::Sentence, lexicon::CHOOSE_FILLERS)?;
    let is_lower = reply
        .token(target.start)
        .is_some_and(|token| token.letter.is_some_and(|c| c.is_ascii_lowercase()));
    let weak =
        reply.is_word(i, "think say believe guess glaube denke pense dirais creo diria answer");
    if (is_lower && matches!(reply.word(target.start), "a" | "e" | "i" | "o" | "u" | "y"))
        || (weak
            && !reply.clause_ends(target.after)
            && !reply.is_in(target.after, lexicon::BECAUSE))
    {
        return None;
    }
    sure(reply, i, target)
}

/// `The most likely diagnosis is (B)`, `it is C`.
fn asked_for(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if says_it(reply, i) {
        let target = reply.target(i + 1, Place::Sentence, lexicon::IT_IS_FILLERS)?;
        return sure(reply, i, target.clone()).filter(|_| firm(reply, &target));
    }
    if !reply.is_in(i, lexicon::ASKED_FOR) {
        return None;
    }
    let begin = reply.sentence_start(i);
    if !(begin.max(i.saturating_sub(6))..i + 3).any(|i| reply.is_in(i, lexicon::SUPERLATIVES)) {
        return None;
    }
    let verb = (i + 1..i + 14)
        .take_while(|i| !reply.sentence_ends(*i))
        .find(|i| reply.is_in(*i, lexicon::IS))?;
    let payload = reply.skip_marks(verb + 1, ":");
    if reply.is_in(payload, lexicon::NEGATIVE) || reply.is_in(verb, lexicon::NEGATIVE) {
        return None;
    }
    let target = reply.target(payload, Place::Sentence, lexicon::FILLERS)?;
    sure(reply, i, target.clone()).filter(|_| firm(reply, &target))
}

/// Whether the word there is the verb of `it is`, `that would be`, `it's`, `c'est`, `es`, `richtig ist`.
fn says_it(reply: &Reply<'_>, i: usize) -> bool {
    if reply.is_word(i, "it's that's") {
        return true;
    }
    let before = i.wrapping_sub(1);
    let subject = "it that this";
    reply.is_in(i, lexicon::IS)
        && !reply.is_in(i, lexicon::NEGATIVE)
        && (reply.is_word(
            before,
            "it that this must should c richtig korrekt correcta correcto correct",
        ) || (reply.is_word(before, "would") && reply.is_word(before.wrapping_sub(1), subject))
            || (reply.before(i).is_some_and(|mark| mark.is_mark('\''))
                && reply.is_word(before.wrapping_sub(1), "c"))
            || (reply.is_word(i, "es") && reply.clause_begins(i)))
}

/// `Therefore, C.`, `so option B`, `→ D`.
fn concluded(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    let arrow = reply.token(i)?.is_mark('→') && reply.line_start(i) == i;
    if !arrow && !reply.is_in(i, lexicon::THEREFORE) {
        return None;
    }
    let at = reply.skip_marks(i + 1, ",:");
    let target = reply.target(at, Place::Sentence, lexicon::THEREFORE_FILLERS)?;
    let claim = sure(reply, i, target.clone())?;
    firm(reply, &target).then_some(Claim { turns: true, ..claim })
}

/// `Wait, no: B.`, `correction: C`, `I meant D`.
fn taken_back(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if !reply.takes_back(i..i + 1) {
        return None;
    }
    let target = reply.target(
        reply.skip_marks(i + 1, ",:;-.!"),
        Place::Sentence,
        lexicon::TAKE_BACK_FILLERS,
    )?;
    if !firm(reply, &target) || reply.denied_after(target.after) || reply.asks(target.after) {
        return None;
    }
    Some(Claim { rule: Rule::Declared, target, start: i, turns: true })
}

/// A capital letter, or an option's text, with which the clause ends.
fn firm(reply: &Reply<'_>, target: &Target) -> bool {
    let lower = reply.token(target.start).is_some_and(|token| {
        token.letter.is_some_and(|c| c.is_ascii_lowercase()) && target.end == target.start + 1
    });
    let before = reply.before(target.start).is_some_and(|before| before.is_mark('('));
    (!lower || before)
        && (reply.clause_ends(target.after) || reply.is_in(target.after, lexicon::BECAUSE))
        || (reply.before(target.after).is_some_and(|token| token.kind == Kind::Mark('.')))
}
