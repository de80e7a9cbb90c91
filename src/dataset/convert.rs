//! Owns the way between an item and its written form, and what every item must be.

use super::record::{
    CriterionRecord, DifficultyRecord, KindRecord, NumberRecord, SourceRecord, SpeakerRecord,
    TurnRecord, letter_index,
};
use super::{
    Choice, Choices, Criterion, Difficulty, Invalid, Item, ItemId, ItemRecord, Kind, NumberAnswer,
    Reference, Rubric, ShortText, Source, Speaker, Turn,
};

/// The fewest and the most options that an item may have: one letter each.
const N_OPTIONS: std::ops::RangeInclusive<usize> = 2..=26;

impl From<&Item> for ItemRecord {
    fn from(item: &Item) -> Self {
        let mut record = Self {
            category: item.category.clone(),
            context: item.context.clone(),
            difficulty: item.difficulty.map(DifficultyRecord::from),
            explanation: item.explanation.clone(),
            id: item.id.0.clone(),
            plain_question: item.plain_question.clone(),
            source: item.source.as_ref().map(SourceRecord::from),
            tags: item.tags.clone(),
            ..Self::default()
        };
        if item.turns.is_empty() {
            record.question.clone_from(&item.question);
        } else {
            let last = TurnRecord { role: SpeakerRecord::User, content: item.question.clone() };
            record.conversation =
                item.turns.iter().map(TurnRecord::from).chain(std::iter::once(last)).collect();
        }
        match &item.kind {
            Kind::Choice(choice) => {
                record.kind = KindRecord::SingleChoice;
                record.options.clone_from(&choice.options);
                record.answer = Some(Choice::letter(choice.answer));
            }
            Kind::Choices(choices) => {
                record.kind = KindRecord::MultipleChoice;
                record.options.clone_from(&choices.options);
                record.answers = choices.answers.iter().map(|idx| Choice::letter(*idx)).collect();
            }
            Kind::Number(number) => {
                record.kind = KindRecord::Number;
                record.number = Some(NumberRecord::from(number));
            }
            Kind::ShortText(text) => {
                record.kind = KindRecord::ShortText;
                record.accepted.clone_from(&text.accepted);
            }
            Kind::Reference(reference) => {
                record.kind = KindRecord::Reference;
                record.reference = Some(reference.answer.clone());
            }
            Kind::Rubric(rubric) => {
                record.kind = KindRecord::OpenEnded;
                record.rubric = rubric.criteria.iter().map(CriterionRecord::from).collect();
            }
        }
        record
    }
}

impl TryFrom<ItemRecord> for Item {
    type Error = Invalid;

    fn try_from(record: ItemRecord) -> Result<Self, Invalid> {
        let item = unchecked(record)?;
        check(&item)?;
        Ok(item)
    }
}

/// The item that a record writes down, whether or not it can be asked and scored.
pub(super) fn unchecked(mut record: ItemRecord) -> Result<Item, Invalid> {
    let (turns, question) = asked(&mut record)?;
    let kind = kind_of(&mut record)?;
    if let Some(field) = left_over(&record) {
        return Err(Invalid::new(field, "does not belong to an item of this kind"));
    }
    Ok(Item {
        id: ItemId(record.id),
        turns,
        question,
        context: record.context,
        kind,
        category: record.category,
        plain_question: record.plain_question,
        explanation: record.explanation,
        difficulty: record.difficulty.map(Difficulty::from),
        source: record.source.map(Source::from),
        tags: record.tags,
    })
}

/// The turns before the question, and the question.
fn asked(record: &mut ItemRecord) -> Result<(Vec<Turn>, String), Invalid> {
    if record.conversation.is_empty() {
        return Ok((vec![], std::mem::take(&mut record.question)));
    }
    if !record.question.is_empty() {
        return Err(Invalid::new(
            "question",
            "stands beside a conversation, whose last turn is the question",
        ));
    }
    let mut turns: Vec<Turn> =
        std::mem::take(&mut record.conversation).into_iter().map(Turn::from).collect();
    match turns.pop() {
        Some(Turn { speaker: Speaker::User, text }) => Ok((turns, text)),
        _ => Err(Invalid::new("conversation", "does not end with a turn of the user")),
    }
}

