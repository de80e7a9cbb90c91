//! Owns the one error that browser calls end in.

use wasm_bindgen::{JsCast, JsValue};

/// What the browser refused, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The browser's database refused; often because storage is full or switched off, as in private windows.
    #[error("the browser could not store or read data: {0}")]
    Store(String),
    /// A file could not be read.
    #[error("the file could not be read: {0}")]
    File(String),
    /// Part of the page itself could not be fetched.
    #[error("a part of this page could not be loaded: {0}")]
    Page(String),
    /// A reason that is a whole sentence already, for the person.
    #[error("{0}")]
    Refused(String),
    /// Anything else.
    #[error("the browser refused: {0}")]
    Other(String),
}

/// The text of whatever JavaScript threw: a string, an `Error`, a `DOMException`.
pub fn text_of(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return text;
    }
    if let Some(error) = value.dyn_ref::<js_sys::Error>() {
        return format!("{}: {}", String::from(error.name()), String::from(error.message()));
    }
    if let Some(message) =
        js_sys::Reflect::get(value, &"message".into()).ok().and_then(|m| m.as_string())
    {
        return message;
    }
    format!("{value:?}")
}

impl From<JsValue> for Error {
    fn from(value: JsValue) -> Self {
        Self::Other(text_of(&value))
    }
}

impl From<idb::Error> for Error {
    fn from(error: idb::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<serde_wasm_bindgen::Error> for Error {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self::Store(error.to_string())
    }
}
