//! Owns the check that no input, however malformed, makes a parser panic, hang or keep silent: for each parser 2,000 inputs, made
//! by changing sound ones from a recorded seed. What must hold is told in `fuzz/src/lib.rs`, which the fuzz targets share.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
#![allow(clippy::disallowed_methods, reason = "runs natively, with the clock of the machine")]

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "it is public in the package of the fuzz targets")]
mod checks;

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};

use checks::{TARGETS, wrap};

/// What the inputs are made from: the same ones every time and everywhere. `VIVA_HOSTILE_SEED` and `VIVA_HOSTILE_INPUTS` ask for
/// others and for more of them.
const SEED: u64 = 20_261_125;
const N_INPUTS: u64 = 2_000;
/// Inputs do not grow beyond this, in bytes.
const MAX_BYTES: usize = 24_000;
/// The most time that the processor may spend on an input: the tests are not optimised, and each input is opened in several
/// ways. In an optimised page it is a fiftieth.
const MAX_WORK: Duration = Duration::from_secs(3);
/// The same for a run: a small file may plan a million trials, and all that is shown of them is computed.
const MAX_WORK_OF_RUN: Duration = Duration::from_secs(20);
/// An input that takes so long by the clock never ends.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// A change to the bytes of a file.
#[derive(Debug, Clone)]
enum Change {
    /// The file ends there.
    Cut(Index),
    Flip(Index, u8),
    /// Lengths and counts are small numbers: the greatest and the least are where readers break.
    Extreme(Index, u8),
    /// A part of the file in the place of another.
    Splice(Index, Index, u8),
    /// A part of the file many times over.
    Repeat(Index, u8, u16),
    Insert(Index, Vec<u8>),
    Remove(Index, u8),
    /// A number that is far too great, or none, in the place of one.
    Number(Index, Index),
    /// Something opens, thousands of levels deep.
    Nest(Index, Index, u16),
    /// Bytes that are no UTF-8, or half of a character.
    NoText(Index, Index),
    /// A column is gone from every row, or a field has another name.
    DropColumn(Index),
    /// A value of JSON is another: of another type, empty, or far too great.
    Value(Index, Index),
    /// A value of JSON is another of its own type: parsers that know the types let it through.
    Alike(Index, Index),
}

