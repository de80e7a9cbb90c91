//! Owns judgements in prose: `B is correct`, `I'd choose B`, `so the drug is (B)`, `wait, it's B`.

use super::Rule;
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
        .any(|i| reply.is_word(i, lexicon::CONTRAST) || reply.is_word(i, lexicon::THEREFORE))
        || (target.after..target.after + 3).any(|i| reply.is_word(i, &["better", "best"]));
    keep(reply, Claim { rule: Rule::Verdict, target, start, turns })
}

/// `B is correct`, `(C) fits best`, `option D: correct`, `both A and D are right`.
fn judged(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    reply.token(i)?.letter?;
    let after_noun = reply.is_word(i.wrapping_sub(1), lexicon::OPTION)
        || reply.is_word(i.wrapping_sub(1), lexicon::ANSWER);
    let bracketed = reply.before(i).is_some_and(|before| before.is_mark('('))
        && reply.token(i + 1).is_some_and(|next| next.is_mark(')'));
    let before = if bracketed { i - 1 } else { i };
    if !(reply.clause_begins(before)
        || reply.is_word(before.wrapping_sub(1), lexicon::BEFORE_LETTER))
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
            && (reply.is_word(i + 1, lexicon::IS) || reply.is_word(i + 1, lexicon::FITS)) =>
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
    if reply.is_word(before.wrapping_sub(1), &["not", "neither", "ni", "nor"]) {
        return None;
    }
    approves(reply, target.after, letter).then_some(())?;
    sure(reply, i, target)
}

/// Whether what stands there approves of the choice before it.
fn approves(reply: &Reply<'_>, from: usize, letter: char) -> bool {
    let mut at = reply.skip_marks(from, ").]\"'");
    // `C (the text of C, or a gloss) is correct`
    if reply.token(at).is_some_and(|token| token.is_mark('('))
        && !approved(reply, at + 1)
        && let Some(end) = (at..at + 16)
            .take_while(|i| !reply.line_ends(*i))
            .find(|i| reply.token(*i).is_some_and(|token| token.is_mark(')')))
    {
        at = end + 1;
    }
    if reply.token(at).is_some_and(|token| token.is_one_of("✓✔✅☑")) {
        return true;
    }
    if reply.token(at).is_some_and(|token| token.is_one_of(":(-,✓✔✅")) {
        let at = reply.skip_marks(at, ":(-,✓✔✅");
        return approved(reply, at) && !reply.is_word(at, &["most", "best", "answer"])
            || (reply.is_word(at, &["this", "which"]) && approved_by_verb(reply, at + 1));
    }
    if letter == 'I' && !reply.is_word(at, lexicon::AFTER_I) {
        return false;
    }
    approved_by_verb(reply, at)
}

fn approved_by_verb(reply: &Reply<'_>, at: usize) -> bool {
    if reply.is_word(at, lexicon::FITS)
        || (reply.is_word(at, &["best"])
            && reply.is_word(
                at + 1,
                &["fits", "explains", "matches", "describes", "answers", "accounts"],
            ))
    {
        return true;
    }
    if reply.is_word(at, &["it"]) && reply.is_word(at + 1, &["is"]) {
        return reply.clause_ends(at + 2);
    }
    let verb = (at..at + 2).find(|i| reply.is_word(*i, lexicon::IS));
    let Some(verb) = verb.filter(|verb| {
        *verb == at || reply.is_word(at, &["would", "should", "must", "could", "also"])
    }) else {
        return false;
    };
    let mut at = verb + 1;
    for _ in 0..4 {
        if approved(reply, at) {
            return true;
        }
        if !reply.is_word(at, lexicon::FILLERS)
            && !reply.is_word(
                at,
                &[
                    "be",
                    "my",
                    "a",
                    "mon",
                    "mi",
                    "meine",
                    "to",
                    "richtige",
                    "bonne",
                    "mejor",
                    "meilleure",
                    "overall",
                ],
            )
        {
            return false;
        }
        at += 1;
    }
    false
}

/// Whether a word of approval stands there as a predicate: `correct.`, `the best choice`, `most likely`, `the answer`.
fn approved(reply: &Reply<'_>, at: usize) -> bool {
    if reply.is_word(at, lexicon::ANSWER) && !reply.is_word(at + 1, &["to", "choice"]) {
        return true;
    }
    if reply.is_word(at, lexicon::MOST) {
        return reply.is_word(at + 1, lexicon::LIKELY);
    }
    let noun = |i| {
        reply.is_word(i, lexicon::ANSWER)
            || reply.is_word(i, lexicon::OPTION)
            || reply.is_word(i, lexicon::ASKED_FOR)
            || reply.is_word(
                i,
                &[
                    "one", "fit", "match", "pick", "here", "because", "since", "as", "for",
                    "initial", "next", "first", "of", "and", "given", "porque", "car", "weil",
                    "da",
                ],
            )
    };
    reply.is_word(at, lexicon::RIGHT) && (reply.clause_ends(at + 1) || noun(at + 1))
}

