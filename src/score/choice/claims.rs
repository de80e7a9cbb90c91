//! Owns declarations by a label or a sentence about the answer: `Answer: B`, `\boxed{B}`, `the answer is B`.

use super::Rule;
use super::lexicon;
use super::reply::Reply;
use super::target::{Named, Place, Target};
use super::tokens::Kind;

/// One declaration of an answer.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) rule: Rule,
    pub(super) target: Target,
    /// The first token of its wording.
    pub(super) start: usize,
    /// Whether its own words take back or set against what came before.
    pub(super) turns: bool,
}

/// How many words may stand between `answer` and its verb, or its colon.
const MAX_BETWEEN: usize = 10;

/// Every labelled and declared choice, in order.
pub(super) fn find(reply: &Reply<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    for i in 0..reply.tokens.len() {
        if reply.token(i).is_some_and(|token| token.kind == Kind::Field) {
            claims.extend(field(reply, i));
        } else if reply.is_in(i, lexicon::ANSWER) || reply.is_in(i, lexicon::OPTION) {
            claims.extend(
                labelled(reply, i).or_else(|| declared(reply, i)).or_else(|| named(reply, i)),
            );
        } else if reply.is_in(i, lexicon::HEADINGS) {
            claims.extend(labelled(reply, i));
        }
    }
    claims
}

fn field(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    let mut at = i + 1;
    while reply.token(at).is_some_and(|token| token.kind == Kind::Line) {
        at += 1;
    }
    let target = reply.target(at, Place::Field, lexicon::FILLERS)?;
    Some(Claim { rule: Rule::Labelled, target, start: i, turns: false })
}

/// `Answer: B`, `"answer": "B"`, a heading `Answer` over a line `B`, `Answer to question 4: B`.
fn labelled(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if unchosen(reply, i) {
        return None;
    }
    let mut at = i + 1;
    let mut n_words = 0;
    let payload = loop {
        at = reply.skip_marks(at, "\"'])}");
        let token = reply.token(at)?;
        match token.kind {
            Kind::Mark(':' | '=' | '：' | '→') => break at + 1,
            Kind::Mark('>')
                if reply
                    .before(at)
                    .is_some_and(|before| before.is_mark('-') || before.is_mark('=')) =>
            {
                break at + 1;
            }
            Kind::Mark('-') if n_words == 0 && !reply.joins(at) => {
                if !reply.token(at + 1).is_some_and(|next| next.is_mark('>')) {
                    break at + 1;
                }
                at += 1;
            }
            Kind::Mark('.') if reply.is_word(i, "ans") => break at + 1,
            Kind::Mark('(' | '[') => at = close(reply, at)?,
            Kind::Line if heading(reply, i, at) => break at,
            Kind::Word
                if n_words < MAX_BETWEEN
                    && !reply.is_in(at, lexicon::NOT_THE_ANSWER)
                    && !reply.is_in(at, lexicon::IS)
                    && token.letter.is_none_or(|c| c == 'l') =>
            {
                n_words += 1;
                at += 1;
            }
            _ => return None,
        }
    };
    let mut payload = reply.skip_marks(payload, "]>");
    while reply.token(payload).is_some_and(|token| token.kind == Kind::Line) {
        payload += 1;
    }
    let denied = reply.is_in(payload, lexicon::NEGATIVE) && reply.option_at(payload).is_none();
    let target = if denied {
        turned(reply, payload)?
    } else {
        payload_target(reply, payload, Place::Field)?
    };
    if reply.begins_list(&target) {
        return None;
    }
    let start = label_start(reply, i);
    let turns =
        denied || (start..=i).any(|i| reply.is_word(i, "final finale definitiva endgultige"));
    keep(reply, Claim { rule: Rule::Labelled, target, start, turns })
}

/// `The answer is B`, `la respuesta correcta es la B`, `the answer is not A but B`.
fn declared(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if unchosen(reply, i) {
        return None;
    }
    let mut at = i + 1;
    let mut denied = false;
    for _ in 0..MAX_BETWEEN {
        if reply
            .token(at)
            .is_none_or(|token| token.kind != Kind::Word && !token.is_one_of("\"',()"))
            || reply.is_in(at, lexicon::NOT_THE_ANSWER)
            || reply.is_word(at, "could may might podria pourrait konnte")
        {
            return None;
        }
        denied |= reply.is_word(at, "no n ne isn't wasn't cannot can't");
        if reply.is_in(at, lexicon::IS) {
            break;
        }
        at += 1;
    }
    if !reply.is_in(at, lexicon::IS) {
        return None;
    }
    let mut payload = at + 1;
    if reply.token(payload).is_some_and(|token| token.is_one_of(":=")) {
        payload += 1;
    }
    while reply.token(payload).is_some_and(|token| token.kind == Kind::Line)
        && reply
            .before(payload)
            .is_some_and(|before| before.is_one_of(":=") || before.kind == Kind::Line)
    {
        payload += 1;
    }
    denied |= reply.is_in(payload, lexicon::NEGATIVE) && reply.option_at(payload).is_none();
    let target = if denied {
        turned(reply, payload)?
    } else {
        payload_target(reply, payload, Place::Sentence)?
    };
    if reply.asks(target.after) || reply.supposes(i, target.after) || reply.begins_list(&target) {
        return None;
    }
    keep(reply, Claim { rule: Rule::Declared, target, start: label_start(reply, i), turns: denied })
}

