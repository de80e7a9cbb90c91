//! Owns faults: what can go wrong with a call, and when it does.

use std::ops::Range;
use std::time::Duration;

use super::script::{Latency, draw};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// 429: too many calls.
    RateLimited(Wait),
    /// 429 that no waiting helps against: the account is empty.
    InsufficientQuota,
    /// An error status with the body that such errors have: JSON from the provider, HTML from what stands before it
    /// (502, 504, 520 and above).
    Status(u16),
    /// The connection breaks before anything is sent. A browser tries once more by itself when the connection had been
    /// used before.
    ResetBefore,
    /// The connection breaks after half of the answer.
    ResetMidBody,
    /// Nothing is ever sent.
    Stall,
    /// The head and half of the answer are sent, then nothing more.
    StallMidBody,
    /// 200 with half of the JSON, and a proper end. A stream ends after half of its events.
    TruncatedBody,
    /// A stream brings all of the text and ends without the event that says so. Whole answers are as with
    /// [`Self::TruncatedBody`].
    WithoutEnd,
    /// 200 with something that looks like JSON. In a stream it is one line among the others.
    MalformedJson,
    /// 200 with nothing.
    EmptyBody,
    /// 200 with an error inside, as routers send it when the model fails under way. A stream ends with it after half of
    /// its events.
    ErrorIn200,
    /// 400: the question is too long for the model.
    TooLong,
    /// 200 with an HTML page, as captive portals send it.
    WrongContentType,
    /// 200 and well-formed, without any choice inside.
    NoChoices,
    /// 200 and well-formed, with `null` in the place of the text.
    NullContent,
    /// The right answer, so much later.
    Delay(Duration),
    /// This status with this very body, as JSON: what a test wants said that no provider is known to say.
    Says(u16, String),
    /// This, without what lets a page of another origin read it.
    Hidden(Box<Fault>),
}

impl Fault {
    /// The same fault, hidden from pages of other origins: all that they see is that the request failed.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self::Hidden(Box::new(self))
    }
}

/// What a rate limit says about how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// "Please try again in 1.5s" in the body.
    InBody(Duration),
    /// `Retry-After`, which pages of other origins cannot read, as with all providers known.
    HiddenHeader(Duration),
    /// `Retry-After`, made readable.
    ExposedHeader(Duration),
    /// Nothing.
    Unsaid,
}

/// When a fault comes.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// Every time.
    Always,
    /// For calls with these indices, in order of arrival, from 0.
    Calls(Range<usize>),
    /// For the first so many attempts at every question.
    FirstAttempts(usize),
    /// By chance with this probability, anew at every attempt. The same seed gives the same faults for the same question
    /// and attempt, in whatever order the calls arrive.
    Share(f64),
    /// For the question with this id.
    Question(String),
    /// For calls that arrive in this stretch of time, counted from the first call.
    During(Range<Duration>),
}

/// A fault with its occasion.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub(super) fault: Fault,
    pub(super) when: When,
    pub(super) model: Option<String>,
    pub(super) times: Option<usize>,
}

impl Rule {
    /// This fault on this occasion.
    pub fn new(when: When, fault: Fault) -> Self {
        Self { fault, when, model: None, times: None }
    }

    /// Only for calls to this model.
    #[must_use]
    pub fn model(mut self, model: &str) -> Self {
        self.model = Some(model.to_owned());
        self
    }

    /// At most so often.
    #[must_use]
    pub fn times(mut self, n: usize) -> Self {
        self.times = Some(n);
        self
    }

    /// Whether it applies. `idx` tells the rules of a script apart: each draws its own chances.
    pub(super) fn applies(&self, idx: usize, applied: usize, seed: u64, call: &Call<'_>) -> bool {
        if self.times.is_some_and(|times| applied >= times)
            || self.model.as_deref().is_some_and(|model| model != call.model)
        {
            return false;
        }
        match &self.when {
            When::Always => true,
            When::Calls(range) => range.contains(&call.idx),
            When::FirstAttempts(n) => call.attempt <= *n,
            When::Share(share) => {
                let occasion = format!("fault {idx} attempt {}", call.attempt);
                draw(seed, &[&occasion, call.model, call.question]).next_f64() < *share
            }
            When::Question(id) => id == call.question,
            When::During(range) => range.contains(&call.since_first),
        }
    }
}

