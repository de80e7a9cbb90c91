//! Owns the sets that are open, behind messages: whoever asks is in another thread and gets summaries and pages, not whole
//! sets, so that a set of a hundred thousand items blocks nothing.

mod editing;
mod naming;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalogue::{Entry, Gotten, Role, finish};
use super::edit::{About, PackDraft};
use super::mapping::{Column, Mapping, open_with};
use super::{Error, Import, Item, ItemRecord, Kind, Refusal, Selection, fingerprint, open, select};

/// More refusals are counted, and not listed one by one.
const N_REFUSALS: usize = 200;
/// More names of a facet are not offered as filters.
const N_NAMES: usize = 200;

/// Names an open set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SetId(pub u32);

/// What is asked of the library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "requests are made one at a time")]
pub enum Request {
    /// Items of a set that a choice takes, part by part, as [`Response::Items`].
    Take {
        /// Of which set.
        set: SetId,
        /// Index of one of its splits; `None` for all items.
        split: Option<usize>,
        /// Which of them.
        selection: Box<Selection>,
        /// How many of those taken to pass over.
        start: usize,
        /// How many to give at most.
        n: usize,
    },
    /// Columns of the file that was last opened without success, or looked at, as [`Response::Columns`].
    Columns,
    /// What a mapping makes of that file, without opening it, as [`Response::Preview`].
    Preview {
        /// What its columns are.
        mapping: Mapping,
    },
    /// Opens that file, as [`Response::Opened`].
    OpenWith {
        /// What its columns are.
        mapping: Mapping,
    },
    /// Items of the file that was opened to be edited, as [`Response::DraftItems`].
    DraftItems {
        /// How many to pass over.
        start: usize,
        /// How many to give at most.
        n: usize,
    },
    /// Lets go of a set.
    Close {
        /// Which.
        set: SetId,
    },
}

/// What the library answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// A file is being opened. Its answer follows.
    Reading {
        /// How much of it was read, from 0 to 1.
        share: f64,
    },
    /// A file was opened.
    Opened(Box<Summary>),
    /// What was fetched of a published set became questions.
    Finished {
        /// What is told of it.
        summary: Box<Summary>,
        /// What was found in checking it; `None` where its form had to be guessed.
        check: Option<Check>,
    },
    /// A part of what a choice takes.
    Items {
        /// How many the choice takes in all.
        n_taken: usize,
        /// How many it is taken from.
        n_available: usize,
        /// Of all that it takes; empty but in the part that begins at the first.
        fingerprint: String,
        /// Ids of the choice's list that no item has.
        unknown_ids: Vec<String>,
        /// The part.
        items: Vec<ItemRecord>,
    },
    /// Columns of a file.
    Columns {
        /// With examples, and guesses at what they are.
        columns: Vec<Column>,
        /// What the guesses make.
        mapping: Mapping,
        /// Under which a mapping for these columns is remembered; it tells nothing of them.
        key: String,
    },
    /// What a mapping makes of a file.
    Preview {
        /// The first of its items.
        items: Vec<ItemRecord>,
        /// All of them.
        n_items: usize,
        /// The first rows that could not be read.
        refusals: Vec<Refusal>,
        /// All of them.
        n_refused: usize,
        /// What was assumed or changed.
        notices: Vec<String>,
    },
    /// A file was opened to be edited.
    Draft {
        /// What it says of itself.
        about: About,
        /// Its items, those included that cannot be asked yet.
        n_items: usize,
        /// Entries that are no items.
        refusals: Vec<Refusal>,
        /// What was assumed or changed in reading it.
        notices: Vec<String>,
    },
    /// A part of the items of the file that is edited.
    DraftItems {
        /// They may be unfinished.
        items: Vec<ItemRecord>,
    },
    /// The set was let go.
    Closed,
    /// It cannot be done, and why.
    Refused {
        /// For people.
        reason: String,
    },
}

