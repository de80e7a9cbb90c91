//! Owns the static host: serves a folder as a dumb web server would, and counts what it sent.

mod shelf;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use self::shelf::Shelf;
use crate::http::{Door, Plain, Serving, serve};
use crate::lock::lock;
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
        let desk =
            Arc::new(Shelf { host: self, served: Mutex::default(), compressed: Mutex::default() });
        let serving = serve(listener, Door::Plain, Arc::clone(&desk));
        Ok(Site { shelf: desk, port: address.port(), _serving: serving, scratch: None })
    }
}

/// A static host at work; it ends when dropped.
#[derive(Debug)]
pub struct Site {
    shelf: Arc<Shelf>,
    port: u16,
    _serving: Serving,
    scratch: Option<Scratch>,
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
    /// Serves the built page: the folder in `VIVA_DIST`, or `dist` in the workspace.
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
        site.scratch = Some(scratch);
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

    /// Compresses all files now, so that no request waits for it. Nothing to do without compression.
    pub fn compress_all(&self) -> Result<()> {
        self.shelf.compress_all(&self.shelf.host.folder).map_err(Error::from)
    }

    /// Everything served so far, in order.
    pub fn served(&self) -> Vec<Served> {
        lock(&self.shelf.served).clone()
    }

    /// Bytes of all bodies sent so far.
    pub fn transferred(&self) -> u64 {
        self.served().iter().map(|served| served.bytes).sum()
    }

    /// Forgets what was served.
    pub fn forget(&self) {
        lock(&self.shelf.served).clear();
    }
}

/// The folder in `VIVA_DIST`, or `dist` in the workspace.
pub fn dist_folder() -> PathBuf {
    std::env::var_os("VIVA_DIST").map_or_else(|| place::workspace().join("dist"), PathBuf::from)
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
