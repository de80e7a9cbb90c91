//! Owns the rules that the bundled packs keep: complete, checkable, without cues that give answers away, and the same in both languages.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use viva::dataset::{Choice, Import, Item, ItemRecord, PackFile, fingerprint, open};

const CORE: &str = include_str!("../datasets/core.json");
const CORE_ES: &str = include_str!("../datasets/core.es.json");
const SCHEMA: &str = include_str!("../datasets/schema.json");
const CATEGORIES: [&str; 4] = ["clinical reasoning", "diagnosis", "drug interactions", "treatment"];

fn pack() -> PackFile {
    serde_json::from_str(CORE).unwrap()
}

fn items(text: &str) -> Vec<Item> {
    let pack: PackFile = serde_json::from_str(text).unwrap();
    pack.items.into_iter().map(|record| Item::try_from(record).unwrap()).collect()
}

/// The languages of Core with their items. A cue can creep in by translation, so every rule is held to both.
fn editions() -> [(&'static str, Vec<Item>); 2] {
    [("en", items(CORE)), ("es", items(CORE_ES))]
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap()
}

/// 95 % interval of a proportion (Wilson 1927).
fn wilson(score: f64, n: f64) -> (f64, f64) {
    let (z, p) = (1.959_963_984_540_054_f64, score / n);
    let centre = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    ((centre - half) / scale, (centre + half) / scale)
}

/// Rates an option of an item.
type Rule = fn(&Item, &str) -> i64;

/// What a rule scores that takes the option rated highest, guessing among equals.
fn score_of_rule(items: &[Item], rating: impl Fn(&Item, &str) -> i64) -> f64 {
    items
        .iter()
        .map(|item| {
            let Choice { options, answer } = item.choice().unwrap();
            let ratings: Vec<i64> = options.iter().map(|option| rating(item, option)).collect();
            let best = *ratings.iter().max().unwrap();
            let n_best = ratings.iter().filter(|rating| **rating == best).count();
            if ratings[*answer] == best { 1.0 / n_best as f64 } else { 0.0 }
        })
        .sum()
}

fn chance(items: &[Item]) -> f64 {
    items.iter().map(|item| 1.0 / item.options().len() as f64).sum::<f64>() / items.len() as f64
}

#[test]
fn the_packs_open_without_a_refusal_or_a_notice() {
    let Import { dataset, refusals, notices, n_rows } = open("core.json", CORE.as_bytes()).unwrap();
    assert_eq!((refusals, notices, n_rows), (vec![], vec![], 200));
    let told = [&dataset.id, &dataset.title, &dataset.version, &dataset.language, &dataset.licence];
    assert_eq!(told, ["viva-core", "Core", "2.0.0", "en", "CC BY 4.0"]);
    println!("fingerprint {}", fingerprint(&dataset.items));

    let Import { dataset, refusals, notices, n_rows } =
        open("core.es.json", CORE_ES.as_bytes()).unwrap();
    assert_eq!((refusals, notices, n_rows), (vec![], vec![], 200));
    let told = [&dataset.id, &dataset.title, &dataset.version, &dataset.language, &dataset.licence];
    assert_eq!(told, ["viva-core-es", "Core (español)", "2.0.0", "es", "CC BY 4.0"]);
    println!("fingerprint of the Spanish edition {}", fingerprint(&dataset.items));
}

#[test]
fn there_are_fifty_items_in_each_of_four_categories() {
    for (language, items) in editions() {
        let mut counts = BTreeMap::new();
        for item in items {
            *counts.entry(item.category).or_insert(0) += 1;
        }
        let expected = CATEGORIES.iter().map(|category| ((*category).to_owned(), 50)).collect();
        assert_eq!(counts, expected, "{language}");
    }
}

#[test]
fn every_item_is_complete() {
    for item in editions().into_iter().flat_map(|(_, items)| items) {
        let id = &item.id;
        let is_there =
            |text: &Option<String>| text.as_ref().is_some_and(|text| length(text.trim()) >= 40);
        assert!((4..=5).contains(&item.options().len()), "{id}: number of options");
        assert!(length(&item.question) >= 40, "{id}: question");
        assert!(is_there(&item.plain_question), "{id}: plain question");
        assert_ne!(
            item.plain_question.as_deref(),
            Some(item.question.as_str()),
            "{id}: plain question"
        );
        assert!(is_there(&item.explanation), "{id}: explanation");
        assert!(item.difficulty.is_some(), "{id}: difficulty");
        assert!(
            !item.tags.is_empty() && item.tags.iter().all(|tag| !tag.trim().is_empty()),
            "{id}: tags"
        );
        let source = item.source.as_ref().unwrap_or_else(|| panic!("{id}: source"));
        let words = [&source.title, &source.organization, &source.locator];
        assert!(words.iter().all(|word| length(word.trim()) >= 2), "{id}: source");
        assert!((2000..=2026).contains(&source.year), "{id}: year {}", source.year);
        assert!(source.url.as_ref().is_none_or(|url| url.starts_with("https://")), "{id}: address");
    }
}

#[test]
fn nothing_comes_twice() {
    for (_, items) in editions() {
        nothing_comes_twice_in(&items);
    }
}

fn nothing_comes_twice_in(items: &[Item]) {
    let folded = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let distinct = |texts: Vec<String>| texts.iter().collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(items.iter().map(|item| item.id.0.clone()).collect()), 200, "ids");
    assert_eq!(
        distinct(items.iter().map(|item| folded(&item.question)).collect()),
        200,
        "questions"
    );
    for item in items {
        let options = item.options();
        assert_eq!(
            distinct(options.iter().map(|option| folded(option)).collect()),
            options.len(),
            "{}",
            item.id
        );
    }
}

