//! Owns the tests of reading a choice: the table, and properties that hold for any text.

use super::*;
use proptest::prelude::*;

fn owned(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| (*option).to_owned()).collect()
}

fn letter(option_idx: usize) -> char {
    crate::dataset::Choice::letter(option_idx)
}

/// An extraction in the words of the table.
fn in_words(extraction: &Extraction) -> String {
    match extraction {
        Extraction::Chosen { option_idx, .. } => letter(*option_idx).to_string(),
        Extraction::Refused { .. } => "refused".to_owned(),
        Extraction::Unreadable(Unreadable::Empty) => "empty".to_owned(),
        Extraction::Unreadable(Unreadable::NoChoice) => "none".to_owned(),
        Extraction::Unreadable(Unreadable::Conflict { .. }) => "conflict".to_owned(),
        Extraction::Unreadable(Unreadable::NotAnOption(letter)) => format!("outside {letter}"),
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('t')) => plain.push('\t'),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some('0')) => plain.push('\0'),
            ('\\', Some('\\')) => plain.push('\\'),
            ('\\', Some('u')) => {
                let number: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                plain.push(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32).unwrap());
            }
            ('\\', other) => panic!("unknown escape {other:?} in {text}"),
            (c, _) => plain.push(c),
        }
    }
    plain
}

