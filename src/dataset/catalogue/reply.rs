//! Owns what an answer of a host means: the thing itself, a refusal that stays, one that passes, or something else in its place.

use serde_json::Value;

/// The first lines of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// HTTP status.
    pub status: u16,
    /// `content-type`, where the page may read it.
    pub content_type: Option<String>,
    /// What `retry-after` asks for, in seconds, where the page may read it.
    pub retry_after_secs: Option<u64>,
    /// What `content-length` says of this answer, where the page may read it.
    pub n_bytes: Option<u64>,
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// Its first lines.
    pub head: Head,
    /// What follows.
    pub body: Vec<u8>,
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// It may pass: wait, by what the host asks for if it asks.
    Passing { what: String, wait_millis: Option<u64> },
    /// It stays: go on to the next place.
    Lasting { what: String },
}

/// Longest text of a host's own error that is shown, in characters.
const N_SHOWN: usize = 200;
/// How much of a file is looked at to see that it is a page.
const N_LOOKED_AT: usize = 512;

impl Head {
    pub(super) fn is_good(&self) -> bool {
        matches!(self.status, 200 | 206)
    }
}

/// What a status other than 200 and 206 means. `body` may hold the host's own words.
pub(super) fn refused(head: &Head, body: &[u8]) -> Refused {
    let status = head.status;
    let own_words = own_words(body).map_or_else(String::new, |words| format!(" It says: {words}"));
    let lasting = |what: String| Refused::Lasting { what: format!("{what}{own_words}") };
    match status {
        408 | 429 | 500..=599 => {
            let what = match status {
                429 => "the host asks to wait (429, too many requests)".to_owned(),
                _ => format!("the host has a problem of its own ({status})"),
            };
            let wait_millis = head.retry_after_secs.map(|secs| secs.saturating_mul(1_000));
            Refused::Passing { what: format!("{what}.{own_words}"), wait_millis }
        }
        401 | 403 => lasting(format!(
            "the host gives it only to those who log in or agree to its terms ({status})."
        )),
        404 | 410 => lasting(format!("it is not there any more, or was moved ({status}).")),
        416 => lasting("the host cannot go on where the download broke off (416).".to_owned()),
        _ => lasting(format!("the host refuses it ({status}).")),
    }
}

/// What stands in the place of the data, if it is not the data.
pub(super) fn stand_in(content_type: Option<&str>, body: &[u8]) -> Option<&'static str> {
    let start = String::from_utf8_lossy(&body[..body.len().min(N_LOOKED_AT)]).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if start.is_empty() {
        return Some("an empty file came.");
    }
    let is_page = ["<!doctype html", "<html"].iter().any(|tag| start.starts_with(tag));
    if is_page || (start.starts_with('<') && content_type.is_some_and(|kind| kind.contains("html")))
    {
        return Some(
            "a web page came in the place of the data: a login or a network's own page may stand in between.",
        );
    }
    start
        .starts_with("version https://git-lfs")
        .then_some("a pointer to the file came (Git LFS), not the file itself.")
}

/// What a host says in its JSON under `error`, cut to one short line.
fn own_words(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let words: String =
        value.get("error")?.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = words.chars().filter(|char| !char.is_control()).take(N_SHOWN).collect();
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(status: u16) -> Head {
        Head { status, ..Head::default() }
    }

    #[test]
    fn what_passes_is_told_from_what_stays() {
        let busy = refused(&Head { retry_after_secs: Some(7), ..head(429) }, b"");
        assert!(matches!(busy, Refused::Passing { wait_millis: Some(7_000), .. }));
        assert!(matches!(refused(&head(503), b""), Refused::Passing { wait_millis: None, .. }));
        for status in [301, 400, 401, 403, 404, 410, 416, 418, 422, 0] {
            assert!(matches!(refused(&head(status), b""), Refused::Lasting { .. }), "{status}");
        }
        let Refused::Lasting { what } =
            refused(&head(404), br#"{"error": "The dataset\ndoes not exist."}"#)
        else {
            panic!()
        };
        assert!(what.ends_with("It says: The dataset does not exist."), "{what}");
    }

    #[test]
    fn pages_pointers_and_nothing_are_no_data() {
        assert!(stand_in(None, b"  <!DOCTYPE html><p>").unwrap().contains("web page"));
        assert!(stand_in(Some("text/html; charset=utf-8"), b"<p>hello").is_some());
        assert!(stand_in(None, b" \n").unwrap().contains("empty"));
        assert!(stand_in(None, b"version https://git-lfs.github.com/spec/v1").is_some());
        assert_eq!(stand_in(Some("text/html"), b"{\"question\": 1}"), None);
    }

    proptest! {
        #[test]
        fn no_answer_panics(status in any::<u16>(), body in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = refused(&head(status), &body);
            let _ = stand_in(Some("text/html"), &body);
        }
    }
}
