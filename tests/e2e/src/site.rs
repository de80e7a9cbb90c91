//! Owns the static host: serves a folder as a dumb web server would, and counts what it sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION, VARY};
use hyper::{Method, Request, Response, StatusCode};

use crate::http::{Broken, Handle, Plain, Scripted, Serving, serve};
use crate::place::{self, Scratch};
use crate::{Error, Result, Within};

/// How files are compressed on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Not at all.
    #[default]
    Plain,
    /// Brotli at quality 11, as a host with precompressed files sends them.
    Brotli,
}

/// What a [`Site`] is to serve, and how.
#[derive(Debug, Clone)]
pub struct Host {
    folder: PathBuf,
    below: String,
    encoding: Encoding,
    headers: Vec<(String, String)>,
}

impl Host {
    /// Serves this folder at the root.
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            below: "/".to_owned(),
            encoding: Encoding::Plain,
            headers: Vec::new(),
        }
    }

    /// Serves the folder below a path such as `/viva/`; nothing is found outside it.
    #[must_use]
    pub fn below(mut self, path: &str) -> Self {
        self.below = format!("/{}/", path.trim_matches('/')).replace("//", "/");
        self
    }

    /// Compresses what browsers accept compressed.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Adds a header to every answer.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Begins to serve on a port of its own.
    pub async fn start(self) -> Result<Site> {
        if !self.folder.is_dir() {
            return Err(Error::new(format!(
                "there is no folder {} to serve: build the page first, or name the folder in VIVA_DIST",
                self.folder.display()
            )));
        }
        let (listener, address) =
            Plain::bind().await.within(|| "opening a port for the page".to_owned())?;
        let shelf =
            Arc::new(Shelf { host: self, served: Mutex::default(), compressed: Mutex::default() });
        let serving = serve(listener, Arc::clone(&shelf));
        Ok(Site { shelf, port: address.port(), _serving: serving, _scratch: None })
    }
}

/// A static host at work; it ends when dropped.
#[derive(Debug)]
pub struct Site {
    shelf: Arc<Shelf>,
    port: u16,
    _serving: Serving,
    _scratch: Option<Scratch>,
}

/// One answer that a [`Site`] gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The path that was asked for, without its query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// Bytes of the body as sent, after compression.
    pub bytes: u64,
}

impl Site {
    /// Serves the built page: the folder in VIVA_DIST, or `dist` in the workspace.
    pub async fn dist() -> Result<Self> {
        Host::of(dist_folder()).start().await
    }

    /// Serves pages written for a test: names with their content.
    pub async fn pages(files: &[(&str, &str)]) -> Result<Self> {
        let scratch = Scratch::new("site")?;
        for (name, content) in files {
            scratch.write(name, content)?;
        }
        let mut site = Host::of(scratch.path()).start().await?;
        site._scratch = Some(scratch);
        Ok(site)
    }

    /// The address of the start page, ending with a slash.
    pub fn url(&self) -> String {
        self.url_as("127.0.0.1")
    }

    /// The address under another name of this machine: `localhost`, or a name that ends with `.localhost`, which browsers
    /// resolve to the loopback interface and hold for a secure context.
    pub fn url_as(&self, host: &str) -> String {
        format!("http://{host}:{}{}", self.port, self.shelf.host.below)
    }

    /// Scheme, host and port of [`Self::url`].
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Everything served so far, in order.
    pub fn served(&self) -> Vec<Served> {
        self.shelf.served.lock().unwrap().clone()
    }

    /// Bytes of all bodies sent so far.
    pub fn transferred(&self) -> u64 {
        self.served().iter().map(|served| served.bytes).sum()
    }

    /// Forgets what was served.
    pub fn forget(&self) {
        self.shelf.served.lock().unwrap().clear();
    }
}

/// The folder in VIVA_DIST, or `dist` in the workspace.
pub fn dist_folder() -> PathBuf {
    std::env::var_os("VIVA_DIST").map_or_else(|| place::workspace().join("dist"), PathBuf::from)
}

#[derive(Debug)]
struct Shelf {
    host: Host,
    served: Mutex<Vec<Served>>,
    compressed: Mutex<BTreeMap<PathBuf, Bytes>>,
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
        self.served.lock().unwrap().push(Served { path, status, bytes: body.len() as u64 });
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
        let packed = ["png", "jpg", "jpeg", "webp", "woff2", "ico", "gz", "br", "zip"];
        self.host.encoding == Encoding::Brotli
            && accepted
            && !packed.contains(&extension(file).as_str())
    }

    fn brotli(&self, file: &Path) -> std::io::Result<Bytes> {
        if let Some(known) = self.compressed.lock().unwrap().get(file) {
            return Ok(known.clone());
        }
        let content = std::fs::read(file)?;
        let compressed = Bytes::from(brotli(&content)?);
        self.compressed.lock().unwrap().insert(file.to_path_buf(), compressed.clone());
        Ok(compressed)
    }
}

/// Compresses with Brotli at quality 11.
pub fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
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
        match code.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
