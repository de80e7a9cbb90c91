//! Owns the account of a file's rows: each becomes an item or a refusal, and what was assumed or changed is told.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Reading;
use super::draft::{self, Draft};
use super::known::Known;
use super::row::Row;
use super::{Choice, Dataset, Import, Invalid, Item, Kind, Refusal, convert, pubmedqa, shapes};

/// More names than these are not listed in a notice.
const N_NAMED: usize = 12;

/// Collects the rows of a file.
#[derive(Debug, Default)]
pub(super) struct Intake {
    /// Rows that are read but for their answers.
    drafts: Vec<(Place, Draft)>,
    settled: Vec<Settled>,
    refusals: Vec<(usize, Refusal)>,
    /// In the order in which they arose.
    pub(super) notices: Vec<String>,
    n_rows: usize,
    known: Known,
    /// Rows of the file that the set does not count among its own.
    n_set_aside: usize,
    unused: BTreeSet<String>,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: Option<u64>,
    /// Counted from 1.
    row: usize,
}

#[derive(Debug)]
struct Settled {
    place: Place,
    item: Item,
    has_id: bool,
}

impl Intake {
    pub(super) fn with(known: Known) -> Self {
        Self { known, ..Self::default() }
    }

    /// Why there are no rows.
    pub(super) fn why_empty(&self) -> String {
        match self.n_set_aside {
            0 => "it has no rows".to_owned(),
            n => format!("none of its {n} rows is one of those that {}", self.known.wanted()),
        }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Takes a row in, which starts on `line`.
    pub(super) fn row(&mut self, line: impl Into<Option<u64>>, mut row: Row) {
        if !self.known.keeps(&row) {
            self.n_set_aside += 1;
            return;
        }
        let place = self.next(line);
        let id = row.take_id();
        let shaped =
            shapes::read(&mut row, id.as_deref(), place.row, self.known.evidences.as_ref());
        let read = match shaped {
            Some(Ok(mut item)) => {
                self.known.name(&mut item, id.is_some(), place.row);
                self.settled.push(Settled { place, item, has_id: id.is_some() });
                Ok(None)
            }
            Some(Err(invalid)) => Err(invalid),
            None => draft::read(&mut row, id.clone(), place.row).map(Some),
        };
        match read {
            Ok(draft) => self.drafts.extend(draft.map(|mut draft| {
                self.known.name(&mut draft.item, draft.has_id, place.row);
                (place, draft)
            })),
            Err(invalid) => return self.refuse_at(place, id, invalid),
        }
        for name in row.names() {
            if self.unused.len() <= N_NAMED && !self.unused.contains(name) {
                self.unused.insert(name.to_owned());
            }
        }
    }

    /// Takes in an item whose answer is known.
    pub(super) fn item(&mut self, line: impl Into<Option<u64>>, item: Item) {
        let place = self.next(line);
        self.settled.push(Settled { place, item, has_id: true });
    }

    /// Takes in a row that cannot be read at all.
    pub(super) fn refuse(
        &mut self,
        line: impl Into<Option<u64>>,
        id: Option<String>,
        field: &str,
        reason: impl Into<String>,
    ) {
        let place = self.next(line);
        self.refuse_at(place, id, Invalid::new(field, reason));
    }

    fn next(&mut self, line: impl Into<Option<u64>>) -> Place {
        self.n_rows += 1;
        Place { line: line.into(), row: self.n_rows }
    }

    fn refuse_at(&mut self, place: Place, id: Option<String>, invalid: Invalid) {
        let item = id.unwrap_or_else(|| format!("#{}", place.row));
        let Invalid { field, reason } = invalid;
        self.refusals
            .push((place.row, Refusal { line: place.line, item: Some(item), field, reason }));
    }

    /// Decides the answers, looks for ids that come twice, and puts the items into the dataset.
    pub(super) fn finish(mut self, mut dataset: Dataset) -> Import {
        let is_pubmedqa = self.drafts.iter().any(|(_, draft)| draft.is_decision);
        self.settle_drafts();
        dataset.items = self.with_unique_ids();
        if is_pubmedqa {
            match pubmedqa::official_split(&dataset.items) {
                Ok(split) => dataset.splits.push(split),
                Err(notice) => self.notices.push(notice),
            }
        }
        self.tell_unused();
        if self.n_set_aside > 0 {
            let (n, wanted) = (self.n_set_aside, self.known.wanted());
            self.notices
                .push(format!("{n} rows were set aside: the set counts those that {wanted}."));
        }
        self.refusals.sort_by_key(|(row, _)| *row);
        let refusals = self.refusals.into_iter().map(|(_, refusal)| refusal).collect();
        Import { dataset, refusals, notices: self.notices, n_rows: self.n_rows }
    }

    fn settle_drafts(&mut self) {
        let drafts = std::mem::take(&mut self.drafts);
        let reading = Reading::of(drafts.iter().map(|(_, draft)| &draft.answer.1))
            .expecting(self.known.first_option);
        let n_repaired = drafts.iter().filter(|(_, draft)| draft.is_repaired).count();
        let mut n_twins = 0;
        for (place, draft) in drafts {
            let has_id = draft.has_id;
            let id = has_id.then(|| draft.item.id.0.clone());
            match settle(draft, &reading) {
                Ok(item) => {
                    n_twins += usize::from(has_twins(item.options()));
                    self.settled.push(Settled { place, item, has_id });
                }
                Err(invalid) => self.refuse_at(place, id, invalid),
            }
        }
        self.notices.extend(reading.notice);
        if n_repaired > 0 {
            self.notices.push(format!("In {n_repaired} items a stray line break and quotation mark were taken off the end of an option."));
        }
        if n_twins > 0 {
            self.notices.push(format!(
                "In {n_twins} items two wrong options read the same; they were kept as they are."
            ));
        }
    }

    /// Keeps the first item of an id. A later one with the same question is refused; with another question it gets an id of its own.
    fn with_unique_ids(&mut self) -> Vec<Item> {
        let settled = std::mem::take(&mut self.settled);
        let mut items: Vec<Item> = Vec::with_capacity(settled.len());
        // For each id in use: the index of its item, that item's line, and the number that its last namesake got.
        let mut by_id: BTreeMap<String, (usize, Option<u64>, u32)> = BTreeMap::new();
        let mut renamed = Vec::new();
        for Settled { place, mut item, has_id } in settled {
            let id = item.id.0.clone();
            if let Some((first, line, _)) = by_id.get(&id)
                && has_id
                && is_same_question(&items[*first], &item)
            {
                let place_of_first = line.map_or_else(
                    || "earlier in the file".to_owned(),
                    |line| format!("on line {line}"),
                );
                let what = if items[*first].kind == item.kind {
                    "the same item"
                } else {
                    "the same question with other options or another answer"
                };
                let reason = format!("{what} stands {place_of_first} under this id and was kept");
                self.refuse_at(place, Some(id), Invalid::new("id", reason));
                continue;
            }
            if let Some((first, line, mut next)) = by_id.get(&id).copied() {
                while by_id.contains_key(&item.id.0) {
                    next += 1;
                    item.id.0 = format!("{id}#{next}");
                }
                by_id.insert(id.clone(), (first, line, next));
            }
            if item.id.0 != id {
                renamed.push(item.id.0.clone());
            }
            by_id.insert(item.id.0.clone(), (items.len(), place.line, 1));
            items.push(item);
        }
        if let Some(example) = renamed.first() {
            let n = renamed.len();
            self.notices.push(format!("{n} items had the id of an earlier item with another question and were renamed, such as {example}."));
        }
        items
    }

    fn tell_unused(&mut self) {
        let mut names: Vec<&str> =
            self.unused.iter().map(String::as_str).filter(|name| !is_row_number(name)).collect();
        if names.is_empty() {
            return;
        }
        let more = if names.len() > N_NAMED { " and others" } else { "" };
        names.truncate(N_NAMED);
        self.notices.push(format!("Fields that were not used: {}{more}.", names.join(", ")));
    }
}

/// The name that data frames give the column of row numbers, and the kind that every item has.
fn is_row_number(name: &str) -> bool {
    name.is_empty() || name == "Unnamed: 0" || name == "kind"
}

fn settle(draft: Draft, reading: &Reading) -> Result<Item, Invalid> {
    let (field, readings) = &draft.answer;
    let right = reading.resolve(readings).map_err(|reason| Invalid::new(field, reason))?;
    let mut item = draft.item;
    let Kind::Choice(choice) = &mut item.kind else { return Ok(item) };
    if let Some((echo, other)) =
        draft.echoes.iter().find(|(_, other)| choice.options[*other] != choice.options[right])
    {
        let (other, right) = (Choice::letter(*other), Choice::letter(right));
        return Err(Invalid::new(
            echo,
            format!("is the text of option {other}, but {field} says {right}"),
        ));
    }
    choice.answer = right;
    convert::check(&item)?;
    Ok(item)
}

fn has_twins(options: &[String]) -> bool {
    (1..options.len()).any(|idx| options[..idx].contains(&options[idx]))
}

fn is_same_question(one: &Item, other: &Item) -> bool {
    one.question == other.question && one.context == other.context
}
