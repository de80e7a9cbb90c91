//! Owns the tests of papers.

use super::*;
use crate::dataset::{Criterion, Kind, NumberAnswer, Rubric, ShortText, Source, Speaker, Turn};
use proptest::prelude::*;

pub(in crate::people) fn items() -> Vec<Item> {
    let mut choice =
        Item::single_choice("q-1", "Which one treats it?", &["Alpha", "Beta", "Gamma"], 1);
    choice.explanation = Some("Betaxplanation.".to_owned());
    choice.plain_question = Some("What helps?".to_owned());
    choice.category = "treatment".to_owned();
    choice.source = Some(Source {
        title: "Guideline".to_owned(),
        organization: "WHO".to_owned(),
        year: 2020,
        locator: "4".to_owned(),
        url: None,
    });
    let number = NumberAnswer { value: 41.5, low: 41.0, high: 42.0, unit: "mg".to_owned() };
    let mut number = Item::bare("q-2".into(), "How many?".into(), Kind::Number(number));
    number.context = vec!["A passage.".to_owned()];
    let words = ShortText { accepted: vec!["measleswort".to_owned()] };
    let words = Item::bare("q-3".into(), "Name it.".into(), Kind::ShortText(words));
    let criterion = Criterion { text: "Asks for the agexyz.".to_owned(), points: 3, tags: vec![] };
    let rubric = Kind::Rubric(Rubric { criteria: vec![criterion] });
    let mut open = Item::bare("q-4".into(), "And then?".into(), rubric);
    open.turns = vec![
        Turn { speaker: Speaker::User, text: "Hello.".to_owned() },
        Turn { speaker: Speaker::Assistant, text: "Yes?".to_owned() },
    ];
    vec![choice, number, words, open]
}

fn witness() -> Witness {
    let recorded = Recorded { outcome: Outcome::Correct, choice: Some(1), text: String::new() };
    Witness {
        name: "GPT".to_owned(),
        class: Class::GeneralPurpose,
        answers: vec![Some(recorded), None, None, None],
    }
}

#[test]
fn a_paper_survives_link_and_file_under_one_hash() {
    let paper = Paper::new("Class", Terms::default(), &items(), &[witness()]);
    let linked = Paper::from_link(&paper.to_link()).unwrap();
    let filed = Paper::from_json(format!("{}\n", paper.json()).as_bytes()).unwrap();
    assert_eq!(linked, paper);
    assert_eq!(filed.hash(), paper.hash());
}

#[test]
fn what_stands_in_the_open_tells_nothing_of_the_answers() {
    let paper = Paper::new("Class", Terms::default(), &items(), &[witness()]);
    let open = paper.json();
    for hidden in [
        "Betaxplanation",
        "41",
        "42",
        "measleswort",
        "agexyz",
        "q-1",
        "Guideline",
        "treatment",
        "orrect",
    ] {
        assert!(!open.contains(hidden), "{hidden} stands in {open}");
    }
    // The same questions with other answers give the same open part.
    let mut others = items();
    if let Kind::Choice(choice) = &mut others[0].kind {
        choice.answer = 2;
    }
    others[0].explanation = None;
    assert_eq!(Paper::new("Class", Terms::default(), &others, &[witness()]).json(), open);
}

#[test]
fn open_part_and_secret_make_the_items_again() {
    let paper = Paper::new("Class", Terms::default(), &items(), &[]);
    let secret = Secret::of(&items(), vec![witness()]);
    let unpacked = Secret::unpack(&secret.pack()).unwrap();
    assert_eq!(unpacked, secret);
    assert_eq!(unpacked.items(&paper).unwrap(), items());
    let other = Paper::new("Class", Terms::default(), &items()[..2], &[]);
    assert!(matches!(unpacked.items(&other), Err(PaperError::Unfit { .. })));
}

#[test]
fn damaged_and_foreign_papers_are_refused() {
    let link = Paper::new("Class", Terms::default(), &items(), &[]).to_link();
    assert_eq!(Paper::from_link(&link[..link.len() / 2]), Err(PaperError::Damaged));
    assert_eq!(Paper::from_link("!"), Err(PaperError::Damaged));
    let newer = Paper::from_json(br#"{"schema":"viva-exam/2"}"#);
    assert!(matches!(newer, Err(PaperError::Newer { .. })));
    for json in [&b"[]"[..], b"{}", br#"{"schema":"viva-pack/1"}"#, br#"{"schema":"viva-exam/1"}"#]
    {
        assert!(matches!(Paper::from_json(json), Err(PaperError::NotAnExam { .. })));
    }
    let mut broken = Paper::new("Class", Terms::default(), &items(), &[]);
    broken.items[0].options.truncate(1);
    assert!(matches!(Paper::from_link(&broken.to_link()), Err(PaperError::NotAnExam { .. })));
}

#[test]
fn only_a_plain_name_beside_the_page_is_fetched() {
    for name in ["exam-1.json", "a.b_C.json"] {
        assert_eq!(hosted_name(name), Some(name));
    }
    for name in [
        "",
        ".json",
        "exam",
        "../exam.json",
        "a/b.json",
        "//evil.example/x.json",
        "https:x.json",
        "a\\b.json",
        "a..json",
        "%2e%2e.json",
        ".x.json",
        "a?b.json",
    ] {
        assert_eq!(hosted_name(name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn no_link_does_harm(text: String, bytes: Vec<u8>) {
        let _ = Paper::from_link(&text);
        let _ = Paper::from_link(&to_url(&bytes));
        let _ = Paper::from_json(&bytes);
        let _ = Secret::unpack(&bytes);
    }
}
