//! Checks of the hash chain.

use super::*;
use crate::provider::Class;
use crate::run::fixture::{journal, push};

fn run() -> Journal {
    let mut journal = journal("a", &[("m", Class::GeneralPurpose, &["cirutf"])]);
    push(&mut journal, Body::Paused);
    push(&mut journal, Body::Resumed);
    journal
}

#[test]
fn an_untouched_journal_verifies_and_every_change_shows_where_it_was_made() {
    let whole = run();
    assert_eq!(verify(&whole), Ok(()));
    for idx in 0..whole.entries.len() {
        let mut changed = whole.clone();
        changed.entries[idx].at_millis += 1;
        assert_eq!(verify(&changed), Err(Broken { seq: idx as u64 + 1 }));
    }
    let mut without = whole.clone();
    without.entries.remove(2);
    assert_eq!(verify(&without), Err(Broken { seq: 3 }));
    let mut swapped = whole.clone();
    swapped.entries.swap(3, 4);
    assert_eq!(verify(&swapped), Err(Broken { seq: 4 }));
    let mut renamed = whole.clone();
    renamed.plan.models[0].name.push('!');
    assert_eq!(verify(&renamed), Err(Broken { seq: 1 }));
    let mut cut = whole;
    cut.entries.truncate(4);
    assert_eq!(verify(&cut), Ok(()), "a run that stopped earlier is whole");
}

#[test]
fn entries_made_one_by_one_are_those_of_a_sealed_journal() {
    let sealed = run();
    let plan_hash = plan_hash(&PlanRecord::from(&sealed.plan));
    let mut previous = plan_hash.clone();
    for entry in &sealed.entries {
        let next = super::sealed(&previous, entry.seq, entry.at_millis, entry.body.clone());
        assert_eq!(next.entry, *entry);
        assert_eq!(next.text, serde_json::to_string(&entry.body).unwrap());
        previous = next.entry.hash;
    }
    assert_eq!(plan_hash.len(), 64);
}

/// Stored chains must hold in later versions: what is hashed of an entry is pinned.
#[test]
fn the_hashed_form_of_an_entry_is_fixed() {
    let by_hand = digest(&[br#"abc
{"seq":7,"at_millis":1700000000000,"body":"paused"}"#]);
    assert_eq!(link("abc", 7, 1_700_000_000_000, &Body::Paused), by_hand);
    assert_eq!(
        digest(&[b"abc"]),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}
