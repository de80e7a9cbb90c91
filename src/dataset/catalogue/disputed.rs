//! Owns the disputed items of `MedQA`: what physicians found wrong with its questions, and the split without them.
//!
//! Source: Saab and others 2024 (arXiv 2404.18416), `medqa_relabelling.csv`, CC BY 4.0. At least three physicians judged each
//! question of the test split before and after they saw the answer. The rule is that of the authors' analysis, with two
//! of the votes needed and no resampling: information is missing; else the answer is among none that the physician
//! chose (after seeing it, if that changed the choice); else more than one answer was chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use csv::{ReaderBuilder, StringRecord};

use crate::dataset::{Item, Split, literal};

/// Votes that are needed.
const N_VOTES: usize = 2;

/// What is wrong with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dispute {
    MissingInformation,
    WrongAnswer,
    SeveralAnswers,
}

/// Votes on one question.
#[derive(Debug, Default)]
struct Votes {
    question: String,
    n_missing: usize,
    n_wrong: usize,
    n_several: usize,
}

impl Votes {
    fn verdict(&self) -> Option<Dispute> {
        let verdicts = [
            (self.n_missing, Dispute::MissingInformation),
            (self.n_wrong, Dispute::WrongAnswer),
            (self.n_several, Dispute::SeveralAnswers),
        ];
        verdicts.into_iter().find(|(n, _)| *n >= N_VOTES).map(|(_, dispute)| dispute)
    }
}

/// The split of the items that are not disputed, and what is to be told; the reason when the file is another.
pub(super) fn undisputed(csv: &[u8], items: &[Item]) -> Result<(Split, String), String> {
    let votes = votes_of(csv)?;
    let n_known = votes.len();
    let mut disputes: BTreeMap<String, Dispute> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for votes in votes.into_values() {
        let key = folded(&votes.question);
        if let Some(dispute) = votes.verdict() {
            disputes.insert(key.clone(), dispute);
        }
        known.insert(key);
    }
    let mut counts = [0_usize; 3];
    let mut n_unknown = 0_usize;
    let mut item_idxs = Vec::with_capacity(items.len());
    for (idx, item) in items.iter().enumerate() {
        let key = folded(&item.question);
        n_unknown += usize::from(!known.contains(&key));
        match disputes.get(&key) {
            Some(Dispute::MissingInformation) => counts[0] += 1,
            Some(Dispute::WrongAnswer) => counts[1] += 1,
            Some(Dispute::SeveralAnswers) => counts[2] += 1,
            None => item_idxs.push(idx),
        }
    }
    let n_disputed = items.len() - item_idxs.len();
    if n_disputed == 0 {
        return Err("none of its questions is among these items".to_owned());
    }
    let [missing, wrong, several] = counts;
    let mut notice = format!(
        "At least two of three physicians found fault with {n_disputed} of {} questions: {missing} lack information, in {wrong} \
         the answer is wrong, {several} have several right answers (Saab and others 2024, {n_known} questions judged). \
         A split sets them aside.",
        items.len()
    );
    if n_unknown > 0 {
        let _ = write!(notice, " {n_unknown} questions were not among those judged.");
    }
    let name = format!("without the {n_disputed} disputed questions ({})", item_idxs.len());
    Ok((Split { name, item_idxs }, notice))
}

fn votes_of(csv: &[u8]) -> Result<BTreeMap<String, Votes>, String> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(csv);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| cell == name)
            .ok_or_else(|| format!("it has no column {name}"))
    };
    let [qid, question, answer, info, blind, seen] =
        ["qid", "question", "answer_idx", "info_missing", "blind_answers", "seen_answers"]
            .map(column);
    let (qid, question, answer) = (qid?, question?, answer?);
    let (info, blind, seen) = (info?, blind?, seen?);
    let mut all: BTreeMap<String, Votes> = BTreeMap::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| error.to_string())? {
        let cell = |idx: usize| record.get(idx).unwrap_or_default().trim();
        if cell(qid).is_empty() {
            continue;
        }
        let votes = all.entry(cell(qid).to_owned()).or_default();
        if votes.question.is_empty() {
            cell(question).clone_into(&mut votes.question);
        }
        let chosen = answers_in(cell(seen)).or_else(|| answers_in(cell(blind)));
        let is_wrong = chosen
            .as_ref()
            .is_none_or(|chosen| !chosen.iter().any(|letter| letter == cell(answer)));
        votes.n_missing += usize::from(cell(info).eq_ignore_ascii_case("true"));
        votes.n_wrong += usize::from(is_wrong);
        votes.n_several += usize::from(chosen.is_some_and(|chosen| chosen.len() > 1));
    }
    if all.is_empty() { Err("it has no votes".to_owned()) } else { Ok(all) }
}

