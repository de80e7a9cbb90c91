//! Owns the wording and formatting that several views share.

use crate::dataset::record::KindRecord;
use crate::dataset::{ItemId, Refusal, Speaker, variant};
use crate::provider::{Baseline, ModelSpec, Pace, Price, Seat};
use crate::report::Tally;
pub(super) use crate::report::wording::{
    class, count, count_u64, counted, p_value, percent, points,
};
use crate::score::Outcome;

/// How questions are answered, as a person reads it.
pub(super) fn kind(kind: KindRecord) -> &'static str {
    match kind {
        KindRecord::SingleChoice => "one right option",
        KindRecord::MultipleChoice => "several right options",
        KindRecord::Number => "a number",
        KindRecord::ShortText => "a few words",
        KindRecord::Reference => "free text, held against an answer",
        KindRecord::OpenEnded => "free text, graded by a rubric",
    }
}

/// A language by its tag; tags that are not known stay as they are.
pub(super) fn language(tag: &str) -> &str {
    match tag {
        "en" => "English",
        "es" => "Spanish",
        "mul" => "several languages",
        "" => "language not stated",
        other => other,
    }
}

/// An outcome, as a person reads it.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Correct => "right",
        Outcome::Incorrect => "wrong",
        Outcome::Partial => "partly right",
        Outcome::Refused => "refused",
        Outcome::Unreadable => "unreadable",
        Outcome::Truncated => "cut off",
        Outcome::Failed => "no answer",
        Outcome::Unscored => "not scored",
    }
}

/// The class of the mark that shows an outcome.
pub(super) fn outcome_class(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Correct) => "outcome--correct",
        Some(Outcome::Incorrect) => "outcome--incorrect",
        Some(_) => "outcome--other",
        None => "outcome--none",
    }
}

/// How a participant answers.
pub(super) fn seat(spec: &ModelSpec) -> String {
    match &spec.seat {
        Seat::Api(endpoint) => format!("{} at {}", endpoint.model, endpoint.base_url),
        Seat::BrowserModel => {
            "the browser’s own model; its answers cannot be reproduced".to_owned()
        }
        Seat::Baseline { rule, seed } => format!("{} (seed {seed})", baseline_rule(*rule)),
        Seat::Person => "answers in this page".to_owned(),
        Seat::Paste => "you carry prompts and answers by copy and paste".to_owned(),
        Seat::Recorded => "recorded answers from a file".to_owned(),
    }
}

/// Who speaks in a conversation.
pub(super) fn speaker(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::System => "Instruction",
        Speaker::User => "Person",
        Speaker::Assistant => "Assistant",
    }
}

/// Where a row that could not be read stands, and what is wrong with it.
pub(super) fn refusal(refusal: &Refusal) -> String {
    let line = refusal.line.map(|line| format!("Line {line}")).unwrap_or_default();
    let item = refusal.item.as_ref().map(|item| format!("item {item}")).unwrap_or_default();
    let field =
        if refusal.field.is_empty() { String::new() } else { format!("field {}", refusal.field) };
    let place: Vec<String> =
        [line, item, field].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", place.join(", "), refusal.reason)
}

/// What is changed in a variant, with the name that its id has for it; `None` for a question as it is.
pub(super) fn form(id: &ItemId) -> Option<String> {
    let (_, name) = variant::base_of(id)?;
    Some(format!("{} ({name})", variant::change_of(id)?.title()))
}

/// What a model's tokens cost.
pub(super) fn price(price: Option<Price>) -> String {
    match price {
        None => "Price not known.".to_owned(),
        Some(Price::FREE) => "Free.".to_owned(),
        Some(price) => format!(
            "${} for a million tokens sent, ${} for a million received.",
            price.input.typed(),
            price.output.typed()
        ),
    }
}

/// The limits that a person typed for a model.
pub(super) fn pace(pace: Pace) -> String {
    let calls = pace.requests_per_minute.map(|n| format!("{} calls", count(n as usize)));
    let tokens = pace.tokens_per_minute.map(|n| format!("{} tokens", count(n as usize)));
    let parts: Vec<String> = calls.into_iter().chain(tokens).collect();
    format!("At most {} a minute.", parts.join(" and "))
}

/// Name of a baseline.
pub(super) fn baseline_name(rule: Baseline) -> &'static str {
    match rule {
        Baseline::UniformGuess => "Random guess",
        Baseline::LongestOption => "Longest option",
        Baseline::WordOverlap => "Word overlap",
    }
}

/// What a baseline does.
pub(super) fn baseline_rule(rule: Baseline) -> &'static str {
    match rule {
        Baseline::UniformGuess => "picks any option, each equally likely",
        Baseline::LongestOption => "always picks the option with the most characters",
        Baseline::WordOverlap => "picks the option that shares most words with the question",
    }
}

/// How trials ended, as `24 right, 3 wrong, 1 refused`; what did not occur is left out.
pub(super) fn ended(tally: &Tally) -> String {
    let counts = [
        (tally.correct, Outcome::Correct),
        (tally.incorrect, Outcome::Incorrect),
        (tally.partial, Outcome::Partial),
        (tally.refused, Outcome::Refused),
        (tally.unreadable, Outcome::Unreadable),
        (tally.truncated, Outcome::Truncated),
        (tally.failed, Outcome::Failed),
        (tally.unscored, Outcome::Unscored),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(n, _)| 0 < *n)
        .map(|(n, of)| format!("{} {}", count(*n), outcome(*of)))
        .collect();
    counts.join(", ")
}

/// A text that is not the page's own, at most so many characters of it.
pub(super) fn shortened(text: &str, n_chars: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(n_chars) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}

/// `812 B`, `3.4 kB`, `1.2 MB`; a kilobyte is 1,000 bytes.
pub(super) fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{:.1} kB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// A number of tokens that is only an estimate, with two digits that matter: `1,200`.
pub(super) fn rounded(n: u64) -> String {
    let step = 10_u64.pow(n.max(1).ilog10().saturating_sub(1));
    count(usize::try_from(n.div_ceil(step) * step).unwrap_or(usize::MAX))
}

/// `3 – 5`, or `3` where both are the same.
pub(super) fn range(low: String, high: String) -> String {
    if low == high { low } else { format!("{low} – {high}") }
}

/// `83.3 – 85.0 %`.
pub(super) fn percent_range(low: f64, high: f64) -> String {
    format!("{:.1} – {:.1} %", low * 100.0, high * 100.0)
}

/// `about 3 min`.
pub(super) fn duration(millis: u64) -> String {
    match millis / 1_000 {
        0..=4 => "a few seconds".to_owned(),
        seconds @ 5..=90 => format!("about {seconds} s"),
        seconds @ 91..=5_400 => format!("about {} min", seconds.div_ceil(60)),
        seconds => format!("about {:.1} h", seconds as f64 / 3_600.0),
    }
}
