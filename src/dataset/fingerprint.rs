//! Owns the fingerprint: a short name for exactly these items in exactly this order.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Item, ItemRecord};

/// SHA-256, in lower-case hex, of the canonical form of the items.
///
/// The canonical form is the UTF-8 text of one JSON array of [`ItemRecord`]s in the given order:
/// - object keys in alphabetical order, at both levels; no white space between tokens; no byte-order mark, no final line break;
/// - `answer`, `id`, `kind`, `options` and `question` always stand there, every other key only when its value is neither
///   empty nor missing;
/// - in strings, only `"`, `\` and the characters below U+0020 are escaped: `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t`, else
///   `\u00xx` with lower-case digits. Everything else stands as it is, with no Unicode normalisation;
/// - the year of a source is a plain integer.
pub fn fingerprint(items: &[Item]) -> String {
    let mut growing = Growing::default();
    for item in items {
        growing.add(item);
    }
    growing.finish()
}

/// A [`fingerprint`] that is taken item by item.
#[derive(Debug, Clone, Default)]
pub struct Growing {
    hash: Sha256,
    /// The last item as text.
    text: Vec<u8>,
    n_items: usize,
}

impl Growing {
    /// The next item.
    pub fn add(&mut self, item: &Item) {
        self.text.clear();
        self.text.push(if self.n_items == 0 { b'[' } else { b',' });
        // Strings, a char and an integer under string keys: there is nothing in a record that serde_json cannot write.
        let _ = serde_json::to_writer(&mut self.text, &ItemRecord::from(item));
        self.hash.update(&self.text);
        self.n_items += 1;
    }

    /// The fingerprint of all of them.
    pub fn finish(mut self) -> String {
        self.hash.update(if self.n_items == 0 { "[]" } else { "]" });
        hex(&self.hash.finalize())
    }
}

/// Lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn item(id: &str) -> Item {
        let record = serde_json::json!({
            "id": id, "kind": "single_choice", "question": "W\u{e4}s\n\"x\"?", "options": ["b", "a"], "answer": "A", "tags": ["t"],
            "source": {"title": "T", "organization": "", "year": 2020, "locator": "L", "url": null},
        });
        Item::try_from(serde_json::from_value::<ItemRecord>(record).unwrap()).unwrap()
    }

    #[test]
    fn the_canonical_form_is_what_the_documentation_says() {
        let canonical = concat!(
            r#"[{"answer":"A","id":"1","kind":"single_choice","options":["b","a"],"question":"Wäs\n\"x\"?","#,
            r#""source":{"locator":"L","title":"T","year":2020},"tags":["t"]}]"#
        );
        assert_eq!(fingerprint(&[item("1")]), hex(&Sha256::digest(canonical)));
        assert_eq!(fingerprint(&[]), hex(&Sha256::digest("[]")));
    }

    #[test]
    fn order_and_every_character_count() {
        let (one, two) = (item("1"), item("2"));
        let both = fingerprint(&[one.clone(), two.clone()]);
        assert_ne!(both, fingerprint(&[two, one.clone()]));
        let mut changed = one.clone();
        changed.question.push(' ');
        assert_ne!(fingerprint(&[one]), fingerprint(&[changed]));
    }

    #[test]
    fn keys_of_records_are_written_in_alphabetical_order() {
        let full = r#"{"answer":"A","category":"c","context":["x"],"difficulty":"easy","explanation":"e","id":"1","kind":"single_choice","options":["b","a"],"plain_question":"p","question":"q","source":{"locator":"L","organization":"o","title":"T","url":"u","year":2020},"tags":["t"]}"#;
        let record: ItemRecord = serde_json::from_str(full).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), full);
        let Value::Object(map) = serde_json::from_str(full).unwrap() else {
            panic!("not an object")
        };
        let mut keys: Vec<_> = map.keys().collect();
        keys.sort();
        assert!(keys.iter().zip(map.keys()).all(|(sorted, stored)| *sorted == stored));
    }
}
