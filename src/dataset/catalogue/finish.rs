//! Owns the last step of a load: what was fetched becomes items, is checked against what the catalogue expects, and the
//! rules of the set are applied.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{Entry, Failure, Gotten, Part, Role, disputed};
use crate::dataset::fingerprint::{fingerprint, hex};
use crate::dataset::intake::Mode;
use crate::dataset::known::Known;
use crate::dataset::open::open_as;
use crate::dataset::shapes::Evidences;
use crate::dataset::{Dataset, Import, Item, ItemId, Split};

/// A set that was loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// Its items, with what was refused and what is to be told.
    pub import: Import,
    /// Fingerprint of all its items.
    pub fingerprint: String,
    /// Index of the split that its authors ask, where what loads holds more.
    pub official_split: Option<usize>,
    /// Index of the split without the items that physicians found fault with, where their votes were loaded.
    pub undisputed_split: Option<usize>,
    /// Whether the rows are as many as the catalogue expects; `None` where it expects no number.
    pub is_count_right: Option<bool>,
    /// [`Entry::do_not_show`].
    pub do_not_show: bool,
}

/// Makes items of what was fetched for `entry`: the files of [`super::Load::gotten`], or one that was opened by hand
/// ([`Gotten::by_hand`]) in their place.
pub fn finish(entry: &Entry, gotten: &[Gotten]) -> Result<Finished, Failure> {
    let with_role = |role: Role| {
        gotten.iter().filter_map(move |gotten| {
            let part = entry.parts.get(gotten.part)?;
            (part.role == role && !gotten.is_missing()).then_some((part, gotten))
        })
    };
    let mut evidences = None;
    for (part, gotten) in with_role(Role::Evidences) {
        let text = String::from_utf8_lossy(gotten.content.bytes());
        let read = Evidences::read(&text).map_err(|reason| {
            Failure::of(entry, format!("{} cannot be used: {reason}.", part.name))
        })?;
        evidences = Some(read);
    }
    let mut import: Option<Import> = None;
    let has_several = with_role(Role::Questions).count() > 1;
    for (part, gotten) in with_role(Role::Questions) {
        let known = Known {
            keep: entry.rules.keep.clone(),
            first_option: entry.rules.first_option.map(i64::from),
            evidences: evidences.clone(),
            id_prefix: Some(part.name.clone()),
        };
        let read =
            open_as(&gotten.file_name, gotten.content.bytes(), &Mode::Known(Box::new(known)))
                .map_err(|error| Failure::of(entry, error.to_string()))?;
        join(import.get_or_insert_with(empty), read, part, has_several);
    }
    let Some(mut import) = import else {
        return Err(Failure::of(entry, format!("Nothing of {} was loaded.", entry.title)));
    };
    import.notices.extend(gotten.iter().flat_map(|gotten| gotten.notices.iter().cloned()));
    import.notices.extend(gotten.iter().filter_map(|gotten| hash_notice(entry, gotten)));
    let is_count_right = check_count(entry, gotten, &mut import);
    describe(entry, gotten, &mut import.dataset);
    let mut undisputed_split = None;
    for (_, gotten) in with_role(Role::Relabelling) {
        match disputed::undisputed(gotten.content.bytes(), &import.dataset.items) {
            Ok((split, notice)) => {
                undisputed_split = Some(import.dataset.splits.len());
                import.dataset.splits.push(split);
                import.notices.push(notice);
            }
            Err(reason) => import.notices.push(format!(
                "The disputed questions cannot be set aside: the file of the physicians' votes cannot be used ({reason})."
            )),
        }
    }
    for without in &entry.rules.without {
        let split = without_words(&import.dataset.items, &without.what, &without.words);
        import.dataset.splits.extend(split);
    }
    let has_official = entry.has_official_split && !import.dataset.splits.is_empty();
    let fingerprint = fingerprint(&import.dataset.items);
    Ok(Finished {
        fingerprint,
        official_split: has_official.then_some(0),
        undisputed_split,
        is_count_right,
        do_not_show: entry.do_not_show,
        import,
    })
}

