//! Owns the tests that files open in the page to the exact items and answers: the real benchmarks, where they are present, and
//! files of every format and kind, made here or kept in `tests/data/files`.

#[path = "../../../../fuzz/src/wrap.rs"]
#[allow(unreachable_pub, dead_code, reason = "it is public in the package of the fuzz targets")]
mod wrap;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use viva_e2e::browser::{label, role};
use viva_e2e::place::{Scratch, shared_data, workspace};
use viva_e2e::{Error, Result, run};

use crate::{Stage, ensure};

// ------------------------------------------------------------------ the real benchmarks

/// Opens a file on the page of questions, has a rule that knows nothing answer `n` of them or of a part, and reads the questions out of
/// the run that is saved: those that were asked, with the answers that are held right.
async fn asked(file: &Path, facts: &str, n: &str, part: Option<&str>) -> Result<Vec<Value>> {
    let stage = Stage::new().await?;
    let viva = stage.viva.with_limit(std::time::Duration::from_mins(1));
    let page = &viva.page;
    viva.go("#/questions").await?;
    page.set_files("main input[type=file]", &[file]).await?;
    page.wait_text(facts).await?;
    if let Some(part) = part {
        let options = page.text(label("Part")).await?;
        let option = options.lines().find(|line| line.contains(part));
        let option = option.ok_or_else(|| Error::new(format!("no part {part}: {options}")))?;
        page.choose(label("Part"), option.trim()).await?;
    }
    // Of a large set, a sample is proposed.
    page.fill(label("How many"), &n.replace(',', "")).await?;
    page.press("Tab").await?;
    page.wait_text(&format!("{n} questions will be asked")).await?;
    viva.add_by_button("Add “Longest option”").await?;
    viva.start_run().await?;
    viva.wait_finished().await?;
    viva.see_results().await?;
    let save = page.click(role("button", "Save the run (JSON)"));
    let saved: Value = serde_json::from_str(&page.download(save).await?.text()?)?;
    stage.clean(&[])?;
    Ok(saved["plan"]["items"].as_array().cloned().unwrap_or_default())
}

/// What each item holds right, by its id: the letter, or with `in_words` the option.
fn right(items: &[Value], in_words: bool) -> BTreeMap<String, String> {
    let answer = |item: &Value| {
        let letter = item["answer"].as_str().unwrap_or_default();
        if !in_words {
            return letter.to_owned();
        }
        let idx = letter.bytes().next().map_or(usize::MAX, |letter| usize::from(letter - b'A'));
        item["options"][idx].as_str().unwrap_or_default().to_owned()
    };
    let id = |item: &Value| item["id"].as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (id(item), answer(item))).collect()
}

/// The path of a real file; `None`, said aloud, where it is not present.
fn real(name: &str) -> Option<PathBuf> {
    let found = shared_data(&format!("benchmarks/{name}"));
    if found.is_none() {
        eprintln!("skipped: {name} is not here");
    }
    found
}

#[test]
fn medqa_opens_to_the_1273_answers_of_its_file() {
    run(async {
        let Some(file) = real("medqa-4-options-test.csv") else { return Ok(()) };
        let items = asked(&file, "1,273 questions", "1,273", None).await?;
        let mut reader =
            csv::Reader::from_path(&file).map_err(|error| Error::new(error.to_string()))?;
        let told: BTreeMap<String, String> = reader
            .deserialize::<BTreeMap<String, String>>()
            .map(|row| row.map(|row| (row["sample_id"].clone(), row["correct_answer"].clone())))
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| Error::new(error.to_string()))?;
        ensure(items.len() == 1_273 && told.len() == 1_273, "1,273 items")?;
        ensure(right(&items, false) == told, "the answers are those of the file")
    });
}

#[test]
fn medxpertqa_and_medmcqa_open_to_the_answers_of_their_files() {
    run(async {
        let cases = [
            ("medxpertqa-sampled-text.jsonl", "244 questions", "244", 244, 0),
            (
                "medmcqa-validation-inlined.jsonl",
                "4,179 questions · 4 entries not used",
                "4,179",
                4_179,
                4,
            ),
        ];
        for (name, facts, n, n_items, n_refused) in cases {
            let Some(file) = real(name) else { continue };
            let items = asked(&file, facts, n, None).await?;
            let text = std::fs::read_to_string(&file)?;
            let lines = text.lines().map(serde_json::from_str::<Value>);
            let lines = lines.collect::<std::result::Result<Vec<_>, _>>()?;
            ensure(lines.len() == n_items + n_refused, &format!("{name}: {} lines", lines.len()))?;
            let label = |line: &Value| {
                let label = &line["label"];
                label.as_str().or_else(|| label[0].as_str()).unwrap_or_default().to_owned()
            };
            let id = |line: &Value| line["id"].as_str().unwrap_or_default().to_owned();
            let told: BTreeMap<String, String> =
                lines.iter().map(|line| (id(line), label(line))).collect();
            let found = right(&items, false);
            ensure(found.len() == n_items, &format!("{name}: {} items", found.len()))?;
            let wrong = found.iter().find(|(id, letter)| told.get(*id) != Some(*letter));
            ensure(wrong.is_none(), &format!("{name}: {wrong:?}"))?;
        }
        Ok(())
    });
}

