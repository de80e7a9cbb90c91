//! Owns the check that no file, however broken, makes a reader panic, hang or keep silent: good files of every format are cut,
//! changed byte by byte and put together wrongly, 2,800 times in all.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::dataset::unpack::crc_32;
use crate::dataset::{columns, mapping::Mapping, open_with};

/// An optimised build takes a hundredth of it. Enough for what a damaged length may make a reader do, and no hang.
const MAX_TIME: Duration = Duration::from_secs(10);

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/data/files/", $name)).as_slice()
    };
}

/// A change to the bytes of a file.
#[derive(Debug, Clone)]
enum Change {
    Cut(Index),
    Flip(Index, u8),
    /// Lengths and counts are small numbers: the greatest and the least are where readers break.
    Extreme(Index, u8),
    /// A part of the file in the place of another.
    Splice(Index, Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, u8),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => any::<Index>().prop_map(Change::Cut),
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        3 => (any::<Index>(), 1_u8..9).prop_map(|(at, n)| Change::Extreme(at, n)),
        2 => (any::<Index>(), any::<Index>(), any::<u8>()).prop_map(|(from, to, n)| Change::Splice(from, to, n)),
        1 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..12)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (any::<Index>(), 1_u8..40).prop_map(|(at, n)| Change::Remove(at, n)),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let n = bytes.len();
        if n == 0 {
            break;
        }
        match change {
            Change::Cut(at) => bytes.truncate(at.index(n)),
            Change::Flip(at, byte) => bytes[at.index(n)] ^= byte,
            Change::Extreme(at, width) => {
                let (at, width) = (at.index(n), usize::from(*width));
                let end = (at + width).min(n);
                bytes[at..end].fill(if width % 2 == 0 { 0xff } else { 0x7f });
            }
            Change::Splice(from, to, width) => {
                let (from, to, width) = (from.index(n), to.index(n), usize::from(*width));
                let part = bytes[from..(from + width).min(n)].to_vec();
                let end = (to + part.len()).min(n);
                bytes[to..end].copy_from_slice(&part[..end - to]);
            }
            Change::Insert(at, part) => {
                let at = at.index(n);
                bytes.splice(at..at, part.iter().copied());
            }
            Change::Remove(at, width) => {
                let at = at.index(n);
                bytes.drain(at..(at + usize::from(*width)).min(n));
            }
        }
    }
    bytes
}

#[allow(clippy::disallowed_methods, reason = "tests run natively")]
fn now() -> Instant {
    Instant::now()
}

/// Opens the file in every way. What it holds is read or told, and soon.
fn is_told(bytes: &[u8]) -> Result<(), TestCaseError> {
    let start = now();
    match open("file", bytes) {
        Ok(import) => {
            prop_assert_eq!(import.dataset.items.len() + import.refusals.len(), import.n_rows);
            prop_assert!(
                import
                    .refusals
                    .iter()
                    .all(|refusal| !refusal.reason.is_empty() && !refusal.field.is_empty())
            );
        }
        Err(error) => prop_assert!(error.to_string().len() > 20),
    }
    match columns("file", bytes) {
        Ok(columns) => {
            let mapping = Mapping::guessed(&columns);
            if let Ok(import) = open_with("file", bytes, &mapping) {
                prop_assert_eq!(import.dataset.items.len() + import.refusals.len(), import.n_rows);
            }
        }
        Err(error) => prop_assert!(error.to_string().len() > 20),
    }
    prop_assert!(start.elapsed() < MAX_TIME, "took {:?}", start.elapsed());
    Ok(())
}