fn empty() -> Import {
    let dataset = Dataset {
        id: String::new(),
        title: String::new(),
        version: String::new(),
        language: String::new(),
        licence: String::new(),
        items: vec![],
        splits: vec![],
    };
    Import { dataset, refusals: vec![], notices: vec![], n_rows: 0 }
}

/// Puts the items of a part behind those before; an id that is taken gets the part's name.
fn join(all: &mut Import, read: Import, part: &Part, has_several: bool) {
    let Import { dataset, refusals, notices, n_rows } = read;
    let n_before = all.dataset.items.len();
    all.n_rows += n_rows;
    all.refusals.extend(refusals);
    let named = |notice: String| {
        if has_several { format!("{}: {notice}", part.name) } else { notice }
    };
    all.notices.extend(notices.into_iter().map(named));
    let taken: BTreeSet<String> = all.dataset.items.iter().map(|item| item.id.0.clone()).collect();
    for mut item in dataset.items {
        if taken.contains(&item.id.0) {
            item.id = ItemId(format!("{}-{}", part.name, item.id));
        }
        all.dataset.items.push(item);
    }
    all.dataset.splits.extend(dataset.splits.into_iter().map(|split| Split {
        name: split.name,
        item_idxs: split.item_idxs.into_iter().map(|idx| idx + n_before).collect(),
    }));
}

/// Tells that a file is not what it was when the catalogue was written.
fn hash_notice(entry: &Entry, gotten: &Gotten) -> Option<String> {
    let place = entry.parts.get(gotten.part)?.places.get(gotten.place?)?;
    let expected = place.sha256()?;
    (hex(&Sha256::digest(gotten.content.bytes())) != expected).then(|| {
        format!(
            "The file {} is not the one that the catalogue was made with: its authors may have changed it. Results may differ from published ones.",
            gotten.file_name
        )
    })
}

/// Compares the number of rows with what is expected of the parts.
fn check_count(entry: &Entry, gotten: &[Gotten], import: &mut Import) -> Option<bool> {
    let parts: BTreeSet<usize> = gotten.iter().map(|gotten| gotten.part).collect();
    let questions = parts
        .into_iter()
        .filter_map(|idx| entry.parts.get(idx))
        .filter(|part| part.role == Role::Questions);
    let counts: Option<Vec<usize>> = questions.map(|part| part.n_rows).collect();
    let expected: usize = counts?.iter().sum();
    let is_right = import.n_rows == expected;
    if !is_right {
        let n = import.n_rows;
        import.notices.push(format!(
            "{n} rows came where the catalogue expects {expected}: the set may have changed, or a part may be missing."
        ));
    }
    Some(is_right)
}

fn describe(entry: &Entry, gotten: &[Gotten], dataset: &mut Dataset) {
    dataset.id.clone_from(&entry.id);
    dataset.title.clone_from(&entry.title);
    dataset.licence.clone_from(&entry.licence.name);
    dataset.language = if entry.language == "mul" { String::new() } else { entry.language.clone() };
    let places =
        gotten.iter().filter_map(|gotten| entry.parts.get(gotten.part)?.places.get(gotten.place?));
    let addresses: Vec<String> = places.map(|place| place.url(0)).collect();
    dataset.version = addresses.first().cloned().unwrap_or_default();
}

/// The items whose questions hold none of the words; `None` if that is all or none of them.
fn without_words(items: &[Item], what: &str, words: &[String]) -> Option<Split> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let item_idxs: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| {
            let question = item.question.to_lowercase();
            !words.iter().any(|word| question.contains(word))
        })
        .map(|(idx, _)| idx)
        .collect();
    let n_left_out = items.len() - item_idxs.len();
    let name = format!("without {n_left_out} {what} ({})", item_idxs.len());
    (n_left_out > 0 && !item_idxs.is_empty()).then_some(Split { name, item_idxs })
}
