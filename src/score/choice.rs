//! Owns reading the chosen option out of the reply to a multiple-choice question.
//!
//! A reply is read in three steps. `tokens` strips reasoning and markup and cuts it into words. `claims` and
//! `bare` collect everything that declares an answer, each with the strength of its wording. `decide` lets the last
//! declaration of the strongest kind count, unless something contradicts it: then nothing is read. A guess is never made.

mod approval;
mod bare;
mod claims;
mod decide;
mod letters;
mod lexicon;
mod refusal;
mod reply;
mod sentence;
mod target;
mod thinking;
mod tokens;
mod verdict;

use std::ops::Range;

pub(super) use thinking::visible;

use crate::text;

/// What a reply says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extraction {
    /// One option, and no other.
    Chosen {
        /// Index into the options.
        option_idx: usize,
        /// The letter or text that names the option, as bytes of the reply.
        span: Range<usize>,
        /// How it was said.
        rule: Rule,
    },
    /// It declines to answer, or says that it does not know.
    Refused {
        /// The words that decline, as bytes of the reply.
        span: Range<usize>,
    },
    /// No single final choice.
    Unreadable(Unreadable),
}

/// How a choice was said, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The letter or the option's text stands alone, or begins or ends the reply.
    Bare,
    /// A judgement in prose: `B is correct`, `I'd choose B`, `so (B).`
    Verdict,
    /// A sentence about the answer: `the answer is B`.
    Declared,
    /// A field: `Answer: B`, `\boxed{B}`, `{"answer": "B"}`.
    Labelled,
}

/// Why no choice was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// There is no text.
    Empty,
    /// Nothing in it declares an answer.
    NoChoice,
    /// It declares more than one option.
    Conflict {
        /// Indices into the options, ascending.
        option_idxs: Vec<usize>,
    },
    /// It declares a letter that no option has.
    NotAnOption(char),
}

/// Reads the choice out of a reply. `options` are the texts in the order shown, lettered from A; those beyond the 26th
/// have no letter and can be named by their text alone. A single letter is read as an option's letter even where some
/// option's text is that letter, because the letter is what was asked for.
pub fn extract(answer: &str, options: &[String]) -> Extraction {
    let folded = text::fold(answer);
    if folded.text.trim().is_empty() {
        return Extraction::Unreadable(Unreadable::Empty);
    }
    let reply = reply::Reply::new(&folded, options);
    let mut claims = claims::find(&reply);
    claims.extend(verdict::find(&reply));
    claims.extend(bare::find(&reply));
    decide::decide(&reply, claims)
}

#[cfg(test)]
mod tests;
