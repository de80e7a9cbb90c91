//! Owns the tests of mappings.

use super::*;
use crate::dataset::{Choice, Kind};

const GERMAN: &str = "Nr;Aufgabe;Antwort a;Antwort b;Antwort c;Richtig;Fach\n7;Was hilft?;v;w;x;2;Innere\n8;Was nicht?;v;w;x;3;Innere\n";

fn roles(file: &str) -> Vec<(String, Role)> {
    Mapping::guessed(&columns("file", file.as_bytes()).unwrap()).roles
}

fn role(name: &str, role: Role) -> (String, Role) {
    (name.to_owned(), role)
}

#[test]
fn columns_of_a_foreign_table_are_guessed_and_open() {
    assert!(super::super::open("file", GERMAN.as_bytes()).is_err());
    let guessed = roles(GERMAN);
    let expected = [
        role("Nr", Role::Id),
        role("Aufgabe", Role::Question),
        role("Antwort a", Role::Option(0)),
        role("Antwort b", Role::Option(1)),
        role("Antwort c", Role::Option(2)),
        role("Fach", Role::Category),
    ];
    for pair in &expected {
        assert!(guessed.contains(pair), "{pair:?} in {guessed:?}");
    }
    let mut mapping = Mapping { roles: guessed, ..Mapping::default() };
    mapping.roles.retain(|(name, _)| name != "Richtig");
    mapping.roles.push(role("Richtig", Role::Answer));
    mapping.numbering = Numbering::FromOne;
    assert_eq!(mapping.check(), Ok(()));
    let import = open_with("file", GERMAN.as_bytes(), &mapping).unwrap();
    assert!(import.refusals.is_empty(), "{:?}", import.refusals);
    let item = &import.dataset.items[0];
    assert_eq!((item.id.0.as_str(), item.category.as_str()), ("7", "Innere"));
    assert_eq!(item.choice().unwrap().answer, 1);
    mapping.numbering = Numbering::FromZero;
    let import = open_with("file", GERMAN.as_bytes(), &mapping).unwrap();
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (1, 1));
}

#[test]
fn columns_without_names_are_numbered() {
    let file = "What is the first thing to do?,wait,call,run,B,1\nWhat is the second thing to do?,wait,call,run,A,2\n";
    let columns = columns("file", file.as_bytes()).unwrap();
    assert_eq!(columns[0].name, "column 1");
    assert_eq!(columns[0].guess, Role::Question);
    assert_eq!(columns[1].samples, ["wait"]);
    let mapping = Mapping {
        roles: vec![
            role("column 1", Role::Question),
            role("column 3", Role::Option(1)),
            role("column 2", Role::Option(0)),
            role("column 5", Role::Answer),
        ],
        ..Mapping::default()
    };
    let import = open_with("file", file.as_bytes(), &mapping).unwrap();
    assert_eq!(import.dataset.items.len(), 2);
    assert_eq!(import.dataset.items[0].options(), ["wait", "call"]);
}

#[test]
fn fields_within_fields_can_be_named() {
    let file = r#"[{"meta": {"stem": "Which?", "n": 1}, "alternatives": ["v", "w"], "right": "w", "stage": "x"}]"#;
    let guessed = roles(file);
    assert!(guessed.contains(&role("meta.stem", Role::Question)), "{guessed:?}");
    assert!(guessed.contains(&role("alternatives", Role::Options)), "{guessed:?}");
    let mapping = Mapping { roles: guessed, ..Mapping::default() };
    let import = open_with("file", file.as_bytes(), &mapping).unwrap();
    assert_eq!(
        import.dataset.items[0].choice(),
        Some(&Choice { options: vec!["v".into(), "w".into()], answer: 1 })
    );
}

#[test]
fn the_kind_that_a_person_names_counts() {
    let file = "stem,result,margin\nHow much?,12.5,10%\nAnd this?,\"1,200\",\n";
    let mut mapping = Mapping {
        roles: vec![
            role("stem", Role::Question),
            role("result", Role::Answer),
            role("margin", Role::Tolerance),
        ],
        kind: Some(KindRecord::Number),
        ..Mapping::default()
    };
    let import = open_with("file", file.as_bytes(), &mapping).unwrap();
    let Kind::Number(number) = &import.dataset.items[0].kind else { panic!("{import:?}") };
    assert!((number.low - 11.25).abs() < 1e-9 && (number.high - 13.75).abs() < 1e-9);
    let Kind::Number(number) = &import.dataset.items[1].kind else { panic!("{import:?}") };
    assert!((number.high - 1_200.0).abs() < 1e-9);
    mapping.kind = Some(KindRecord::Reference);
    let import = open_with("file", file.as_bytes(), &mapping).unwrap();
    assert!(matches!(import.dataset.items[0].kind, Kind::Reference(_)));
}

#[test]
fn a_mapping_can_be_kept_under_the_names_of_the_columns() {
    let columns = columns("file", GERMAN.as_bytes()).unwrap();
    let mapping = Mapping::guessed(&columns);
    let written = serde_json::to_string(&mapping).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&written).unwrap(), mapping);
    let mut reversed = columns.clone();
    reversed.reverse();
    assert_eq!(key_of(&columns), key_of(&reversed));
    assert_ne!(key_of(&columns), key_of(&columns[1..]));
}

#[test]
fn what_a_mapping_lacks_is_told() {
    assert!(Mapping::default().check().unwrap_err().contains("question"));
    let mapping = Mapping { roles: vec![role("a", Role::Question)], ..Mapping::default() };
    assert!(mapping.check().unwrap_err().contains("right answer"));
}

#[test]
fn options_in_one_text_are_divided() {
    let file = "pregunta;opciones;correcta\n¿Cuál?;uno|dos|tres;dos\n¿Quién?;\"a; b; c\";C\n¿Qué?;(A) x (B) y;B\n";
    let guessed = roles(file);
    assert!(guessed.contains(&role("opciones", Role::Options)), "{guessed:?}");
    let mapping = Mapping {
        roles: vec![
            role("pregunta", Role::Question),
            role("opciones", Role::Options),
            role("correcta", Role::Answer),
        ],
        ..Mapping::default()
    };
    let import = open_with("file", file.as_bytes(), &mapping).unwrap();
    assert!(import.refusals.is_empty(), "{:?}", import.refusals);
    let items = &import.dataset.items;
    assert_eq!(items[0].options(), ["uno", "dos", "tres"]);
    assert_eq!(items[1].options(), ["a", "b", "c"]);
    assert_eq!(items[2].options(), ["x", "y"]);
    let answers: Vec<_> = items.iter().map(|item| item.choice().unwrap().answer).collect();
    assert_eq!(answers, [1, 2, 1]);
}

#[test]
fn a_key_of_letters_is_the_answer_before_a_column_that_is_named_so() {
    let file = "What they ask;Left;Middle;Right side;Key no.\nWhich?;vein;wall;axis;2\nWhat?;vein;wall;axis;3\n";
    let guessed = roles(file);
    let expected = [
        role("What they ask", Role::Question),
        role("Left", Role::Option(0)),
        role("Middle", Role::Option(1)),
        role("Right side", Role::Option(2)),
        role("Key no.", Role::Answer),
    ];
    assert_eq!(guessed, expected);
}
