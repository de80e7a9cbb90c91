//! Owns the calls of a run: how a trial is put to whatever sits there, and how its answer comes back.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;
use web_sys::AbortSignal;

use super::{Driver, Inner};
use crate::browser::http::{self, CallOff, Errand, Purpose};
use crate::browser::prompt_api;
use crate::browser::store::Store;
use crate::dataset::Item;
use crate::prompt::{self, Template};
use crate::provider::wire::{self, Ask, StreamReader};
use crate::provider::{
    Completion, Delivery, Endpoint, Failure, HttpReply, HttpRequest, Protocol, Seat, baseline,
};
use crate::run::{CallId, Event, Plan, Reused, TrialId, reuse};

/// What has come of an answer that is being written; taken out when it is whole.
type Growing = Rc<RefCell<Option<StreamReader>>>;

/// A call under way.
pub(super) struct Call {
    model: u16,
    abort: Option<CallOff>,
    growing: Growing,
    /// The name under which the answer is kept for later runs, where the person wants that.
    reuse_key: Option<String>,
}

impl Call {
    /// The answer of this model's call as far as it has come, if any of it has.
    pub(super) fn written(&self, model_idx: usize) -> Option<String> {
        if usize::from(self.model) != model_idx {
            return None;
        }
        let growing = self.growing.borrow();
        let text = growing.as_ref()?.text();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// All that a call to an API needs, so that the run is not held while it is under way.
struct Outgoing {
    call: CallId,
    request: HttpRequest,
    protocol: Protocol,
    delivery: Delivery,
    errand: Errand,
    signal: Option<AbortSignal>,
    growing: Growing,
    /// Where an earlier answer may be found, and under which name.
    kept: Option<(Store, String)>,
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
            Seat::Api(planned) => {
                let adapted = inner.engine.endpoint(usize::from(trial.model));
                let endpoint = adapted.as_ref().unwrap_or(planned);
                let mut outgoing = outgoing(&inner, call, trial, item, endpoint);
                drop(inner);
                let reuse_key = outgoing.kept.as_ref().map(|(_, key)| key.clone());
                outgoing.signal = self.register(call, trial, outgoing.growing.clone(), reuse_key);
                spawn_local(ask(self.weak(), outgoing));
            }
            Seat::Baseline { rule, seed } => {
                let completion = baseline::answer(*rule, *seed, item, trial.repeat);
                drop(inner);
                let weak = self.weak();
                spawn_local(async move { returned(&weak, call, Ok(completion)) });
            }
            Seat::BrowserModel => {
                let messages = prompt::render(item, template(plan));
                drop(inner);
                let signal = self.register(call, trial, Growing::default(), None);
                let weak = self.weak();
                spawn_local(async move {
                    let result = prompt_api::ask(&messages, signal.as_ref()).await;
                    returned(&weak, call, result);
                });
            }
            // The engine sends nothing to these.
            Seat::Person | Seat::Paste | Seat::Recorded => {}
        }
    }

    /// Notes a call, with a way to call it off.
    fn register(
        &self,
        call: CallId,
        trial: TrialId,
        growing: Growing,
        reuse_key: Option<String>,
    ) -> Option<AbortSignal> {
        let call_off = CallOff::new().ok();
        let signal = call_off.as_ref().map(CallOff::signal);
        let under_way = Call { model: trial.model, abort: call_off, growing, reuse_key };
        self.0.borrow_mut().calls.insert(call, under_way);
        signal
    }

    /// Stops waiting for a call.
    pub(super) fn call_off(&self, call: CallId) {
        let call = self.0.borrow_mut().calls.remove(&call);
        if let Some(call_off) = call.and_then(|call| call.abort) {
            call_off.now();
        }
    }
}

