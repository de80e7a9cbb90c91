//! Owns downloads: files that a page gave to the person.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::Page;
use super::cdp::{Connection, Listener};
use crate::lock::lock;
use crate::{Error, Result};

/// A file that a page saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The name under which the person would find it.
    pub name: String,
    /// Where it lies until the page's context closes.
    pub path: PathBuf,
    id: String,
    frame: String,
    ended: Option<bool>,
}

impl Download {
    /// What is in it.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.path).map_err(Error::from)
    }

    /// What is in it, as text.
    pub fn text(&self) -> Result<String> {
        std::fs::read_to_string(&self.path).map_err(Error::from)
    }
}

/// All downloads of a browser.
#[derive(Debug, Default)]
pub(super) struct Downloads(Mutex<Vec<Download>>);

impl Listener for Downloads {
    fn event(&self, _: &Arc<Connection>, _: &str, method: &str, params: &Value) {
        let text = |name: &str| params[name].as_str().unwrap_or_default().to_owned();
        let mut downloads = lock(&self.0);
        match method {
            "Browser.downloadWillBegin" => downloads.push(Download {
                name: text("suggestedFilename"),
                path: PathBuf::new(),
                id: text("guid"),
                frame: text("frameId"),
                ended: None,
            }),
            "Browser.downloadProgress" => {
                let known = downloads.iter_mut().find(|download| download.id == text("guid"));
                if let Some(download) = known {
                    download.ended = match params["state"].as_str() {
                        Some("completed") => Some(true),
                        Some("canceled") => Some(false),
                        _ => None,
                    };
                }
            }
            _ => {}
        }
    }
}

impl Page {
    /// The files that the page saved so far, complete ones only.
    pub fn downloads(&self) -> Vec<Download> {
        let context = &self.inner.context;
        let all = lock(&context.browser.downloads.0);
        all.iter()
            .filter(|download| download.frame == self.inner.target && download.ended == Some(true))
            .map(|download| Download {
                path: context.downloads.path().join(&download.id),
                ..download.clone()
            })
            .collect()
    }

    /// Does something that makes the page save a file, and waits for the file.
    pub async fn download(&self, cause: impl Future<Output = Result<()>>) -> Result<Download> {
        let before = self.downloads().len();
        cause.await?;
        self.poll("a download", async || Ok(self.downloads().into_iter().nth(before))).await
    }
}
