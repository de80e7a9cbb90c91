//! Owns the reading of packs, item by item, so that one that is wrong costs itself only.

use super::intake::Intake;
use super::json::{UNCLOSED, reason_of};
use super::object::Entry;
use super::record::PACK_SCHEMA;
use super::spans::{Lines, Part, parts};
use super::{Dataset, Error, Invalid, Item, ItemRecord};

/// Reads a file of this program: a pack into `dataset` and `intake`; an export of answers is for another reader.
pub(super) fn read(
    file: &str,
    schema: &str,
    text: &str,
    entries: &[Entry],
    dataset: &mut Dataset,
    intake: &mut Intake,
) -> Result<(), Error> {
    if !schema.starts_with("viva-pack/") {
        return Err(Error::IsAnswers {
            file: file.to_owned(),
            found: format!("it is of the form {schema}"),
        });
    }
    if schema != PACK_SCHEMA {
        return Err(Error::UnknownPack { file: file.to_owned(), schema: schema.to_owned() });
    }
    for entry in entries {
        let field = match entry.key.as_str() {
            "id" => &mut dataset.id,
            "title" => &mut dataset.title,
            "version" => &mut dataset.version,
            "language" => &mut dataset.language,
            "licence" => &mut dataset.licence,
            "items" => {
                read_items(text, entry, intake);
                continue;
            }
            "schema" | "description" => continue,
            other => {
                intake
                    .notices
                    .push(format!("The field {other} of the pack is not known and was not used."));
                continue;
            }
        };
        match serde_json::from_str::<String>(entry.value) {
            Ok(value) if !value.trim().is_empty() => *field = value,
            _ => intake.notices.push(format!(
                "The field {} of the pack is not a text and was not used.",
                entry.key
            )),
        }
    }
    Ok(())
}

fn read_items(text: &str, entry: &Entry, intake: &mut Intake) {
    let text = &text[..entry.at + entry.value.len()];
    let mut lines = Lines::new(text);
    if !entry.value.starts_with('[') {
        intake.refuse(lines.line(entry.at), None, "items", "is not a list");
        return;
    }
    for part in parts(text, entry.at) {
        match part {
            Part::Element { at, value, .. } => {
                let line = lines.line(at);
                match item(value) {
                    Ok(item) => intake.item(line, item),
                    Err((id, Invalid { field, reason })) => intake.refuse(line, id, &field, reason),
                }
            }
            Part::Broken { at, reason } => intake.refuse(lines.line(at), None, "JSON", reason),
            Part::Unclosed => intake.notices.push(UNCLOSED.to_owned()),
        }
    }
}

fn item(json: &str) -> Result<Item, (Option<String>, Invalid)> {
    let record: ItemRecord = serde_json::from_str(json).map_err(|error| {
        let reason = reason_of(&error);
        // Of a missing or misspelt field the parser's message names it first, between grave accents.
        let named = reason.split('`').nth(1).filter(|name| !name.is_empty());
        let field = if error.is_data() { named.unwrap_or("item") } else { "JSON" };
        let reason = reason.replace("``", "without a name").replace('`', "");
        (id_in(json), Invalid::new(field, reason))
    })?;
    let id = Some(record.id.clone());
    Item::try_from(record).map_err(|invalid| (id, invalid))
}

fn id_in(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    value.get("id")?.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
