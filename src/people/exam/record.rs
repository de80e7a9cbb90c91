//! Owns making a run of what people answered: a plan and a sealed journal like any model's.

use std::sync::Arc;

use super::Given;
use crate::dataset::{self, Item};
use crate::provider::{Class, ModelSpec, Seat};
use crate::run::chain::seal;
use crate::run::draft::{Missing, Part, Wishes, draft};
use crate::run::{Attempt, AttemptResult, Body, Entry, Journal, Plan, TrialId};

/// The plan of an exam that one person sits.
pub fn plan(parts: &[Part], name: &str, run_id: String) -> Result<Plan, Missing> {
    let person = ModelSpec::new(name, Class::Person, Seat::Person);
    let mut plan = draft(parts, &[person], Wishes { run_id, n_repeats: 1, ..Wishes::default() })?;
    plan.title = format!("Exam: {}", plan.title);
    Ok(plan)
}

/// The journal of a sat exam: one entry for each answer, by the time at which it was given. What was not answered stays
/// unasked, and the journal says that the exam was ended.
pub fn journal(plan: Plan, answers: &[Option<Given>]) -> Journal {
    let mut given: Vec<(usize, &Given)> = answers
        .iter()
        .enumerate()
        .filter_map(|(idx, given)| Some((idx, given.as_ref()?)))
        .filter(|(idx, _)| *idx < plan.items.len())
        .collect();
    given.sort_by_key(|(idx, given)| (given.at_millis, *idx));
    let mut entries: Vec<Entry> =
        given.iter().map(|(idx, given)| entry_of(0, *idx, given)).collect();
    if entries.len() < plan.items.len() {
        let at_millis = entries.last().map_or(0, |entry| entry.at_millis);
        entries.push(unsealed(at_millis, Body::Cancelled));
    }
    let mut journal = Journal { plan, entries };
    seal(&mut journal);
    journal
}

/// The entry for an answer, without its place in the chain.
pub(in crate::people) fn entry_of(model: u16, item_idx: usize, given: &Given) -> Entry {
    let trial = TrialId { model, item: u32::try_from(item_idx).unwrap_or(u32::MAX), repeat: 0 };
    let result = AttemptResult::Answered(given.completion());
    let took_millis = given.took_millis;
    let attempt = Attempt { trial, n: 1, took_millis, result, cost: None, reused: None };
    unsealed(given.at_millis, Body::Attempt(attempt))
}

/// An entry without its place in the chain.
pub(in crate::people) fn unsealed(at_millis: u64, body: Body) -> Entry {
    Entry { seq: 0, at_millis, body, hash: String::new() }
}

/// Takes at most `n` questions of all parts together, each part by its share, drawn with `seed`. A part that gives fewer than
/// it has is a sample of what was chosen.
pub fn limited(parts: &[Part], n: Option<usize>, seed: u64) -> Vec<Part> {
    let n_all: usize = parts.iter().map(|part| part.items.len()).sum();
    let Some(n) = n.filter(|n| *n < n_all) else { return parts.to_vec() };
    let (mut n_seen, mut n_given) = (0, 0);
    let mut limited = vec![];
    for part in parts {
        n_seen += part.items.len();
        // Shares of a running total: they add up to `n`, and none is off by more than one.
        let n_part = n_seen * n / n_all - n_given;
        n_given += n_part;
        let drawn = dataset::sample(part.items.len(), n_part, seed);
        let items: Vec<Item> =
            drawn.into_iter().filter_map(|idx| part.items.get(idx).cloned()).collect();
        if items.is_empty() {
            continue;
        }
        let mut planned = part.dataset.clone();
        if items.len() < part.items.len() {
            if part.items.len() < planned.n_available {
                planned.title.push_str(", chosen questions");
            }
            planned.n_available = part.items.len();
            planned.seed = Some(seed);
            planned.selection = None;
        }
        planned.n_sampled = items.len();
        planned.fingerprint = dataset::fingerprint(&items);
        limited.push(Part {
            dataset: planned,
            language: part.language.clone(),
            items: Arc::new(items),
        });
    }
    limited
}

/// How many items are answered in free text, which nobody grades here.
pub fn n_ungraded(items: &[Item]) -> usize {
    items.iter().filter(|item| super::Asked::of(item).form == super::Form::Open).count()
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Order, Sheet};
    use super::*;
    use crate::dataset::Dataset;
    use crate::report::{Grid, Unanswered, leaderboard};
    use crate::run::chain::verify;

    fn set(n: usize) -> Dataset {
        let items = (0..n)
            .map(|idx| {
                Item::single_choice(&format!("q{idx}"), &format!("Which {idx}?"), &["a", "b"], 1)
            })
            .collect();
        Dataset {
            id: "set".into(),
            title: "Set".into(),
            version: "1".into(),
            language: "en".into(),
            licence: String::new(),
            items,
            splits: vec![],
        }
    }

    #[test]
    fn a_few_questions_are_taken_of_all_sets_by_their_shares() {
        let (large, small) = (Part::of(&set(9), None, 1), Part::of(&set(3), None, 1));
        let taken = limited(&[large.clone(), small.clone()], Some(4), 5);
        let counts: Vec<usize> = taken.iter().map(|part| part.items.len()).collect();
        assert_eq!(counts, [3, 1]);
        assert_eq!(taken[0].dataset.seed, Some(5));
        assert_eq!(taken[0].dataset.fingerprint, dataset::fingerprint(&taken[0].items));
        let alone = std::slice::from_ref(&large);
        assert_eq!(limited(alone, Some(9), 5), alone);
        assert_eq!(limited(&[large.clone(), small.clone()], None, 5), [large, small]);
    }

    #[test]
    fn a_person_becomes_a_participant_like_any_model() {
        let part = Part::of(&set(4), None, 1);
        let plan = plan(&[part], "You", "exam-1".into()).unwrap();
        let mut sheet = Sheet::new(4, Order::Drawn, 3);
        for (at, option) in [(30, 1), (10, 1), (20, 0)] {
            let item_idx = sheet.next().unwrap();
            let answer = Answer::One(option);
            sheet.give(item_idx, Given { answer, confidence: None, took_millis: 7, at_millis: at });
        }
        let journal = journal(plan, &sheet.answers);
        assert_eq!(verify(&journal), Ok(()));
        let times: Vec<u64> = journal.entries.iter().map(|entry| entry.at_millis).collect();
        assert_eq!(times, [10, 20, 30, 30]);
        let board = leaderboard(&Grid::of(&journal), Unanswered::CountedWrong);
        assert_eq!(board[0].class, Class::Person);
        assert_eq!((board[0].tally.correct, board[0].tally.incorrect), (2, 1));
        assert_eq!(board[0].tally.not_asked, 1);
    }
}
