//! Owns what the library does with a file whose columns a person names: it keeps the bytes, and tries mappings on them.

use super::{Library, Response};
use crate::dataset::mapping::{Column, Mapping, Role, columns, key_of, open_with};
use crate::dataset::{Import, ItemRecord};

/// Items that are shown of a file before a mapping is settled.
const N_ITEMS: usize = 3;
/// Rows that could not be read, as far as they are shown then.
const N_REFUSALS: usize = 20;

impl Library {
    /// Keeps a file's bytes and tells its columns, whether or not they are known by their names.
    pub fn look(&mut self, file_name: &str, bytes: Vec<u8>) -> Response {
        self.unread = Some((file_name.to_owned(), bytes));
        self.columns()
    }

    pub(super) fn columns(&self) -> Response {
        let Some((name, bytes)) = &self.unread else { return nothing_unread() };
        match columns(name, bytes) {
            Ok(columns) if !can_ask(&columns) => refused(
                "It has one column only. A question and its right answer stand in columns of their own.",
            ),
            Ok(columns) => Response::Columns {
                mapping: Mapping::guessed(&columns),
                key: key_of(&columns),
                columns,
            },
            Err(error) => Response::Refused { reason: error.to_string() },
        }
    }

    pub(super) fn preview(&self, mapping: &Mapping) -> Response {
        let Some((name, bytes)) = &self.unread else { return nothing_unread() };
        if let Err(reason) = mapping.check() {
            return Response::Refused { reason };
        }
        match open_with(name, bytes, mapping) {
            Ok(Import { dataset, refusals, notices, .. }) => Response::Preview {
                items: dataset.items.iter().take(N_ITEMS).map(ItemRecord::from).collect(),
                n_items: dataset.items.len(),
                n_refused: refusals.len(),
                refusals: refusals.into_iter().take(N_REFUSALS).collect(),
                notices,
            },
            Err(error) => Response::Refused { reason: error.to_string() },
        }
    }

    /// Opens the file that is kept; it is kept on where that fails.
    pub(super) fn open_unread(&mut self, mapping: &Mapping) -> Response {
        if let Err(reason) = mapping.check() {
            return Response::Refused { reason };
        }
        let Some((name, bytes)) = self.unread.take() else { return nothing_unread() };
        let response = self.open_with(&name, &bytes, mapping);
        if let Response::Refused { .. } = response {
            self.unread = Some((name, bytes));
        }
        response
    }
}

/// Whether a question and its answer have room in the columns.
fn can_ask(columns: &[Column]) -> bool {
    1 < columns.len() || columns.iter().any(|column| column.guess == Role::Conversation)
}

fn nothing_unread() -> Response {
    refused("There is no file whose columns are to be named. Open it again.")
}

fn refused(reason: &str) -> Response {
    Response::Refused { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::library::Request;

    #[test]
    fn a_file_that_opens_by_its_shape_can_be_named_otherwise() {
        let file = b"question,A,B,answer,hint\nWhich?,x,y,A,B\n";
        let mut library = Library::default();
        let Response::Opened(first) = library.open("f.csv", file) else { panic!() };
        assert!(matches!(library.handle(Request::Columns), Response::Refused { .. }));
        let looked = library.look("f.csv", file.to_vec());
        let Response::Columns { columns, mut mapping, .. } = looked else { panic!("{looked:?}") };
        mapping.set(&columns, "answer", Role::Ignore);
        mapping.set(&columns, "hint", Role::Answer);
        let opened = library.handle(Request::OpenWith { mapping });
        let Response::Opened(second) = opened else { panic!("{opened:?}") };
        assert_ne!(first.set, second.set);
        assert_eq!(second.first.unwrap().answer, Some('B'));
    }

    #[test]
    fn a_file_of_which_no_row_is_a_question_is_kept_and_one_without_columns_is_not_offered() {
        let file = b"question,v,w,x,right\nWhich?,a,b,c,2\nWhat?,a,b,c,3\n";
        let mut library = Library::default();
        let opened = library.open("f.csv", file);
        if let Response::Opened(summary) = &opened {
            assert_eq!(summary.n_items, 0, "{summary:?}");
        }
        assert!(matches!(library.handle(Request::Columns), Response::Columns { .. }));
        assert!(matches!(library.open("n.txt", b"dear diary"), Response::Refused { .. }));
        assert!(matches!(library.handle(Request::Columns), Response::Refused { .. }));
    }

    #[test]
    fn a_preview_counts_and_lists_what_would_be_refused() {
        let row = |n: u32| {
            let right = if n.is_multiple_of(4) { "Z" } else { "B" };
            format!("Question {n}?;x;y;{right}")
        };
        let rows: Vec<String> =
            std::iter::once("F;v;w;R".to_owned()).chain((0..100).map(row)).collect();
        let rows = rows.join("\n");
        let mut library = Library::default();
        let Response::Columns { columns, .. } = library.look("f.csv", rows.into_bytes()) else {
            panic!()
        };
        let mut mapping = Mapping::default();
        let roles = [
            ("F", Role::Question),
            ("v", Role::Option(0)),
            ("w", Role::Option(1)),
            ("R", Role::Answer),
        ];
        for (name, role) in roles {
            mapping.set(&columns, name, role);
        }
        let preview = library.handle(Request::Preview { mapping });
        let Response::Preview { items, n_items, refusals, n_refused, .. } = preview else {
            panic!("{preview:?}")
        };
        assert_eq!((items.len(), n_items, refusals.len(), n_refused), (3, 75, 20, 25));
        assert_eq!((refusals[0].line, refusals[0].field.as_str()), (Some(2), "R"));
    }
}
