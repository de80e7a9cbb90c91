//! Owns the answers about files: `resolve` addresses of the Hub, its CDN, and GitHub's raw files; whole or in part.

use hyper::header::{CONTENT_RANGE, HeaderMap, IF_NONE_MATCH, IF_RANGE, RANGE};

use super::CDN_HOST;
use super::answer::{Answer, set};
use super::rows::decoded;
use super::shelf::{Gate, Held, Kept, Shelf};

/// What stands behind the Hub's error in `X-Error-Code`.
const NO_ENTRY: &str = "EntryNotFound";

impl Shelf {
    /// Answers a request to the Hub.
    pub(super) fn hub_answer(&self, path: &str, headers: &HeaderMap) -> Answer {
        let parts: Vec<String> = path.trim_start_matches('/').split('/').map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["datasets", owner, name, "resolve", revision, path @ ..] if !path.is_empty() => {
                self.resolve(&format!("{owner}/{name}"), revision, &path.join("/"))
            }
            ["api", "resolve-cache", "datasets", owner, name, revision, path @ ..]
                if !path.is_empty() =>
            {
                match self.file(&format!("{owner}/{name}"), revision, &path.join("/")) {
                    Some(held) => held.sent(headers),
                    None => error(404, NO_ENTRY, "Entry not found"),
                }
            }
            // A page for people, which other pages may not read.
            ["datasets", ..] => Answer::new(200, "text/html; charset=utf-8", "<!doctype html><p>"),
            _ => error(404, "", "Not Found"),
        }
    }

    fn resolve(&self, dataset: &str, revision: &str, path: &str) -> Answer {
        match self.gates.get(dataset) {
            Some(Gate::LogIn) => {
                let words = format!(
                    "Access to dataset {dataset} is restricted. You must have access to it and be authenticated to access it. Please log in."
                );
                return error(401, "GatedRepo", &words);
            }
            Some(Gate::Listed) => {
                let words = format!(
                    "Access to dataset {dataset} is restricted and you are not in the authorized list. Visit https://huggingface.co/datasets/{dataset} to ask for access."
                );
                return error(403, "GatedRepo", &words);
            }
            // Who asks without a key is not told whether there is such a set.
            None if !self.has(dataset) => {
                return error(401, "RepoNotFound", "Invalid username or password.");
            }
            None => {}
        }
        let Some(held) = self.file(dataset, revision, path) else {
            return if self.has_revision(dataset, revision) {
                error(404, NO_ENTRY, "Entry not found")
            } else {
                error(404, "RevisionNotFound", &format!("Invalid rev id: {revision}"))
            };
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let (status, place) = match held.kept {
            Kept::Cdn => {
                let tag = &held.tag;
                (
                    302,
                    format!(
                        "https://{CDN_HOST}/repos/{tag}?response-content-disposition=inline&Expires=1781098782&Signature=made-up"
                    ),
                )
            }
            Kept::Git => {
                let revision = revision.replace('/', "%2F");
                (307, format!("/api/resolve-cache/datasets/{dataset}/{revision}/{path}"))
            }
        };
        let words = format!("Found. Redirecting to {place}");
        Answer::new(status, "text/plain; charset=utf-8", words)
            .with("location", &place)
            .with("x-repo-commit", "0123456789abcdef0123456789abcdef01234567")
            .with("x-linked-size", &held.bytes.len().to_string())
            .with("x-linked-etag", &format!("\"{}\"", held.tag))
            .with("accept-ranges", "bytes")
            .with("content-disposition", &format!("inline; filename=\"{name}\";"))
    }

    /// Answers a request to the CDN.
    pub(super) fn cdn_answer(&self, path: &str, headers: &HeaderMap) -> Answer {
        let tag = path.strip_prefix("/repos/").unwrap_or_default();
        match self.by_tag(tag) {
            Some(held) => held.sent(headers),
            None => Answer::new(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"),
        }
    }

    /// Answers a request for a file on GitHub.
    pub(super) fn github_answer(&self, path: &str, headers: &HeaderMap) -> Answer {
        let path = decoded(path);
        let parts: Vec<&str> = path.trim_start_matches('/').splitn(4, '/').collect();
        let held = match parts.as_slice() {
            [owner, name, revision, path] => {
                self.github(&format!("{owner}/{name}"), revision, path)
            }
            _ => None,
        };
        match held {
            Some(held) => held.sent(headers),
            None => Answer::new(404, "text/plain; charset=utf-8", "404: Not Found"),
        }
    }
}

fn error(status: u16, code: &str, words: &str) -> Answer {
    let answer = Answer::new(status, "text/plain; charset=utf-8", words.to_owned());
    let answer = if code.is_empty() { answer } else { answer.with("x-error-code", code) };
    answer.with("x-error-message", words)
}

impl Held {
    /// The file, or the part that is asked for.
    fn sent(&self, headers: &HeaderMap) -> Answer {
        let tag = format!("\"{}\"", self.tag);
        let n_bytes = self.bytes.len();
        let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let whole = || {
            let answer = Answer::new(200, "application/octet-stream", self.bytes.clone());
            answer.with("etag", &tag).with("accept-ranges", "bytes")
        };
        if value(IF_NONE_MATCH) == Some(&tag) {
            let answer = Answer::new(304, "application/octet-stream", "");
            return answer.with("etag", &tag);
        }
        // A part of another state of the file would not fit: then all of it is sent.
        if value(IF_RANGE).is_some_and(|known| known != tag) {
            return whole();
        }
        match value(RANGE).map(|range| part_of(range, n_bytes)) {
            None | Some(Asked::All) => whole(),
            Some(Asked::Part(from, to)) => {
                let mut answer = whole();
                answer.status = hyper::StatusCode::PARTIAL_CONTENT;
                answer.body = self.bytes.slice(from..to);
                set(
                    &mut answer.headers,
                    CONTENT_RANGE,
                    &format!("bytes {from}-{}/{n_bytes}", to - 1),
                );
                answer
            }
            Some(Asked::Beyond) => {
                let mut answer = Answer::new(416, "text/plain; charset=utf-8", "");
                set(&mut answer.headers, CONTENT_RANGE, &format!("bytes */{n_bytes}"));
                answer
            }
        }
    }
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// Several parts, or something that is not understood: hosts may send all.
    All,
    /// From the first up to before the second byte.
    Part(usize, usize),
    /// A part behind the end.
    Beyond,
}

fn part_of(range: &str, n_bytes: usize) -> Asked {
    let Some((from, to)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Asked::All;
    };
    let (from, to) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) if from <= to => (from, n_bytes.min(to.saturating_add(1))),
        (Ok(from), _) if to.is_empty() => (from, n_bytes),
        (_, Ok(n_last)) if from.is_empty() => (n_bytes.saturating_sub(n_last), n_bytes),
        _ => return Asked::All,
    };
    if from < to { Asked::Part(from, to) } else { Asked::Beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_file_are_counted_as_http_counts_them() {
        assert_eq!(part_of("bytes=2-", 10), Asked::Part(2, 10));
        assert_eq!(part_of("bytes=2-4", 10), Asked::Part(2, 5));
        assert_eq!(part_of("bytes=2-400", 10), Asked::Part(2, 10));
        assert_eq!(part_of("bytes=-3", 10), Asked::Part(7, 10));
        assert_eq!(part_of("bytes=10-", 10), Asked::Beyond);
        assert_eq!(part_of("bytes=1-2,4-5", 10), Asked::All);
        assert_eq!(part_of("lines=1-2", 10), Asked::All);
    }
}
