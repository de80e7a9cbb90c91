//! Owns the calls of a run: how a trial is put to whatever sits there, and how its answer comes back.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;

use super::{Driver, Inner};
use crate::browser::ask::{Growing, Question};
use crate::browser::http::{CallOff, Errand, Purpose};
use crate::browser::prompt_api;
use crate::browser::store::Store;
use crate::prompt::{self, Message};
use crate::provider::wire::{self, Ask};
use crate::provider::{Completion, Failure, Protocol, Seat, baseline};
use crate::run::{CallId, Event, JudgementId, Reused, TrialId, judge_call, reuse};
use crate::score::{Sought, verdict};

/// A call under way.
pub(super) struct Call {
    model: u16,
    /// What a model was asked; none for a judge's call.
    trial: Option<TrialId>,
    abort: Option<Rc<CallOff>>,
    growing: Growing,
    /// The name under which the answer is kept for later runs, where the person wants that.
    reuse_key: Option<String>,
    /// What a judge was asked for: replies without all of its verdicts are not kept.
    sought: Option<Sought>,
}

impl Call {
    /// Whether its reply may serve later runs.
    fn is_worth_keeping(&self, completion: &Completion) -> bool {
        let Some(sought) = self.sought else { return true };
        verdict::read(sought, completion).is_ok_and(|verdicts| verdicts.iter().all(Option::is_some))
    }

    /// The answer of this model's call as far as it has come, if any of it has.
    pub(super) fn written(&self, model_idx: usize) -> Option<String> {
        (usize::from(self.model) == model_idx).then(|| self.growing.text()).flatten()
    }
}

impl Call {
    /// The answer to this trial as far as it has come, if any of it has.
    pub(super) fn written_to(&self, trial: TrialId) -> Option<String> {
        (self.trial == Some(trial)).then(|| self.growing.text()).flatten()
    }
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
                // As the engine has it: without the settings that the model refused.
                let adapted = inner.endpoint(usize::from(trial.model));
                let endpoint = adapted.as_ref().unwrap_or(planned);
                let messages = prompt::render(item, &plan.prompting);
                let ask = Ask { endpoint, messages: &messages, schema: None };
                let question = question(&inner, &ask, Purpose::Question);
                let kept = kept(&inner, endpoint.protocol, &question, trial.repeat);
                drop(inner);
                self.ask_api(call, (trial.model, None), question, kept);
            }
            Seat::Baseline { rule, seed } => {
                let completion = baseline::answer(*rule, *seed, item, trial.repeat);
                drop(inner);
                let weak = self.weak();
                spawn_local(async move { returned(&weak, call, Ok(completion)) });
            }
            Seat::BrowserModel => {
                let messages = prompt::render(item, &plan.prompting);
                drop(inner);
                self.ask_browser_model(call, (trial.model, None), messages);
            }
            // The engine sends nothing to these.
            Seat::Person | Seat::Paste | Seat::Recorded => return,
        }
        if let Some(call) = self.0.borrow_mut().calls.get_mut(&call) {
            call.trial = Some(trial);
        }
    }

    /// Asks a judge for its verdict on an answer.
    pub(super) fn judge(&self, call: CallId, judgement: JudgementId, answer: &str) {
        let inner = self.0.borrow();
        let plan = &inner.journal.plan;
        let seat = plan.models.len() + usize::from(judgement.judge);
        let asked = judge_call(plan, judgement, answer);
        let (Some(asked), Some(judge)) = (asked, plan.judges().get(usize::from(judgement.judge)))
        else {
            return;
        };
        let from = (u16::try_from(seat).unwrap_or(u16::MAX), Some(asked.sought));
        match &judge.seat {
            Seat::Api(planned) => {
                let adapted = inner.endpoint(seat);
                let endpoint = adapted.as_ref().unwrap_or(planned);
                let ask = Ask { endpoint, messages: &asked.messages, schema: Some(&asked.schema) };
                let question = question(&inner, &ask, Purpose::Judgement);
                let kept = kept(&inner, endpoint.protocol, &question, judgement.repeat);
                drop(inner);
                self.ask_api(call, from, question, kept);
            }
            Seat::BrowserModel => {
                drop(inner);
                self.ask_browser_model(call, from, asked.messages);
            }
            // The engine sends nothing to these.
            Seat::Baseline { .. } | Seat::Person | Seat::Paste | Seat::Recorded => {}
        }
    }

    /// Puts a question to an API. `kept` says where an earlier answer to it may lie.
    fn ask_api(
        &self,
        call: CallId,
        (model, sought): (u16, Option<Sought>),
        question: Question,
        kept: Option<(Store, String)>,
    ) {
        let under_way = Call {
            model,
            trial: None,
            sought,
            abort: question.call_off.clone(),
            growing: question.growing.clone(),
            reuse_key: kept.as_ref().map(|(_, key)| key.clone()),
        };
        self.0.borrow_mut().calls.insert(call, under_way);
        spawn_local(ask(self.weak(), call, question, kept));
    }

    /// Puts messages to the browser's own model.
    fn ask_browser_model(
        &self,
        call: CallId,
        (model, sought): (u16, Option<Sought>),
        messages: Vec<Message>,
    ) {
        let abort = CallOff::new().ok().map(Rc::new);
        let signal = abort.as_ref().map(|abort| abort.signal());
        let growing = Growing::default();
        let under_way = Call { model, trial: None, sought, abort, growing, reuse_key: None };
        self.0.borrow_mut().calls.insert(call, under_way);
        let weak = self.weak();
        spawn_local(async move {
            let result = prompt_api::ask(&messages, signal.as_ref()).await;
            returned(&weak, call, result);
        });
    }

    /// Stops waiting for a call.
    pub(super) fn call_off(&self, call: CallId) {
        let call = self.0.borrow_mut().calls.remove(&call);
        if let Some(abort) = call.and_then(|call| call.abort) {
            abort.now();
        }
    }
}

