//! Owns the check that files of questions open as they should: the real benchmarks where they are present, and every trap that
//! files are known to hold.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use viva::dataset::{Choice, Error, Import, ItemRecord, open};

/// The bytes of a real file; `None`, said aloud, where it is not present.
fn real(name: &str) -> Option<Vec<u8>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("VIVA_SHARED_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not present", path.display());
    }
    bytes
}

fn opened(name: &str, bytes: &[u8]) -> Import {
    let import = open(name, bytes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(import.dataset.items.len() + import.refusals.len(), import.n_rows, "a row is lost");
    import
}

fn text(content: &str) -> Import {
    opened("file", content.as_bytes())
}

fn letter(import: &Import, id: &str) -> char {
    let item = import
        .dataset
        .items
        .iter()
        .find(|item| item.id.0 == id)
        .unwrap_or_else(|| panic!("no item {id}"));
    Choice::letter(item.choice().unwrap().answer)
}

fn letters(import: &Import) -> String {
    import.dataset.items.iter().map(|item| Choice::letter(item.choice().unwrap().answer)).collect()
}

fn tally(import: &Import) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for letter in letters(import).chars() {
        *counts.entry(letter).or_default() += 1;
    }
    counts
}

fn error(content: &[u8]) -> Error {
    open("file", content).unwrap_err()
}

// ------------------------------------------------------------------ the real files

/// Puts each item together again as its line of the file has it, and compares; gives the number of lines compared.
fn same_as_lines(import: &Import, bytes: &[u8]) -> usize {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = std::str::from_utf8(bytes)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let by_id: BTreeMap<String, Value> =
        lines.map(|line| (line["id"].as_str().unwrap().to_owned(), line)).collect();
    for item in &import.dataset.items {
        let line = &by_id[&item.id.0];
        let Choice { options, answer } = item.choice().unwrap();
        let mut whole = format!("{} Answer Choices:", item.question);
        for (idx, option) in options.iter().enumerate() {
            whole.extend([" (", &Choice::letter(idx).to_string(), ") ", option]);
        }
        assert_eq!(squeezed(&whole), squeezed(line["question"].as_str().unwrap()), "{}", item.id);
        assert_eq!(line["label"], json!([Choice::letter(*answer)]), "{}", item.id);
    }
    import.dataset.items.len()
}

#[test]
fn medqa_opens_with_all_1273_items() {
    let Some(bytes) = real("benchmarks/medqa-4-options-test.csv") else { return };
    let import = opened("medqa-4-options-test.csv", &bytes);
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (1_273, 0));
    assert_eq!(import.dataset.id, "medqa-4-options-test");
    assert_eq!(tally(&import), BTreeMap::from([('A', 353), ('B', 309), ('C', 346), ('D', 265)]));
    assert_eq!(letter(&import, "09760b02-a8cd-4832-95bc-5cc6f97fe2e5"), 'B');
    assert_eq!(letter(&import, "90ba595a-45f6-4080-bec0-59f853a10ab2"), 'D');
    let by_step = |step| import.dataset.items.iter().filter(|item| item.category == step).count();
    assert_eq!((by_step("step1"), by_step("step2&3")), (679, 594));

    // The file says each right answer a second time, in words.
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let column = reader.headers().unwrap().iter().position(|name| name == "answer_words").unwrap();
    for (record, item) in reader.records().zip(&import.dataset.items) {
        let words = record.unwrap()[column].trim().trim_end_matches("\n\"").to_owned();
        assert_eq!(item.options()[item.choice().unwrap().answer], words, "{}", item.id);
    }
}

