//! Owns the shape of `DDXPlus`: patients made up from a knowledge base, whose findings are codes that a second file explains.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use super::unquoted;
use crate::dataset::options::text_of;
use crate::dataset::row::Row;
use crate::dataset::spans::kind_of;
use crate::dataset::{Choice, Invalid, Item, Kind, convert};

/// Between the code of a finding and its value.
const VALUE_MARK: &str = "_@_";
/// So many of the likeliest diagnoses are offered.
const N_OPTIONS: usize = 10;

/// What the codes mean: the file `release_evidences.json` of the set.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::dataset) struct Evidences(BTreeMap<String, Evidence>);

#[derive(Debug, Clone, Deserialize)]
struct Evidence {
    question_en: String,
    #[serde(default)]
    is_antecedent: bool,
    #[serde(default)]
    value_meaning: BTreeMap<String, Meaning>,
}

#[derive(Debug, Clone, Deserialize)]
struct Meaning {
    en: String,
}

impl Evidences {
    /// Reads the file; the reason when it is something else.
    pub(in crate::dataset) fn read(text: &str) -> Result<Self, String> {
        let read: Result<Self, _> = serde_json::from_str(text);
        match read {
            Ok(evidences) if evidences.0.is_empty() => Err("it explains no code".to_owned()),
            Ok(evidences) => Ok(evidences),
            Err(error) => Err(format!("it is not the file that explains the codes: {error}")),
        }
    }

    /// The question behind a code and what is to be read as its answer.
    fn explained(&self, code: &str) -> Option<(&Evidence, String)> {
        let (name, value) = match code.split_once(VALUE_MARK) {
            Some((name, value)) => (name, Some(value)),
            None => (code, None),
        };
        let evidence = self.0.get(name)?;
        let answer = match value {
            None => "yes".to_owned(),
            Some(value) => match evidence.value_meaning.get(value) {
                Some(meaning) => meaning.en.clone(),
                // Numbers, such as the strength of a pain from 0 to 10, stand for themselves.
                None if value.parse::<f64>().is_ok() => value.to_owned(),
                None => return None,
            },
        };
        Some((evidence, answer))
    }
}

/// Reads a row as a choice among the likeliest diagnoses that the set gives for the patient, in the order of the alphabet,
/// so that the order tells nothing of their rank.
pub(super) fn read(
    row: &mut Row,
    id: String,
    evidences: Option<&Evidences>,
) -> Result<Item, Invalid> {
    let Some(evidences) = evidences else {
        let reason = "are codes: load the set from the catalogue, which brings release_evidences.json with their meaning";
        return Err(Invalid::new("EVIDENCES", reason));
    };
    let pathology =
        row.take_text(&["pathology"]).ok_or_else(|| Invalid::new("PATHOLOGY", "is empty"))?;
    let question = case_of(row, evidences)?;
    let options = options_of(row, &pathology)?;
    let answer = options.iter().position(|option| *option == pathology).unwrap_or_default();
    // Without a category: a template may show it to the model, and it would be the diagnosis.
    let item = Item::bare(id, question, Kind::Choice(Choice { options, answer }));
    convert::check(&item)?;
    Ok(item)
}

fn case_of(row: &mut Row, evidences: &Evidences) -> Result<String, Invalid> {
    let age = row.take_text(&["age"]).ok_or_else(|| Invalid::new("AGE", "is empty"))?;
    let sex = match row.take_text(&["sex"]).as_deref() {
        Some("F") => "female",
        Some("M") => "male",
        _ => return Err(Invalid::new("SEX", "is neither F nor M")),
    };
    let explain = |code: &str| {
        evidences.explained(code).ok_or_else(|| {
            Invalid::new("EVIDENCES", format!("{code} is not explained in release_evidences.json"))
        })
    };
    let mut text = format!("A patient, {age} years old, {sex}, answered a doctor's questions.\n");
    if let Some(code) = row.take_text(&["initial_evidence"]) {
        let (evidence, answer) = explain(&code)?;
        let _ = write!(text, "\nFirst complaint: {} {answer}\n", evidence.question_en.trim());
    }
    // The answers to one question together, questions in the order of their first answer.
    let mut found: Vec<(&Evidence, Vec<String>)> = Vec::new();
    for code in codes_of(row)? {
        let (evidence, answer) = explain(&code)?;
        match found.iter_mut().find(|(known, _)| std::ptr::eq(*known, evidence)) {
            Some((_, answers)) => answers.push(answer),
            None => found.push((evidence, vec![answer])),
        }
    }
    for (heading, is_antecedent) in [("Symptoms", false), ("History", true)] {
        let part: Vec<_> =
            found.iter().filter(|(evidence, _)| evidence.is_antecedent == is_antecedent).collect();
        if !part.is_empty() {
            let _ = write!(text, "\n{heading}:\n");
        }
        for (evidence, answers) in part {
            let _ = writeln!(text, "- {} {}", evidence.question_en.trim(), answers.join("; "));
        }
    }
    text.push_str("\nWhich of these diagnoses is the most likely?");
    Ok(text)
}

