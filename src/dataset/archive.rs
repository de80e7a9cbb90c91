//! Owns archives of several files: each is opened on its own, and what they hold is put together with the names kept.

use std::collections::BTreeMap;

use super::intake::Mode;
use super::open::{open_one, peel, stem};
use super::unpack::Budget;
use super::zip::{self, Entry, Zip};
use super::{Dataset, Error, Import, Item, Refusal, Split, xlsx};

/// More files than these are not opened.
const MAX_FILES: usize = 1_000;
/// Files that gave nothing are listed by name up to here.
const N_NAMED: usize = 12;

/// Whether a file of the archive is one that a person put there to be opened, and not what systems leave.
fn is_content(entry: &Entry) -> bool {
    let name = entry.name.rsplit('/').next().unwrap_or_default();
    !entry.name.starts_with("__MACOSX/")
        && !name.starts_with('.')
        && !name.eq_ignore_ascii_case("thumbs.db")
}

/// The files of the archive that are to be opened.
pub(super) fn files<'a>(zip: &'a Zip) -> impl Iterator<Item = &'a Entry> {
    zip.entries.iter().filter(|entry| is_content(entry)).take(MAX_FILES)
}

/// Opens each file, and puts their items together.
pub(super) fn open(
    file_name: &str,
    zip: &Zip,
    mode: &Mode,
    budget: &mut Budget,
) -> Result<Import, Error> {
    let mut opened = Vec::new();
    let mut failed = Vec::new();
    for entry in files(zip) {
        match content(zip, entry, budget)
            .map_err(|reason| Error::Archive { file: entry.name.clone(), reasons: vec![reason] })
            .and_then(|bytes| open_file(&entry.name, &bytes, mode, budget))
        {
            Ok(import) => opened.push((entry.name.as_str(), import)),
            Err(error) => failed.push((entry.name.as_str(), error)),
        }
    }
    // Logs of other tools are archives too, and the page knows where they belong.
    let is_empty =
        opened.iter().all(|(_, import): &(&str, Import)| import.dataset.items.is_empty());
    let answers = failed.iter().find_map(|(_, error)| match error {
        Error::IsAnswers { found, .. } => Some(found.clone()),
        _ => None,
    });
    if let Some(found) = answers.filter(|_| is_empty) {
        return Err(Error::IsAnswers { file: file_name.to_owned(), found });
    }
    if opened.is_empty() {
        let mut reasons: Vec<String> =
            failed.iter().take(N_NAMED).map(|(name, error)| told(name, error)).collect();
        if failed.is_empty() {
            reasons.push("it holds no files".to_owned());
        }
        return Err(Error::Archive { file: file_name.to_owned(), reasons });
    }
    let mut import = merged(file_name, opened);
    if !failed.is_empty() {
        let others = if N_NAMED < failed.len() { " and others" } else { "" };
        let reasons: Vec<String> =
            failed.iter().take(N_NAMED).map(|(name, error)| told(name, error)).collect();
        import.notices.push(format!(
            "Files of the archive that were not read: {}{others}.",
            reasons.join("; ")
        ));
    }
    if MAX_FILES < zip.entries.len() {
        import.notices.push(format!(
            "The archive has more than {MAX_FILES} files; the others were not opened."
        ));
    }
    Ok(import)
}

/// The content of a file of the archive.
pub(super) fn content(zip: &Zip, entry: &Entry, budget: &mut Budget) -> Result<Vec<u8>, String> {
    zip.read(entry, budget)
}

/// Opens a file of an archive; an archive in it is refused, since it may hold itself.
fn open_file(name: &str, bytes: &[u8], mode: &Mode, budget: &mut Budget) -> Result<Import, Error> {
    let bytes = inner(name, bytes, budget)?;
    open_one(name, &bytes, mode, budget)
}

/// The bytes of a file of an archive, without an outer wrapping.
pub(super) fn inner<'a>(
    name: &str,
    bytes: &'a [u8],
    budget: &mut Budget,
) -> Result<std::borrow::Cow<'a, [u8]>, Error> {
    let bytes = peel(name, bytes, budget)?;
    if zip::is_zip(&bytes) && !Zip::open(&bytes).is_ok_and(|zip| xlsx::is_workbook(&zip)) {
        let reason = "it is a ZIP within a ZIP; unpack the outer one first".to_owned();
        return Err(Error::Archive { file: name.to_owned(), reasons: vec![reason] });
    }
    Ok(bytes)
}

