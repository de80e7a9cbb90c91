//! Owns the addresses: what is asked for at which path of which provider.

use hyper::Method;

use super::dialect::Dialect;
use super::profile::Profile;

/// What an address stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// A question to a model.
    Call(Asking),
    /// The list of models.
    Models(Dialect),
    /// Uploads a file.
    Upload,
    /// The content of the file with this id.
    File(String),
    /// Begins a batch.
    BatchStart(BatchKind, Option<String>),
    /// How far the batch with this id is.
    Batch(BatchKind, String),
    /// Stops the batch with this id.
    BatchStop(BatchKind, String),
    /// Exchanges a code for a key.
    Exchange,
    /// The page where a person agrees to be signed in.
    Consent,
    /// Nothing.
    Nowhere,
}

/// What the address says about a question; most protocols say it in the body instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) dialect: Dialect,
    pub(super) model: Option<String>,
    pub(super) is_streamed: Option<bool>,
}

/// Whose batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BatchKind {
    OpenAi,
    Gemini,
    Mistral,
    Anthropic,
}

impl Route {
    fn call(dialect: Dialect) -> Self {
        Self::Call(Asking { dialect, model: None, is_streamed: None })
    }

    /// What `path` with `query` is at this provider.
    pub(super) fn of(profile: &Profile, method: &Method, path: &str, query: &str) -> Self {
        let post = method == Method::POST;
        match profile {
            Profile::Ollama(_) if post && path == "/api/chat" => {
                return Self::call(Dialect::Ollama);
            }
            Profile::Ollama(_) if path == "/api/tags" => return Self::Models(Dialect::Ollama),
            Profile::AllowList if path == "/auth" => return Self::Consent,
            _ => {}
        }
        let bases = profile.bases().iter();
        let mut rests = bases.filter_map(|base| path.strip_prefix(base));
        rests
            .find_map(|rest| match rest.strip_prefix('/') {
                Some(rest) => Self::below(profile, post, rest, query),
                None => None,
            })
            .unwrap_or(Self::Nowhere)
    }

    fn below(profile: &Profile, post: bool, rest: &str, query: &str) -> Option<Self> {
        match profile {
            Profile::Gemini => gemini(post, rest, query),
            Profile::Anthropic { .. } => anthropic(post, rest),
            Profile::Cohere => match (post, rest) {
                (true, "chat") => Some(Self::call(Dialect::Cohere)),
                (false, "models") => Some(Self::Models(Dialect::Cohere)),
                _ => None,
            },
            Profile::Azure => azure(post, rest, query),
            Profile::Mistral => {
                let jobs = rest.strip_prefix("batch/jobs");
                match jobs.map(|jobs| jobs.trim_start_matches('/')) {
                    Some("") if post => Some(Self::BatchStart(BatchKind::Mistral, None)),
                    Some(id) if post => {
                        let id = id.strip_suffix("/cancel")?;
                        Some(Self::BatchStop(BatchKind::Mistral, id.to_owned()))
                    }
                    Some(id) => Some(Self::Batch(BatchKind::Mistral, id.to_owned())),
                    None => files(post, rest).or_else(|| chat(post, rest)),
                }
            }
            Profile::Reflective => {
                let kind = BatchKind::OpenAi;
                match rest.strip_prefix("batches").map(|rest| rest.trim_start_matches('/')) {
                    Some("") if post => Some(Self::BatchStart(kind, None)),
                    Some(id) if post => {
                        Some(Self::BatchStop(kind, id.strip_suffix("/cancel")?.to_owned()))
                    }
                    Some(id) => Some(Self::Batch(kind, id.to_owned())),
                    None => files(post, rest)
                        .or_else(|| chat(post, rest))
                        .or_else(|| responses(post, rest)),
                }
            }
            Profile::AllowList if post && rest == "auth/keys" => Some(Self::Exchange),
            Profile::LmStudio { .. } | Profile::Xai | Profile::Ollama(_) => {
                chat(post, rest).or_else(|| responses(post, rest))
            }
            Profile::Perplexity if rest == "models" => None,
            _ => chat(post, rest),
        }
    }
}

fn chat(post: bool, rest: &str) -> Option<Route> {
    match (post, rest) {
        (true, "chat/completions") => Some(Route::call(Dialect::Chat)),
        (false, "models") => Some(Route::Models(Dialect::Chat)),
        _ => None,
    }
}

fn responses(post: bool, rest: &str) -> Option<Route> {
    (post && rest == "responses").then(|| Route::call(Dialect::Responses))
}

