//! Owns finding elements: by selector, by the role and name that assistive technology sees, by label, by text.

use std::fmt;

use serde_json::{Value, json};

use super::Page;
use super::page::{folded, thrown};
use crate::{Error, Result};

/// Roles that a label can belong to.
const CONTROLS: [&str; 11] = [
    "textbox",
    "searchbox",
    "combobox",
    "listbox",
    "checkbox",
    "radio",
    "spinbutton",
    "slider",
    "switch",
    "ComboBoxSelect",
    "Date",
];

/// Which element is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    steps: Vec<Step>,
    nth: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Css(String),
    Text(String),
    Role(String, Name),
    Label(Name),
}

/// An accessible name, white space folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// Any.
    Any,
    /// This one.
    Is(String),
    /// One with this in it.
    Contains(String),
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::Is(folded(name))
    }
}

impl From<&String> for Name {
    fn from(name: &String) -> Self {
        Self::Is(folded(name))
    }
}

impl Name {
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Is(wanted) => folded(name) == *wanted,
            Self::Contains(part) => folded(name).contains(part),
        }
    }
}

/// A name with `part` in it.
pub fn contains(part: &str) -> Name {
    Name::Contains(folded(part))
}

/// Elements that a CSS selector selects.
pub fn css(selector: &str) -> By {
    Step::Css(selector.to_owned()).into()
}

/// The innermost elements that show this text.
pub fn text(shown: &str) -> By {
    Step::Text(folded(shown)).into()
}

/// Elements with this ARIA role and accessible name, as the browser computes them: what a screen reader would announce.
pub fn role(role: &str, name: impl Into<Name>) -> By {
    Step::Role(role.to_owned(), name.into()).into()
}

/// Form controls with this accessible name.
pub fn label(name: impl Into<Name>) -> By {
    Step::Label(name.into()).into()
}

impl From<Step> for By {
    fn from(step: Step) -> Self {
        Self { steps: vec![step], nth: None }
    }
}

/// A string is a CSS selector.
impl From<&str> for By {
    fn from(selector: &str) -> Self {
        css(selector)
    }
}

impl From<&By> for By {
    fn from(by: &By) -> Self {
        by.clone()
    }
}

impl By {
    /// Of several, the one with this index in the order of the page.
    #[must_use]
    pub fn nth(mut self, index: usize) -> Self {
        self.nth = Some(index);
        self
    }

    /// What `inner` means within these.
    #[must_use]
    pub fn then(mut self, inner: Self) -> Self {
        self.steps.extend(inner.steps);
        self.nth = inner.nth.or(self.nth);
        self
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, step) in self.steps.iter().enumerate() {
            if idx > 0 {
                f.write_str(" › ")?;
            }
            match step {
                Step::Css(selector) => write!(f, "{selector}")?,
                Step::Text(text) => write!(f, "the text {text:?}")?,
                Step::Role(role, name) => write!(f, "the {role}{name}")?,
                Step::Label(name) => write!(f, "the control{name}")?,
            }
        }
        self.nth.map_or(Ok(()), |nth| write!(f, " (no. {nth} from 0)"))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::Is(name) => write!(f, " named {name:?}"),
            Self::Contains(part) => write!(f, " with {part:?} in its name"),
        }
    }
}

/// An element as the protocol names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element(pub(super) String);

/// Elements below `this` that a selector selects, in the order of the page.
const BY_CSS: &str = "function (selector) { return [...this.querySelectorAll(selector)]; }";

/// Elements below `this` that show a text and have no child that shows it.
const BY_TEXT: &str = r"function (wanted) {
    const fold = element => (element.innerText ?? element.textContent).replace(/\s+/gu, ' ').trim();
    const shows = element => fold(element).includes(wanted);
    const root = this.body ?? this;
    return [...root.querySelectorAll('*')].filter(element =>
        element.checkVisibility?.() && shows(element) && ![...element.children].some(shows));
}";

