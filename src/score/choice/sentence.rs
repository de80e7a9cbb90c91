//! Owns what the surroundings of a declaration do to it: denial, supposition, question, retraction.

use super::lexicon;
use super::reply::Reply;
use super::tokens::Kind;

/// How far a rule looks back or ahead for what changes a declaration, in tokens.
const REACH: usize = 40;

impl Reply<'_> {
    /// Whether a sentence ends with the mark there. A point after a single letter or inside a number does not end one.
    pub(super) fn sentence_ends(&self, i: usize) -> bool {
        self.token(i).is_none_or(|token| match token.kind {
            Kind::Line => true,
            Kind::Mark('!' | '?') => true,
            Kind::Mark('.') => {
                self.before(i).is_none_or(|before| before.letter.is_none()) && !self.joins(i)
            }
            _ => false,
        })
    }

    /// The first token of the sentence, at most [`REACH`] tokens back.
    pub(super) fn sentence_start(&self, i: usize) -> usize {
        let mut start = i;
        while start > 0 && i - start < REACH && !self.sentence_ends(start - 1) {
            start -= 1;
        }
        start
    }

    /// Whether the sentence around these tokens is a question.
    pub(super) fn asks(&self, end: usize) -> bool {
        (end..end + REACH)
            .find(|i| {
                self.line_ends(*i) || self.token(*i).is_some_and(|token| token.is_one_of(".!?;"))
            })
            .is_some_and(|i| self.token(i).is_some_and(|token| token.is_mark('?')))
    }

    /// Whether a sentence supposes rather than says: a word of supposition before the choice in the clause, or `if`
    /// soon after it.
    pub(super) fn supposes(&self, start: usize, end: usize) -> bool {
        let from = self.sentence_start(start);
        let before = (from..start.max(from)).rev();
        // `, but the answer is B` begins anew.
        let before = before
            .take_while(|i| {
                !self.is_word(*i, lexicon::CONTRAST)
                    && !self.token(*i).is_some_and(|token| token.is_mark(';'))
            })
            .any(|i| self.is_word(i, lexicon::SUPPOSING));
        let after = (end..end + 6)
            .take_while(|i| {
                !self
                    .token(*i)
                    .is_none_or(|token| token.is_one_of(",.;:") || token.kind == Kind::Line)
            })
            .any(|i| self.is_word(i, &["if", "only", "unless", "si", "wenn", "falls", "nur"]));
        before || after
    }

    /// Whether what stands at `end` denies the choice before it: `… would be wrong`, `is not …`, `, which is incorrect`.
    pub(super) fn denied_after(&self, end: usize) -> bool {
        let mut i = self.skip_marks(end, ")]}\"'");
        if self.token(i).is_some_and(|token| token.is_mark(','))
            && self.is_word(i + 1, &["which", "that", "lo", "ce", "was"])
        {
            i += 1;
        }
        // `Answer: C, not B` and `C and not B` deny the other.
        if self.is_word(i, &["not", "no", "pas", "nicht", "but", "rather"])
            && !self.is_word(i + 1, lexicon::IS)
            && !self.is_word(i + 1, &["correct", "es"])
        {
            return false;
        }
        let verbs = |i: usize| {
            self.is_word(i, lexicon::IS)
                || self.is_word(i, lexicon::NEGATIVE)
                || self.is_word(
                    i,
                    &[
                        "would", "can", "could", "should", "will", "must", "does", "which", "that",
                        "no", "n", "ne", "are",
                    ],
                )
        };
        let parted = self.token(i).is_some_and(|token| token.is_one_of(":(-"));
        if parted {
            i += 1;
            return (i..i + 3)
                .take_while(|i| self.token(*i).is_some_and(|token| token.kind == Kind::Word))
                .any(|i| {
                    self.is_word(i, lexicon::NEGATIVE)
                        && !self.is_word(i, &["no", "out", "second", "not"])
                });
        }
        verbs(i)
            && (i..i + 6)
                .take_while(|i| {
                    self.token(*i)
                        .is_some_and(|token| token.kind == Kind::Word || token.is_mark('\''))
                })
                .take_while(|i| !self.is_word(*i, &["because", "since", "and", "but", "as"]))
                .any(|i| self.is_word(i, lexicon::NEGATIVE))
    }

    /// Whether something in this range takes back what was said before it.
    pub(super) fn takes_back(&self, range: std::ops::Range<usize>) -> bool {
        range.clone().any(|i| {
            let begins = self.clause_begins(i);
            let takes = begins
                && self.is_word(i, lexicon::TAKE_BACK)
                && !self.is_word(i + 1, &["for", "until", "and", "time", "times"]);
            let no = begins
                && self.is_word(i, &["no", "nein", "non", "nope"])
                && self.token(i + 1).is_some_and(|next| next.is_one_of(",:.;!-"));
            let pair = (self.is_word(i, &["second", "further", "closer"])
                && self.is_word(i + 1, &["thought", "thoughts", "reflection", "inspection"]))
                || (self.is_word(i, &["i", "we"])
                    && self.is_word(i + 1, &["meant", "mean", "misread", "misspoke"]))
                || (self.is_word(i, &["i", "was"]) && self.is_word(i + 1, &["wrong", "mistaken"]))
                || (self.is_word(i, &["mejor"]) && self.is_word(i + 1, &["dicho"]))
                || (self.is_word(i, &["en"]) && self.is_word(i + 1, &["fait", "realidad"]))
                || (self.is_word(i, &["my"]) && self.is_word(i + 1, &["mistake"]));
            let that = self.is_word(i, &["that", "this", "that's"])
                && (i + 1..i + 4).any(|i| {
                    self.is_word(i, &["wrong", "incorrect", "mistaken"])
                        || (self.is_word(i, &["not"]) && self.is_word(i + 1, &["right", "correct"]))
                })
                && begins;
            takes || no || pair || that
        })
    }

    /// Whether a clause begins with the token there.
    pub(super) fn clause_begins(&self, i: usize) -> bool {
        self.before(i).is_none_or(|before| match before.kind {
            Kind::Line | Kind::Field => true,
            Kind::Mark(_) => !(self.joins(i - 1) && before.is_one_of("-'/+&%=")),
            Kind::Word => false,
        }) || self.is_word(
            i.wrapping_sub(1),
            &["but", "and", "so", "oh", "pero", "mais", "aber", "hmm", "wait"],
        )
    }
}
