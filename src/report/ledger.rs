//! Owns the network ledger as figures: what left the page, to which host, for which run. Nothing of what was said.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use crate::report::export::table::{Table, text};

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A question of a run.
    Question,
    /// A judge's call: an answer of a run with its question and a criterion or a reference answer.
    Judgement,
    /// The small question of a connection test.
    ConnectionTest,
    /// The list of a provider's models.
    ModelList,
    /// A sign-in that brings a key.
    SignIn,
    /// Handing in, asking after or fetching a batch.
    Batch,
    /// Fetching a published set of questions.
    Download,
}

impl Purpose {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Judgement => "judge’s call",
            Self::ConnectionTest => "connection test",
            Self::ModelList => "list of models",
            Self::SignIn => "sign-in",
            Self::Batch => "batch",
            Self::Download => "published questions",
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Not yet; or the page was closed before it did.
    Open,
    /// With an answer, whole.
    Answered {
        /// HTTP status.
        status: u16,
    },
    /// With a redirect to another address, which has a line of its own. Its status no page can read.
    Redirected,
    /// Without one, or with half of one.
    Broken {
        /// HTTP status, where one had come before the connection broke.
        status: Option<u16>,
        /// As the browser said it, without keys.
        message: String,
    },
    /// The page called it off: the person paused, or the time limit was reached.
    CalledOff,
}

/// A request that left the page. It has no place for headers, keys or bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The tab that sent it: the time at which the page was loaded, and a random number against another tab's.
    pub session: String,
    /// Counts the requests of that tab from 1.
    pub number: u32,
    /// Milliseconds since 1970.
    pub at_millis: u64,
    /// Scheme, host and port.
    pub origin: String,
    /// Without the query.
    pub path: String,
    /// `GET` or `POST`.
    pub method: String,
    /// What it was for.
    pub purpose: Purpose,
    /// For which run, if for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Bytes of the body that was sent, headers not counted.
    pub bytes_out: u64,
    /// Bytes of the body that came back, unpacked, headers not counted.
    pub bytes_in: u64,
    /// How it ended.
    pub end: End,
    /// From sending to the last byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_millis: Option<u64>,
}

/// The parts of an address that the ledger holds: origin and path, the query left out; `None` where it is no address that
/// a request may go to.
pub fn place_of(url: &str) -> Option<(String, String)> {
    let origin = crate::provider::http::origin(url)?;
    let (_, rest) = url.split_once("://")?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let path = rest.find(['/', '\\']).and_then(|at| rest.get(at..)).unwrap_or("/");
    Some((origin, path.to_owned()))
}

/// Puts lines in the order in which the requests began. Of two lines about one request the one that knows the end stays.
pub fn in_order(lines: impl IntoIterator<Item = Line>) -> Vec<Line> {
    let mut latest: BTreeMap<(String, u32), Line> = BTreeMap::new();
    for line in lines {
        match latest.entry((line.session.clone(), line.number)) {
            Entry::Vacant(place) => drop(place.insert(line)),
            Entry::Occupied(mut known) if known.get().end == End::Open => drop(known.insert(line)),
            Entry::Occupied(_) => {}
        }
    }
    let mut lines: Vec<Line> = latest.into_values().collect();
    lines.sort_by(|a, b| {
        (a.at_millis, &a.session, a.number).cmp(&(b.at_millis, &b.session, b.number))
    });
    lines
}

/// Which lines are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RunFilter {
    /// All.
    #[default]
    All,
    /// Those of one run.
    Run(String),
    /// Those that belong to none, such as connection tests.
    NoRun,
}

impl RunFilter {
    /// Whether a line passes.
    pub fn passes(&self, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Run(run_id) => line.run_id.as_ref() == Some(run_id),
            Self::NoRun => line.run_id.is_none(),
        }
    }
}

/// Places of the lines that pass, in order.
pub fn filtered(lines: &[Line], filter: &RunFilter) -> Vec<usize> {
    lines.iter().enumerate().filter(|(_, line)| filter.passes(line)).map(|(idx, _)| idx).collect()
}

/// Sums over requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Requests.
    pub n_requests: usize,
    /// Those with an answer, of whatever status.
    pub n_answered: usize,
    /// Those that broke or were called off.
    pub n_broken: usize,
    /// Those without an end.
    pub n_open: usize,
    /// Bytes of bodies sent.
    pub bytes_out: u64,
    /// Bytes of bodies received.
    pub bytes_in: u64,
}

impl Totals {
    fn add(&mut self, line: &Line) {
        self.n_requests += 1;
        match line.end {
            End::Open => self.n_open += 1,
            End::Answered { .. } | End::Redirected => self.n_answered += 1,
            End::Broken { .. } | End::CalledOff => self.n_broken += 1,
        }
        self.bytes_out += line.bytes_out;
        self.bytes_in += line.bytes_in;
    }
}

/// Sums per host, in alphabetical order.
pub fn totals_per_host<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<(String, Totals)> {
    let mut totals: BTreeMap<&str, Totals> = BTreeMap::new();
    for line in lines {
        totals.entry(&line.origin).or_default().add(line);
    }
    totals.into_iter().map(|(host, totals)| (host.to_owned(), totals)).collect()
}

/// Sums per run, the latest first; `None` for what belongs to no run.
pub fn totals_per_run<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
) -> Vec<(Option<String>, Totals)> {
    let mut totals: BTreeMap<Option<&str>, (u64, Totals)> = BTreeMap::new();
    for line in lines {
        let (latest, totals) = totals.entry(line.run_id.as_deref()).or_default();
        *latest = line.at_millis.max(*latest);
        totals.add(line);
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    totals.sort_by(|(a_run, (a, _)), (b_run, (b, _))| b.cmp(a).then(a_run.cmp(b_run)));
    totals.into_iter().map(|(run, (_, totals))| (run.map(str::to_owned), totals)).collect()
}

/// How a request ended, in a few words.
pub fn end_name(end: &End) -> String {
    match end {
        End::Open => "no end recorded".to_owned(),
        End::Answered { status } => format!("HTTP {status}"),
        End::Redirected => "redirected to the address of the next line".to_owned(),
        End::Broken { status: Some(status), message } => {
            format!("HTTP {status}, then broken: {message}")
        }
        End::Broken { status: None, message } => format!("failed: {message}"),
        End::CalledOff => "called off".to_owned(),
    }
}

const COLUMNS: [&str; 12] = [
    "time_utc",
    "tab",
    "number",
    "host",
    "method",
    "path",
    "purpose",
    "run",
    "bytes_out",
    "bytes_in",
    "end",
    "milliseconds",
];

/// The ledger as a table, one row per request.
pub fn ledger_csv<'a>(lines: impl IntoIterator<Item = &'a Line>) -> String {
    let mut table = Table::with(&COLUMNS);
    for line in lines {
        table.row(&[
            utc(line.at_millis),
            text(&line.session),
            line.number.to_string(),
            text(&line.origin),
            text(&line.method),
            text(&line.path),
            line.purpose.name().to_owned(),
            line.run_id.as_deref().map(text).unwrap_or_default(),
            line.bytes_out.to_string(),
            line.bytes_in.to_string(),
            text(&end_name(&line.end)),
            line.took_millis.map(|millis| millis.to_string()).unwrap_or_default(),
        ]);
    }
    table.finish()
}

/// `2026-11-23T14:05:09.123Z`. Days to a date by the algorithm of Howard Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`.
fn utc(millis: u64) -> String {
    let (days, in_day) = (millis / 86_400_000, millis % 86_400_000);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (seconds, millis) = (in_day / 1_000, in_day % 1_000);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{millis:03}Z",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests;
