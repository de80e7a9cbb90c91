//! Owns wire protocols: how a prompt becomes a request and how bytes become a response; and what sits an exam without one.

pub mod baseline;
pub mod diagnosis;
pub mod http;
pub mod model;
pub mod openai_chat;
pub mod preset;
pub mod reply;

pub use http::{HttpReply, HttpRequest};
pub use model::{Baseline, Class, ModelSpec, Seat};
pub use reply::{Completion, Failure, Finish, Usage};
