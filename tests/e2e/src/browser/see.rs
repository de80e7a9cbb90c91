//! Owns what can be seen of a page: texts, values, the accessibility tree, pictures.

use std::path::Path;

use serde_json::{Value, json};

use super::{By, Page};
use crate::{Error, Result};

/// A picture of a page, as PNG.
#[derive(Clone, PartialEq, Eq)]
pub struct Screenshot {
    /// The file's bytes.
    pub png: Vec<u8>,
}

impl Screenshot {
    /// Width and height in pixels, from the file's header.
    pub fn size(&self) -> Option<(u32, u32)> {
        let header = self.png.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
        let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        number(8).zip(number(12))
    }

    /// Writes it to a file.
    pub fn save(&self, path: &Path) -> Result<()> {
        std::fs::write(path, &self.png).map_err(Error::from)
    }
}

impl std::fmt::Debug for Screenshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screenshot")
            .field("size", &self.size())
            .field("bytes", &self.png.len())
            .finish()
    }
}

/// What assistive technology is told about an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxNode {
    /// ARIA role, such as `button`, `main` or `heading`.
    pub role: String,
    /// Accessible name.
    pub name: String,
    /// Accessible description.
    pub description: String,
    /// States and properties that are set, as `name=value`, such as `expanded=true` or `level=2`.
    pub states: Vec<String>,
}

impl Page {
    /// What a person can read on the page.
    pub async fn visible_text(&self) -> Result<String> {
        self.eval_text("document.body?.innerText ?? ''").await
    }

    /// The text of the one element, once it is there.
    pub async fn text(&self, what: impl Into<By>) -> Result<String> {
        self.read(&what.into(), "function () { return this.innerText ?? this.textContent; }").await
    }

    /// What is in a field, once it is there.
    pub async fn value(&self, what: impl Into<By>) -> Result<String> {
        self.read(&what.into(), "function () { return String(this.value); }").await
    }

    /// An attribute's value; none when the element has no such attribute.
    pub async fn attribute(&self, what: impl Into<By>, name: &str) -> Result<Option<String>> {
        let function =
            format!("function () {{ return [this.getAttribute({})]; }}", Value::from(name));
        let value = self.read_value(&what.into(), &function).await?;
        Ok(value[0].as_str().map(str::to_owned))
    }

    /// The texts of all elements that `what` means now, in the order of the page.
    pub async fn texts(&self, what: impl Into<By>) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.resolve(&what.into()).await? {
            let text = self
                .on(&element, "function () { return this.innerText ?? this.textContent; }", &[])
                .await?;
            texts.push(text.as_str().unwrap_or_default().trim().to_owned());
        }
        Ok(texts)
    }

    /// Whether any of them is there and visible now.
    pub async fn shows(&self, what: impl Into<By>) -> Result<bool> {
        for element in self.resolve(&what.into()).await? {
            if self.is_shown(&element).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn read(&self, what: &By, function: &str) -> Result<String> {
        let value = self.read_value(what, function).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    async fn read_value(&self, what: &By, function: &str) -> Result<Value> {
        self.poll(&what.to_string(), async || {
            let element = self.one(what).await?;
            self.on(&element, function, &[]).await.map(Some)
        })
        .await
    }

    /// A picture of what the window shows.
    pub async fn screenshot(&self) -> Result<Screenshot> {
        self.capture(json!({"format": "png"})).await
    }

    /// A picture of the whole page, however long.
    pub async fn full_screenshot(&self) -> Result<Screenshot> {
        self.capture(json!({"format": "png", "captureBeyondViewport": true})).await
    }

    async fn capture(&self, params: Value) -> Result<Screenshot> {
        let answer = self.call("Page.captureScreenshot", params).await?;
        let encoded = answer["data"].as_str().unwrap_or_default();
        let png = data_encoding::BASE64.decode(encoded.as_bytes());
        png.map(|png| Screenshot { png })
            .map_err(|error| Error::new(format!("the picture: {error}")))
    }

    /// The whole accessibility tree, in the order of the page, without what assistive technology skips.
    pub async fn accessibility(&self) -> Result<Vec<AxNode>> {
        let answer = self.call("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = answer["nodes"].as_array().into_iter().flatten();
        Ok(nodes.filter(|node| node["ignored"] != true).map(ax_node).collect())
    }

    /// What has the keyboard's focus; none while it is on the page as a whole.
    pub async fn focused(&self) -> Result<Option<AxNode>> {
        let params = json!({"expression": "document.activeElement", "objectGroup": "viva-e2e"});
        let active = self.call("Runtime.evaluate", params).await?;
        if active["result"]["className"] == "HTMLBodyElement"
            || active["result"]["objectId"].is_null()
        {
            return Ok(None);
        }
        let params = json!({"objectId": active["result"]["objectId"], "fetchRelatives": false});
        let answer = self.call("Accessibility.getPartialAXTree", params).await?;
        Ok(answer["nodes"].get(0).map(ax_node))
    }

    /// What the Tab key reaches, in order, from where the focus is until it comes round or `limit` stops are made.
    pub async fn tab_stops(&self, limit: usize) -> Result<Vec<AxNode>> {
        const MARK: &str = "(() => {
            const active = document.activeElement;
            if (!active || active === document.body || active.dataset.vivaE2eStop) return false;
            active.dataset.vivaE2eStop = '1';
            return true;
        })()";
        let mut stops = Vec::new();
        while stops.len() < limit {
            self.press("Tab").await?;
            if self.eval(MARK).await? != true {
                break;
            }
            stops.extend(self.focused().await?);
        }
        let unmark = "document.querySelectorAll('[data-viva-e2e-stop]')\
            .forEach(one => delete one.dataset.vivaE2eStop)";
        self.eval(unmark).await?;
        Ok(stops)
    }
}

fn ax_node(node: &Value) -> AxNode {
    let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
    let states = node["properties"].as_array().into_iter().flatten();
    AxNode {
        role: text(&node["role"]),
        name: text(&node["name"]),
        description: text(&node["description"]),
        states: states
            .map(|state| {
                let value = match &state["value"]["value"] {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                format!("{}={value}", state["name"].as_str().unwrap_or_default())
            })
            .collect(),
    }
}
