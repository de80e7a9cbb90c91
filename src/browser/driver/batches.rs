//! Owns the batches of a run: handing them in, asking after them, and the files by which they go another way.

use std::cell::RefCell;
use std::rc::Weak;

use wasm_bindgen_futures::spawn_local;
use web_sys::AbortSignal;

use super::{Driver, Inner};
use crate::browser::http::{self, CallOff, Errand, Purpose};
use crate::browser::{clock, keys};
use crate::prompt::{Message, Prompter};
use crate::provider::batch::creation::{self, Creation};
use crate::provider::batch::fetch::{self, Fetch};
use crate::provider::batch::file::{self, BatchFile, ImportError};
use crate::provider::batch::{BadLine, Item, Order, OrderError, Service, Standing, State};
use crate::provider::{Endpoint, Failure};
use crate::run::{BatchCallId, BatchState, Event, TrialId};

/// What a file of results brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    /// Answers to questions of the run that had none.
    pub n_answers: usize,
    /// Questions whose result was an error of the provider.
    pub n_failed: usize,
    /// Lines that were not taken.
    pub refused: Vec<BadLine>,
}

/// A model's questions, written out so that they can be lent to an order.
struct Prepared {
    name: String,
    endpoint: Endpoint,
    questions: Vec<(String, Vec<Message>)>,
}

impl Prepared {
    fn with_order<T>(&self, take: impl FnOnce(&Order<'_>) -> T) -> T {
        let items: Vec<Item<'_>> = self
            .questions
            .iter()
            .map(|(custom_id, messages)| Item { custom_id, messages, schema: None })
            .collect();
        take(&Order { name: &self.name, endpoint: &self.endpoint, items: &items })
    }
}

impl Inner {
    /// The endpoint of a model as it is asked at present.
    pub(super) fn endpoint(&self, model_idx: usize) -> Option<Endpoint> {
        self.engine.endpoint(model_idx)
    }

    fn prepare(&self, model: u16, trials: &[TrialId]) -> Option<Prepared> {
        let plan = &self.journal.plan;
        let prompter = Prompter::new(&plan.prompting);
        let questions = trials
            .iter()
            .filter_map(|trial| {
                let item = plan.items.get(trial.item as usize)?;
                Some((trial.name(), prompter.messages(item)))
            })
            .collect();
        // Known to the person's own records, and different for each batch.
        let run_id = self.summary.run_id.chars().filter(char::is_ascii_alphanumeric).take(30);
        let name = format!("viva-{}-{}", run_id.collect::<String>(), clock::now_millis());
        Some(Prepared { name, endpoint: self.endpoint(usize::from(model))?, questions })
    }

    fn batch_errand(&self) -> Errand {
        Errand { run_id: Some(self.summary.run_id.clone()), purpose: Purpose::Batch }
    }
}

impl Driver {
    /// Hands in a batch.
    pub(super) fn send_batch(&self, batch: BatchCallId, model: u16, trials: &[TrialId]) {
        let (prepared, errand) = {
            let inner = self.0.borrow();
            let Some(prepared) = inner.prepare(model, trials) else { return };
            (prepared, inner.batch_errand())
        };
        let call_off = CallOff::new().ok();
        let signal = call_off.as_ref().map(CallOff::signal);
        if let Some(call_off) = call_off {
            self.0.borrow_mut().batch_calls.insert(batch, call_off);
        }
        let weak = self.weak();
        spawn_local(async move {
            let handed_in = hand_in(&prepared, &errand, signal.as_ref()).await;
            let Some(inner) = weak.upgrade() else { return };
            inner.borrow_mut().batch_calls.remove(&batch);
            Self(inner).tell(match handed_in {
                Ok(remote_id) => Event::BatchTaken { batch, remote_id },
                Err(failure) => Event::BatchRefused { batch, failure: http::without_key(failure) },
            });
        });
    }

    /// Stops waiting for a provider to take a batch.
    pub(super) fn call_off_batch(&self, batch: BatchCallId) {
        if let Some(call_off) = self.0.borrow_mut().batch_calls.remove(&batch) {
            call_off.now();
        }
    }

    /// Asks how a batch stands, and fetches what came of it.
    pub(super) fn poll_batch(&self, model: u16, remote_id: String) {
        let inner = self.0.borrow();
        let (endpoint, errand) = (inner.endpoint(usize::from(model)), inner.batch_errand());
        let handed_in = inner.journal.handed_in(model, &remote_id);
        let handed_in = handed_in.iter().map(|trial| trial.name()).collect();
        drop(inner);
        let Some(endpoint) = endpoint else { return };
        let weak = self.weak();
        spawn_local(async move {
            let looked = look_after(&endpoint, &remote_id, handed_in, &errand).await;
            looked_after(&weak, model, remote_id, looked);
        });
    }

    /// The batch file of a model's questions that have no answer yet.
    pub fn batch_file(&self, model_idx: usize) -> Result<BatchFile, OrderError> {
        let inner = self.0.borrow();
        let trials = inner.live.open_trials(model_idx);
        let model = u16::try_from(model_idx).unwrap_or(u16::MAX);
        match inner.prepare(model, &trials) {
            Some(prepared) => prepared.with_order(file::export),
            None => Err(OrderError::Empty),
        }
    }