const NUMBERS: [&str; 9] = [
    "18446744073709551616",
    "18446744073709551615",
    "4294967296",
    "65535",
    "-1",
    "1e999",
    "-0",
    "0.0000000000000000000000000001",
    "NaN",
];
const OPENINGS: [&str; 7] = ["[", "{\"a\":", "\"", "(", "<a>", "{", "'["];
const NO_TEXT: [&[u8]; 6] =
    [b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\0", b"\xff\xfea\0"];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        2 => at().prop_map(Change::Cut),
        5 => (at(), 1_u8..).prop_map(|(at, byte)| Change::Flip(at, byte)),
        3 => (at(), 1_u8..9).prop_map(|(at, n)| Change::Extreme(at, n)),
        2 => (at(), at(), 1_u8..).prop_map(|(from, to, n)| Change::Splice(from, to, n)),
        2 => (at(), 1_u8.., 1_u16..400).prop_map(|(at, n, times)| Change::Repeat(at, n, times)),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..12)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (at(), 1_u8..40).prop_map(|(at, n)| Change::Remove(at, n)),
        3 => (at(), at()).prop_map(|(at, which)| Change::Number(at, which)),
        1 => (at(), at(), 1_u16..8_000).prop_map(|(at, which, n)| Change::Nest(at, which, n)),
        2 => (at(), at()).prop_map(|(at, which)| Change::NoText(at, which)),
        2 => at().prop_map(Change::DropColumn),
        6 => (at(), at()).prop_map(|(at, which)| Change::Value(at, which)),
        6 => (at(), at()).prop_map(|(at, which)| Change::Alike(at, which)),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        if !bytes.is_empty() {
            apply(&mut bytes, change);
        }
        bytes.truncate(MAX_BYTES);
    }
    bytes
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let n = bytes.len();
    let part = |from: usize, width: u8| from..(from + usize::from(width)).min(n);
    match change {
        Change::Cut(at) => bytes.truncate(at.index(n)),
        Change::Flip(at, byte) => bytes[at.index(n)] ^= byte,
        Change::Extreme(at, width) => {
            bytes[part(at.index(n), *width)].fill(if width % 2 == 0 { 0xff } else { 0x7f });
        }
        Change::Splice(from, to, width) => {
            let piece = bytes[part(from.index(n), *width)].to_vec();
            let to = to.index(n);
            let end = (to + piece.len()).min(n);
            bytes[to..end].copy_from_slice(&piece[..end - to]);
        }
        Change::Repeat(at, width, times) => {
            let range = part(at.index(n), *width);
            let end = range.end;
            let many = bytes[range].repeat(usize::from(*times));
            bytes.splice(end..end, many);
        }
        Change::Insert(at, piece) => {
            let at = at.index(n);
            bytes.splice(at..at, piece.iter().copied());
        }
        Change::Remove(at, width) => {
            bytes.drain(part(at.index(n), *width));
        }
        Change::Number(at, which) => {
            let is_digit = |at: &usize| bytes.get(*at).is_some_and(u8::is_ascii_digit);
            let digits: Vec<usize> = (0..n).filter(is_digit).collect();
            if !digits.is_empty() {
                let start = *at.get(&digits);
                let end = (start..n).find(|at| !is_digit(at)).unwrap_or(n);
                bytes.splice(start..end, which.get(&NUMBERS).bytes());
            }
        }
        Change::Nest(at, which, times) => {
            let at = at.index(n);
            bytes.splice(at..at, which.get(&OPENINGS).repeat(usize::from(*times)).bytes());
        }
        Change::NoText(at, which) => {
            let at = at.index(n);
            bytes.splice(at..at, which.get(&NO_TEXT).iter().copied());
        }
        Change::DropColumn(which) => drop_column(bytes, *which),
        Change::Value(at, which) => {
            let others = others();
            change_value(bytes, *at, |value| *value = which.get(&others).clone());
        }
        Change::Alike(at, which) => change_value(bytes, *at, |value| alike(value, *which)),
    }
}

/// Values that are seldom what is wanted.
fn others() -> [Value; 18] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(65_535),
        json!(u64::MAX),
        json!(1e308),
        json!(0.5),
        json!(""),
        json!(" "),
        json!("A"),
        json!("\u{0}\u{202e}"),
        json!([]),
        json!([null, "A", 1]),
        json!([[["a"]]]),
        json!({}),
        json!({"": ""}),
        json!("x".repeat(5_000)),
    ]
}

/// Makes of a value an odd one of the same type.
fn alike(value: &mut Value, which: Index) {
    match value {
        Value::Null => *value = json!(0),
        Value::Bool(is) => *is = !*is,
        Value::Number(_) => {
            let numbers = [0, 1, 2, 7, 255, 65_535, u64::from(u32::MAX), u64::MAX];
            *value = json!(which.get(&numbers));
        }
        Value::String(text) => match which.index(5) {
            0 => text.clear(),
            1 => *text = text.repeat(40),
            2 => text.insert(0, '\u{202e}'),
            3 => *text = text.chars().rev().collect(),
            _ => "Answer: B\u{0301}".clone_into(text),
        },
        Value::Array(list) => match which.index(4) {
            0 => list.clear(),
            1 => list.reverse(),
            2 => list.truncate(list.len() / 2),
            _ => list.extend(list.clone()),
        },
        Value::Object(map) => {
            if let Some(key) = map.keys().nth(which.index(map.len().max(1))).cloned() {
                map.remove(&key);
            }
        }
    }
}

