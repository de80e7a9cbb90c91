//! Owns recognising a reply that declines, or says that it does not know.

use std::ops::Range;

use super::lexicon;
use super::reply::Reply;
use super::tokens::Kind;

/// A denial, as words in a row.
const CANNOT: &str = "\
    i can't, i cannot, i can not, i'm unable, i am unable, i'm not able, i am not able, i won't, \
    i will not, i'm not going to, i'm not allowed, i am not allowed, i'm not permitted, i am not \
    permitted, i couldn't, i could not, i shouldn't, i should not, we cannot, we can't, i do not feel comfortable, not comfortable, i'd rather not, i prefer not, \
    no puedo, no poder, no podemos, no me es posible, no es posible, no estoy autorizado, no estoy \
    capacitado, no debo, no podria, je ne peux pas, je ne peux, je ne suis pas en mesure, je ne \
    puis, je ne suis pas autorise, il m est impossible, je ne suis pas capable, je ne dois pas, \
    ich kann, ich darf, kann ich, darf ich, ich bin nicht in der lage, ich mochte";

/// Denials that speak of the writer only where they begin a clause.
const IMPERSONAL: &str = "unable to, can't, cannot, not able to, no puedo";

/// German denies with a word of its own.
const GERMAN: &str = "ich kann, ich darf, kann ich, darf ich, ich mochte";
const GERMAN_NOT: &str = "nicht keine keinen kein keinerlei leider";

/// What declines by itself.
const DECLINES: &str = "\
    i must decline, i have to decline, i decline, i respectfully decline, i'm not qualified, i \
    am not qualified, i'm not a doctor, i am not a doctor, against my guidelines, i don't know, \
    i do not know, i have no idea, i don't have enough information, \
    i don't feel comfortable, no lo se, no se la respuesta, desconozco la respuesta, no soy \
    medico, no soy un medico, prefiero no responder, debo declinar, je ne sais pas, je ne \
    connais pas la reponse, je ne suis pas medecin, je dois refuser, je refuse, je prefere ne \
    pas repondre, ich weiss es nicht, ich weiss die antwort nicht, ich bin kein arzt, das weiss \
    ich nicht, ich muss ablehnen, ich lehne ab, ich mochte nicht";

/// How many words may stand between the denial and what is denied.
const REACH: usize = 9;

/// The tokens that decline, when the reply does.
pub(super) fn find(reply: &Reply<'_>) -> Option<Range<usize>> {
    let words: Vec<usize> = (0..reply.tokens.len())
        .filter(|i| reply.token(*i).is_some_and(|token| token.kind == Kind::Word))
        .collect();
    let begins = |n: usize, phrase: &str| -> Option<usize> {
        let mut n_words = 0;
        for (k, expected) in phrase.split(' ').enumerate() {
            if reply.word(*words.get(n + k)?) != expected {
                return None;
            }
            n_words = k + 1;
        }
        Some(n_words)
    };
    let tokens = |from: usize, n_words: usize| {
        let start = words.get(from).copied().unwrap_or(0);
        start..words.get(from + n_words - 1).map_or(start, |last| last + 1)
    };
    let begins_clause = |n: usize| words.get(n).is_some_and(|i| reply.clause_begins(*i));
    for n in 0..words.len() {
        if !words.get(n).is_some_and(|i| reply.is_in(*i, lexicon::DECLINING)) {
            continue;
        }
        if let Some(n_words) = DECLINES.split(", ").find_map(|phrase| begins(n, phrase)) {
            return Some(tokens(n, n_words));
        }
        let denied = CANNOT
            .split(", ")
            .chain(IMPERSONAL.split(", ").filter(|_| begins_clause(n)))
            .find_map(|phrase| begins(n, phrase).map(|n_words| (phrase, n_words)));
        if let Some((phrase, n_words)) = denied {
            let end = (n + n_words + REACH).min(words.len());
            let reach = n + n_words..end;
            let done = reach
                .clone()
                .find(|k| words.get(*k).is_some_and(|i| reply.is_in(*i, lexicon::HELP)));
            let german = !GERMAN.split(", ").any(|german| german == phrase)
                || reach
                    .clone()
                    .any(|k| words.get(k).is_some_and(|i| reply.is_word(*i, GERMAN_NOT)));
            if let Some(done) = done.filter(|_| german) {
                return Some(tokens(n, done - n + 1));
            }
        }
    }
    None
}
