//! Owns synthetic benchmark files: any number of items with known answers, in the shapes of real files.

use serde_json::{Value, json};
use viva::stats::random::SplitMix64;

/// A question whose right answer a test knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Unique in its set.
    pub id: String,
    /// What is asked, without the options. Unique in its set.
    pub text: String,
    /// Two to ten texts, without their letters.
    pub options: Vec<String>,
    /// Index of the right one.
    pub answer: usize,
    /// A subject to group by.
    pub category: String,
}

impl Question {
    /// The letter of the right option as the file has it.
    pub fn letter(&self) -> char {
        letter(self.answer)
    }
}

/// A for 0, B for 1.
pub fn letter(option_idx: usize) -> char {
    char::from(b'A' + u8::try_from(option_idx % 26).unwrap_or_default())
}

const SUBJECTS: [&str; 6] = [
    "Cardiology",
    "Nephrology",
    "Neurology",
    "Pharmacology",
    "Infectious diseases",
    "Endocrinology",
];
const COMPLAINTS: [&str; 8] = [
    "chest tightness on climbing stairs",
    "swollen ankles in the evening",
    "a headache that wakes from sleep",
    "numb fingertips",
    "a fever that returns every third day",
    "great thirst",
    "a cough that will not end",
    "sudden weakness of one arm",
];
const MEASURES: [&str; 10] = [
    "Measure the ferritin",
    "Begin oral rehydration",
    "Order an echocardiogram",
    "Stop the newest drug",
    "Refer for physiotherapy",
    "Give a single dose of steroid",
    "Repeat the examination in a week",
    "Take two blood cultures",
    "Halve the dose of the diuretic",
    "Ask for a chest radiograph",
];

/// `n` made-up questions with `n_options` options each (two to ten). The same numbers give the same questions.
pub fn synthetic(n: usize, n_options: usize, seed: u64) -> Vec<Question> {
    let mut random = SplitMix64::new(seed);
    let mut draw = |n: usize| usize::try_from(random.below(n as u64)).unwrap_or_default();
    (0..n)
        .map(|number| {
            let mut measures: Vec<&str> = MEASURES.to_vec();
            let options = (0..n_options.clamp(2, 10))
                .map(|_| {
                    let measure = measures.remove(draw(measures.len()));
                    format!("{measure} under protocol {}", 100 + draw(900))
                })
                .collect::<Vec<_>>();
            Question {
                id: format!("s{seed}-{number:05}"),
                text: format!(
                    "Case {number} of series {seed}: a person aged {} comes with {} for {} days. \
                     What does the training manual name as the next step?",
                    20 + draw(60),
                    COMPLAINTS[draw(COMPLAINTS.len())],
                    2 + draw(30),
                ),
                answer: draw(options.len()),
                options,
                category: SUBJECTS[number % SUBJECTS.len()].to_owned(),
            }
        })
        .collect()
}

/// A CSV file with the columns of `medqa-4-options-test.csv`.
pub fn to_csv(questions: &[Question]) -> String {
    let mut file = String::from(
        ",question,answer_words,options,meta_info,correct_answer,sample_id,question_type\n",
    );
    for (row, question) in questions.iter().enumerate() {
        let options: Vec<String> = (0..)
            .map(letter)
            .zip(&question.options)
            .map(|(letter, option)| format!("'{letter}': '{option}'"))
            .collect();
        let cells = [
            row.to_string(),
            question.text.clone(),
            question.options[question.answer].clone(),
            format!("{{{}}}", options.join(", ")),
            question.category.clone(),
            question.letter().to_string(),
            question.id.clone(),
            "mcq".to_owned(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        file.push_str(&cells.join(","));
        file.push('\n');
    }
    file
}

/// A JSON Lines file with the fields of `medxpertqa-sampled-text.jsonl`.
pub fn to_jsonl(questions: &[Question]) -> String {
    let lines = questions.iter().map(|question| {
        let options: Vec<Value> = (0..)
            .map(letter)
            .zip(&question.options)
            .map(|(letter, content)| json!({"letter": letter.to_string(), "content": content}))
            .collect();
        let line = json!({
            "id": question.id,
            "question": question.text,
            "options": options,
            "label": [question.letter().to_string()],
            "body_system": question.category,
        });
        format!("{line}\n")
    });
    lines.collect()
}

fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_question_is_unique_and_its_options_differ() {
        let questions = synthetic(500, 10, 3);
        let texts: BTreeSet<&str> =
            questions.iter().map(|question| question.text.as_str()).collect();
        assert_eq!(texts.len(), 500);
        for question in &questions {
            let options: BTreeSet<&String> = question.options.iter().collect();
            assert_eq!(options.len(), 10);
            assert!(question.answer < 10);
        }
        assert_eq!(questions, synthetic(500, 10, 3));
    }

    #[test]
    fn files_hold_one_record_per_question() {
        let questions = synthetic(20, 4, 1);
        assert_eq!(to_jsonl(&questions).lines().count(), 20);
        assert_eq!(to_csv(&questions).lines().count(), 21);
    }
}