#[test]
fn every_reply_of_the_table_is_read_as_the_table_says() {
    let mut options = Vec::new();
    let mut n_cases = 0;
    let mut wrong = Vec::new();
    for line in include_str!("../../../tests/data/choice-cases.txt").lines() {
        if let Some(texts) = line.strip_prefix("options: ") {
            options = texts.split(" | ").map(str::to_owned).collect();
        } else if let Some((expected, reply)) = line.split_once('|')
            && !line.starts_with(['#', '='])
        {
            n_cases += 1;
            let reply = unescaped(reply.strip_prefix(' ').unwrap_or(reply));
            let extraction = extract(&reply, &options);
            if in_words(&extraction) != expected.trim() {
                wrong.push(format!("{line}\n    read as {extraction:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {n_cases} replies:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_cases >= 1000, "{n_cases}");
}

#[test]
fn the_span_is_the_letter_or_text_that_was_read() {
    let options = owned(&["Doxycycline", "Maladie de Ménière"]);
    for (reply, expected) in [
        ("Let me see. **Answer:** (B), I say.", "B"),
        ("Ａｎｓｗｅｒ：Ｂ", "Ｂ"),
        ("Réponse : maladie de meniere.", "maladie de meniere"),
        ("<think>é</think>“B”", "B"),
    ] {
        match extract(reply, &options) {
            Extraction::Chosen { span, option_idx: 1, .. } => assert_eq!(&reply[span], expected),
            other => panic!("{reply:?}: {other:?}"),
        }
    }
}

#[test]
fn the_words_that_decline_are_pointed_at() {
    let reply = "Sorry. I can’t help with this.";
    match extract(reply, &owned(&["x", "y"])) {
        Extraction::Refused { span } => assert_eq!(&reply[span], "I can’t help"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_conflict_names_its_options() {
    let options = owned(&["w", "x", "y", "z"]);
    assert_eq!(
        extract("Answer: D or B", &options),
        Extraction::Unreadable(Unreadable::Conflict { option_idxs: vec![1, 3] })
    );
}

#[test]
fn every_letter_from_a_to_z_is_read() {
    let options: Vec<String> = (0..26).map(|i| format!("finding number {}", i + 100)).collect();
    for option_idx in 0..26 {
        let letter = letter(option_idx);
        for reply in
            [format!("Answer: {letter}"), format!("{letter}"), format!("The answer is ({letter}).")]
        {
            assert!(
                matches!(extract(&reply, &options), Extraction::Chosen { option_idx: read, .. } if read == option_idx),
                "{reply}"
            );
        }
    }
}

/// Takes minutes where the time grows with the square of the length.
#[test]
fn a_long_reply_that_repeats_what_the_rules_look_for_is_read_in_seconds() {
    let options = owned(&["w", "x", "y", "z"]);
    for part in [
        "answer ",
        "the answer is ",
        "A or ",
        "( ",
        "<think>",
        "I can't ",
        "answer: B ",
        "é\u{301}— ",
    ] {
        let _ = extract(&part.repeat(50_000 / part.len()), &options);
    }
}

/// Words without meaning and without vowels, so that no phrase of any language comes about.
fn prose() -> impl Strategy<Value = String> {
    proptest::collection::vec("[bdfgjkmpqvwxz]{3,9}[,.;]?", 0..30).prop_map(|words| words.join(" "))
}

/// Text made of what the rules look for, so that chance reaches them.
fn phrases() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        Just("Answer"),
        Just(":"),
        Just(" "),
        Just("\n"),
        Just("the answer is "),
        Just("A"),
        Just("B"),
        Just("E"),
        Just("Z"),
        Just("("),
        Just(")"),
        Just("**"),
        Just("\\boxed{"),
        Just("}"),
        Just("<think>"),
        Just("</think>"),
        Just(" or "),
        Just("not "),
        Just("wait, "),
        Just("I can't help "),
        Just("first thing"),
        Just("é"),
        Just("Ｂ"),
        Just("\u{200b}"),
        Just("<answer>"),
        Just("."),
        Just("b"),
        Just("'"),
        Just("-"),
        Just(" is correct"),
        Just("I'd choose "),
        Just("/"),
    ];
    proptest::collection::vec(parts, 0..24).prop_map(|parts| parts.concat())
}

fn sound(reply: &str, options: &[String]) -> Result<(), TestCaseError> {
    let span = match extract(reply, options) {
        Extraction::Chosen { option_idx, span, .. } => {
            prop_assert!(option_idx < options.len());
            span
        }
        Extraction::Refused { span } => span,
        Extraction::Unreadable(Unreadable::NotAnOption(letter)) => {
            prop_assert!(
                letter.is_ascii_uppercase() && usize::from(letter as u8 - b'A') >= options.len()
            );
            return Ok(());
        }
        Extraction::Unreadable(_) => return Ok(()),
    };
    prop_assert!(!span.is_empty());
    prop_assert!(reply.get(span).is_some());
    Ok(())
}

proptest! {
    #[test]
    fn any_text_gives_an_option_that_exists_and_a_span_on_character_boundaries(
        reply in "\\PC{0,80}",
        options in proptest::collection::vec("\\PC{0,12}", 0..12),
    ) {
        sound(&reply, &options)?;
    }

    #[test]
    fn any_mixture_of_phrases_gives_an_option_that_exists(reply in phrases(), n_options in 0usize..7) {
        let options: Vec<String> = ["first thing", "second thing", "third", "fourth", "a", "b"]
            .into_iter().take(n_options).map(str::to_owned).collect();
        sound(&reply, &options)?;
    }

    #[test]
    fn a_labelled_letter_is_read_whatever_prose_surrounds_it(
        before in prose(), after in prose(), option_idx in 0usize..10,
        style in prop_oneof![Just("Answer: X"), Just("**Answer:** X"), Just("Final answer: (X)"), Just("\\boxed{X}"), Just("<answer>X</answer>")],
    ) {
        let options: Vec<String> = (0..10).map(|i| format!("finding number {}", i + 100)).collect();
        let line = style.replace('X', &letter(option_idx).to_string());
        let reply = format!("{before}\n{line}\n{after}");
        let read = extract(&reply, &options);
        prop_assert!(matches!(read, Extraction::Chosen { option_idx: read, .. } if read == option_idx), "{reply:?} {read:?}");
    }

    #[test]
    fn prose_without_a_choice_is_never_read_as_one(reply in prose()) {
        let options = owned(&["first thing", "second thing", "third", "fourth"]);
        let read = extract(&reply, &options);
        prop_assert!(matches!(read, Extraction::Unreadable(_)), "{read:?}");
    }

    #[test]
    fn two_joined_letters_are_never_a_choice(a in 0usize..6, b in 0usize..6, join in prop_oneof![Just(" or "), Just(" and "), Just("/"), Just(", "), Just(" & ")]) {
        prop_assume!(a != b);
        let options: Vec<String> = (0..6).map(|i| format!("finding number {}", i + 100)).collect();
        let reply = format!("Answer: {}{join}{}", letter(a), letter(b));
        let read = extract(&reply, &options);
        prop_assert!(matches!(read, Extraction::Unreadable(Unreadable::Conflict { .. })), "{reply:?} {read:?}");
    }
}

/// The directory of real files, when this machine has one.
fn real_data() -> Option<std::path::PathBuf> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let dir = std::env::var_os("VIVA_SHARED_DATA").map_or(beside, Into::into);
    dir.is_dir().then_some(dir)
}

#[test]
fn real_replies_of_four_models_are_read_as_their_study_read_them_or_not_at_all() {
    let Some(dir) = real_data() else {
        eprintln!("skipped: the per-item files of MedQA are not on this machine");
        return;
    };
    // Replies that the study read and this program does not, and those that only this program reads.
    for (model, only_study, only_here) in [
        ("gpt-4o", 2, 0),
        ("claude-3-5-sonnet", 0, 0),
        ("llama-3-70b", 0, 0),
        ("openbiollm-70b", 6, 103),
    ] {
        let mut reader =
            csv::Reader::from_path(dir.join(format!("medqa-per-item/{model}.csv"))).unwrap();
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let mut unread = 0;
        let mut gained = 0;
        for record in reader.records() {
            let record = record.unwrap();
            let options: Vec<String> =
                ["A", "B", "C", "D"].iter().map(|name| record[column(name)].to_owned()).collect();
            let study = &record[column("preds")];
            match extract(&record[column("outputs")], &options) {
                Extraction::Chosen { .. } if study.is_empty() => gained += 1,
                Extraction::Chosen { option_idx, .. } => {
                    assert_eq!(letter(option_idx).to_string(), study);
                }
                _ if !study.is_empty() => unread += 1,
                _ => {}
            }
        }
        assert_eq!((unread, gained), (only_study, only_here), "{model}");
    }
}
