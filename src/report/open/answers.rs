//! Owns the reading of tables with one row per item that hold questions, answers and another program's scores.
//!
//! Columns, by name, in any order and case: `sample_id`, `question`, `answer` (letter of the right option), `A`, `B` and
//! on (options), `preds` (letter that was read, empty for none), `correct`; and, where there are any, `outputs` (the
//! answer's text), `rationale`, `options_len`, `category`. This is the form of the per-item results of AfriMed-QA.
//! Other columns, such as `model_prompt`, are not kept.
//!
//! | `preds` | `correct` | outcome | choice |
//! |---|---|---|---|
//! | the right letter | true | correct | that option |
//! | another option's letter | false | incorrect | that option |
//! | a letter that is no option | false | incorrect | none; noticed |
//! | empty, or more than one letter | false or empty | unreadable | none |
//! | anything else | | unscored, noticed: the row contradicts itself | the option, if one was read |

mod columns;
mod row;

use std::collections::BTreeMap;

use self::columns::Columns;
use self::row::{Row, read_row};
use super::Error;
use crate::dataset::Item;
use crate::dataset::fingerprint::Growing;
use crate::prompt::Prompting;
use crate::provider::preset::class_of_name;
use crate::provider::{Class, ModelSpec, Seat};
use crate::run::chain::{seal, seal_in_steps};
use crate::run::{Attempt, AttemptResult, Body, Entry, Journal, Plan, PlannedDataset, TrialId};
use crate::stats::random::{FNV_START, fnv_1a};

/// A table of answers, as a run that was recorded elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// One model with [`Seat::Recorded`], each item asked once. Times are 0: the file tells none.
    pub journal: Journal,
    /// Whether the class was recognised by the model's name, rather than taken for general-purpose.
    pub is_class_known: bool,
    /// What could not be read, or was read in a way that the person should know.
    pub notices: Vec<Notice>,
}

/// Something about a file that the person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Line in the file, counted from one; `None` when it is about the whole file.
    pub line: Option<u64>,
    /// What.
    pub text: String,
}

impl Answers {
    /// Puts the model into another class.
    pub fn set_class(&mut self, class: Class) {
        if let Some(model) = self.journal.plan.models.first_mut() {
            model.class = class;
            self.is_class_known = true;
            seal(&mut self.journal);
        }
    }
}

pub(super) async fn open(
    file_name: &str,
    bytes: &[u8],
    rest: &impl AsyncFn(),
) -> Result<Answers, Error> {
    let not_results = || Error::NotResults { file_name: file_name.to_owned() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns = reader.byte_headers().ok().and_then(Columns::find).ok_or_else(not_results)?;
    let mut notices = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut record = csv::ByteRecord::new();
    let mut lines = Lines { bytes, at: 0, line: 1 };
    loop {
        let read = reader.read_byte_record(&mut record);
        if matches!(read, Ok(false)) {
            break;
        }
        let start = if read.is_ok() { record.position() } else { Some(reader.position()) };
        let line = start.map(|position| lines.line_at(position.byte()));
        let mut tell = |text: String| notices.push(Notice { line, text });
        if let Err(error) = read {
            tell(format!("nothing was read from here on: {error}"));
            break;
        }
        match read_row(&columns, &record) {
            Ok((row, remarks)) => {
                rows.push(row);
                remarks.into_iter().for_each(&mut tell);
            }
            Err(reason) => tell(format!("row left out: {reason}")),
        }
        rest().await;
    }
    if rows.is_empty() {
        let first = notices.first().map_or("the table is empty", |notice| &notice.text).to_owned();
        return Err(Error::NoRows { file_name: file_name.to_owned(), first });
    }
    tell_repeated_rationale(&mut rows, &mut notices);
    name_ids_apart(&mut rows, &mut notices);
    let name = model_name(file_name);
    let class = class_of_name(&name);
    rest().await;
    let mut fingerprint = Growing::default();
    for row in &rows {
        fingerprint.add(&row.item);
        rest().await;
    }
    let told = Told {
        file_name,
        name: &name,
        class: class.unwrap_or(Class::GeneralPurpose),
        hash: fnv_1a(FNV_START, bytes),
        fingerprint: fingerprint.finish(),
    };
    rest().await;
    let mut journal = journal_of(&told, rows);
    seal_in_steps(&mut journal, rest).await;
    Ok(Answers { journal, is_class_known: class.is_some(), notices })
}

/// Counts lines as editors do. The reader's own count is one short after line ends of two characters.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first byte from `byte` on that ends no line. Positions must ascend.
    fn line_at(&mut self, byte: u64) -> u64 {
        let mut byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let ends_line = |idx: usize| matches!(self.bytes.get(idx), Some(b'\r' | b'\n'));
        while ends_line(byte) {
            byte += 1;
        }
        let passed = self.bytes.get(self.at..byte).unwrap_or_default();
        self.line += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.at = byte;
        self.line
    }
}

