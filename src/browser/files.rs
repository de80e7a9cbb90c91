//! Owns files: those that the person opens or drops, and those that the page hands back.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
pub use web_sys::File;
use web_sys::{
    Blob, BlobPropertyBag, DragEvent, FileList, HtmlAnchorElement, HtmlInputElement, Url,
};

use super::error::{Error, text_of};

/// A file as the person gave it.
#[derive(Debug, Clone)]
pub struct GivenFile {
    /// Its name, without a path.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The files chosen in a file input; the input is emptied, so that the same file can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Vec<File> {
    let files = input.files().map(|list| to_vec(&list)).unwrap_or_default();
    input.set_value("");
    files
}

/// The files dropped onto the page.
pub fn dropped(event: &DragEvent) -> Vec<File> {
    event
        .data_transfer()
        .and_then(|data| data.files())
        .map(|list| to_vec(&list))
        .unwrap_or_default()
}

fn to_vec(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|idx| list.get(idx)).collect()
}

/// Reads a file whole.
pub async fn read(file: &File) -> Result<GivenFile, Error> {
    let buffer = JsFuture::from(file.array_buffer())
        .await
        .map_err(|error| Error::File(format!("{}: {}", file.name(), text_of(&error))))?;
    Ok(GivenFile { name: file.name(), bytes: Uint8Array::new(&buffer).to_vec() })
}

/// A file of bytes that the page has.
pub fn of_bytes(name: &str, bytes: &Uint8Array) -> Result<File, Error> {
    Ok(File::new_with_u8_array_sequence(&Array::of1(bytes), name)?)
}

/// Hands a file to the person, as a download.
pub fn save(name: &str, mime: &str, content: &str) -> Result<(), Error> {
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    let parts = Array::of1(&JsValue::from_str(content));
    save_blob(name, &Blob::new_with_str_sequence_and_options(&parts, &bag)?)
}

/// Hands data to the person, as a download.
pub(super) fn save_blob(name: &str, blob: &Blob) -> Result<(), Error> {
    let url = Url::create_object_url_with_blob(blob)?;
    let document = super::page::document().ok_or_else(|| Error::Other("no document".to_owned()))?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has its own reference to the data once the click was handled.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}