#[test]
fn right_letters_are_evenly_spread() {
    // One edition is enough, since both have the same letters.
    let items = items(CORE);
    // Upper 5 % points of chi-square with 3 and 4 degrees of freedom.
    for (n_options, critical) in [(4_usize, 7.815), (5, 9.488)] {
        let of_n: Vec<&Item> =
            items.iter().filter(|item| item.options().len() == n_options).collect();
        let mut counts = vec![0_u32; n_options];
        for item in &of_n {
            counts[item.choice().unwrap().answer] += 1;
        }
        let expected = of_n.len() as f64 / n_options as f64;
        let chi_square: f64 =
            counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
        println!(
            "{} items of {n_options} options: right letters {counts:?}, {expected:.1} expected each, chi-square {chi_square:.2} (5 % point {critical})",
            of_n.len()
        );
        assert!(of_n.len() >= 30, "too few items with {n_options} options to tell");
        assert!(chi_square < critical);
    }
    let mut counts = [0_u32; 5];
    let mut expected = [0_f64; 5];
    for item in &items {
        let n_options = item.options().len();
        counts[item.choice().unwrap().answer] += 1;
        expected[..n_options].iter_mut().for_each(|count| *count += 1.0 / n_options as f64);
    }
    let chi_square: f64 = counts
        .iter()
        .zip(expected)
        .map(|(count, expected)| (f64::from(*count) - expected).powi(2) / expected)
        .sum();
    println!(
        "all items: right letters {counts:?}, expected {expected:.1?}, chi-square {chi_square:.2} (5 % point 9.488)"
    );
    assert!(chi_square < 9.488);
}

#[test]
fn the_length_of_an_option_tells_nothing() {
    for (language, items) in editions() {
        println!("{language}");
        the_length_of_an_option_tells_nothing_in(&items);
    }
}

