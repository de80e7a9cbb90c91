//! Owns Excel workbooks (ECMA-376): finds the sheet that has a column for the question, and gives its rows.

mod cells;
mod styles;

use std::borrow::Cow;
use std::cell::RefCell;

use serde_json::Value;

use super::Error;
use super::intake::Intake;
use super::row::Row;
use super::unpack::Budget;
use super::xml::{Event, Events};
use super::zip::Zip;
use cells::{Rows, SheetRow};
use styles::Styles;

/// Where the list of sheets stands.
const WORKBOOK: &str = "xl/workbook.xml";
/// A header may stand below a title, but not deeper.
const N_HEADER_ROWS: usize = 20;
/// More sheets are not looked into.
const N_SHEETS: usize = 100;

/// Whether the archive is a workbook.
pub(super) fn is_workbook(zip: &Zip) -> bool {
    zip.find(WORKBOOK).is_some()
}

struct Sheet {
    name: String,
    path: String,
}

/// What the cells of all sheets refer to.
struct Book<'a> {
    strings: Vec<String>,
    styles: Styles,
    is_1904: bool,
    /// One text of the workbook may stand in any number of cells, and counts in each.
    budget: RefCell<&'a mut Budget>,
    /// Why texts were left out, once the budget is spent.
    over: RefCell<Option<String>>,
}

impl Book<'_> {
    /// A text that cells share.
    fn shared(&self, idx: usize) -> Option<&str> {
        let text = self.strings.get(idx)?;
        match self.budget.borrow_mut().spend(text.len()) {
            Ok(()) => Some(text),
            Err(reason) => {
                self.over.replace(Some(reason));
                None
            }
        }
    }

    fn part(&self, zip: &Zip, path: &str) -> Result<String, String> {
        part(zip, path, &mut self.budget.borrow_mut())
    }
}

