//! Owns recognising approval after a choice: `is correct`, `fits best`, `: correct`, a tick.

use super::Rule;
use super::lexicon;
use super::reply::Reply;
use super::target::Target;

/// How strongly what stands after a choice approves of it: `B is the answer` declares, `B is correct` judges.
pub(super) fn approves(reply: &Reply<'_>, target: &Target, letter: char) -> Option<Rule> {
    let mut at = reply.skip_marks(target.after, ").]\"'");
    // `C (the text of C, or a gloss) is correct`
    if reply.token(at).is_some_and(|token| token.is_mark('('))
        && approved(reply, at + 1).is_none()
        && let Some(end) = (at..at + 16)
            .take_while(|i| !reply.line_ends(*i))
            .find(|i| reply.token(*i).is_some_and(|token| token.is_mark(')')))
    {
        at = end + 1;
    }
    if reply.token(at).is_some_and(|token| token.is_one_of(TICKS)) {
        return Some(Rule::Verdict);
    }
    if reply.token(at).is_some_and(|token| token.is_one_of(":(-,✓✔✅")) {
        let predicate = reply.skip_marks(at, ":(-,✓✔✅");
        let by_text = target.after > target.end;
        let apposition = reply.is_word(predicate, "this which") || by_text;
        return approved(reply, predicate)
            .filter(|_| !reply.is_word(predicate, "most best answer"))
            .or_else(|| {
                approved_by_verb(reply, predicate + usize::from(!by_text)).filter(|_| apposition)
            });
    }
    if letter == 'I' && !reply.is_in(at, lexicon::AFTER_I) {
        return None;
    }
    approved_by_verb(reply, at)
}

/// Marks of approval.
const TICKS: &str = "✓✔✅☑";

fn approved_by_verb(reply: &Reply<'_>, at: usize) -> Option<Rule> {
    let best = reply.is_word(at, "best")
        && reply.is_word(at + 1, "fits explains matches describes answers accounts");
    let it_is = reply.is_word(at, "it") && reply.is_word(at + 1, "is") && reply.clause_ends(at + 2);
    if reply.is_in(at, lexicon::FITS) || best || it_is {
        return Some(Rule::Verdict);
    }
    let verb = (at..at + 2).find(|i| reply.is_in(*i, lexicon::IS))?;
    if verb != at && !reply.is_word(at, "would should must could also") {
        return None;
    }
    let n_fillers = (verb + 1..verb + 4)
        .take_while(|i| approved(reply, *i).is_none() && reply.is_in(*i, lexicon::APPROVAL_FILLERS))
        .count();
    approved(reply, verb + 1 + n_fillers)
}

/// A word of approval as a predicate: `correct.`, `the best choice`, `most likely`, `the answer`.
fn approved(reply: &Reply<'_>, at: usize) -> Option<Rule> {
    let choice = lexicon::ANSWER.or(lexicon::OPTION);
    if reply.is_in(at, lexicon::ANSWER) && !reply.is_word(at + 1, "to choice") {
        return Some(Rule::Declared);
    }
    let adjective = reply.is_in(at, lexicon::RIGHT);
    if (adjective || reply.is_word(at, "my")) && reply.is_in(at + 1, choice) {
        return Some(Rule::Declared);
    }
    let noun = choice.or(lexicon::ASKED_FOR).or(lexicon::AFTER_RIGHT);
    let approves = (reply.is_in(at, lexicon::MOST) && reply.is_in(at + 1, lexicon::LIKELY))
        || (reply.is_word(at, "better") && reply.is_in(at + 1, choice))
        || (adjective && (reply.clause_ends(at + 1) || reply.is_in(at + 1, noun)));
    approves.then_some(Rule::Verdict)
}
