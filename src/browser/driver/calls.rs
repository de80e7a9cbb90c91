//! Owns the calls of a run: how a trial is put to whatever sits there, and how its answer comes back.

use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::http::{self, CallOff};
use crate::browser::prompt_api;
use crate::dataset::Item;
use crate::prompt::{self, Template};
use crate::provider::wire::{self, Ask};
use crate::provider::{Completion, Endpoint, Failure, HttpRequest, Seat, baseline};
use crate::run::{CallId, Event, Plan, TrialId};

/// A call under way.
pub(super) struct Call {
    call_off: Option<CallOff>,
}

impl Driver {
    /// Puts a trial to its model.
    pub(super) fn send(&self, call: CallId, trial: TrialId) {
        let inner = self.0.borrow();
        let plan = &inner.journal.plan;
        let item = plan.items.get(trial.item as usize);
        let model = plan.models.get(usize::from(trial.model));
        let (Some(item), Some(model)) = (item, model) else { return };
        match &model.seat {
            Seat::Api(endpoint) => {
                let request = request(plan, item, endpoint);
                let protocol = endpoint.protocol;
                drop(inner);
                let signal = self.register(call);
                let weak = self.weak();
                spawn_local(async move {
                    let reply = http::send(&request, signal.as_ref()).await;
                    let result = reply.and_then(|reply| wire::read(protocol, &reply));
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).returned(call, result);
                    }
                });
            }
            Seat::Baseline { rule, seed } => {
                let completion = baseline::answer(*rule, *seed, item, trial.repeat);
                drop(inner);
                let weak = self.weak();
                spawn_local(async move {
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).returned(call, Ok(completion));
                    }
                });
            }
            Seat::BrowserModel => {
                let messages = prompt::render(item, template(plan));
                drop(inner);
                let signal = self.register(call);
                let weak = self.weak();
                spawn_local(async move {
                    let result = prompt_api::ask(&messages, signal.as_ref()).await;
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).returned(call, result);
                    }
                });
            }
            // The engine sends nothing to these.
            Seat::Person | Seat::Paste | Seat::Recorded => {}
        }
    }

    /// Notes a call, with a way to call it off.
    fn register(&self, call: CallId) -> Option<web_sys::AbortSignal> {
        let call_off = CallOff::new().ok();
        let signal = call_off.as_ref().map(CallOff::signal);
        self.0.borrow_mut().calls.insert(call, Call { call_off });
        signal
    }

    /// Stops waiting for a call.
    pub(super) fn call_off(&self, call: CallId) {
        let call = self.0.borrow_mut().calls.remove(&call);
        if let Some(call_off) = call.and_then(|call| call.call_off) {
            call_off.now();
        }
    }

    fn returned(&self, call: CallId, result: Result<Completion, Failure>) {
        self.0.borrow_mut().calls.remove(&call);
        self.tell(Event::Returned { call, result: result.map_err(http::without_key) });
    }
}

fn template(plan: &Plan) -> Template {
    Template::from_name(&plan.template).unwrap_or_default()
}

fn request(plan: &Plan, item: &Item, endpoint: &Endpoint) -> HttpRequest {
    let messages = prompt::render(item, template(plan));
    wire::request(&Ask { endpoint, messages: &messages, schema: None })
}
