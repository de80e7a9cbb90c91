//! Owns the tests of an exam that a person sits.

use super::*;
use crate::dataset::{Choices, ItemId, NumberAnswer, Reference, ShortText};
use crate::score::{Outcome, judge};

fn bare(kind: Kind) -> Item {
    Item::bare("x".to_owned(), "Which?".to_owned(), kind)
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn given(answer: Answer) -> Given {
    Given { answer, confidence: Some(80), took_millis: 10, at_millis: 20 }
}

#[test]
fn every_kind_of_answer_is_read_by_the_scorers_with_its_confidence_behind_it() {
    let several = Kind::Choices(Choices { options: texts(&["a", "b", "c"]), answers: vec![0, 2] });
    let number =
        Kind::Number(NumberAnswer { value: 1.5, low: 1.4, high: 1.6, unit: "mg".to_owned() });
    let words = Kind::ShortText(ShortText { accepted: texts(&["measles"]) });
    let open = Kind::Reference(Reference { answer: "Rest.".to_owned() });
    let one = Item::single_choice("x", "Which?", &["this", "that"], 1);
    for (item, answer, outcome) in [
        (one.clone(), Answer::One(1), Outcome::Correct),
        (one.clone(), Answer::One(0), Outcome::Incorrect),
        (one, Answer::LeftOut, Outcome::Refused),
        (bare(several.clone()), Answer::Several(vec![0, 2]), Outcome::Correct),
        (bare(several.clone()), Answer::Several(vec![2]), Outcome::Partial),
        (bare(several), Answer::Several(vec![1, 2]), Outcome::Incorrect),
        (bare(number.clone()), Answer::Number("1,5".to_owned()), Outcome::Correct),
        (bare(number), Answer::Number("15 mg".to_owned()), Outcome::Incorrect),
        (bare(words.clone()), Answer::Words("The Measles\n".to_owned()), Outcome::Correct),
        (bare(words), Answer::Words("mumps".to_owned()), Outcome::Incorrect),
        (bare(open), Answer::Open("Drink and rest.".to_owned()), Outcome::Unscored),
    ] {
        let completion = given(answer.clone()).completion();
        assert_eq!(judge(&item, &completion).outcome, outcome, "{answer:?}");
        let told = (answer != Answer::LeftOut).then_some(0.8);
        assert_eq!(confidence_in(&completion.text), told, "{answer:?}");
    }
}

#[test]
fn letters_numbers_and_first_letters_choose_options() {
    let asked = Asked::of(&Item::single_choice("x", "?", &["w", "x", "y", "z"], 0));
    for (key, idx) in [("a", Some(0)), ("D", Some(3)), ("4", Some(3)), ("5", None), ("0", None)] {
        assert_eq!(asked.option_of_key(key), idx, "{key}");
    }
    assert_eq!(asked.option_of_key("Enter"), None);
    let pubmed = Asked::of(&Item::single_choice("x", "?", &["yes", "no", "maybe"], 0));
    for (key, idx) in [("y", Some(0)), ("n", Some(1)), ("m", Some(2)), ("b", Some(1)), ("q", None)]
    {
        assert_eq!(pubmed.option_of_key(key), idx, "{key}");
    }
}

#[test]
fn what_is_shown_holds_nothing_of_the_answer() {
    let mut item = Item::single_choice("secret-id", "Which?", &["this", "that"], 1);
    item.explanation = Some("because of that".to_owned());
    item.id = ItemId("secret-id".to_owned());
    item.tags = vec!["emergency".to_owned()];
    let mut other = item.clone();
    if let Kind::Choice(choice) = &mut other.kind {
        choice.answer = 0;
    }
    other.explanation = None;
    assert_eq!(Asked::of(&item), Asked::of(&other));
    let text = serde_json::to_string(&Asked::of(&item)).unwrap();
    assert_eq!(text, r#"{"k":"1","q":"Which?","o":["this","that"]}"#);
}

#[test]
fn faults_are_told_before_an_answer_counts() {
    let number = Asked::of(&bare(Kind::Number(NumberAnswer {
        value: 1.0,
        low: 1.0,
        high: 1.0,
        unit: String::new(),
    })));
    assert!(number.fault_of(&Answer::Number("many".to_owned())).is_some());
    assert!(number.fault_of(&Answer::Number("2.5 mg".to_owned())).is_none());
    assert!(number.fault_of(&Answer::LeftOut).is_none());
    assert!(number.fault_of(&Answer::Several(vec![])).is_some());
    assert!(number.fault_of(&Answer::Words(" ".to_owned())).is_some());
}

#[test]
fn a_sheet_goes_through_its_order_and_ends() {
    let mut sheet = Sheet::new(5, Order::Drawn, 7);
    assert_eq!(sheet.order, Sheet::new(5, Order::Drawn, 7).order);
    assert_ne!(sheet.order, Sheet::new(5, Order::Listed, 7).order);
    assert!(sheet.fits(5) && !sheet.fits(4));
    let mut seen = vec![];
    while let Some(idx) = sheet.next() {
        seen.push(idx);
        sheet.looked_millis = 5;
        sheet.give(idx, given(Answer::One(0)));
        sheet.give(idx, given(Answer::One(1)));
        assert_eq!(sheet.answers[idx].as_ref().unwrap().answer, Answer::One(0), "the first stands");
    }
    assert_eq!(seen, sheet.order);
    assert!(sheet.is_over && sheet.n_done() == 5);
    assert_eq!(sheet.worked_millis(), 50);
}

#[test]
fn time_left_does_not_count_pauses() {
    let terms = Terms { minutes: Some(1), ..Terms::default() };
    let mut sheet = Sheet::new(2, Order::Listed, 1);
    assert_eq!(sheet.left_millis(&terms), Some(60_000));
    sheet.looked_millis = 59_000;
    assert_eq!(sheet.left_millis(&terms), Some(1_000));
    sheet.looked_millis = 99_000;
    assert_eq!(sheet.left_millis(&terms), Some(0));
    assert_eq!(sheet.left_millis(&Terms::default()), None);
    sheet.is_over = true;
    assert_eq!(sheet.next(), None);
}