/// Takes the fields of its kind out of the record.
fn kind_of(record: &mut ItemRecord) -> Result<Kind, Invalid> {
    let missing = |field: &str| Invalid::new(field, "is missing");
    Ok(match record.kind {
        KindRecord::SingleChoice => {
            let letter = record.answer.take().ok_or_else(|| missing("answer"))?;
            let options = std::mem::take(&mut record.options);
            let answer = option_of(letter, options.len())?;
            Kind::Choice(Choice { options, answer })
        }
        KindRecord::MultipleChoice => {
            let options = std::mem::take(&mut record.options);
            let letters = std::mem::take(&mut record.answers);
            let mut answers = letters
                .into_iter()
                .map(|letter| option_of(letter, options.len()))
                .collect::<Result<Vec<_>, _>>()?;
            answers.sort_unstable();
            Kind::Choices(Choices { options, answers })
        }
        KindRecord::Number => {
            let number = record.number.take().ok_or_else(|| missing("number"))?;
            Kind::Number(NumberAnswer::from(number))
        }
        KindRecord::ShortText => {
            Kind::ShortText(ShortText { accepted: std::mem::take(&mut record.accepted) })
        }
        KindRecord::Reference => {
            let answer = record.reference.take().ok_or_else(|| missing("reference"))?;
            Kind::Reference(Reference { answer })
        }
        KindRecord::OpenEnded => {
            let criteria = std::mem::take(&mut record.rubric).into_iter().map(Criterion::from);
            Kind::Rubric(Rubric { criteria: criteria.collect() })
        }
    })
}

/// A field that another kind would use: it was meant to say something, so it is not dropped in silence.
fn left_over(record: &ItemRecord) -> Option<&'static str> {
    let fields = [
        ("accepted", !record.accepted.is_empty()),
        ("answer", record.answer.is_some()),
        ("answers", !record.answers.is_empty()),
        ("number", record.number.is_some()),
        ("options", !record.options.is_empty()),
        ("reference", record.reference.is_some()),
        ("rubric", !record.rubric.is_empty()),
    ];
    fields.into_iter().find(|(_, is_there)| *is_there).map(|(field, _)| field)
}

fn option_of(letter: char, n_options: usize) -> Result<usize, Invalid> {
    letter_index(letter)
        .filter(|idx| *idx < n_options)
        .ok_or_else(|| out_of_range(letter, n_options))
}

fn out_of_range(letter: char, n_options: usize) -> Invalid {
    Invalid::new("answer", format!("{letter:?} names none of the {n_options} options"))
}

/// What every item must be, whatever file it came from.
///
/// Two wrong options may read the same (published sets have such items, and they can be scored), but a right one must be
/// unique: otherwise two letters are right and only one of them scores.
pub(super) fn check(item: &Item) -> Result<(), Invalid> {
    faults(item).into_iter().next().map_or(Ok(()), Err)
}