fn codes_of(row: &mut Row) -> Result<Vec<String>, Invalid> {
    let (name, value) =
        row.take(&["evidences"]).ok_or_else(|| Invalid::new("EVIDENCES", "is empty"))?;
    match unquoted(&name, value)? {
        Value::Array(values) => Ok(values.iter().filter_map(text_of).collect()),
        other => Err(Invalid::new(&name, format!("is {}, not a list", kind_of(&other)))),
    }
}

fn options_of(row: &mut Row, pathology: &str) -> Result<Vec<String>, Invalid> {
    let (name, value) = row
        .take(&["differential_diagnosis"])
        .ok_or_else(|| Invalid::new("DIFFERENTIAL_DIAGNOSIS", "is empty"))?;
    let Value::Array(ranked) = unquoted(&name, value)? else {
        return Err(Invalid::new(&name, "is not a list of diagnoses"));
    };
    let names = ranked.iter().filter_map(|pair| match pair {
        Value::Array(pair) => pair.first().and_then(text_of),
        other => text_of(other),
    });
    let others = names.filter(|name| name != pathology && !name.trim().is_empty());
    let mut options: BTreeSet<String> = others.take(N_OPTIONS - 1).collect();
    options.insert(pathology.to_owned());
    if options.len() < 2 {
        return Err(Invalid::new(&name, "names one diagnosis only: there is nothing to choose"));
    }
    Ok(options.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use serde_json::json;

    fn evidences() -> Evidences {
        Evidences::read(
            &json!({
                "E_91": {"question_en": "Do you have a fever?", "is_antecedent": false, "value_meaning": {}},
                "E_55": {"question_en": "Where is the pain?", "value_meaning": {"V_29": {"fr": "x", "en": "lower chest"}, "V_32": {"en": "mouth"}}},
                "E_56": {"question_en": "How strong is it?", "value_meaning": {}},
                "E_79": {"question_en": "Do you smoke?", "is_antecedent": true},
            })
            .to_string(),
        )
        .unwrap()
    }

    fn row(codes: &str, differential: &str) -> Row<'static> {
        let value = json!({"AGE": 18, "SEX": "F", "PATHOLOGY": "GERD", "EVIDENCES": codes, "INITIAL_EVIDENCE": "E_91", "DIFFERENTIAL_DIAGNOSIS": differential});
        let Value::Object(map) = value else { panic!() };
        Row::new(map.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect())
    }

    #[test]
    fn codes_become_sentences_and_the_order_of_options_tells_nothing() {
        let codes = "['E_91', 'E_55_@_V_29', 'E_79', 'E_55_@_V_32', 'E_56_@_4']";
        let mut row = row(codes, "[['URTI', 0.6], ['GERD', 0.3], ['Anemia', 0.1]]");
        let item = read(&mut row, "p".into(), Some(&evidences())).unwrap();
        assert_eq!(
            item.question,
            "A patient, 18 years old, female, answered a doctor's questions.\n\nFirst complaint: Do you have a fever? yes\n\n\
             Symptoms:\n- Do you have a fever? yes\n- Where is the pain? lower chest; mouth\n- How strong is it? 4\n\n\
             History:\n- Do you smoke? yes\n\nWhich of these diagnoses is the most likely?"
        );
        let choice = item.choice().unwrap();
        assert_eq!((choice.options.join(","), choice.answer), ("Anemia,GERD,URTI".into(), 1));
    }

    #[test]
    fn codes_are_never_shown() {
        let refused = |codes: &str, list: &str, evidences: Option<&Evidences>| {
            read(&mut row(codes, list), "p".into(), evidences).unwrap_err().reason
        };
        let both = "[['URTI', 0.6], ['GERD', 0.3]]";
        assert!(refused("['E_91']", both, None).contains("are codes"));
        assert!(refused("['E_1']", both, Some(&evidences())).contains("E_1 is not explained"));
        assert!(refused("['E_55_@_V_1']", both, Some(&evidences())).contains("not explained"));
        assert!(refused("['E_91']", "[['GERD', 1.0]]", Some(&evidences())).contains("one"));
        assert!(Evidences::read("{}").is_err() && Evidences::read("[1]").is_err());
    }
}