    /// Takes in a file of results, of whichever models of this run.
    pub fn bring_batch_results(&self, text: &str) -> Result<Brought, ImportError> {
        let harvest = {
            let inner = self.0.borrow();
            file::import(text, &|id| {
                let trial = TrialId::from_name(id)?;
                inner.endpoint(usize::from(trial.model)).map(|endpoint| endpoint.protocol)
            })?
        };
        let mut brought = Brought { n_answers: 0, n_failed: 0, refused: harvest.refused };
        for answer in harvest.answers {
            let Some(trial) = TrialId::from_name(&answer.custom_id) else { continue };
            match http::without_keys(answer.result) {
                // What was answered since the file was saved stands.
                Ok(_) if !self.0.borrow().live.is_open(trial) => {}
                Ok(completion) => {
                    brought.n_answers += 1;
                    self.tell(Event::Brought { trial, took_millis: 0, completion });
                }
                Err(_failure) => brought.n_failed += 1,
            }
        }
        Ok(brought)
    }
}

/// Hands a batch in, call by call; gives the provider's name for it.
async fn hand_in(
    prepared: &Prepared,
    errand: &Errand,
    abort: Option<&AbortSignal>,
) -> Result<String, Failure> {
    let (mut creation, mut request) = prepared
        .with_order(Creation::start)
        .map_err(|error| Failure::NotFound { message: error.to_string() })?;
    let failure = loop {
        let reply = match http::send(&request, errand, abort).await {
            Ok(reply) => reply,
            Err(failure) => break failure,
        };
        match creation.next(&reply) {
            creation::Step::Send(next) => request = next,
            creation::Step::Created { remote_id } => return Ok(remote_id),
            creation::Step::Failed(failure) => break failure,
        }
    };
    if creation.may_exist() {
        return find_again(prepared, errand, failure).await;
    }
    Err(match failure {
        // Nothing was handed in, so nothing is unclear about it.
        Failure::Unreachable { message } => Failure::NotFound {
            message: format!(
                "The page could not reach the batch service ({message}). It may not answer web pages: save the batch file and hand it in from a terminal."
            ),
        },
        other => other,
    })
}

/// Looks for a batch whose id was lost: only one that is not there may be handed in again.
async fn find_again(
    prepared: &Prepared,
    errand: &Errand,
    failure: Failure,
) -> Result<String, Failure> {
    let Some(service) = Standing::of(&prepared.endpoint).from_the_page() else {
        return Err(failure);
    };
    let request = creation::search_request(service, &prepared.endpoint);
    let found = http::send(&request, errand, None)
        .await
        .and_then(|reply| creation::read_search(service, &prepared.name, &reply));
    match found {
        Ok(Some(remote_id)) => Ok(remote_id),
        // It is known now that the provider has not taken it, and it can be handed in again.
        Ok(None) => Err(Failure::Server {
            status: 503,
            wait_millis: None,
            message: format!("the batch was not taken: {failure}"),
        }),
        Err(_unknown) => Err(failure),
    }
}

/// What a look at a batch told.
enum Looked {
    Running,
    Failed(String),
    Results(Vec<(TrialId, Result<crate::provider::Completion, Failure>)>),
    Unreadable(Failure),
}

async fn look_after(
    endpoint: &Endpoint,
    remote_id: &str,
    handed_in: Vec<String>,
    errand: &Errand,
) -> Looked {
    let Some(service) = Standing::of(endpoint).from_the_page() else {
        return Looked::Failed("This provider's batches cannot be asked after from a page.".into());
    };
    match collect(service, endpoint, remote_id, handed_in, errand).await {
        Ok(looked) => looked,
        Err(failure) => Looked::Unreadable(failure),
    }
}

async fn collect(
    service: Service,
    endpoint: &Endpoint,
    remote_id: &str,
    handed_in: Vec<String>,
    errand: &Errand,
) -> Result<Looked, Failure> {
    let (fetch, mut request) = Fetch::start(service, endpoint, remote_id)?;
    let mut fetch = fetch.of(handed_in);
    loop {
        let reply = http::send(&request, errand, None).await?;
        match fetch.next(&reply) {
            fetch::Step::Send(next) => request = next,
            fetch::Step::StillRunning(_) => return Ok(Looked::Running),
            fetch::Step::Results { state: State::Failed { reason }, harvest }
                if harvest.answers.is_empty() =>
            {
                return Ok(Looked::Failed(keys::redact(reason)));
            }
            fetch::Step::Results { harvest, .. } => {
                let answers = harvest.answers.into_iter();
                let results = answers.filter_map(|answer| {
                    let trial = TrialId::from_name(&answer.custom_id)?;
                    Some((trial, http::without_keys(answer.result)))
                });
                return Ok(Looked::Results(results.collect()));
            }
            fetch::Step::Failed(failure) => return Err(failure),
        }
    }
}

fn looked_after(weak: &Weak<RefCell<Inner>>, model: u16, remote_id: String, looked: Looked) {
    let Some(inner) = weak.upgrade() else { return };
    let mut trouble = None;
    let event = match looked {
        Looked::Running => Event::BatchNews { model, remote_id, state: BatchState::Running },
        Looked::Failed(reason) => {
            Event::BatchNews { model, remote_id, state: BatchState::Failed { reason } }
        }
        Looked::Results(results) => Event::BatchResults { model, remote_id, results },
        Looked::Unreadable(failure) => {
            // The batch goes on all the same; the person is told why nothing is heard of it.
            trouble = Some(http::without_key(failure).to_string());
            Event::BatchNews { model, remote_id, state: BatchState::Running }
        }
    };
    match trouble {
        Some(trouble) => inner.borrow_mut().batch_troubles.insert(model, trouble),
        None => inner.borrow_mut().batch_troubles.remove(&model),
    };
    Driver(inner).tell(event);
}
