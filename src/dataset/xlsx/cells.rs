//! Owns the cells of a sheet: what the types of ECMA-376 mean, and the texts that cells share.

use serde_json::Value;

use super::Book;
use crate::dataset::xml::{Event, Events, Tag, unescaped};

/// Columns end at XFD.
const N_COLUMNS: usize = 16_384;

/// A row of a sheet.
pub(super) struct SheetRow {
    /// Its number as Excel shows it.
    pub(super) line: u64,
    /// Column and content of the cells that hold anything.
    pub(super) cells: Vec<(usize, Value)>,
}

/// The rows of a sheet, from its XML.
pub(super) struct Rows<'a, 'b> {
    events: Events<'a>,
    book: &'a Book<'b>,
    line: u64,
}

impl<'a, 'b> Rows<'a, 'b> {
    pub(super) fn new(text: &'a str, book: &'a Book<'b>) -> Self {
        Self { events: Events::new(text), book, line: 0 }
    }

    fn cells(&mut self) -> Vec<(usize, Value)> {
        let mut cells: Vec<(usize, Value)> = Vec::new();
        let mut next = 0;
        while let Some(event) = self.events.next() {
            match event {
                Event::Open(tag) if tag.name == "c" => {
                    let place = tag.attribute("r");
                    let column = place.and_then(|place| column_of(&place)).unwrap_or(next);
                    next = column + 1;
                    let value = if tag.is_empty { Value::Null } else { self.value(&tag) };
                    if !value.is_null() && column < N_COLUMNS {
                        cells.push((column, value));
                    }
                }
                Event::Close("row") => break,
                _ => {}
            }
        }
        cells
    }

    /// The content of the cell whose tag has just opened.
    fn value(&mut self, cell: &Tag) -> Value {
        let mut raw = String::new();
        let mut inline = String::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Open(tag) if tag.name == "v" && !tag.is_empty => {
                    raw = text_until(&mut self.events, "v");
                }
                Event::Open(tag) if tag.name == "is" && !tag.is_empty => {
                    inline = rich_text(&mut self.events, "is");
                }
                Event::Close("c") => break,
                _ => {}
            }
        }
        let kind = cell.attribute("t");
        match kind.as_deref() {
            Some("inlineStr") => Value::String(inline),
            Some("s") => {
                let idx = raw.trim().parse::<usize>().ok();
                let text = idx.and_then(|idx| self.book.shared(idx));
                text.map_or(Value::Null, Value::from)
            }
            Some("b") => Value::Bool(matches!(raw.trim(), "1" | "true")),
            // An error such as #N/A is no content.
            Some("e") => Value::Null,
            Some("str" | "d") => Value::String(unicode(&raw)),
            _ if raw.trim().is_empty() => Value::Null,
            _ => {
                let style = cell.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0);
                number(raw.trim(), self.book, style)
            }
        }
    }
}

impl Iterator for Rows<'_, '_> {
    type Item = SheetRow;

    fn next(&mut self) -> Option<SheetRow> {
        loop {
            let Event::Open(tag) = self.events.next()? else { continue };
            if tag.name != "row" {
                continue;
            }
            let told = tag.attribute("r").and_then(|line| line.parse().ok());
            self.line = told.unwrap_or(self.line.saturating_add(1));
            let cells = if tag.is_empty { vec![] } else { self.cells() };
            return Some(SheetRow { line: self.line, cells });
        }
    }
}

/// Whole numbers stay whole, so that an answer `2` is not `2.0`; days become dates.
fn number(raw: &str, book: &Book, style: usize) -> Value {
    let Ok(number) = raw.parse::<f64>() else { return Value::String(raw.to_owned()) };
    if let Some(date) = book.styles.date(style, number, book.is_1904) {
        return Value::String(date);
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation)] // checked to be whole and small
        return Value::from(number as i64);
    }
    // Excel stores 0.1 + 0.2 with 17 digits and shows 15; those are what the person typed.
    let shown = format!("{number:.14e}").parse().unwrap_or(number);
    serde_json::Number::from_f64(shown).map_or(Value::Null, Value::Number)
}

/// `B` of `B12`, as a number from 0 on.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let column = letters.fold(0, |column, letter| {
        column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    column.checked_sub(1)
}

/// The texts that cells refer to by number.
pub(super) fn shared_strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut events = Events::new(text);
    while let Some(event) = events.next() {
        if let Event::Open(tag) = event
            && tag.name == "si"
        {
            strings.push(if tag.is_empty { String::new() } else { rich_text(&mut events, "si") });
        }
    }
    strings
}

/// The texts of all runs up to the closing tag; readings for pronunciation are left out.
fn rich_text(events: &mut Events, end: &str) -> String {
    let mut text = String::new();
    while let Some(event) = events.next() {
        match event {
            Event::Open(tag) if tag.name == "t" && !tag.is_empty => {
                text.push_str(&text_until(events, "t"));
            }
            Event::Open(tag) if tag.name == "rPh" && !tag.is_empty => {
                text_until(events, "rPh");
            }
            Event::Close(name) if name == end => break,
            _ => {}
        }
    }
    unicode(&text)
}

fn text_until(events: &mut Events, end: &str) -> String {
    let mut text = String::new();
    for event in events.by_ref() {
        match event {
            Event::Text(raw) => text.push_str(&unescaped(raw)),
            Event::Literal(raw) => text.push_str(raw),
            Event::Close(name) if name == end => break,
            Event::Open(_) | Event::Close(_) => {}
        }
    }
    text
}

/// Excel writes characters that XML may not hold as `_x000D_`.
fn unicode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let code = after.get(..4).filter(|_| after[4..].starts_with('_'));
        let char =
            code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        if let Some(char) = char {
            out.push(char);
            rest = &after[5..];
        } else {
            out.push_str("_x");
            rest = after;
        }
    }
    out.push_str(rest);
    // A line break in a cell may be two characters; one is meant.
    out.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::dataset::unpack::Budget;
    use crate::dataset::xlsx::Styles;

    fn rows(xml: &str) -> Vec<Vec<(usize, Value)>> {
        let mut budget = Budget::default();
        let book = Book {
            strings: vec!["shared".to_owned()],
            styles: Styles::default(),
            is_1904: false,
            budget: RefCell::new(&mut budget),
            over: RefCell::default(),
        };
        Rows::new(xml, &book).map(|row| row.cells).collect()
    }

    #[test]
    fn every_type_of_cell_is_read() {
        let got = rows(
            r#"<sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>x</t></rPh></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c><f>1+1</f><v>2.0</v></c><c><v>0.30000000000000004</v></c><c t="str"><v>a_x000D__xZ &lt;</v></c><c r="AA2"/></row><row/></sheetData>"#,
        );
        let expected = [
            (0, Value::from("shared")),
            (2, Value::from("inline")),
            (3, Value::from(true)),
            (5, Value::from(2)),
            (6, Value::from(0.3)),
            (7, Value::from("a\r_xZ <")),
        ];
        assert_eq!(got[0], expected);
        assert!(got[1].is_empty());
    }

    #[test]
    fn columns_are_letters() {
        assert_eq!(
            (column_of("A1"), column_of("AA10"), column_of("XFD1")),
            (Some(0), Some(26), Some(16_383))
        );
        assert_eq!(column_of("12"), None);
    }

    #[test]
    fn shared_strings_are_joined_runs() {
        let text = "<sst><si><t>a</t></si><si/><si><r><t xml:space=\"preserve\">b </t></r><r><t>c</t></r></si></sst>";
        assert_eq!(shared_strings(text), ["a", "", "b c"]);
    }
}