fn told(name: &str, error: &Error) -> String {
    let reason = match error {
        Error::Archive { reasons, .. } => reasons.join("; "),
        Error::Broken { reason, .. } => reason.clone(),
        Error::NotQuestions { found, .. } | Error::RightAnswersAlone { found, .. } => {
            format!("no questions, {found}")
        }
        Error::Empty { .. } => "it is empty".to_owned(),
        Error::Binary { what, .. } | Error::StandIn { what, .. } => format!("it is {what}"),
        Error::IsAnswers { found, .. } => format!("answers, not questions ({found})"),
        Error::UnknownPack { schema, .. } => format!("a pack of the unknown form {schema}"),
    };
    format!("{name} ({reason})")
}

/// The items of all files, in the order of the archive; each file is a subset that can be chosen.
fn merged(file_name: &str, mut opened: Vec<(&str, Import)>) -> Import {
    if opened.len() == 1
        && let Some((name, mut import)) = opened.pop()
    {
        import.notices.insert(0, format!("Read from {name} in the archive."));
        return import;
    }
    let name = stem(file_name);
    let mut all = Import {
        dataset: Dataset {
            id: name.to_owned(),
            title: name.to_owned(),
            version: String::new(),
            language: String::new(),
            licence: String::new(),
            items: vec![],
            splits: vec![],
        },
        refusals: vec![],
        notices: vec![],
        n_rows: 0,
    };
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    let mut n_renamed = 0_usize;
    let names: Vec<&str> = opened.iter().map(|(name, _)| *name).collect();
    all.notices.push(format!("Read one after another: {}.", names.join(", ")));
    for (name, import) in opened {
        all.n_rows += import.n_rows;
        all.notices.extend(import.notices.into_iter().map(|notice| format!("{name}: {notice}")));
        all.refusals.extend(import.refusals.into_iter().map(|refusal| Refusal {
            reason: format!("{} (in {name})", refusal.reason),
            ..refusal
        }));
        let mut item_idxs = Vec::new();
        for mut item in import.dataset.items {
            if let Some(first) = by_id.get(&item.id.0).and_then(|idx| all.dataset.items.get(*idx)) {
                if is_same(first, &item) {
                    all.refusals.push(Refusal {
                        line: None,
                        item: Some(item.id.0),
                        field: "id".to_owned(),
                        reason: format!("the same item stands in an earlier file of the archive and was kept (in {name})"),
                    });
                    continue;
                }
                n_renamed += 1;
                let stem = stem(name);
                let mut id = format!("{stem}:{}", item.id.0);
                let mut n = 2_usize;
                while by_id.contains_key(&id) {
                    id = format!("{stem}:{}#{n}", item.id.0);
                    n += 1;
                }
                item.id.0 = id;
            }
            by_id.insert(item.id.0.clone(), all.dataset.items.len());
            item_idxs.push(all.dataset.items.len());
            all.dataset.items.push(item);
        }
        all.dataset.splits.push(Split { name: name.to_owned(), item_idxs });
    }
    if n_renamed > 0 {
        all.notices.push(format!("{n_renamed} items had an id that an earlier file uses, and were named after their file."));
    }
    all
}

fn is_same(one: &Item, other: &Item) -> bool {
    one.question == other.question && one.context == other.context && one.kind == other.kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_unpacks_to_more_than_is_allowed_is_refused() {
        let bytes = include_bytes!("../../tests/data/files/bomb.zip");
        let zip = Zip::open(bytes).unwrap();
        let told = |limit| {
            let mut budget = Budget::new(limit);
            open("bomb.zip", &zip, &Mode::Recognise, &mut budget).unwrap_err().to_string()
        };
        assert!(
            told(2 << 20).contains("big.jsonl (it unpacks to more than 2 MB"),
            "{}",
            told(2 << 20)
        );
        // It holds nothing but spaces.
        assert!(told(4 << 20).contains("big.jsonl (it is empty)"));
    }

    #[test]
    fn what_an_archive_says_of_its_sizes_is_not_believed() {
        // The size in the directory, which says less than what comes out.
        let mut bytes = include_bytes!("../../tests/data/files/bomb.zip").to_vec();
        let at = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
        let zip = Zip::open(&bytes).unwrap();
        let told = open("bomb.zip", &zip, &Mode::Recognise, &mut Budget::new(1 << 20));
        assert!(told.unwrap_err().to_string().contains("more than 1 MB"));
    }
}