#[test]
fn pubmedqa_opens_with_all_1000_items_and_its_official_split() {
    let Some(bytes) = real("benchmarks/pubmedqa-ori_pqal.json") else { return };
    let import = opened("pubmedqa-ori_pqal.json", &bytes);
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (1_000, 0));
    assert_eq!(tally(&import), BTreeMap::from([('A', 552), ('B', 338), ('C', 110)]));
    let first = &import.dataset.items[0];
    assert_eq!(
        (first.id.0.as_str(), first.context.len(), first.choice().unwrap().answer),
        ("21645374", 2, 0)
    );
    assert_eq!(first.options(), ["yes", "no", "maybe"]);
    assert!(
        import
            .dataset
            .items
            .iter()
            .all(|item| item.explanation.is_some() && !item.context.is_empty())
    );

    let Some(truth) = real("benchmarks/pubmedqa-test_ground_truth.json") else { return };
    let truth: BTreeMap<String, String> = serde_json::from_slice(&truth).unwrap();
    let [split] = import.dataset.splits.as_slice() else { panic!("{:?}", import.dataset.splits) };
    assert!(split.item_idxs.windows(2).all(|pair| pair[0] < pair[1]));
    let decoded: BTreeMap<String, String> = split
        .item_idxs
        .iter()
        .map(|idx| &import.dataset.items[*idx])
        .map(|item| (item.id.0.clone(), item.options()[item.choice().unwrap().answer].clone()))
        .collect();
    assert_eq!(decoded, truth);
    let count = |answer: &str| decoded.values().filter(|value| *value == answer).count();
    assert_eq!((decoded.len(), count("yes"), count("no"), count("maybe")), (500, 276, 169, 55));
}

#[test]
fn items_of_different_kinds_stay_in_the_order_of_the_file() {
    let talk = json!([{"role": "user", "content": "Q1"}]);
    let rows = [
        json!({"question": "Q0", "options": ["x", "y"], "answer": "A"}),
        json!({"prompt": talk, "rubrics": [{"criterion": "c", "points": 1}]}),
        json!({"question": "Q2", "reference": "r"}),
    ];
    let import = text(&rows.map(|row| format!("{row}\n")).concat());
    let questions: Vec<&str> =
        import.dataset.items.iter().map(|item| item.question.as_str()).collect();
    assert_eq!(questions, ["Q0", "Q1", "Q2"]);
}

#[test]
fn pubmedqas_list_of_answers_is_told_from_questions() {
    let told = error(br#"{"12377809": "yes", "26163474": "no", "19100463": "maybe"}"#).to_string();
    assert!(told.contains("answers without the questions, 3 of yes, no and maybe"), "{told}");
    let Some(truth) = real("benchmarks/pubmedqa-test_ground_truth.json") else { return };
    assert!(error(&truth).to_string().contains("500 of yes, no and maybe"));
}

#[test]
fn pubmedqa_with_an_item_missing_offers_no_split_and_says_so() {
    let Some(bytes) = real("benchmarks/pubmedqa-ori_pqal.json") else { return };
    let mut map: serde_json::Map<String, Value> = serde_json::from_slice(&bytes).unwrap();
    map.remove("21645374");
    let import = opened("part.json", &serde_json::to_vec(&map).unwrap());
    assert_eq!((import.dataset.items.len(), import.dataset.splits.len()), (999, 0));
    assert!(
        import.notices.iter().any(|notice| notice.contains("official test split")),
        "{:?}",
        import.notices
    );
}

#[test]
fn medxpertqa_opens_with_ten_options_and_without_them_in_the_question() {
    let Some(bytes) = real("benchmarks/medxpertqa-sampled-text.jsonl") else { return };
    let import = opened("medxpertqa-sampled-text.jsonl", &bytes);
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (244, 0));
    assert!(import.dataset.items.iter().all(|item| item.options().len() == 10));
    assert!(import.dataset.items.iter().all(|item| !item.question.contains("Answer Choices")));
    assert_eq!(letter(&import, "Text-20"), 'J');
    assert_eq!(same_as_lines(&import, &bytes), 244);
    let expected = [
        ('A', 27),
        ('B', 21),
        ('C', 17),
        ('D', 31),
        ('E', 30),
        ('F', 19),
        ('G', 22),
        ('H', 20),
        ('I', 26),
        ('J', 31),
    ];
    assert_eq!(tally(&import), BTreeMap::from(expected));
}