fn the_length_of_an_option_tells_nothing_in(items: &[Item]) {
    let n = items.len() as f64;
    let chance = chance(items);
    let rules: [(&str, Rule); 2] =
        [("longest", |_, option| length(option)), ("shortest", |_, option| -length(option))];
    for (name, rule) in rules {
        let score = score_of_rule(items, rule);
        let (low, high) = wilson(score, n);
        println!(
            "always the {name}: {score:.1} of {n} right, {:.3} (95 % {low:.3} to {high:.3}); chance {chance:.3}",
            score / n
        );
        assert!(
            (low..=high).contains(&chance),
            "taking the {name} option does not score as chance does"
        );
        for category in CATEGORIES {
            let part: Vec<Item> =
                items.iter().filter(|item| item.category == category).cloned().collect();
            println!("  {category}: {:.1} of {}", score_of_rule(&part, rule), part.len());
        }
    }
    let lengths = |is_wanted: fn(bool) -> bool| {
        let all = items.iter().flat_map(|item| {
            let Choice { options, answer } = item.choice().unwrap();
            options
                .iter()
                .enumerate()
                .filter(move |(idx, _)| is_wanted(idx == answer))
                .map(|(_, option)| length(option))
        });
        let all: Vec<i64> = all.collect();
        all.iter().sum::<i64>() as f64 / all.len() as f64
    };
    let (right, wrong) = (lengths(|is_right| is_right), lengths(|is_right| !is_right));
    println!(
        "mean length: right {right:.1} characters, wrong {wrong:.1}, ratio {:.3}",
        right / wrong
    );
    assert!((0.9..=1.1).contains(&(right / wrong)));
}

#[test]
fn the_words_of_the_question_do_not_give_the_answer() {
    for (language, items) in editions() {
        println!("{language}");
        the_words_of_the_question_do_not_give_the_answer_in(&items);
    }
}

fn the_words_of_the_question_do_not_give_the_answer_in(items: &[Item]) {
    let words = |text: &str| -> BTreeSet<String> {
        text.to_lowercase()
            .split(|char: char| !char.is_alphanumeric())
            .filter(|word| length(word) > 3)
            .map(str::to_owned)
            .collect()
    };
    let score = score_of_rule(items, |item, option| {
        words(&item.question).intersection(&words(option)).map(|_| 1).sum()
    });
    let n = items.len() as f64;
    let (low, high) = wilson(score, n);
    let chance = chance(items);
    println!(
        "always the option with most words of the question: {score:.1} of {n} right, {:.3} (95 % {low:.3} to {high:.3}); chance {chance:.3}",
        score / n
    );
    assert!(low <= chance, "the words of the question give the answer away");
}

#[test]
fn explanations_do_not_name_letters() {
    for item in editions().into_iter().flat_map(|(_, items)| items) {
        let explanation = item.explanation.unwrap_or_default();
        let words: Vec<&str> = explanation.split_whitespace().collect();
        let is_letter = |word: &str| {
            matches!(
                word.trim_end_matches(|char: char| !char.is_alphanumeric()),
                "A" | "B" | "C" | "D" | "E"
            )
        };
        for pair in words.windows(2) {
            let before = pair[0].to_lowercase();
            let names_option = [
                "option",
                "options",
                "choice",
                "choices",
                "answer",
                "answers",
                "letter",
                "opción",
                "opciones",
                "respuesta",
                "respuestas",
                "letra",
            ]
            .contains(&before.as_str());
            assert!(!(names_option && is_letter(pair[1])), "{}: {} {}", item.id, pair[0], pair[1]);
        }
        for letter in 'A'..='E' {
            assert!(!explanation.contains(&format!("({letter})")), "{}: ({letter})", item.id);
        }
    }
}

// ------------------------------------------------------------------ both languages ask the same

