//! Owns the answer to a request: which file it asks for, and under which headers it is sent.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::content::{cache_control, content_type};
use super::request::Request;

/// An answer to one request.
pub(super) struct Reply {
    status: (u16, &'static str),
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// The length to state where no body is sent.
    length: usize,
}

impl Reply {
    fn new(code: u16, phrase: &'static str, body: Vec<u8>) -> Self {
        Self { status: (code, phrase), headers: Vec::new(), length: body.len(), body }
    }

    /// An answer without a file.
    pub(super) fn refusal(code: u16, phrase: &'static str) -> Self {
        let body = format!("{code} {phrase}\n").into_bytes();
        Self::new(code, phrase, body).with("Content-Type", "text/plain; charset=utf-8")
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer as it goes over the connection, which closes after the `last`.
    pub(super) fn to_bytes(&self, last: bool) -> Vec<u8> {
        let (code, phrase) = self.status;
        let mut head = format!("HTTP/1.1 {code} {phrase}\r\n");
        // What a meta element cannot say stands in headers.
        head.push_str("Content-Security-Policy: frame-ancestors 'none'\r\n");
        head.push_str("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").ok();
        }
        if code != 304 {
            write!(head, "Content-Length: {}\r\n", self.length).ok();
        }
        head.push_str(if last { "Connection: close\r\n\r\n" } else { "\r\n" });
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Answers a request with a file below `dist`, whose path must be canonical.
pub(super) fn answer(request: &Request, dist: &Path) -> Reply {
    let mut reply = match request.method.as_str() {
        "GET" | "HEAD" => file(request, dist),
        _ => Reply::refusal(405, "Method Not Allowed").with("Allow", "GET, HEAD"),
    };
    if request.method == "HEAD" {
        reply.body.clear();
    }
    reply
}

fn file(request: &Request, dist: &Path) -> Reply {
    let Some(name) = safe_path(&request.target) else {
        return Reply::refusal(400, "Bad Request");
    };
    let Some(path) = existing(dist, &name) else {
        return Reply::refusal(404, "Not Found");
    };
    let compressed = request.brotli.then(|| existing(dist, &format!("{name}.br"))).flatten();
    let chosen = compressed.as_ref().unwrap_or(&path);
    let (Some(tag), Ok(body)) = (entity_tag(chosen), fs::read(chosen)) else {
        return Reply::refusal(404, "Not Found");
    };
    let fresh = request.known.as_deref().is_some_and(|known| lists(known, &tag));
    let mut reply = if fresh {
        Reply::new(304, "Not Modified", Vec::new())
    } else {
        Reply::new(200, "OK", body)
    }
    .with("Content-Type", content_type(&name))
    .with("Cache-Control", cache_control(&name))
    .with("ETag", tag)
    .with("Vary", "Accept-Encoding");
    if compressed.is_some() {
        reply = reply.with("Content-Encoding", "br");
    }
    reply
}

/// The path below `dist/` that a request target names, or nothing where it tries to leave.
fn safe_path(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next()?;
    let path = percent_decoded(path.strip_prefix('/')?)?;
    let harmless = |part: &str| {
        !part.starts_with('.') && !part.contains(['\\', '\0', ':']) && !part.is_empty()
    };
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", &path));
    if !directory.is_empty() && !directory.split('/').all(harmless) {
        return None;
    }
    match file {
        "" => Some(format!("{path}index.html")),
        _ => harmless(file).then_some(path),
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let digits = str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The file of that name, unless a link leads it out of `dist`.
fn existing(dist: &Path, name: &str) -> Option<PathBuf> {
    let path = dist.join(name).canonicalize().ok()?;
    (path.starts_with(dist) && path.is_file()).then_some(path)
}

/// A tag that changes whenever the file is written again.
fn entity_tag(path: &Path) -> Option<String> {
    let data = path.metadata().ok()?;
    let written = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("\"{:x}-{:x}\"", data.len(), written.as_nanos()))
}

fn lists(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A `dist/` beside a secret, removed after the test.
    struct Dist(PathBuf);

    impl std::ops::Deref for Dist {
        type Target = Path;

        fn deref(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Dist {
        fn drop(&mut self) {
            if let Some(outside) = self.0.parent() {
                fs::remove_dir_all(outside).ok();
            }
        }
    }

    fn dist() -> Dist {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("viva-files-{}-{number}", std::process::id());
        let outside = std::env::temp_dir().join(name);
        let dist = outside.join("dist");
        fs::create_dir_all(dist.join("www")).unwrap();
        fs::write(outside.join("secret.txt"), "secret").unwrap();
        fs::write(dist.join("index.html"), "<p>index</p>").unwrap();
        fs::write(dist.join("a b.css"), "plain").unwrap();
        fs::write(dist.join("www/viva.wasm"), "wasm").unwrap();
        fs::write(dist.join("www/viva.wasm.br"), "small").unwrap();
        Dist(dist.canonicalize().unwrap())
    }

    fn get(target: &str) -> Request {
        Request { method: "GET".to_owned(), target: target.to_owned(), ..Request::default() }
    }

    fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
        reply.headers.iter().find(|(found, _)| *found == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_directory_is_answered_with_its_index() {
        let dist = dist();
        for target in ["/", "/?x=1", "/index.html"] {
            let reply = answer(&get(target), &dist);
            assert_eq!((reply.status.0, reply.body.as_slice()), (200, &b"<p>index</p>"[..]));
            assert_eq!(header(&reply, "Cache-Control"), Some("no-cache"));
        }
        assert_eq!(answer(&get("/www/"), &dist).status.0, 404);
        assert_eq!(answer(&get("/a%20b.css"), &dist).body, b"plain");
    }

    #[test]
    fn no_path_leads_out_of_dist() {
        let dist = dist();
        #[cfg(unix)]
        std::os::unix::fs::symlink(dist.join("../secret.txt"), dist.join("link.txt")).unwrap();
        let targets = [
            "/../secret.txt",
            "/www/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/%2e%2e%2fsecret.txt",
            "/..\\secret.txt",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/.hidden",
            "/a%00b",
            "/C:/x",
            "/%zz",
            "/%",
            "/link.txt",
        ];
        for target in targets {
            let reply = answer(&get(target), &dist);
            assert!(matches!(reply.status.0, 400 | 404), "{target}");
            assert!(!reply.body.windows(6).any(|bytes| bytes == b"secret"), "{target}");
        }
    }

    #[test]
    fn the_compressed_file_goes_to_those_who_accept_it() {
        let dist = dist();
        let plain = answer(&get("/www/viva.wasm"), &dist);
        assert_eq!(
            (plain.body.as_slice(), header(&plain, "Content-Encoding")),
            (&b"wasm"[..], None)
        );
        let request = Request { brotli: true, ..get("/www/viva.wasm") };
        let small = answer(&request, &dist);
        assert_eq!(small.body, b"small");
        assert_eq!(header(&small, "Content-Encoding"), Some("br"));
        assert_eq!(header(&small, "Content-Type"), Some("application/wasm"));
        assert_ne!(header(&small, "ETag"), header(&plain, "ETag"));
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let dist = dist();
        let tag = header(&answer(&get("/"), &dist), "ETag").unwrap().to_owned();
        let request = Request { known: Some(format!("\"other\", {tag}")), ..get("/") };
        let reply = answer(&request, &dist);
        assert_eq!((reply.status.0, reply.body.len()), (304, 0));
    }

    #[test]
    fn a_head_request_gets_the_length_and_no_body() {
        let request = Request { method: "HEAD".to_owned(), ..get("/") };
        let reply = answer(&request, &dist());
        let text = String::from_utf8(reply.to_bytes(true)).unwrap();
        assert!(text.contains("Content-Length: 12\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    }

    #[test]
    fn nothing_can_be_written() {
        let request = Request { method: "PUT".to_owned(), ..get("/") };
        assert_eq!(answer(&request, &dist()).status.0, 405);
    }

    #[test]
    fn every_answer_keeps_out_of_frames_and_sends_no_referrer() {
        let text = String::from_utf8(Reply::refusal(404, "Not Found").to_bytes(false)).unwrap();
        for expected in ["frame-ancestors 'none'", "nosniff", "no-referrer"] {
            assert!(text.contains(expected), "{expected}");
        }
    }
}
