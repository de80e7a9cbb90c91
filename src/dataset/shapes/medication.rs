//! Owns the shape of `MedicationQA`: questions of people about their medicines, with the answer of an expert.

use crate::dataset::row::Row;
use crate::dataset::{Invalid, Item, ItemId, Kind, Reference, convert};

/// Reads a row. Some have the words `No answers` in the place of an answer.
pub(super) fn read(row: &mut Row, id: String) -> Result<Item, Invalid> {
    let question =
        row.take_text(&["question"]).ok_or_else(|| Invalid::new("Question", "is empty"))?;
    let answer = row.take_text(&["answer"]).ok_or_else(|| Invalid::new("Answer", "is empty"))?;
    if matches!(answer.to_lowercase().trim_end_matches('.'), "no answer" | "no answers") {
        return Err(Invalid::new("Answer", "says that the authors found no answer"));
    }
    let drug = row.take_text(&["focus_(drug)"]);
    let item = Item {
        id: ItemId(id),
        turns: vec![],
        question,
        context: vec![],
        kind: Kind::Reference(Reference { answer }),
        category: row.take_text(&["question_type"]).unwrap_or_default().to_lowercase(),
        plain_question: None,
        explanation: row.take_text(&["url"]),
        difficulty: None,
        source: None,
        tags: drug.into_iter().collect(),
    };
    convert::check(&item)?;
    Ok(item)
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Kind, open};

    #[test]
    fn a_row_is_an_open_question_with_a_reference_answer() {
        let text = "Question,Focus (Drug),Question Type,Answer,Section Title,URL\n\
            how does rivatigmine work,rivastigmine,Action,It raises acetylcholine.,How,https://example.org\n\
            what is x,x,Information,No answers,,\n";
        let import = open("m.csv", text.as_bytes()).unwrap();
        let item = &import.dataset.items[0];
        let Kind::Reference(reference) = &item.kind else { panic!() };
        assert_eq!(reference.answer, "It raises acetylcholine.");
        assert_eq!((item.category.as_str(), item.tags.len()), ("action", 1));
        assert_eq!(import.refusals[0].reason, "says that the authors found no answer");
    }
}
