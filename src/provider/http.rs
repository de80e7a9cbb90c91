//! Owns the shape of a call as the browser is to make it, and the reading of what every provider's errors share.

use serde::Serialize;

use super::model::Endpoint;
use super::reply::Failure;

/// A call to a provider. It never holds the key: whoever sends it adds the key that belongs to the address's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// GET or POST.
    pub method: Method,
    /// Absolute.
    pub url: String,
    /// Only what the provider lists: a header too many fails the preflight of several.
    pub headers: Vec<(&'static str, String)>,
    /// How the key, if there is one, is to be sent.
    pub auth: Auth,
    /// Name of one more header whose value is kept with the key.
    pub secret_header: Option<String>,
    /// JSON, for POST.
    pub body: Option<String>,
}

impl HttpRequest {
    /// A POST of JSON on behalf of an endpoint.
    pub(super) fn post(
        endpoint: &Endpoint,
        url: String,
        auth: Auth,
        body: &impl Serialize,
    ) -> Self {
        Self {
            method: Method::Post,
            url,
            headers: vec![("Content-Type", "application/json".to_owned())],
            auth,
            secret_header: endpoint.extra_header.clone(),
            // Strings and finite numbers always serialise.
            body: serde_json::to_string(body).ok(),
        }
    }

    /// A GET on behalf of an endpoint.
    pub(super) fn get(endpoint: &Endpoint, url: String, auth: Auth) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: vec![],
            auth,
            secret_header: endpoint.extra_header.clone(),
            body: None,
        }
    }

    /// With one more header.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// The methods that providers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Asks.
    Post,
}

/// How a key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `x-api-key`, Anthropic's.
    XApiKey,
    /// `x-goog-api-key`, Google's.
    XGoogApiKey,
    /// `api-key`, Azure's.
    ApiKey,
}

impl Auth {
    /// The header that carries `key`: its name and value.
    pub fn header(self, key: &str) -> (&'static str, String) {
        match self {
            Self::Bearer => ("Authorization", format!("Bearer {key}")),
            Self::XApiKey => ("x-api-key", key.to_owned()),
            Self::XGoogApiKey => ("x-goog-api-key", key.to_owned()),
            Self::ApiKey => ("api-key", key.to_owned()),
        }
    }
}

/// What came back, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` as received, where the provider lets a page read it; most do not.
    pub retry_after: Option<String>,
    /// Everything.
    pub body: Vec<u8>,
}

/// The scheme, host and port of an address, in lower case, as a key is bound to it; `None` where it is no http(s) address.
pub fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    // An address with a user name in it is a trick more often than a need.
    if authority.is_empty() || authority.contains(['@', ' ']) {
        return None;
    }
    let authority = authority.to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
    Some(format!("{scheme}://{authority}"))
}

/// The host of an address in lower case, without port and brackets; empty where it is no http(s) address.
pub(super) fn host(url: &str) -> String {
    let origin = origin(url).unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next(),
        None => authority.split(':').next(),
    };
    host.unwrap_or_default().to_owned()
}

/// The base address with the version that a protocol's paths begin with, where a person typed the host alone.
pub(super) fn versioned(base_url: &str, version: &str) -> String {
    let base_url = base_url.trim().trim_end_matches('/');
    let path = base_url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    if path.is_some() { base_url.to_owned() } else { format!("{base_url}/{version}") }
}

/// Whether an address is on this machine.
pub fn is_loopback(url: &str) -> bool {
    let host = host(url);
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1"
}

/// Whether an address is in a home's or a hospital's own network (RFC 1918, and names that no public server has).
pub(super) fn is_private(url: &str) -> bool {
    let host = host(url);
    let mut numbers = host.split('.').map(str::parse::<u8>);
    let first_two = (numbers.next(), numbers.next());
    let is_name = |endings: &[&str]| endings.iter().any(|ending| host.ends_with(ending));
    match first_two {
        (Some(Ok(10)), Some(Ok(_))) | (Some(Ok(192)), Some(Ok(168))) => true,
        (Some(Ok(172)), Some(Ok(second))) => (16..32).contains(&second),
        _ => is_name(&[".local", ".lan", ".internal", ".home.arpa"]),
    }
}

/// What an answer without success means. `message` is the provider's own, already taken from the body, and `kind` every
/// word of classification that came with it, such as a type, a code or the id of a quota.
pub fn failure_of(status: u16, retry_after: Option<&str>, kind: &str, message: String) -> Failure {
    let wait_millis = retry_after.and_then(seconds_in_header).or_else(|| wait_in_text(&message));
    let about = About::of(kind, &message);
    match status {
        400 | 403 | 422 | 429 if about == About::Credit => Failure::NoCredit { message },
        400 | 422 if about == About::Key => Failure::KeyRefused { message },
        400 | 422 if about == About::Model => Failure::NotFound { message },
        401 | 403 => Failure::KeyRefused { message },
        402 => Failure::NoCredit { message },
        404 => Failure::NotFound { message },
        429 => Failure::RateLimited { wait_millis, message },
        408 | 409 | 425 | 498 | 500.. => Failure::Server { status, wait_millis, message },
        _ => Failure::Refused { status, message },
    }
}

/// What an error is about where its status misleads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Credit, or an allowance for the day or the month that is used up: no waiting helps. Told by 400, 403 or 429.
    Credit,
    /// The key: xAI and Google tell by 400.
    Key,
    /// The model's name: Mistral, OpenRouter and others tell by 400.
    Model,
    /// What its status says.
    Status,
}

