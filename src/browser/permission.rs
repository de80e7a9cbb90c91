//! Owns the question whether the browser lets this page reach the person's own machine and network.

use js_sys::{Object, Reflect};
use wasm_bindgen_futures::JsFuture;
use web_sys::{PermissionState, PermissionStatus};

use crate::provider::http::is_loopback;

/// What the browser will do about a request to this machine or network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalAccess {
    /// It asks the person first, at the first request.
    WillAsk,
    /// The person allowed it.
    Granted,
    /// The person, or whoever manages the browser, refused.
    Denied,
}

/// What the browser will do about a request to `url`; `None` where it has no such permission, as Safari and older
/// browsers, and where the page itself is served from this machine.
pub async fn local_access(url: &str) -> Option<LocalAccess> {
    if is_loopback(&super::page::origin()) {
        return None;
    }
    // Chrome split one permission in two; versions before the split know the older name.
    let newer = if is_loopback(url) { "loopback-network" } else { "local-network" };
    for name in [newer, "local-network-access"] {
        if let Some(status) = query(name).await {
            return Some(match status.state() {
                PermissionState::Granted => LocalAccess::Granted,
                PermissionState::Denied => LocalAccess::Denied,
                _ => LocalAccess::WillAsk,
            });
        }
    }
    None
}

/// A name that the browser does not know is an error there, and `None` here.
async fn query(name: &str) -> Option<PermissionStatus> {
    let permissions = web_sys::window()?.navigator().permissions().ok()?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"name".into(), &name.into()).ok()?;
    let status = JsFuture::from(permissions.query(&wanted).ok()?).await.ok()?;
    Some(status.into())
}