/// What was found in checking a set that was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// SHA-256 of the canonical form of all its items, in hex.
    pub fingerprint: String,
    /// Rows that came.
    pub n_rows: usize,
    /// Whether these are as many as the catalogue expects; `None` where it expects no number.
    pub is_count_right: Option<bool>,
    /// Index of the split that its authors ask.
    pub official_split: Option<usize>,
    /// Index of the split without the items that physicians found fault with.
    pub undisputed_split: Option<usize>,
}

/// What is told of an open set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// By which it is asked for.
    pub set: SetId,
    /// [`super::Dataset::id`].
    pub id: String,
    /// [`super::Dataset::title`].
    pub title: String,
    /// [`super::Dataset::version`].
    pub version: String,
    /// [`super::Dataset::language`].
    pub language: String,
    /// [`super::Dataset::licence`].
    pub licence: String,
    /// Its items.
    pub n_items: usize,
    /// Rows of the file, those refused included.
    pub n_rows: usize,
    /// Names of its splits, and how many items each has.
    pub splits: Vec<(String, usize)>,
    /// What was assumed or changed in reading it.
    pub notices: Vec<String>,
    /// Rows that could not be read.
    pub n_refused: usize,
    /// The first of them.
    pub refusals: Vec<Refusal>,
    /// Categories with how many items each has, by name.
    pub categories: Vec<(String, usize)>,
    /// Tags with how many items each has, by name.
    pub tags: Vec<(String, usize)>,
    /// Items that a judge or a person must grade.
    pub n_open_ended: usize,
    /// An item, to show; none of a set that is not to be shown.
    pub first: Option<ItemRecord>,
    /// Its authors ask not to show its items in plain text where a page could be indexed.
    #[serde(default)]
    pub do_not_show: bool,
}

/// The sets that are open.
#[derive(Debug, Default)]
pub struct Library {
    sets: BTreeMap<SetId, Import>,
    n_opened: u32,
    /// The last choice made and what it takes, since its parts are asked for one after another.
    last: Option<(SetId, Option<usize>, Selection, Vec<usize>)>,
    /// Name and bytes of a file that could not be read as it is, kept so that a mapping can be tried.
    unread: Option<(String, Vec<u8>)>,
    /// A file that was opened to be edited.
    draft: Option<PackDraft>,
}

impl Library {
    /// Opens a file's bytes. Those of a file that gives no item are kept, for [`Request::Columns`].
    pub fn open(&mut self, file_name: &str, bytes: &[u8]) -> Response {
        let opened = open(file_name, bytes);
        let is_unread = match &opened {
            Ok(import) => import.dataset.items.is_empty(),
            Err(error) => can_be_mapped(error),
        };
        self.unread = is_unread.then(|| (file_name.to_owned(), bytes.to_vec()));
        match opened {
            Ok(import) => Response::Opened(Box::new(self.shelve(import))),
            Err(error) => Response::Refused { reason: error.to_string() },
        }
    }

    /// Opens a file's bytes whose columns are known, say from another file with the same ones.
    pub fn open_with(&mut self, file_name: &str, bytes: &[u8], mapping: &Mapping) -> Response {
        match open_with(file_name, bytes, mapping) {
            Ok(import) => {
                self.unread = None;
                Response::Opened(Box::new(self.shelve(import)))
            }
            Err(error) => Response::Refused { reason: error.to_string() },
        }
    }