#[test]
fn medmcqa_opens_but_for_four_items_with_two_right_letters() {
    let Some(bytes) = real("benchmarks/medmcqa-validation-inlined.jsonl") else { return };
    let import = opened("medmcqa-validation-inlined.jsonl", &bytes);
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (4_179, 4));
    let lines: Vec<_> = import.refusals.iter().map(|refusal| refusal.line.unwrap()).collect();
    assert_eq!(lines, [989, 1_342, 1_407, 2_734]);
    for refusal in &import.refusals {
        eprintln!("line {}: {} {}", refusal.line.unwrap(), refusal.field, refusal.reason);
        assert!(refusal.reason.contains("two letters are right"));
    }
    assert_eq!(
        tally(&import),
        BTreeMap::from([('A', 1_347), ('B', 1_084), ('C', 925), ('D', 823)])
    );
    assert!(import.dataset.items.iter().all(|item| item.options().len() == 4));
    assert_eq!(same_as_lines(&import, &bytes), 4_179);
    assert_eq!(letter(&import, "45258d3d-b974-44dd-a161-c3fccbdadd88"), 'A');
    assert_eq!(letter(&import, "b64a9cd7-d076-4c55-8be1-f9c44fece6cc"), 'C');
    // Line 3874 names options A and C in its option D.
    assert!(import.dataset.items.iter().any(|item| item.options()[3] == "Both (A) & (C)"));
    let pharmacology =
        import.dataset.items.iter().filter(|item| item.category == "Pharmacology").count();
    assert_eq!(pharmacology, 243);
}

#[test]
fn answers_of_models_are_not_taken_for_questions() {
    for name in ["gpt-4o", "claude-3-5-sonnet", "llama-3-70b", "openbiollm-70b"] {
        let Some(bytes) = real(&format!("medqa-per-item/{name}.csv")) else { return };
        assert!(matches!(open(name, &bytes), Err(Error::IsAnswers { .. })));
    }
    let Some(bytes) = real("interop/inspect-log_formats.json") else { return };
    assert!(matches!(open("log", &bytes), Err(Error::IsAnswers { .. })));
    let Some(bytes) = real("interop/inspect-log_formats.eval") else { return };
    assert!(matches!(open("log", &bytes), Err(Error::IsAnswers { .. })));
}

// ------------------------------------------------------------------ shapes

#[test]
fn published_shapes_give_the_same_two_items() {
    let shapes = [
        // Lists with a letter, an index, a text; maps; columns.
        r#"[{"question":"Q1","options":["v","w","x","y"],"answer":"B"},{"question":"Q2","options":["v","w","x","y"],"answer":"D"}]"#,
        r#"[{"question":"Q1","subject":"anatomy","choices":["v","w","x","y"],"answer":1},{"question":"Q2","subject":"anatomy","choices":["w","v","x","y"],"answer":3},{"question":"Q3","choices":["v","w"],"answer":0}]"#,
        r#"{"question":"Q1","answer":"w","options":{"A":"v","B":"w","C":"x","D":"y"},"meta_info":"step1","answer_idx":"B"}
{"question":"Q2","answer":"y","options":{"A":"v","B":"w","C":"x","D":"y"},"meta_info":"step1","answer_idx":"D"}"#,
        r#"{"id":"1","sent1":"Q1","sent2":"","ending0":"v","ending1":"w","ending2":"x","ending3":"y","label":1}
{"id":"2","sent1":"Q2","sent2":"","ending0":"v","ending1":"w","ending2":"x","ending3":"y","label":3}
{"id":"3","sent1":"Q3","sent2":"","ending0":"v","ending1":"w","ending2":"x","ending3":"y","label":0}"#,
        r#"{"question":"Q1","opa":"v","opb":"w","opc":"x","opd":"y","cop":2,"exp":null,"choice_type":"single"}
{"question":"Q2","opa":"v","opb":"w","opc":"x","opd":"y","cop":4,"exp":null,"choice_type":"single"}"#,
        r#"{"question":"Q1","op1":"v","op2":"w","op3":"x","op4":"y","cop":2}
{"question":"Q2","op1":"v","op2":"w","op3":"x","op4":"y","cop":4}"#,
        r#"{"question_id":70,"question":"Q1","options":["v","w","x","y"],"answer":"B","answer_index":1,"category":"health"}
{"question_id":71,"question":"Q2","options":["v","w","x","y"],"answer":"D","answer_index":3,"category":"health"}"#,
        r#"{"question":"Q1\nAnswer Choices: (A) v (B) w (C) x (D) y","label":"B"}
{"question":"Q2\nAnswer Choices: (A) v (B) w (C) x (D) y","label":["D"]}"#,
        r#"{"question":{"0":"Q1","1":"Q2"},"opa":{"0":"v","1":"v"},"opb":{"0":"w","1":"w"},"opc":{"0":"x","1":"x"},"opd":{"0":"y","1":"y"},"answer_idx":{"0":"B","1":"D"}}"#,
        r#"{"features":[{"feature_idx":0,"name":"question"}],"rows":[{"row_idx":0,"row":{"question":"Q1","choices":["v","w","x","y"],"answer":1},"truncated_cells":[]},{"row_idx":1,"row":{"question":"Q2","choices":["v","w","x","y"],"answer":3},"truncated_cells":[]},{"row_idx":2,"row":{"question":"Q2","choices":["v","w","x","y"],"answer":0},"truncated_cells":["question"]},{"row_idx":3,"row":{"question":"Q3","choices":["v","w","x","y"],"answer":0},"truncated_cells":[]}],"num_rows_total":4}"#,
        r#"{"data":[{"question":"Q1","choices":{"text":["v","w","x","y"],"label":["A","B","C","D"]},"answerKey":"B"},{"question":"Q2","choices":{"text":["v","w","x","y"],"label":["1","2","3","4"]},"answerKey":"4"}]}"#,
        ",Question,A,B,C,D,Answer,Subject\n0,Q1,v,w,x,y,B,anatomy\n1,Q2,v,w,x,y,D,anatomy\n",
        "case_vignette;choice_1;choice_2;choice_3;choice_4;answer\r\nQ1;v;w;x;y;w\r\nQ2;v;w;x;y;y\r\n",
        "question\toptions\tcorrect_answer\nQ1\t{'A': 'v', 'B': 'w', 'C': 'x', 'D': 'y'}\tB\nQ2\t['v' 'w' 'x' 'y']\tD\n",
        "sample_id,question,answer_options,correct_answer\n1,Q1,\"{\"\"option1\"\": \"\"v\"\", \"\"option2\"\": \"\"w\"\", \"\"option3\"\": \"\"x\"\", \"\"option4\"\": \"\"y\"\", \"\"option5\"\": null}\",option2\n2,Q2,\"{\"\"option1\"\": \"\"v\"\", \"\"option2\"\": \"\"w\"\", \"\"option3\"\": \"\"x\"\", \"\"option4\"\": \"\"y\"\", \"\"option5\"\": null}\",option4\n",
    ];
    for shape in shapes {
        let import = text(shape);
        let items = &import.dataset.items;
        assert!(items.len() >= 2, "{shape}\n{import:?}");
        assert_eq!(
            (items[0].question.as_str(), items[1].question.as_str()),
            ("Q1", "Q2"),
            "{shape}"
        );
        assert!(letters(&import).starts_with("BD"), "{shape}\n{import:?}");
        assert_eq!(items[0].options(), ["v", "w", "x", "y"], "{shape}");
    }
}