/// The numbers in a text, in order of their digits. English writes 5,000 where Spanish writes 5000 or, from five digits on, sets a
/// no-break space; both write a point before decimals.
fn numbers(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |idx: usize| chars.get(idx).is_some_and(char::is_ascii_digit);
    let mut numbers = vec![];
    let mut number = String::new();
    for (idx, char) in chars.iter().enumerate() {
        let stands_between = idx > 0 && is_digit(idx - 1) && is_digit(idx + 1);
        let starts_thousand =
            stands_between && (1..4).all(|nth| is_digit(idx + nth)) && !is_digit(idx + 4);
        match char {
            '0'..='9' => number.push(*char),
            '.' if stands_between => number.push('.'),
            ',' | '\u{a0}' if starts_thousand => {}
            _ if number.is_empty() => {}
            _ => numbers.push(std::mem::take(&mut number)),
        }
    }
    if !number.is_empty() {
        numbers.push(number);
    }
    numbers.sort();
    numbers
}

#[test]
fn numbers_are_found_in_both_ways_of_writing() {
    assert_eq!(numbers("1 in 5,000, pH 7.14."), ["1", "5000", "7.14"]);
    assert_eq!(numbers("3\u{a0}400\u{a0}000 copias, 98\u{a0}%"), ["3400000", "98"]);
    assert_eq!(numbers("3,400,000 copies; V1, 2 and 166/112"), ["1", "112", "166", "2", "3400000"]);
}

#[test]
fn the_spanish_edition_asks_the_same() {
    let [(_, english), (_, spanish)] = editions();
    let ids = |items: &[Item]| items.iter().map(|item| item.id.0.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&english), ids(&spanish));
    for (english, spanish) in english.iter().zip(&spanish) {
        let id = &english.id;
        assert_eq!(english.category, spanish.category, "{id}: category");
        assert_eq!(english.difficulty, spanish.difficulty, "{id}: difficulty");
        assert_eq!(english.tags, spanish.tags, "{id}: tags");
        assert_eq!(english.source, spanish.source, "{id}: source");
        let (in_english, in_spanish) = (english.choice().unwrap(), spanish.choice().unwrap());
        assert_eq!(in_english.answer, in_spanish.answer, "{id}: letter");
        assert_eq!(in_english.options.len(), in_spanish.options.len(), "{id}: number of options");

        let texts = |item: &Item| {
            let plain = item.plain_question.clone().unwrap_or_default();
            let explanation = item.explanation.clone().unwrap_or_default();
            [item.question.clone(), plain, explanation]
        };
        for (in_english, in_spanish) in texts(english).iter().zip(texts(spanish)) {
            assert_ne!(*in_english, in_spanish, "{id}: not translated");
            assert_eq!(numbers(in_english), numbers(&in_spanish), "{id}: {in_spanish}");
        }
        for (in_english, in_spanish) in in_english.options.iter().zip(&in_spanish.options) {
            assert_eq!(numbers(in_english), numbers(in_spanish), "{id}: {in_spanish}");
        }
    }
}

