//! Owns the reading of our own export.

use serde::Deserialize;

use super::{Error, Opened};
use crate::report::export::SCHEMA;
use crate::report::export::json::RunFile;
use crate::run::chain::{Broken, plan_hash, verify};
use crate::run::{Journal, Plan};

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: Option<String>,
}

pub(super) fn open(file_name: &str, bytes: &[u8]) -> Result<Opened, Error> {
    let file_name = || file_name.to_owned();
    let schema = match serde_json::from_slice::<Head>(bytes) {
        Ok(head) => head.schema,
        // Cut off: what it was still shows at its beginning.
        Err(source) if starts_as_run(bytes) => {
            return Err(Error::Damaged { file_name: file_name(), source });
        }
        Err(_) => None,
    };
    match schema {
        Some(schema) if schema == SCHEMA => {}
        Some(schema) if schema.starts_with("viva-run/") => {
            return Err(Error::NewerSchema { file_name: file_name(), schema });
        }
        _ => return Err(Error::NotResults { file_name: file_name() }),
    }
    let file: RunFile = serde_json::from_slice(bytes)
        .map_err(|source| Error::Damaged { file_name: file_name(), source })?;
    let is_plan_whole = plan_hash(&file.plan) == file.plan_hash;
    let plan = Plan::try_from(file.plan)
        .map_err(|source| Error::Plan { file_name: file_name(), source })?;
    let journal = Journal { plan, entries: file.entries };
    let broken = if is_plan_whole { verify(&journal).err() } else { Some(Broken { seq: 0 }) };
    Ok(Opened::Run { journal, broken })
}

fn starts_as_run(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(200)];
    head.windows(9).any(|window| window == b"viva-run/")
}