/// What is wrong with an item, field by field.
pub(super) fn faults(item: &Item) -> Vec<Invalid> {
    let is_empty = |field, text: &str| match text.trim() {
        "" => Err(Invalid::new(field, "is empty")),
        _ => Ok(()),
    };
    [is_empty("id", &item.id.0), is_empty("question", &item.question), check_kind(&item.kind)]
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

fn check_kind(kind: &Kind) -> Result<(), Invalid> {
    match kind {
        Kind::Choice(Choice { options, answer }) => check_options(options, &[*answer]),
        Kind::Choices(Choices { options, answers }) => check_options(options, answers),
        Kind::Number(number) => check_number(number),
        Kind::ShortText(ShortText { accepted }) => {
            if accepted.is_empty() || accepted.iter().any(|text| text.trim().is_empty()) {
                return Err(Invalid::new(
                    "accepted",
                    "needs at least one text, and none may be empty",
                ));
            }
            Ok(())
        }
        Kind::Reference(Reference { answer }) if answer.trim().is_empty() => {
            Err(Invalid::new("reference", "is empty"))
        }
        Kind::Reference(_) => Ok(()),
        Kind::Rubric(rubric) => check_rubric(rubric),
    }
}

fn check_options(options: &[String], answers: &[usize]) -> Result<(), Invalid> {
    if !N_OPTIONS.contains(&options.len()) {
        let reason = format!("has {}; an item needs 2 to 26", options.len());
        return Err(Invalid::new("options", reason));
    }
    if let Some(idx) = options.iter().position(|text| text.trim().is_empty()) {
        return Err(Invalid::new("options", format!("option {} is empty", Choice::letter(idx))));
    }
    if answers.is_empty() {
        return Err(Invalid::new("answers", "names no right option"));
    }
    if let Some(pair) = answers.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Invalid::new("answers", format!("{} comes twice", Choice::letter(pair[0]))));
    }
    for answer in answers {
        let Some(right) = options.get(*answer) else {
            return Err(out_of_range(Choice::letter(*answer), options.len()));
        };
        let twin = options
            .iter()
            .enumerate()
            .find(|(idx, text)| idx != answer && text.trim() == right.trim());
        if let Some((idx, _)) = twin {
            let (right, twin) = (Choice::letter(*answer), Choice::letter(idx));
            return Err(Invalid::new(
                "options",
                format!("{twin} reads the same as the right option {right}: two letters are right"),
            ));
        }
    }
    Ok(())
}

fn check_number(number: &NumberAnswer) -> Result<(), Invalid> {
    let NumberAnswer { value, low, high, .. } = number;
    if ![value, low, high].iter().all(|bound| bound.is_finite()) {
        return Err(Invalid::new("number", "is not finite"));
    }
    if low <= value && value <= high {
        return Ok(());
    }
    Err(Invalid::new("number", format!("{value} does not lie between its bounds {low} and {high}")))
}

fn check_rubric(rubric: &Rubric) -> Result<(), Invalid> {
    if rubric.criteria.is_empty() {
        return Err(Invalid::new("rubric", "has no criteria"));
    }
    for (idx, criterion) in rubric.criteria.iter().enumerate() {
        if criterion.text.trim().is_empty() {
            return Err(Invalid::new("rubric", format!("criterion {} is empty", idx + 1)));
        }
        if criterion.points == 0 {
            return Err(Invalid::new("rubric", format!("criterion {} has no points", idx + 1)));
        }
    }
    // Without positive points there is nothing that a share could be taken of (simple-evals gives no score either).
    if rubric.criteria.iter().all(|criterion| criterion.points < 0) {
        return Err(Invalid::new("rubric", "has no criterion with positive points"));
    }
    Ok(())
}

impl From<&NumberAnswer> for NumberRecord {
    fn from(number: &NumberAnswer) -> Self {
        let bound = |bound: f64| (bound.to_bits() != number.value.to_bits()).then_some(bound);
        Self {
            high: bound(number.high),
            low: bound(number.low),
            unit: number.unit.clone(),
            value: number.value,
        }
    }
}

impl From<NumberRecord> for NumberAnswer {
    fn from(record: NumberRecord) -> Self {
        let NumberRecord { high, low, unit, value } = record;
        Self { value, low: low.unwrap_or(value), high: high.unwrap_or(value), unit }
    }
}

impl From<&Criterion> for CriterionRecord {
    fn from(criterion: &Criterion) -> Self {
        let Criterion { text, points, tags } = criterion;
        Self { criterion: text.clone(), points: *points, tags: tags.clone() }
    }
}

impl From<CriterionRecord> for Criterion {
    fn from(record: CriterionRecord) -> Self {
        let CriterionRecord { criterion, points, tags } = record;
        Self { text: criterion, points, tags }
    }
}

impl From<&Turn> for TurnRecord {
    fn from(turn: &Turn) -> Self {
        let role = match turn.speaker {
            Speaker::System => SpeakerRecord::System,
            Speaker::User => SpeakerRecord::User,
            Speaker::Assistant => SpeakerRecord::Assistant,
        };
        Self { content: turn.text.clone(), role }
    }
}

