//! Owns large files that are read a few lines at a time: where each line is, without holding the file.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

use super::error::{Error, text_of};
use super::files::File;

/// How many bytes are looked through at once: less than a frame's worth of work.
const PIECE_BYTES: f64 = 1_048_576.0;
/// Files from this size on are not held whole.
pub const MIN_BYTES: f64 = 4_194_304.0;

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    /// Counted from one.
    number: usize,
    /// Its first byte.
    start: f64,
    /// Behind its last byte.
    end: f64,
}

/// Where the lines of a file are; empty ones are left out.
#[derive(Debug, Clone)]
pub struct LineIndex {
    file: File,
    lines: Vec<Line>,
}

impl LineIndex {
    /// Looks through a file, piece by piece. `told` hears how much of it was read, as a share.
    pub async fn of(file: &File, told: impl Fn(f64)) -> Result<Self, Error> {
        let size = file.size();
        let mut lines = vec![];
        let mut line = Line { number: 1, start: 0.0, end: 0.0 };
        let mut is_empty = true;
        let mut at = 0.0;
        while at < size {
            let end = (at + PIECE_BYTES).min(size);
            let piece = file.slice_with_f64_and_f64(at, end)?.array_buffer();
            let piece =
                JsFuture::from(piece).await.map_err(|error| Error::File(text_of(&error)))?;
            let bytes = Uint8Array::new(&piece).to_vec();
            let mut rest = bytes.as_slice();
            let mut place = at;
            while let Some(idx) = rest.iter().position(|byte| *byte == b'\n') {
                let (part, behind) = rest.split_at(idx);
                is_empty = is_empty && part.trim_ascii().is_empty();
                line.end = place + idx as f64;
                if !is_empty {
                    lines.push(line);
                }
                place = line.end + 1.0;
                line = Line { number: line.number + 1, start: place, end: place };
                is_empty = true;
                rest = behind.get(1..).unwrap_or_default();
            }
            is_empty = is_empty && rest.trim_ascii().is_empty();
            at = end;
            told(at / size);
        }
        line.end = size;
        if !is_empty {
            lines.push(line);
        }
        Ok(Self { file: file.clone(), lines })
    }

    /// How many lines there are that are not empty.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Lines by their index, each with its number in the file.
    pub async fn read(&self, indices: &[usize]) -> Result<Vec<(usize, String)>, Error> {
        let mut read = vec![];
        for line in indices.iter().filter_map(|idx| self.lines.get(*idx)) {
            let text = self.file.slice_with_f64_and_f64(line.start, line.end)?.text();
            let text = JsFuture::from(text).await.map_err(|error| Error::File(text_of(&error)))?;
            read.push((line.number, text.as_string().unwrap_or_default()));
        }
        Ok(read)
    }
}

/// How a file begins.
pub async fn start_of(file: &File) -> Result<String, Error> {
    let text = file.slice_with_f64_and_f64(0.0, PIECE_BYTES)?.text();
    let text = JsFuture::from(text).await.map_err(|error| Error::File(text_of(&error)))?;
    Ok(text.as_string().unwrap_or_default())
}
