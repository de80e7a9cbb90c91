//! Owns how one question goes to an API and how its answer is read, whole or as it is written.

use std::cell::RefCell;
use std::rc::Rc;

use super::http::{self, CallOff, Errand, Streamed};
use super::keys;
use crate::provider::wire::{self, StreamReader};
use crate::provider::{Completion, Delivery, Endpoint, Failure, HttpReply, HttpRequest, Protocol};

/// What has come of an answer that is being written; taken out when it is whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Growing(Rc<RefCell<Option<StreamReader>>>);

impl Growing {
    /// The answer as far as it has come, if any of it has; without a key, should the model repeat it letter by letter.
    pub(super) fn text(&self) -> Option<String> {
        let reader = self.0.borrow();
        let text = keys::redact_start(reader.as_ref()?.text());
        (!text.is_empty()).then_some(text)
    }

    fn push(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self.0.borrow_mut().as_mut() {
            Some(reader) => reader.push(bytes),
            None => Ok(()),
        }
    }
}

/// A call that is ready to be sent.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) request: HttpRequest,
    pub(super) errand: Errand,
    pub(super) growing: Growing,
    pub(super) call_off: Option<Rc<CallOff>>,
    protocol: Protocol,
    delivery: Delivery,
}

impl Question {
    /// A call to this endpoint, with the settings that it has.
    pub(super) fn new(endpoint: &Endpoint, request: HttpRequest, errand: Errand) -> Self {
        Self {
            request,
            errand,
            growing: Growing::default(),
            call_off: CallOff::new().ok().map(Rc::new),
            protocol: endpoint.protocol,
            delivery: endpoint.settings.delivery,
        }
    }

    /// Asks. `on_piece` is called whenever more of a streamed answer has come.
    pub(super) async fn ask(self, on_piece: impl Fn()) -> Result<Completion, Failure> {
        let result = match self.delivery {
            Delivery::Streamed => self.streamed(on_piece).await,
            Delivery::Whole | Delivery::Batch => {
                let signal = self.call_off.as_ref().map(|call_off| call_off.signal());
                let reply = http::send(&self.request, &self.errand, signal.as_ref()).await;
                reply.and_then(|reply| wire::read(self.protocol, &reply))
            }
        };
        http::without_keys(result)
    }

    async fn streamed(self, on_piece: impl Fn()) -> Result<Completion, Failure> {
        *self.growing.0.borrow_mut() = Some(StreamReader::new(self.protocol));
        let signal = self.call_off.as_ref().map(|call_off| call_off.signal());
        let mut failure = None;
        let take = |bytes: &[u8]| {
            if failure.is_some() {
                return;
            }
            match self.growing.push(bytes) {
                Ok(()) => on_piece(),
                Err(failed) => {
                    failure = Some(failed);
                    // What the provider still sends is of no use.
                    if let Some(call_off) = &self.call_off {
                        call_off.now();
                    }
                }
            }
        };
        let ended = http::stream(&self.request, &self.errand, signal.as_ref(), take).await;
        let reader = self.growing.0.borrow_mut().take();
        if let Some(failure) = failure {
            return Err(failure);
        }
        let Streamed { status, retry_after, body } = ended?;
        match reader {
            Some(reader) if (200..300).contains(&status) => reader.finish(),
            _ => wire::read(self.protocol, &HttpReply { status, retry_after, body }),
        }
    }
}
