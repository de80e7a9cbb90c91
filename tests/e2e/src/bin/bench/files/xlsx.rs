//! Owns the large file as an Excel workbook: one sheet, whose texts stand in their cells.

use std::fmt::Write as _;

use miniz_oxide::deflate::compress_to_vec;

use super::rows::{NAMES, row};

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/"#;
const SHEETS: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="rows" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;

/// The whole file.
pub(super) fn file(n_rows: usize) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!("{RELATIONS}{kind}\" Target=\"{target}\"/></Relationships>")
    };
    archive(&[
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", SHEETS.to_owned()),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", sheet(n_rows)),
    ])
}

fn sheet(n_rows: usize) -> String {
    let mut xml = String::with_capacity(n_rows * 1_100);
    xml.push_str(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#);
    push_row(&mut xml, 1, &NAMES, "<is><t>cop</t></is>", "inlineStr");
    for number in 0..n_rows {
        let row = row(number);
        push_row(&mut xml, number + 2, &row.texts(), &format!("<v>{}</v>", row.right), "n");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

fn push_row(xml: &mut String, number: usize, texts: &[&str], last: &str, kind_of_last: &str) {
    let _ = write!(xml, "<row r=\"{number}\">");
    for (letter, text) in ('A'..).zip(texts) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(
            xml,
            "<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
        );
    }
    let _ = write!(xml, "<c r=\"K{number}\" t=\"{kind_of_last}\">{last}</c></row>");
}

/// A ZIP archive of these parts, deflated.
fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let (mut file, mut directory) = (vec![], vec![]);
    let size = |n: usize| u32::try_from(n).unwrap_or_default().to_le_bytes();
    for (name, content) in parts {
        let packed = compress_to_vec(content.as_bytes(), 1);
        let offset = size(file.len());
        // Version 2.0, no flags, deflate, no time.
        let mut about = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        about.extend(crc_32(content.as_bytes()).to_le_bytes());
        about.extend(size(packed.len()));
        about.extend(size(content.len()));
        about.extend(u16::try_from(name.len()).unwrap_or_default().to_le_bytes());
        about.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&about);
        file.extend(name.as_bytes());
        file.extend(packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(about);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let n = u16::try_from(parts.len()).unwrap_or_default().to_le_bytes();
    let start = size(file.len());
    let n_bytes = size(directory.len());
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([n, n].concat());
    file.extend([n_bytes, start].concat());
    file.extend([0, 0]);
    file
}

fn crc_32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let table: Vec<u32> = (0..256).map(|idx| (0..8).fold(idx, |crc, _| step(crc))).collect();
    let byte = |crc: u32, byte: &u8| table[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8);
    !bytes.iter().fold(!0, byte)
}
