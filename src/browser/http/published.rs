//! Owns the fetching of what is published for everybody. No key goes along, whatever the address, so that a redirect to
//! another host may be followed; the ledger has a line for each.

use gloo_net::http::Method;
use wasm_bindgen::JsCast;
use web_sys::{ReadableStreamDefaultReader, RequestRedirect};

use super::{Call, CallOff, Errand, MAX_BODY_BYTES, Purpose, bare, describe, ledger, next_piece};
use crate::browser::clock;
use crate::browser::error::text_of;
use crate::dataset::catalogue::Head;
use crate::report::ledger::{End, place_of};

/// No answer came, or it broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

/// An answer on its way. Dropping it calls the request off.
pub struct Arriving {
    head: Head,
    call: Option<Call>,
    reader: Option<ReadableStreamDefaultReader>,
    _armed: Armed,
}

/// Calls off a request when it is dropped; after the end of its answer that does nothing.
struct Armed(CallOff);

impl Drop for Armed {
    fn drop(&mut self) {
        self.0.now();
    }
}

/// Asks for an address, from this byte on or whole, and waits for the first lines of the answer.
pub async fn fetch(url: &str, from_byte: Option<u64>) -> Result<Arriving, Lost> {
    let (origin, path) = place_of(url).ok_or(Lost)?;
    let armed = Armed(CallOff::new().map_err(|_no_controller| Lost)?);
    let signal = armed.0.signal();
    let mut builder =
        bare(url, Some(&signal)).method(Method::GET).redirect(RequestRedirect::Follow);
    if let Some(from_byte) = from_byte {
        builder = builder.header("range", &format!("bytes={from_byte}-"));
    }
    let request = builder.build().map_err(|_unfit| Lost)?;
    let errand = Errand::of(Purpose::Download);
    let begin = |origin: String, path: String| {
        let at_millis = clock::now_millis();
        let begun =
            ledger::Begun { at_millis, origin, path, method: "GET", errand: &errand, bytes_out: 0 };
        Call { open: ledger::begin(begun), secrets: vec![], abort: Some(signal.clone()) }
    };
    let mut call = begin(origin, path);
    let reply = match request.send().await {
        Ok(reply) => reply,
        Err(error) => {
            // Why is told in the ledger.
            let _ = call.broken(None, &describe(&error));
            return Err(Lost);
        }
    };
    if reply.redirected()
        && let Some((origin, path)) = place_of(&reply.url())
    {
        call.open.end(End::Redirected);
        call = begin(origin, path);
    }
    let header = |name: &str| reply.headers().get(name);
    let number = |name: &str| header(name).and_then(|text| text.trim().parse().ok());
    let head = Head {
        status: reply.status(),
        content_type: header("content-type"),
        retry_after_secs: number("retry-after"),
        n_bytes: number("content-length"),
    };
    let reader =
        reply.body().map(|body| body.get_reader().unchecked_into::<ReadableStreamDefaultReader>());
    Ok(Arriving { head, call: Some(call), reader, _armed: armed })
}

impl Arriving {
    /// Its first lines.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Lost> {
        let piece = match &self.reader {
            Some(reader) => next_piece(reader).await,
            None => Ok(None),
        };
        match piece {
            Ok(Some(piece)) => {
                let n_bytes = self.call.as_mut().map_or(0, |call| call.open.bytes_in(piece.len()));
                if MAX_BODY_BYTES < n_bytes {
                    return self.lost("the answer does not end");
                }
                Ok(Some(piece))
            }
            Ok(None) => {
                if let Some(call) = self.call.take() {
                    call.open.end(End::Answered { status: self.head.status });
                }
                Ok(None)
            }
            Err(error) => self.lost(&text_of(&error)),
        }
    }

    /// All of it.
    pub async fn whole(mut self) -> Result<Vec<u8>, Lost> {
        let mut body = vec![];
        while let Some(piece) = self.next().await? {
            body.extend(piece);
        }
        Ok(body)
    }

    fn lost<T>(&mut self, why: &str) -> Result<T, Lost> {
        if let Some(call) = self.call.take() {
            // Why is told in the ledger.
            let _ = call.broken(Some(self.head.status), why);
        }
        Err(Lost)
    }
}
