//! Owns the reading of Python literals: data sets saved from data frames hold lists and dictionaries as Python prints them.
//!
//! Nothing is evaluated: strings, numbers, names of constants, lists, tuples and dictionaries are read, anything else is refused.

use std::iter::Peekable;
use std::str::CharIndices;

use serde_json::{Map, Value};

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 32;

/// Reads a Python literal (or JSON) that is a list, tuple or dictionary.
///
/// Strings that follow each other without a comma are elements of their own: that is how `NumPy` prints its arrays, and `repr`
/// never writes the concatenation that it would be in Python source.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { chars: text.char_indices().peekable(), n_bytes: text.len() };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.chars.peek().is_some() {
        return Err(reader.fail("text after the end"));
    }
    Ok(value)
}

struct Reader<'a> {
    chars: Peekable<CharIndices<'a>>,
    n_bytes: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, char)| *char)
    }

    fn next(&mut self) -> Option<char> {
        self.chars.next().map(|(_, char)| char)
    }

    fn fail(&mut self, what: &str) -> String {
        let at = self.chars.peek().map_or(self.n_bytes, |(at, _)| *at);
        format!("{what} at byte {at} of the cell")
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        self.skip_space();
        match self.peek() {
            _ if depth > MAX_DEPTH => Err(self.fail("nested too deeply")),
            Some('[') => self.list(depth, ']'),
            Some('(') => self.list(depth, ')'),
            Some('{') => self.dictionary(depth),
            Some('\'' | '"') => self.string().map(Value::String),
            Some(char) if char.is_alphanumeric() || "+-._".contains(char) => self.word(depth),
            Some(char) => Err(self.fail(&format!("unexpected {char:?}"))),
            None => Err(self.fail("unexpected end")),
        }
    }

    fn list(&mut self, depth: usize, close: char) -> Result<Value, String> {
        self.next();
        let mut elements = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(',') && !elements.is_empty() {
                self.next();
                self.skip_space();
            }
            if self.peek() == Some(close) {
                self.next();
                return Ok(Value::Array(elements));
            }
            elements.push(self.value(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Value, String> {
        self.next();
        let mut map = Map::new();
        loop {
            self.skip_space();
            if self.peek() == Some('}') {
                self.next();
                return Ok(Value::Object(map));
            }
            let key = match self.value(depth + 1)? {
                Value::String(key) => key,
                Value::Number(key) => key.to_string(),
                _ => return Err(self.fail("a key that is neither text nor number")),
            };
            self.skip_space();
            if self.next() != Some(':') {
                return Err(self.fail("a key without a colon"));
            }
            let value = self.value(depth + 1)?;
            if map.insert(key, value).is_some() {
                return Err(self.fail("a key that was there before"));
            }
            self.skip_space();
            match self.peek() {
                Some(',') => {
                    self.next();
                }
                Some('}') => {}
                _ => return Err(self.fail("no comma between entries")),
            }
        }
    }

    /// A constant, a number, a string with a prefix, or `array(…)` as `NumPy` writes it.
    fn word(&mut self, depth: usize) -> Result<Value, String> {
        let mut word = String::new();
        while let Some(char) =
            self.peek().filter(|char| char.is_alphanumeric() || "+-._".contains(*char))
        {
            word.push(char);
            self.next();
        }
        match (word.as_str(), self.peek()) {
            ("u" | "U", Some('\'' | '"')) => self.string().map(Value::String),
            ("array", Some('(')) => {
                let Value::Array(mut arguments) = self.array_call(depth)? else {
                    return Ok(Value::Null);
                };
                Ok(if arguments.is_empty() { Value::Null } else { arguments.swap_remove(0) })
            }
            ("None" | "null" | "nan" | "NaN", _) => Ok(Value::Null),
            ("True" | "true", _) => Ok(Value::Bool(true)),
            ("False" | "false", _) => Ok(Value::Bool(false)),
            (number, _) => number
                .parse::<i64>()
                .map(Value::from)
                .or_else(|_| number.parse::<f64>().map(Value::from))
                .map_err(|_not_a_number| self.fail(&format!("unknown word {number:?}"))),
        }
    }

    /// The arguments of `array([…], dtype=object)`: the list, then named ones that say nothing about the content.
    fn array_call(&mut self, depth: usize) -> Result<Value, String> {
        self.next();
        let list = self.value(depth + 1)?;
        for char in self.chars.by_ref().map(|(_, char)| char) {
            match char {
                ')' => return Ok(Value::Array(vec![list])),
                ',' | '=' | ' ' | '\n' | '\'' | '<' => {}
                char if char.is_alphanumeric() => {}
                _ => break,
            }
        }
        Err(self.fail("an array that is not closed"))
    }

    fn string(&mut self) -> Result<String, String> {
        let quote = self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.fail("a string that is not closed")),
                char if char == quote => return Ok(text),
                Some('\\') => self.escape(&mut text)?,
                Some(char) => text.push(char),
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), String> {
        let Some(char) = self.next() else { return Err(self.fail("a string that is not closed")) };
        match char {
            '\n' => {}
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            'a' => text.push('\u{7}'),
            '\\' | '\'' | '"' | '/' => text.push(char),
            'x' => self.code_point(2, text)?,
            'u' => self.code_point(4, text)?,
            'U' => self.code_point(8, text)?,
            '0'..='7' => {
                let mut code = char.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|char| char.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    self.next();
                }
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            // Python keeps the backslash of an escape that it does not know.
            other => text.extend(['\\', other]),
        }
        Ok(())
    }

    fn code_point(&mut self, n_digits: usize, text: &mut String) -> Result<(), String> {
        let mut code = self.hex(n_digits)?;
        // JSON writes characters beyond U+FFFF as two escapes.
        if (0xd800..0xdc00).contains(&code) && self.next() == Some('\\') && self.next() == Some('u')
        {
            let low = self.hex(4)?;
            code = 0x1_0000 + ((code - 0xd800) << 10) + low.wrapping_sub(0xdc00).min(0x3ff);
        }
        let char =
            char::from_u32(code).ok_or_else(|| self.fail("an escape that is no character"))?;
        text.push(char);
        Ok(())
    }

    fn hex(&mut self, n_digits: usize) -> Result<u32, String> {
        let mut code = 0_u32;
        for _ in 0..n_digits {
            let digit = self.next().and_then(|char| char.to_digit(16));
            let digit = digit.ok_or_else(|| self.fail("an escape that is cut off"))?;
            code =
                code.checked_mul(16).and_then(|code| code.checked_add(digit)).unwrap_or(u32::MAX);
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn python_literals_are_read() {
        assert_eq!(
            read(r#"{'A': 'it is "x"', 'B': "it's", 'C': 3, 'D': None}"#).unwrap(),
            json!({"A": "it is \"x\"", "B": "it's", "C": 3, "D": null})
        );
        assert_eq!(read("['a', 'b',]").unwrap(), json!(["a", "b"]));
        assert_eq!(read("('a', True, -1.5)").unwrap(), json!(["a", true, -1.5]));
        assert_eq!(read("{0: u'x', 1: 'y'}").unwrap(), json!({"0": "x", "1": "y"}));
        assert_eq!(read("[]").unwrap(), json!([]));
    }

    #[test]
    fn escapes_are_those_of_python() {
        assert_eq!(
            read(r"['\n\t\\\'\x41\u00b5\U0001F600\101\q']").unwrap(),
            json!(["\n\t\\'Aµ😀A\\q"])
        );
        assert_eq!(read(r#"["\ud83d\ude00"]"#).unwrap(), json!(["😀"]));
    }

    #[test]
    fn arrays_as_numpy_prints_them_are_lists() {
        assert_eq!(read("['a' 'b'\n \"c's\"]").unwrap(), json!(["a", "b", "c's"]));
        assert_eq!(
            read("{'text': array(['a', 'b'], dtype=object)}").unwrap(),
            json!({"text": ["a", "b"]})
        );
    }

    #[test]
    fn everything_else_is_refused_with_its_place() {
        for text in [
            "",
            "[",
            "{'a': }",
            "{'a' 'b'}",
            "['a'",
            "__import__('os')",
            "[x]",
            "['a'] b",
            "{'a': 1, 'a': 2}",
            r"['\ud800']",
            r"['\u00'",
            "{[1]: 2}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(10_000)).unwrap_err().contains("deeply"));
    }

    proptest! {
        #[test]
        fn anything_ends_without_a_panic(text in ".{0,60}") {
            let _ = read(&text);
        }

        #[test]
        fn json_is_read_as_json(texts in prop::collection::vec(".{0,20}", 0..5)) {
            let value = json!({ "a": texts });
            prop_assert_eq!(read(&value.to_string()).unwrap(), value);
        }
    }
}
