//! Owns the collecting of a batch: which calls it takes to learn how far it has come and to bring its results in.

use serde_json::Value;

use super::{Harvest, Service, State, get, json_of, results, status};
use crate::provider::error_body;
use crate::provider::http::{HttpReply, HttpRequest};
use crate::provider::model::Endpoint;
use crate::provider::reply::Failure;

/// One look at a batch: how far it is, and its results once it is over. A look that fails is simply begun again.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    service: Service,
    endpoint: Endpoint,
    /// The ids of its questions, in the order in which they were handed in; empty where that is not known.
    handed_in: Vec<String>,
    /// Once the batch is known to be over.
    state: Option<State>,
    /// Files that are still to be fetched, the next one last.
    files: Vec<String>,
    harvest: Harvest,
}

/// What is next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// This call; its reply goes to [`Fetch::next`].
    Send(HttpRequest),
    /// Nothing to collect yet.
    StillRunning(State),
    /// It is over, and this is what came of it. Questions without an answer here have none.
    Results {
        /// How it ended.
        state: State,
        /// What was read.
        harvest: Harvest,
    },
    /// It could not be learnt; the batch goes on all the same.
    Failed(Failure),
}

impl Fetch {
    /// Begins, with the first call.
    pub fn start(
        service: Service,
        endpoint: &Endpoint,
        remote_id: &str,
    ) -> Result<(Self, HttpRequest), Failure> {
        let request = get(service, endpoint, status::url(service, endpoint, remote_id)?);
        let endpoint = endpoint.clone();
        let fetch = Self {
            service,
            endpoint,
            handed_in: vec![],
            state: None,
            files: vec![],
            harvest: Harvest::default(),
        };
        Ok((fetch, request))
    }

    /// The same, knowing the ids of the batch's questions in the order in which they were handed in.
    #[must_use]
    pub fn of(self, handed_in: Vec<String>) -> Self {
        Self { handed_in, ..self }
    }

    /// Takes the reply to the last call.
    pub fn next(&mut self, reply: &HttpReply) -> Step {
        let step = match self.state.take() {
            None => json_of(reply).and_then(|reply| self.status(&reply)),
            Some(state) => self.file(reply).and_then(|()| self.further(state)),
        };
        step.unwrap_or_else(Step::Failed)
    }

    fn status(&mut self, reply: &Value) -> Result<Step, Failure> {
        let state = status::state(self.service, reply)?;
        if !state.is_over() {
            return Ok(Step::StillRunning(state));
        }
        let protocol = self.service.protocol();
        if let Some(list) = status::inlined(reply) {
            let keyed = match self.service {
                Service::Gemini => results::keyed_by_order(list, &self.handed_in),
                Service::OpenAiChat
                | Service::OpenAiResponses
                | Service::Mistral
                | Service::Anthropic => None,
            };
            let list = keyed.as_ref().unwrap_or(list);
            self.harvest = results::read_list(list, &|_| Some(protocol));
        }
        self.files = status::files(self.service, reply);
        // Mistral gives a file beside the list. Where nothing failed, the list has all.
        if !self.harvest.answers.is_empty()
            && self.harvest.refused.is_empty()
            && state == State::Ended
        {
            self.files.clear();
        }
        self.files.reverse();
        self.further(state)
    }

    /// The next file, or the end.
    fn further(&mut self, state: State) -> Result<Step, Failure> {
        let Some(id) = self.files.pop() else {
            let harvest = std::mem::take(&mut self.harvest);
            // A provider that counts no errors may still send some.
            let has_errors = harvest.answers.iter().any(|answer| answer.result.is_err());
            let state = match state {
                State::Ended if has_errors => State::PartlyEnded,
                other => other,
            };
            return Ok(Step::Results { state, harvest });
        };
        let url = status::file_url(self.service, &self.endpoint, &id)?;
        self.state = Some(state);
        Ok(Step::Send(get(self.service, &self.endpoint, url)))
    }

    fn file(&mut self, reply: &HttpReply) -> Result<(), Failure> {
        let protocol = self.service.protocol();
        let text = String::from_utf8_lossy(error_body::success(reply)?);
        self.harvest.add(results::read_lines(&text, &|_| Some(protocol)));
        Ok(())
    }
}
