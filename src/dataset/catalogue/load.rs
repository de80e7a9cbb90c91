//! Owns the loading of a set as a state machine without I/O: which address next, how long to wait, when to give up a place
//! for the next one, and how to go on after a stop.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::address::{is_label, splits_url};
use super::reply::{Refused, refused, stand_in};
use super::rows::{MAX_ROWS, Rows, Taken, Wanted};
use super::{
    Content, Entry, Event, Failure, Gotten, Head, HubAddress, Part, Place, Progress, Reply,
    SplitName, Step, Unit,
};

/// So often in a row a request is sent again after a passing fault, before the next place is tried.
const N_TRIES: u32 = 5;
/// So often in a row the host may ask to wait.
const N_WAITS: u32 = 10;
/// The first wait, which doubles.
const FIRST_WAIT_MILLIS: u64 = 1_000;
const LONGEST_WAIT_MILLIS: u64 = 60_000;
/// Longer than this the machine does not wait, whatever the host asks for.
const LONGEST_ASKED_MILLIS: u64 = 10 * 60_000;

/// The loading of one set. Serialisable at any point, so that it can be kept and gone on with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// What is loaded.
    pub entry: Entry,
    pub(super) gotten: Vec<Gotten>,
    pub(super) state: State,
    /// Of the part that is being fetched.
    pub(super) tried: Vec<(usize, String)>,
    /// Rows with cut cells, kept in case no other place has the part whole.
    pub(super) cut: Option<(usize, Rows)>,
    /// Whether cut rows are taken now because there is no better place.
    pub(super) takes_cut: bool,
    pub(super) n_failures: u32,
    pub(super) n_waits: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    File { place: usize, bytes: Content, n_bytes: Option<u64> },
    Rows { place: usize, rows: Rows },
    Splits { dataset: String },
    Choosing { splits: Vec<SplitName> },
    Done,
    Failed(Failure),
}

impl Load {
    /// Begins to load a set of the catalogue.
    pub fn start(entry: &Entry) -> (Self, Step) {
        let mut load = Self::of(entry.clone());
        let step = load.next_part();
        (load, step)
    }

    /// Begins to load any set on Hugging Face.
    pub fn start_hub(address: &HubAddress) -> (Self, Step) {
        let mut load = Self::of(address.entry());
        let step = match address {
            HubAddress::Dataset { dataset } => {
                load.state = State::Splits { dataset: dataset.clone() };
                load.request()
            }
            HubAddress::Split(_) | HubAddress::File { .. } => load.next_part(),
        };
        (load, step)
    }

    pub(super) fn of(entry: Entry) -> Self {
        Self {
            entry,
            gotten: vec![],
            state: State::Done,
            tried: vec![],
            cut: None,
            takes_cut: false,
            n_failures: 0,
            n_waits: 0,
        }
    }

    /// What was fetched, for [`super::finish`].
    pub fn gotten(&self) -> &[Gotten] {
        &self.gotten
    }

    /// The same, taken out, with the entry that it is of.
    pub fn into_gotten(self) -> (Entry, Vec<Gotten>) {
        (self.entry, self.gotten)
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let (done, total, unit) = match &self.state {
            State::File { bytes, n_bytes, .. } => {
                (bytes.bytes().len() as u64, *n_bytes, Unit::Bytes)
            }
            State::Rows { place, rows } => {
                let (done, total) = rows.progress(self.at_most(*place));
                (done as u64, total.map(|total| total as u64), Unit::Rows)
            }
            _ => (0, None, Unit::Bytes),
        };
        let n_parts = self.entry.parts.len();
        Progress { n_parts_done: self.gotten.len(), n_parts, done, total, unit }
    }

    /// Goes on after a stop, or after the page was closed: at the page of rows or the byte that was reached. After a
    /// failure, from the first place of the part that failed.
    pub fn resume(&mut self) -> Step {
        self.n_failures = 0;
        self.n_waits = 0;
        if matches!(self.state, State::Failed(_)) {
            self.tried.clear();
            if self.entry.parts.iter().any(|part| part.places.is_empty()) {
                self.state = State::Splits { dataset: self.entry.title.clone() };
                return self.request();
            }
            return self.next_part();
        }
        self.request()
    }