    /// Makes items of what was fetched of a published set, and takes them in. What cannot be told for questions, and is one
    /// file, is opened as a file of the person's own would be.
    pub fn finish(&mut self, entry: &Entry, gotten: &[Gotten]) -> Response {
        let reason = match finish(entry, gotten) {
            Ok(finished) if is_unread(&finished.import) => {
                nothing_read(&entry.title, &finished.import)
            }
            Ok(finished) => {
                let check = Check {
                    fingerprint: finished.fingerprint,
                    n_rows: finished.import.n_rows,
                    is_count_right: finished.is_count_right,
                    official_split: finished.official_split,
                    undisputed_split: finished.undisputed_split,
                };
                let mut summary = self.shelve(finished.import);
                summary.do_not_show = finished.do_not_show;
                if finished.do_not_show {
                    summary.first = None;
                }
                return Response::Finished { summary: Box::new(summary), check: Some(check) };
            }
            Err(failure) => failure.to_string(),
        };
        let is_question = |gotten: &&Gotten| {
            let part = entry.parts.get(gotten.part);
            part.is_some_and(|part| part.role == Role::Questions) && !gotten.is_missing()
        };
        let questions: Vec<&Gotten> = gotten.iter().filter(is_question).collect();
        if let [one] = questions.as_slice()
            && let Response::Opened(summary) = self.open(&one.file_name, one.content.bytes())
        {
            if self.unread.is_none() && summary.n_refused <= summary.n_items {
                return Response::Finished { summary, check: None };
            }
            self.sets.remove(&summary.set);
        }
        Response::Refused { reason }
    }

    /// Takes in the set of a file that was read piece by piece.
    pub fn streamed(&mut self, import: Import) -> Response {
        self.unread = None;
        Response::Opened(Box::new(self.shelve(import)))
    }

    /// Takes in a set that was made elsewhere.
    pub fn shelve(&mut self, import: Import) -> Summary {
        self.n_opened += 1;
        let set = SetId(self.n_opened);
        let summary = summary_of(set, &import);
        self.sets.insert(set, import);
        summary
    }

    /// Answers.
    pub fn handle(&mut self, request: Request) -> Response {
        match request {
            Request::Take { set, split, selection, start, n } => {
                self.take(set, split, &selection, start, n)
            }
            Request::Columns => self.columns(),
            Request::Preview { mapping } => self.preview(&mapping),
            Request::OpenWith { mapping } => self.open_unread(&mapping),
            Request::DraftItems { start, n } => self.draft_items(start, n),
            Request::Close { set } => {
                self.sets.remove(&set);
                self.last = self.last.take().filter(|(last, ..)| *last != set);
                Response::Closed
            }
        }
    }

    fn take(
        &mut self,
        set: SetId,
        split: Option<usize>,
        selection: &Selection,
        start: usize,
        n: usize,
    ) -> Response {
        let Some(import) = self.sets.get(&set) else {
            let reason = "This set is not open any more. Open its file again.".to_owned();
            return Response::Refused { reason };
        };
        let items = &import.dataset.items;
        let pool: Vec<usize> = match split.and_then(|idx| import.dataset.splits.get(idx)) {
            Some(split) => split.item_idxs.clone(),
            None => (0..items.len()).collect(),
        };
        let is_last =
            self.last.as_ref().is_some_and(|(a, b, c, _)| (*a, *b, c) == (set, split, selection));
        if !is_last {
            let taken = select(items, &pool, selection);
            self.last = Some((set, split, selection.clone(), taken));
        }
        let taken = self.last.as_ref().map_or(&[][..], |(.., taken)| taken.as_slice());
        let part = taken.iter().skip(start).take(n).filter_map(|idx| items.get(*idx));
        let fingerprint = if start == 0 {
            let all: Vec<Item> = taken.iter().filter_map(|idx| items.get(*idx).cloned()).collect();
            fingerprint(&all)
        } else {
            String::new()
        };
        Response::Items {
            n_taken: taken.len(),
            n_available: pool.len(),
            fingerprint,
            unknown_ids: selection
                .filter
                .unknown_ids(items)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            items: part.map(ItemRecord::from).collect(),
        }
    }
}

/// Whether less than half of a file could be read: it is of another form than was thought.
fn is_unread(import: &Import) -> bool {
    import.n_rows < 2 * import.refusals.len()
}

