//! Owns plain text with numbered questions: `1. … A) … B) … Answer: B`, with an answer key at the end where there is one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::inlined::{self, Inlined};
use super::intake::Intake;
use super::row::Row;

/// Words before the right answer, longest first.
const ANSWER: [&str; 9] = [
    "correct answer",
    "right answer",
    "respuesta correcta",
    "respuesta",
    "solution",
    "answer",
    "lösung",
    "antwort",
    "ans",
];
const EXPLANATION: [&str; 4] = ["explanation", "rationale", "explicación", "erklärung"];
const CATEGORY: [&str; 4] = ["category", "topic", "subject", "specialty"];
/// What stands above an answer key.
const KEY: [&str; 7] =
    ["answer key", "answers", "answer sheet", "key", "solutions", "respuestas", "lösungen"];
/// Words before the number of a question.
const QUESTION: [&str; 5] = ["question", "pregunta", "frage", "item", "q"];

/// A question as it stands in the text.
#[derive(Debug, Default)]
struct Block {
    line: u64,
    number: Option<u64>,
    /// Question and options.
    body: String,
    answer: Option<String>,
    explanation: String,
    category: Option<String>,
    /// Whether lines belong to the explanation.
    is_explained: bool,
    /// Whether an option has begun.
    has_options: bool,
    was_blank: bool,
    /// The first line that belongs to no part of the question, such as the heading of the next section.
    left: Option<u64>,
}

impl Block {
    /// Whether another question may follow: it has options, or its answer.
    fn is_done(&self) -> bool {
        // Longer than any question with its options; each numbered line is asked for it.
        const MAX_BODY: usize = 10_000;
        let is_in_line = || {
            self.body.len() <= MAX_BODY
                && inlined::in_line(&self.body).is_ok_and(|found| found.is_some())
        };
        self.has_options || self.answer.is_some() || is_in_line()
    }
}

/// Reads the questions of a text into `intake`; false, and nothing is read, when it is no such text.
pub(super) fn read(text: &str, intake: &mut Intake) -> bool {
    let (mut blocks, key) = blocks(text);
    if blocks.is_empty() {
        blocks = by_answers(text);
    }
    let found: Vec<_> = blocks.iter().map(|block| options_of(&block.body)).collect();
    let has_options = found.iter().any(|found| matches!(found, Ok(Some(_))));
    let n_answered = blocks.iter().filter(|block| block.answer.is_some()).count();
    if !has_options && n_answered < 2 {
        return false;
    }
    let left: Vec<u64> = blocks.iter().filter_map(|block| block.left).collect();
    if let Some(first) = left.first() {
        intake.notices.push(format!(
            "Text that belongs to no question was left out in {} places, the first on line {first}.",
            left.len()
        ));
    }
    for (mut block, found) in blocks.into_iter().zip(found) {
        let id = block.number.map(|number| number.to_string());
        let found = match found {
            Ok(found) => found,
            Err(reason) => {
                intake.refuse(block.line, id, "options", reason);
                continue;
            }
        };
        let mut cells: Vec<(Cow<str>, Value)> = Vec::new();
        let mut push = |name: &'static str, value: Value| cells.push((Cow::Borrowed(name), value));
        let mut starred = None;
        if let Some(Inlined { n_question, options }) = found {
            block.body.truncate(n_question);
            let (options, star) = without_stars(options);
            starred = star;
            push("options", options.into());
        }
        push("question", block.body.trim().into());
        let by_key = block.number.and_then(|number| key.get(&number).cloned());
        if let Some(answer) = block.answer.or(by_key).or(starred) {
            push("answer", answer.into());
        }
        if let Some(id) = id {
            push("id", id.into());
        }
        if !block.explanation.trim().is_empty() {
            push("explanation", block.explanation.trim().into());
        }
        if let Some(category) = block.category {
            push("category", category.into());
        }
        intake.row(block.line, Row::new(cells));
    }
    true
}