    /// Takes the split that the person chose among those of [`Step::Choose`].
    pub fn choose(&mut self, split_idx: usize) -> Step {
        let State::Choosing { splits } = &self.state else { return self.request() };
        match splits.get(split_idx).cloned() {
            Some(split) => {
                self.entry = HubAddress::Split(split).entry();
                self.next_part()
            }
            None => self.request(),
        }
    }

    /// Takes in what happened. Events that do not fit the state change nothing.
    pub fn handle(&mut self, event: Event) -> Step {
        match event {
            Event::Stop => Step::Stopped,
            Event::Waited => self.request(),
            Event::Lost => self.lost(),
            Event::Began(head) => self.began(&head),
            Event::Chunk(chunk) => {
                if let State::File { bytes, .. } = &mut self.state {
                    let mut all = std::mem::take(bytes).into_bytes();
                    all.extend(chunk);
                    *bytes = Content::Bytes(all);
                }
                Step::ReadOn
            }
            Event::Ended => self.file_ended(None),
            Event::Reply(reply) => self.reply(reply),
        }
    }

    fn part(&self) -> Option<&Part> {
        self.entry.parts.get(self.gotten.len())
    }

    fn place(&self, place: usize) -> Option<&Place> {
        self.part()?.places.get(place)
    }

    fn at_most(&self, place: usize) -> Option<usize> {
        match self.place(place) {
            Some(Place::HuggingFaceRows { at_most, .. }) => *at_most,
            _ => None,
        }
    }

    /// Says again what is under way.
    fn request(&mut self) -> Step {
        let (url, from_byte) = match &self.state {
            State::Done => return Step::Done,
            State::Failed(failure) => return Step::Failed(failure.clone()),
            State::Choosing { splits } => return Step::Choose(splits.clone()),
            State::Splits { dataset } => (Some(splits_url(dataset)), None),
            State::File { place, bytes, .. } => {
                let n = bytes.bytes().len() as u64;
                (self.place(*place).map(|place| place.url(0)), (n > 0).then_some(n))
            }
            State::Rows { place, rows } => {
                let offset = rows.offset(self.at_most(*place));
                (self.place(*place).map(|place| place.url(offset)), None)
            }
        };
        match url {
            Some(url) => Step::Fetch { url, from_byte },
            // A load that was kept by another version and does not fit its entry.
            None => self.next_part(),
        }
    }

    fn next_part(&mut self) -> Step {
        self.tried.clear();
        self.cut = None;
        self.takes_cut = false;
        if self.part().is_none() {
            self.state = if self.gotten.is_empty() {
                let what = "This set cannot be loaded by the page.".to_owned();
                State::Failed(self.failure(what))
            } else {
                State::Done
            };
            return self.request();
        }
        self.next_place()
    }

    /// Turns to the first place of the part that was not tried yet.
    fn next_place(&mut self) -> Step {
        self.n_failures = 0;
        self.n_waits = 0;
        let places = self.part().map_or(&[][..], |part| &part.places);
        let place = (0..places.len()).find(|idx| !self.tried.iter().any(|(tried, _)| tried == idx));
        if let Some(place) = place {
            let is_file = places.get(place).is_some_and(Place::is_file);
            self.state = if is_file {
                State::File { place, bytes: Content::default(), n_bytes: None }
            } else {
                State::Rows { place, rows: Rows::default() }
            };
            return self.request();
        }
        if let Some((place, rows)) = self.cut.take() {
            self.takes_cut = true;
            self.state = State::Rows { place, rows };
            return self.go_on_with_rows();
        }
        let reasons: Vec<String> = self
            .tried
            .iter()
            .filter_map(|(place, what)| Some(format!("{}: {what}", self.place(*place)?.host())))
            .collect();
        let part = self.gotten.len();
        if let Some(Part { name, optional: true, .. }) = self.part() {
            let notice = format!("{name} could not be loaded. {}", reasons.join(" "));
            self.gotten.push(Gotten {
                part,
                place: None,
                file_name: String::new(),
                content: Content::default(),
                notices: vec![notice],
            });
            return self.next_part();
        }
        let what = format!("{} could not be loaded. {}", self.entry.title, reasons.join(" "));
        self.state = State::Failed(self.failure(what));
        self.request()
    }

