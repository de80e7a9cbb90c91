//! Checks of the edited pack: each step, its undoing, what is told to be wrong, and the way into a file and back.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::dataset::{Difficulty, Source, Speaker, Turn};

fn good(id: &str) -> Item {
    Item::single_choice(id, "Which?", &["a", "b"], 1)
}

fn ids(draft: &PackDraft) -> Vec<&str> {
    draft.items().iter().map(|item| item.id.0.as_str()).collect()
}

fn draft(names: &[&str]) -> PackDraft {
    let items = names.iter().map(|id| good(id)).collect();
    PackDraft::new(PackDraft::default().about().clone(), items)
}

#[test]
fn every_step_can_be_taken_back_and_done_again() {
    let mut pack = draft(&["a", "b", "c"]);
    pack.move_to(0, 2);
    assert_eq!(ids(&pack), ["b", "c", "a"]);
    pack.delete(1);
    assert_eq!(ids(&pack), ["b", "a"]);
    assert_eq!(pack.duplicate(0), Some(1));
    assert_eq!(ids(&pack), ["b", "b-1", "a"]);
    assert_eq!(pack.add(KindName::Rubric), 3);
    assert_eq!(ids(&pack), ["b", "b-1", "a", "q-1"]);
    pack.set_about(About { title: "T".into(), ..pack.about().clone() });
    let end = pack.now.clone();
    for expected in [
        &["b", "b-1", "a", "q-1"][..],
        &["b", "b-1", "a"],
        &["b", "a"],
        &["b", "c", "a"],
        &["a", "b", "c"],
    ] {
        assert!(pack.undo());
        assert_eq!(ids(&pack), expected);
    }
    assert!(!pack.undo() && !pack.can_undo());
    while pack.redo() {}
    assert_eq!(pack.now, end);
    pack.undo();
    pack.delete(0);
    assert!(!pack.can_redo(), "a new step ends what could be done again");
}

#[test]
fn letters_typed_into_one_item_are_one_step() {
    let mut pack = draft(&["a", "b"]);
    for text in ["W", "Wh", "Who?"] {
        pack.change(0, Item { question: text.into(), ..good("a") });
    }
    pack.change(1, Item { question: "Where?".into(), ..good("b") });
    pack.change(0, Item { question: "Who is it?".into(), ..good("a") });
    pack.undo();
    assert_eq!(pack.item(0).unwrap().question, "Who?");
    pack.undo();
    assert_eq!(pack.item(1).unwrap().question, "Which?");
    pack.undo();
    assert_eq!((pack.item(0).unwrap().question.as_str(), pack.can_undo()), ("Which?", false));
}

#[test]
fn what_cannot_be_done_is_no_step() {
    let mut pack = draft(&["a"]);
    pack.delete(1);
    pack.move_to(0, 9);
    pack.move_to(4, 0);
    pack.change(0, good("a"));
    pack.change(7, good("x"));
    pack.set_about(pack.about().clone());
    assert_eq!((pack.duplicate(3), pack.can_undo(), ids(&pack)), (None, false, vec!["a"]));
}

#[test]
fn faults_name_their_field() {
    let mut pack = PackDraft::default();
    let told =
        |faults: Vec<Invalid>| -> Vec<String> { faults.iter().map(ToString::to_string).collect() };
    assert_eq!(told(pack.faults()), ["items: has none: add a question"]);
    let idx = pack.add(KindName::Choice);
    assert_eq!(told(pack.faults_of(idx)), ["question: is empty", "options: option A is empty"]);
    pack.change(idx, good("same"));
    pack.duplicate(idx);
    pack.change(1, good("same"));
    assert_eq!(told(pack.faults_of(1)), ["id: is that of question 1 too: each needs its own"]);
    assert_eq!((pack.faulty_items(), pack.dataset()), (vec![1], None));
    pack.delete(1);
    assert_eq!(pack.dataset().unwrap().items, [good("same")]);
    pack.set_about(About::default());
    assert_eq!(told(pack.faults()), ["id: is empty", "title: is empty", "version: is empty"]);
}

#[test]
fn a_change_of_kind_keeps_what_both_have() {
    let choice = good("a").kind;
    let several = KindName::Choices.out_of(&choice);
    assert_eq!(KindName::Choice.out_of(&several), choice);
    for from in KindName::ALL {
        let old = from.out_of(&choice);
        assert_eq!(KindName::of(&old), from);
        for to in KindName::ALL {
            assert_eq!(KindName::of(&to.out_of(&old)), to);
        }
    }
}

