//! Owns files of verdicts by people, to measure judges by: HealthBench's meta-evaluation, and tables of one's own.
//!
//! A row has a conversation (`prompt`, or `question`), the answer (`completion`), a criterion (`rubric`) and what people say
//! of it: `binary_labels` with `anonymized_physician_ids`, or one `label` with the `rater` who gave it, in as many rows as
//! there are raters. Lists may come as JSON or as Python writes them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Speaker, Turn, literal, sample};

/// A criterion, the answer that it was held against, and what people say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledRow {
    /// What was said before the question.
    pub turns: Vec<Turn>,
    /// What was asked.
    pub question: String,
    /// The answer that was graded.
    pub completion: String,
    /// The criterion.
    pub rubric: String,
    /// Rater by rater: who, and whether the criterion is met. At least one.
    pub labels: Vec<(String, bool)>,
    /// What figures are grouped by; may be empty.
    pub category: String,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labelled {
    /// Rows that were taken.
    pub rows: Vec<LabelledRow>,
    /// Rows that were not: line, counted from one, and why.
    pub refused: Vec<(usize, String)>,
    /// Rows of the file.
    pub n_available: usize,
}

/// The field of a row that has all people's verdicts.
const LISTED: &str = "\"binary_labels\"";

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelsError {
    /// Neither JSON Lines, a JSON list nor a table.
    #[error(
        "This is no file of verdicts: it is neither JSON Lines, nor a JSON list, nor a CSV table ({0})."
    )]
    Unreadable(String),
    /// Nothing in it.
    #[error("No row of this file is a verdict. The first is refused because {0}.")]
    Empty(String),
}

/// A row with its line, or why it cannot be read.
type NumberedRow = (usize, Result<Map<String, Value>, String>);

/// Reads a file of verdicts: all rows, or `n` of them drawn with `seed`. Of a file like HealthBench's, which is large, only
/// what is drawn is parsed. Where each person has a row of their own, criteria are drawn, so that all that was said of one
/// stays together; then [`Labelled::n_available`] counts criteria.
pub fn read(text: &str, draw: Option<(usize, u64)>) -> Result<Labelled, LabelsError> {
    let text = text.trim_start_matches('\u{feff}');
    match draw.filter(|_| !is_by_line(text)) {
        None => read_rows(text, draw),
        Some((n, seed)) => {
            let mut all = read_rows(text, None)?;
            all.n_available = all.rows.len();
            let drawn = sample(all.rows.len(), n, seed);
            all.rows = drawn.into_iter().filter_map(|idx| all.rows.get(idx).cloned()).collect();
            Ok(all)
        }
    }
}

fn read_rows(text: &str, draw: Option<(usize, u64)>) -> Result<Labelled, LabelsError> {
    let unreadable = |error: &dyn std::fmt::Display| LabelsError::Unreadable(error.to_string());
    let drawn = |n_rows: usize| match draw {
        Some((n, seed)) => sample(n_rows, n, seed),
        None => (0..n_rows).collect(),
    };
    let mut labelled = Labelled::default();
    let mut rows: Vec<NumberedRow> = vec![];
    let trimmed = text.trim_start();
    if trimmed.starts_with('[') {
        let all: Vec<Value> = serde_json::from_str(trimmed).map_err(|error| unreadable(&error))?;
        labelled.n_available = all.len();
        let kept = drawn(all.len()).into_iter().filter_map(|idx| Some((idx, all.get(idx)?)));
        rows.extend(kept.map(|(idx, value)| (idx + 1, fields(value.clone()))));
    } else if trimmed.starts_with('{') {
        let numbered = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let lines: Vec<(&str, usize)> = numbered.collect();
        labelled.n_available = lines.len();
        for (line, number) in drawn(lines.len()).into_iter().filter_map(|idx| lines.get(idx)) {
            let value = serde_json::from_str(line).map_err(|error| error.to_string());
            rows.push((*number, value.and_then(fields)));
        }
    } else {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let names = reader.headers().map_err(|error| unreadable(&error))?.clone();
        let records: Vec<csv::StringRecord> =
            reader.records().collect::<Result<_, _>>().map_err(|error| unreadable(&error))?;
        labelled.n_available = records.len();
        let kept =
            drawn(records.len()).into_iter().filter_map(|idx| Some((idx, records.get(idx)?)));
        rows.extend(kept.map(|(idx, record)| {
            let cells = names.iter().map(str::trim).zip(record.iter());
            (idx + 2, Ok(cells.map(|(name, cell)| (name.to_owned(), cell.into())).collect()))
        }));
    }
    gathered(labelled, rows)
}

