//! Owns the page: opening, going places, running scripts in it, and waiting.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cdp::Connection;
use super::log::Log;
use super::recorder::{Ear, Recorder};
use super::{By, Context};
use crate::{Error, Result, Within};

/// How long a page may take for what a test waits for, unless the test says otherwise. Generous: the machine may be busy.
const LIMIT: Duration = Duration::from_secs(15);

/// A page of a browser. Clones are the same page; it closes with the last of them.
#[derive(Debug, Clone)]
pub struct Page {
    pub(super) inner: Arc<Inner>,
    pub(super) limit: Duration,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) context: Arc<Context>,
    pub(super) target: String,
    pub(super) session: String,
    pub(super) recorder: Arc<Recorder>,
}

impl Page {
    pub(super) async fn open(context: Arc<Context>) -> Result<Self> {
        let connection = Arc::clone(&context.browser.connection);
        let mut params =
            json!({"url": "about:blank", "newWindow": true, "width": 1280, "height": 800});
        context.name_in(&mut params);
        let made = connection.call("", "Target.createTarget", params).await?;
        let target = made["targetId"].as_str().unwrap_or_default().to_owned();
        let attach = json!({"targetId": target, "flatten": true});
        let attached = connection.call("", "Target.attachToTarget", attach).await?;
        let session = attached["sessionId"].as_str().unwrap_or_default().to_owned();
        let recorder = Arc::new(Recorder::default());
        connection.listen(&session, Arc::new(Ear(Arc::clone(&recorder))));
        let page =
            Self { inner: Arc::new(Inner { context, target, session, recorder }), limit: LIMIT };
        Recorder::enable(&connection, &page.inner.session);
        page.call("Page.enable", json!({})).await?;
        page.call("Page.setLifecycleEventsEnabled", json!({"enabled": true})).await?;
        page.call("Emulation.setFocusEmulationEnabled", json!({"enabled": true})).await?;
        // Scroll bars take no room, as on phones: 360 px are 360 px.
        page.call("Emulation.setScrollbarsHidden", json!({"hidden": true})).await?;
        page.viewport(1280, 800).await?;
        Ok(page)
    }

    /// The same page with another limit for what is waited for.
    #[must_use]
    pub fn with_limit(&self, limit: Duration) -> Self {
        Self { inner: Arc::clone(&self.inner), limit }
    }

