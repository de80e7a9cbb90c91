//! Owns the keyboard: what the browser is told about a key.

use crate::{Error, Result};

/// Bits of the protocol.
pub(super) const ALT: u8 = 1;
pub(super) const CONTROL: u8 = 2;
pub(super) const META: u8 = 4;
pub(super) const SHIFT: u8 = 8;

/// A key of a US keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) number: u32,
    pub(super) text: String,
}

const NAMED: [(&str, u32, &str); 20] = [
    ("Enter", 13, "\r"),
    ("Tab", 9, ""),
    ("Escape", 27, ""),
    ("Backspace", 8, ""),
    ("Delete", 46, ""),
    ("Home", 36, ""),
    ("End", 35, ""),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("ArrowLeft", 37, ""),
    ("ArrowUp", 38, ""),
    ("ArrowRight", 39, ""),
    ("ArrowDown", 40, ""),
    ("F1", 112, ""),
    ("F2", 113, ""),
    ("F5", 116, ""),
    ("Shift", 16, ""),
    ("Control", 17, ""),
    ("Alt", 18, ""),
    ("Insert", 45, ""),
];

/// Splits `Control+Shift+k` into its modifiers and its key.
pub(super) fn parse(keys: &str) -> Result<(u8, Key)> {
    let mut modifiers = 0;
    let mut rest = keys;
    while let Some((name, after)) =
        rest.split_once('+').filter(|(name, after)| !name.is_empty() && !after.is_empty())
    {
        modifiers |= match name {
            "Alt" => ALT,
            "Control" => CONTROL,
            "Meta" => META,
            "Shift" => SHIFT,
            _ => return Err(Error::new(format!("{name:?} in {keys:?} is no modifier"))),
        };
        rest = after;
    }
    named(rest)
        .or_else(|| {
            let mut chars = rest.chars();
            chars.next().filter(|_| chars.next().is_none()).and_then(of_char)
        })
        .map(|key| (modifiers, key))
        .ok_or_else(|| Error::new(format!("there is no key {rest:?}")))
}

fn named(name: &str) -> Option<Key> {
    if name == "Space" {
        return of_char(' ');
    }
    let (name, number, text) = NAMED.iter().find(|(known, ..)| *known == name)?;
    Some(Key {
        name: (*name).to_owned(),
        code: (*name).to_owned(),
        number: *number,
        text: (*text).to_owned(),
    })
}

/// The key that writes a character; none for those that are on no US keyboard.
pub(super) fn of_char(c: char) -> Option<Key> {
    let (code, number) = match c {
        '\n' | '\r' => return named("Enter"),
        ' ' => ("Space".to_owned(), 32),
        'a'..='z' | 'A'..='Z' => {
            let upper = c.to_ascii_uppercase();
            (format!("Key{upper}"), u32::from(upper))
        }
        '0'..='9' => (format!("Digit{c}"), u32::from(c)),
        '-' | '_' => ("Minus".to_owned(), 189),
        '=' | '+' => ("Equal".to_owned(), 187),
        '/' | '?' => ("Slash".to_owned(), 191),
        '.' | '>' => ("Period".to_owned(), 190),
        ',' | '<' => ("Comma".to_owned(), 188),
        ';' | ':' => ("Semicolon".to_owned(), 186),
        _ => return None,
    };
    Some(Key { name: c.to_string(), code, number, text: c.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_and_keys_are_told_apart() {
        let (modifiers, key) = parse("Control+Shift+k").unwrap();
        assert_eq!((modifiers, key.code.as_str()), (CONTROL | SHIFT, "KeyK"));
        assert_eq!(parse("Shift+Tab").unwrap().1.number, 9);
        assert_eq!(parse("+").unwrap().1.code, "Equal");
        assert_eq!(parse("?").unwrap().1.code, "Slash");
        assert!(parse("Hyper+x").is_err());
        assert!(parse("Nonsense").is_err());
    }
}
