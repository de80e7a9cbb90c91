//! Owns what a person does to a page: click, type, press keys, choose, drop files; by real input events.

use std::path::Path;

use serde_json::{Value, json};

use super::find::Element;
use super::keys::{self, Key};
use super::{By, Page};
use crate::{Error, Result};

/// Where an element can be clicked, once it can: visible, enabled, at rest and under nothing else.
/// Gives a point, or a word on why not yet.
const POINT: &str = r"async function () {
    if (!this.isConnected) return 'it has left the page';
    if (!this.checkVisibility({ visibilityProperty: true, opacityProperty: false })) return 'it is not visible';
    if (this.matches(':disabled') || this.getAttribute('aria-disabled') === 'true') return 'it is disabled';
    this.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const place = () => { const box = this.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; };
    const before = place();
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const after = place();
    if (before.some((value, index) => value !== after[index])) return 'it is moving';
    // The first box: a link that wraps has nothing at the middle of its bounds.
    const box = [...this.getClientRects()].find(box => box.width > 0 && box.height > 0);
    if (!box) return 'it has no size';
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const labels = [...(this.labels ?? [])];
    if (!top) return 'it is outside the window';
    if (this === top || this.contains(top) || labels.some(label => label.contains(top))) return { x, y };
    return `it is covered by ${top.outerHTML.slice(0, 120)}`;
}";

const SHOWN: &str = r"function () {
    if (!this.isConnected || !this.checkVisibility({ visibilityProperty: true })) return false;
    const box = this.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
}";

impl Page {
    pub(super) async fn is_shown(&self, element: &Element) -> Result<bool> {
        Ok(self.on(element, SHOWN, &[]).await? == true)
    }

    /// Waits until it can be clicked, and gives the point.
    async fn point(&self, what: &By) -> Result<(f64, f64)> {
        self.poll(&format!("{what} to be clickable"), async || {
            let element = self.one(what).await?;
            match self.on(&element, POINT, &[]).await? {
                Value::String(reason) => Err(Error::new(reason)),
                point => Ok(point["x"].as_f64().zip(point["y"].as_f64())),
            }
        })
        .await
    }

    async fn mouse(&self, kind: &str, (x, y): (f64, f64), more: Value) -> Result<()> {
        let mut params = json!({"type": kind, "x": x, "y": y});
        if let (Some(params), Value::Object(more)) = (params.as_object_mut(), more) {
            params.extend(more);
        }
        self.call("Input.dispatchMouseEvent", params).await.map(drop)
    }

    /// Clicks it with the mouse, once it is visible, enabled, at rest and under nothing else.
    pub async fn click(&self, what: impl Into<By>) -> Result<()> {
        let what = what.into();
        let mut point = self.point(&what).await?;
        loop {
            self.mouse("mouseMoved", point, json!({})).await?;
            // What stands above it may have gone meanwhile, and the click would land beside it.
            let now = self.point(&what).await?;
            if now == point {
                break;
            }
            point = now;
        }
        let button = json!({"button": "left", "clickCount": 1, "buttons": 1});
        self.mouse("mousePressed", point, button.clone()).await?;
        self.mouse("mouseReleased", point, button).await?;
        self.tidy();
        Ok(())
    }

    /// Moves the mouse over it.
    pub async fn hover(&self, what: impl Into<By>) -> Result<()> {
        let point = self.point(&what.into()).await?;
        self.mouse("mouseMoved", point, json!({})).await
    }

    /// Turns the mouse wheel over it; positive is down, in CSS pixels.
    pub async fn scroll(&self, what: impl Into<By>, down: f64) -> Result<()> {
        let point = self.point(&what.into()).await?;
        self.mouse("mouseWheel", point, json!({"deltaX": 0, "deltaY": down})).await
    }

    /// Gives it the keyboard's focus.
    pub async fn focus(&self, what: impl Into<By>) -> Result<()> {
        let what = what.into();
        self.poll(&format!("{what} to take the focus"), async || {
            let element = self.one(&what).await?;
            let focused = self.on(
                &element,
                "function () { this.focus(); return this.matches(':focus'); }",
                &[],
            );
            Ok((focused.await? == true).then_some(()))
        })
        .await
    }

