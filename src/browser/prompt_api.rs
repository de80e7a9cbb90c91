//! Owns the model that the browser itself brings along (the Prompt API of Chrome and Edge), where there is one.
//!
//! web-sys has no words for it, so the global `LanguageModel` is asked by name. A page can set nothing about it: no
//! temperature, no seed, and nobody tells which model it is.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::error::text_of;
use super::page;
use crate::prompt::{Message, Role};
use crate::provider::{Completion, Failure};

/// Whether the browser's own model can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// This browser has none, or not on this machine.
    Absent,
    /// It can be had, after a download of some gigabytes.
    Downloadable,
    /// The browser is downloading it.
    Downloading,
    /// It can be asked.
    Ready,
}

thread_local! {
    /// A session that no question was put to; each question gets a copy of it. Making one anew takes seconds.
    static FRESH: RefCell<Option<Object>> = const { RefCell::new(None) };
}

/// Asks the browser whether it has a model.
pub async fn availability() -> Availability {
    let Some(global) = global() else { return Availability::Absent };
    let answer = match call(&global, "availability", &[options(None).into()]) {
        Ok(promise) => JsFuture::from(promise).await.ok().and_then(|word| word.as_string()),
        Err(_) => None,
    };
    match answer.as_deref() {
        Some("available") => Availability::Ready,
        Some("downloadable") => Availability::Downloadable,
        Some("downloading") => Availability::Downloading,
        _ => Availability::Absent,
    }
}

/// Has the browser download its model. It agrees only shortly after a click. `on_progress` gets the share that is there,
/// 0 to 1.
pub async fn download(on_progress: impl Fn(f64) + 'static) -> Result<(), Failure> {
    let progress = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let loaded = Reflect::get(&event, &"loaded".into()).ok().and_then(|share| share.as_f64());
        on_progress(loaded.unwrap_or(0.0));
    });
    // The browser may tell progress after all is there.
    let listener: Function = progress.into_js_value().unchecked_into();
    let monitor = Closure::<dyn Fn(JsValue)>::new(move |monitor: JsValue| {
        if let Ok(target) = monitor.dyn_into::<web_sys::EventTarget>() {
            let _ = target.add_event_listener_with_callback("downloadprogress", &listener);
        }
    });
    let options = options(None);
    set(&options, "monitor", monitor.as_ref());
    let session = create(&options).await?;
    FRESH.set(Some(session));
    Ok(())
}

/// Puts messages to the browser's model, in a session of their own: nothing of one question may leak into the next.
pub async fn ask(messages: &[Message], abort: Option<&AbortSignal>) -> Result<Completion, Failure> {
    let (standing, asked): (Vec<&Message>, Vec<&Message>) =
        messages.iter().partition(|message| message.role == Role::System);
    let session = session(&standing, abort).await?;
    let options = with_signal(abort);
    let answer = match call(&session, "prompt", &[turns(&asked).into(), options.into()]) {
        Ok(promise) => JsFuture::from(promise).await.map_err(|error| failure_of(&error)),
        Err(error) => Err(failure_of(&error)),
    };
    // Without this the browser keeps every session until the page is closed.
    let _ = function(&session, "destroy").map(|destroy| destroy.call0(&session));
    let text = answer?.as_string().ok_or_else(|| Failure::Malformed {
        message: "the browser's model gave no text".to_owned(),
    })?;
    let answered_by = Some(format!("the built-in model of {}", page::browser_version()));
    Ok(Completion { text, answered_by, ..Completion::default() })
}

/// A session that has seen the standing instructions and nothing else.
async fn session(standing: &[&Message], abort: Option<&AbortSignal>) -> Result<Object, Failure> {
    if !standing.is_empty() {
        let options = options(abort);
        set(&options, "initialPrompts", &turns(standing));
        return create(&options).await;
    }
    let kept = FRESH.with_borrow(Clone::clone);
    let fresh = match kept {
        Some(fresh) => fresh,
        None => create(&options(None)).await?,
    };
    FRESH.set(Some(fresh.clone()));
    let copied = match call(&fresh, "clone", &[with_signal(abort).into()]) {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    copied.and_then(JsCast::dyn_into).map_err(|error| {
        // The browser may have thrown the session away: the next question begins with another.
        FRESH.set(None);
        failure_of(&error)
    })
}

async fn create(options: &Object) -> Result<Object, Failure> {
    let none = || Failure::NotFound { message: "this browser has no model of its own".to_owned() };
    let global = global().ok_or_else(none)?;
    let promise = call(&global, "create", &[options.into()]).map_err(|error| failure_of(&error))?;
    let session = JsFuture::from(promise).await.map_err(|error| failure_of(&error))?;
    session.dyn_into().map_err(|error| failure_of(&error))
}

fn turns(messages: &[&Message]) -> Array {
    let turn = |message: &&Message| {
        let turn = Object::new();
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        set(&turn, "role", &role.into());
        set(&turn, "content", &message.content.as_str().into());
        turn
    };
    messages.iter().map(turn).collect()
}

/// What the browser's refusals mean for the question, and for those after it.
fn failure_of(error: &JsValue) -> Failure {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    let message = text_of(error);
    match name.as_deref() {
        Some("QuotaExceededError") => Failure::Refused {
            status: 413,
            message: format!("The question is longer than this model can take. {message}"),
        },
        // No permission, no such model on this machine, or no click before the download.
        Some("NotAllowedError" | "NotSupportedError" | "SecurityError") => {
            Failure::NotFound { message }
        }
        _ => Failure::Malformed { message },
    }
}

fn global() -> Option<Object> {
    let window = web_sys::window()?;
    Reflect::get(&window, &"LanguageModel".into()).ok()?.dyn_into().ok()
}

fn function(of: &Object, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into()
}

fn call(of: &Object, name: &str, arguments: &[JsValue]) -> Result<Promise, JsValue> {
    let arguments: Array = arguments.iter().collect();
    let returned = function(of, name)?.apply(of, &arguments)?;
    Ok(Promise::resolve(&returned))
}

/// What a session is made with. The browser wants to hear a language; the answer follows that of the question all the same.
fn options(abort: Option<&AbortSignal>) -> Object {
    let options = with_signal(abort);
    let output = Object::new();
    set(&output, "type", &"text".into());
    set(&output, "languages", &Array::of1(&"en".into()));
    set(&options, "expectedOutputs", &Array::of1(&output));
    options
}

fn with_signal(abort: Option<&AbortSignal>) -> Object {
    let options = Object::new();
    if let Some(signal) = abort {
        set(&options, "signal", signal);
    }
    options
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object refuses nothing.
    let _ = Reflect::set(object, &name.into(), value);
}
