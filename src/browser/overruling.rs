//! Owns the way of a person's ruling into the journal of a run that is kept in this browser.

use super::driver::Driver;
use super::error::Error;
use super::store::Store;
use super::{clock, lock};
use crate::run::chain::{self, Sealed};
use crate::run::{Body, Entry, Event, Journal, Overruling};

/// Why a ruling was not kept. Nothing changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// That tab writes the journal.
    #[error("Nothing was changed: this run is open in another tab. Close that tab first.")]
    ElsewhereOpen,
    /// The journal here is behind, or the browser's storage refused.
    #[error("Nothing was changed: {0}. Load this page again, then try once more.")]
    Browser(#[from] Error),
}

/// The entry that a ruling makes after the last one of a journal.
pub fn sealed(journal: &Journal, overruling: Overruling) -> Sealed {
    chain::next(journal, clock::now_millis(), Body::Overruled(overruling))
}

/// Appends a ruling to a run that is kept here and open in no tab; gives the entry that it made. An entry that the journal
/// has meanwhile is never written over: the store refuses.
pub async fn keep(journal: &Journal, overruling: Overruling) -> Result<Entry, KeepError> {
    let run_id = &journal.plan.run_id;
    let _lock = lock::take(run_id).await.ok_or(KeepError::ElsewhereOpen)?;
    let store = Store::open().await?;
    let sealed = sealed(journal, overruling);
    store.append(run_id, std::slice::from_ref(&sealed)).await?;
    Ok(sealed.entry)
}

/// Has the run that is open in this tab take a ruling down, and waits until it is safe.
pub async fn keep_in_run(driver: &Driver, overruling: Overruling) -> Result<(), KeepError> {
    let n_before = driver.with(|run| run.journal().entries.len());
    driver.tell(Event::Overrule(overruling.clone()));
    loop {
        let (is_safe, error) = driver.with(|run| {
            let new = run.journal().entries.get(n_before..).unwrap_or_default();
            let is_safe = new.iter().any(
                |entry| matches!(&entry.body, Body::Overruled(written) if *written == overruling),
            );
            (is_safe, run.store_error())
        });
        match (is_safe, error) {
            (true, _) => return Ok(()),
            (false, Some(error)) => return Err(Error::Store(error).into()),
            (false, None) => clock::next_turn().await,
        }
    }
}
