//! Owns the step from a file's bytes to text: byte-order marks, encodings, and what is no text at all.

use std::borrow::Cow;

use super::Error;

/// A file's text, and what was done to get it.
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) notices: Vec<String>,
}

/// Files whose first bytes tell what they are: signature, what it is, what to do.
const SIGNATURES: [(&[u8], &str, &str); 6] = [
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first."),
    (b"%PDF", "a PDF", "Open the data that it was made from."),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Save the sheet as CSV and open that."),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV first."),
];

/// Windows-1252 for the bytes 0x80 to 0x9F; the five that it leaves undefined keep their number, as browsers do it.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// How many bytes are searched for zeros, which text does not have.
pub(super) const N_SEARCHED: usize = 1 << 16;

/// Reads UTF-8, UTF-16 with a byte-order mark, and Windows-1252 where bytes are not UTF-8.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Text<'a>, Error> {
    if bytes.trim_ascii().is_empty() {
        return Err(Error::Empty { file: file.to_owned() });
    }
    if let Some((_, what, advice)) =
        SIGNATURES.iter().find(|(signature, ..)| bytes.starts_with(signature))
    {
        return Err(Error::Binary { file: file.to_owned(), what, advice });
    }
    let mut notices = Vec::new();
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes, &mut notices),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes, &mut notices),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf_8(file, rest, &mut notices)?,
        _ => utf_8(file, bytes, &mut notices)?,
    };
    let text = with_line_feeds(text, &mut notices);
    if text.trim().is_empty() {
        return Err(Error::Empty { file: file.to_owned() });
    }
    if let Some((what, advice)) = stand_in(&text) {
        return Err(Error::StandIn { file: file.to_owned(), what, advice });
    }
    Ok(Text { text, notices })
}

fn utf_8<'a>(
    file: &str,
    bytes: &'a [u8],
    notices: &mut Vec<String>,
) -> Result<Cow<'a, str>, Error> {
    if bytes[..bytes.len().min(N_SEARCHED)].contains(&0) {
        let advice = "If it is text, save it as UTF-8 and open it again.";
        return Err(Error::Binary { file: file.to_owned(), what: "binary data", advice });
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut n_foreign = 0_usize;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        n_foreign += chunk.invalid().len();
        text.extend(chunk.invalid().iter().map(|byte| windows_1252(*byte)));
    }
    notices.push(format!(
        "The file is not clean UTF-8: {n_foreign} bytes, the first on line {line}, were read as Windows-1252. Check accents and symbols."
    ));
    Ok(Cow::Owned(text))
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn utf_16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16, notices: &mut Vec<String>) -> Cow<'a, str> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut n_broken = rest.len();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|result| {
            result.unwrap_or_else(|_| {
                n_broken += 1;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if n_broken > 0 {
        notices.push(format!(
            "{n_broken} places in the file are not valid UTF-16 and were replaced by \u{fffd}."
        ));
    }
    Cow::Owned(text)
}

/// Old Mac files end lines with a carriage return alone; as they stand they would be one long line.
fn with_line_feeds<'a>(text: Cow<'a, str>, notices: &mut Vec<String>) -> Cow<'a, str> {
    if text.contains('\n') || !text.trim_end().contains('\r') {
        return text;
    }
    notices.push(
        "Lines end with a carriage return alone, as on old Macs; they were read as lines."
            .to_owned(),
    );
    Cow::Owned(text.replace('\r', "\n"))
}

/// What people often save in place of the data.
fn stand_in(text: &str) -> Option<(&'static str, &'static str)> {
    let start = text.trim_start().as_bytes();
    let begins = |prefix: &str| {
        start.len() >= prefix.len() && start[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
    };
    if begins("<!doctype html") || begins("<html") {
        return Some((
            "a web page",
            "Download the raw file (on GitHub: the button Raw) and open that.",
        ));
    }
    begins("version https://git-lfs").then_some((
        "a Git LFS pointer",
        "Download the file itself, for instance with its Download button.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, usize) {
        let text = decode("f", bytes).unwrap();
        (text.text.into_owned(), text.notices.len())
    }

    fn utf_16_bytes(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn byte_order_marks_are_taken_off() {
        assert_eq!(text("\u{feff}µ".as_bytes()), ("µ".to_owned(), 0));
        assert_eq!(text(&utf_16_bytes("µ𝛼x", u16::to_le_bytes)), ("µ𝛼x".to_owned(), 0));
        assert_eq!(text(&utf_16_bytes("µ𝛼x", u16::to_be_bytes)), ("µ𝛼x".to_owned(), 0));
    }

    #[test]
    fn half_a_character_of_utf_16_is_told() {
        let mut bytes = utf_16_bytes("ab", u16::to_le_bytes);
        bytes.push(0x41);
        assert_eq!(text(&bytes), ("ab".to_owned(), 1));
        assert_eq!(text(&[0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), ("\u{fffd}A".to_owned(), 1));
    }

    #[test]
    fn windows_1252_is_read_and_told_with_its_line() {
        let decoded = decode("f", b"a\nM\xe9ni\xe8re \x93x\x94 38\xb0").unwrap();
        assert_eq!(decoded.text, "a\nMénière “x” 38°");
        assert!(
            decoded.notices[0].contains("5 bytes, the first on line 2"),
            "{:?}",
            decoded.notices
        );
    }

    #[test]
    fn one_foreign_byte_does_not_spoil_the_rest_of_a_utf_8_file() {
        assert_eq!(
            text("µ≥".as_bytes().iter().copied().chain([0xb0]).collect::<Vec<_>>().as_slice()).0,
            "µ≥°"
        );
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        let message = |bytes: &[u8]| decode("f.bin", bytes).err().unwrap().to_string();
        assert!(message(b"").contains("empty"));
        assert!(message(b" \r\n\t").contains("empty"));
        assert!(message(b"\xef\xbb\xbf \n").contains("empty"));
        assert!(message(b"BZh9").contains("Unpack"));
        assert!(message(b"\xd0\xcf\x11\xe0").contains("CSV"));
        assert!(message(b"\x01\x02\x00\x03").contains("binary"));
        assert!(message(b"<!DOCTYPE html><html>").contains("web page"));
        assert!(message(b"version https://git-lfs.github.com/spec/v1\noid x").contains("pointer"));
    }

    #[test]
    fn lines_of_old_macs_become_lines() {
        assert_eq!(text(b"a\rb\r"), ("a\nb\n".to_owned(), 1));
        assert_eq!(text(b"a\r\nb\r\n"), ("a\r\nb\r\n".to_owned(), 0));
        assert_eq!(text(b"one line\r"), ("one line\r".to_owned(), 0));
    }
}
