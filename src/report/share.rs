//! Owns a run's result as a text short enough for an address: how each trial ended, by item and model, without any texts. It
//! travels in the fragment, which no server sees, and whoever opens it computes the figures anew.
//!
//! The text is `1.` and base64url (RFC 4648, section 5, without padding) of DEFLATE over: the length of a head as four bytes,
//! little-endian; the head as JSON; one byte for each item with the index of its category (two, little-endian, beyond 255
//! categories); one byte for each two trials, lower half first, models one after another, in them items, in them repeats: 0
//! unassigned, 1 not asked, 2 to 9 the outcomes in the order of [`Outcome`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grid::{Cell, Grid, Participant, Row, Scope, State};
use super::wording;
use crate::dataset::variant::{change_of, root_of};
use crate::dataset::{Item, ItemId};
use crate::prompt::Prompting;
use crate::provider::Class;
use crate::run::{Journal, Plan, PlannedDataset};
use crate::score::Outcome;

const VERSION: &str = "1.";
/// The most that a text may unpack to, in bytes: 20 models on 100,000 items take a million.
const MAX_BYTES: usize = 16_000_000;
/// More bytes than the names of a variant of a variant take.
const MAX_NAMES: usize = 100;

const OUTCOMES: [Outcome; 8] = [
    Outcome::Correct,
    Outcome::Incorrect,
    Outcome::Partial,
    Outcome::Refused,
    Outcome::Unreadable,
    Outcome::Truncated,
    Outcome::Failed,
    Outcome::Unscored,
];

/// What a shared result tells besides its trials. It comes from an address: everything in it is somebody's claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The run's name.
    pub title: String,
    /// First and last day, in UTC.
    pub dates: Option<(String, String)>,
    /// Which questions.
    pub datasets: Vec<SharedDataset>,
    /// Names and classes of the models.
    pub models: Vec<(String, Class)>,
    /// Names of the categories.
    pub categories: Vec<String>,
    /// How many items.
    pub n_items: usize,
    /// How many repeats.
    pub n_repeats: usize,
    /// Items that are variants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<SharedVariant>,
}

/// An item that is a variant of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedVariant {
    /// Its index.
    pub item: usize,
    /// The index of the item that it was made of; where that was not asked, of the first of its variants.
    pub of: usize,
    /// The names of what was changed, as in [`crate::dataset::variant::Variant::name`], parted by `~`.
    pub names: String,
}

/// Which questions were asked: who has the same set with the same fingerprint has the items in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDataset {
    /// [`crate::run::PlannedDataset::id`].
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the items that were taken.
    pub fingerprint: String,
    /// How many items were drawn and the seed, where it was a plain sample: whoever has the set draws the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<(usize, u64)>,
}

/// A result that was opened from an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// What it tells of itself.
    pub head: Head,
    /// How the trials ended. Items are named by their numbers, from 1: their texts are not in the address.
    pub grid: Grid,
}

/// Why a text is no shared result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Another version wrote it.
    #[error("this link was made by another version of the page; open it there")]
    Version,
    /// It was cut off or changed.
    #[error("this link is damaged or was cut off; ask for it again, and copy all of it")]
    Damaged,
    /// It unpacks to more than any run of this page has.
    #[error("this link unpacks to more than a run can hold; it was not opened")]
    TooLarge,
}

