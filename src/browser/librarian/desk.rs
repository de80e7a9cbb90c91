//! Owns the side of a set's thread: it takes messages, and answers them from the library.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use super::{Envelope, READY, pieces};
use crate::browser::error::Error;
use crate::dataset::catalogue::GottenHead;
use crate::dataset::library::{Library, Response};

/// The message that brings a file or bytes to be opened as a set.
pub(super) const OPEN: &str = "open";
/// The same, for its columns alone.
pub(super) const LOOK: &str = "look";
/// The same, to be edited.
pub(super) const EDIT: &str = "edit";

/// Whether this is such a thread, and not the page.
pub fn is_worker() -> bool {
    js_sys::global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// Starts the work of such a thread, which has no page and none of what draws one.
pub fn begin(work: impl Future<Output = ()> + 'static) {
    spawn_local(work);
}

/// Serves until the page ends the thread.
pub fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let library = Rc::new(RefCell::new(Library::default()));
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let (library, scope) = (library.clone(), scope.clone());
            spawn_local(async move {
                let message = event.data();
                let id = Reflect::get(&message, &"id".into()).ok().and_then(|id| id.as_f64());
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                // counted up from 0
                let Some(id) = id.map(|id| id as u32) else { return };
                let told = |share| post(&scope, id, Response::Reading { share });
                let response = answer(&library, &message, &told).await;
                let response = response
                    .unwrap_or_else(|error| Response::Refused { reason: error.to_string() });
                post(&scope, id, response);
            });
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&scope, READY, Response::Closed);
}

/// The answer to a message; `told` hears how far a file is read meanwhile, as a share.
async fn answer(
    library: &RefCell<Library>,
    message: &JsValue,
    told: &dyn Fn(f64),
) -> Result<Response, Error> {
    for task in [OPEN, LOOK, EDIT] {
        let Some(name) = Reflect::get(message, &task.into())?.as_string() else { continue };
        let content = Reflect::get(message, &"content".into())?;
        if task == OPEN
            && let Some(blob) = content.dyn_ref::<Blob>()
            && let Some(import) = pieces::open(&name, blob, told).await?
        {
            return Ok(library.borrow_mut().streamed(import));
        }
        let bytes = bytes_of(&content).await?;
        let mut library = library.borrow_mut();
        return Ok(match task {
            LOOK => library.look(&name, bytes),
            EDIT => library.edit(&name, &bytes),
            _ => library.open(&name, &bytes),
        });
    }
    if let Some(entry) = Reflect::get(message, &"finish".into())?.as_string() {
        let entry = serde_json::from_str(&entry)?;
        let heads = Reflect::get(message, &"heads".into())?.as_string().unwrap_or_default();
        let heads: Vec<GottenHead> = serde_json::from_str(&heads)?;
        let files = Array::from(&Reflect::get(message, &"files".into())?);
        let files = files.iter().map(|file| Uint8Array::new(&file).to_vec());
        let gotten: Vec<_> =
            heads.into_iter().zip(files).map(|(head, file)| head.with(file)).collect();
        return Ok(library.borrow_mut().finish(&entry, &gotten));
    }
    let request = serde_wasm_bindgen::from_value(Reflect::get(message, &"ask".into())?)?;
    Ok(library.borrow_mut().handle(request))
}

async fn bytes_of(content: &JsValue) -> Result<Vec<u8>, Error> {
    match content.dyn_ref::<Blob>() {
        Some(blob) => pieces::whole(blob).await,
        None => Ok(Uint8Array::new(content).to_vec()),
    }
}

fn post(scope: &DedicatedWorkerGlobalScope, id: u32, body: Response) {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    if let Ok(message) = (Envelope { id, body }).serialize(&serializer) {
        // Only plain objects are posted, which can always be copied.
        let _ = scope.post_message(&message);
    }
}
