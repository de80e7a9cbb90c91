//! Owns wire protocols: how a prompt becomes a request and how bytes become a response; and what sits an exam without one.

pub mod baseline;
pub mod batch;
pub mod capability;
pub mod diagnosis;
pub mod enrol;
pub mod http;
mod maker;
mod model;
pub mod preset;
pub mod price;
pub mod price_table;
pub mod reply;
pub mod settings;
pub mod sign_in;
pub mod wire;

mod anthropic;
mod azure;
mod cohere;
mod error_body;
mod family;
mod field;
#[cfg(test)]
mod fixture;
mod gemini;
mod growing;
mod host;
mod lines;
mod mistral;
mod ollama;
mod openai_chat;
mod openai_responses;
mod sse;
mod turns;
mod unsupported;

pub use http::{HttpReply, HttpRequest};
pub use maker::{Maker, is_same_model};
pub use model::{Baseline, Class, Endpoint, ModelSpec, Pace, Protocol, Seat};
pub use price::{MicroDollars, Price};
pub use reply::{Completion, Failure, Finish, Usage};
pub use settings::{CallSettings, Delivery, Effort, Setting, Withheld};
