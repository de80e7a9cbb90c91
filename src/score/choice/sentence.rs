//! Owns what the surroundings of a declaration do to it: denial, supposition, question, retraction.

use super::lexicon;
use super::reply::Reply;
use super::tokens::Kind;

/// How far a rule looks back or ahead for what changes a declaration, in tokens.
const REACH: usize = 40;
/// Within how many tokens `that is wrong` still speaks of the declaration before it.
const NEAR: usize = 12;

impl Reply<'_> {
    /// Whether a sentence ends with the mark there. A point after a letter that begins its clause (`B. Metformin`), in an
    /// abbreviation (`by E. coli`) or inside a word does not end one.
    pub(super) fn sentence_ends(&self, i: usize) -> bool {
        self.token(i).is_none_or(|token| match token.kind {
            Kind::Line | Kind::Mark('!' | '?') => true,
            Kind::Mark('.') => {
                let letter = self.before(i).is_some_and(|before| before.letter.is_some());
                let goes_on =
                    self.token(i + 1).is_some_and(|next| next.kind == Kind::Word && !next.capital);
                !self.joins(i) && !(letter && (goes_on || self.clause_begins(i - 1)))
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

    /// Whether the wording from `start` supposes rather than says: after a word of doubt in its clause, under a
    /// condition in its sentence, or with `if` soon after it.
    pub(super) fn supposes(&self, start: usize, end: usize) -> bool {
        let mut same_clause = true;
        for i in (self.sentence_start(start)..start).rev() {
            // `…, but the answer is B` begins anew.
            if self.is_in(i, lexicon::CONTRAST)
                || self.token(i).is_some_and(|token| token.is_mark(';'))
            {
                break;
            }
            same_clause &= !self.token(i).is_some_and(|token| token.is_one_of(",:"));
            let condition = (self.is_in(i, lexicon::CONDITION)
                || (self.is_word(i, "had") && self.clause_begins(i)))
                && !self.is_word(i + 1, "i we forced");
            if condition || (same_clause && self.is_in(i, lexicon::SUPPOSING)) {
                return true;
            }
        }
        (end..end + 6)
            .take_while(|i| {
                !self
                    .token(*i)
                    .is_none_or(|token| token.is_one_of(",.;:") || token.kind == Kind::Line)
            })
            .any(|i| self.is_word(i, "if only unless si wenn falls nur"))
    }

    /// Whether what stands at `end` denies the choice before it: `… would be wrong`, `is not …`, `, which is incorrect`.
    pub(super) fn denied_after(&self, end: usize) -> bool {
        let mut i = self.skip_marks(end, ")]}\"'");
        if self.token(i).is_some_and(|token| token.is_mark(','))
            && self.is_word(i + 1, "which that lo ce was")
        {
            i += 1;
        }
        if self.token(i).is_some_and(|token| token.is_one_of("❌✗✘✖")) {
            return true;
        }
        // `Answer: C, not B` and `C and not B` deny the other.
        if self.is_word(i, "not no pas nicht but rather")
            && !self.is_in(i + 1, lexicon::IS)
            && !self.is_word(i + 1, "correct es")
        {
            return false;
        }
        let verbs = |i: usize| {
            self.is_in(i, lexicon::IS)
                || self.is_in(i, lexicon::NEGATIVE)
                || self.is_word(i, "would can could should will must does which that no n ne are")
        };
        let parted = self.token(i).is_some_and(|token| token.is_one_of(":(-"));
        if parted {
            i += 1;
            return (i..i + 3)
                .take_while(|i| self.token(*i).is_some_and(|token| token.kind == Kind::Word))
                .any(|i| {
                    self.is_in(i, lexicon::NEGATIVE) && !self.is_word(i, "no out second not")
                });
        }
        verbs(i)
            && (i..i + 6)
                .take_while(|i| {
                    self.token(*i)
                        .is_some_and(|token| token.kind == Kind::Word || token.is_mark('\''))
                })
                .take_while(|i| !self.is_word(*i, "because since and but as"))
                .any(|i| self.is_in(i, lexicon::NEGATIVE))
    }

    /// Whether something in this range takes back what was said before it, or begins to.
    pub(super) fn takes_back(&self, range: std::ops::Range<usize>) -> bool {
        range.clone().any(|i| {
            let no = self.clause_begins(i)
                && self.is_word(i, "no nein non nope actually")
                && (self
                    .token(i + 1)
                    .is_some_and(|next| next.is_one_of(",:.;!-") || next.letter.is_some())
                    || self.is_word(i + 1, "it it's the that"));
            no || self.gives_up(i) || self.disowns(i)
        })
    }

    /// Whether what follows takes the declaration before it back for good.
    pub(super) fn withdrawn(&self, from: usize) -> bool {
        (from..self.tokens.len()).any(|i| self.gives_up(i))
            || (from..from + NEAR).any(|i| self.disowns(i))
    }

    /// `Wait, …`, `scratch that`, `on second thought`, `I misread`.
    fn gives_up(&self, i: usize) -> bool {
        let exclaims = self.is_in(i, lexicon::TAKE_BACK)
            && self.clause_begins(i)
            && (self.token(i + 1).is_none_or(|next| {
                next.is_one_of(",:;-.!") || next.kind == Kind::Line || next.letter.is_some()
            }) || self.is_word(i + 1, "no that it's it actually let i this the nein non"));
        exclaims
            || (self.is_word(i, "second further")
                && self.is_word(i + 1, "thought thoughts reflection"))
            || (self.is_word(i, "on upon")
                && self.is_word(i + 1, "reflection reconsideration review"))
            || (self.is_word(i, "i we") && self.is_word(i + 1, "meant misread misspoke"))
            || (self.is_word(i, "i")
                && self.is_word(i + 1, "was made")
                && (i + 2..i + 4).any(|i| self.is_word(i, "wrong mistaken mistake")))
            || (self.is_word(i, "me") && self.is_word(i + 1, "reconsider correct rethink"))
            || (self.is_word(i, "mejor") && self.is_word(i + 1, "dicho"))
            || (self.is_word(i, "my") && self.is_word(i + 1, "mistake"))
    }

    /// `That is wrong`, `this isn't right`.
    fn disowns(&self, i: usize) -> bool {
        self.is_word(i, "that this that's")
            && self.clause_begins(i)
            && (i + 1..i + 4).any(|i| {
                self.is_word(i, "wrong incorrect mistaken")
                    || (self.is_word(i, "not isn't") && self.is_word(i + 1, "right correct"))
            })
    }

    /// Whether a clause begins with the token there.
    pub(super) fn clause_begins(&self, i: usize) -> bool {
        self.before(i).is_none_or(|before| match before.kind {
            Kind::Line | Kind::Field => true,
            Kind::Mark(_) => !(self.joins(i - 1) && before.is_one_of("-'/+&%=")),
            Kind::Word => false,
        }) || self.is_word(i.wrapping_sub(1), "but and so oh pero mais aber hmm wait")
    }
}