    /// Clicks into a field and replaces what is in it.
    pub async fn fill(&self, what: impl Into<By>, text: &str) -> Result<()> {
        let what = what.into();
        self.click(&what).await?;
        self.press("Control+a").await?;
        if text.is_empty() {
            return self.press("Delete").await;
        }
        self.insert(text).await
    }

    /// Types into what has the focus, key by key. Line breaks press Enter.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        for c in text.chars() {
            match keys::of_char(c) {
                Some(key) => self.stroke(&key, 0).await?,
                None => self.insert(&c.to_string()).await?,
            }
        }
        Ok(())
    }

    /// Puts text where the cursor is, all at once, as input methods and pasting do.
    pub async fn insert(&self, text: &str) -> Result<()> {
        self.call("Input.insertText", json!({"text": text})).await.map(drop)
    }

    /// Presses a key, such as `Enter`, `Tab`, `ArrowDown`, `a`, `Shift+Tab` or `Control+Enter`.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let (modifiers, key) = keys::parse(keys)?;
        self.stroke(&key, modifiers).await
    }

    async fn stroke(&self, key: &Key, modifiers: u8) -> Result<()> {
        // With Control or Alt or Meta a key writes nothing.
        let text = if modifiers & !keys::SHIFT == 0 { key.text.as_str() } else { "" };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let mut params = json!({
            "type": down, "modifiers": modifiers, "key": key.name, "code": key.code,
            "windowsVirtualKeyCode": key.number, "text": text,
        });
        // Editing commands are the window system's, which headless browsers lack.
        if modifiers == keys::CONTROL && key.name == "a" {
            params["commands"] = json!(["selectAll"]);
        }
        self.call("Input.dispatchKeyEvent", params).await?;
        let params = json!({
            "type": "keyUp", "modifiers": modifiers, "key": key.name, "code": key.code,
            "windowsVirtualKeyCode": key.number,
        });
        self.call("Input.dispatchKeyEvent", params).await.map(drop)
    }

    /// Chooses the option with this label or value in a `<select>`, whose list no script can open.
    pub async fn choose(&self, what: impl Into<By>, option: &str) -> Result<()> {
        const CHOOSE: &str = r"function (wanted) {
            const option = [...this.options].find(one => one.label.trim() === wanted || one.value === wanted);
            if (!option) return false;
            this.focus();
            this.value = option.value;
            this.dispatchEvent(new Event('input', { bubbles: true }));
            this.dispatchEvent(new Event('change', { bubbles: true }));
            return true;
        }";
        let what = what.into();
        self.poll(&format!("{what} to offer {option:?}"), async || {
            let element = self.one(&what).await?;
            Ok((self.on(&element, CHOOSE, &[option.into()]).await? == true).then_some(()))
        })
        .await
    }

    /// Chooses files in a file field, visible or not.
    pub async fn set_files(&self, what: impl Into<By>, files: &[&Path]) -> Result<()> {
        let what = what.into();
        let element =
            self.poll(&format!("{what}"), async || self.one(&what).await.map(Some)).await?;
        let params = json!({"objectId": element.0, "files": files});
        self.call("DOM.setFileInputFiles", params).await.map(drop)
    }

    /// Drags files from outside the browser over the element and drops them there.
    pub async fn drop_files(&self, what: impl Into<By>, files: &[&Path]) -> Result<()> {
        let (x, y) = self.point(&what.into()).await?;
        let data = json!({"items": [], "files": files, "dragOperationsMask": 1});
        for kind in ["dragEnter", "dragOver", "drop"] {
            let params = json!({"type": kind, "x": x, "y": y, "data": data});
            self.call("Input.dispatchDragEvent", params).await?;
        }
        Ok(())
    }

    /// Lets the browser forget the elements that were looked at.
    fn tidy(&self) {
        let group = json!({"objectGroup": "viva-e2e"});
        self.connection().tell(&self.inner.session, "Runtime.releaseObjectGroup", group);
    }
}
