//! Owns the check that files of every format open to the items that were put into them; how they were made is told in
//! `tests/data/files/README.md`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::path::Path;

use viva::dataset::{Choice, Import, Item, Kind, Mapping, columns, open, open_with};

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/files");
    std::fs::read(folder.join(name)).unwrap()
}

fn opened(name: &str) -> Import {
    let import = open(name, &bytes(name)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(import.dataset.items.len() + import.refusals.len(), import.n_rows, "a row is lost");
    import
}

fn answers(import: &Import) -> Vec<usize> {
    import.dataset.items.iter().map(|item| item.choice().unwrap().answer).collect()
}

fn in_turn(n: usize) -> Vec<usize> {
    (0..n).map(|idx| idx % 4).collect()
}

fn is_as_made(item: &Item, n: usize) {
    assert_eq!(item.question, format!("Which letter has the number {n}?"));
    assert_eq!(item.options(), ["alpha", "beta", "gamma", "delta"]);
}

#[test]
fn parquet_opens_in_every_packing_encoding_and_form_of_page() {
    for name in [
        "snappy-v1.parquet",
        "zstd-v2.parquet",
        "gzip-plain.parquet",
        "none-nested.parquet",
        "none-v2.parquet",
        "columns.parquet",
        "lz4-other.parquet",
    ] {
        let import = opened(name);
        assert!(import.refusals.is_empty(), "{name}: {:?}", import.refusals);
        assert_eq!(answers(&import), in_turn(12), "{name}");
        for (item, n) in import.dataset.items.iter().zip(0..) {
            is_as_made(item, n);
        }
        if !["none-nested.parquet", "columns.parquet", "lz4-other.parquet"].contains(&name) {
            let categories: Vec<&str> =
                import.dataset.items.iter().map(|item| item.category.as_str()).collect();
            assert_eq!(categories[..3], ["", "letters", ""], "{name}");
            assert!(
                import.notices.iter().any(|notice| notice.contains("checked, day, score")),
                "{:?}",
                import.notices
            );
        }
    }
}

#[test]
fn conversations_with_rubrics_come_out_of_parquet_whole() {
    let import = opened("talk.parquet");
    let [first, second] = import.dataset.items.as_slice() else { panic!("{import:?}") };
    assert_eq!(
        (first.turns.len(), first.question.as_str(), first.category.as_str()),
        (2, "Which?", "hedging")
    );
    let Kind::Rubric(rubric) = &first.kind else { panic!("{first:?}") };
    assert_eq!(
        (rubric.criteria.len(), rubric.criteria[0].tags.len(), rubric.criteria[1].points),
        (2, 1, -3)
    );
    assert_eq!((second.turns.len(), second.question.as_str()), (0, "Alone."));
}

#[test]
fn the_sheet_with_the_questions_is_found_in_a_workbook() {
    let import = opened("book.xlsx");
    assert!(import.refusals.is_empty(), "{:?}", import.refusals);
    assert_eq!(answers(&import), in_turn(12));
    assert!(
        import
            .notices
            .iter()
            .any(|notice| notice.contains("Questions was read; not read: Notes, More")),
        "{:?}",
        import.notices
    );
    assert_eq!(import.dataset.items[1].options(), ["0.3", "7", "2024-02-15 12:30:00", "delta"]);
    assert_eq!(import.dataset.items[11].id.0, "11");
}

#[test]
fn archives_open_file_by_file() {
    assert_eq!(answers(&opened("rows.jsonl.gz")), in_turn(12));
    assert_eq!(opened("rows.jsonl.gz").dataset.id, "rows");
    let import = opened("several.zip");
    // Six, two of three, one of two that is not there yet, and the workbook.
    assert_eq!(
        import.dataset.splits.iter().map(|split| split.item_idxs.len()).collect::<Vec<_>>(),
        [6, 2, 1, 12]
    );
    assert_eq!(import.dataset.splits[1].name, "set/second.csv");
    let renamed = &import.dataset.items[6];
    assert_eq!((renamed.id.0.as_str(), renamed.question.as_str()), ("second:q1", "Another?"));
    let told: Vec<&str> = import.refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
    assert_eq!(told[0], "is empty (in set/second.csv)");
    assert!(told[1].contains("earlier file"), "{told:?}");
    let left =
        import.notices.iter().find(|notice| notice.contains("not read: README.txt")).unwrap();
    assert!(
        left.contains("nested.zip (it is a ZIP within a ZIP") && !left.contains("MACOSX"),
        "{left}"
    );
}

#[test]
fn a_mapping_opens_files_of_every_format() {
    for name in ["snappy-v1.parquet", "book.xlsx", "rows.jsonl.gz"] {
        let mapping = Mapping::guessed(&columns(name, &bytes(name)).unwrap());
        let import = open_with(name, &bytes(name), &mapping).unwrap();
        assert_eq!(answers(&import), in_turn(12), "{name}: {mapping:?}");
    }
}

#[test]
fn mmlu_without_a_header_opens() {
    let text = "\"What, then?\",v,w,x,y,B\nAnd this?,v,w,x,y,D\n";
    let import = open("anatomy_test.csv", text.as_bytes()).unwrap();
    assert_eq!(answers(&import), [1, 3]);
    assert_eq!(import.dataset.items[0].question, "What, then?");
    assert_eq!(import.dataset.items[0].options(), ["v", "w", "x", "y"]);
    let import = open("x.csv", b"Q1?,v,w,A\nQ2?,v,w,B\n").unwrap();
    assert_eq!(answers(&import), [0, 1]);
}

#[test]
fn damaged_files_are_refused_with_what_is_wrong() {
    let whole = bytes("snappy-v1.parquet");
    let told = |bytes: &[u8]| open("file", bytes).unwrap_err().to_string();
    assert!(told(&whole[..whole.len() - 9]).contains("cut off"));
    let book = bytes("book.xlsx");
    assert!(told(&book[..book.len() - 30]).contains("directory is missing"));
    let mut zip = bytes("bomb.zip");
    zip[100] ^= 0xff;
    assert!(told(&zip).contains("its packed data is"), "{}", told(&zip));
}

// ------------------------------------------------------------------ kinds

fn kinds(text: &str) -> Vec<Kind> {
    let import = open("file", text.as_bytes()).unwrap();
    assert!(import.refusals.is_empty(), "{:?}", import.refusals);
    import.dataset.items.into_iter().map(|item| item.kind).collect()
}

#[test]
fn several_right_options_are_read_however_they_are_written() {
    for answer in
        [r#"["A","C"]"#, "[0,2]", r#""A, C""#, r#""AC""#, r#""A and C""#, r#""['v', 'x']""#]
    {
        let text = format!(
            r#"[{{"question":"Q1","options":["v","w","x"],"answer":{answer}}},{{"question":"Q2","options":["v","w","x"],"answer":["C"]}}]"#
        );
        let kinds = kinds(&text);
        let Kind::Choices(choices) = &kinds[0] else { panic!("{answer}: {kinds:?}") };
        assert_eq!(choices.answers, [0, 2], "{answer}");
        assert!(matches!(&kinds[1], Kind::Choices(choices) if choices.answers == [2]));
    }
    let one = kinds(r#"[{"question":"Q","options":["v","w"],"label":["B"]}]"#);
    assert_eq!(one, [Kind::Choice(Choice { options: vec!["v".into(), "w".into()], answer: 1 })]);
}

#[test]
fn numbers_have_bounds_a_tolerance_or_neither() {
    let bounds = |text: &str| {
        let Kind::Number(number) = &kinds(text)[0] else { panic!("{text}") };
        (number.low, number.value, number.high, number.unit.clone())
    };
    assert_eq!(
        bounds("question,value,low,high,unit\nQ,5,4,6.5,mg\n"),
        (4.0, 5.0, 6.5, "mg".to_owned())
    );
    assert_eq!(bounds("question,answer,tolerance\nQ,50,10%\n"), (45.0, 50.0, 55.0, String::new()));
    assert_eq!(
        bounds(r#"{"question":"Q","answer":-4,"tolerance":0.5}"#),
        (-4.5, -4.0, -3.5, String::new())
    );
    assert_eq!(
        bounds(r#"{"question":"Q","kind":"number","number":{"value":3,"low":2}}"#),
        (2.0, 3.0, 3.0, String::new())
    );
    assert_eq!(
        bounds("question,answer\nQ,\"1,234.5\"\n"),
        (1_234.5, 1_234.5, 1_234.5, String::new())
    );
}

#[test]
fn short_texts_references_and_words_are_told_apart_by_the_file() {
    let accepted = |text: &str| {
        let Kind::ShortText(short) = kinds(text).remove(0) else { panic!("{text}") };
        short.accepted
    };
    assert_eq!(
        accepted(r#"{"question":"Q","accepted":["ASA","aspirin","ASA"]}"#),
        ["ASA", "aspirin"]
    );
    assert_eq!(
        accepted("question,answer,aliases\nQ,aspirin,ASA|acetylsalicylic acid\n"),
        ["aspirin", "ASA", "acetylsalicylic acid"]
    );
    assert_eq!(
        accepted(r#"{"question":"Q","answer":{"value":"Rome","aliases":["Roma"]}}"#),
        ["Rome", "Roma"]
    );
    assert_eq!(accepted("question,answer\nQ1,scurvy\nQ2,vitamin C\n"), ["scurvy"]);
    let long = "Scurvy is a disease that comes of a lack of vitamin C over many weeks.";
    assert!(
        matches!(&kinds(&format!("question,answer\nQ,{long}\n"))[0], Kind::Reference(reference) if reference.answer == long)
    );
    assert!(matches!(&kinds(r#"{"question":"Q","ideal":"Yes."}"#)[0], Kind::Reference(_)));
    let words = kinds("question,answer\nQ1,Yes\nQ2,no\nQ3,maybe\n");
    assert!(
        matches!(&words[2], Kind::Choice(choice) if choice.answer == 2 && choice.options.len() == 3)
    );
    assert!(matches!(&kinds(r#"[{"question":"Q","answer":true}]"#)[0], Kind::Choice(_)));
}

#[test]
fn a_row_without_options_among_rows_with_options_is_refused() {
    let import = open(
        "file",
        br#"[{"question":"Q1","options":["v","w"],"answer":"A"},{"question":"Q2","answer":"some text"},{"question":"Q3","answer":"B"}]"#,
    )
    .unwrap();
    assert_eq!(import.dataset.items.len(), 1);
    assert!(
        import.refusals.iter().all(|refusal| refusal.field == "options"),
        "{:?}",
        import.refusals
    );
}

#[test]
fn conversations_end_with_a_question_or_with_the_answer_to_it() {
    let text = r#"{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"},{"role":"assistant","content":"It is so."}]}"#;
    let import = open("file", text.as_bytes()).unwrap();
    let item = &import.dataset.items[0];
    assert_eq!(
        (item.turns.len(), item.question.as_str(), item.right_answer().as_str()),
        (1, "Q", "It is so.")
    );
    let text = r#"{"conversations":[{"from":"human","value":"Q"}],"reference":"It is so."}"#;
    assert_eq!(open("file", text.as_bytes()).unwrap().dataset.items[0].right_answer(), "It is so.");
    let text = r#"{"messages":[{"role":"user","content":"Q"}],"options":["v","w"],"answer":"B"}"#;
    assert_eq!(answers(&open("file", text.as_bytes()).unwrap()), [1]);
}
