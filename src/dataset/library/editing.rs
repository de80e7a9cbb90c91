//! Owns the part of the library that opens a file to be edited, and hands its items over in parts.

use super::{Library, Response};
use crate::dataset::ItemRecord;
use crate::dataset::edit::{PackDraft, Reading};

impl Library {
    /// Opens a file's bytes to be edited, unfinished questions included. Its items are asked for with
    /// [`Request::DraftItems`](super::Request::DraftItems).
    pub fn edit(&mut self, file_name: &str, bytes: &[u8]) -> Response {
        match PackDraft::open(file_name, bytes) {
            Ok(Reading { draft, refusals, notices }) => {
                let (about, n_items) = (draft.about().clone(), draft.items().len());
                self.draft = Some(draft);
                Response::Draft { about, n_items, refusals, notices }
            }
            Err(error) => Response::Refused { reason: error.to_string() },
        }
    }

    pub(super) fn draft_items(&self, start: usize, n: usize) -> Response {
        let items = self.draft.as_ref().map(PackDraft::items).unwrap_or_default();
        let part = items.iter().skip(start).take(n);
        Response::DraftItems { items: part.map(|item| ItemRecord::from(item.as_ref())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::edit::{KindName, item_of};
    use crate::dataset::library::Request;

    #[test]
    fn a_pack_with_unfinished_questions_comes_over_whole() {
        let mut pack = PackDraft::default();
        for kind in KindName::ALL {
            pack.add(kind);
        }
        let mut library = Library::default();
        let opened = library.edit("p.json", pack.to_json().as_bytes());
        let Response::Draft { about, n_items, refusals, .. } = opened else { panic!("{opened:?}") };
        assert_eq!((&about, n_items, refusals.len()), (pack.about(), 6, 0));
        let mut items = vec![];
        for start in [0, 4, 8] {
            let Response::DraftItems { items: part } =
                library.handle(Request::DraftItems { start, n: 4 })
            else {
                panic!()
            };
            items.extend(part.into_iter().map(|record| item_of(record).unwrap()));
        }
        assert_eq!(PackDraft::new(about, items).to_json(), pack.to_json());
        assert!(matches!(library.edit("n.txt", b"dear diary"), Response::Refused { .. }));
    }
}
