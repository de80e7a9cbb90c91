//! Owns the ways in which files write the options of an item: lists, maps, columns, and text that holds one of these.

use serde_json::{Map, Value};

use super::draft::tidy;
use super::row::Row;
use super::spans::kind_of;
use super::{inlined, literal};

/// Options as a file has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Their texts, in order.
    pub(super) texts: Vec<String>,
    /// What the file calls each, where it calls them anything: `A`, `option1`, `opa`.
    pub(super) keys: Vec<Option<String>>,
    /// Whether remains of another format were taken off a text.
    pub(super) is_repaired: bool,
}

/// Names of columns that hold one option each, without the letter or number at the end.
const LETTERED: [&str; 8] = ["op", "option_", "option", "choice_", "choice", "answer_", "opt_", ""];
const NUMBERED: [&str; 8] =
    ["ending", "op", "option_", "option", "choice_", "choice", "answer_", "opt_"];

impl Options {
    fn push(&mut self, key: Option<String>, text: String) {
        let (tidied, is_repaired) = tidy(&text);
        // Nearly all texts are tidy, and need not be copied.
        let text = if tidied.len() == text.len() { text } else { tidied.to_owned() };
        self.texts.push(text);
        self.keys.push(key);
        self.is_repaired |= is_repaired;
    }

    /// Drops what a file with room for more options leaves empty behind the last.
    fn without_empty_end(mut self) -> Self {
        while self.texts.last().is_some_and(String::is_empty) {
            self.texts.pop();
            self.keys.pop();
        }
        self
    }

    /// Takes `A. `, `B. ` … off the texts when every one of them begins with its own letter.
    fn without_letters(mut self) -> Self {
        let stripped: Option<Vec<String>> =
            self.texts.iter().enumerate().map(|(idx, text)| without_letter(idx, text)).collect();
        if let Some(texts) = stripped.filter(|texts| texts.len() > 1) {
            self.texts = texts;
        }
        self
    }
}

fn without_letter(idx: usize, text: &str) -> Option<String> {
    let letter = super::Choice::letter(idx);
    let text = text.strip_prefix('(').unwrap_or(text);
    let rest = text.strip_prefix(letter)?.strip_prefix(['.', ')', ':'])?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim().to_owned())
}

/// Reads options from the value of one field; the reason when it holds none.
pub(super) fn from_value(value: &Value) -> Result<Options, String> {
    let options = match value {
        Value::Array(elements) => from_list(elements)?,
        Value::Object(map) => from_map(map)?,
        Value::String(text)
            if text.trim_start().starts_with(['[', '{'])
                || text.trim_start().starts_with("array(") =>
        {
            return match literal::read(text)? {
                Value::String(_) => Err("holds no list of options".to_owned()),
                value => from_value(&value),
            };
        }
        Value::String(text) => {
            let texts = inlined::options_only(text)?
                .ok_or("is text in which no list of options can be recognised")?;
            let mut options = Options::default();
            for text in texts {
                options.push(None, text);
            }
            options
        }
        other => return Err(format!("is {}, not a list of options", kind_of(other))),
    };
    Ok(options.without_empty_end().without_letters())
}

fn from_list(elements: &[Value]) -> Result<Options, String> {
    let mut options = Options::default();
    for element in elements {
        match element {
            Value::Object(map) => {
                let named =
                    |names: &[&str]| names.iter().find_map(|name| map.get(*name)).and_then(text_of);
                let text = named(&["content", "text", "value", "option_text", "option", "answer"])
                    .ok_or("holds an object without the text of an option")?;
                options.push(named(&["letter", "label", "key", "id"]), text);
            }
            other => {
                let text = text_of(other)
                    .ok_or_else(|| format!("holds {} in place of an option", kind_of(other)))?;
                options.push(None, text);
            }
        }
    }
    in_order_of_letters(&mut options);
    Ok(options)
}

fn from_map(map: &Map<String, Value>) -> Result<Options, String> {
    if let Some(Value::Array(texts)) = map.get("text") {
        let mut options = from_list(texts)?;
        if let Some(Value::Array(labels)) = map.get("label") {
            options.keys =
                (0..options.texts.len()).map(|idx| labels.get(idx).and_then(text_of)).collect();
        }
        return Ok(options);
    }
    let mut entries: Vec<_> = map.iter().collect();
    // By length first, so that option10 follows option9.
    entries.sort_by_key(|(key, _)| (key.len(), *key));
    let mut options = Options::default();
    for (key, value) in entries {
        let text =
            text_of(value).ok_or_else(|| format!("holds {} as option {key}", kind_of(value)))?;
        options.push(Some(key.clone()), text);
    }
    Ok(options)
}

