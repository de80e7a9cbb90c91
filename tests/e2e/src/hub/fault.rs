//! Owns what can go wrong at the publisher, and when.

use std::time::Duration;

/// What a busy host says of when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Nothing.
    Unsaid,
    /// So many seconds in `Retry-After`, which pages may not read: so it is at the real hosts.
    Hidden(u64),
    /// So many seconds in `Retry-After`, which pages may read.
    Told(u64),
}

/// What goes wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubFault {
    /// 429.
    Busy(RetryAfter),
    /// This status, with a JSON error.
    Status(u16),
    /// The connection closes without an answer.
    Lost,
    /// The body breaks off after so many bytes, though its length was told.
    CutAfter(usize),
    /// Nothing comes after so many bytes of the body, and the connection stays.
    HangAfter(usize),
    /// The body comes in pieces of so many bytes with a pause after each.
    Slow {
        /// Bytes in a piece.
        n_bytes: usize,
        /// Between two pieces.
        pause: Duration,
    },
    /// The answer waits for [`Hub::release`](super::Hub::release).
    Hold,
    /// A network's own page in the place of the answer: 200 and HTML.
    LoginPage,
    /// A pointer to the file in the place of the file.
    Pointer,
    /// An answer that pages of other origins may not read.
    NoCors,
}

/// A fault and when it comes: at requests to a host whose path with its query contains a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubRule {
    host: String,
    part: String,
    n_skipped: usize,
    n_times: usize,
    fault: HubFault,
}

impl HubRule {
    /// At every request to `host` whose path with its query contains `part`.
    pub fn new(host: &str, part: &str, fault: HubFault) -> Self {
        let (host, part) = (host.to_owned(), part.to_owned());
        Self { host, part, n_skipped: 0, n_times: usize::MAX, fault }
    }

    /// Not at the first so many of them.
    #[must_use]
    pub fn after(mut self, n_skipped: usize) -> Self {
        self.n_skipped = n_skipped;
        self
    }

    /// At most so many times.
    #[must_use]
    pub fn times(mut self, n_times: usize) -> Self {
        self.n_times = n_times;
        self
    }
}

/// The rules with how many requests each was held against.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(HubRule, usize)>);

impl Faults {
    pub(super) fn new(rules: impl IntoIterator<Item = HubRule>) -> Self {
        Self(rules.into_iter().map(|rule| (rule, 0)).collect())
    }

    pub(super) fn restart(&mut self) {
        for (_, n_met) in &mut self.0 {
            *n_met = 0;
        }
    }

    /// What goes wrong with this request: the first rule that applies. Every rule that fits counts it.
    pub(super) fn of(&mut self, host: &str, path: &str) -> Option<HubFault> {
        let mut found = None;
        for (rule, n_met) in &mut self.0 {
            if rule.host != host || !path.contains(&rule.part) {
                continue;
            }
            let n_before = *n_met;
            *n_met += 1;
            let applies = rule.n_skipped <= n_before && n_before - rule.n_skipped < rule.n_times;
            if applies && found.is_none() {
                found = Some(rule.fault.clone());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_skips_and_ends_and_the_first_that_applies_counts() {
        let mut faults = Faults::new([
            HubRule::new("h", "/rows", HubFault::Lost).after(1).times(2),
            HubRule::new("h", "/rows", HubFault::Status(500)).after(2),
        ]);
        assert_eq!(faults.of("other", "/rows"), None);
        let told: Vec<_> = (0..5).map(|_| faults.of("h", "/rows?x")).collect();
        let (lost, status) = (Some(HubFault::Lost), Some(HubFault::Status(500)));
        assert_eq!(told, [None, lost.clone(), lost, status.clone(), status]);
        faults.restart();
        assert_eq!(faults.of("h", "/rows"), None);
    }
}