/// `I'd choose B`, `my pick would be C`, `ich wähle D`.
fn chosen(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    let alone = reply.is_word(i, lexicon::I_CHOOSE);
    if !alone && !reply.is_word(i, lexicon::CHOOSE) {
        let german = reply.is_word(i, &["wurde"]) && reply.is_word(i.wrapping_sub(1), &["ich"]);
        if !german {
            return None;
        }
    }
    let who = alone
        || (i.saturating_sub(4)..i)
            .any(|i| reply.is_word(i, lexicon::I) && !reply.sentence_ends(i));
    let denied = (i.saturating_sub(3)..i).any(|i| reply.is_word(i, lexicon::NEGATIVE));
    if !who || denied {
        return None;
    }
    let target = reply.target(i + 1, Place::Sentence, lexicon::CHOOSE_FILLERS)?;
    let is_lower = reply
        .token(target.start)
        .is_some_and(|token| token.letter.is_some_and(|c| c.is_ascii_lowercase()));
    let weak = reply.is_word(
        i,
        &[
            "think", "say", "believe", "guess", "glaube", "denke", "pense", "dirais", "creo",
            "diria", "answer",
        ],
    );
    if (is_lower && matches!(reply.word(target.start), "a" | "e" | "i" | "o" | "u" | "y"))
        || (weak
            && !reply.clause_ends(target.after)
            && !reply.is_word(target.after, lexicon::BECAUSE))
    {
        return None;
    }
    sure(reply, i, target)
}

/// `The most likely diagnosis is (B)`, `it is C`.
fn asked_for(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if reply.is_word(i, &["it's", "that's"])
        || (reply.is_word(i, lexicon::IS)
            && reply
                .is_word(i.wrapping_sub(1), &["it", "that", "this", "must", "should", "c", "es"]))
    {
        let target = reply.target(
            i + 1,
            Place::Sentence,
            &[
                "option",
                "choice",
                "letter",
                "answer",
                "clearly",
                "definitely",
                "probably",
                "actually",
                "be",
                "most",
                "likely",
            ],
        )?;
        return sure(reply, i, target.clone()).filter(|_| firm(reply, &target));
    }
    if !reply.is_word(i, lexicon::ASKED_FOR) {
        return None;
    }
    let begin = reply.sentence_start(i);
    if !(begin.max(i.saturating_sub(6))..i + 3).any(|i| reply.is_word(i, lexicon::SUPERLATIVES)) {
        return None;
    }
    let verb = (i + 1..i + 14)
        .take_while(|i| !reply.sentence_ends(*i))
        .find(|i| reply.is_word(*i, lexicon::IS))?;
    let payload = reply.skip_marks(verb + 1, ":");
    if reply.is_word(payload, lexicon::NEGATIVE) {
        return None;
    }
    let target = reply.target(payload, Place::Sentence, lexicon::FILLERS)?;
    sure(reply, i, target.clone()).filter(|_| firm(reply, &target))
}

/// `Therefore, C.`, `so option B`, `→ D`.
fn concluded(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    let arrow = reply.token(i)?.is_mark('→') && reply.line_start(i) == i;
    if !arrow && !reply.is_word(i, lexicon::THEREFORE) {
        return None;
    }
    let at = reply.skip_marks(i + 1, ",:");
    let target = reply.target(
        at,
        Place::Sentence,
        &[
            "option", "choice", "letter", "answer", "the", "opcion", "la", "reponse", "antwort",
            "us", "with", "only",
        ],
    )?;
    let claim = sure(reply, i, target.clone())?;
    firm(reply, &target).then_some(Claim { turns: true, ..claim })
}

/// `Wait, no: B.`, `correction: C`, `I meant D`.
fn taken_back(reply: &Reply<'_>, i: usize) -> Option<Claim> {
    if !reply.takes_back(i..i + 1) {
        return None;
    }
    let fillers = &[
        "no",
        "it",
        "is",
        "it's",
        "should",
        "be",
        "actually",
        "that",
        "the",
        "option",
        "answer",
        "i",
        "mean",
        "meant",
        "rather",
        "correction",
        "to",
        "es",
        "la",
        "c",
        "est",
        "nein",
        "non",
        "doch",
    ];
    let target = reply.target(reply.skip_marks(i + 1, ",:;-.!"), Place::Sentence, fillers)?;
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
        && (reply.clause_ends(target.after) || reply.is_word(target.after, lexicon::BECAUSE))
        || (reply.before(target.after).is_some_and(|token| token.kind == Kind::Mark('.')))
}