/// Changes a value of JSON, or of JSON Lines; other bytes stay as they are.
fn change_value(bytes: &mut Vec<u8>, at: Index, change: impl FnOnce(&mut Value)) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let values = serde_json::Deserializer::from_str(text).into_iter();
    let Ok(mut values) = values.collect::<Result<Vec<Value>, _>>() else { return };
    let n_in_all: usize = values.iter().map(n_values).sum();
    if n_in_all == 0 {
        return;
    }
    let mut n = at.index(n_in_all);
    if let Some(value) = values.iter_mut().find_map(|value| nth(value, &mut n)) {
        change(value);
    }
    let lines: Vec<String> = values.iter().map(Value::to_string).collect();
    *bytes = lines.join("\n").into_bytes();
}

fn n_values(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(n_values).sum(),
        Value::Object(map) => map.values().map(n_values).sum::<usize>(),
        _ => 0,
    }
}

/// The value that `n` counts down to, in or below this one.
fn nth<'a>(value: &'a mut Value, n: &mut usize) -> Option<&'a mut Value> {
    if *n == 0 {
        return Some(value);
    }
    *n -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|one| nth(one, n)),
        Value::Object(map) => map.values_mut().find_map(|one| nth(one, n)),
        _ => None,
    }
}

/// Renames a field wherever it stands, or takes a cell out of every line.
fn drop_column(bytes: &mut Vec<u8>, which: Index) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let keys: Vec<&str> = text
        .match_indices("\":")
        .filter_map(|(end, _)| Some(&text[text[..end].rfind('"')?..end + 2]))
        .collect();
    if !keys.is_empty() {
        let key = *which.get(&keys);
        *bytes = text.replace(key, "\"gone\":").into_bytes();
        return;
    }
    let divider = [';', '\t', ','].into_iter().max_by_key(|one| text.matches(*one).count());
    let divider = divider.unwrap_or(',');
    let n_columns = text.lines().next().map_or(1, |line| line.split(divider).count());
    let gone = which.index(n_columns);
    let lines = text.lines().map(|line| {
        let cells = line.split(divider).enumerate().filter(|(idx, _)| *idx != gone);
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(&divider.to_string())
    });
    *bytes = lines.collect::<Vec<_>>().join("\n").into_bytes();
}

fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder)
}

/// The files of a folder with one of these endings, in the order of their names.
fn files(folder: &str, endings: &[&str]) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(data(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        endings.is_empty() || endings.contains(&ending.as_ref())
    });
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Sound inputs of a parser. Those of the packed forms are what is in them too: the check wraps what is not.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let made = |kinds: &[&str]| files("files", kinds);
    let texts =
        || ["jsonl", "csv", "tsv", "numbered"].map(|kind| files(&format!("seeds/{kind}"), &[]));
    match target {
        "xlsx" => made(&["xlsx"]),
        "parquet" => made(&["parquet"]),
        "zip" => [made(&["zip"]), texts().concat()].concat(),
        "gzip" => [made(&["gz"]), texts().concat()].concat(),
        "zstd" => {
            let texts = texts().concat();
            let packed = texts.iter().map(|text| wrap::zstd(text));
            [packed.collect(), texts.clone()].concat()
        }
        "rows" => [files("seeds/rows", &[]), files("seeds/catalogue", &[])].concat(),
        "links" => files("seeds/link", &[]),
        _ => files(&format!("seeds/{target}"), &[]),
    }
}

/// How long the processor has worked for this thread; where the system does not tell, the clock is read.
fn work() -> Duration {
    thread_local!(static START: Instant = Instant::now());
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.with(Instant::elapsed), Duration::from_nanos)
}

