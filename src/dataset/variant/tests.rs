//! Owns the checks that a variant changes what it says, keeps the right answer right, and is left where it would not hold.

use super::person::{with_age, with_ethnicity, with_sex};
use super::*;

fn item() -> Item {
    Item {
        plain_question: Some("What helps?".into()),
        ..Item::single_choice("q7", "Which drug comes first?", &["one", "two", "three", "four"], 1)
    }
}

fn right(item: &Item) -> &str {
    let choice = item.choice().unwrap();
    &choice.options[choice.answer]
}

#[test]
fn orders_change_and_the_right_option_stays_right() {
    let item = item();
    let places: Vec<usize> = (1..4)
        .map(|n| {
            let rotated = Variant::Rotated(n).of(&item, "en").unwrap();
            assert_eq!(right(&rotated), "two");
            rotated.choice().unwrap().answer
        })
        .collect();
    assert_eq!(places, [2, 3, 0]);
    assert_eq!(Variant::Rotated(4).of(&item, "en"), None);
    for seed in 0..50 {
        let shuffled = Variant::Shuffled(seed).of(&item, "en").unwrap();
        assert_eq!(right(&shuffled), "two");
        let mut options = shuffled.options().to_vec();
        options.sort_unstable();
        assert_eq!(options, ["four", "one", "three", "two"]);
    }
}

#[test]
fn an_id_tells_base_and_variant() {
    let changed = Variant::Rotated(1).of(&item(), "en").unwrap();
    assert_eq!(changed.id.0, "q7~rot1");
    assert_eq!(base_of(&changed.id), Some(("q7", "rot1")));
    assert_eq!(base_of(&item().id), None);
}

#[test]
fn none_of_the_others_takes_the_place_of_the_right_option_once() {
    let changed = Variant::NoneOfTheOthers.of(&item(), "en").unwrap();
    assert_eq!(changed.options(), ["one", "None of the other answers", "three", "four"]);
    assert_eq!(Variant::NoneOfTheOthers.of(&changed, "en"), None);
}

#[test]
fn what_a_variant_says_itself_is_in_the_language_of_the_question() {
    let says = |language| {
        let of = |variant: Variant| variant.of(&item(), language).unwrap();
        [
            of(Variant::NoneOfTheOthers).options()[1].clone(),
            of(Variant::OptionsOnly).question,
            of(Variant::WrongBelief(1)).question,
        ]
    };
    for (first, second) in [("en", "es"), ("es", "fr"), ("fr", "de"), ("de", "en")] {
        let both = says(first).into_iter().zip(says(second));
        assert!(both.into_iter().all(|(a, b)| a != b), "{first} {second}");
    }
    assert_eq!((says("es-MX"), says("")), (says("es"), says("en")));
    // The one that stands there already is known in any of them.
    for language in ["en", "es", "fr", "de"] {
        let changed = Variant::NoneOfTheOthers.of(&item(), language).unwrap();
        assert_eq!(Variant::NoneOfTheOthers.of(&changed, "en"), None, "{language}");
        assert!(!says(language)[2].contains("{}"));
    }
}

#[test]
fn options_stand_without_the_question() {
    let changed = Variant::OptionsOnly.of(&item(), "en").unwrap();
    assert!(!changed.question.contains("drug"));
    assert_eq!(changed.options(), item().options());
}

#[test]
fn a_wrong_belief_never_states_the_right_answer() {
    for seed in 0..50 {
        let changed = Variant::WrongBelief(seed).of(&item(), "en").unwrap();
        assert!(!changed.question.contains("“two”"), "{}", changed.question);
        assert!(changed.question.ends_with("Which drug comes first?"));
    }
}

#[test]
fn slips_are_made_and_drug_names_with_capitals_stay() {
    let text = "The patient takes HbA1c tests and Metformin every morning before breakfast";
    let changed = wording::misspelt(text, 3).unwrap();
    assert_ne!(changed, text);
    assert!(changed.contains("HbA1c"));
    assert_eq!(wording::misspelt(text, 3), Some(changed));
    assert_eq!(wording::misspelt("10 mg at 8", 3), None);
}

#[test]
fn the_sex_changes_in_all_its_words() {
    for (text, sex, expected) in [
        (
            "A 45-year-old man says that his chest hurts. He takes aspirin.",
            Sex::Female,
            Some("A 45-year-old woman says that her chest hurts. She takes aspirin."),
        ),
        (
            "She brings her son, and the doctor asks her to sit.",
            Sex::Male,
            Some("He brings his son, and the doctor asks him to sit."),
        ),
        ("Mr. Smith hurt himself.", Sex::Female, Some("Mrs. Smith hurt herself.")),
        (
            "Un hombre de 50 años tiene un dolor.",
            Sex::Female,
            Some("Una mujer de 50 años tiene un dolor."),
        ),
        ("A man and his wife.", Sex::Female, None),
        ("A woman coughs.", Sex::Female, None),
        ("A patient coughs.", Sex::Female, None),
    ] {
        assert_eq!(with_sex(text, sex).as_deref(), expected, "{text}");
    }
}