#[test]
fn rows_that_a_server_cut_short_are_refused() {
    let import = text(
        r#"{"rows":[{"row_idx":0,"row":{"id":"a","question":"Q","choices":["v","w"],"answer":0},"truncated_cells":["question"]}]}"#,
    );
    assert_eq!(import.refusals[0].item.as_deref(), Some("a"));
    assert_eq!(import.refusals[0].field, "truncated_cells");
}

#[test]
fn numbers_that_do_not_show_where_they_start_are_told() {
    let row = |id: u8, cop: u8| {
        format!(
            r#"{{"id":"{id}","question":"Q{id}","opa":"v","opb":"w","opc":"x","opd":"y","cop":{cop}}}"#
        )
    };
    let file =
        |cops: &[u8]| (1..).zip(cops).map(|(id, cop)| row(id, *cop)).collect::<Vec<_>>().join("\n");
    assert_eq!(letters(&text(&file(&[0, 1, 3]))), "ABD");
    assert_eq!(letters(&text(&file(&[1, 2, 4]))), "ABD");
    let unclear = text(&file(&[1, 2]));
    assert_eq!(letters(&unclear), "BC");
    assert!(
        unclear.notices.iter().any(|notice| notice.contains("check one")),
        "{:?}",
        unclear.notices
    );
}

#[test]
fn sets_without_labels_are_refused_row_by_row() {
    let import = text(
        "{\"question\":\"Q1\",\"opa\":\"v\",\"opb\":\"w\",\"cop\":-1}\n{\"question\":\"Q2\",\"opa\":\"v\",\"opb\":\"w\",\"cop\":-1}",
    );
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (0, 2));
    assert!(import.refusals[0].reason.contains("no right answer"));
}

