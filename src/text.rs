//! Owns the folding of Unicode and white space that import and answer extraction share.

mod fold;
pub mod identifiers;
pub mod markdown;
mod percent;
pub mod redact;

use std::ops::Range;

pub use percent::percent_encoded;

/// Text in a simpler form, with the way back to the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The simpler text.
    pub text: String,
    /// For each byte of `text`, the bytes of the original that it stands for.
    map: Vec<(usize, usize)>,
}

impl Folded {
    /// The bytes of the original that a range of bytes of [`Folded::text`] stands for. The result lies on character
    /// boundaries of the original. An empty or overlong range gives an empty range at its place or at the end.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let end_of_all = self.map.last().map_or(0, |(_, end)| *end);
        let start = self.map.get(range.start).map_or(end_of_all, |(start, _)| *start);
        let end = range.end.min(self.map.len()).checked_sub(1).and_then(|last| self.map.get(last));
        match end {
            Some((_, end)) if range.end > range.start => start..(*end).max(start),
            _ => start..start,
        }
    }

    fn push(&mut self, folded: char, start: usize, end: usize) {
        self.text.push(folded);
        self.map.resize(self.text.len(), (start, end));
    }
}

/// Writes text in plain characters for reading by rules: full-width, circled and mathematical letters become ASCII,
/// every kind of space a space, every kind of line end `\n`, curly quotes straight, dashes `-`. What cannot be seen is
/// removed. Case and accents stay.
///
/// An em dash becomes ` - ` with spaces, because it parts what a hyphen joins.
pub fn fold(text: &str) -> Folded {
    let mut folded =
        Folded { text: String::with_capacity(text.len()), map: Vec::with_capacity(text.len()) };
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if fold::is_invisible(c) {
            continue;
        }
        if c == '\r' && chars.peek().is_some_and(|(_, next)| *next == '\n') {
            end += 1;
            chars.next();
        }
        match fold::plain(c) {
            fold::Plain::Char(plain) => folded.push(plain, start, end),
            fold::Plain::Text(plain) => plain.chars().for_each(|p| folded.push(p, start, end)),
        }
    }
    folded
}

/// Text from a file as it is shown and sent: byte-order marks, bidirectional controls and other invisible or control
/// characters are removed, line ends become `\n`, exotic spaces become spaces, and the ends are trimmed. Nothing that a
/// reader could see changes.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // Joiners shape letters in some scripts and in emoji: they stay.
            '\u{200c}' | '\u{200d}' => cleaned.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            _ if fold::is_invisible(c) => {}
            _ if fold::is_space(c) => cleaned.push(' '),
            _ => cleaned.push(c),
        }
    }
    cleaned.trim().to_owned()
}

/// The form in which two texts are equal when they differ only in case, accents, markup, quotes or white space.
pub fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in fold(text).text.chars() {
        if !matches!(c, '*' | '`' | '_') {
            lower_unaccented(c, &mut key);
        }
    }
    collapse_white_space(&key)
}

/// Every run of white space as one space, none at the ends.
pub fn collapse_white_space(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

/// Adds a folded character in lower case without its accents: `É` adds `e`, `ß` adds `ss`, a combining accent nothing.
pub fn lower_unaccented(c: char, out: &mut String) {
    for lower in c.to_lowercase() {
        if is_combining(lower) {
            continue;
        }
        match fold::unaccented(lower) {
            Some(plain) => out.push_str(plain),
            None => out.push(lower),
        }
    }
}

/// Whether a character only adds an accent to the one before it.
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// At most `max_chars` characters of a text, with an ellipsis as the last of them when something was left out.
pub fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().nth(max_chars).is_none() {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    if max_chars > 0 {
        short.push('…');
    }
    short
}

/// The longest beginning of a text that has at most `max_bytes` bytes and ends at a character boundary.
pub fn head(text: &str, max_bytes: usize) -> &str {
    let mut end = max_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The words of a text in lower case without accents, in order. Numbers keep an inner point or comma; everything else
/// that is neither letter nor digit parts words.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text).text;
    let chars: Vec<char> = folded.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (i, c) in chars.iter().enumerate() {
        let digit =
            |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        let inner = matches!(c, '.' | ',') && digit(i.checked_sub(1)) && digit(Some(i + 1));
        if c.is_alphanumeric() || is_combining(*c) {
            lower_unaccented(*c, &mut word);
        } else if inner {
            word.push(*c);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests;