/// The questions that are numbered, and the answer key.
fn blocks(text: &str) -> (Vec<Block>, BTreeMap<u64, String>) {
    let mut blocks: Vec<Block> = Vec::new();
    let mut key = BTreeMap::new();
    let mut is_key = false;
    let has_options = text.lines().any(|line| is_option(&with_capital(line)));
    for (line, number) in text.lines().zip(1_u64..) {
        if is_heading(line, &KEY) && !blocks.is_empty() {
            is_key = true;
            continue;
        }
        if !blocks.is_empty()
            && let Some(pairs) = pairs(line, is_key)
        {
            key.extend(pairs);
            continue;
        }
        if let Some((told, rest)) = question_number(line, blocks.last(), has_options) {
            is_key = false;
            let body = rest.to_owned();
            blocks.push(Block { line: number, number: Some(told), body, ..Block::default() });
        } else if let Some(block) = blocks.last_mut().filter(|_| !is_key) {
            add(block, line, number);
        }
    }
    (blocks, key)
}

/// Questions without numbers, each of which ends with its answer (the form that Moodle calls Aiken).
fn by_answers(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut block = Block::default();
    for (line, number) in text.lines().zip(1_u64..) {
        let is_blank = line.trim().is_empty();
        // What follows an answer after a blank line, or is no explanation, begins the next question.
        if block.answer.is_some() && !is_blank && after_word(line, &EXPLANATION).is_none() {
            blocks.push(std::mem::take(&mut block));
        }
        if block.body.is_empty() && block.answer.is_none() {
            block.line = number;
        }
        add(&mut block, line, number);
    }
    if block.answer.is_some() {
        blocks.push(block);
    }
    blocks
}

/// Adds a line to a question.
fn add(block: &mut Block, line: &str, number: u64) {
    if let Some(answer) = after_word(line, &ANSWER) {
        block.answer = Some(answer.to_owned());
        block.is_explained = false;
    } else if let Some(explanation) = after_word(line, &EXPLANATION) {
        explanation.clone_into(&mut block.explanation);
        block.is_explained = true;
    } else if let Some(category) = after_word(line, &CATEGORY) {
        block.category = Some(category.to_owned());
    } else if line.trim().is_empty() {
        block.was_blank = true;
        let text = if block.is_explained { &mut block.explanation } else { &mut block.body };
        text.push('\n');
        return;
    } else if block.is_explained {
        block.explanation.push('\n');
        block.explanation.push_str(line);
    } else {
        let line = with_capital(line);
        let is_option = is_option(&line);
        // Behind the answer, or a blank line below the options, stands the heading of a section: no part of the last option.
        if block.answer.is_some() || (block.has_options && block.was_blank && !is_option) {
            block.left.get_or_insert(number);
            return;
        }
        block.has_options |= is_option;
        if !block.body.is_empty() {
            block.body.push('\n');
        }
        block.body.push_str(&line);
    }
    block.was_blank = false;
}

/// Whether the line begins as an option does.
fn is_option(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches(['(', '*']);
    let mut chars = line.chars();
    chars.next().is_some_and(|char| char.is_ascii_uppercase())
        && chars.next().is_some_and(|char| matches!(char, ')' | '.' | ':'))
}

/// The line without one of the words at its beginning, which a colon (or the like) must follow.
fn after_word<'a>(line: &'a str, words: &[&str]) -> Option<&'a str> {
    let line = line.trim().trim_start_matches('*').trim_start();
    words.iter().find_map(|word| {
        let rest = strip_word(line, word)?.trim_start();
        let rest = rest.strip_prefix([':', '=']).or_else(|| rest.strip_prefix("is "))?;
        let rest = rest.trim().trim_matches('*').trim();
        (!rest.is_empty()).then_some(rest)
    })
}

fn strip_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let start = line.get(..word.len())?;
    (start.to_lowercase() == word).then(|| &line[word.len()..])
}

fn is_heading(line: &str, words: &[&str]) -> bool {
    let line = line.trim().trim_matches(['*', '#', ':', '=', '-', ' ']).to_lowercase();
    words.contains(&line.as_str())
}