/// `Answer B` as a line of its own, `daher ist die Antwort B.`
fn named(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if !reply.is_in(i, lexicon::ANSWER) || unchosen(reply, i) {
        return None;
    }
    let target = reply.named_at(reply.skip_marks(i + 1, "("), Place::Sentence)?;
    let start = label_start(reply, i);
    let equated = (start..i).any(|i| reply.is_word(i, "is ist es est"))
        && !(start..i).any(|i| reply.is_in(i, lexicon::NEGATIVE));
    let line =
        start == reply.line_start(i) && reply.line_ends(reply.skip_marks(target.after, ".)!"));
    if !(equated && reply.clause_ends(target.after) || line)
        || reply.asks(target.after)
        || reply.supposes(i, target.after)
    {
        return None;
    }
    keep(reply, Claim { rule: Rule::Declared, target, start, turns: false })
}

/// What a payload names: at its beginning, or in brackets at its end as in `Metformin 500 mg (B)`.
fn payload_target(reply: &Reply<'_>, payload: usize, place: Place) -> Option<Target> {
    if let Some(target) = reply.target(payload, place, lexicon::FILLERS) {
        return Some(target);
    }
    let end = (payload..payload + 30).find(|i| reply.sentence_ends(*i))?;
    let letter = (payload..end)
        .rev()
        .find(|i| reply.token(*i).is_some_and(|token| token.letter.is_some()))?;
    let bracketed = reply.before(letter).is_some_and(|before| before.is_one_of("(["))
        && reply.token(letter + 1).is_some_and(|next| next.is_one_of(")]"))
        && letter + 2 >= end;
    let named_option = reply.is_in(letter.checked_sub(1)?, lexicon::OPTION)
        && reply.skip_marks(letter + 1, ")]") >= end;
    // A text that is cut into pieces by conjunctions may name several.
    let joined =
        (payload..letter).any(|i| reply.is_in(i, lexicon::OR) || reply.is_in(i, lexicon::NEGATIVE));
    if (bracketed || named_option) && !joined {
        reply.named_at(letter, Place::Sentence)
    } else {
        None
    }
}

/// After a denial: what comes instead, `not A but B`.
fn turned(reply: &Reply<'_>, from: usize) -> Option<Target> {
    let end = (from..from + 30).find(|i| reply.sentence_ends(*i)).unwrap_or(from + 30);
    let but =
        (from..end).find(|i| reply.is_word(*i, "but rather instead sondern sino mais pero"))?;
    let target = reply.target(but + 1, Place::Sentence, lexicon::FILLERS)?;
    (!reply.denied_after(target.after)).then_some(target)
}

/// Drops what its surroundings deny, unless they name another instead.
pub(super) fn keep(reply: &Reply<'_>, claim: Claim) -> Option<Claim> {
    if matches!(claim.target.named, Named::Several(_)) || !reply.denied_after(claim.target.after) {
        return Some(claim);
    }
    let target = turned(reply, claim.target.after)?;
    Some(Claim { target, turns: true, ..claim })
}

/// Whether an adjective before makes it an answer that is not given: `a common wrong answer is`.
fn unchosen(reply: &Reply<'_>, i: usize) -> bool {
    (i.saturating_sub(3)..i)
        .rev()
        .take_while(|i| reply.token(*i).is_some_and(|token| token.kind == Kind::Word))
        .any(|i| reply.is_in(i, lexicon::UNCHOSEN))
}

/// Whether the line that ends at `end` holds nothing but a heading with the word at `i`.
fn heading(reply: &Reply<'_>, i: usize, end: usize) -> bool {
    let start = reply.line_start(i);
    end - start <= 6
        && (start..end).all(|i| !reply.sentence_ends(i))
        && (start..i).all(|i| {
            reply.token(i).is_some_and(|token| {
                token.kind != Kind::Word || token.letter.is_none() && !reply.is_in(i, lexicon::IS)
            })
        })
        && end == reply.skip_marks(i + 1, ")\"'").max(i + 1)
}

/// Where the wording of a label begins: back to the start of its clause, so that what parts two claims can be counted.
fn label_start(reply: &Reply<'_>, i: usize) -> usize {
    let mut start = i;
    while start > 0
        && i - start < 6
        && reply
            .token(start - 1)
            .is_some_and(|token| token.kind == Kind::Word && token.letter.is_none())
    {
        start -= 1;
    }
    start
}

/// The token after the bracket that closes the one there, within a line.
fn close(reply: &Reply<'_>, open: usize) -> Option<usize> {
    (open + 1..open + 16)
        .take_while(|i| !reply.line_ends(*i))
        .find(|i| reply.token(*i).is_some_and(|token| token.is_one_of(")]")))
        .map(|i| i + 1)
}