/// Whether a file that starts so has a row on each line, with all that people said of it: then any lines of it can be read
/// by themselves, with [`read_lines`].
pub fn is_by_line(start: &str) -> bool {
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with('{') && start.lines().next().is_some_and(|line| line.contains(LISTED))
}

/// Reads lines that were drawn from a file of `n_available` rows, each with its number in the file, counted from one.
pub fn read_lines(lines: &[(usize, String)], n_available: usize) -> Result<Labelled, LabelsError> {
    let row = |(number, line): &(usize, String)| {
        let value = serde_json::from_str(line.trim_start_matches('\u{feff}'));
        (*number, value.map_err(|error| error.to_string()).and_then(fields))
    };
    gathered(Labelled { n_available, ..Labelled::default() }, lines.iter().map(row).collect())
}

/// Rows about the same criterion of the same answer, each with one rater, are one row.
fn gathered(mut labelled: Labelled, rows: Vec<NumberedRow>) -> Result<Labelled, LabelsError> {
    let mut place: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for (number, row) in rows {
        match row.and_then(|row| read_row(&row)) {
            Ok(row) => {
                let turns = row.turns.iter().map(|turn| turn.text.as_str());
                let said = turns.chain([row.question.as_str()]).collect::<Vec<_>>().join("\n");
                let key = (said, row.completion.clone(), row.rubric.clone());
                if let Some(known) = place.get(&key).and_then(|idx| labelled.rows.get_mut(*idx)) {
                    known.labels.extend(row.labels);
                } else {
                    place.insert(key, labelled.rows.len());
                    labelled.rows.push(row);
                }
            }
            Err(reason) => labelled.refused.push((number, reason)),
        }
    }
    match labelled.refused.first() {
        Some((_, reason)) if labelled.rows.is_empty() => Err(LabelsError::Empty(reason.clone())),
        None if labelled.rows.is_empty() => Err(LabelsError::Empty("there is none".to_owned())),
        _ => Ok(labelled),
    }
}

fn fields(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err("it is no object".to_owned()),
    }
}

fn read_row(row: &Map<String, Value>) -> Result<LabelledRow, String> {
    let find = |names: &[&str]| names.iter().find_map(|name| row.get(*name));
    let text = |names: &[&str]| {
        let text = find(names).and_then(Value::as_str).map(str::to_owned);
        text.filter(|text| !text.trim().is_empty())
    };
    let missing = |name: &str| format!("it has no {name}");
    let said = find(&["prompt", "conversation", "question"]).ok_or_else(|| missing("prompt"))?;
    let (turns, question) = conversation(said)?;
    let labels = find(&["binary_labels", "labels", "label"]).ok_or_else(|| missing("label"))?;
    let labels = listed(labels).into_iter().map(|label| verdict(&label));
    let labels: Vec<bool> = labels.collect::<Option<_>>().ok_or("a label is neither yes nor no")?;
    let raters = find(&["anonymized_physician_ids", "raters", "rater"]).map(listed);
    let raters = raters.unwrap_or_default();
    if labels.is_empty() {
        return Err(missing("label"));
    }
    let name = |idx: usize| match raters.get(idx) {
        Some(Value::String(name)) => name.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => format!("rater {}", idx + 1),
    };
    Ok(LabelledRow {
        turns,
        question,
        completion: text(&["completion", "answer", "response"])
            .ok_or_else(|| missing("completion"))?,
        rubric: text(&["rubric", "criterion"]).ok_or_else(|| missing("rubric"))?,
        labels: labels.into_iter().enumerate().map(|(idx, met)| (name(idx), met)).collect(),
        category: text(&["category", "theme"]).unwrap_or_default(),
    })
}

/// A list, be it in text; anything else is a list of one.
fn listed(value: &Value) -> Vec<Value> {
    match unfolded(value) {
        Value::Array(values) => values,
        other => vec![other],
    }
}

/// What a text that holds a list says; other values as they are.
fn unfolded(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with('[') => {
            literal::read(text).unwrap_or_else(|_| value.clone())
        }
        other => other.clone(),
    }
}