fn nothing_read(title: &str, import: &Import) -> String {
    let (n, n_rows) = (import.refusals.len(), import.n_rows);
    let first = import.refusals.first().map_or_else(String::new, |refusal| {
        let Refusal { field, reason, .. } = refusal;
        format!(" The first of them: {field} {reason}.")
    });
    format!("{n} of {n_rows} rows of {title} could not be read as questions.{first}")
}

/// Whether other names for its columns could make questions of a file.
fn can_be_mapped(error: &Error) -> bool {
    match error {
        Error::NotQuestions { .. } | Error::Archive { .. } => true,
        Error::Empty { .. }
        | Error::Binary { .. }
        | Error::Broken { .. }
        | Error::StandIn { .. }
        | Error::IsAnswers { .. }
        | Error::RightAnswersAlone { .. }
        | Error::UnknownPack { .. } => false,
    }
}

fn summary_of(set: SetId, import: &Import) -> Summary {
    let dataset = &import.dataset;
    let items = &dataset.items;
    let is_open = |item: &&Item| matches!(item.kind, Kind::Reference(_) | Kind::Rubric(_));
    Summary {
        set,
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        version: dataset.version.clone(),
        language: dataset.language.clone(),
        licence: dataset.licence.clone(),
        n_items: items.len(),
        n_rows: import.n_rows,
        splits: dataset
            .splits
            .iter()
            .map(|split| (split.name.clone(), split.item_idxs.len()))
            .collect(),
        notices: import.notices.clone(),
        n_refused: import.refusals.len(),
        refusals: import.refusals.iter().take(N_REFUSALS).cloned().collect(),
        categories: counted(items.iter().map(|item| item.category.as_str())),
        tags: counted(items.iter().flat_map(|item| item.tags.iter().map(String::as_str))),
        n_open_ended: items.iter().filter(is_open).count(),
        first: items.first().map(ItemRecord::from),
        do_not_show: false,
    }
}