#[test]
fn pubmedqa_opens_to_its_1000_decisions_and_the_500_of_its_official_split() {
    run(async {
        let Some(file) = real("pubmedqa-ori_pqal.json") else { return Ok(()) };
        let map: BTreeMap<String, Value> = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        let told = map.into_iter().map(|(id, entry)| {
            (id, entry["final_decision"].as_str().unwrap_or_default().to_owned())
        });
        let told: BTreeMap<String, String> = told.collect();
        let all = right(&asked(&file, "1,000 questions", "1,000", None).await?, true);
        ensure(all.len() == 1_000 && all == told, "the decisions are those of the file")?;
        let Some(truth) = real("pubmedqa-test_ground_truth.json") else { return Ok(()) };
        let told: BTreeMap<String, String> =
            serde_json::from_str(&std::fs::read_to_string(&truth)?)?;
        let official = right(&asked(&file, "1,000 questions", "500", Some("500")).await?, true);
        ensure(official == told, "the official split has these questions and answers")?;
        let count = |word: &str| official.values().filter(|answer| *answer == word).count();
        let counts = (official.len(), count("yes"), count("no"), count("maybe"));
        ensure(counts == (500, 276, 169, 55), &format!("{counts:?}"))
    });
}

#[test]
fn the_answers_of_pubmedqa_alone_are_told_to_be_answers() {
    run(async {
        let Some(truth) = real("pubmedqa-test_ground_truth.json") else { return Ok(()) };
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        stage.viva.go("#/questions").await?;
        page.set_files("main input[type=file]", &[&truth]).await?;
        page.wait_text("right answers without the questions, 500 of yes, no and maybe").await?;
        page.wait_text("Open ori_pqal.json").await?;
        stage.clean(&[])
    });
}

// ------------------------------------------------------------------ every format and kind

/// A file, what the page of questions says of it, and its items as far as they are compared.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    facts: &'static str,
    items: Vec<Value>,
}

impl Case {
    fn new(
        name: &'static str,
        bytes: impl Into<Vec<u8>>,
        facts: &'static str,
        items: Vec<Value>,
    ) -> Self {
        Self { name, bytes: bytes.into(), facts, items }
    }

    /// A file of `tests/data/files`.
    fn kept(name: &'static str, facts: &'static str, items: Vec<Value>) -> Result<Self> {
        let bytes = std::fs::read(workspace().join("tests/data/files").join(name))?;
        Ok(Self::new(name, bytes, facts, items))
    }
}

/// Opens each file on the page of questions and in the editor, and compares what the editor saves.
async fn open_all(cases: &[Case]) -> Result<()> {
    let scratch = Scratch::new("formats")?;
    let stage = Stage::new().await?;
    let (viva, page) = (&stage.viva, &stage.viva.page);
    for Case { name, bytes, facts, items } in cases {
        let file = scratch.write(name, bytes)?;
        viva.go("#/questions").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text(facts).await.map_err(|error| error.and(name))?;
        page.click(role("button", format!("Remove {}", stem(name)).as_str())).await?;
        viva.go("#/editor").await?;
        page.set_files("main input[type=file]", &[&file]).await?;
        page.wait_text(&format!("The set: {}", stem(name))).await?;
        let save = page.click(role("button", "Save as a file"));
        let saved: Value = serde_json::from_str(&page.download(save).await?.text()?)?;
        let found = saved["items"].as_array().cloned().unwrap_or_default();
        let n = (found.len(), items.len());
        ensure(n.0 == n.1, &format!("{name}: {} items, and not {}: {found:#?}", n.0, n.1))?;
        for (found, wanted) in found.iter().zip(items) {
            for (field, value) in wanted.as_object().into_iter().flatten() {
                let differs = format!("{name}: {field} is not {value} in {found:#}");
                ensure(found.get(field).unwrap_or(&Value::Null) == value, &differs)?;
            }
        }
    }
    stage.clean(&[])
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Rows of the kept files: twelve questions whose answers are A to D in turn.
fn in_turn(n: usize) -> Vec<Value> {
    let letters = ["A", "B", "C", "D"].into_iter().cycle();
    letters
        .zip(0..n)
        .map(|(letter, n)| {
            json!({"kind": "single_choice", "answer": letter, "question": format!("Which letter has the number {n}?"), "options": ["alpha", "beta", "gamma", "delta"]})
        })
        .collect()
}

fn choices(answers: &str) -> Vec<Value> {
    let letters = answers.chars();
    letters.map(|letter| json!({"kind": "single_choice", "answer": letter.to_string()})).collect()
}

fn lines(rows: &[Value]) -> String {
    let rows: Vec<String> = rows.iter().map(Value::to_string).collect();
    rows.join("\n") + "\n"
}

#[test]
fn parquet_opens_in_the_page() {
    run(async {
        let twelve = |name| Case::kept(name, "12 questions", in_turn(12));
        let talk = vec![
            json!({"kind": "open_ended", "category": "hedging", "conversation": [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "Which?"}],
                "rubric": [{"criterion": "Says so", "points": 5, "tags": ["axis:accuracy"]}, {"criterion": "Lies", "points": -3}]}),
            json!({"kind": "open_ended", "question": "Alone."}),
        ];
        open_all(&[
            twelve("snappy-v1.parquet")?,
            twelve("zstd-v2.parquet")?,
            twelve("gzip-plain.parquet")?,
            twelve("none-nested.parquet")?,
            twelve("none-v2.parquet")?,
            twelve("columns.parquet")?,
            twelve("lz4-other.parquet")?,
            Case::kept("talk.parquet", "2 questions", talk)?,
        ])
        .await
    });
}