fn verdict(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(met) => Some(*met),
        Value::Number(number) => match number.as_f64()? {
            1.0 => Some(true),
            0.0 => Some(false),
            _ => None,
        },
        Value::String(word) => match word.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "met" => Some(true),
            "false" | "no" | "0" | "not met" => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn conversation(value: &Value) -> Result<(Vec<Turn>, String), String> {
    let mut turns = vec![];
    match unfolded(value) {
        Value::String(text) => return Ok((turns, text)),
        Value::Array(values) => {
            for turn in values {
                let speaker = match turn.get("role").and_then(Value::as_str) {
                    Some("system" | "developer") => Speaker::System,
                    Some("user") => Speaker::User,
                    Some("assistant") => Speaker::Assistant,
                    _ => return Err("a turn of its prompt has no known role".to_owned()),
                };
                let text = turn.get("content").and_then(Value::as_str);
                let text = text.ok_or("a turn of its prompt has no content")?.to_owned();
                turns.push(Turn { speaker, text });
            }
        }
        _ => return Err("its prompt is no conversation".to_owned()),
    }
    match turns.pop() {
        Some(Turn { speaker: Speaker::User, text }) => Ok((turns, text)),
        _ => Err("its prompt does not end with a turn of the user".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"prompt": [{"role": "user", "content": "Is it?"}], "completion": "Yes.", "rubric": "Says so", "binary_labels": [true, false], "anonymized_physician_ids": ["p1", "p2"], "category": "hedging"}"#;

    #[test]
    fn lines_that_were_drawn_are_read_as_from_the_whole_file() {
        let row = |n: usize| {
            format!(
                "{{\"prompt\": \"Q{n}\", \"completion\": \"A\", \"rubric\": \"R\", \"binary_labels\": [true], \
                 \"anonymized_physician_ids\": [\"p\"]}}"
            )
        };
        let text = (0..30).map(row).collect::<Vec<_>>().join("\n");
        assert!(is_by_line(&text) && !is_by_line("prompt,label\n"));
        let drawn: Vec<(usize, String)> =
            sample(30, 7, 3).into_iter().map(|idx| (idx + 1, row(idx))).collect();
        assert_eq!(read_lines(&drawn, 30), read(&text, Some((7, 3))));
        let spoiled = [(4, "{".to_owned()), (5, row(5))];
        assert_eq!(read_lines(&spoiled, 30).unwrap().refused[0].0, 4);
    }

    #[test]
    fn the_meta_evaluation_is_read_with_lists_in_either_form() {
        let python = LINE
            .replace(
                r#"[{"role": "user", "content": "Is it?"}]"#,
                r#""[{'role': 'user', 'content': 'Is it?'}]""#,
            )
            .replace("[true, false]", r#""[True, False]""#)
            .replace(r#"["p1", "p2"]"#, r#""['p1', 'p2']""#);
        for line in [LINE, python.as_str()] {
            let rows = read(line, None).unwrap().rows;
            let labels = [("p1".to_owned(), true), ("p2".to_owned(), false)];
            assert_eq!(
                (rows[0].question.as_str(), rows[0].labels.as_slice()),
                ("Is it?", &labels[..]),
                "{line}"
            );
        }
    }

    #[test]
    fn a_table_has_a_row_for_each_rater() {
        let table = "question,answer,criterion,label,rater\nIs it?,Yes.,Says so,yes,Ada\nIs it?,Yes.,Says so,0,Bob\nIs it?,Yes.,Is kind,maybe,Bob\n";
        let labelled = read(table, None).unwrap();
        assert_eq!((labelled.rows.len(), labelled.n_available), (1, 3));
        assert_eq!(labelled.rows[0].labels, [("Ada".to_owned(), true), ("Bob".to_owned(), false)]);
        assert_eq!(labelled.refused, [(4, "a label is neither yes nor no".to_owned())]);
    }

    #[test]
    fn what_several_people_say_of_a_criterion_is_drawn_together() {
        let row = |n: usize, rater: &str| format!("Is it?,Yes.,Says {n},yes,{rater}");
        let rows = (0..40).flat_map(|n| ["Ada", "Bob"].map(|rater| row(n, rater)));
        let head = "question,answer,criterion,label,rater".to_owned();
        let table = std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n");
        let labelled = read(&table, Some((10, 4))).unwrap();
        assert_eq!((labelled.rows.len(), labelled.n_available), (10, 40));
        assert!(labelled.rows.iter().all(|row| row.labels.len() == 2));
        let all = read(&table, Some((100, 4))).unwrap();
        assert_eq!((all.rows.len(), all.n_available), (40, 40));
    }

    #[test]
    fn a_sample_is_drawn_and_what_is_no_verdict_is_told() {
        let lines: Vec<String> =
            (0..50).map(|n| LINE.replace("Says so", &format!("Says {n}"))).collect();
        let labelled = read(&lines.join("\n"), Some((10, 4))).unwrap();
        assert_eq!((labelled.rows.len(), labelled.n_available), (10, 50));
        let again = read(&format!("[{}]", lines.join(",")), Some((10, 4))).unwrap();
        assert_eq!(again.rows, labelled.rows);
        assert!(matches!(read("{\"prompt\": 5}", None), Err(LabelsError::Empty(_))));
        assert!(matches!(read("[1, 2", None), Err(LabelsError::Unreadable(_))));
        assert!(read("", None).is_err());
    }
}
