//! Owns what must hold of every parser, whatever bytes it is given: each becomes what it holds or is refused with place and
//! reason, and what was read can be used. The fuzz targets of this package call these checks, and so does `tests/hostile.rs` of
//! the main package, with thousands of malformed inputs.
//!
//! A check panics where something does not hold.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a check fails by panicking")]

pub mod wrap;

use std::collections::BTreeSet;

use viva::dataset::catalogue::{
    Catalogue, Event, Gotten, Head, HubAddress, Load, Reply, Step, finish,
};
use viva::dataset::edit::PackDraft;
use viva::dataset::library::{Library, Response};
use viva::dataset::{
    Choice, Import, Item, ItemRecord, Kind, Mapping, Refusal, columns, fingerprint, open, open_with,
};
use viva::people::review::conclusion::conclude;
use viva::people::review::file::{Unblinding, to_text};
use viva::people::review::picture::means_figure;
use viva::people::review::strip::strip;
use viva::people::review::{
    ConflictRule, KeyFile, RatingsFile, ReviewFile, Scale, Strip, analysis, answers, export, merge,
};
use viva::prompt::{Language, OwnTemplate, Preset, Prompting, as_plain_text, render};
use viva::provider::{Class, Completion, Finish};
use viva::report::answer_view::answers_to;
use viva::report::export::{leaderboard_csv, pairs_csv, run_json, trials_csv};
use viva::report::gallery::Basis;
use viva::report::items::{filtered, mark};
use viva::report::leaderboard::by_category;
use viva::report::link::{Route, filter_name, filter_of};
use viva::report::{
    Comparison, LiveGrid, Opened, Unanswered, class_comparison, conclusion, spending,
};
use viva::run::{Engine, Event as RunEvent, Journal, Settings};
use viva::text::markdown;

/// A parser: its name, which is that of the fuzz target and of the folder of seeds, and its check.
pub type Target = (&'static str, fn(&[u8]));

/// All parsers.
pub const TARGETS: [Target; 19] = [
    ("json", questions),
    ("jsonl", questions),
    ("csv", questions),
    ("tsv", questions),
    ("numbered", questions),
    ("xlsx", questions),
    ("sheet", sheet),
    ("parquet", parquet),
    ("zip", zip),
    ("gzip", gzip),
    ("zstd", zstd),
    ("run", results),
    ("answers", results),
    ("rows", rows),
    ("mapping", mapping),
    ("template", template),
    ("pack", pack),
    ("links", links),
    ("review", review),
];

// ------------------------------------------------------------------ files of questions

/// Any file of questions, in every way in which the page opens one.
pub fn questions(bytes: &[u8]) {
    match open("file", bytes) {
        Ok(import) => sound(&import),
        Err(error) => {
            told(&error.to_string());
            if let Response::Refused { reason } = Library::default().open("file", bytes) {
                told(&reason);
            }
        }
    }
    match columns("file", bytes) {
        Ok(columns) => {
            let mapping = Mapping::guessed(&columns);
            match open_with("file", bytes, &mapping) {
                Ok(import) => sound(&import),
                Err(error) => told(&error.to_string()),
            }
        }
        Err(error) => told(&error.to_string()),
    }
}

/// A sheet of a workbook.
pub fn sheet(bytes: &[u8]) {
    questions(&wrap::workbook(bytes));
}

/// A Parquet file. What does not begin and end as one is made to.
pub fn parquet(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    if let Some(first) = bytes.first_chunk_mut::<4>() {
        *first = *b"PAR1";
    }
    if let Some(last) = bytes.last_chunk_mut::<4>() {
        *last = *b"PAR1";
    }
    questions(&bytes);
}

/// A ZIP archive. What is none is put into one, as a file of it.
pub fn zip(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        questions(bytes);
    } else {
        questions(&wrap::zip(&[("set/first.csv", bytes)]));
    }
}

/// A gzip file. What is none is packed as one.
pub fn gzip(bytes: &[u8]) {
    if bytes.starts_with(b"\x1f\x8b") {
        questions(bytes);
    } else {
        questions(&wrap::gzip(bytes));
    }
}