/// Sorts options that carry the letters A, B, C … in another order, so that each is shown with its own letter.
fn in_order_of_letters(options: &mut Options) {
    let mut order: Vec<usize> = (0..options.texts.len()).collect();
    order.sort_by_key(|idx| options.keys[*idx].clone());
    let is_lettered = order.iter().enumerate().all(|(place, idx)| {
        let letter = super::Choice::letter(place);
        options.keys[*idx].as_ref().is_some_and(|key| key.chars().eq([letter]))
    });
    if is_lettered {
        options.texts = order.iter().map(|idx| std::mem::take(&mut options.texts[*idx])).collect();
        options.keys = order.iter().map(|idx| options.keys[*idx].take()).collect();
    }
}

/// Reads options from columns such as `opa`, `choice_1`, `ending0` or `A`; `None` when there are no such columns.
pub(super) fn from_columns(row: &mut Row) -> Option<Options> {
    let lettered = LETTERED.iter().find_map(|prefix| from_family(row, prefix, 'a'));
    lettered.or_else(|| {
        NUMBERED.iter().find_map(|prefix| {
            from_family(row, prefix, '0').or_else(|| from_family(row, prefix, '1'))
        })
    })
}

/// The columns of a prefix with a letter or number behind it, from `first` on.
fn from_family(row: &mut Row, prefix: &str, first: char) -> Option<Options> {
    let start = u32::from(first);
    let second = char::from_u32(start + 1)?;
    if !(row.has_joined(prefix, first) && row.has_joined(prefix, second)) {
        return None;
    }
    let mut options = Options::default();
    let mut name = prefix.to_owned();
    for idx in 0..26 {
        name.truncate(prefix.len());
        match first.to_digit(10) {
            Some(number) => name.push_str(&(number + idx).to_string()),
            None => name.push(char::from_u32(start + idx)?),
        }
        let Some((key, value)) = row.take_as_it_is(&name) else { break };
        options.push(Some(key), into_text(value).unwrap_or_default());
    }
    Some(options.without_empty_end().without_letters())
}

/// The text of a value that can be an option or its name.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The same for a value that is not needed any more.
pub(super) fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        other => text_of(&other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(value: &Value) -> Vec<String> {
        from_value(value).unwrap().texts
    }

    #[test]
    fn lists_maps_and_objects_give_the_same_options() {
        let expected = ["x", "y"];
        assert_eq!(texts(&json!(["x", " y "])), expected);
        assert_eq!(texts(&json!({"A": "x", "B": "y"})), expected);
        assert_eq!(
            texts(&json!([{"letter": "B", "content": "y"}, {"letter": "A", "content": "x"}])),
            expected
        );
        assert_eq!(texts(&json!({"text": ["x", "y"], "label": ["1", "2"]})), expected);
        assert_eq!(texts(&json!(["A. x", "B. y"])), expected);
        assert_eq!(texts(&json!(["(A) x", "(B) y"])), expected);
        assert_eq!(texts(&json!("{'A': 'x', 'B': \"y\"}")), expected);
        assert_eq!(texts(&json!("(A) x (B) y")), expected);
        assert_eq!(texts(&json!("['x' 'y']")), expected);
    }

    #[test]
    fn numbered_keys_are_in_the_order_of_their_numbers() {
        let map: Map<String, Value> =
            (1..=10).map(|idx| (format!("option{idx}"), json!(format!("text {idx}")))).collect();
        assert_eq!(texts(&Value::Object(map))[9], "text 10");
    }

    #[test]
    fn missing_options_at_the_end_are_left_out_and_holes_stay() {
        assert_eq!(texts(&json!({"A": "x", "B": "y", "C": null, "D": ""})), ["x", "y"]);
        assert_eq!(texts(&json!(["x", null, "z"])), ["x", "", "z"]);
    }

    #[test]
    fn a_letter_is_part_of_the_text_unless_all_have_theirs() {
        assert_eq!(texts(&json!(["A. x", "y"])), ["A. x", "y"]);
        assert_eq!(texts(&json!(["B. fragilis", "A. niger"])), ["B. fragilis", "A. niger"]);
        assert_eq!(texts(&json!(["A.5", "B.6"])), ["A.5", "B.6"]);
    }

    #[test]
    fn what_is_no_list_of_options_is_refused_with_a_reason() {
        for value in [
            json!(3),
            json!("x"),
            json!([["x"]]),
            json!({"A": ["x"]}),
            json!([{"foo": 1}]),
            json!("['a'"),
        ] {
            assert!(from_value(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn remains_of_another_format_are_taken_off() {
        let options =
            from_value(&json!({"A": "Age\n\"", "B": "so-called \"x\"", "C": "5\""})).unwrap();
        assert_eq!(options.texts, ["Age", "so-called \"x\"", "5\""]);
        assert!(options.is_repaired);
    }
}
