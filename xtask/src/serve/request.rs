//! Owns the head of an HTTP request: the lines of a connection in, the few facts that the server uses out.

use std::io::{self, BufRead, Read};

/// More than any browser sends.
const LONGEST_HEAD: u64 = 16 * 1024;

/// What came in on a connection.
pub(super) enum Received {
    Request(Request),
    Malformed,
    Closed,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// As sent, with its query.
    pub(super) target: String,
    /// Whether Brotli-compressed content is accepted.
    pub(super) brotli: bool,
    /// The `If-None-Match` header.
    pub(super) known: Option<String>,
    /// Whether the connection closes after the answer.
    pub(super) last: bool,
}

/// Reads the next request's head.
pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Received> {
    let mut limited = reader.take(LONGEST_HEAD);
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        if limited.read_until(b'\n', &mut line)? == 0 && lines.is_empty() {
            return Ok(Received::Closed);
        }
        if !line.ends_with(b"\n") {
            return Ok(Received::Malformed);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if !line.is_empty() {
            lines.push(line);
        } else if !lines.is_empty() {
            break;
        }
    }
    Ok(parse(&lines).map_or(Received::Malformed, Received::Request))
}

fn parse(lines: &[String]) -> Option<Request> {
    let (first, headers) = lines.split_first()?;
    let mut words = first.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || !version.starts_with("HTTP/1.") || !target.starts_with('/') {
        return None;
    }
    let mut request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        last: version == "HTTP/1.0",
        ..Request::default()
    };
    for header in headers {
        let (name, value) = header.split_once(':')?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "accept-encoding" => request.brotli = accepts_brotli(value),
            "if-none-match" => request.known = Some(value.to_owned()),
            "connection" => request.last |= value.eq_ignore_ascii_case("close"),
            // A body is not read, so what follows it cannot be either.
            "content-length" | "transfer-encoding" => request.last = true,
            _ => {}
        }
    }
    Some(request)
}

fn accepts_brotli(value: &str) -> bool {
    value.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_brotli = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        is_brotli && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Received {
        read(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn a_browsers_request_is_read() {
        let text = "GET /a?b HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n\
                    If-None-Match: \"1\"\r\n\r\n";
        let Received::Request(request) = read_text(text) else { panic!("not read") };
        let expected = Request {
            method: "GET".to_owned(),
            target: "/a?b".to_owned(),
            brotli: true,
            known: Some("\"1\"".to_owned()),
            last: false,
        };
        assert_eq!(request, expected);
    }

    #[test]
    fn brotli_is_sent_only_to_those_who_accept_it() {
        for (value, accepted) in
            [("gzip, deflate, br", true), ("br;q=0.5", true), ("br;q=0", false), ("gzip", false)]
        {
            assert_eq!(accepts_brotli(value), accepted, "{value}");
        }
    }

    #[test]
    fn what_is_not_a_request_is_malformed() {
        let endless = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
        for text in ["hello\r\n\r\n", "GET x HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nX", &endless] {
            assert!(matches!(read_text(text), Received::Malformed), "{text:.40}");
        }
        assert!(matches!(read_text(""), Received::Closed));
    }

    #[test]
    fn a_request_with_a_body_is_the_last_of_its_connection() {
        let text = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
        let Received::Request(request) = read_text(text) else { panic!("not read") };
        assert!(request.last);
    }
}
