//! Owns the step from the cells of a row to an item whose answer is still to be decided.

use serde_json::Value;

use super::answer::{self, Readings};
use super::options::{self, Options, text_of};
use super::record::{DifficultyRecord, SourceRecord};
use super::row::{QUESTION, Row, trimmed};
use super::shapes::{self, Conversation};
use super::spans::kind_of;
use super::{Choice, Invalid, Item, ItemId, Kind, inlined, open_answer};

const QUESTION_END: &[&str] = &["sent2"];
const CONTEXT: &[&str] = &["context", "contexts", "passage", "abstract"];
const OPTIONS: &[&str] = &["options", "choices", "answer_options", "endings", "answer_choices"];
const ANSWER: &[&str] = &[
    "answer_letter",
    "answer_idx",
    "answer_index",
    "correct_answer",
    "correct_option",
    "correct_idx",
    "correct_index",
    "correct_choice",
    "cop",
    "label",
    "answer_key",
    "answerkey",
    "answer",
    "answer_words",
    "answer_text",
    "correct",
    "gold",
    "target",
    "final_decision",
    "answers",
    "correct_answers",
    "correct_options",
    "right_answers",
];
const CATEGORY: &[&str] = &[
    "category",
    "subject_name",
    "subject",
    "specialty",
    "medical_task",
    "topic",
    "discipline",
    "meta_info",
];
const EXPLANATION: &[&str] = &[
    "explanation",
    "exp",
    "label_rationale",
    "answer_rationale",
    "rationale",
    "long_answer",
    "solution",
];

/// How many answer fields of a row are looked at: the one that counts and those it is compared with.
const N_ANSWERS: usize = 4;

/// A field, and the option whose text it holds.
pub(super) type Echo = (String, usize);

/// The answer of an item with options.
#[derive(Debug)]
pub(super) struct ChoiceAnswer {
    /// The field that holds it.
    pub(super) field: String,
    /// For each right option, what the field may mean by it.
    pub(super) readings: Vec<Readings>,
    /// Whether the field holds a list, be it of one.
    pub(super) is_list: bool,
    /// Other fields that name an option by its text.
    pub(super) echoes: Vec<Echo>,
}

/// What a row says of the right answer.
#[derive(Debug)]
pub(super) enum Answered {
    /// Which of the options.
    Choice(ChoiceAnswer),
    /// By fields that leave no choice.
    Open(Kind),
    /// A text or number without options: what it is, the whole file decides.
    Free(open_answer::Free),
}

/// An item without its answer.
#[derive(Debug)]
pub(super) struct Draft {
    /// The item; its kind is a stand-in until the answer is decided.
    pub(super) item: Item,
    /// Texts of the options, for items that have them.
    pub(super) options: Vec<String>,
    /// Whether `item.id` stood in the file.
    pub(super) has_id: bool,
    /// The answer as far as the row tells it.
    pub(super) answered: Answered,
    /// Whether remains of another format were taken off a text.
    pub(super) is_repaired: bool,
    /// Whether it is an item of `PubMedQA`.
    pub(super) is_decision: bool,
}

/// Reads the row, whose id was taken before; `n` is its number, counted from 1. What is left in it was not used. The id goes
/// into the item, unless there is none.
pub(super) fn read(row: &mut Row, id: &mut Option<String>, n: usize) -> Result<Draft, Invalid> {
    let Conversation { mut turns, reply } = shapes::conversation(row)?;
    let mut question = match turns.pop() {
        Some(last) => last.text,
        None => question_of(row)?,
    };
    let is_decision = row.has("final_decision");
    let (options, answered) = match options_of(row, &mut question, is_decision) {
        Ok(options) => {
            let answer = answer_of(row, &options)?;
            (options, Answered::Choice(answer))
        }
        Err(NoOptions::Missing) => (Options::default(), open_answer::read(row, reply)?),
        Err(NoOptions::Invalid(invalid)) => return Err(invalid),
    };
    let has_id = id.is_some();
    let item = Item {
        id: ItemId(id.take().unwrap_or_else(|| format!("row-{n}"))),
        turns,
        question,
        context: context_of(row),
        kind: Kind::Choice(Choice { options: vec![], answer: 0 }),
        category: row.take_text(CATEGORY).unwrap_or_default(),
        plain_question: row.take_text(&["plain_question"]),
        explanation: row.take_text(EXPLANATION),
        difficulty: row.take_parsed(&["difficulty"]).map(|record: DifficultyRecord| record.into()),
        source: row.take_parsed(&["source"]).map(|record: SourceRecord| record.into()),
        tags: row.take_parsed(&["tags"]).unwrap_or_default(),
    };
    let Options { texts, is_repaired, .. } = options;
    Ok(Draft { item, options: texts, has_id, answered, is_repaired, is_decision })
}