#[test]
fn other_files_can_be_edited_and_what_is_none_is_refused() {
    let csv = "question,A,B,answer\nWhich?,x,y,B\n";
    let reading = PackDraft::open("set.csv", csv.as_bytes()).unwrap();
    assert_eq!((reading.draft.items().len(), reading.draft.faulty_items()), (1, vec![]));
    assert!(PackDraft::open("x.json", b"{}").is_err());
    let pack = r#"{"schema":"viva-pack/1","id":"p","title":"T","version":"1","items":[
        {"id":"ok","kind":"reference","question":"","reference":""},
        {"id":"bad","kind":"single_choice","question":"Q","options":["a","b"],"answer":"Z"}, 7]}"#;
    let reading = PackDraft::open("p.json", pack.as_bytes()).unwrap();
    assert_eq!(ids(&reading.draft), ["ok"]);
    let names: Vec<_> = reading.refusals.iter().map(|refusal| refusal.item.clone()).collect();
    assert_eq!(names, [Some("bad".to_owned()), Some("#3".to_owned())]);
}

#[test]
fn fields_that_are_not_known_are_told() {
    let pack = "\u{feff}{\"schema\":\"viva-pack/1\",\"items\":[],\"canary\":\"x\"}";
    let reading = PackDraft::open("p.json", pack.as_bytes()).unwrap();
    assert_eq!(reading.notices.len(), 1);
    assert!(reading.notices[0].contains("canary"));
}

#[test]
fn options_go_and_the_right_ones_stay_right() {
    let several = |answers: &[usize]| {
        let options = ["a", "b", "c"].map(str::to_owned).to_vec();
        Kind::Choices(Choices { options, answers: answers.to_vec() })
    };
    let mut kind = several(&[0, 2]);
    kind.remove_option(1);
    assert_eq!(kind.right_options(), [0, 1]);
    kind.remove_option(0);
    assert_eq!(kind.right_options(), [0]);
    kind.set_right(0, false);
    assert!(kind.right_options().is_empty());
    let mut kind = good("a").kind;
    kind.remove_option(0);
    assert_eq!(kind.right_options(), [0]);
    for _ in 0..40 {
        kind.add_option();
    }
    kind.set_option(3, "text".into());
    kind.set_right(3, true);
    kind.set_right(99, true);
    kind.remove_option(99);
    let Kind::Choice(choice) = &kind else { panic!("another kind") };
    assert_eq!((choice.options.len(), choice.options[3].as_str(), choice.answer), (26, "text", 3));
}

#[test]
fn bounds_follow_their_number_until_they_are_set_apart() {
    let mut number = NumberAnswer { value: 0.0, low: 0.0, high: 0.0, unit: String::new() };
    assert!(number.set(NumberPart::Value, " 3,5 "));
    assert_eq!((number.low, number.value, number.high), (3.5, 3.5, 3.5));
    assert!(number.set(NumberPart::High, "4"));
    assert!(number.set(NumberPart::Value, "3.6"));
    assert_eq!((number.low, number.value, number.high), (3.6, 3.6, 4.0));
    assert!(number.set(NumberPart::High, ""));
    assert_eq!((number.low, number.value, number.high), (3.6, 3.6, 3.6));
    for text in ["", "inf", "NaN", "three"] {
        assert!(!number.set(NumberPart::Value, text), "{text}");
    }
}

#[test]
fn a_source_is_there_while_it_says_something() {
    let mut item = good("a");
    item.set_source(SourcePart::Title, "Guideline".into());
    item.set_source(SourcePart::Year, "2024".into());
    item.set_source(SourcePart::Url, "https://example.org".into());
    let source = item.source.clone().unwrap();
    assert_eq!((source.title.as_str(), source.year), ("Guideline", 2024));
    assert_eq!(item.source_part(SourcePart::Url), "https://example.org");
    for part in SourcePart::ALL {
        item.set_source(part, String::new());
        assert_eq!(item.source_part(part), "");
    }
    assert_eq!(item.source, None);
    assert_eq!(lines(" a \n\nb, c"), ["a", "b, c"]);
    assert_eq!(tags("a, ,b c,"), ["a", "b c"]);
}