/// A grid as a text for an address. `journals` are those that it was made from; names of datasets come from the first.
pub fn share(grid: &Grid, journals: &[&Journal], title: &str) -> String {
    let sets = grid.models.first().and_then(|model| journals.get(model.run));
    let datasets = sets.map_or(&[][..], |journal| &journal.plan.datasets);
    let head = Head {
        title: title.to_owned(),
        dates: sets.and_then(|journal| super::methods::dates(journal)),
        datasets: datasets
            .iter()
            .map(|set| SharedDataset {
                id: set.id.clone(),
                version: set.version.clone(),
                fingerprint: set.fingerprint.clone(),
                sample: set.seed.map(|seed| (set.n_sampled, seed)),
            })
            .collect(),
        models: grid.models.iter().map(|model| (model.name.clone(), model.class)).collect(),
        categories: grid.categories.clone(),
        n_items: grid.items.len(),
        n_repeats: grid.n_repeats,
        variants: variants(grid),
    };
    // Only string keys, written to memory: cannot fail.
    let json = serde_json::to_vec(&head).unwrap_or_default();
    let mut bytes = u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
    bytes.extend(json);
    let is_wide = grid.categories.len() > 255;
    for row in &grid.items {
        let category = u16::try_from(row.category).unwrap_or(u16::MAX).to_le_bytes();
        bytes.extend(&category[..if is_wide { 2 } else { 1 }]);
    }
    for pair in grid.cells.chunks(2) {
        let code = |idx: usize| pair.get(idx).map_or(0, |cell| code_of(cell.state));
        bytes.push(code(0) | (code(1) << 4));
    }
    let packed = miniz_oxide::deflate::compress_to_vec(&bytes, 9);
    format!("{VERSION}{}", base64url(&packed))
}

/// Items that were found for a shared result: those of each dataset of its head, in order.
pub type Texts = Vec<Option<std::sync::Arc<Vec<Item>>>>;

impl Shared {
    /// A run without answers that holds the texts of those items for which there are any; [`Row::run`] and [`Row::item`] of
    /// the grid point into it. Sets whose number of items does not fit give no texts: better none than the wrong ones.
    pub fn with_texts(&mut self, texts: &Texts) -> Journal {
        let head = &self.head;
        let n_originals = self.grid.items.iter().filter(|row| row.change.is_none()).count();
        let n_found: Option<usize> =
            texts.iter().map(|set| set.as_ref().map(|items| items.len())).sum();
        let is_whole = texts.len() == head.datasets.len() && n_found == Some(n_originals);
        let mut items: Vec<Item> = vec![];
        let mut found = texts.iter().flatten().flat_map(|items| items.iter());
        for row in &mut self.grid.items {
            row.item = usize::MAX;
            if !is_whole || row.change.is_some() {
                continue;
            }
            if let Some(item) = found.next() {
                row.item = items.len();
                row.answer = item.choice().map(|choice| choice.answer);
                items.push(item.clone());
            }
        }
        let datasets = head.datasets.iter().map(|set| PlannedDataset {
            id: set.id.clone(),
            title: set.id.clone(),
            version: set.version.clone(),
            licence: String::new(),
            fingerprint: set.fingerprint.clone(),
            n_available: 0,
            n_sampled: 0,
            seed: None,
            selection: None,
            variants: vec![],
            do_not_show: false,
        });
        let plan = Plan {
            run_id: "shared".to_owned(),
            title: head.title.clone(),
            app_version: String::new(),
            datasets: datasets.collect(),
            items,
            models: vec![],
            assigned: vec![],
            n_repeats: 1,
            prompting: Prompting::default(),
            budget: None,
            judging: None,
        };
        Journal { plan, entries: vec![] }
    }
}

/// Opens what [`share`] wrote.
pub fn open_shared(text: &str) -> Result<Shared, ShareError> {
    let packed = text.trim().strip_prefix(VERSION).ok_or(ShareError::Version)?;
    let packed = from_base64url(packed).ok_or(ShareError::Damaged)?;
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MAX_BYTES).map_err(
        |error| match error.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => ShareError::TooLarge,
            _ => ShareError::Damaged,
        },
    )?;
    read(&bytes).ok_or(ShareError::Damaged)
}

