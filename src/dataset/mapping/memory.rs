//! Owns what is remembered of mappings between visits: for a set of columns, which of them is what. Of the file nothing is
//! kept, not even the names of its columns: a table without a header may have its first row in their place.

use serde::{Deserialize, Serialize};

use super::{Column, Mapping, Numbering, Role, key_of};
use crate::dataset::record::KindRecord;

/// More are not kept; the oldest goes first.
const N_KEPT: usize = 100;

/// The mappings that were used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The latest last.
    kept: Vec<Kept>,
}

/// A mapping by the places of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// Of all columns of the file.
    key: String,
    /// Place of each column that is used among all in the order of their names, and what it is.
    roles: Vec<(usize, Role)>,
    kind: Option<KindRecord>,
    numbering: Numbering,
}

impl Memory {
    /// How many mappings are remembered.
    pub fn n_kept(&self) -> usize {
        self.kept.len()
    }

    /// What these columns were said to be the last time.
    pub fn recall(&self, columns: &[Column]) -> Option<Mapping> {
        let key = key_of(columns);
        let kept = self.kept.iter().find(|kept| kept.key == key)?;
        let names = names(columns);
        let role = |(place, role): &(usize, Role)| Some(((*names.get(*place)?).to_owned(), *role));
        let roles = kept.roles.iter().map(role).collect::<Option<_>>()?;
        Some(Mapping { roles, kind: kept.kind, numbering: kept.numbering })
    }

    /// Remembers what these columns are, in the place of what was remembered of them.
    pub fn keep(&mut self, columns: &[Column], mapping: &Mapping) {
        self.forget(columns);
        let names = names(columns);
        let place = |(name, role): &(String, Role)| {
            Some((names.binary_search(&name.as_str()).ok()?, *role))
        };
        let roles = mapping.roles.iter().filter_map(place).collect();
        let Mapping { kind, numbering, .. } = *mapping;
        self.kept.push(Kept { key: key_of(columns), roles, kind, numbering });
        let n_over = self.kept.len().saturating_sub(N_KEPT);
        self.kept.drain(..n_over);
    }

    /// Forgets what these columns are.
    pub fn forget(&mut self, columns: &[Column]) {
        let key = key_of(columns);
        self.kept.retain(|kept| kept.key != key);
    }
}

fn names(columns: &[Column]) -> Vec<&str> {
    let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::super::columns;
    use super::*;

    const FILE: &str = "Nr;Aufgabe;v;w;Richtig\n7;Was hilft?;x;y;2\n";

    fn known() -> (Vec<Column>, Mapping) {
        let columns = columns("f.csv", FILE.as_bytes()).unwrap();
        let mut mapping = Mapping { numbering: Numbering::FromOne, ..Mapping::default() };
        let roles = [
            ("Aufgabe", Role::Question),
            ("w", Role::Option(1)),
            ("v", Role::Option(0)),
            ("Richtig", Role::Answer),
        ];
        for (name, role) in roles {
            mapping.set(&columns, name, role);
        }
        (columns, mapping)
    }

    #[test]
    fn the_same_columns_in_any_order_are_known_again_and_others_are_not() {
        let (mut columns, mapping) = known();
        let mut memory = Memory::default();
        memory.keep(&columns, &mapping);
        columns.reverse();
        assert_eq!(memory.recall(&columns), Some(mapping.clone()));
        columns[0].name.push('!');
        assert_eq!(memory.recall(&columns), None);
        let (columns, _) = known();
        memory.forget(&columns);
        assert_eq!((memory.recall(&columns), memory.n_kept()), (None, 0));
    }

    #[test]
    fn nothing_of_the_file_is_kept() {
        let (columns, mapping) = known();
        let mut memory = Memory::default();
        memory.keep(&columns, &mapping);
        let kept = serde_json::to_string(&memory).unwrap();
        for word in ["Aufgabe", "Richtig", "hilft", "Nr"] {
            assert!(!kept.contains(word), "{kept}");
        }
        assert_eq!(serde_json::from_str::<Memory>(&kept).unwrap(), memory);
    }

    #[test]
    fn a_later_choice_takes_the_place_of_an_earlier_one_and_the_oldest_go() {
        let (mut columns, mut mapping) = known();
        let mut memory = Memory::default();
        memory.keep(&columns, &mapping);
        mapping.numbering = Numbering::FromZero;
        memory.keep(&columns, &mapping);
        assert_eq!(memory.n_kept(), 1);
        assert_eq!(memory.recall(&columns).unwrap().numbering, Numbering::FromZero);
        let first = columns.clone();
        for n in 0..N_KEPT {
            columns[0].name = format!("column {n}");
            memory.keep(&columns, &mapping);
        }
        assert_eq!((memory.n_kept(), memory.recall(&first)), (N_KEPT, None));
    }
}
