//! Owns an answer as far as its stream has brought it.

use super::error_body::ErrorBody;
use super::field;
use super::reply::{Completion, Failure, Finish, Usage};

/// An answer that grows. It becomes a completion only once its protocol's last word has come.
#[derive(Debug, Default)]
pub(super) struct Growing {
    pub(super) text: String,
    pub(super) reasoning: String,
    /// Set by whatever a protocol ends an answer with; until then there is no answer.
    pub(super) finish: Option<Finish>,
    pub(super) usage: Option<Usage>,
    pub(super) answered_by: Option<String>,
    /// Text came that the provider marks as a refusal.
    pub(super) has_refusal: bool,
    /// Why the model stopped, where the protocol says so before its last word.
    pub(super) stop_word: Option<String>,
}

impl Growing {
    /// Takes an error that the stream brought: mostly the end of it, but a filter's verdict is an answer of its own.
    pub(super) fn take_error(&mut self, error: ErrorBody, status: u16) -> Result<(), Failure> {
        let verdict = error.verdict(status, None)?;
        self.finish = Some(verdict.finish);
        Ok(())
    }

    /// Notes who answers, once.
    pub(super) fn note_model(&mut self, model: Option<&str>) {
        if self.answered_by.is_none() {
            self.answered_by = model.filter(|model| !model.is_empty()).map(str::to_owned);
        }
    }

    /// The whole answer, if it is whole.
    pub(super) fn complete(self) -> Result<Completion, Failure> {
        let finish = self.finish.ok_or_else(|| {
            field::malformed("the stream broke off before the answer was complete")
        })?;
        Ok(Completion {
            text: self.text,
            reasoning: Some(self.reasoning).filter(|text| !text.is_empty()),
            finish,
            usage: self.usage,
            answered_by: self.answered_by,
        })
    }
}
