//! Owns how a request becomes a file: paths, content types, compression.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION, VARY};
use hyper::{Method, Request, Response, StatusCode};

use super::{Encoding, Host, Served, brotli};
use crate::http::{Broken, Handle, Scripted};
use crate::lock::lock;

#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) host: Host,
    pub(super) served: Mutex<Vec<Served>>,
    pub(super) compressed: Mutex<BTreeMap<PathBuf, Bytes>>,
}

impl Handle for Shelf {
    async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Scripted>, Broken> {
        let path = request.uri().path().to_owned();
        let found = match *request.method() {
            Method::GET | Method::HEAD => self.find(&path),
            _ => Found::Not(StatusCode::METHOD_NOT_ALLOWED),
        };
        let mut response = Response::new(Scripted::empty());
        let mut body = Bytes::new();
        match found {
            Found::Not(status) => {
                *response.status_mut() = status;
                body = Bytes::from(status.to_string());
                set(response.headers_mut(), CONTENT_TYPE.as_str(), "text/plain; charset=utf-8");
            }
            Found::Elsewhere(location) => {
                *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
                set(response.headers_mut(), LOCATION.as_str(), &location);
            }
            Found::File(file) => {
                set(response.headers_mut(), CONTENT_TYPE.as_str(), content_type(&file));
                let encoded = self.wants_brotli(request.headers(), &file);
                match if encoded {
                    self.brotli(&file)
                } else {
                    std::fs::read(&file).map(Bytes::from)
                } {
                    Ok(content) => body = content,
                    Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
                }
                if encoded {
                    set(response.headers_mut(), CONTENT_ENCODING.as_str(), "br");
                    set(response.headers_mut(), VARY.as_str(), "accept-encoding");
                }
            }
        }
        for (name, value) in &self.host.headers {
            set(response.headers_mut(), name, value);
        }
        if request.method() == Method::HEAD {
            body = Bytes::new();
        }
        let status = response.status().as_u16();
        lock(&self.served).push(Served { path, status, bytes: body.len() as u64 });
        *response.body_mut() = Scripted::whole(body);
        Ok(response)
    }
}

enum Found {
    File(PathBuf),
    Elsewhere(String),
    Not(StatusCode),
}

impl Shelf {
    fn find(&self, path: &str) -> Found {
        let Some(inside) = path.strip_prefix(self.host.below.as_str()) else {
            // Hosts send the visitor of a folder without its slash to the one with it.
            if format!("{path}/") == self.host.below {
                return Found::Elsewhere(self.host.below.clone());
            }
            return Found::Not(StatusCode::NOT_FOUND);
        };
        let inside = percent_decoded(inside);
        if inside.split('/').any(|step| step == "..") || inside.contains('\0') {
            return Found::Not(StatusCode::BAD_REQUEST);
        }
        let mut file = self.host.folder.join(inside.trim_start_matches('/'));
        if file.is_dir() {
            if !path.ends_with('/') {
                return Found::Elsewhere(format!("{path}/"));
            }
            file.push("index.html");
        }
        if file.is_file() { Found::File(file) } else { Found::Not(StatusCode::NOT_FOUND) }
    }

    fn wants_brotli(&self, headers: &HeaderMap, file: &Path) -> bool {
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let accepted =
            accepted.is_some_and(|value| value.split(',').any(|name| name.trim() == "br"));
        self.host.encoding == Encoding::Brotli && accepted && is_compressible(file)
    }

    pub(super) fn compress_all(&self, folder: &Path) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.compress_all(&path)?;
            } else if self.host.encoding == Encoding::Brotli && is_compressible(&path) {
                self.brotli(&path)?;
            }
        }
        Ok(())
    }

    fn brotli(&self, file: &Path) -> std::io::Result<Bytes> {
        if let Some(known) = lock(&self.compressed).get(file) {
            return Ok(known.clone());
        }
        // A build may have left the compressed file beside the other.
        let mut beside = file.as_os_str().to_owned();
        beside.push(".br");
        let compressed = match std::fs::read(&beside) {
            Ok(compressed) => Bytes::from(compressed),
            Err(_) => Bytes::from(brotli(&std::fs::read(file)?)?),
        };
        lock(&self.compressed).insert(file.to_path_buf(), compressed.clone());
        Ok(compressed)
    }
}

fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = hyper::header::HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
    headers.insert(name, value.parse().expect("a header's value"));
}

fn extension(file: &Path) -> String {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Whether compression helps: not where the format is compressed already.
fn is_compressible(file: &Path) -> bool {
    let packed = ["png", "jpg", "jpeg", "webp", "woff2", "ico", "gz", "br", "zip"];
    !packed.contains(&extension(file).as_str())
}

fn content_type(file: &Path) -> &'static str {
    match extension(file).as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "jsonl" => "application/x-ndjson",
        "webmanifest" => "application/manifest+json",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let code =
            code.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