impl About {
    fn of(kind: &str, message: &str) -> Self {
        let text = format!("{kind} {message}").to_ascii_lowercase();
        let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
        // Google says "exceeded your current quota … billing" of every limit, and which one in the quota's id.
        let is_per_minute = has(&["per minute", "perminute", "/ minute", "retry in"]);
        let is_spent =
            has(&["perday", "-per-day", "/ month", "per month"]) || has_no_allowance(&text);
        let is_credit = has(&[
            "insufficient_quota",
            "billing",
            "insufficient balance",
            "insufficient credits",
            "credit balance",
            "exceeded your current quota",
            "doesn't have any credits",
            "used all available credits",
        ]);
        if is_spent || (is_credit && !is_per_minute) {
            Self::Credit
        } else if has(&["api_key_invalid", "incorrect api key", "api key not valid"]) {
            Self::Key
        } else if has(&[
            "model_not_found",
            "invalid_model",
            "model_not_available",
            "not a valid model id",
            "model not exist",
            "invalid model:",
            "invalid model '",
        ]) {
            Self::Model
        } else {
            Self::Status
        }
    }
}

/// "limit: 0": this account may not use the model at all, as Google says of models outside its free tier.
fn has_no_allowance(lower: &str) -> bool {
    lower.match_indices("limit: 0").any(|(at, mark)| {
        let after = lower.get(at + mark.len()..).unwrap_or_default();
        !after.starts_with(|c: char| c.is_ascii_digit() || c == '.')
    })
}

/// `Retry-After` in its form of seconds. The form of a date needs a clock that agrees with the server's: left alone.
fn seconds_in_header(value: &str) -> Option<u64> {
    // Google writes its own as `46s`.
    millis(value.trim().trim_end_matches('s').parse().ok()?)
}

/// The wait that providers write into the message, since the headers cannot be read by a page: "try again in 41.724s",
/// "retry in 46s", "in 1m30s", "in 250ms".
fn wait_in_text(message: &str) -> Option<u64> {
    let lower = message.to_ascii_lowercase();
    let start = ["try again in ", "retry in ", "retry after "]
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let word = lower.get(start..)?.split([' ', ',', ')', '"']).next()?.trim_end_matches('.');
    let mut seconds = 0.0;
    let mut rest = word;
    while !rest.is_empty() {
        let n_digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest.get(..n_digits)?.parse().ok()?;
        let after = rest.get(n_digits..)?;
        let n_unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        seconds += number
            * match after.get(..n_unit)? {
                "ms" => 0.001,
                "s" | "" | "sec" | "secs" | "second" | "seconds" => 1.0,
                "m" | "min" => 60.0,
                "h" => 3_600.0,
                _ => return None,
            };
        rest = after.get(n_unit..)?;
    }
    millis(seconds)
}

/// At most a day: a longer wait is no wait.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and 86,400,000
fn millis(seconds: f64) -> Option<u64> {
    (0.0..=86_400.0).contains(&seconds).then(|| (seconds * 1_000.0).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (url, expected) in [
            ("https://api.openai.com/v1", Some("https://api.openai.com")),
            ("HTTPS://API.OpenAI.com:443/v1?x=1", Some("https://api.openai.com")),
            ("http://localhost:11434", Some("http://localhost:11434")),
            ("http://[::1]:8000/v1", Some("http://[::1]:8000")),
            ("https://api.openai.com@evil.example/v1", None),
            ("https://api.openai.com\\@evil.example", Some("https://api.openai.com")),
            ("javascript:alert(1)", None),
            ("ftp://x.example", None),
            ("https:///v1", None),
        ] {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for url in
            ["http://localhost:1", "http://127.0.0.1/v1", "http://[::1]:8", "http://a.localhost"]
        {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["https://localhost.evil.example", "https://api.openai.com", "x"] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn waits_are_read_from_messages() {
        for (message, expected) in [
            ("Rate limit reached. Please try again in 41.724s. Visit …", Some(41_724)),
            ("Please retry in 46s", Some(46_000)),
            ("Please try again in 1m30s", Some(90_000)),
            ("try again in 250ms.", Some(250)),
            ("try again in 20 seconds", Some(20_000)),
            ("try again in a while", None),
            ("try again in 999999999h", None),
            ("slow down", None),
        ] {
            let failure = failure_of(429, None, "", message.to_owned());
            let Failure::RateLimited { wait_millis, .. } = failure else { panic!("{failure}") };
            assert_eq!(wait_millis, expected, "{message}");
        }
    }

    #[test]
    fn a_header_is_believed_before_the_message() {
        let failure = failure_of(503, Some("7"), "", "retry in 46s".to_owned());
        assert!(matches!(failure, Failure::Server { wait_millis: Some(7_000), status: 503, .. }));
    }

    #[test]
    fn statuses_mean_what_can_be_done_about_them() {
        let of = |status, kind: &str| failure_of(status, None, kind, "m".to_owned());
        assert!(matches!(of(401, ""), Failure::KeyRefused { .. }));
        assert!(matches!(of(402, ""), Failure::NoCredit { .. }));
        assert!(matches!(of(429, "insufficient_quota"), Failure::NoCredit { .. }));
        assert!(matches!(of(429, "rate_limit_exceeded"), Failure::RateLimited { .. }));
        assert!(matches!(of(400, ""), Failure::Refused { status: 400, .. }));
        assert!(matches!(of(529, "overloaded_error"), Failure::Server { status: 529, .. }));
        assert!(matches!(of(408, ""), Failure::Server { status: 408, .. }));
    }
}