#[test]
fn workbooks_tables_and_text_open_in_the_page() {
    run(async {
        let letters = "ABCDABCDABCD";
        let table = |divider: &str| {
            let rows =
                ["id,question,A,B,C,answer", "a,Which?,one,two,three,C", "b,What?,four,five,six,A"];
            rows.map(|row| row.replace(',', divider)).join("\r\n")
        };
        let two = || {
            vec![
                json!({"id": "a", "question": "Which?", "options": ["one", "two", "three"], "answer": "C"}),
                json!({"id": "b", "question": "What?", "options": ["four", "five", "six"], "answer": "A"}),
            ]
        };
        let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>question</v></c><c r=\"B1\" t=\"str\"><v>A</v></c><c r=\"C1\" t=\"str\"><v>B</v></c><c r=\"D1\" t=\"str\"><v>answer</v></c></row><row r=\"2\"><c r=\"A2\" t=\"str\"><v>Which &amp; what?</v></c><c r=\"B2\"><v>1</v></c><c r=\"C2\"><v>2.5</v></c><c r=\"D2\" t=\"str\"><v>B</v></c></row></sheetData></worksheet>";
        let made = json!({"question": "Which & what?", "options": ["1", "2.5"], "answer": "B"});
        let numbered = "1. Which one?\nA) alpha\nB) beta\nC) gamma\n\n2. And this?\nA) alpha\nB) beta\n\nAnswer key\n1. C\n2. B\n";
        let aiken =
            "Which one?\nA. alpha\nB. beta\nANSWER: B\n\nAnd this?\nA. alpha\nB. beta\nANSWER: A\n";
        open_all(&[
            Case::kept("book.xlsx", "12 questions", choices(letters))?,
            Case::new("small.xlsx", wrap::workbook(sheet.as_bytes()), "1 question", vec![made]),
            Case::new("comma.csv", table(","), "2 questions", two()),
            Case::new("semicolon.csv", table(";"), "2 questions", two()),
            Case::new("marked.csv", format!("\u{feff}{}", table(",")), "2 questions", two()),
            Case::new("utf16.csv", utf_16(&table(",")), "2 questions", two()),
            Case::new("tabs.tsv", table("\t"), "2 questions", two()),
            Case::new(
                "headless.csv",
                "What?,v,w,x,B\nAnd this?,v,w,x,C\nWho?,v,w,x,A\n",
                "3 questions",
                choices("BCA"),
            ),
            Case::new("numbered.txt", numbered, "2 questions", choices("CB")),
            Case::new("aiken.txt", aiken, "2 questions", choices("BA")),
        ])
        .await
    });
}

/// Little-endian, with its mark, as some spreadsheets save text.
fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn packed_files_and_archives_open_in_the_page() {
    run(async {
        let rows: Vec<Value> = in_turn(12)
            .into_iter()
            .map(|item| json!({"question": item["question"], "options": item["options"], "answer": item["answer"]}))
            .collect();
        let text = lines(&rows);
        let table = "id,question,A,B,answer\nx,Another?,v,w,B\n";
        let zip = wrap::zip(&[
            ("set/one.jsonl", text.as_bytes()),
            ("set/two.csv", table.as_bytes()),
            ("set/three.jsonl.gz", &wrap::gzip(lines(&[json!({"id": "g", "question": "Packed?", "options": ["v", "w"], "answer": "A"})]).as_bytes())),
            ("README.txt", b"Nothing to ask."),
        ]);
        let in_zip = [in_turn(12), choices("BA")].concat();
        open_all(&[
            Case::kept("rows.jsonl.gz", "12 questions", in_turn(12))?,
            Case::new("packed.jsonl.gz", wrap::gzip(text.as_bytes()), "12 questions", in_turn(12)),
            Case::new("packed.jsonl.zst", wrap::zstd(text.as_bytes()), "12 questions", in_turn(12)),
            Case::new("several.zip", zip, "14 questions", in_zip),
        ])
        .await
    });
}