/// The letters in a cell such as `['B', 'A']`; `None` for an empty cell.
fn answers_in(cell: &str) -> Option<Vec<String>> {
    let value = literal::read(cell).ok()?;
    let letters = value.as_array()?;
    Some(letters.iter().filter_map(|letter| letter.as_str().map(str::to_owned)).collect())
}

/// Letters and digits only: copies of the set differ in quotation marks and white space.
fn folded(question: &str) -> String {
    question.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "\
,time,worker_id,qid,question,A,B,C,D,answer_idx,blind_answerable,blind_answers,info_missing,important_info_missing,seen_change,seen_answerable,seen_answers
0,1,1,1,A photograph is shown. Which gene?,a,b,c,d,C,TRUE,['C'],FALSE,FALSE,FALSE,,
1,1,2,1,A photograph is shown. Which gene?,a,b,c,d,C,TRUE,['C'],TRUE,TRUE,FALSE,,
2,1,3,1,A photograph is shown. Which gene?,a,b,c,d,C,TRUE,['A'],TRUE,TRUE,FALSE,,
3,1,1,2,Which enzyme?,a,b,c,d,B,TRUE,\"['B', 'A']\",FALSE,FALSE,TRUE,FALSE,
4,1,2,2,Which enzyme?,a,b,c,d,B,TRUE,['B'],FALSE,FALSE,FALSE,,
5,1,3,2,Which enzyme?,a,b,c,d,B,TRUE,['B'],FALSE,FALSE,FALSE,,
6,1,1,3,What is to be done?,a,b,c,d,C,FALSE,,FALSE,FALSE,FALSE,,
7,1,2,3,What is to be done?,a,b,c,d,C,TRUE,['B'],FALSE,FALSE,FALSE,,
8,1,3,3,What is to be done?,a,b,c,d,C,TRUE,['B'],FALSE,FALSE,TRUE,TRUE,['C']
9,1,1,4,Which test?,a,b,c,d,A,TRUE,['D'],FALSE,FALSE,TRUE,TRUE,['A']
10,1,2,4,Which test?,a,b,c,d,A,TRUE,\"['A', 'B']\",FALSE,FALSE,FALSE,,
11,1,3,4,Which test?,a,b,c,d,A,TRUE,\"['A', 'C']\",FALSE,FALSE,FALSE,,
";

    #[test]
    fn two_votes_dispute_a_question_by_the_first_fault_that_has_them() {
        let questions = [
            "Which  enzyme?",
            "A photograph is shown. Which gene?",
            "What is to be done?",
            "Which test?",
            "Another?",
        ];
        let items: Vec<Item> =
            questions.iter().map(|text| Item::single_choice(text, text, &["x", "y"], 0)).collect();
        let (split, notice) = undisputed(CSV.as_bytes(), &items).unwrap();
        assert_eq!(split.item_idxs, [0, 4]);
        assert_eq!(split.name, "without the 3 disputed questions (2)");
        assert!(
            notice.contains("1 lack information, in 1 the answer is wrong, 1 have several"),
            "{notice}"
        );
        assert!(notice.ends_with("1 questions were not among those judged."), "{notice}");
    }

    #[test]
    fn another_file_is_told() {
        assert!(undisputed(b"a,b\n1,2\n", &[]).unwrap_err().contains("no column"));
        assert!(undisputed(CSV.as_bytes(), &[]).unwrap_err().contains("none of its questions"));
        assert!(undisputed(b"\xff\xfe", &[]).is_err());
    }
}