    /// The context it was opened in.
    pub fn context(&self) -> &Arc<Context> {
        &self.inner.context
    }

    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.inner.context.browser.connection
    }

    /// Calls a method of the protocol in the page's session: for what this library does not wrap.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value> {
        let answer = self.connection().call(&self.inner.session, method, params);
        let mut answer = std::pin::pin!(answer);
        loop {
            let changed = self.inner.recorder.changed.notified();
            if self.inner.recorder.read(|log| log.crashed) {
                return Err(Error::new(format!("{method}: the page has crashed")));
            }
            tokio::select! {
                answer = &mut answer => return answer,
                () = changed => {}
            }
        }
    }

    /// Goes to an address and waits until the page there has loaded. Another fragment of the same page loads nothing.
    pub async fn goto(&self, url: &str) -> Result<()> {
        let went = self.call("Page.navigate", json!({"url": url})).await?;
        if let Some(error) = went["errorText"].as_str().filter(|error| !error.is_empty()) {
            return Err(Error::new(format!("going to {url}: {error}")));
        }
        match went["loaderId"].as_str() {
            Some(loader) => self.loaded(loader).await.within(|| format!("going to {url}")),
            None => Ok(()),
        }
    }

    /// Stops listening to what the page asks of the network and writes to the console, which costs a browser time with every
    /// request: for measurements of what a visitor without developer tools meets. The log ends here.
    pub async fn unwatched(&self) -> Result<()> {
        for domain in ["Network", "Log", "Audits", "Runtime"] {
            self.call(&format!("{domain}.disable"), json!({})).await?;
        }
        Ok(())
    }

    /// Loads the page anew, as a person would with the reload key, and waits until it has loaded.
    pub async fn reload(&self) -> Result<()> {
        // The browser does not name the new loading: it is the one that was not there before.
        let before = self.inner.recorder.read(|log| log.loaded.clone());
        self.call("Page.reload", json!({})).await?;
        self.poll("the page to load anew", async || {
            Ok(self.inner.recorder.read(|log| log.loaded.difference(&before).next().map(|_| ())))
        })
        .await
    }

    async fn loaded(&self, loader: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let changed = self.inner.recorder.changed.notified();
            if self.inner.recorder.read(|log| log.loaded.contains(loader)) {
                return Ok(());
            }
            let left = self.limit.saturating_sub(start.elapsed());
            if tokio::time::timeout(left, changed).await.is_err() {
                return Err(self.failed("the page did not finish loading").await);
            }
        }
    }

    /// Runs an expression in the page, awaits it if it is a promise, and gives its value as JSON.
    /// This is not subject to the page's Content-Security-Policy.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let params = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
            "allowUnsafeEvalBlockedByCSP": true,
        });
        let mut answer = self.call("Runtime.evaluate", params).await?;
        thrown(&answer).within(|| format!("running {}", shortened(expression)))?;
        Ok(answer["result"]["value"].take())
    }

    /// Like [`Self::eval`], with a value of the page as text: strings as they are, others as JSON.
    pub async fn eval_text(&self, expression: &str) -> Result<String> {
        Ok(match self.eval(expression).await? {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    /// Waits until `what` is there and visible.
    pub async fn wait_for(&self, what: impl Into<By>) -> Result<()> {
        let what = what.into();
        self.poll(&format!("{what} to be visible"), async || {
            for element in self.resolve(&what).await? {
                if self.is_shown(&element).await? {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until `what` is not there, or not visible.
    pub async fn wait_gone(&self, what: impl Into<By>) -> Result<()> {
        let what = what.into();
        self.poll(&format!("{what} to be gone"), async || {
            for element in self.resolve(&what).await? {
                if self.is_shown(&element).await? {
                    return Ok(None);
                }
            }
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the page shows this text, whatever the white space within.
    pub async fn wait_text(&self, text: &str) -> Result<()> {
        let wanted = folded(text);
        self.poll(&format!("the text {text:?}"), async || {
            Ok(folded(&self.visible_text().await?).contains(&wanted).then_some(()))
        })
        .await
    }

    /// Waits until an expression is truthy in the page.
    pub async fn wait_until(&self, expression: &str) -> Result<()> {
        let truth = format!("Promise.resolve({expression}).then(Boolean)");
        self.poll(&format!("`{}` to be true", shortened(expression)), async || {
            Ok((self.eval(&truth).await? == true).then_some(()))
        })
        .await
    }

    /// Waits until `seen` gives something. Errors of `seen` count as not yet: pages change while they are looked at.
    pub async fn poll<T>(
        &self,
        what: &str,
        seen: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(10);
        loop {
            let result = seen().await;
            if let Ok(Some(found)) = result {
                return Ok(found);
            }
            if start.elapsed() >= self.limit || !self.connection().is_open() || self.log().crashed {
                let error = format!("waited {:.1} s for {what}", start.elapsed().as_secs_f64());
                let error =
                    result.err().map_or(error.clone(), |reason| format!("{error}: {reason}"));
                return Err(self.failed(&error).await);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }

    /// Everything seen of the page so far.
    pub fn log(&self) -> Log {
        self.inner.recorder.read(Log::clone)
    }

    /// Forgets what was seen.
    pub fn clear_log(&self) {
        self.inner.recorder.clear();
    }

    /// Waits until nothing is under way on the network.
    pub async fn wait_quiet(&self) -> Result<()> {
        self.poll("the network to be quiet", async || {
            Ok(self
                .inner
                .recorder
                .read(|log| log.exchanges.iter().all(|one| one.over))
                .then_some(()))
        })
        .await
    }

    /// Closes it at once, as a person who closes the tab without being asked.
    pub async fn close(self) -> Result<()> {
        let target = json!({"targetId": self.inner.target});
        self.connection().call("", "Target.closeTarget", target).await.map(drop)
    }

    /// Makes the process behind the page die, as when memory runs out.
    pub async fn crash(&self) -> Result<()> {
        // The call itself is never answered: its process is gone.
        self.connection().tell(&self.inner.session, "Page.crash", json!({}));
        let start = Instant::now();
        while !self.log().crashed {
            if start.elapsed() > self.limit {
                return Err(Error::new("the page did not crash"));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let connection = &self.context.browser.connection;
        connection.unlisten(&self.session);
        connection.tell("", "Target.closeTarget", json!({"targetId": self.target}));
    }
}

/// Fails with what a script threw.
pub(super) fn thrown(answer: &Value) -> Result<()> {
    let details = &answer["exceptionDetails"];
    if details.is_null() {
        return Ok(());
    }
    let thrown = details["exception"]["description"].as_str();
    let thrown = thrown.map_or_else(|| details["exception"]["value"].to_string(), str::to_owned);
    Err(Error::new(format!("the script threw {thrown}")))
}

/// White space folded to single spaces, none at the ends.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn shortened(text: &str) -> String {
    let text = folded(text);
    if text.chars().count() <= 120 {
        return text;
    }
    text.chars().take(120).chain(['…']).collect()
}