/// A call as rules see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) idx: usize,
    pub(super) model: &'a str,
    /// Id, empty when unknown.
    pub(super) question: &'a str,
    pub(super) attempt: usize,
    /// How long after the first call it came.
    pub(super) since_first: Duration,
}

impl Latency {
    /// How late this call is answered.
    pub(super) fn of(self, seed: u64, call: &Call<'_>) -> Duration {
        let occasion = format!("latency attempt {}", call.attempt);
        let mut random = draw(seed, &[&occasion, call.model, call.question]);
        match self {
            Self::None => Duration::ZERO,
            Self::Fixed(length) => length,
            Self::Between(least, most) => {
                least + most.saturating_sub(least).mul_f64(random.next_f64())
            }
            Self::LongTail { median, p99 } => {
                // Log-normal: z of the 99th percentile is 2.326; Box and Muller's method gives the normal number.
                let spread = (p99.as_secs_f64() / median.as_secs_f64().max(1e-6)).ln() / 2.326;
                let radius = (-2.0 * (1.0 - random.next_f64()).ln()).sqrt();
                let normal = radius * (std::f64::consts::TAU * random.next_f64()).cos();
                median.mul_f64((spread * normal).exp().min(1000.0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(question: &str, attempt: usize) -> Call<'_> {
        Call { idx: 0, model: "m", question, attempt, since_first: Duration::ZERO }
    }

    #[test]
    fn chance_depends_on_question_and_attempt_and_keeps_its_share() {
        let rule = Rule::new(When::Share(0.2), Fault::Stall);
        let names: Vec<String> = (0..2000).map(|number| format!("q{number}")).collect();
        let hits = names.iter().filter(|name| rule.applies(0, 0, 7, &call(name, 1))).count();
        assert!((340..460).contains(&hits), "{hits} of 2000");
        let again = names.iter().filter(|name| rule.applies(0, 0, 7, &call(name, 1))).count();
        assert_eq!(hits, again);
        let later = names.iter().filter(|name| {
            rule.applies(0, 0, 7, &call(name, 1)) && rule.applies(0, 0, 7, &call(name, 2))
        });
        assert!(later.count() < hits / 2, "attempts draw anew");
    }

    #[test]
    fn a_rule_stops_after_its_times_and_keeps_to_its_model() {
        let rule = Rule::new(When::Always, Fault::Stall).model("m").times(2);
        assert!(rule.applies(0, 1, 7, &call("q", 1)));
        assert!(!rule.applies(0, 2, 7, &call("q", 1)));
        assert!(!rule.applies(0, 0, 7, &Call { model: "other", ..call("q", 1) }));
    }

    #[test]
    fn a_storm_has_its_time() {
        let rule = Rule::new(
            When::During(Duration::from_secs(1)..Duration::from_secs(2)),
            Fault::RateLimited(Wait::Unsaid),
        );
        let at = |millis| Call { since_first: Duration::from_millis(millis), ..call("q", 1) };
        assert!(!rule.applies(0, 0, 7, &at(999)));
        assert!(rule.applies(0, 0, 7, &at(1000)));
        assert!(!rule.applies(0, 0, 7, &at(2000)));
    }

    #[test]
    fn a_long_tail_has_its_median_and_its_99th_percentile() {
        let latency =
            Latency::LongTail { median: Duration::from_millis(100), p99: Duration::from_secs(1) };
        let names: Vec<String> = (0..5000).map(|number| format!("q{number}")).collect();
        let mut drawn: Vec<Duration> =
            names.iter().map(|name| latency.of(1, &call(name, 1))).collect();
        drawn.sort();
        assert!((90..110).contains(&drawn[2500].as_millis()), "{:?}", drawn[2500]);
        assert!((800..1250).contains(&drawn[4950].as_millis()), "{:?}", drawn[4950]);
    }
}