/// An archive of files as they are, so that changes to them are not seen by their checksums alone.
fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let offset = u32::try_from(out.len()).unwrap();
        let n = u32::try_from(content.len()).unwrap();
        let n_name = u16::try_from(name.len()).unwrap();
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(crc_32(content).to_le_bytes());
        common.extend(n.to_le_bytes());
        common.extend(n.to_le_bytes());
        common.extend(n_name.to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = u32::try_from(out.len()).unwrap();
    let n = u16::try_from(files.len()).unwrap();
    let n_bytes = u32::try_from(directory.len()).unwrap();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend(n_bytes.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let zip = Zip::open(bytes).unwrap();
    let read =
        |entry: &zip::Entry| (entry.name.clone(), zip.read(entry, &mut Budget::default()).unwrap());
    zip.entries.iter().map(read).collect()
}

#[test]
fn an_archive_of_unchanged_parts_opens() {
    let import = open("book.xlsx", &archive(&parts(fixture!("book.xlsx")))).unwrap();
    assert_eq!(import.dataset.items.len(), 12);
}

#[test]
fn files_that_are_cut_anywhere_are_told() {
    for whole in [fixture!("none-nested.parquet"), fixture!("rows.jsonl.gz")] {
        for n in 0..whole.len() {
            assert!(open("file", &whole[..n]).is_err(), "{n}");
        }
    }
}

const TEXTS: [&str; 8] = [
    r#"[{"id":"a","question":"Q1?","options":{"A":"v","B":"w"},"answer":["A","B"]},{"question":"Q2","answer":"x"}]"#,
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Q\"}],\"reference\":\"R\"}\n{\"question\":\"Q\",\"value\":3,\"low\":1,\"tolerance\":\"5%\"}\n",
    "id,question,A,B,answer\n1,\"Q, then?\",v,w,A\n2,Q2?,v,w,\"A, B\"\n",
    "What?,v,w,x,B\nAnd this?,v,w,x,C\n",
    "1. Q1?\nA) v\nB) w\nAnswer: B\n\n2. Q2? a) v b) w\n\nAnswer key\n1 B 2 A\n",
    "Q?\nA. v\nB. w\nANSWER: B\n\nQ?\nA. v\nB. w\nANSWER: A\n",
    "Aufgabe;Antwort a;Antwort b;Richtig\nQ1?;v;w;1\nQ2?;v;w;2\n",
    r#"{"schema":"viva-pack/1","id":"p","title":"P","version":"1","items":[{"id":"a","kind":"number","question":"Q","number":{"value":1,"low":0}}]}"#,
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn parquet_that_is_changed(changes in prop::collection::vec(change(), 1..4)) {
        for whole in [fixture!("none-nested.parquet"), fixture!("none-v2.parquet"), fixture!("columns.parquet")] {
            is_told(&changed(whole, &changes))?;
        }
    }

    #[test]
    fn packed_parquet_that_is_changed(changes in prop::collection::vec(change(), 1..4)) {
        for whole in [fixture!("snappy-v1.parquet"), fixture!("zstd-v2.parquet"), fixture!("gzip-plain.parquet"), fixture!("lz4-other.parquet")] {
            is_told(&changed(whole, &changes))?;
        }
    }

    #[test]
    fn parts_of_a_workbook_that_are_changed(part in any::<Index>(), changes in prop::collection::vec(change(), 1..4)) {
        let mut parts = parts(fixture!("book.xlsx"));
        let idx = part.index(parts.len());
        parts[idx].1 = changed(&parts[idx].1, &changes);
        is_told(&archive(&parts))?;
    }

    #[test]
    fn archives_that_are_changed(changes in prop::collection::vec(change(), 1..4)) {
        for whole in [fixture!("book.xlsx"), fixture!("several.zip"), fixture!("rows.jsonl.gz")] {
            is_told(&changed(whole, &changes))?;
        }
    }

    #[test]
    fn files_of_an_archive_that_are_changed(part in any::<Index>(), changes in prop::collection::vec(change(), 1..4)) {
        let mut parts = parts(fixture!("several.zip"));
        let idx = part.index(parts.len());
        parts[idx].1 = changed(&parts[idx].1, &changes);
        is_told(&archive(&parts))?;
    }

    #[test]
    fn text_that_is_changed(text in any::<Index>(), changes in prop::collection::vec(change(), 1..5)) {
        is_told(&changed(text.get(&TEXTS).as_bytes(), &changes))?;
    }

    #[test]
    fn text_that_is_put_together(one in any::<Index>(), other in any::<Index>(), at in any::<Index>()) {
        let (one, other) = (one.get(&TEXTS), other.get(&TEXTS));
        let cut = at.index(one.len());
        is_told(&[&one.as_bytes()[..cut], other.as_bytes()].concat())?;
    }
}
