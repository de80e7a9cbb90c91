//! Owns what the browser tells of its storage: how much this page uses, and how much it may.

use wasm_bindgen_futures::JsFuture;

/// As the browser estimates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Bytes that this page's origin uses, for whatever.
    pub n_used: u64,
    /// Bytes that it may use.
    pub n_allowed: u64,
}

/// What the browser estimates; `None` where it tells nothing.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // positive and far below 2^53
pub async fn estimate() -> Option<Estimate> {
    let navigator = web_sys::window()?.navigator();
    // Pages that are not served securely have no such manager.
    let manager = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
    if manager.is_undefined() {
        return None;
    }
    let told = JsFuture::from(navigator.storage().estimate().ok()?).await.ok()?;
    let number = |name: &str| js_sys::Reflect::get(&told, &name.into()).ok()?.as_f64();
    Some(Estimate { n_used: number("usage")? as u64, n_allowed: number("quota")? as u64 })
}
