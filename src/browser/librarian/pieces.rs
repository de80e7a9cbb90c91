//! Owns how a file comes into its set's thread: in pieces, so that it is never there twice, and while one piece is made into
//! items the browser reads the next.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::browser::error::{Error, text_of};
use crate::dataset::Import;
use crate::dataset::stream::{MIN_BYTES, Stream};

/// How many bytes are read at once.
const PIECE_BYTES: f64 = 4_194_304.0;

/// A file that is read from its beginning to its end.
struct Pieces<'a> {
    blob: &'a Blob,
    /// Where the piece behind the next begins.
    at: f64,
    next: Option<Promise>,
}

impl<'a> Pieces<'a> {
    fn of(blob: &'a Blob) -> Result<Self, Error> {
        let mut pieces = Self { blob, at: 0.0, next: None };
        pieces.ask()?;
        Ok(pieces)
    }

    /// Has the browser read the piece that follows; none behind the last.
    fn ask(&mut self) -> Result<(), Error> {
        if self.at < self.blob.size() {
            let end = (self.at + PIECE_BYTES).min(self.blob.size());
            self.next = Some(self.blob.slice_with_f64_and_f64(self.at, end)?.array_buffer());
            self.at = end;
        }
        Ok(())
    }

    /// Puts the next piece behind what is in `bytes`; `false` behind the last.
    async fn append(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Error> {
        let Some(next) = self.next.take() else { return Ok(false) };
        let buffer = JsFuture::from(next).await.map_err(|error| Error::File(text_of(&error)))?;
        self.ask()?;
        let piece = Uint8Array::new(&buffer);
        let start = bytes.len();
        bytes.resize(start + piece.length() as usize, 0);
        piece.copy_to(bytes.get_mut(start..).unwrap_or_default());
        Ok(true)
    }
}

/// All bytes of a file.
pub(super) async fn whole(blob: &Blob) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // a whole number, not below 0
    let n_bytes = blob.size() as usize;
    bytes.try_reserve_exact(n_bytes).map_err(|error| Error::File(error.to_string()))?;
    let mut pieces = Pieces::of(blob)?;
    while pieces.append(&mut bytes).await? {}
    Ok(bytes)
}

/// The items of a file that can be read piece by piece, and `None` of one that must be read whole. `told` hears how much of it
/// was read.
pub(super) async fn open(
    name: &str,
    blob: &Blob,
    told: &dyn Fn(f64),
) -> Result<Option<Import>, Error> {
    if blob.size() < MIN_BYTES as f64 {
        return Ok(None);
    }
    let mut pieces = Pieces::of(blob)?;
    let mut bytes = Vec::new();
    pieces.append(&mut bytes).await?;
    let Some(mut stream) = Stream::begin(name, &bytes) else { return Ok(None) };
    let mut n_read = 0.0;
    loop {
        if stream.push(&bytes).is_err() {
            return Ok(None);
        }
        n_read += bytes.len() as f64;
        told(n_read / blob.size());
        bytes.clear();
        if !pieces.append(&mut bytes).await? {
            return Ok(stream.finish().ok());
        }
    }
}