/// The number of the question that the line begins, and the rest of the line. Numbers go up by one: others are lists within a
/// question, unless the line says that it is a question.
fn question_number<'a>(
    line: &'a str,
    before: Option<&Block>,
    has_options: bool,
) -> Option<(u64, &'a str)> {
    let line = line.trim_start().trim_start_matches(['*', '#']).trim_start();
    let word = QUESTION.iter().find_map(|word| {
        let rest = strip_word(line, word)?.trim_start_matches([' ', '#']);
        rest.starts_with(|char: char| char.is_ascii_digit()).then_some(rest)
    });
    let text = word.unwrap_or(line);
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..n_digits).filter(|digits| digits.len() <= 9)?.parse::<u64>().ok()?;
    let rest = &text[n_digits..];
    let body = rest.strip_prefix(['.', ')', ':', ']']);
    let is_marked = body.is_some_and(|body| !body.starts_with(|char: char| char.is_ascii_digit()));
    let is_next = before.is_none_or(|block| {
        let is_done = !has_options || block.is_done();
        // Each section may count from 1. A list within a question counts too, but its options are still to come, and no
        // blank line stands between.
        let follows = block.number.is_none_or(|last| number == last + 1);
        (follows && (is_done || block.was_blank)) || (number == 1 && block.is_done())
    });
    let is_own_line = word.is_some() && rest.trim().is_empty();
    let body = match body {
        Some(body) if is_marked && (is_next || word.is_some()) => body,
        _ if is_own_line => "",
        _ => return None,
    };
    Some((number, body.trim().trim_matches('*')))
}

/// `1 B 2 C`, `1. B`, `1-B, 2-C`: numbers and letters by turns, and nothing else. Below the heading of a key a number may have
/// several letters.
fn pairs(line: &str, is_key: bool) -> Option<Vec<(u64, String)>> {
    let mut pairs = Vec::new();
    let mut number: Option<u64> = None;
    let mut rest = line.trim();
    while !rest.is_empty() {
        let is_digit = |char: char| char.is_ascii_digit();
        let n_digits = rest.find(|char| !is_digit(char)).unwrap_or(rest.len());
        let n_letters = rest.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(rest.len());
        if n_digits > 0 && number.is_none() {
            number = Some(rest[..n_digits].parse().ok()?);
            rest = &rest[n_digits..];
        } else if n_letters > 0 {
            let is_short = n_letters == 1 || (is_key && n_letters <= 8);
            if !is_short {
                return None;
            }
            pairs.push((number.take()?, rest[..n_letters].to_ascii_uppercase()));
            rest = &rest[n_letters..];
        } else {
            return None;
        }
        rest = rest
            .trim_start_matches([' ', '\t', ',', ';', '.', ')', '(', ':', '-', '|', '\u{2013}']);
    }
    (number.is_none() && !pairs.is_empty()).then_some(pairs)
}

/// A line that begins with `a)` begins an option as one with `A)` does.
fn with_capital(line: &str) -> Cow<'_, str> {
    let start = line.trim_start();
    let inner = start.strip_prefix(['(', '*']).unwrap_or(start);
    let mut chars = inner.chars();
    let is_mark = chars.next().is_some_and(|char| char.is_ascii_lowercase())
        && chars.next().is_some_and(|char| matches!(char, ')' | '.'))
        && chars.next().is_none_or(char::is_whitespace);
    if !is_mark {
        return Cow::Borrowed(line);
    }
    let at = line.len() - inner.len();
    Cow::Owned(format!("{}{}{}", &line[..at], inner[..1].to_ascii_uppercase(), &inner[1..]))
}

/// The options of a question, each on a line of its own or one after another.
fn options_of(body: &str) -> Result<Option<Inlined>, String> {
    // A star before the letter marks the right one; it is moved behind it, so that the letters can be seen.
    let starred: String = body
        .split_inclusive('\n')
        .map(|line| match line.trim_start().strip_prefix('*') {
            Some(rest) if rest.get(1..2).is_some_and(|mark| matches!(mark, ")" | ".")) => {
                format!("{}* {}", &rest[..2], &rest[2..])
            }
            _ => line.to_owned(),
        })
        .collect();
    if let Some(found) = inlined::find(&starred)? {
        return Ok(Some(found));
    }
    inlined::in_line(&starred)
}