/// Names with how often each comes; none where there are too many to choose among.
fn counted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names.filter(|name| !name.is_empty()) {
        *counts.entry(name).or_default() += 1;
        if N_NAMES < counts.len() {
            return vec![];
        }
    }
    counts.into_iter().map(|(name, n)| (name.to_owned(), n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::catalogue::{HubAddress, Load};

    fn library(n: usize) -> (Library, Summary) {
        let mut library = Library::default();
        let rows: Vec<String> = (0..n)
            .map(|n| {
                let category = if n % 2 == 0 { "even" } else { "odd" };
                format!(r#"{{"id":"q{n}","question":"Q{n}?","options":["x","y"],"answer":"A","category":"{category}"}}"#)
            })
            .collect();
        match library.open("rows.jsonl", rows.join("\n").as_bytes()) {
            Response::Opened(summary) => (library, *summary),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_summary_tells_what_can_be_chosen() {
        let (_, summary) = library(5);
        assert_eq!((summary.n_items, summary.n_rows, summary.n_refused), (5, 5, 0));
        assert_eq!(summary.categories, [("even".to_owned(), 3), ("odd".to_owned(), 2)]);
        assert_eq!(summary.first.unwrap().id, "q0");
    }

    #[test]
    fn parts_together_are_what_the_choice_takes() {
        let (mut library, summary) = library(100);
        let selection = Selection { n: Some(25), seed: 3, ..Selection::default() };
        let mut got = vec![];
        for start in (0..30).step_by(10) {
            let take = Request::Take {
                set: summary.set,
                split: None,
                selection: Box::new(selection.clone()),
                start,
                n: 10,
            };
            let Response::Items { n_taken, n_available, fingerprint, items, .. } =
                library.handle(take)
            else {
                panic!()
            };
            assert_eq!((n_taken, n_available, fingerprint.is_empty()), (25, 100, start > 0));
            got.extend(items.into_iter().map(|item| item.id));
        }
        let expected: Vec<String> =
            super::super::sample(100, 25, 3).into_iter().map(|idx| format!("q{idx}")).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_file_of_no_known_shape_opens_with_a_mapping() {
        let mut library = Library::default();
        let file = b"Aufgabe;Antwort A;Antwort B;Richtig\nWas hilft?;v;w;B\nWas nicht?;v;w;A\n";
        assert!(matches!(library.open("f.csv", file), Response::Refused { .. }));
        let Response::Columns { columns, mapping, .. } = library.handle(Request::Columns) else {
            panic!()
        };
        assert_eq!(columns.len(), 4);
        let preview = library.handle(Request::Preview { mapping: mapping.clone() });
        let Response::Preview { items, n_items, n_refused, .. } = preview else { panic!() };
        assert_eq!((items.len(), n_items, n_refused), (2, 2, 0));
        assert_eq!(items[0].answer, Some('B'));
        let empty = Request::OpenWith { mapping: Mapping::default() };
        assert!(matches!(library.handle(empty), Response::Refused { .. }));
        let opened = library.handle(Request::OpenWith { mapping });
        assert!(matches!(opened, Response::Opened(summary) if summary.n_items == 2));
        assert!(matches!(library.handle(Request::Columns), Response::Refused { .. }));
    }

    fn fetched(name: &str, text: &str) -> (Entry, Vec<Gotten>) {
        let address = HubAddress::parse("o/n/resolve/main/rows.jsonl").unwrap();
        let entry = Load::start_hub(&address).0.entry;
        let gotten = Gotten::by_hand(&entry, name, text.as_bytes().to_vec());
        (entry, vec![gotten])
    }

    #[test]
    fn what_was_fetched_is_checked_and_one_that_is_not_to_be_shown_shows_nothing() {
        let row = r#"{"id":"q","question":"Q?","options":["x","y"],"answer":"A"}"#;
        let (mut entry, gotten) = fetched("rows.jsonl", row);
        let mut library = Library::default();
        let Response::Finished { summary, check } = library.finish(&entry, &gotten) else {
            panic!()
        };
        let check = check.unwrap();
        assert_eq!((check.n_rows, check.is_count_right, check.fingerprint.len()), (1, None, 64));
        assert!(!summary.do_not_show && summary.first.is_some());
        entry.do_not_show = true;
        let Response::Finished { summary, .. } = library.finish(&entry, &gotten) else { panic!() };
        assert!(summary.do_not_show && summary.first.is_none());
    }

    #[test]
    fn what_was_fetched_and_is_of_no_known_shape_waits_for_a_mapping() {
        let (entry, gotten) =
            fetched("rows.csv", "Aufgabe;Antwort A;Antwort B;Richtig\nWas?;v;w;B\n");
        let mut library = Library::default();
        let refused = library.finish(&entry, &gotten);
        assert!(matches!(refused, Response::Refused { .. }), "{refused:?}");
        assert!(matches!(library.handle(Request::Columns), Response::Columns { .. }));
        // Rows that are read, none of which is a question.
        let rows = r#"[{"height":3,"weight":4},{"height":5,"weight":6}]"#;
        let (entry, gotten) = fetched("rows.json", rows);
        let refused = library.finish(&entry, &gotten);
        assert!(matches!(refused, Response::Refused { .. }), "{refused:?}");
        assert!(matches!(library.handle(Request::Columns), Response::Columns { .. }));
    }

    #[test]
    fn what_is_closed_or_no_set_is_told() {
        let (mut library, summary) = library(3);
        assert_eq!(library.handle(Request::Close { set: summary.set }), Response::Closed);
        let take = Request::Take {
            set: summary.set,
            split: None,
            selection: Box::default(),
            start: 0,
            n: 1,
        };
        assert!(matches!(library.handle(take), Response::Refused { .. }));
        assert!(matches!(library.open("x.json", b"{}"), Response::Refused { .. }));
    }
}
