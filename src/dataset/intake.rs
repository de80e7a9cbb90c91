//! Owns the account of a file's rows: each becomes an item or a refusal, and what was assumed or changed is told.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::answer::Reading;
use super::draft::{self, Answered, ChoiceAnswer, Draft};
use super::known::Known;
use super::mapping::{Look, Mapping};
use super::open_answer::FreeReading;
use super::row::Row;
use super::{
    Choice, Choices, Dataset, Import, Invalid, Item, ItemId, Kind, Refusal, convert, pubmedqa,
    room, shapes,
};

/// More names than these are not listed in a notice.
const N_NAMED: usize = 12;

/// What is done with rows.
#[derive(Debug, Clone, Default)]
pub(super) enum Mode {
    /// Their fields are known by their names.
    #[default]
    Recognise,
    /// As well, and more is known of the file.
    Known(Box<Known>),
    /// A person said what the fields are.
    Map(Mapping),
    /// Only names and examples of the fields are collected.
    Look(Look),
}

/// Collects the rows of a file.
#[derive(Debug, Default)]
pub(super) struct Intake {
    mode: Mode,
    /// Rows that are read but for their answers.
    drafts: Vec<(Place, Draft)>,
    settled: Vec<Settled>,
    refusals: Vec<(usize, Refusal)>,
    /// In the order in which they arose.
    pub(super) notices: Vec<String>,
    n_rows: usize,
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
    pub(super) fn new(mode: Mode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// Whether rows are taken whatever their fields are called.
    pub(super) fn takes_any(&self) -> bool {
        match self.mode {
            Mode::Recognise | Mode::Known(_) => false,
            Mode::Map(_) | Mode::Look(_) => true,
        }
    }

    /// What was seen of the fields.
    pub(super) fn look(self) -> Option<Look> {
        if let Mode::Look(look) = self.mode { Some(look) } else { None }
    }

    /// Why there are no rows.
    pub(super) fn why_empty(&self) -> String {
        match self.known() {
            Some(known) if self.n_set_aside > 0 => {
                let (n, wanted) = (self.n_set_aside, known.wanted());
                format!("none of its {n} rows is one of those that {wanted}")
            }
            _ => "it has no rows".to_owned(),
        }
    }

    /// Names an item whose row has no id, where the set has a name for such.
    fn name(&self, item: &mut Item, has_id: bool, n: usize) {
        if let Some(known) = self.known() {
            known.name(item, has_id, n);
        }
    }

    fn known(&self) -> Option<&Known> {
        if let Mode::Known(known) = &self.mode { Some(known) } else { None }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Takes a row in, which starts on `line`.
    pub(super) fn row(&mut self, line: impl Into<Option<u64>>, mut row: Row) {
        if self.known().is_some_and(|known| !known.keeps(&row)) {
            self.n_set_aside += 1;
            return;
        }
        let place = self.next(line);
        match &mut self.mode {
            Mode::Recognise | Mode::Known(_) => {}
            Mode::Map(mapping) => row = mapping.apply(&row),
            Mode::Look(look) => return look.row(&row),
        }
        let mut id = row.take_id();
        let shaped = shapes::read(
            &mut row,
            id.as_deref(),
            place.row,
            self.known().and_then(|known| known.evidences.as_ref()),
        );
        let read = match shaped {
            Some(Ok(mut item)) => {
                self.name(&mut item, id.is_some(), place.row);
                self.settled.push(Settled { place, item, has_id: id.is_some() });
                Ok(None)
            }
            Some(Err(invalid)) => Err(invalid),
            None => draft::read(&mut row, &mut id, place.row).map(Some),
        };
        match read {
            Ok(draft) => self.drafts.extend(draft.map(|mut draft| {
                self.name(&mut draft.item, draft.has_id, place.row);
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
        room::make(self.n_rows);
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
        let wanted = self.known().map(Known::wanted).filter(|_| self.n_set_aside > 0);
        if let Some(wanted) = wanted {
            let n = self.n_set_aside;
            self.notices
                .push(format!("{n} rows were set aside: the set counts those that {wanted}."));
        }
        self.refusals.sort_by_key(|(row, _)| *row);
        let refusals = self.refusals.into_iter().map(|(_, refusal)| refusal).collect();
        Import { dataset, refusals, notices: self.notices, n_rows: self.n_rows }
    }

    fn settle_drafts(&mut self) {
        let drafts = std::mem::take(&mut self.drafts);
        let choices = || {
            drafts.iter().filter_map(|(_, draft)| match &draft.answered {
                Answered::Choice(answer) => Some(answer),
                Answered::Open(_) | Answered::Free(_) => None,
            })
        };
        let mut reading = Reading::of(choices().flat_map(|answer| &answer.readings))
            .expecting(self.known().and_then(|known| known.first_option));
        let mut free = FreeReading::of(
            drafts.iter().filter_map(|(_, draft)| match &draft.answered {
                Answered::Free(free) => Some(free),
                Answered::Choice(_) | Answered::Open(_) => None,
            }),
            choices().next().is_some(),
        );
        // Where some rows of a file name several right options, a list of one is such a row too.
        let mut has_several = choices().any(|answer| answer.readings.len() > 1);
        if let Mode::Map(mapping) = &self.mode {
            mapping.direct(&mut reading, &mut free, &mut has_several);
        }
        let n_repaired = drafts.iter().filter(|(_, draft)| draft.is_repaired).count();
        let (mut n_twins, mut n_several, mut n_reference) = (0, 0, 0_usize);
        self.settled.reserve_exact(drafts.len());
        for (place, draft) in drafts {
            let has_id = draft.has_id;
            let (item, settled) = settle(draft, &reading, &free, has_several);
            match settled {
                Ok(()) => {
                    n_twins += usize::from(has_twins(item.options()));
                    n_several += usize::from(matches!(item.kind, Kind::Choices(_)));
                    n_reference += usize::from(matches!(item.kind, Kind::Reference(_)));
                    self.settled.push(Settled { place, item, has_id });
                }
                Err(invalid) => self.refuse_at(place, has_id.then_some(item.id.0), invalid),
            }
        }
        self.notices.extend(reading.notice);
        self.notices.extend(free.notice);
        if n_several > 0 {
            self.notices.push(format!("In {n_several} items several options can be right, and all of them are to be named."));
        }
        if n_reference > 0 {
            self.notices.push(format!(
                "{n_reference} items are answered in free text and held against a reference answer, which takes a judge."
            ));
        }
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
        let mut settled = std::mem::take(&mut self.settled);
        // Rows of some shapes are settled at once, and others when all are read.
        if !settled.is_sorted_by_key(|settled| settled.place.row) {
            settled.sort_by_key(|settled| settled.place.row);
        }
        if are_unique(settled.iter().map(|settled| &settled.item.id)) {
            return settled.into_iter().map(|settled| settled.item).collect();
        }
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

/// Whether no id comes twice. Their hashes are compared, which takes a tenth of the time: what differs there differs. Two that
/// have the same hash are not told to be unique, even if they are, and are then looked at closely.
fn are_unique<'a>(ids: impl Iterator<Item = &'a ItemId>) -> bool {
    let hash = |id: &ItemId| {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes: Vec<u64> = ids.map(hash).collect();
    hashes.sort_unstable();
    hashes.windows(2).all(|pair| pair[0] != pair[1])
}

/// The item with its answer, and what is wrong with it.
fn settle(
    draft: Draft,
    reading: &Reading,
    free: &FreeReading,
    has_several: bool,
) -> (Item, Result<(), Invalid>) {
    let mut item = draft.item;
    let kind = match draft.answered {
        Answered::Choice(answer) => chosen(answer, draft.options, reading, has_several),
        Answered::Open(kind) => Ok(kind),
        Answered::Free(answer) => free.resolve(answer),
    };
    let settled = kind.and_then(|kind| {
        item.kind = kind;
        convert::check(&item)
    });
    (item, settled)
}

/// The kind of an item whose options are given.
fn chosen(
    answer: ChoiceAnswer,
    options: Vec<String>,
    reading: &Reading,
    has_several: bool,
) -> Result<Kind, Invalid> {
    let ChoiceAnswer { field, readings, is_list, echoes } = answer;
    let mut rights = readings
        .iter()
        .map(|readings| reading.resolve(readings).map_err(|reason| Invalid::new(&field, reason)))
        .collect::<Result<Vec<_>, _>>()?;
    if rights.len() > 1 || (is_list && has_several) {
        rights.sort_unstable();
        rights.dedup();
        return Ok(Kind::Choices(Choices { options, answers: rights }));
    }
    let Some(right) = rights.pop() else {
        return Err(Invalid::new(&field, "is missing"));
    };
    if let Some((echo, other)) =
        echoes.iter().find(|(_, other)| options.get(*other) != options.get(right))
    {
        let (other, right) = (Choice::letter(*other), Choice::letter(right));
        return Err(Invalid::new(
            echo,
            format!("is the text of option {other}, but {field} says {right}"),
        ));
    }
    Ok(Kind::Choice(Choice { options, answer: right }))
}

fn has_twins(options: &[String]) -> bool {
    (1..options.len()).any(|idx| options[..idx].contains(&options[idx]))
}

fn is_same_question(one: &Item, other: &Item) -> bool {
    one.question == other.question && one.context == other.context
}
