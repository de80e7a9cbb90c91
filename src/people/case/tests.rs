//! Owns the tests of a person's own case as a whole.

use super::board::{State, columns, rows};
use super::*;
use crate::dataset::edit::PackDraft;
use crate::provider::{Baseline, Class, Completion, Failure, ModelSpec, Seat};
use crate::run::draft::{Wishes, draft};
use crate::run::{
    Attempt, AttemptResult, Body, Entry, Journal, Overruling, Plan, PlanRecord, Ruling, TrialId,
};

fn told() -> Told {
    Told {
        text: "A 45-year-old woman has a sore throat and she takes ibuprofen regularly. What should she do?".to_owned(),
        lay: "My throat hurts. What now?".to_owned(),
        belief: "Antibiotics cure every sore throat.".to_owned(),
    }
}

fn plan(items: Vec<Item>, round: usize) -> Plan {
    let model = |name: &str| {
        let seat = Seat::Baseline { rule: Baseline::UniformGuess, seed: 1 };
        ModelSpec::new(name, Class::Baseline, seat)
    };
    let wishes = Wishes { run_id: run_id("case-1-2", round), n_repeats: 1, ..Wishes::default() };
    draft(&[part(items)], &[model("a"), model("b")], wishes).unwrap()
}

fn entry(body: Body) -> Entry {
    Entry { seq: 1, at_millis: 0, body, hash: String::new() }
}

fn answered(model: u16, item: u32, text: &str) -> Entry {
    let completion = Completion { text: text.to_owned(), ..Completion::default() };
    entry(Body::Attempt(Attempt {
        trial: TrialId { model, item, repeat: 0 },
        n: 1,
        took_millis: 1,
        result: AttemptResult::Answered(completion),
        cost: None,
        reused: None,
    }))
}

#[test]
fn every_version_that_can_be_made_is_made_and_named() {
    let (made, unmade) = told().versions(75);
    let titles: Vec<&str> = made.iter().map(|version| version.title.as_str()).collect();
    let expected = [
        "The other sex: male",
        "Age 75",
        "Ethnicity told: Black",
        "Ethnicity told: White",
        "Ethnicity told: Asian",
        "Ethnicity told: Hispanic",
        "Misspelt",
        "Everyday words",
        "A wrong belief stated first",
    ];
    assert_eq!(titles, expected);
    assert!(unmade.is_empty());
    assert!(
        made[0].item.question.starts_with("A 45-year-old man")
            && made[0].item.question.ends_with("What should he do?")
    );
    assert!(made[1].item.question.contains("75-year-old"));
    assert_eq!(made[7].item.question, "My throat hurts. What now?");
    assert!(
        made[8].item.question.starts_with("Antibiotics cure every sore throat.\n\nA 45-year-old")
    );
}

#[test]
fn what_cannot_be_made_is_told() {
    let told =
        Told { text: "What helps against hiccups that do not stop?".to_owned(), ..Told::default() };
    let (made, unmade) = told.versions(75);
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(unmade.len(), 5);
    assert!(
        unmade.iter().any(|line| line.starts_with("Another age: this change cannot be made")),
        "{unmade:?}"
    );
}

#[test]
fn a_case_survives_its_plan_and_its_file() {
    let (made, _) = told().versions(75);
    let items = std::iter::once(told().item()).chain(made.into_iter().map(|version| version.item));
    let plan = plan(items.collect(), 1);
    let json = serde_json::to_string(&PlanRecord::from(&plan)).unwrap();
    let record: PlanRecord = serde_json::from_str(&json).unwrap();
    let back = Plan::try_from(record).unwrap();
    assert_eq!(back, plan);
    let Told { text, lay, .. } = Told::of(&back.items).unwrap();
    assert_eq!((text, lay), (told().text, told().lay));
    let file = PackDraft::of(pack(&told())).to_json();
    let reading = PackDraft::open("own-case.json", file.as_bytes()).unwrap();
    assert_eq!((reading.draft.items().len(), reading.refusals.len()), (1, 0));
    assert_eq!(reading.draft.item(0), Some(&told().item()));
    assert!(reading.draft.faulty_items().is_empty());
}

#[test]
fn only_the_words_of_the_case_are_sent() {
    let messages = crate::prompt::render(&told().item(), &crate::prompt::Prompting::default());
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].content, told().text);
}

#[test]
fn a_run_knows_its_case() {
    let id = case_id(5, 7);
    assert_eq!(case_of(&run_id(&id, 3)), Some((id.as_str(), 3)));
    for other in ["run-1-2", "case-1-2", "try-1.2", "case-1.x", ""] {
        assert_eq!(case_of(other), None, "{other}");
    }
}

#[test]
fn answers_stand_by_model_with_versions_last() {
    let (made, _) = told().versions(75);
    let first =
        Journal { plan: plan(vec![told().item()], 1), entries: vec![answered(0, 0, "one")] };
    let versions = Journal {
        plan: plan(vec![made[0].item.clone()], 2),
        entries: vec![answered(0, 0, "other")],
    };
    let failure = Failure::KeyRefused { message: "no".into() };
    let failed = entry(Body::Attempt(Attempt {
        trial: TrialId { model: 1, item: 0, repeat: 0 },
        n: 1,
        took_millis: 1,
        result: AttemptResult::GaveUp { failure },
        cost: None,
        reused: None,
    }));
    let trial = TrialId { model: 0, item: 0, repeat: 0 };
    let tick = |met| {
        let ruling = Ruling::Criterion { criterion: 1, met };
        let plan = plan(vec![told().item()], 3);
        entry(Body::Overruled(Overruling::new(&plan, trial, ruling, "Read it", "You").unwrap()))
    };
    let again = Journal {
        plan: plan(vec![told().item()], 3),
        entries: vec![answered(0, 0, "two"), failed, tick(Some(false)), tick(Some(true))],
    };
    let columns = columns([&first, &versions, &again]);
    let told: Vec<(&str, Option<&str>)> =
        columns[0].answers.iter().map(|answer| (answer.title.as_str(), answer.text())).collect();
    let expected = [
        ("As you wrote it, answer 1", Some("one")),
        ("As you wrote it, answer 2", Some("two")),
        ("The other sex: male", Some("other")),
    ];
    assert_eq!(told, expected);
    assert_eq!(columns[0].answers[1].ticks, [None, Some(true), None, None]);
    assert_eq!(columns[0].first().unwrap().round, 0);
    let rows: Vec<(usize, bool)> =
        rows(&columns).iter().map(|row| (row.round, row.is_version)).collect();
    assert_eq!(rows, [(0, false), (2, false), (1, true)]);
    assert!(
        matches!(&columns[1].answers[1].state, State::Failed(reason) if reason.contains("key"))
    );
    assert_eq!(columns[1].answers[0].state, State::Open);
    assert!(columns[1].first().is_none());
}
