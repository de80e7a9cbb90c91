//! Owns the search in the catalogue: by kind, by language, and by words.

use super::{Catalogue, Entry};
use crate::dataset::record::KindRecord;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Sets with items of this kind.
    pub kind: Option<KindRecord>,
    /// Sets in this language, as in [`Entry::language`]; empty for all.
    pub language: String,
    /// Sets that say each of these words anywhere; case does not matter.
    pub words: String,
}

impl Catalogue {
    /// Places of the entries that pass, in order.
    pub fn find(&self, query: &Query) -> Vec<usize> {
        let passing = self.entries.iter().enumerate().filter(|(_, entry)| entry.passes(query));
        passing.map(|(idx, _)| idx).collect()
    }

    /// Kinds that occur, in the order in which they first do.
    pub fn kinds(&self) -> Vec<KindRecord> {
        distinct(self.entries.iter().flat_map(|entry| entry.kinds.iter().copied()))
    }

    /// Languages that occur, in the order in which they first do.
    pub fn languages(&self) -> Vec<String> {
        distinct(self.entries.iter().map(|entry| entry.language.clone()))
    }
}

impl Entry {
    fn passes(&self, query: &Query) -> bool {
        let has_kind = query.kind.is_none_or(|kind| self.kinds.contains(&kind));
        let has_language = query.language.is_empty() || query.language == self.language;
        if !has_kind || !has_language {
            return false;
        }
        let told = [
            &self.title,
            &self.group,
            &self.measures,
            &self.metric,
            &self.licence.name,
            &self.page,
            &self.id,
        ];
        let told = told.map(|text| text.to_lowercase()).join("\n");
        query.words.to_lowercase().split_whitespace().all(|word| told.contains(word))
    }
}

fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = vec![];
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}
