//! Owns the browser: starts a headless Chromium and drives it through its tools' protocol.

mod act;
mod cdp;
mod download;
mod emulate;
mod evidence;
mod find;
mod keys;
mod launch;
mod log;
mod page;
mod recorder;
mod see;
mod storage;

use std::sync::{Arc, Mutex};

use serde_json::json;

use self::cdp::Connection;
use self::download::Downloads;
use self::launch::Process;
use crate::Result;
use crate::lock::lock;
use crate::place::Scratch;

pub use self::download::Download;
pub use self::emulate::{Media, Scheme};
pub use self::find::{By, Name, contains, css, label, role, text};
pub use self::launch::{Profile, host_flag};
pub use self::log::{Console, CspViolation, Exchange, Log, Speaker};
pub use self::page::Page;
pub use self::see::{AxNode, Screenshot};

/// A running browser. It ends when dropped.
#[derive(Debug)]
pub struct Browser {
    connection: Arc<Connection>,
    process: Mutex<Process>,
    downloads: Arc<Downloads>,
}

impl Browser {
    /// Starts one with an empty profile that goes with it.
    pub async fn launch() -> Result<Arc<Self>> {
        // The watchdog removes the folder, also when this process is killed.
        let folder = std::mem::ManuallyDrop::new(Scratch::new("profile")?);
        Self::start(folder.path(), &[], true).await
    }

    /// Starts one with a profile that may have been used before, and more flags.
    pub async fn launch_with(profile: &Profile, flags: &[&str]) -> Result<Arc<Self>> {
        let flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        Self::start(profile.path(), &flags, false).await
    }

    /// The one that tests of this process share; each takes a context of its own.
    pub async fn shared() -> Result<Arc<Self>> {
        static SHARED: tokio::sync::Mutex<Option<Arc<Browser>>> =
            tokio::sync::Mutex::const_new(None);
        let mut shared = SHARED.lock().await;
        match shared.as_ref().filter(|browser| browser.connection.is_open()) {
            Some(browser) => Ok(Arc::clone(browser)),
            None => Ok(Arc::clone(shared.insert(Self::launch().await?))),
        }
    }

    async fn start(profile: &std::path::Path, flags: &[String], remove: bool) -> Result<Arc<Self>> {
        let process = Process::start(profile, flags, remove).await?;
        let connection = Connection::open(process.port, &process.path).await?;
        let downloads = Arc::new(Downloads::default());
        connection.listen("", Arc::clone(&downloads) as Arc<dyn cdp::Listener>);
        Ok(Arc::new(Self { connection, process: Mutex::new(process), downloads }))
    }

    /// A context that shares nothing with others: own storage, own caches, own permissions.
    pub async fn context(self: &Arc<Self>) -> Result<Arc<Context>> {
        let made = self.connection.call("", "Target.createBrowserContext", json!({})).await?;
        let id = made["browserContextId"].as_str().unwrap_or_default().to_owned();
        Context::new(Arc::clone(self), Some(id)).await
    }

    /// The context whose storage is in the browser's profile, and thus outlives the browser.
    pub async fn lasting_context(self: &Arc<Self>) -> Result<Arc<Context>> {
        Context::new(Arc::clone(self), None).await
    }

    /// Kills it with all its processes, as a crash or a power cut would. Every page of it is dead afterwards.
    pub fn kill(&self) {
        lock(&self.process).kill();
    }

    /// Numbers of the processes in which its pages run, their threads included.
    pub async fn renderers(&self) -> Result<Vec<u32>> {
        let told = self.connection.call("", "SystemInfo.getProcessInfo", json!({})).await?;
        let processes = told["processInfo"].as_array().cloned().unwrap_or_default();
        let renderers = processes.iter().filter(|process| process["type"] == "renderer");
        Ok(renderers.filter_map(|process| u32::try_from(process["id"].as_u64()?).ok()).collect())
    }

    /// What the browser calls itself, with its version.
    pub async fn version(&self) -> Result<String> {
        let version = self.connection.call("", "Browser.getVersion", json!({})).await?;
        Ok(version["product"].as_str().unwrap_or_default().to_owned())
    }
}

/// Pages that share storage, caches and permissions. It closes with its last page and handle.
#[derive(Debug)]
pub struct Context {
    browser: Arc<Browser>,
    id: Option<String>,
    downloads: Scratch,
}

impl Context {
    async fn new(browser: Arc<Browser>, id: Option<String>) -> Result<Arc<Self>> {
        let context = Self { browser, id, downloads: Scratch::new("downloads")? };
        let folder = context.downloads.path().display().to_string();
        let mut params =
            json!({"behavior": "allowAndName", "downloadPath": folder, "eventsEnabled": true});
        context.name_in(&mut params);
        context.browser.connection.call("", "Browser.setDownloadBehavior", params).await?;
        Ok(Arc::new(context))
    }

    fn name_in(&self, params: &mut serde_json::Value) {
        if let Some(id) = &self.id {
            params["browserContextId"] = id.as_str().into();
        }
    }

    /// Opens an empty page, visible and in a window of its own.
    pub async fn page(self: &Arc<Self>) -> Result<Page> {
        Page::open(Arc::clone(self)).await
    }

    /// Lets pages of `origin` use what else they would have to ask for, such as `clipboard-read` or `clipboard-write`.
    pub async fn grant(&self, origin: &str, permissions: &[&str]) -> Result<()> {
        for name in permissions {
            let mut params =
                json!({"permission": {"name": name}, "setting": "granted", "origin": origin});
            self.name_in(&mut params);
            self.browser.connection.call("", "Browser.setPermission", params).await?;
        }
        Ok(())
    }

    /// The browser it belongs to.
    pub fn browser(&self) -> &Arc<Browser> {
        &self.browser
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            self.browser.connection.tell(
                "",
                "Target.disposeBrowserContext",
                json!({"browserContextId": id}),
            );
        }
    }
}

/// A page in a new context of the browser that the tests share: what most tests begin with.
pub async fn new_page() -> Result<Page> {
    Browser::shared().await?.context().await?.page().await
}
