//! Owns the shape of a call as the browser is to make it, and the reading of what every provider's errors share.

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

/// Whether an address is on this machine.
pub fn is_loopback(url: &str) -> bool {
    let Some(origin) = origin(url) else { return false };
    let host = origin.split_once("://").map_or("", |(_, authority)| authority);
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1"
}

/// What an answer without success means. `message` is the provider's own, already taken from the body.
pub fn failure_of(status: u16, retry_after: Option<&str>, kind: &str, message: String) -> Failure {
    let wait_millis = retry_after.and_then(seconds_in_header).or_else(|| wait_in_text(&message));
    let about_credit = is_about_credit(kind, &message);
    match status {
        401 | 403 => Failure::KeyRefused { message },
        402 => Failure::NoCredit { message },
        429 if about_credit => Failure::NoCredit { message },
        404 => Failure::NotFound { message },
        429 => Failure::RateLimited { wait_millis, message },
        408 | 409 | 425 | 498 | 500.. => Failure::Server { status, wait_millis, message },
        _ => Failure::Refused { status, message },
    }
}

/// Some providers answer 429 where no waiting helps: the credit is used up.
fn is_about_credit(kind: &str, message: &str) -> bool {
    let text = format!("{kind} {message}").to_ascii_lowercase();
    [
        "insufficient_quota",
        "billing",
        "insufficient balance",
        "credit balance",
        "exceeded your current quota",
    ]
    .iter()
    .any(|mark| text.contains(mark))
        && !text.contains("per minute")
        && !text.contains("retry in")
}

/// `Retry-After` in its form of seconds. The form of a date needs a clock that agrees with the server's: left alone.
fn seconds_in_header(value: &str) -> Option<u64> {
    millis(value.trim().parse().ok()?)
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