fn outgoing(
    inner: &Inner,
    call: CallId,
    trial: TrialId,
    item: &Item,
    endpoint: &Endpoint,
) -> Outgoing {
    let messages = prompt::render(item, template(&inner.journal.plan));
    let request = wire::request(&Ask { endpoint, messages: &messages, schema: None });
    let delivery = endpoint.settings.delivery;
    let reader = (delivery == Delivery::Streamed).then(|| StreamReader::new(endpoint.protocol));
    let kept = inner
        .summary
        .is_reusing
        .then(|| (inner.store.clone(), reuse::key(endpoint.protocol, &request, trial.repeat)));
    let run_id = Some(inner.summary.run_id.clone());
    Outgoing {
        call,
        request,
        protocol: endpoint.protocol,
        delivery,
        errand: Errand { run_id, purpose: Purpose::Question },
        signal: None,
        growing: Rc::new(RefCell::new(reader)),
        kept,
    }
}

pub(super) fn template(plan: &Plan) -> Template {
    Template::from_name(&plan.template).unwrap_or_default()
}

/// Asks an API, unless the same was answered before.
async fn ask(weak: Weak<RefCell<Inner>>, outgoing: Outgoing) {
    let call = outgoing.call;
    if let Some((store, key)) = &outgoing.kept
        // A store that cannot be read costs a call and no more.
        && let Ok(Some(kept)) = store.answer(key).await
        && let Some(inner) = weak.upgrade()
    {
        inner.borrow_mut().calls.remove(&call);
        let reused = Reused { run_id: kept.run_id, at_millis: kept.at_millis };
        Driver(inner).tell(Event::Reused { call, completion: kept.completion, reused });
        return;
    }
    // It may have been called off meanwhile.
    if weak.upgrade().is_none_or(|inner| !inner.borrow().calls.contains_key(&call)) {
        return;
    }
    let result = match outgoing.delivery {
        Delivery::Streamed => streamed(&weak, &outgoing).await,
        Delivery::Whole | Delivery::Batch => {
            let reply =
                http::send(&outgoing.request, &outgoing.errand, outgoing.signal.as_ref()).await;
            reply.and_then(|reply| wire::read(outgoing.protocol, &reply))
        }
    };
    returned(&weak, call, result);
}

/// Reads an answer as it is written. Views see it grow when they look.
async fn streamed(weak: &Weak<RefCell<Inner>>, outgoing: &Outgoing) -> Result<Completion, Failure> {
    let growing = &outgoing.growing;
    let mut failure = None;
    let take = |bytes: &[u8]| {
        if failure.is_some() {
            return;
        }
        if let Some(reader) = growing.borrow_mut().as_mut() {
            failure = reader.push(bytes).err();
        }
        let Some(inner) = weak.upgrade() else { return };
        if failure.is_some() {
            // What the provider still sends is of no use.
            let inner = inner.borrow();
            let call = inner.calls.get(&outgoing.call);
            if let Some(call_off) = call.and_then(|call| call.abort.as_ref()) {
                call_off.now();
            }
        } else {
            Driver(inner).change();
        }
    };
    let ended =
        http::stream(&outgoing.request, &outgoing.errand, outgoing.signal.as_ref(), take).await;
    let reader = growing.borrow_mut().take();
    if let Some(failure) = failure {
        return Err(failure);
    }
    let http::Streamed { status, retry_after, body } = ended?;
    match reader {
        Some(reader) if (200..300).contains(&status) => reader.finish(),
        _ => wire::read(outgoing.protocol, &HttpReply { status, retry_after, body }),
    }
}

/// Brings back what came of a call.
fn returned(weak: &Weak<RefCell<Inner>>, call: CallId, result: Result<Completion, Failure>) {
    let Some(inner) = weak.upgrade() else { return };
    let result = http::without_keys(result);
    let ended = inner.borrow_mut().calls.remove(&call);
    if let (Some(key), Ok(completion)) = (ended.and_then(|call| call.reuse_key), &result) {
        inner.borrow_mut().keep(key, completion.clone());
    }
    Driver(inner).tell(Event::Returned { call, result });
}