#[test]
fn an_answer_that_contradicts_itself_is_refused() {
    let import = text(
        r#"[{"id":"x","question":"Q","options":["one","two"],"answer_idx":"A","answer":"two"}]"#,
    );
    assert_eq!(import.refusals[0].field, "answer");
    assert!(
        import.refusals[0].reason.contains("option B, but answer_idx says A"),
        "{:?}",
        import.refusals
    );
}

// ------------------------------------------------------------------ packs

fn pack(items: &str) -> String {
    format!(
        r#"{{"schema":"viva-pack/1","id":"p","title":"P","version":"1.2.3","language":"de","licence":"CC0","description":"d","items":[{items}]}}"#
    )
}

const GOOD: &str =
    r#"{"id":"a","kind":"single_choice","question":"Q","options":["v","w"],"answer":"B"}"#;

#[test]
fn a_pack_is_read_with_what_it_says_of_itself() {
    let import = text(&pack(GOOD));
    let dataset = &import.dataset;
    let told = [&dataset.id, &dataset.title, &dataset.version, &dataset.language, &dataset.licence];
    assert_eq!(told, ["p", "P", "1.2.3", "de", "CC0"]);
    assert_eq!(letters(&import), "B");
    assert!(import.notices.is_empty(), "{:?}", import.notices);
}