// ------------------------------------------------------------------ the schema says what the program reads

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn required(schema: &Value) -> BTreeSet<String> {
    schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// Checks that a schema of an object has just the fields of `full`, and requires just those without which `reads` fails.
fn compare(schema: &Value, full: &Value, reads: impl Fn(Value) -> bool) {
    assert_eq!(keys(&schema["properties"]), keys(full));
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
    assert!(reads(full.clone()));
    let mut more = full.clone();
    more["something else"] = Value::Null;
    assert!(!reads(more), "a field that the schema does not know is read");
    for key in keys(full) {
        let mut less = full.clone();
        less.as_object_mut().unwrap().remove(&key);
        assert_eq!(reads(less), !required(schema).contains(&key), "{key}");
    }
}

#[test]
fn the_schema_and_the_program_have_the_same_fields() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let record = serde_json::json!({
        "id": "x-1", "kind": "single_choice", "category": "c", "question": "q", "context": ["c"], "plain_question": "p", "options": ["a", "b"],
        "answer": "A", "answers": ["A"], "number": {"value": 1.0, "low": 0.5, "high": 2.0, "unit": "mg"}, "accepted": ["a"],
        "reference": "r", "rubric": [{"criterion": "c", "points": 5, "tags": ["axis:accuracy"]}],
        "conversation": [{"role": "user", "content": "q"}], "explanation": "e", "difficulty": "easy", "tags": ["t"],
        "source": {"title": "t", "organization": "o", "year": 2020, "locator": "l", "url": "u"},
    });
    let written =
        serde_json::to_value(serde_json::from_value::<ItemRecord>(record.clone()).unwrap())
            .unwrap();
    assert_eq!(written, record, "all fields are written");

    let definitions = &schema["$defs"];
    compare(&definitions["item"], &record, |value| {
        serde_json::from_value::<ItemRecord>(value).is_ok()
    });
    compare(&definitions["source"], &record["source"], |source| {
        let mut record = record.clone();
        record["source"] = source;
        serde_json::from_value::<ItemRecord>(record).is_ok()
    });
    for (definition, field) in [("turn", "conversation"), ("criterion", "rubric")] {
        compare(&definitions[definition], &record[field][0], |part| {
            let mut record = record.clone();
            record[field][0] = part;
            serde_json::from_value::<ItemRecord>(record).is_ok()
        });
    }
    compare(&definitions["number"], &record["number"], |number| {
        let mut record = record.clone();
        record["number"] = number;
        serde_json::from_value::<ItemRecord>(record).is_ok()
    });
    let pack = PackFile { items: vec![serde_json::from_value(record.clone()).unwrap()], ..pack() };
    compare(&schema, &serde_json::to_value(pack).unwrap(), |value| {
        serde_json::from_value::<PackFile>(value).is_ok()
    });

    for difficulty in definitions["item"]["properties"]["difficulty"]["enum"].as_array().unwrap() {
        let mut record = record.clone();
        record["difficulty"] = difficulty.clone();
        assert!(serde_json::from_value::<ItemRecord>(record).is_ok(), "{difficulty}");
    }
    // Each kind needs what the schema says that it needs, and refuses what belongs to another.
    let of_kinds = ["accepted", "answer", "answers", "number", "options", "reference", "rubric"];
    let kinds = definitions["item"]["oneOf"].as_array().unwrap();
    let listed = definitions["item"]["properties"]["kind"]["enum"].as_array().unwrap();
    assert_eq!(
        kinds.iter().map(|kind| &kind["properties"]["kind"]["const"]).collect::<Vec<_>>(),
        listed.iter().collect::<Vec<_>>()
    );
    for kind in kinds {
        let mut own = record.clone();
        own["kind"] = kind["properties"]["kind"]["const"].clone();
        let fields = own.as_object_mut().unwrap();
        fields.remove("conversation");
        for field in of_kinds {
            if !required(kind).contains(field) {
                fields.remove(field);
            }
        }
        let is_item = |record: &Value| {
            Item::try_from(serde_json::from_value::<ItemRecord>(record.clone()).unwrap()).is_ok()
        };
        assert!(is_item(&own), "{}", own["kind"]);
        for field in of_kinds {
            let mut other = own.clone();
            let fields = other.as_object_mut().unwrap();
            if fields.remove(field).is_none() {
                fields.insert(field.to_owned(), record[field].clone());
            }
            assert!(!is_item(&other), "{}: {field}", own["kind"]);
        }
    }
    assert_eq!(schema["properties"]["schema"]["const"], viva::dataset::record::PACK_SCHEMA);
}

#[test]
fn no_question_is_taken_for_the_details_of_a_person() {
    for item in editions().into_iter().flat_map(|(_, items)| items) {
        let plain = item.plain_question.clone().unwrap_or_default();
        for text in [item.sent_text(), plain] {
            let found = viva::text::identifiers::find(&text);
            assert!(found.is_empty(), "{}: {found:?}", item.id.0);
        }
    }
}