#[test]
fn questions_of_every_kind_open_in_the_page() {
    run(async {
        let letters: Vec<String> = ('a'..='z').map(|letter| format!("option {letter}")).collect();
        let many = json!({"question": "Which of 26?", "options": letters, "answer": "Z"});
        let two = json!({"question": "Which of two?", "options": ["this", "that"], "answer": "B"});
        let several = [
            json!({"question": "Which are even?", "options": ["1", "2", "3", "4"], "answer": ["B", "D"]}),
            json!({"question": "Which is odd?", "options": ["2", "3", "4"], "answer": ["B"]}),
        ];
        let decision = |decision: &str| json!({"QUESTION": "Does it?", "CONTEXTS": ["It may."], "final_decision": decision, "LONG_ANSWER": "So."});
        let decisions =
            json!({"101": decision("yes"), "102": decision("no"), "103": decision("maybe")});
        let number = [
            json!({"question": "How many mg?", "value": 200, "tolerance": "5%", "unit": "mg"}),
            json!({"question": "How many ml?", "value": 12.5, "tolerance": 0.5, "unit": "ml"}),
        ];
        let bounded = json!({"question": "How much?", "value": 3.5, "low": 3, "high": 4.25});
        let short =
            json!({"question": "Which vitamin?", "accepted": ["vitamin C", "ascorbic acid"]});
        let reference = json!({"question": "Why?", "reference": "Because it is so."});
        let criteria = json!([{"criterion": "Asks since when", "points": 7, "tags": ["axis:accuracy"]}, {"criterion": "Frightens", "points": -4, "tags": []}]);
        let rubric =
            json!({"prompt": [{"role": "user", "content": "It hurts."}], "rubrics": criteria});
        let turns = json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "Which?"}]);
        let talk = [
            json!({"messages": turns, "reference": "This one."}),
            json!({"prompt": turns, "rubrics": criteria}),
        ];
        let within =
            |value: f64, low: f64, high: f64| json!({"value": value, "low": low, "high": high});
        open_all(&[
            Case::new("options.jsonl", lines(&[two, many]), "2 questions", vec![
                json!({"kind": "single_choice", "options": ["this", "that"], "answer": "B"}),
                json!({"kind": "single_choice", "options": letters, "answer": "Z"}),
            ]),
            Case::new("right-ones.jsonl", lines(&several), "2 questions", vec![
                json!({"kind": "multiple_choice", "answers": ["B", "D"]}),
                json!({"kind": "multiple_choice", "answers": ["B"]}),
            ]),
            Case::new("decisions.json", decisions.to_string(), "3 questions", ["A", "B", "C"].map(|answer| {
                json!({"kind": "single_choice", "options": ["yes", "no", "maybe"], "answer": answer, "context": ["It may."]})
            }).to_vec()),
            Case::new("tolerance.jsonl", lines(&number), "2 questions", vec![
                json!({"kind": "number", "number": {"value": 200.0, "low": 190.0, "high": 210.0, "unit": "mg"}}),
                json!({"kind": "number", "number": {"value": 12.5, "low": 12.0, "high": 13.0, "unit": "ml"}}),
            ]),
            Case::new("bounds.jsonl", lines(&[bounded]), "1 question", vec![
                json!({"kind": "number", "number": within(3.5, 3.0, 4.25)}),
            ]),
            Case::new("short.jsonl", lines(&[short]), "1 question", vec![
                json!({"kind": "short_text", "accepted": ["vitamin C", "ascorbic acid"]}),
            ]),
            Case::new("reference.jsonl", lines(&[reference]), "1 question · 1 with open answers, which a judge must grade", vec![
                json!({"kind": "reference", "question": "Why?", "reference": "Because it is so."}),
            ]),
            Case::new("rubric.jsonl", lines(&[rubric]), "1 question · 1 with open answers, which a judge must grade", vec![
                json!({"kind": "open_ended", "question": "It hurts.", "rubric": [{"criterion": "Asks since when", "points": 7, "tags": ["axis:accuracy"]}, {"criterion": "Frightens", "points": -4}]}),
            ]),
            Case::new("talk.jsonl", lines(&talk), "2 questions · 2 with open answers, which a judge must grade", vec![
                json!({"kind": "reference", "conversation": turns, "reference": "This one."}),
                json!({"kind": "open_ended", "conversation": turns}),
            ]),
        ])
        .await
    });
}