#[test]
fn a_file_has_a_name_that_every_system_takes() {
    let named = |id: &str| {
        let about = About { id: id.into(), ..About::default() };
        PackDraft::new(about, vec![]).file_name()
    };
    assert_eq!(named("my set/1"), "my-set-1.json");
    assert_eq!(named("../.."), "questions.json");
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zäß “”\"\\\\\n\t{}<>0-9]{0,12}"
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-1_000_000_i32..1_000_000).prop_map(|n| f64::from(n) / 1_000.0),
        proptest::num::f64::NORMAL
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    let options = || vec(text(), 1..27);
    prop_oneof![
        (options(), any::<prop::sample::Index>()).prop_map(|(options, idx)| {
            let answer = idx.index(options.len());
            Kind::Choice(Choice { options, answer })
        }),
        (options(), any::<u32>()).prop_map(|(options, mask)| {
            let answers = (0..options.len()).filter(|idx| mask >> idx & 1 == 1).collect();
            Kind::Choices(Choices { options, answers })
        }),
        (number(), number(), number(), text()).prop_map(|(value, low, high, unit)| Kind::Number(
            NumberAnswer { value, low, high, unit }
        )),
        vec(text(), 0..4).prop_map(|accepted| Kind::ShortText(ShortText { accepted })),
        text().prop_map(|answer| Kind::Reference(Reference { answer })),
        vec((text(), any::<i32>(), vec(text(), 0..3)), 0..4).prop_map(|criteria| {
            let criteria = criteria.into_iter();
            let criteria = criteria.map(|(text, points, tags)| Criterion { text, points, tags });
            Kind::Rubric(Rubric { criteria: criteria.collect() })
        }),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let speaker = prop_oneof![Just(Speaker::System), Just(Speaker::User), Just(Speaker::Assistant)];
    let turns = vec((speaker, text()).prop_map(|(speaker, text)| Turn { speaker, text }), 0..3);
    let difficulty = prop_oneof![
        Just(None),
        Just(Some(Difficulty::Easy)),
        Just(Some(Difficulty::Medium)),
        Just(Some(Difficulty::Hard))
    ];
    let source = (text(), text(), any::<u16>(), text(), option::of(text())).prop_map(
        |(title, organization, year, locator, url)| Source {
            title,
            organization,
            year,
            locator,
            url,
        },
    );
    let texts = (text(), text(), text(), option::of(text()), option::of(text()));
    let lists = (turns, vec(text(), 0..3), vec(text(), 0..3));
    (texts, lists, kind(), difficulty, option::of(source)).prop_map(
        |(
            (id, question, category, plain_question, explanation),
            lists,
            kind,
            difficulty,
            source,
        )| {
            let (turns, context, tags) = lists;
            Item {
                id: ItemId(id),
                turns,
                question,
                context,
                kind,
                category,
                plain_question,
                explanation,
                difficulty,
                source,
                tags,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_pack_comes_back_from_its_file_without_loss(
        items in vec(item(), 0..5),
        texts in vec(text(), 6),
    ) {
        let [id, title, version, language, licence, description] = texts.try_into().unwrap();
        let about = About { id, title, version, language, licence, description };
        let pack = PackDraft::new(about, items);
        let reading = PackDraft::open("pack.json", pack.to_json().as_bytes()).unwrap();
        prop_assert!(reading.refusals.is_empty(), "{:?}", reading.refusals);
        prop_assert_eq!(reading.draft, pack);
    }

    #[test]
    fn what_has_no_fault_is_read_as_any_pack_is(items in vec(item(), 1..4)) {
        let mut pack = PackDraft::new(PackDraft::default().about().clone(), items);
        for idx in pack.faulty_items().into_iter().rev() {
            pack.delete(idx);
        }
        if let Some(dataset) = pack.dataset() {
            let import = crate::dataset::open("pack.json", pack.to_json().as_bytes()).unwrap();
            prop_assert_eq!(import.dataset.items, dataset.items);
            prop_assert!(import.refusals.is_empty());
        }
    }

    #[test]
    fn no_file_does_harm(bytes in vec(any::<u8>(), 0..60), text in "[{}\\[\\]\":,a-z0-9]{0,60}") {
        let _ = PackDraft::open("x.json", &bytes);
        let _ = PackDraft::open("x.json", text.as_bytes());
    }
}

#[test]
fn what_is_in_no_file_is_known_and_another_pack_can_be_undone() {
    let mut pack = draft(&["a", "b"]);
    assert!(!pack.is_changed());
    pack.duplicate(0);
    assert!(pack.is_changed());
    pack.undo();
    assert!(!pack.is_changed());
    pack.redo();
    pack.mark_saved();
    assert!(!pack.is_changed());
    pack.delete(0);
    let before = ids(&pack).join(" ");
    pack.replace(draft(&["x"]));
    assert_eq!((ids(&pack), pack.is_changed()), (vec!["x"], false));
    pack.undo();
    assert_eq!((ids(&pack).join(" "), pack.is_changed()), (before, true));
}