/// A rationale that only repeats the question explains nothing.
fn tell_repeated_rationale(rows: &mut [Row], notices: &mut Vec<Notice>) {
    let mut n_repeated = 0;
    for row in rows {
        if row.item.explanation.as_deref() == Some(row.item.question.as_str()) {
            row.item.explanation = None;
            n_repeated += 1;
        }
    }
    if n_repeated > 0 {
        let text =
            format!("rationale not taken over from {n_repeated} rows: it repeats the question");
        notices.push(Notice { line: None, text });
    }
}

/// Ids must be unique: a second item of the same id gets a number.
fn name_ids_apart(rows: &mut [Row], notices: &mut Vec<Notice>) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let n = seen.entry(row.item.id.0.clone()).or_default();
        *n += 1;
        if *n > 1 {
            let id = format!("{} #{n}", row.item.id);
            let text = format!(
                "sample_id {} occurs more than once: this one is shown as {id}",
                row.item.id
            );
            notices.push(Notice { line: None, text });
            row.item.id.0 = id;
        }
    }
}

/// The file's name without folders, ending, and the number that browsers add to further downloads.
fn model_name(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim();
    let without_number = stem.strip_suffix(')').and_then(|rest| {
        let (name, number) = rest.rsplit_once(" (")?;
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
    });
    let name = without_number.unwrap_or(stem).trim();
    if name.is_empty() { "unnamed model".to_owned() } else { name.to_owned() }
}

/// What is known of a table beside its rows.
struct Told<'a> {
    file_name: &'a str,
    name: &'a str,
    class: Class,
    /// Of the file's bytes.
    hash: u64,
    /// Of the items.
    fingerprint: String,
}

fn journal_of(told: &Told, rows: Vec<Row>) -> Journal {
    let Told { file_name, name, class, hash, .. } = *told;
    let n_items = rows.len();
    let (items, results): (Vec<Item>, Vec<AttemptResult>) =
        rows.into_iter().map(|row| (row.item, row.result)).unzip();
    let attempt = |idx: usize, result: AttemptResult| Attempt {
        trial: TrialId { model: 0, item: u32::try_from(idx).unwrap_or(u32::MAX), repeat: 0 },
        n: 1,
        took_millis: 0,
        result,
        cost: None,
        reused: None,
    };
    let entries = results
        .into_iter()
        .enumerate()
        .map(|(idx, result)| Entry {
            seq: 0,
            at_millis: 0,
            body: Body::Attempt(attempt(idx, result)),
            hash: String::new(),
        })
        .collect();
    let dataset = PlannedDataset {
        id: name.to_owned(),
        title: file_name.to_owned(),
        version: String::new(),
        licence: String::new(),
        fingerprint: told.fingerprint.clone(),
        n_available: n_items,
        n_sampled: n_items,
        seed: None,
        selection: None,
        variants: vec![],
        do_not_show: false,
    };
    let plan = Plan {
        run_id: format!("{name}-{hash:016x}"),
        title: name.to_owned(),
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        datasets: vec![dataset],
        items,
        models: vec![ModelSpec::new(name, class, Seat::Recorded)],
        assigned: vec![None],
        n_repeats: 1,
        prompting: Prompting::named("recorded", None),
        budget: None,
        judging: None,
    };
    Journal { plan, entries }
}