#[test]
fn wrong_items_of_a_pack_are_refused_one_by_one_with_their_field() {
    let wrong = [
        (
            "explaination",
            r#"{"id":"b","kind":"single_choice","question":"Q2","options":["v","w"],"answer":"B","explaination":"x"}"#,
        ),
        (
            "answer",
            r#"{"id":"c","kind":"single_choice","question":"Q3","options":["v","w"],"answer":"C"}"#,
        ),
        ("question", r#"{"id":"d","kind":"single_choice","options":["v","w"],"answer":"A"}"#),
        ("JSON", r#"{"id":"e","kind" "single_choice"}"#),
        ("id", GOOD),
    ];
    let items: Vec<_> = std::iter::once(GOOD).chain(wrong.iter().map(|(_, item)| *item)).collect();
    let import = text(&pack(&items.join(",\n")));
    let fields: Vec<_> = import
        .refusals
        .iter()
        .map(|refusal| (refusal.line.unwrap(), refusal.field.as_str()))
        .collect();
    let expected: Vec<_> = (2..).zip(wrong.iter().map(|(field, _)| *field)).collect();
    assert_eq!(fields, expected);
    assert_eq!(import.dataset.items.len(), 1);
}

#[test]
fn packs_of_another_form_and_exports_are_told_apart() {
    assert!(matches!(error(br#"{"schema":"viva-pack/2","items":[]}"#), Error::UnknownPack { .. }));
    assert!(matches!(error(br#"{"schema":"viva-run/1","items":[]}"#), Error::IsAnswers { .. }));
    assert!(matches!(error(pack("").as_bytes()), Error::NotQuestions { .. }));
}

#[test]
fn a_pack_that_is_cut_off_is_read_up_to_there() {
    let whole =
        pack(&format!("{GOOD},{}", GOOD.replace("\"a\"", "\"b\"").replace("\"Q\"", "\"Q2\"")));
    let import = text(&whole[..whole.len() - 20]);
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (1, 1));
}

// ------------------------------------------------------------------ traps

const CSV: &str = "id,question,A,B,answer\r\n1,\"first\r\nline\",v,w,A\r\n\r\n2,,v,w,B\r\n3,Q3,v,w,B\r\n4,Q4,v,w,x,y\r\n5,Q5,v,w,F\r\n";

#[test]
fn records_of_several_lines_crlf_and_blank_lines_keep_the_line_numbers_right() {
    let import = text(CSV);
    assert_eq!(letters(&import), "AB");
    let refused: Vec<_> = import
        .refusals
        .iter()
        .map(|refusal| {
            (refusal.line.unwrap(), refusal.item.as_deref().unwrap(), refusal.field.as_str())
        })
        .collect();
    assert_eq!(refused, [(5, "2", "question"), (7, "4", "CSV"), (8, "5", "answer")]);
    assert_eq!(import.dataset.items[0].question, "first\r\nline");

    let import = text(&CSV.replace("\r\n", "\n"));
    assert_eq!(
        import.refusals.iter().map(|refusal| refusal.line.unwrap()).collect::<Vec<_>>(),
        [5, 7, 8]
    );
}

#[test]
fn every_encoding_gives_the_same_items() {
    let plain = "id,question,A,B,answer\n1,38 °C – Ménière?,v,w,A\n";
    let utf_16 = |unit: fn(u16) -> [u8; 2]| {
        std::iter::once(0xfeff).chain(plain.encode_utf16()).flat_map(unit).collect::<Vec<u8>>()
    };
    let windows: Vec<u8> = plain
        .chars()
        .map(|char| if char == '–' { 0x96 } else { u8::try_from(u32::from(char)).unwrap() })
        .collect();
    let marked = [b"\xef\xbb\xbf", plain.as_bytes()].concat();
    let expected = text(plain).dataset;
    for bytes in [
        marked,
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
        windows,
        plain.replace('\n', "\r").into_bytes(),
    ] {
        assert_eq!(opened("file", &bytes).dataset, expected);
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_names_the_lines_that_it_swallows() {
    let import = text("id,question,A,B,answer\n1,Q1,v,w,A\n2,\"Q2,v,w,B\n3,Q3,v,w,A\n4,Q4,v,w,A\n");
    assert_eq!((import.dataset.items.len(), import.refusals.len()), (1, 1));
    assert!(import.refusals[0].reason.contains("lines 3 to 5"), "{:?}", import.refusals);
}

#[test]
fn broken_lines_of_json_lines_cost_themselves_only() {
    let good = |id: &str| {
        format!(r#"{{"id":"{id}","question":"Q{id}","options":["v","w"],"answer":"A"}}"#)
    };
    let file = format!(
        "\u{feff}{}\r\n\r\n{{\"id\":\"2\",\"question\n[]\n42\n{}\r\nthe end",
        good("1"),
        good("6")
    );
    let import = text(&file);
    assert_eq!(
        import.dataset.items.iter().map(|item| item.id.0.as_str()).collect::<Vec<_>>(),
        ["1", "6"]
    );
    let refused: Vec<_> = import
        .refusals
        .iter()
        .map(|refusal| (refusal.line.unwrap(), refusal.item.clone().unwrap()))
        .collect();
    let expected =
        [(3, "#2"), (4, "#3"), (5, "#4"), (7, "#6")].map(|(line, item)| (line, item.to_owned()));
    assert_eq!(refused, expected);
    // A first line that is broken does not hide the rest, nor do commas at the ends of lines.
    assert_eq!(
        text(&format!("{{\"id\":\"2\",\"quest\n{}\n{}", good("1"), good("3"))).dataset.items.len(),
        2
    );
    assert_eq!(text(&format!("{},\n{},\n", good("1"), good("3"))).dataset.items.len(), 2);
}

#[test]
fn broken_elements_of_a_list_cost_themselves_only() {
    let good = |id: &str| {
        format!(r#"{{"id":"{id}","question":"Q{id}","options":["v","w"],"answer":"A"}}"#)
    };
    let import = text(&format!(
        "[\n{},\n{{\"id\" \"2\"}},\n{},\n7,\n{}] and more",
        good("1"),
        good("3"),
        good("5")
    ));
    assert_eq!(import.dataset.items.len(), 3);
    assert_eq!(
        import.refusals.iter().map(|refusal| refusal.line.unwrap()).collect::<Vec<_>>(),
        [3, 5, 6]
    );
    let cut_off = text(&format!("[{},\n{},\n{{\"id\":\"3\",\"ques", good("1"), good("2")));
    assert_eq!((cut_off.dataset.items.len(), cut_off.refusals[0].line), (2, Some(3)));
    let unclosed = text(&format!("[{}", good("1")));
    assert!(unclosed.notices.iter().any(|notice| notice.contains("cut off")));
}

#[test]
fn lone_surrogates_cost_their_row_only() {
    let import = text(
        "[{\"question\":\"\\ud800\",\"options\":[\"v\",\"w\"],\"answer\":\"A\"},{\"question\":\"Q\",\"options\":[\"v\",\"w\"],\"answer\":\"A\"}]",
    );
    assert_eq!((import.dataset.items.len(), import.refusals[0].field.as_str()), (1, "JSON"));
}

#[test]
fn ids_that_come_twice_are_refused_or_renamed_and_told() {
    let import = text(
        "id,question,A,B,answer\nx,Q1,v,w,A\nx,Q1,v,w,A\nx,Q1,v,w,B\nx,Q2,v,w,A\nx#2,Q3,v,w,A\nx,Q4,v,w,A\n",
    );
    let ids: Vec<_> = import.dataset.items.iter().map(|item| item.id.0.as_str()).collect();
    assert_eq!(ids, ["x", "x#2", "x#2#2", "x#3"]);
    let reasons: Vec<_> = import
        .refusals
        .iter()
        .map(|refusal| (refusal.line.unwrap(), refusal.field.as_str(), refusal.reason.as_str()))
        .collect();
    assert_eq!(reasons[0], (3, "id", "the same item stands on line 2 under this id and was kept"));
    assert!(reasons[1].2.contains("another answer"), "{reasons:?}");
    assert!(
        import.notices.iter().any(|notice| notice.contains("3 items") && notice.contains("x#2")),
        "{:?}",
        import.notices
    );
}

#[test]
fn many_items_with_one_id_take_no_quadratic_time() {
    let rows: String =
        (0..20_000).map(|idx| format!("x,Q{idx},v,w,A\n")).collect::<Vec<_>>().concat();
    assert_eq!(text(&format!("id,question,A,B,answer\n{rows}")).dataset.items.len(), 20_000);
}

#[test]
fn from_two_to_twenty_six_options_are_read_and_no_more() {
    let row = |n: usize| {
        json!([{ "question": "Q", "options": (0..n).map(|idx| format!("text {idx}")).collect::<Vec<_>>(), "answer": "A" }]).to_string()
    };
    assert_eq!(text(&row(10)).dataset.items[0].options().len(), 10);
    assert_eq!(text(&row(26)).dataset.items[0].options().len(), 26);
    for n in [0, 1, 27] {
        assert_eq!(text(&row(n)).refusals.len(), 1, "{n}");
    }
}

#[test]
fn what_is_no_file_of_questions_is_refused_with_what_to_do() {
    for (content, expected) in [
        ("", "empty"),
        ("name,age\nx,3\n", "no column for the question"),
        ("just some prose. And more", "no column for the question"),
        (r#"{"a":1,"b":[1,2]}"#, "keys a, b"),
        (r#"{"12377809":"yes"}"#, "right answers without the questions"),
        ("[]", "no rows"),
        ("question,A,B,answer\n", "no rows"),
    ] {
        let message = error(content.as_bytes()).to_string();
        assert!(message.contains(expected), "{content}: {message}");
    }
    assert!(matches!(error(b"PK\x03\x04"), Error::Broken { .. }));
    assert!(matches!(error(b"%PDF-1.7"), Error::Binary { .. }));
    assert!(matches!(error(b"id,preds,outputs,correct,question\n"), Error::IsAnswers { .. }));
    assert!(matches!(
        error(br#"[{"id":"1","question":"Q","preds":"A","correct":true}]"#),
        Error::IsAnswers { .. }
    ));
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let deep = "[".repeat(200_000);
    assert!(!text(&deep).refusals.is_empty());
    assert!(
        open("file", format!("{{\"question\":{deep}").as_bytes())
            .is_ok_and(|import| import.dataset.items.is_empty())
    );
    let cell = format!("question,options,answer\nQ,{},A\n", "[".repeat(200_000));
    assert_eq!(text(&cell).refusals.len(), 1);
}

// ------------------------------------------------------------------ properties

/// Rows of many kinds, good and bad, as JSON objects.
fn rows() -> impl Strategy<Value = Vec<Value>> {
    let row = (
        "[a-c]",
        "[ -~µ\n\"',]{0,12}",
        prop::collection::vec("[ -~µ\n\"']{0,6}", 0..6),
        -1_i64..7,
        0_u8..6,
    );
    prop::collection::vec(row, 1..8).prop_map(|rows| {
        let value = |(id, question, options, answer, shape): (String, String, Vec<String>, i64, u8)| match shape {
            0 => json!({"id": id, "question": question, "options": options, "answer": answer}),
            1 => json!({"id": id, "question": question, "choices": options, "label": ["A"]}),
            2 => json!({"question": question, "opa": options.first(), "opb": options.get(1), "cop": answer}),
            3 => json!({"id": id, "QUESTION": question, "CONTEXTS": options, "final_decision": "maybe"}),
            4 => json!({"id": id, "question": format!("{question}\nAnswer Choices: (A) {} (B) x", options.join(" ")), "label": "B"}),
            _ => json!({"id": id, "question": question, "options": options, "answer": options.last()}),
        };
        rows.into_iter().map(value).collect()
    })
}

fn is_accounted_for(bytes: &[u8]) -> Result<Option<Import>, TestCaseError> {
    let Ok(import) = open("file", bytes) else { return Ok(None) };
    prop_assert_eq!(import.dataset.items.len() + import.refusals.len(), import.n_rows);
    let mut ids: Vec<_> = import.dataset.items.iter().map(|item| &item.id.0).collect();
    ids.sort();
    ids.dedup();
    prop_assert_eq!(ids.len(), import.dataset.items.len(), "ids are unique");
    for item in &import.dataset.items {
        // What was read can be written and read again.
        let again = viva::dataset::Item::try_from(ItemRecord::from(item));
        prop_assert_eq!(again.as_ref(), Ok(item));
    }
    let lines: Vec<_> = import.refusals.iter().filter_map(|refusal| refusal.line).collect();
    prop_assert!(lines.windows(2).all(|pair| pair[0] <= pair[1]));
    Ok(Some(import))
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        is_accounted_for(&bytes)?;
    }

    #[test]
    fn every_row_of_a_list_is_accounted_for(rows in rows()) {
        let import = is_accounted_for(serde_json::to_string_pretty(&rows).unwrap().as_bytes())?;
        prop_assert_eq!(import.unwrap().n_rows, rows.len());
    }

    #[test]
    fn every_line_of_json_lines_is_accounted_for(rows in rows()) {
        let text = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        let import = is_accounted_for(text.as_bytes())?;
        prop_assert_eq!(import.unwrap().n_rows, rows.len());
    }

    #[test]
    fn every_record_of_a_table_is_accounted_for(rows in prop::collection::vec(("[a-c]", "[ -~µ\r\n\"']{0,20}", "[ -~\n\"']{1,6}", "[A-F]"), 1..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "question", "A", "B", "answer"]).unwrap();
        for (id, question, option, answer) in &rows {
            writer.write_record([id, question, option, "other", answer]).unwrap();
        }
        let import = is_accounted_for(&writer.into_inner().unwrap())?;
        prop_assert_eq!(import.unwrap().n_rows, rows.len());
    }

    #[test]
    fn damaged_files_never_panic_and_account_for_their_rows(
        rows in rows(),
        is_lines: bool,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..6),
    ) {
        let mut bytes = if is_lines {
            rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n").into_bytes()
        } else {
            serde_json::to_vec_pretty(&rows).unwrap()
        };
        for (place, byte, what) in damage {
            let at = place.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        is_accounted_for(&bytes)?;
    }

    #[test]
    fn damaged_tables_never_panic_and_account_for_their_rows(
        damage in prop::collection::vec((any::<prop::sample::Index>(), "[\",\n\r';\t{}\\[\\]x]"), 1..8),
    ) {
        let mut text = CSV.to_owned();
        for (place, piece) in damage {
            text.insert_str(place.index(text.len()), &piece);
        }
        is_accounted_for(text.as_bytes())?;
    }
}

/// Share of a real file's items that the check for personal details takes for a person's. Its texts are exam questions and
/// abstracts, so each is a false alarm.
#[test]
fn real_questions_are_not_taken_for_somebodys_details() {
    let files = [
        "benchmarks/medmcqa-validation-inlined.jsonl",
        "benchmarks/medqa-4-options-test.csv",
        "benchmarks/medxpertqa-sampled-text.jsonl",
        "benchmarks/pubmedqa-ori_pqal.json",
    ];
    for name in files {
        let Some(bytes) = real(name) else { continue };
        let import = opened(name, &bytes);
        let n_items = import.dataset.items.len();
        let mut n_alarms = 0;
        for item in &import.dataset.items {
            let text = item.sent_text();
            let found = viva::text::identifiers::find(&text);
            n_alarms += usize::from(!found.is_empty());
            for finding in found {
                eprintln!("{name} {}: {:?} “{}”", item.id.0, finding.kind, &text[finding.range]);
            }
        }
        eprintln!("{name}: {n_alarms} of {n_items}");
        assert!(n_alarms * 100 < n_items, "{name}: {n_alarms} false alarms in {n_items} items");
    }
}