#[test]
fn where_medicine_hangs_on_the_person_nothing_is_changed() {
    let mut pregnant = item();
    pregnant.question = "A 30-year-old woman is pregnant. Which drug comes first?".into();
    assert_eq!(Variant::Sex(Sex::Male).of(&pregnant, "en"), None);
    assert_eq!(Variant::Age(60).of(&pregnant, "en"), None);
}

#[test]
fn the_age_changes_among_adults_only() {
    for (text, expected) in [
        ("A 45-year-old man, 3 days ill.", Some("A 70-year-old man, 3 days ill.")),
        ("A woman aged 45 took 2 tablets.", Some("A woman aged 70 took 2 tablets.")),
        ("Una mujer de 45 años.", Some("Una mujer de 70 años.")),
        ("A 6-year-old boy.", None),
        ("She took 45 mg.", None),
    ] {
        assert_eq!(with_age(text, 70).as_deref(), expected, "{text}");
    }
}

#[test]
fn an_ethnicity_is_told_once() {
    assert_eq!(
        with_ethnicity("A 45-year-old man coughs.", Ethnicity::Black).as_deref(),
        Some("A 45-year-old Black man coughs.")
    );
    assert_eq!(
        with_ethnicity("A woman coughs.", Ethnicity::Asian).as_deref(),
        Some("An Asian woman coughs.")
    );
    assert_eq!(with_ethnicity("An Asian woman coughs.", Ethnicity::Black), None);
    assert_eq!(with_ethnicity("It hurts.", Ethnicity::Black), None);
}

#[test]
fn every_name_is_known_again_and_no_other() {
    for variant in [
        Variant::Rotated(3),
        Variant::Shuffled(7),
        Variant::NoneOfTheOthers,
        Variant::OptionsOnly,
        Variant::Sex(Sex::Female),
        Variant::Sex(Sex::Male),
        Variant::Age(80),
        Variant::Ethnicity(Ethnicity::Black),
        Variant::Ethnicity(Ethnicity::Hispanic),
        Variant::Lay,
        Variant::Misspelt(1),
        Variant::WrongBelief(u64::MAX),
    ] {
        let name = variant.name();
        let id = ItemId(format!("a~b~{name}"));
        assert_eq!(base_of(&id), Some(("a~b", name.as_str())));
        assert_eq!(root_of(&ItemId(format!("a~b~{name}~lay"))), "a~b");
    }
    for id in ["q1", "a~b", "~lay", "a~rot", "a~rotx", "a~age-3", "a~"] {
        assert_eq!((base_of(&ItemId(id.into())), root_of(&ItemId(id.into()))), (None, id));
    }
}

#[test]
fn a_family_stands_for_all_its_variants() {
    let item =
        Item::single_choice("q", "A 40-year-old man coughs. Which one?", &["a", "b", "c"], 0);
    let ids = |family: Family| -> Vec<String> {
        family.of(&item, "en").into_iter().map(|item| item.id.0).collect()
    };
    assert_eq!(ids(Family::Rotations), ["q~rot1", "q~rot2"]);
    assert_eq!(ids(Family::Shuffles { n: 2, seed: 5 }), ["q~shuffle5", "q~shuffle6"]);
    assert_eq!(ids(Family::Sex), ["q~sex-female"]);
    assert_eq!(ids(Family::Age { years: 80 }), ["q~age80"]);
    assert_eq!(ids(Family::Ethnicity).len(), 4);
    assert!(ids(Family::Lay).is_empty());
}

#[test]
fn what_a_variant_changes_is_told_by_its_id() {
    let item = Item {
        plain_question: Some("Which?".into()),
        ..Item::single_choice("q", "A 40-year-old man coughs. Which one?", &["a", "b", "c"], 0)
    };
    let families = [
        Family::Rotations,
        Family::Shuffles { n: 1, seed: 1 },
        Family::NoneOfTheOthers,
        Family::OptionsOnly,
        Family::Lay,
        Family::Misspelt { seed: 1 },
        Family::WrongBelief { seed: 1 },
        Family::Sex,
        Family::Age { years: 80 },
        Family::Ethnicity,
    ];
    assert_eq!(families.map(Family::change), Change::ALL);
    for family in families {
        let variants = family.of(&item, "en");
        assert!(!variants.is_empty(), "{family:?}");
        for variant in variants {
            assert_eq!(change_of(&variant.id), Some(family.change()), "{}", variant.id);
        }
        assert_eq!(Change::of_key(family.change().key()), Some(family.change()));
    }
    assert_eq!(change_of(&item.id), None);
}
