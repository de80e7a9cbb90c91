//! Owns how much memory a page takes, its threads included: what its process has in the machine's memory, as Linux tells it.
//!
//! This counts everything: the file's bytes on their way, JavaScript's heap, and the linear memory of each thread, which a
//! page's own figures tell only in part. Pages of the program that were loaded before are left out.

use std::fs;
use std::sync::Arc;

use viva_e2e::browser::Browser;
use viva_e2e::{Error, Result, Within};

/// The processes of a browser's pages, before and after something is done in one of them.
#[derive(Debug)]
pub(crate) struct Memory(Vec<Process>);

#[derive(Debug)]
struct Process {
    id: u32,
    before: f64,
    peak: f64,
    after: f64,
}

impl Memory {
    /// Notes what they take, and makes the machine forget the most that they took before.
    pub(crate) async fn watch(browser: &Arc<Browser>) -> Result<Self> {
        let processes = browser.renderers().await?.into_iter().map(|id| {
            // 5 resets the peak (proc_pid_clear_refs(5)).
            fs::write(format!("/proc/{id}/clear_refs"), "5")
                .within(|| format!("resetting the peak of process {id}"))?;
            let before = bytes(id, "VmRSS:")?;
            Ok(Process { id, before, peak: before, after: before })
        });
        Ok(Self(processes.collect::<Result<_>>()?))
    }

    /// Notes the most that they took since, and what they take now.
    pub(crate) fn read(&mut self) -> Result<()> {
        for process in &mut self.0 {
            process.peak = bytes(process.id, "VmHWM:")?;
            process.after = bytes(process.id, "VmRSS:")?;
        }
        Ok(())
    }

    /// The most that was added to what there was before, in bytes.
    pub(crate) fn peak(&self) -> f64 {
        self.0.iter().map(|process| process.peak - process.before).sum()
    }

    /// What was added in the end, in bytes.
    pub(crate) fn kept(&self) -> f64 {
        self.0.iter().map(|process| process.after - process.before).sum()
    }
}

/// A figure of a process's status, which is in units of 1,024 bytes.
fn bytes(id: u32, field: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let units = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    units
        .map(|units| units * 1_024.0)
        .ok_or_else(|| Error::new(format!("process {id} tells no {field}")))
}
