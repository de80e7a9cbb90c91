//! Owns the handing in of a batch: which calls it takes, one after the other, and how a batch is found again whose id was lost.

use serde_json::{Value, json};

use super::{
    Order, OrderError, Service, Standing, base, checked_id, get, json_of, lines, post, status,
};
use crate::provider::http::{HttpReply, HttpRequest};
use crate::provider::model::Endpoint;
use crate::provider::reply::Failure;

/// A batch that is being handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Creation {
    service: Service,
    endpoint: Endpoint,
    name: String,
    stage: Stage,
    may_exist: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    /// The file is on its way.
    Upload,
    /// The batch is on its way: from here on it may exist.
    Create,
    Over,
}

/// What is next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// This call; its reply goes to [`Creation::next`].
    Send(HttpRequest),
    /// The batch is taken. The id must be stored before anything else is done.
    Created {
        /// By which it is asked after.
        remote_id: String,
    },
    /// It was not taken.
    Failed(Failure),
}

impl Creation {
    /// Begins, with the first call. Nothing is paid for before [`Creation::may_exist`].
    pub fn start(order: &Order<'_>) -> Result<(Self, HttpRequest), OrderError> {
        let service = match Standing::of(order.endpoint) {
            Standing::FromThePage(service) | Standing::Untold(service) => service,
            Standing::ByFile(_, reason) | Standing::NotOffered(reason) => {
                return Err(OrderError::NotOffered { reason });
            }
        };
        let endpoint = order.endpoint;
        let base = base(endpoint);
        let body = lines::inline(service, order)?;
        let json = || "application/json".to_owned();
        let (stage, request) = match service {
            Service::Gemini => {
                let model = endpoint.model.strip_prefix("models/").unwrap_or(&endpoint.model);
                let url = format!("{base}/models/{model}:batchGenerateContent");
                (Stage::Create, post(service, endpoint, url, json(), body))
            }
            Service::Mistral => {
                let url = format!("{base}/batch/jobs");
                (Stage::Create, post(service, endpoint, url, json(), body))
            }
            Service::OpenAiChat | Service::OpenAiResponses | Service::Anthropic => {
                let file_name = format!("{}.jsonl", order.name);
                let (content_type, body) = lines::form("batch", &file_name, &body);
                let url = format!("{base}/files");
                (Stage::Upload, post(service, endpoint, url, content_type, body))
            }
        };
        let (endpoint, name) = (endpoint.clone(), order.name.to_owned());
        let may_exist = stage == Stage::Create;
        Ok((Self { service, endpoint, name, stage, may_exist }, request))
    }

    /// Whether the batch may exist: the call that makes it is under way, or its reply was lost, or left it open. Then
    /// [`search_request`] tells, and only a batch that is not found there may be handed in again.
    pub fn may_exist(&self) -> bool {
        self.may_exist
    }

    /// Takes the reply to the last call.
    pub fn next(&mut self, reply: &HttpReply) -> Step {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        let step = json_of(reply).and_then(|reply| match stage {
            Stage::Upload => self.create(&reply).map(Step::Send),
            Stage::Create => {
                status::id(self.service, &reply).map(|remote_id| Step::Created { remote_id })
            }
            Stage::Over => Err(Failure::Malformed { message: "no reply was expected".to_owned() }),
        });
        step.unwrap_or_else(|failure| {
            if stage == Stage::Create {
                self.may_exist = leaves_open(&failure);
            }
            Step::Failed(failure)
        })
    }

    fn create(&mut self, uploaded: &Value) -> Result<HttpRequest, Failure> {
        let id = uploaded.get("id").and_then(Value::as_str).unwrap_or_default();
        let body = json!({
            "input_file_id": checked_id(self.service, id)?,
            "endpoint": self.service.path(),
            "completion_window": "24h",
            "metadata": { "viva_batch": self.name },
        });
        self.stage = Stage::Create;
        self.may_exist = true;
        let url = format!("{}/batches", base(&self.endpoint));
        let content_type = "application/json".to_owned();
        Ok(post(self.service, &self.endpoint, url, content_type, body.to_string()))
    }
}

/// Whether the provider may have done what was asked all the same.
fn leaves_open(failure: &Failure) -> bool {
    match failure {
        Failure::Server { .. }
        | Failure::Unreachable { .. }
        | Failure::TimedOut { .. }
        | Failure::Malformed { .. } => true,
        Failure::KeyRefused { .. }
        | Failure::NoCredit { .. }
        | Failure::NotFound { .. }
        | Failure::Refused { .. }
        | Failure::Unsupported { .. }
        | Failure::RateLimited { .. } => false,
    }
}

/// The call that lists the newest batches of the key, to find one whose id was lost.
pub fn search_request(service: Service, endpoint: &Endpoint) -> HttpRequest {
    let base = base(endpoint);
    let url = match service {
        Service::OpenAiChat | Service::OpenAiResponses => format!("{base}/batches?limit=100"),
        Service::Gemini => format!("{base}/batches?pageSize=100"),
        Service::Mistral => format!("{base}/batch/jobs?page_size=100"),
        Service::Anthropic => format!("{base}/messages/batches?limit=100"),
    };
    get(service, endpoint, url)
}

/// The id of the batch with this name among those listed; `None` where it is not among them.
pub fn read_search(
    service: Service,
    name: &str,
    reply: &HttpReply,
) -> Result<Option<String>, Failure> {
    status::named(service, &json_of(reply)?, name)
}