fn question(inner: &Inner, ask: &Ask<'_>, purpose: Purpose) -> Question {
    let run_id = Some(inner.summary.run_id.clone());
    Question::new(ask.endpoint, wire::request(ask), Errand { run_id, purpose })
}

/// Where an earlier answer to a question may lie, and its own will, where the person wants that.
fn kept(
    inner: &Inner,
    protocol: Protocol,
    question: &Question,
    repeat: u16,
) -> Option<(Store, String)> {
    let key = || reuse::key(protocol, &question.request, repeat);
    inner.summary.is_reusing.then(|| (inner.store.clone(), key()))
}

/// Asks an API, unless the same was answered before and `kept` says where.
async fn ask(
    weak: Weak<RefCell<Inner>>,
    call: CallId,
    question: Question,
    kept: Option<(Store, String)>,
) {
    if let Some((store, key)) = &kept
        // A store that cannot be read costs a call and no more.
        && let Ok(Some(kept)) = store.answer(key).await
        && let Some(inner) = weak.upgrade()
    {
        inner.borrow_mut().calls.remove(&call);
        let reused = Reused { run_id: kept.run_id, at_millis: kept.at_millis };
        Driver(inner).tell(Event::Reused { call, completion: kept.completion, reused });
        return;
    }
    let sluice = weak.upgrade().map(|inner| inner.borrow().sluice.clone());
    if let Some(sluice) = sluice {
        sluice.pass().await;
    }
    // It may have been called off meanwhile.
    if weak.upgrade().is_none_or(|inner| !inner.borrow().calls.contains_key(&call)) {
        return;
    }
    // Views see the answer grow when they look.
    let on_piece = || {
        if let Some(inner) = weak.upgrade() {
            Driver(inner).change();
        }
    };
    let result = question.ask(on_piece).await;
    returned(&weak, call, result);
}

/// Brings back what came of a call.
fn returned(weak: &Weak<RefCell<Inner>>, call: CallId, result: Result<Completion, Failure>) {
    let Some(inner) = weak.upgrade() else { return };
    let ended = inner.borrow_mut().calls.remove(&call);
    if let (Some(ended), Ok(completion)) = (ended, &result)
        && ended.is_worth_keeping(completion)
        && let Some(key) = ended.reuse_key
    {
        inner.borrow_mut().keep(key, completion.clone());
    }
    Driver(inner).tell(Event::Returned { call, result });
}