fn files(post: bool, rest: &str) -> Option<Route> {
    match rest.strip_prefix("files")? {
        "" => post.then_some(Route::Upload),
        id => {
            let id = id.strip_prefix('/')?.strip_suffix("/content")?;
            (!post).then(|| Route::File(id.to_owned()))
        }
    }
}

fn anthropic(post: bool, rest: &str) -> Option<Route> {
    let kind = BatchKind::Anthropic;
    match (post, rest) {
        (true, "messages") => Some(Route::call(Dialect::Anthropic)),
        (false, "models") => Some(Route::Models(Dialect::Anthropic)),
        (true, "messages/batches") => Some(Route::BatchStart(kind, None)),
        (false, _) => Some(Route::Batch(kind, rest.strip_prefix("messages/batches/")?.to_owned())),
        _ => None,
    }
}

fn gemini(post: bool, rest: &str, query: &str) -> Option<Route> {
    if !post {
        let id = rest.strip_prefix("batches/").map(str::to_owned);
        return match id {
            Some(id) => Some(Route::Batch(BatchKind::Gemini, id)),
            None => (rest == "models").then_some(Route::Models(Dialect::Gemini)),
        };
    }
    if let Some(id) = rest.strip_prefix("batches/").and_then(|rest| rest.strip_suffix(":cancel")) {
        return Some(Route::BatchStop(BatchKind::Gemini, id.to_owned()));
    }
    let (model, verb) = rest.strip_prefix("models/")?.split_once(':')?;
    let call = |is_streamed| {
        let model = Some(model.to_owned());
        let is_streamed = Some(is_streamed);
        Some(Route::Call(Asking { dialect: Dialect::Gemini, model, is_streamed }))
    };
    match verb {
        "generateContent" => call(false),
        // Without `alt=sse` the pieces would come as one JSON array, which no page should ask for.
        "streamGenerateContent" if query.split('&').any(|pair| pair == "alt=sse") => call(true),
        "batchGenerateContent" => {
            Some(Route::BatchStart(BatchKind::Gemini, Some(model.to_owned())))
        }
        _ => None,
    }
}

/// `/openai/v1/…` takes the deployment as the model and does without a version; `/openai/deployments/{name}/…` needs one.
fn azure(post: bool, rest: &str, query: &str) -> Option<Route> {
    let Some(deployment) = rest.strip_prefix("deployments/") else {
        return chat(post, rest).or_else(|| responses(post, rest));
    };
    let (deployment, rest) = deployment.split_once('/')?;
    let has_version = query.split('&').any(|pair| pair.starts_with("api-version="));
    (post && rest == "chat/completions" && has_version).then(|| {
        let model = Some(deployment.to_owned());
        Route::Call(Asking { dialect: Dialect::Chat, model, is_streamed: None })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_its_own_addresses() {
        let dialect = |profile: &Profile, path: &str, query: &str| match Route::of(
            profile,
            &Method::POST,
            path,
            query,
        ) {
            Route::Call(asking) => Some((asking.dialect, asking.model, asking.is_streamed)),
            _ => None,
        };
        let chat = Some((Dialect::Chat, None, None));
        assert_eq!(dialect(&Profile::Groq, "/openai/v1/chat/completions", ""), chat);
        assert_eq!(dialect(&Profile::Groq, "/v1/chat/completions", ""), None);
        assert_eq!(dialect(&Profile::DeepSeek, "/chat/completions", ""), chat);
        assert_eq!(dialect(&Profile::DeepSeek, "/v1/chat/completions", ""), chat);
        assert_eq!(dialect(&Profile::AllowList, "/api/v1/chat/completions", ""), chat);
        let gemini = "/v1beta/models/gemini-2.5-pro:streamGenerateContent";
        let streamed = Some((Dialect::Gemini, Some("gemini-2.5-pro".to_owned()), Some(true)));
        assert_eq!(dialect(&Profile::Gemini, gemini, "alt=sse"), streamed);
        assert_eq!(dialect(&Profile::Gemini, gemini, ""), None);
        let azure = "/openai/deployments/mine/chat/completions";
        assert_eq!(dialect(&Profile::Azure, azure, ""), None);
        let named = Some((Dialect::Chat, Some("mine".to_owned()), None));
        assert_eq!(dialect(&Profile::Azure, azure, "api-version=2024-10-21"), named);
        let ollama = Profile::Ollama(vec![]);
        assert_eq!(dialect(&ollama, "/api/chat", ""), Some((Dialect::Ollama, None, None)));
    }
}
