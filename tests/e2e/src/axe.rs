//! Owns axe-core: fetched from npm when a test first needs it, run in the page, its findings as values.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;

use crate::browser::Page;
use crate::lock::lock;
use crate::{Error, Result, Within};

/// Something that keeps people out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name, such as `color-contrast`.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What the rule asks for.
    pub help: String,
    /// The elements that break it: selector and markup.
    pub elements: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.rule, self.impact, self.help)?;
        self.elements.iter().try_for_each(|element| write!(f, "\n    {element}"))
    }
}

/// The rules that stand for WCAG 2.2 at levels A and AA, and for good practice.
const RUN: &str = r"axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({ violations }) => violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help, elements: nodes.map(({ target, html, failureSummary }) =>
        `${target.join(' ')}: ${html.slice(0, 200)} (${(failureSummary ?? '').replace(/\s+/g, ' ')})`),
})))";

impl Page {
    /// Examines the page as it is with axe-core; none where axe-core cannot be had, which is said on the console.
    pub async fn axe(&self) -> Result<Option<Vec<Violation>>> {
        let Some(source) = source()? else { return Ok(None) };
        if self.eval("typeof axe").await? != "object" {
            self.eval(&format!("{source}; 0")).await?;
        }
        let found = self.eval(RUN).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let violations = found.as_array().into_iter().flatten().map(|violation| Violation {
            rule: text(&violation["id"]),
            impact: text(&violation["impact"]),
            help: text(&violation["help"]),
            elements: violation["elements"].as_array().into_iter().flatten().map(text).collect(),
        });
        Ok(Some(violations.collect()))
    }

    /// Fails when axe-core finds anything.
    pub async fn accessible(&self) -> Result<()> {
        let violations = self.axe().await?.unwrap_or_default();
        if violations.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = violations.iter().map(ToString::to_string).collect();
        Err(self
            .failed(&format!(
                "{} rules of accessibility are broken:\n{}",
                list.len(),
                list.join("\n")
            ))
            .await)
    }
}

/// The script; none without npm. It is installed as the lock file beside Cargo.toml says, once.
fn source() -> Result<Option<String>> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = lock(&INSTALLING);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        if Command::new("npm").arg("--version").output().is_err() {
            eprintln!(
                "SKIPPED: accessibility was not examined, for there is no npm to fetch axe-core with"
            );
            return Ok(None);
        }
        let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        let npm = Command::new("npm").args(quiet).current_dir(folder).output();
        let output = npm.within(|| "npm".to_owned())?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let error =
                Error::new("npm could not fetch axe-core, which accessibility is examined with");
            return Err(error.and(&said));
        }
    }
    Ok(Some(std::fs::read_to_string(&script)?))
}