fn read(bytes: &[u8]) -> Option<Shared> {
    let (size, bytes) = bytes.split_first_chunk::<4>()?;
    let (json, bytes) = bytes.split_at_checked(usize::try_from(u32::from_le_bytes(*size)).ok()?)?;
    let head: Head = serde_json::from_slice(json).ok()?;
    let width = if head.categories.len() > 255 { 2 } else { 1 };
    let (categories, codes) = bytes.split_at_checked(head.n_items.checked_mul(width)?)?;
    let n_cells = head.models.len().checked_mul(head.n_items)?.checked_mul(head.n_repeats)?;
    let is_possible = (1..=usize::from(u16::MAX)).contains(&head.n_repeats);
    if !is_possible || codes.len() != n_cells.div_ceil(2) {
        return None;
    }
    let mut items = Vec::with_capacity(head.n_items);
    for (idx, category) in categories.chunks(width).enumerate() {
        let category = category.iter().rev().fold(0, |sum, byte| sum * 256 + usize::from(*byte));
        head.categories.get(category)?;
        items.push(Row {
            id: ItemId((idx + 1).to_string()),
            category,
            answer: None,
            run: 0,
            item: idx,
            change: None,
        });
    }
    for variant in &head.variants {
        items.get(variant.of)?;
        let id = ItemId(format!("{}~{}", variant.of + 1, variant.names));
        let change = change_of(&id).filter(|_| variant.names.len() < MAX_NAMES)?;
        let row = items.get_mut(variant.item)?;
        (row.id, row.change) = (id, Some(change));
    }
    let halves = codes.iter().flat_map(|byte| [byte & 15, byte >> 4]).take(n_cells);
    let cells: Option<Vec<Cell>> =
        halves.map(|code| state_of(code).map(|state| Cell { state, ..Cell::UNASSIGNED })).collect();
    let models = head.models.iter().enumerate().map(|(model, (name, class))| Participant {
        name: wording::name(name),
        class: *class,
        run: 0,
        model,
    });
    let grid = Grid {
        models: models.collect(),
        categories: head.categories.iter().map(|name| wording::name(name)).collect(),
        n_repeats: head.n_repeats,
        scope: Scope::of(&items),
        items,
        cells: cells?,
        votes: BTreeMap::new(),
    };
    Some(Shared { head, grid })
}

/// Which items are variants, and of which.
fn variants(grid: &Grid) -> Vec<SharedVariant> {
    let mut originals: BTreeMap<&str, usize> = BTreeMap::new();
    for (idx, row) in grid.items.iter().enumerate().filter(|(_, row)| row.change.is_none()) {
        originals.entry(&row.id.0).or_insert(idx);
    }
    let mut first_of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut variants = vec![];
    for (item, row) in grid.items.iter().enumerate().filter(|(_, row)| row.change.is_some()) {
        let root = root_of(&row.id);
        let of = originals.get(root).copied();
        let of = of.unwrap_or_else(|| *first_of.entry(root).or_insert(item));
        let names = row.id.0.get(root.len() + 1..).unwrap_or_default().to_owned();
        variants.push(SharedVariant { item, of, names });
    }
    variants
}

fn code_of(state: State) -> u8 {
    match state {
        State::Unassigned => 0,
        State::NotAsked => 1,
        State::Ended(outcome) => {
            let place = OUTCOMES.iter().position(|known| *known == outcome);
            place.and_then(|place| u8::try_from(place + 2).ok()).unwrap_or(1)
        }
    }
}

fn state_of(code: u8) -> Option<State> {
    match code {
        0 => Some(State::Unassigned),
        1 => Some(State::NotAsked),
        _ => OUTCOMES.get(usize::from(code) - 2).copied().map(State::Ended),
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |idx: usize| u32::from(chunk.get(idx).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..=chunk.len() {
            let letter = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(LETTERS[letter as usize]));
        }
    }
    text
}

