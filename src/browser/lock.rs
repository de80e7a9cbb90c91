//! Owns the lock that keeps two tabs from going on with the same run, which would pay for every answer twice.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Held while a run is open in this tab; the browser frees it when the tab closes or crashes.
pub struct RunLock {
    release: Function,
}

impl Drop for RunLock {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Takes the lock of a run, or tells that another tab holds it (`None`). Browsers without the Web Locks API always grant.
pub async fn take(run_id: &str) -> Option<RunLock> {
    let navigator = web_sys::window()?.navigator();
    let nothing = || Some(RunLock { release: Function::new_no_args("") });
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object);
    let Some(locks) = locks else { return nothing() };
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into::<Function>().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;

    // The browser holds the lock for as long as the promise that the callback returns is open.
    let mut release: Option<Function> = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let mut tell: Option<Function> = None;
    let answer = Promise::new(&mut |resolve, _| tell = Some(resolve));
    let (release, tell) = (release?, tell?);
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let is_granted = !lock.is_null();
        let _ = tell.call1(&JsValue::NULL, &JsValue::from_bool(is_granted));
        if is_granted { held.into() } else { JsValue::UNDEFINED }
    });
    let name = JsValue::from_str(&format!("viva-run-{run_id}"));
    request.call3(&locks, &name, &options, &granted).ok()?;
    let is_granted = JsFuture::from(answer).await.ok()?.as_bool()?;
    is_granted.then_some(RunLock { release })
}