fn question_of(row: &mut Row) -> Result<String, Invalid> {
    let Some((name, value)) = row.take(QUESTION) else {
        let name = QUESTION.iter().find(|name| row.has(name)).unwrap_or(&QUESTION[0]);
        return Err(Invalid::new(name, if row.has(name) { "is empty" } else { "is missing" }));
    };
    let Value::String(text) = value else {
        return Err(Invalid::new(&name, format!("is {}, not text", kind_of(&value))));
    };
    let mut question = trimmed(text);
    if let Some(end) = row.take_text(QUESTION_END) {
        question.push(' ');
        question.push_str(&end);
    }
    Ok(question)
}

/// Why a row has no options.
enum NoOptions {
    /// It says nothing of any.
    Missing,
    /// Those that it has cannot be read.
    Invalid(Invalid),
}

/// The options; cuts them off the question where they stand there too.
fn options_of(
    row: &mut Row,
    question: &mut String,
    is_decision: bool,
) -> Result<Options, NoOptions> {
    let invalid = |name: &str, reason: String| NoOptions::Invalid(Invalid::new(name, reason));
    // A list of none is what sets of several kinds write for questions without options.
    if let Some((name, value)) = row.take(OPTIONS).filter(|(_, value)| !is_empty(value)) {
        let options = options::from_value(&value).map_err(|reason| invalid(&name, reason))?;
        if let Ok(Some(inlined)) = inlined::find(question)
            && inlined.options == options.texts
        {
            cut(question, inlined.n_question);
        }
        return Ok(options);
    }
    if let Some(options) = options::from_columns(row) {
        return Ok(options);
    }
    if is_decision {
        let texts: Vec<String> = ["yes", "no", "maybe"].map(String::from).into();
        return Ok(Options { keys: vec![None; texts.len()], texts, is_repaired: false });
    }
    match inlined::find(question) {
        Ok(Some(inlined)) => {
            cut(question, inlined.n_question);
            Ok(Options {
                keys: vec![None; inlined.options.len()],
                texts: inlined.options,
                is_repaired: false,
            })
        }
        Ok(None) => Err(NoOptions::Missing),
        Err(reason) => Err(invalid("question", reason)),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// The field that holds the answer, and the others that name an option by its text.
fn answer_of(row: &mut Row, options: &Options) -> Result<ChoiceAnswer, Invalid> {
    let mut read = Vec::new();
    let mut refusal = None;
    for _ in 0..N_ANSWERS {
        let Some((name, value)) = row.take(ANSWER) else { break };
        match answer::read_all(&value, options) {
            Ok(all) => read.push((name, all)),
            Err(reason) => {
                // A letter or number that fits no option contradicts whatever else the row says; a longer text may be no answer at all.
                let is_short = text_of(&value).is_some_and(|text| text.trim().len() <= 2);
                let invalid = Invalid::new(&name, reason);
                if is_short {
                    return Err(invalid);
                }
                refusal.get_or_insert(invalid);
            }
        }
    }
    let is_telling = |(_, (all, _)): &(String, (Vec<Readings>, bool))| {
        all.iter().all(|readings| !readings.is_bare_number())
    };
    let chosen = read.iter().position(is_telling).unwrap_or(0);
    if read.is_empty() {
        let missing = || {
            Invalid::new(
                ANSWER.iter().find(|name| row.has(name)).unwrap_or(&"answer"),
                "is missing",
            )
        };
        return Err(refusal.unwrap_or_else(missing));
    }
    let (field, (readings, is_list)) = read.swap_remove(chosen);
    let echoes = read
        .into_iter()
        .filter_map(|(name, (all, _))| match all.as_slice() {
            [one] => Some((name, one.text_only()?)),
            _ => None,
        })
        .collect();
    Ok(ChoiceAnswer { field, readings, is_list, echoes })
}

fn context_of(row: &mut Row) -> Vec<String> {
    let texts = |values: Vec<Value>| {
        values.iter().filter_map(text_of).filter(|text| !text.trim().is_empty()).collect()
    };
    match row.take(CONTEXT) {
        Some((_, Value::String(text))) => vec![text.trim().to_owned()],
        Some((_, Value::Array(values))) => texts(values),
        Some((_, Value::Object(mut map))) => match map.remove("contexts") {
            Some(Value::Array(values)) => texts(values),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn cut(question: &mut String, at: usize) {
    question.truncate(at);
    question.truncate(question.trim_end().len());
}

/// Takes white space off both ends, and the line break with a quotation mark that a published copy of `MedQA` left behind the last option.
pub(super) fn tidy(text: &str) -> (&str, bool) {
    let text = text.trim();
    match text.strip_suffix("\n\"").filter(|rest| !rest.contains('"')) {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use serde_json::json;

    fn row(value: Value) -> Row<'static> {
        let Value::Object(map) = value else { panic!("not an object") };
        Row::new(map.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect())
    }

    fn draft(value: Value) -> Draft {
        read(&mut row(value), &mut None, 1).unwrap()
    }

    fn refusal(value: Value) -> String {
        read(&mut row(value), &mut None, 1).unwrap_err().to_string()
    }

    #[test]
    fn two_halves_of_a_question_are_joined() {
        let draft = draft(
            json!({"sent1": "A man.", "sent2": "What next?", "ending0": "x", "ending1": "y", "label": 1}),
        );
        assert_eq!(draft.item.question, "A man. What next?");
        let Answered::Choice(answer) = draft.answered else { panic!() };
        assert_eq!(answer.field, "label");
    }

    #[test]
    fn options_that_stand_in_the_question_too_are_cut_off_it() {
        let same = json!({"question": "Q?\nAnswer Choices: (A) x (B) y", "options": ["x", "y"], "label": "A"});
        assert_eq!(draft(same).item.question, "Q?");
        let other = json!({"question": "Q?\nAnswer Choices: (A) x (B) y", "options": ["x", "z"], "label": "A"});
        assert!(draft(other).item.question.contains("Choices"));
    }

    #[test]
    fn a_letter_counts_before_a_number_and_texts_are_kept_to_compare() {
        let draft = draft(
            json!({"question": "Q", "options": ["x1", "y1"], "answer_index": 1, "answer": "B", "answer_text": "x1"}),
        );
        let Answered::Choice(answer) = draft.answered else { panic!() };
        assert_eq!(answer.field, "answer");
        assert_eq!(answer.echoes, [("answer_text".to_owned(), 0)]);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(refusal(json!({"options": ["x", "y"], "answer": "A"})), "question: is missing");
        assert_eq!(
            refusal(json!({"question": " ", "options": ["x", "y"], "answer": "A"})),
            "question: is empty"
        );
        assert_eq!(
            refusal(json!({"prompt": [], "options": ["x", "y"], "answer": "A"})),
            "prompt: is a list, not text"
        );
        assert!(
            refusal(json!({"question": "Q", "answer": "A"})).starts_with("options: is missing")
        );
        assert_eq!(refusal(json!({"question": "Q", "options": ["x", "y"]})), "answer: is missing");
        assert_eq!(
            refusal(json!({"question": "Q", "options": ["x", "y"], "label": null})),
            "label: is missing"
        );
        assert!(
            refusal(
                json!({"question": "Q", "options": ["x", "y"], "answer_idx": "E", "answer": "x"})
            )
            .starts_with("answer_idx")
        );
    }

    #[test]
    fn everything_an_item_can_have_is_taken() {
        let value = json!({
            "question": "Q", "context": {"contexts": ["one", "two"], "labels": []}, "options": ["x", "y"], "answer": "A", "category": "c",
            "explanation": "e", "plain_question": "p", "difficulty": "Hard", "tags": ["t"], "source": {"title": "T", "year": 2020},
        });
        let mut row = row(value);
        let item = read(&mut row, &mut None, 7).unwrap().item;
        assert_eq!((item.id.0.as_str(), item.context.len(), item.tags.len()), ("row-7", 2, 1));
        assert_eq!(item.source.unwrap().year, 2020);
        assert_eq!(item.difficulty, Some(crate::dataset::Difficulty::Hard));
        assert_eq!(row.names().count(), 0);
    }
}