    fn failure(&self, what: String) -> Failure {
        Failure::of(&self.entry, what)
    }

    /// Gives the place up.
    fn give_up(&mut self, what: String) -> Step {
        match &self.state {
            State::File { place, .. } | State::Rows { place, .. } => {
                self.tried.push((*place, what));
                self.next_place()
            }
            State::Splits { .. } => {
                let what = format!("{} could not be loaded: {what}", self.entry.title);
                self.state = State::Failed(self.failure(what));
                self.request()
            }
            State::Choosing { .. } | State::Done | State::Failed(_) => self.request(),
        }
    }

    /// Sends again after a while, a limited number of times.
    fn try_again(&mut self, what: String, asked_millis: Option<u64>) -> Step {
        let is_asked = asked_millis.is_some();
        let (n, limit) =
            if is_asked { (&mut self.n_waits, N_WAITS) } else { (&mut self.n_failures, N_TRIES) };
        *n += 1;
        if *n > limit || asked_millis.is_some_and(|millis| millis > LONGEST_ASKED_MILLIS) {
            return self.give_up(what);
        }
        let doubled = FIRST_WAIT_MILLIS.saturating_mul(1 << (*n - 1).min(10));
        let millis =
            asked_millis.unwrap_or(doubled.min(LONGEST_WAIT_MILLIS)).max(FIRST_WAIT_MILLIS);
        Step::Wait { millis, why: what }
    }

    fn lost(&mut self) -> Step {
        let what =
            "no answer came: there is no network, or the host refuses other pages.".to_owned();
        // A host may not take requests for a part of a file from a page; then the file is fetched from its beginning.
        if let State::File { bytes, .. } = &mut self.state
            && self.n_failures > 0
        {
            *bytes = Content::default();
        }
        match self.state {
            State::File { .. } | State::Rows { .. } | State::Splits { .. } => {
                self.try_again(what, None)
            }
            State::Choosing { .. } | State::Done | State::Failed(_) => self.request(),
        }
    }

    fn began(&mut self, head: &Head) -> Step {
        match &mut self.state {
            State::File { bytes, n_bytes, .. } if head.is_good() => {
                if head.status == 200 {
                    *bytes = Content::default();
                }
                let n_before = bytes.bytes().len() as u64;
                *n_bytes = head.n_bytes.map(|n_rest| n_rest.saturating_add(n_before));
                Step::ReadOn
            }
            State::File { .. } | State::Rows { .. } | State::Splits { .. } => Step::ReadWhole,
            State::Choosing { .. } | State::Done | State::Failed(_) => self.request(),
        }
    }

    fn reply(&mut self, reply: Reply) -> Step {
        let Reply { head, body } = reply;
        let is_under_way =
            matches!(self.state, State::File { .. } | State::Rows { .. } | State::Splits { .. });
        if !is_under_way {
            return self.request();
        }
        if !head.is_good() {
            if let State::File { bytes, .. } = &mut self.state
                && head.status == 416
                && !bytes.bytes().is_empty()
            {
                *bytes = Content::default();
                return self.request();
            }
            return match refused(&head, &body) {
                Refused::Passing { what, wait_millis } => {
                    let is_busy = head.status == 429;
                    let asked = wait_millis.or_else(|| is_busy.then(|| self.doubled_wait()));
                    self.try_again(what, asked)
                }
                Refused::Lasting { what } => self.give_up(what),
            };
        }
        if matches!(self.state, State::File { .. }) {
            self.began(&head);
            self.handle(Event::Chunk(body));
            return self.file_ended(head.content_type.as_deref());
        }
        if let Some(what) = stand_in(head.content_type.as_deref(), &body) {
            return self.try_again(what.to_owned(), None);
        }
        if matches!(self.state, State::Rows { .. }) {
            return self.page(&body);
        }
        self.splits(&body)
    }