impl From<TurnRecord> for Turn {
    fn from(record: TurnRecord) -> Self {
        let speaker = match record.role {
            SpeakerRecord::System => Speaker::System,
            SpeakerRecord::User => Speaker::User,
            SpeakerRecord::Assistant => Speaker::Assistant,
        };
        Self { speaker, text: record.content }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn item(value: Value) -> Result<Item, Invalid> {
        let mut whole = json!({"id": "x"});
        if let (Value::Object(whole), Value::Object(value)) = (&mut whole, value) {
            whole.extend(value);
        }
        Item::try_from(serde_json::from_value::<ItemRecord>(whole).unwrap())
    }

    #[test]
    fn every_kind_comes_back_from_its_written_form() {
        for value in [
            json!({"kind": "single_choice", "question": "Q", "options": ["a", "b"], "answer": "B"}),
            json!({"kind": "multiple_choice", "question": "Q", "options": ["a", "b", "c"], "answers": ["A", "C"]}),
            json!({"kind": "number", "question": "Q", "number": {"value": 3.5, "low": 3.0, "high": 4.0, "unit": "mg"}}),
            json!({"kind": "number", "question": "Q", "number": {"value": 3.0}}),
            json!({"kind": "short_text", "question": "Q", "accepted": ["aspirin", "ASA"]}),
            json!({"kind": "reference", "question": "Q", "reference": "Because."}),
            json!({"kind": "open_ended", "conversation": [
                {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "Q"}],
                "rubric": [{"criterion": "Says so", "points": 5, "tags": ["axis:accuracy"]}, {"criterion": "Lies", "points": -10}]}),
        ] {
            let read = item(value.clone()).unwrap_or_else(|invalid| panic!("{value}: {invalid}"));
            let written = serde_json::to_value(ItemRecord::from(&read)).unwrap();
            let mut expected = value;
            expected["id"] = json!("x");
            assert_eq!(written, expected);
        }
    }

    #[test]
    fn what_cannot_be_scored_is_refused_with_its_field() {
        for (value, told) in [
            (
                json!({"kind": "multiple_choice", "question": "Q", "options": ["a", "b"]}),
                "answers: names no right option",
            ),
            (
                json!({"kind": "multiple_choice", "question": "Q", "options": ["a", "b"], "answers": ["A", "A"]}),
                "answers: A comes twice",
            ),
            (
                json!({"kind": "multiple_choice", "question": "Q", "options": ["a", "b"], "answers": ["C"]}),
                "answer: 'C' names none of the 2 options",
            ),
            (json!({"kind": "number", "question": "Q"}), "number: is missing"),
            (
                json!({"kind": "number", "question": "Q", "number": {"value": 3.0, "low": 4.0}}),
                "number: 3 does not lie between its bounds 4 and 3",
            ),
            (
                json!({"kind": "short_text", "question": "Q"}),
                "accepted: needs at least one text, and none may be empty",
            ),
            (
                json!({"kind": "reference", "question": "Q", "reference": " "}),
                "reference: is empty",
            ),
            (json!({"kind": "open_ended", "question": "Q"}), "rubric: has no criteria"),
            (
                json!({"kind": "open_ended", "question": "Q", "rubric": [{"criterion": "x", "points": 0}]}),
                "rubric: criterion 1 has no points",
            ),
            (
                json!({"kind": "open_ended", "question": "Q", "rubric": [{"criterion": "x", "points": -1}]}),
                "rubric: has no criterion with positive points",
            ),
            (
                json!({"kind": "open_ended", "conversation": [{"role": "assistant", "content": "Q"}], "rubric": []}),
                "conversation: does not end with a turn of the user",
            ),
            (
                json!({"kind": "number", "question": "Q", "number": {"value": 3.0}, "answer": "A"}),
                "answer: does not belong to an item of this kind",
            ),
        ] {
            assert_eq!(item(value).unwrap_err().to_string(), told);
        }
    }
}