/// Reads the first sheet with a question column into `intake`.
pub(super) fn read(
    file: &str,
    zip: &Zip,
    budget: &mut Budget,
    intake: &mut Intake,
) -> Result<(), Error> {
    let broken =
        |reason: String| Error::Broken { file: file.to_owned(), what: "an Excel workbook", reason };
    let workbook = part(zip, WORKBOOK, budget).map_err(broken)?;
    let relations = part(zip, "xl/_rels/workbook.xml.rels", budget).map_err(broken)?;
    let (sheets, is_1904) = sheets(&workbook, &relations);
    let strings = part(zip, "xl/sharedStrings.xml", budget).map_err(broken)?;
    let styles = part(zip, "xl/styles.xml", budget).map_err(broken)?;
    let book = Book {
        strings: cells::shared_strings(&strings),
        styles: Styles::read(&styles),
        is_1904,
        budget: RefCell::new(budget),
        over: RefCell::default(),
    };
    let mut reasons = Vec::new();
    let mut found: Option<(usize, String, Header)> = None;
    // Where every sheet would do, one that names a question still comes first.
    let passes: &[bool] = if intake.takes_any() { &[false, true] } else { &[false] };
    for takes_any in passes {
        reasons.clear();
        for (idx, sheet) in sheets.iter().take(N_SHEETS).enumerate() {
            if found.is_some() {
                break;
            }
            match book.part(zip, &sheet.path) {
                Ok(text) if text.is_empty() => reasons.push(format!("{} is missing", sheet.name)),
                Ok(text) => {
                    found = header(&text, &book, *takes_any).map(|header| (idx, text, header));
                }
                Err(reason) => reasons.push(format!("{}: {reason}", sheet.name)),
            }
        }
    }
    let names = |but: Option<usize>| {
        let others = sheets.iter().enumerate().filter(|(idx, _)| Some(*idx) != but);
        others.map(|(_, sheet)| sheet.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let Some((idx, text, header)) = found else {
        if !reasons.is_empty() {
            return Err(broken(reasons.join("; ")));
        }
        let found = if sheets.is_empty() {
            "the workbook has no sheets".to_owned()
        } else {
            format!("no sheet of the workbook ({}) has a column for the question", names(None))
        };
        return Err(Error::NotQuestions { file: file.to_owned(), found });
    };
    read_sheet(file, &text, &book, &header, intake)?;
    if sheets.len() > 1 {
        intake.notices.push(format!(
            "The workbook has several sheets. {} was read; not read: {}.",
            sheets[idx].name,
            names(Some(idx))
        ));
    }
    Ok(())
}

/// The text of a part of the workbook; empty where there is none.
fn part(zip: &Zip, path: &str, budget: &mut Budget) -> Result<String, String> {
    let Some(entry) = zip.find(path) else { return Ok(String::new()) };
    let bytes = zip.read(entry, budget)?;
    String::from_utf8(bytes).map_err(|_bytes| format!("{path} is not UTF-8"))
}

/// The sheets in order, and whether days are counted from 1904.
fn sheets(workbook: &str, relations: &str) -> (Vec<Sheet>, bool) {
    let targets: Vec<(String, String)> = Events::new(relations)
        .filter_map(|event| match event {
            Event::Open(tag) if tag.name == "Relationship" => {
                Some((tag.attribute("Id")?.into_owned(), tag.attribute("Target")?.into_owned()))
            }
            _ => None,
        })
        .collect();
    let mut is_1904 = false;
    let mut sheets = Vec::new();
    for event in Events::new(workbook) {
        let Event::Open(tag) = event else { continue };
        if tag.name == "workbookPr" {
            is_1904 = matches!(tag.attribute("date1904").as_deref(), Some("1" | "true"));
        }
        if tag.name != "sheet" {
            continue;
        }
        let name = tag.attribute("name").unwrap_or_default().into_owned();
        let id = tag.attribute("id").unwrap_or_default();
        let Some((_, target)) = targets.iter().find(|(known, _)| *known == id) else { continue };
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("xl/{target}"),
        };
        sheets.push(Sheet { name, path });
    }
    (sheets, is_1904)
}

/// Number of the header's row, and its names by column.
struct Header {
    line: u64,
    names: Vec<(usize, String)>,
}

fn header(text: &str, book: &Book, takes_any: bool) -> Option<Header> {
    let mut rows = Rows::new(text, book).filter(|row| !row.cells.is_empty()).take(N_HEADER_ROWS);
    rows.find_map(|SheetRow { line, cells }| {
        let names: Vec<(usize, String)> = cells
            .into_iter()
            .filter_map(|(column, value)| {
                let text = super::options::text_of(&value)?;
                (!text.trim().is_empty()).then(|| (column, text.trim().to_owned()))
            })
            .collect();
        let cells = names.iter().map(|(_, name)| (Cow::Borrowed(name.as_str()), Value::Null));
        let is_header = Row::new(cells.collect()).has_question() || (takes_any && names.len() > 1);
        is_header.then_some(Header { line, names })
    })
}

fn read_sheet(
    file: &str,
    text: &str,
    book: &Book,
    header: &Header,
    intake: &mut Intake,
) -> Result<(), Error> {
    let names = header.names.iter().map(|(_, name)| (Cow::Borrowed(name.as_str()), Value::Null));
    if let Some(found) = Row::new(names.collect()).given_answers() {
        return Err(Error::IsAnswers { file: file.to_owned(), found });
    }
    for SheetRow { line, cells } in Rows::new(text, book) {
        let is_blank = cells.iter().all(|(_, value)| {
            value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
        });
        if line <= header.line || is_blank {
            continue;
        }
        if let Some(reason) = book.over.take() {
            return Err(Error::Broken { file: file.to_owned(), what: "an Excel workbook", reason });
        }
        let mut cells = cells;
        let row = header.names.iter().filter_map(|(column, name)| {
            let idx = cells.iter().position(|(known, _)| known == column)?;
            Some((Cow::Borrowed(name.as_str()), cells[idx].1.take()))
        });
        let row = Row::new(row.collect());
        intake.row(line, row);
    }
    Ok(())
}