/// A Zstandard file. What is none is packed as one.
pub fn zstd(bytes: &[u8]) {
    if bytes.starts_with(&wrap::ZSTD_MAGIC) {
        questions(bytes);
    } else {
        questions(&wrap::zstd(bytes));
    }
}

/// A question as a person maps the columns of a file: the bytes are the mapping, as it is kept.
pub fn mapping(bytes: &[u8]) {
    const FILE: &str =
        "frage,eins,zwei,drei,loesung,fach\nWelche?,a,b,c,2,x\nWas?,1,5,c,3,y\n,,,,,\n";
    let mapping = match serde_json::from_slice::<Mapping>(bytes) {
        Ok(mapping) => mapping,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    if let Err(reason) = mapping.check() {
        assert!(reason.len() > 20, "{reason}");
    }
    match open_with("file", FILE.as_bytes(), &mapping) {
        Ok(import) => sound(&import),
        Err(error) => told(&error.to_string()),
    }
}

/// A pack, as the editor opens it: what it cannot make an item of is refused, and the rest can be saved and opened again.
pub fn pack(bytes: &[u8]) {
    questions(bytes);
    match PackDraft::open("file", bytes) {
        Ok(reading) => {
            reading.refusals.iter().for_each(placed);
            let draft = &reading.draft;
            for fault in draft.faults() {
                assert!(!fault.field.is_empty() && !fault.reason.is_empty(), "{fault:?}");
            }
            let again = PackDraft::open("file", draft.to_json().as_bytes()).unwrap();
            assert_eq!(again.draft.items(), draft.items(), "saved and opened again");
            assert_eq!(again.draft.about(), draft.about(), "saved and opened again");
        }
        Err(error) => told(&error.to_string()),
    }
}

/// What is said of a file that is refused whole: which one, of an archive which in it, and why.
fn told(error: &str) {
    let names_it =
        [" is ", " holds ", " was ", " has "].iter().filter_map(|verb| error.find(verb)).min();
    assert!(names_it.is_some_and(|at| at > 0) && error.len() > 30, "{error}");
}

/// What is said of a row that is refused: where, and why.
fn placed(refusal: &Refusal) {
    let has_place =
        refusal.line.is_some() || refusal.item.as_ref().is_some_and(|id| !id.is_empty());
    assert!(has_place && !refusal.field.is_empty() && !refusal.reason.is_empty(), "{refusal:?}");
}

/// What was read is whole: no row is lost, every refusal has its place and reason, and every item can be asked and scored.
fn sound(import: &Import) {
    let Import { dataset, refusals, n_rows, .. } = import;
    assert_eq!(dataset.items.len() + refusals.len(), *n_rows, "a row is lost");
    refusals.iter().for_each(placed);
    let mut ids = BTreeSet::new();
    for item in &dataset.items {
        assert!(!item.id.0.is_empty() && ids.insert(&item.id), "id {} is no name", item.id);
        usable(item);
    }
    for split in &dataset.splits {
        assert!(split.item_idxs.iter().all(|idx| *idx < dataset.items.len()), "{split:?}");
    }
    assert_eq!(fingerprint(&dataset.items).len(), 64);
}

/// The item has what is needed to ask and score it, and comes back from its record.
fn usable(item: &Item) {
    assert!(!item.question.trim().is_empty(), "{item:?}");
    match &item.kind {
        Kind::Choice(Choice { options, answer }) => {
            assert!((2..=26).contains(&options.len()) && *answer < options.len(), "{item:?}");
        }
        Kind::Choices(choices) => {
            assert!((2..=26).contains(&choices.options.len()), "{item:?}");
            assert!(choices.answers.iter().all(|idx| *idx < choices.options.len()), "{item:?}");
            assert!(choices.answers.windows(2).all(|pair| pair[0] < pair[1]), "{item:?}");
            assert!(!choices.answers.is_empty(), "{item:?}");
        }
        Kind::Number(number) => {
            let is_within = number.low <= number.value && number.value <= number.high;
            let is_finite = [number.low, number.value, number.high].iter().all(|n| n.is_finite());
            assert!(is_within && is_finite, "{item:?}");
        }
        Kind::ShortText(text) => assert!(!text.accepted.is_empty(), "{item:?}"),
        Kind::Reference(reference) => assert!(!reference.answer.is_empty(), "{item:?}"),
        Kind::Rubric(rubric) => {
            let has_points = rubric.criteria.iter().all(|criterion| criterion.points != 0);
            assert!(!rubric.criteria.is_empty() && has_points, "{item:?}");
        }
    }
    let record = serde_json::to_string(&ItemRecord::from(item)).unwrap();
    let again: ItemRecord = serde_json::from_str(&record).unwrap();
    assert_eq!(Item::try_from(again).as_ref(), Ok(item), "an item comes back from its record");
    let prompting = Prompting::preset(Preset::ALL[0], Language::English);
    assert!(!as_plain_text(&render(item, &prompting)).is_empty());
    let completion = completion(&item.right_answer());
    let _ = viva::score::judge(item, &completion);
}

fn completion(text: &str) -> Completion {
    Completion {
        text: text.to_owned(),
        reasoning: None,
        finish: Finish::Stop,
        usage: None,
        answered_by: None,
    }
}

// ------------------------------------------------------------------ results

/// A file of results: a run of this program, or a table of answers. Everything that the page shows of it is computed.
pub fn results(bytes: &[u8]) {
    let journal = match viva::report::open("file", bytes) {
        Ok(Opened::Run { journal, .. }) => journal,
        Ok(Opened::Answers(answers)) => {
            for notice in &answers.notices {
                assert!(notice.text.len() > 10, "{notice:?}");
            }
            answers.journal
        }
        Err(error) => return told(&error.to_string()),
    };
    shown(&journal);
    let json = run_json(&journal, "1");
    match viva::report::open("file", json.as_bytes()) {
        Ok(Opened::Run { journal: again, .. }) => assert_eq!(again, journal, "saved and opened"),
        other => panic!("what was saved is {other:?}"),
    }
    let engine = Engine::new(&journal.plan, &journal.entries, Settings::default());
    let _ = (engine.progress(1), engine.spending(), engine.is_complete());
    let mut engine = engine;
    engine.handle(1, RunEvent::Go);
}

fn shown(journal: &Journal) {
    let journals = [journal];
    let joined = Comparison::of(&journals);
    let live = LiveGrid::of(journal);
    assert_eq!(live.grid().items.len(), journal.plan.items.len());
    let grid = &joined.grid;
    for rule in [Unanswered::CountedWrong, Unanswered::SetAside] {
        let basis = Basis::of(grid, rule);
        let _ = (by_category(grid, rule), conclusion(grid, &basis), spending(grid));
        for classes in [[Class::GeneralPurpose, Class::Clinical], [Class::Baseline, Class::Person]]
        {
            class_comparison(grid, classes, rule);
        }
        leaderboard_csv(&basis.standings);
        pairs_csv(grid, &basis.pairs);
        for filter in ["", "variants", "all-wrong", "all-right", "differ", "state-0-refused"] {
            filtered(grid, filter_of(filter, grid.models.len()), None, rule);
        }
    }
    trials_csv(grid, &journals);
    for item in 0..grid.items.len() {
        answers_to(grid, &journals, item);
        for model in 0..grid.models.len() {
            mark(grid, model, item);
        }
    }
}

// ------------------------------------------------------------------ the catalogue

/// What a host answers when rows or a list of splits are asked for, and the catalogue itself.
pub fn rows(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Catalogue::read(&text) {
        Ok(catalogue) => catalogue.refusals.iter().for_each(placed),
        Err(error) => assert!(error.to_string().len() > 20),
    }
    let split = "https://huggingface.co/datasets/o/set/viewer/c/s";
    for address in ["o/set", split, "https://huggingface.co/datasets/o/set/resolve/main/a.jsonl"] {
        let (mut load, _) = Load::start_hub(&HubAddress::parse(address).unwrap());
        for status in [200, 429, 404] {
            let head = Head { status, ..Head::default() };
            let reply = Event::Reply(Reply { head, body: bytes.to_vec() });
            match load.handle(reply) {
                Step::Done => loaded(&load),
                Step::Choose(splits) => {
                    for idx in 0..=splits.len() {
                        load.clone().choose(idx);
                    }
                }
                Step::Failed(failure) => {
                    assert!(failure.what.len() > 20 && !failure.way_round.is_empty());
                }
                Step::Wait { why, .. } => assert!(!why.is_empty()),
                Step::Fetch { .. } | Step::ReadOn | Step::ReadWhole | Step::Stopped => {}
            }
        }
        let stored = serde_json::to_string(&load).unwrap();
        assert_eq!(serde_json::from_str::<Load>(&stored).unwrap(), load, "stored and read again");
    }
    if let Ok(mut load) = serde_json::from_slice::<Load>(bytes) {
        load.resume();
    }
}

fn loaded(load: &Load) {
    let gotten: &[Gotten] = load.gotten();
    match finish(&load.entry, gotten) {
        Ok(finished) => sound(&finished.import),
        Err(failure) => assert!(failure.what.len() > 20, "{failure}"),
    }
}

// ------------------------------------------------------------------ what is typed or linked

/// A person's own template.
pub fn template(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match OwnTemplate::parse(&text) {
        Ok(own) => {
            assert_eq!(own.text(), text);
            let item = Item::single_choice("q", "Which {options} one?", &["x", "y", "z"], 0);
            let name = Prompting::named("own", Some(own.clone())).name();
            let filled = as_plain_text(&render(&item, &Prompting::named(&name, Some(own))));
            assert!(!filled.is_empty());
        }
        Err(error) => assert!(error.to_string().len() > 20, "{error}"),
    }
}

/// An address of the page, and one of a set on Hugging Face.
pub fn links(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let route = Route::parse(&text);
    assert_eq!(Route::parse(&route.fragment()), route, "an address leads where it came from");
    let filter = filter_of(&text, 3);
    assert_eq!(filter_of(&filter_name(filter), 3), filter);
    if let Err(reason) = HubAddress::parse(&text) {
        assert!(reason.len() > 20, "{reason}");
    }
}

// ------------------------------------------------------------------ blinded reviews

/// Files of blinded reviews, and answers that are pasted for one: whatever they hold, it is refused with a reason, or everything
/// that is shown of it can be computed.
pub fn review(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let told = |reason: String| assert!(10 < reason.len(), "{reason}");
    match KeyFile::open(&text) {
        Ok(key) => show_review(key, &text),
        Err(error) => told(error.to_string()),
    }
    match ReviewFile::open(&text) {
        Ok(file) => {
            assert_eq!(ReviewFile::open(&to_text(&file)).as_ref(), Ok(&file));
            let _ = file.blank();
            assert!((0..file.tasks.len()).all(|task| file.question(task).is_some()));
        }
        Err(error) => told(error.to_string()),
    }
    match RatingsFile::open(&text) {
        Ok(_) => {
            let key =
                String::from_utf8_lossy(include_bytes!("../../tests/data/seeds/review/key.json"));
            show_review(KeyFile::open(&key).unwrap(), &text);
        }
        Err(error) => told(error.to_string()),
    }
    match answers::pasted(&text) {
        Ok(answers) => {
            for answer in answers {
                let (plain, _) = strip(&answer.text, Strip::default(), &[answer.model]);
                let _ = markdown::blocks(&plain);
            }
        }
        Err(error) => told(error.to_string()),
    }
    let _ = (markdown::blocks(&text), markdown::plain(&text), Scale::parse(&text));
}

/// Everything that is shown of a review.
fn show_review(mut key: KeyFile, ratings: &str) {
    for idx in 0..key.reviewers.len() {
        assert!(key.file_for(idx).is_some());
    }
    // One of them: the figures that follow are the slow part.
    let rules = [ConflictRule::SetAside, ConflictRule::Earlier, ConflictRule::Later];
    let rule = rules[ratings.len() % rules.len()];
    let merged = merge(&key, &[("file".to_owned(), ratings.to_owned())], rule);
    let _ = (analysis::blind(&key, &merged), export::ratings_csv(&key, &merged));
    key.unblinded.push(Unblinding { at_millis: 0, by: String::new(), files: vec![] });
    let figures = analysis::analyse(&key, &merged).unwrap();
    let _ = (conclude(&key, &figures), export::figures_csv(&figures));
    let _ = export::analysis_json(&key, &merged, &figures);
    for dimension in &figures.dimensions {
        let _ = means_figure(&figures.models, dimension);
    }
}
