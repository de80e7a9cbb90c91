//! Owns recognising approval after a choice: `is correct`, `fits best`, `: correct`, a tick.

use super::lexicon;
use super::reply::Reply;

/// Whether what stands there approves of the choice before it.
pub(super) fn approves(reply: &Reply<'_>, from: usize, letter: char) -> bool {
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
        return approved(reply, at) && !reply.is_word(at, "most best answer")
            || (reply.is_word(at, "this which") && approved_by_verb(reply, at + 1));
    }
    if letter == 'I' && !reply.is_in(at, lexicon::AFTER_I) {
        return false;
    }
    approved_by_verb(reply, at)
}

fn approved_by_verb(reply: &Reply<'_>, at: usize) -> bool {
    if reply.is_in(at, lexicon::FITS)
        || (reply.is_word(at, "best")
            && reply.is_word(at + 1, "fits explains matches describes answers accounts"))
    {
        return true;
    }
    if reply.is_word(at, "it") && reply.is_word(at + 1, "is") {
        return reply.clause_ends(at + 2);
    }
    let verb = (at..at + 2).find(|i| reply.is_in(*i, lexicon::IS));
    let Some(verb) =
        verb.filter(|verb| *verb == at || reply.is_word(at, "would should must could also"))
    else {
        return false;
    };
    let n_fillers = (verb + 1..verb + 4)
        .take_while(|i| !approved(reply, *i) && reply.is_in(*i, lexicon::APPROVAL_FILLERS))
        .count();
    approved(reply, verb + 1 + n_fillers)
}

/// Whether a word of approval stands there as a predicate: `correct.`, `the best choice`, `most likely`, `the answer`.
fn approved(reply: &Reply<'_>, at: usize) -> bool {
    if reply.is_in(at, lexicon::ANSWER) && !reply.is_word(at + 1, "to choice") {
        return true;
    }
    if reply.is_in(at, lexicon::MOST) {
        return reply.is_in(at + 1, lexicon::LIKELY);
    }
    let noun = lexicon::ANSWER.or(lexicon::OPTION).or(lexicon::ASKED_FOR).or(lexicon::AFTER_RIGHT);
    if reply.is_word(at, "better") {
        return reply.is_in(at + 1, lexicon::ANSWER.or(lexicon::OPTION));
    }
    reply.is_in(at, lexicon::RIGHT) && (reply.clause_ends(at + 1) || reply.is_in(at + 1, noun))
}
