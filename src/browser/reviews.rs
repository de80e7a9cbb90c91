//! Owns what this browser keeps of blinded reviews: the organiser's desk, and the sheets of a reviewer.

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::store::Store;
use super::{clock, crypto};
use crate::people::review::{ConflictRule, KeyFile, RatingsFile, ReviewFile};

/// The setting that holds the organiser's desk.
const DESK: &str = "review desk";
/// The setting that names the sheet that was rated last.
const LAST: &str = "review last sheet";

/// An organiser's review with the files that came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// The key.
    pub key: KeyFile,
    /// Ratings files as they came, each with its name: those that are refused too.
    pub files: Vec<(String, String)>,
    /// What counts where a reviewer's files contradict each other.
    pub rule: ConflictRule,
}

/// A reviewer's file with the ratings so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// As it was opened.
    pub file: ReviewFile,
    /// So far.
    pub ratings: RatingsFile,
}

/// A seed that nobody can guess: who tried all seeds of a small range would find the one that gives the codes of a review file.
/// Below 2^53, which a field for numbers can hold.
pub fn fresh_seed() -> u64 {
    let drawn = crypto::random_bytes::<8>().map(u64::from_le_bytes);
    // A browser without such bytes still has chance, if of a lesser kind.
    let chance =
        |_| (0..4).fold(0, |seed: u64, _| seed.wrapping_mul(1_000_003) ^ clock::random_seed());
    drawn.unwrap_or_else(chance) >> 11
}

/// The organiser's desk, if there is one.
pub async fn desk() -> Result<Option<Desk>, Error> {
    let kept: Option<Option<String>> = Store::open().await?.setting(DESK).await?;
    kept.flatten().map(|text| Ok(serde_json::from_str(&text)?)).transpose()
}

/// Keeps the desk, or clears it.
pub async fn keep_desk(desk: Option<&Desk>) -> Result<(), Error> {
    let text = desk.map(serde_json::to_string).transpose()?;
    Store::open().await?.put_work(DESK, &text).await
}

fn name_of(sha256: &str) -> String {
    format!("review sheet {sha256}")
}

/// The sheet of the review file with this hash.
pub async fn sheet(sha256: &str) -> Result<Option<Sheet>, Error> {
    let kept: Option<String> = Store::open().await?.setting(&name_of(sha256)).await?;
    kept.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
}

/// The sheet that was rated last.
pub async fn last_sheet() -> Result<Option<Sheet>, Error> {
    let last: Option<String> = Store::open().await?.setting(LAST).await?;
    match last {
        Some(sha256) => sheet(&sha256).await,
        None => Ok(None),
    }
}

/// Keeps a sheet; when this returns it has reached the disk.
pub async fn keep_sheet(sheet: &Sheet) -> Result<(), Error> {
    let store = Store::open().await?;
    let text = serde_json::to_string(sheet)?;
    store.put_work(&name_of(&sheet.ratings.review_sha256), &text).await?;
    store.put_setting(LAST, &sheet.ratings.review_sha256).await
}
