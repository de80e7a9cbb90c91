//! Owns the wrapping of bytes as files that hold them: archives and packed files that are sound as such, so that what is in them
//! is reached.

/// How a Zstandard frame begins (RFC 8878).
pub const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A ZIP archive of files that are not packed.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
    let long = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    let (mut out, mut directory) = (vec![], vec![]);
    for (name, content) in files {
        let offset = long(out.len());
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(crc_32(content).to_le_bytes());
        common.extend([long(content.len()), long(content.len())].concat());
        common.extend([short(name.len()), short(0)].concat());
        out.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), content].concat());
        directory.extend([b"PK\x01\x02\x14\x00", common.as_slice(), &[0; 10]].concat());
        directory.extend([offset.as_slice(), name.as_bytes()].concat());
    }
    let end = [
        b"PK\x05\x06\0\0\0\0".as_slice(),
        &short(files.len()),
        &short(files.len()),
        &long(directory.len()),
        &long(out.len()),
        &[0, 0],
    ];
    [out, directory, end.concat()].concat()
}

/// A workbook with one sheet, which this is.
pub fn workbook(sheet: &[u8]) -> Vec<u8> {
    let types = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let book = br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Questions" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let links = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let styles = br#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
    zip(&[
        ("[Content_Types].xml", types.as_slice()),
        ("xl/workbook.xml", book.as_slice()),
        ("xl/_rels/workbook.xml.rels", links.as_slice()),
        ("xl/styles.xml", styles.as_slice()),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// A gzip file (RFC 1952) of blocks that are not packed.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut blocks: Vec<&[u8]> = content.chunks(0xffff).collect();
    if blocks.is_empty() {
        blocks.push(&[]);
    }
    let n_blocks = blocks.len();
    for (idx, block) in blocks.into_iter().enumerate() {
        let n = u16::try_from(block.len()).unwrap_or_default();
        out.push(u8::from(idx + 1 == n_blocks));
        out.extend([n.to_le_bytes(), (!n).to_le_bytes()].concat());
        out.extend(block);
    }
    out.extend(crc_32(content).to_le_bytes());
    let n = u32::try_from(content.len()).unwrap_or_default();
    out.extend(n.to_le_bytes());
    out
}

/// A Zstandard file (RFC 8878) of one frame, of blocks that are not packed.
pub fn zstd(content: &[u8]) -> Vec<u8> {
    let mut out = ZSTD_MAGIC.to_vec();
    // A single segment whose length takes four bytes, without a checksum.
    out.push(0b1010_0000);
    out.extend(u32::try_from(content.len()).unwrap_or_default().to_le_bytes());
    let mut blocks: Vec<&[u8]> = content.chunks(1 << 16).collect();
    if blocks.is_empty() {
        blocks.push(&[]);
    }
    let n_blocks = blocks.len();
    for (idx, block) in blocks.into_iter().enumerate() {
        let header = u32::try_from(block.len()).unwrap_or_default() << 3;
        let header = header | u32::from(idx + 1 == n_blocks);
        out.extend(&header.to_le_bytes()[..3]);
        out.extend(block);
    }
    out
}

fn crc_32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0xedb8_8320 };
        }
    }
    !crc
}
