//! Owns the decision between declarations: the last of the strongest kind counts, unless something contradicts it.

use super::claims::Claim;
use super::lexicon;
use super::refusal;
use super::reply::Reply;
use super::target::Named;
use super::tokens::Kind;
use super::{Extraction, Rule, Unreadable};

/// Two declarations of the same kind with at most this many words between them stand beside each other; with more, the
/// second is the outcome of what was said between.
const BESIDE: usize = 2;

/// Weighs all declarations of a reply.
pub(super) fn decide(reply: &Reply<'_>, mut claims: Vec<Claim>) -> Extraction {
    claims.sort_by_key(|claim| (claim.target.start, claim.rule));
    drop_parts(&mut claims);
    let mut refused = None;
    if claims.iter().all(|claim| claim.rule == Rule::Bare) {
        refused = refusal::find(reply);
        if refused.is_some() {
            // `No, I can't help` does not choose an option `no`.
            claims.retain(|claim| is_letter(reply, claim));
        }
    }
    let Some(strongest) = claims.iter().map(|claim| claim.rule).max() else {
        return match refused {
            Some(tokens) => Extraction::Refused { span: reply.span(tokens) },
            None => Extraction::Unreadable(Unreadable::NoChoice),
        };
    };
    let Some(last) = claims.iter().rposition(|claim| claim.rule == strongest) else {
        return Extraction::Unreadable(Unreadable::NoChoice);
    };
    let winner = match contradiction(reply, &claims, last) {
        Ok(winner) => winner,
        Err(unreadable) => return Extraction::Unreadable(unreadable),
    };
    if reply.withdrawn(winner.target.after) {
        return Extraction::Unreadable(Unreadable::NoChoice);
    }
    match &winner.target.named {
        Named::Option(option_idx) => Extraction::Chosen {
            option_idx: *option_idx,
            span: reply.span(winner.target.start..winner.target.end),
            rule: winner.rule,
        },
        Named::Several(option_idxs) => {
            Extraction::Unreadable(Unreadable::Conflict { option_idxs: option_idxs.clone() })
        }
        Named::Outside(letter) => Extraction::Unreadable(Unreadable::NotAnOption(*letter)),
    }
}

/// The declaration that counts, when nothing contradicts it.
fn contradiction<'c>(
    reply: &Reply<'_>,
    claims: &'c [Claim],
    last: usize,
) -> Result<&'c Claim, Unreadable> {
    let Some(mut winner) = claims.get(last) else { return Err(Unreadable::NoChoice) };
    // Weaker ones that come later must agree, or take it back.
    for later in claims.iter().skip(last + 1) {
        if later.target.named == winner.target.named || later.target.start < winner.target.after {
            continue;
        }
        if reply.takes_back(winner.target.after..later.target.start) {
            winner = later;
        } else {
            return Err(conflict(winner, later));
        }
    }
    let earlier = claims
        .iter()
        .take(last)
        .rev()
        .find(|earlier| {
            (earlier.rule == winner.rule
                || (winner.rule == Rule::Verdict && earlier.rule == Rule::Bare))
                && earlier.target.named != winner.target.named
                && earlier.target.after <= winner.target.start
        })
        .filter(|earlier| !reply.takes_back(earlier.target.after..winner.target.start + 1));
    let Some(earlier) = earlier else { return Ok(winner) };
    let between = earlier.target.after..winner.start.max(earlier.target.after);
    let n_between = between
        .clone()
        .filter(|i| reply.token(*i).is_some_and(|token| token.kind == Kind::Word))
        .count();
    let also = (between.end.saturating_sub(3)..winner.target.start).any(|i| {
        i >= earlier.target.after
            && reply.is_word(i, "also another either tambien aussi auch alternatively")
    });
    let turns = winner.turns
        || (earlier.target.after..winner.target.start).any(|i| reply.is_in(i, lexicon::CONTRAST));
    let contradicts = match winner.rule {
        Rule::Labelled | Rule::Declared => n_between <= BESIDE && (!turns || earlier.turns),
        Rule::Verdict => !turns || earlier.rule == Rule::Bare,
        Rule::Bare => true,
    };
    if also || contradicts { Err(conflict(earlier, winner)) } else { Ok(winner) }
}

/// Drops declarations that lie within what another names: the D of `both A and D are right`.
fn drop_parts(claims: &mut Vec<Claim>) {
    let mut whole = 0..0;
    claims.retain(|claim| {
        let is_part = whole.start < claim.target.start && claim.target.start < whole.end;
        if claim.target.after > whole.end {
            whole = claim.target.start..claim.target.after;
        }
        !is_part
    });
}

fn conflict(a: &Claim, b: &Claim) -> Unreadable {
    let mut option_idxs: Vec<usize> = [a, b]
        .into_iter()
        .flat_map(|claim| match &claim.target.named {
            Named::Option(option_idx) => vec![*option_idx],
            Named::Several(option_idxs) => option_idxs.clone(),
            Named::Outside(_) => Vec::new(),
        })
        .collect();
    option_idxs.sort_unstable();
    option_idxs.dedup();
    Unreadable::Conflict { option_idxs }
}

fn is_letter(reply: &Reply<'_>, claim: &Claim) -> bool {
    claim.target.end == claim.target.start + 1
        && reply.token(claim.target.start).is_some_and(|token| token.letter.is_some())
}
