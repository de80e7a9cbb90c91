//! Owns the journals that the tests of this room and of those above it are made of.

use super::chain::seal;
use super::{Attempt, AttemptResult, Body, Entry, Journal, Plan, PlannedDataset, TrialId};
use crate::dataset::{Choice, Item, ItemId, Kind};
use crate::prompt::Prompting;
use crate::provider::{Class, Completion, Endpoint, Failure, ModelSpec, Protocol, Seat, Usage};
use crate::score::Outcome;

/// An item with four options of which B is right.
pub(crate) fn item(id: &str, category: &str) -> Item {
    Item {
        id: ItemId(id.to_owned()),
        turns: vec![],
        question: format!("Which one is it in {id}?"),
        context: Vec::new(),
        kind: Kind::Choice(Choice {
            options: ["first", "second", "third", "fourth"].map(str::to_owned).to_vec(),
            answer: 1,
        }),
        category: category.to_owned(),
        plain_question: None,
        explanation: Some("Because.".to_owned()),
        difficulty: None,
        source: None,
        tags: Vec::new(),
    }
}

/// A run over items `q0`, `q1` and on. Each model has one text per repeat with one letter per item: `c`orrect,
/// `i`ncorrect, `p`artial, `r`efused, `u`nreadable, `t`runcated, `f`ailed, uns`x`ored, `-` not asked.
pub(crate) fn journal(run_id: &str, models: &[(&str, Class, &[&str])]) -> Journal {
    let n_items = models[0].2[0].len();
    let n_repeats = models[0].2.len();
    let category = |idx: usize| if idx.is_multiple_of(2) { "even" } else { "odd" };
    let mut bodies = Vec::new();
    for (model, (_, _, repeats)) in models.iter().enumerate() {
        for (repeat, letters) in repeats.iter().enumerate() {
            for (item, letter) in letters.chars().enumerate() {
                let trial = trial(model, item, repeat);
                bodies.extend(result(letter).map(|result| attempt(trial, 1, result)));
            }
        }
    }
    let plan = Plan {
        run_id: run_id.to_owned(),
        title: format!("Run {run_id}"),
        app_version: "0.1.0".to_owned(),
        datasets: vec![PlannedDataset {
            id: "set".to_owned(),
            title: "Set".to_owned(),
            version: "1".to_owned(),
            licence: String::new(),
            fingerprint: "f".repeat(64),
            n_available: n_items,
            n_sampled: n_items,
            seed: None,
            selection: None,
            variants: vec![],
            do_not_show: false,
        }],
        items: (0..n_items).map(|idx| item(&format!("q{idx}"), category(idx))).collect(),
        models: models
            .iter()
            .map(|(name, class, _)| {
                let url = "https://api.example.org/v1";
                let mut endpoint = Endpoint::new(Protocol::OpenAiChat, url, name);
                endpoint.settings.max_output_tokens = Some(1024);
                endpoint.settings.temperature = Some(0.7);
                ModelSpec::new(name, *class, Seat::Api(endpoint))
            })
            .collect(),
        assigned: vec![None; models.len()],
        n_repeats: u16::try_from(n_repeats).unwrap(),
        prompting: Prompting::named("plain", None),
        budget: None,
        judging: None,
    };
    let mut journal = Journal { plan, entries: Vec::new() };
    for body in bodies {
        append(&mut journal, body);
    }
    seal(&mut journal);
    journal
}

/// Appends an entry and seals.
pub(crate) fn push(journal: &mut Journal, body: Body) {
    append(journal, body);
    seal(journal);
}

fn append(journal: &mut Journal, body: Body) {
    let seq = journal.entries.len() as u64 + 1;
    journal.entries.push(Entry { seq, at_millis: 1000 * seq, body, hash: String::new() });
}

pub(crate) fn trial(model: usize, item: usize, repeat: usize) -> TrialId {
    TrialId {
        model: u16::try_from(model).unwrap(),
        item: u32::try_from(item).unwrap(),
        repeat: u16::try_from(repeat).unwrap(),
    }
}

pub(crate) fn attempt(trial: TrialId, n: u32, result: AttemptResult) -> Body {
    Body::Attempt(Attempt { trial, n, took_millis: 250, result, cost: None, reused: None })
}

pub(crate) fn failure() -> Failure {
    Failure::TimedOut { limit_millis: 60_000 }
}

/// An answer that this program scores.
pub(crate) fn answered(text: &str) -> AttemptResult {
    AttemptResult::Answered(completion(text))
}

fn completion(text: &str) -> Completion {
    let usage = Some(Usage { input_tokens: 100, output_tokens: 20, ..Usage::default() });
    Completion { text: text.to_owned(), usage, ..Completion::default() }
}

fn result(letter: char) -> Option<AttemptResult> {
    let recorded = |outcome, choice, text| AttemptResult::Recorded {
        completion: completion(text),
        choice,
        outcome,
    };
    Some(match letter {
        'c' => answered("B"),
        'i' => answered("C"),
        'p' => recorded(Outcome::Partial, Some(1), "partly B"),
        'r' => recorded(Outcome::Refused, None, "I cannot say."),
        'u' => recorded(Outcome::Unreadable, None, "B or C"),
        't' => recorded(Outcome::Truncated, None, "Let me think"),
        'x' => recorded(Outcome::Unscored, None, "?"),
        'f' => AttemptResult::GaveUp { failure: failure() },
        '-' => return None,
        other => panic!("no such outcome: {other}"),
    })
}