    /// How long to wait when the host asks to and does not say how long.
    fn doubled_wait(&self) -> u64 {
        FIRST_WAIT_MILLIS.saturating_mul(1 << self.n_waits.min(6)).min(LONGEST_WAIT_MILLIS)
    }

    fn file_ended(&mut self, content_type: Option<&str>) -> Step {
        let State::File { place, bytes, n_bytes } = &mut self.state else { return self.request() };
        let place = *place;
        let len = bytes.bytes().len() as u64;
        if n_bytes.is_some_and(|n_bytes| len < n_bytes) {
            return self.try_again("the download broke off before its end.".to_owned(), None);
        }
        if let Some(what) = stand_in(content_type, bytes.bytes()) {
            *bytes = Content::default();
            return self.give_up(what.to_owned());
        }
        let content = Content::from_bytes(std::mem::take(bytes).into_bytes());
        self.got(place, content, vec![])
    }

    fn got(&mut self, place: usize, content: Content, notices: Vec<String>) -> Step {
        let file_name = self.place(place).map(Place::file_name).unwrap_or_default();
        let part = self.gotten.len();
        self.gotten.push(Gotten { part, place: Some(place), file_name, content, notices });
        self.next_part()
    }

    fn page(&mut self, body: &[u8]) -> Step {
        let State::Rows { place, .. } = self.state else { return self.request() };
        let (split, is_filtered, at_most) = match self.place(place) {
            Some(Place::HuggingFaceRows { split, only, at_most, .. }) => {
                (split.clone(), only.is_some(), *at_most)
            }
            _ => return self.request(),
        };
        let State::Rows { rows, .. } = &mut self.state else { return self.request() };
        let taken = rows.take(body, Wanted { split: &split, is_filtered, at_most });
        match taken {
            Taken::Page => {
                self.n_failures = 0;
                self.n_waits = 0;
                self.go_on_with_rows()
            }
            Taken::Changed if rows.n_restarts == 0 => {
                *rows = rows.anew();
                self.request()
            }
            Taken::Changed => self.give_up("the set changes while it is loaded.".to_owned()),
            Taken::Garbled(what) => self.try_again(what, None),
            Taken::TooMany(total) => {
                // Whatever else is loaded is held against this number.
                if let Some(part) = self.entry.parts.get_mut(self.gotten.len()) {
                    part.n_rows = part.n_rows.or(Some(total));
                }
                self.give_up(format!(
                    "it has {total} rows, and more than {MAX_ROWS} are not loaded row by row."
                ))
            }
        }
    }

    fn go_on_with_rows(&mut self) -> Step {
        let State::Rows { place, rows } = &self.state else { return self.request() };
        let place = *place;
        let n_tried = self.tried.len() + 1;
        let has_other = self.part().is_some_and(|part| n_tried < part.places.len());
        if rows.n_cut > 0 && !self.takes_cut && has_other {
            self.cut = Some((place, rows.clone()));
            return self.give_up("the server cuts long cells short.".to_owned());
        }
        if !rows.is_complete(self.at_most(place)) {
            return self.request();
        }
        let (content, notices) = rows.clone().finish();
        self.got(place, content, notices)
    }

    fn splits(&mut self, body: &[u8]) -> Step {
        let value: Option<Value> = serde_json::from_slice(body).ok();
        let listed = value.as_ref().and_then(|value| value.get("splits")?.as_array());
        let mut splits: Vec<SplitName> = listed
            .into_iter()
            .flatten()
            .filter_map(|split| serde_json::from_value::<SplitName>(split.clone()).ok())
            .filter(|split| is_label(&split.config) && is_label(&split.split))
            .collect();
        let State::Splits { dataset } = &self.state else { return self.request() };
        // What the server names is asked for under the name that the person gave.
        for split in &mut splits {
            split.dataset.clone_from(dataset);
        }
        self.state = match splits.len() {
            0 => {
                let what = "Hugging Face cannot serve this set row by row.".to_owned();
                return self.give_up(what);
            }
            _ => State::Choosing { splits },
        };
        match &self.state {
            State::Choosing { splits } if splits.len() == 1 => self.choose(0),
            _ => self.request(),
        }
    }
}