/// The options without the star that marks the right one, and its letter.
fn without_stars(options: Vec<String>) -> (Vec<String>, Option<String>) {
    let star = options.iter().position(|text| text.starts_with("* "));
    let letter = star.map(|idx| super::Choice::letter(idx).to_string());
    let bare =
        |text: String| text.strip_prefix("* ").map(|rest| rest.trim().to_owned()).unwrap_or(text);
    (options.into_iter().map(bare).collect(), letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Choice, Import, open};
    use proptest::prelude::*;

    fn import(text: &str) -> Import {
        open("exam.txt", text.as_bytes()).unwrap()
    }

    fn letters(import: &Import) -> String {
        assert!(import.refusals.is_empty(), "{:?}", import.refusals);
        import
            .dataset
            .items
            .iter()
            .map(|item| Choice::letter(item.choice().unwrap().answer))
            .collect()
    }

    #[test]
    fn questions_with_their_answers_below_are_read() {
        let import = import(
            "A small test\n\n1. Which one?\nIt has two lines.\nA) v\nB) w\nC) x\nAnswer: B\nExplanation: Because.\nAnd so on.\n\n2) Next?\n  a. v\n  b. w\nCorrect answer is A\nTopic: anatomy\n\nQuestion 3:\nLast?\n(A) v\n(B) w\nANSWER: (B)\n",
        );
        assert_eq!(letters(&import), "BAB");
        let items = &import.dataset.items;
        assert_eq!(items[0].question, "Which one?\nIt has two lines.");
        assert_eq!(items[0].explanation.as_deref(), Some("Because.\nAnd so on."));
        assert_eq!((items[1].category.as_str(), items[1].id.0.as_str()), ("anatomy", "2"));
        assert_eq!(items[2].options(), ["v", "w"]);
    }

    #[test]
    fn an_answer_key_at_the_end_is_read() {
        let questions = "1. Q1? A) v B) w C) x\n2. Q2?\nA) v\nB) w\n";
        for key in ["Answer key\n1 B 2 A", "1. B\n2. A\n", "ANSWERS:\n1-B, 2-A", "1B 2A"] {
            let import = import(&format!("{questions}\n{key}"));
            assert_eq!(letters(&import), "BA", "{key}");
            assert_eq!(import.dataset.items[0].question, "Q1?");
        }
    }

    #[test]
    fn headings_and_lists_between_and_within_questions_are_told_from_them() {
        let import = import(
            "1.Which of these?\n1. Cough\n2. Fever\n\nA) Only 1\n\nB) Only 2\n\nSection two\n\n2. And this?\nA) v\nB) w\n\nKey\n1 A\n2 B\n",
        );
        assert_eq!(letters(&import), "AB");
        let items = &import.dataset.items;
        assert_eq!(items[0].question, "Which of these?\n1. Cough\n2. Fever");
        assert_eq!(items[0].options(), ["Only 1", "Only 2"]);
        assert!(
            import.notices[0].contains("1 places, the first on line 9"),
            "{:?}",
            import.notices
        );
    }

    #[test]
    fn questions_without_numbers_end_with_their_answers() {
        let import = import("First?\nA. v\nB. w\nANSWER: B\n\nSecond?\nA. v\nB. w\nANSWER: A\n");
        assert_eq!(
            (letters(&import).as_str(), import.dataset.items[1].question.as_str()),
            ("BA", "Second?")
        );
    }

    #[test]
    fn a_star_marks_the_right_option() {
        let import = import("1. Q?\nA) v\n*B) w\nC) x\n");
        assert_eq!(
            (letters(&import).as_str(), import.dataset.items[0].options()[1].as_str()),
            ("B", "w")
        );
    }

    #[test]
    fn what_lacks_an_answer_is_refused_with_its_line() {
        let import = import("1. Q1?\nA) v\nB) w\nAnswer: B\n2. Q2?\nA) v\nB) w\n");
        let [refusal] = import.refusals.as_slice() else { panic!("{import:?}") };
        assert_eq!(
            (refusal.line, refusal.item.as_deref(), refusal.field.as_str()),
            (Some(5), Some("2"), "answer")
        );
    }

    #[test]
    fn other_text_is_no_list_of_questions() {
        for text in ["Dear all,\n1. Buy milk.\n2. Go home.\n", "One line.", "a,b,c\n1,2,3\n"] {
            assert!(open("letter.txt", text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_ends_without_a_panic(text in "(\n|[0-9]{1,2}|[.):*]|[A-Ca-c][.)] |Answer: |key|Explanation:|.| ){0,40}") {
            let _ = read(&text, &mut Intake::default());
        }
    }
}