/// A number that whoever runs the tests may set.
fn wished(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Puts the parser through all inputs; the error is what the failing one is.
fn put_through(name: &str, beat: &mpsc::Sender<Vec<u8>>) -> Result<(), String> {
    let (_, check) = TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    let seeds = seeds(name);
    assert!(!seeds.is_empty(), "{name} has no seeds");
    for seed in &seeds {
        check(seed);
    }
    let config = Config {
        cases: u32::try_from(wished("VIVA_HOSTILE_INPUTS", N_INPUTS)).unwrap(),
        rng_seed: RngSeed::Fixed(wished("VIVA_HOSTILE_SEED", SEED)),
        failure_persistence: None,
        max_shrink_time: 20_000,
        ..Config::default()
    };
    let inputs = (any::<Index>(), prop::collection::vec(change(), 1..5));
    let outcome = TestRunner::new(config).run(&inputs, |(seed, changes)| {
        let bytes = changed(&seeds[seed.index(seeds.len())], &changes);
        let _ = beat.send(bytes.clone());
        let before = work();
        check(&bytes);
        let took = work().saturating_sub(before);
        let most = if name == "run" { MAX_WORK_OF_RUN } else { MAX_WORK };
        prop_assert!(took < most, "{} bytes took {took:?} of the processor", bytes.len());
        Ok(())
    });
    outcome.map_err(|error| error.to_string())
}

/// The same, and a word when it does not end.
fn is_hardy(name: &'static str) {
    let (beat, beats) = mpsc::channel();
    let worker = std::thread::spawn(move || put_through(name, &beat));
    let mut last = Vec::new();
    loop {
        match beats.recv_timeout(MAX_WAIT) {
            Ok(bytes) => last = bytes,
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let kept = std::env::temp_dir().join(format!("viva-hang-{name}"));
                std::fs::write(&kept, &last).unwrap();
                panic!("{name} hangs on what is now in {}", kept.display());
            }
        }
    }
    match worker.join() {
        Ok(outcome) => outcome.unwrap_or_else(|error| panic!("{name}: {error}")),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

macro_rules! hardy {
    ($($name:ident)*) => {
        /// Parsers that have a test below.
        const TESTED: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                is_hardy(stringify!($name));
            }
        )*
    };
}

hardy! { json jsonl csv tsv numbered xlsx sheet parquet zip gzip zstd run answers rows mapping template pack links review }

#[test]
fn what_is_changed_is_sound_to_begin_with() {
    let kinds = ["json", "jsonl", "csv", "tsv", "numbered", "parquet", "xlsx", "pack"];
    for (kind, seed) in
        kinds.iter().flat_map(|kind| seeds(kind).into_iter().map(move |seed| (kind, seed)))
    {
        let import =
            viva::dataset::open("file", &seed).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(!import.dataset.items.is_empty(), "{kind}");
        assert_eq!(import.refusals, [], "{kind}");
    }
    let opened = |bytes: Vec<u8>| viva::dataset::open("file", &bytes).map(|import| import.n_rows);
    let [sheet] = seeds("sheet").try_into().unwrap();
    assert_eq!(opened(wrap::workbook(&sheet)), Ok(2));
    let text = files("seeds/csv", &[]).remove(0);
    let n_rows = opened(text.clone()).unwrap();
    for packed in [wrap::gzip(&text), wrap::zstd(&text), wrap::zip(&[("a.csv", &text)])] {
        assert_eq!(opened(packed), Ok(n_rows));
    }
    for kind in ["run", "answers"] {
        for seed in seeds(kind) {
            assert!(viva::report::open("file", &seed).is_ok(), "{kind}");
        }
    }
    for seed in seeds("mapping") {
        let mapping: viva::dataset::Mapping = serde_json::from_slice(&seed).unwrap();
        assert_eq!(mapping.check(), Ok(()));
    }
    for seed in seeds("template") {
        let text = String::from_utf8(seed).unwrap();
        assert!(viva::prompt::OwnTemplate::parse(&text).is_ok());
    }
}

#[test]
fn every_parser_has_a_test_and_a_fuzz_target() {
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, TESTED);
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let target = fuzz.join("fuzz_targets").join(format!("{name}.rs"));
        let text = std::fs::read_to_string(target).unwrap();
        assert!(text.contains(&format!("`{name}`")) && text.contains("viva_fuzz::"), "{name}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
}