impl Page {
    /// The elements that `by` means now. None is no error.
    pub(super) async fn resolve(&self, by: &By) -> Result<Vec<Element>> {
        let mut found = vec![self.document().await?];
        for step in &by.steps {
            let mut inner = Vec::new();
            for root in &found {
                inner.extend(match step {
                    Step::Css(selector) => self.list(root, BY_CSS, selector).await?,
                    Step::Text(text) => self.list(root, BY_TEXT, text).await?,
                    Step::Role(role, name) => self.by_role(root, Some(role), name).await?,
                    Step::Label(name) => self.by_role(root, None, name).await?,
                });
            }
            found = inner;
        }
        Ok(match by.nth {
            Some(nth) => found.into_iter().skip(nth).take(1).collect(),
            None => found,
        })
    }

    /// The one element that `by` means. None, and more than one, is an error: a test that clicks one of several by luck
    /// says nothing.
    pub(super) async fn one(&self, by: &By) -> Result<Element> {
        let mut found = self.resolve(by).await?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::new(format!("there is no {by}"))),
            several => Err(Error::new(format!("there are {several} of {by}; say which with nth"))),
        }
    }

    /// How many there are now, visible or not.
    pub async fn count(&self, what: impl Into<By>) -> Result<usize> {
        Ok(self.resolve(&what.into()).await?.len())
    }

    async fn document(&self) -> Result<Element> {
        let params = json!({"expression": "document", "objectGroup": "viva-e2e"});
        let answer = self.call("Runtime.evaluate", params).await?;
        Ok(element(&answer["result"]))
    }

    async fn list(&self, root: &Element, function: &str, argument: &str) -> Result<Vec<Element>> {
        let params = json!({
            "functionDeclaration": function, "objectId": root.0, "arguments": [{"value": argument}],
            "objectGroup": "viva-e2e",
        });
        let answer = self.call("Runtime.callFunctionOn", params).await?;
        thrown(&answer)?;
        let params = json!({"objectId": answer["result"]["objectId"], "ownProperties": true});
        let answer = self.call("Runtime.getProperties", params).await?;
        let properties = answer["result"].as_array().into_iter().flatten();
        let elements = properties.filter(|property| {
            property["name"]
                .as_str()
                .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        });
        Ok(elements.map(|property| element(&property["value"])).collect())
    }

    async fn by_role(
        &self,
        root: &Element,
        role: Option<&String>,
        name: &Name,
    ) -> Result<Vec<Element>> {
        let mut params = json!({"objectId": root.0});
        if let Some(role) = role {
            params["role"] = role.as_str().into();
        }
        let answer = self.call("Accessibility.queryAXTree", params).await?;
        let nodes = answer["nodes"].as_array().into_iter().flatten().filter(|node| {
            node["ignored"] != true
                && name.fits(node["name"]["value"].as_str().unwrap_or_default())
                && (role.is_some()
                    || node["role"]["value"].as_str().is_some_and(|is| CONTROLS.contains(&is)))
        });
        let mut elements = Vec::new();
        for node in nodes {
            let params =
                json!({"backendNodeId": node["backendDOMNodeId"], "objectGroup": "viva-e2e"});
            // A node may have gone between the two calls.
            if let Ok(answer) = self.call("DOM.resolveNode", params).await {
                elements.push(element(&answer["object"]));
            }
        }
        Ok(elements)
    }

    /// Calls a function with `this` bound to an element and gives its value as JSON.
    pub(super) async fn on(
        &self,
        element: &Element,
        function: &str,
        arguments: &[Value],
    ) -> Result<Value> {
        let arguments: Vec<Value> = arguments.iter().map(|value| json!({"value": value})).collect();
        let params = json!({
            "functionDeclaration": function, "objectId": element.0, "arguments": arguments,
            "returnByValue": true, "awaitPromise": true, "userGesture": true,
        });
        let mut answer = self.call("Runtime.callFunctionOn", params).await?;
        thrown(&answer)?;
        Ok(answer["result"]["value"].take())
    }
}

fn element(object: &Value) -> Element {
    Element(object["objectId"].as_str().unwrap_or_default().to_owned())
}