#[allow(clippy::cast_possible_truncation, reason = "the lowest byte is what is wanted")]
fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in text.as_bytes().chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut bits = 0_u32;
        for place in 0..4 {
            let letter = chunk.get(place).copied().unwrap_or(b'A');
            bits =
                (bits << 6) | u32::try_from(LETTERS.iter().position(|own| *own == letter)?).ok()?;
        }
        bytes.extend((1..chunk.len()).map(|idx| (bits >> (24 - 8 * idx)) as u8));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Unanswered, leaderboard, pairs};
    use crate::run::fixture::journal;
    use proptest::prelude::*;

    fn run() -> Journal {
        let general = Class::GeneralPurpose;
        let mut run = journal(
            "a",
            &[
                ("m „x“", general, &["cirutfx-p", "ccccccccc"]),
                ("n", Class::Clinical, &["iiiiccccc", "c-c-c-c-c"]),
            ],
        );
        run.plan.assigned[1] = Some(vec![0, 1, 2, 3]);
        run.plan.items[8].id = ItemId("q7~rot1".to_owned());
        run
    }

    #[test]
    fn figures_of_a_shared_result_are_those_of_the_run() {
        let run = run();
        let grid = Grid::of(&run);
        let text = share(&grid, &[&run], "A run");
        let shared = open_shared(&text).unwrap();
        assert_eq!(shared.head.title, "A run");
        assert_eq!(shared.head.datasets[0].fingerprint, "f".repeat(64));
        for rule in Unanswered::ALL {
            assert_eq!(leaderboard(&shared.grid, rule), leaderboard(&grid, rule));
            assert_eq!(pairs(&shared.grid, rule), pairs(&grid, rule));
        }
        assert_eq!((shared.grid.scope, shared.grid.n_counted()), (grid.scope, grid.n_counted()));
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{text}");
    }

    #[test]
    fn texts_come_back_where_all_of_them_are_there() {
        let mut run = run();
        run.plan.datasets[0].seed = Some(7);
        run.plan.datasets[0].n_sampled = 8;
        let text = share(&Grid::of(&run), &[&run], "A run");
        let mut shared = open_shared(&text).unwrap();
        assert_eq!(shared.head.datasets[0].sample, Some((8, 7)));
        let (original, variants): (Vec<Item>, Vec<Item>) =
            run.plan.items.iter().cloned().partition(|item| change_of(&item.id).is_none());
        assert_eq!((original.len(), variants.len()), (8, 1));
        let journal = shared.with_texts(&vec![Some(std::sync::Arc::new(original.clone()))]);
        for (row, item) in shared.grid.items.iter().zip(&original) {
            assert_eq!(&journal.plan.items[row.item], item);
            assert_eq!(row.answer, Some(1));
        }
        assert_eq!(shared.grid.items[8].item, usize::MAX);
        for texts in [vec![], vec![None], vec![Some(std::sync::Arc::new(original[1..].to_vec()))]] {
            assert!(shared.with_texts(&texts).plan.items.is_empty());
        }
    }

    #[test]
    fn what_is_damaged_or_too_large_is_refused() {
        let run = run();
        let text = share(&Grid::of(&run), &[&run], "A run");
        assert_eq!(open_shared("9.abc"), Err(ShareError::Version));
        assert_eq!(open_shared(&text[..text.len() / 2]), Err(ShareError::Damaged));
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; MAX_BYTES + 1], 9);
        let bomb = format!("{VERSION}{}", base64url(&bomb));
        assert_eq!(open_shared(&bomb), Err(ShareError::TooLarge));
        let huge = br#"{"title":"","dates":null,"datasets":[],"models":[["m","person"]],"categories":["a"],"n_items":9999999999,"n_repeats":9999999999}"#;
        let mut bytes = u32::try_from(huge.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend(huge);
        assert_eq!(read(&bytes), None);
    }

    proptest! {
        #[test]
        fn bytes_survive_their_letters(bytes: Vec<u8>) {
            prop_assert_eq!(from_base64url(&base64url(&bytes)), Some(bytes));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "[A-Za-z0-9_-]{0,200}", bytes: Vec<u8>) {
            let _ = open_shared(&format!("{VERSION}{text}"));
            let _ = read(&bytes);
        }
    }
}
