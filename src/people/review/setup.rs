//! Owns the making of a review: from answers, scale and reviewers to the key that everything else follows from.

use std::collections::BTreeSet;

use super::answers::OpenAnswer;
use super::assign::{AssignError, Mode, Placed, assign, shuffle};
use super::file::{
    KEY_SCHEMA, KeyAnswer, KeyFile, KeyQuestion, KeyRefusal, KeyReviewer, hash, hex,
};
use super::scale::{Scale, ScaleError};
use super::strip::{Strip, strip};
use crate::stats::random::SplitMix64;

/// What an organiser wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// For people; reviewers see it.
    pub title: String,
    /// To be rated.
    pub answers: Vec<OpenAnswer>,
    /// Further names that answers may give away.
    pub model_ids: Vec<String>,
    /// What is asked.
    pub scale: Scale,
    /// Names of the reviewers, as they stand in their files.
    pub reviewers: Vec<String>,
    /// Reviewers for each answer or pair.
    pub n_per_answer: usize,
    /// One answer at a time, or two.
    pub mode: Mode,
    /// At most so many questions, drawn by the seed; `None` for all.
    pub n_questions: Option<usize>,
    /// Everything that is drawn follows from it.
    pub seed: u64,
    /// What is taken out of the answers.
    pub strip: Strip,
    /// Now, in milliseconds since 1970.
    pub at_millis: u64,
}

/// Why there is no review.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// By the assignment.
    #[error("{0}")]
    Assign(#[from] AssignError),
    /// By the scale.
    #[error("{0}")]
    Scale(#[from] ScaleError),
    /// A name stands twice, or is empty.
    #[error("each reviewer needs a name of their own; “{0}” stands there twice")]
    SameName(String),
}

/// The letters of codes: none that is taken for another.
const LETTERS: &[u8; 31] = b"ABCDEFGHJKLMNPQRSTUVWXYZ2345678";
const CODE_LETTERS: usize = 6;

/// Makes the key of a review.
pub fn prepare(setup: &Setup) -> Result<KeyFile, SetupError> {
    setup.scale.check()?;
    let names: Vec<String> = setup.reviewers.iter().map(|name| name.trim().to_owned()).collect();
    let mut seen = BTreeSet::new();
    if let Some(twice) = names.iter().find(|name| name.is_empty() || !seen.insert(*name)) {
        return Err(SetupError::SameName(twice.clone()));
    }
    let mut random = SplitMix64::new(setup.seed);
    let chosen = chosen_questions(setup, &mut random);
    let answers: Vec<&OpenAnswer> =
        setup.answers.iter().filter(|answer| chosen.contains(&answer.question_id)).collect();
    let mut models: Vec<String> = vec![];
    for answer in &answers {
        if !models.contains(&answer.model) {
            models.push(answer.model.clone());
        }
    }
    let mut known: Vec<String> = models.clone();
    known.extend(setup.model_ids.iter().cloned());
    let mut codes = BTreeSet::new();
    let mut code = |random: &mut SplitMix64| loop {
        let drawn: String = (0..CODE_LETTERS)
            .filter_map(|_| usize::try_from(random.below(LETTERS.len() as u64)).ok())
            .map(|idx| char::from(LETTERS[idx]))
            .collect();
        if codes.insert(drawn.clone()) {
            return drawn;
        }
    };
    let question_of = |id: &str| chosen.iter().position(|other| other == id).unwrap_or(0);
    let model_of = |name: &str| models.iter().position(|other| other == name).unwrap_or(0);
    let questions: Vec<KeyQuestion> = chosen
        .iter()
        .map(|id| {
            let text = answers.iter().find(|answer| answer.question_id == *id);
            let text = text.map(|answer| answer.question.clone()).unwrap_or_default();
            KeyQuestion { code: code(&mut random), id: id.clone(), text }
        })
        .collect();
    let (mut rated, mut refusals) = (vec![], vec![]);
    for answer in &answers {
        let (question, model) = (question_of(&answer.question_id), model_of(&answer.model));
        if answer.is_refusal {
            refusals.push(KeyRefusal { question, model });
            continue;
        }
        let (text, removed) = strip(&answer.text, setup.strip, &known);
        rated.push(KeyAnswer { code: code(&mut random), question, model, text, removed });
    }
    let placed: Vec<Placed> = rated
        .iter()
        .map(|answer| Placed { question: answer.question, model: answer.model })
        .collect();
    let tasks = assign(&placed, names.len(), setup.n_per_answer, setup.mode, random.next_u64())?;
    let reviewers = names
        .into_iter()
        .zip(tasks)
        .map(|(name, tasks)| KeyReviewer { name, sha256: String::new(), tasks })
        .collect();
    let mut key = KeyFile {
        schema: KEY_SCHEMA.to_owned(),
        review: String::new(),
        title: setup.title.trim().to_owned(),
        created_millis: setup.at_millis,
        seed: setup.seed,
        n_per_answer: setup.n_per_answer,
        mode: setup.mode,
        scale: setup.scale.clone(),
        strip: setup.strip,
        models,
        questions,
        answers: rated,
        refusals,
        reviewers,
        unblinded: vec![],
    };
    let whole = serde_json::to_vec(&key).unwrap_or_default();
    key.review = hex(&whole).chars().take(16).collect();
    for idx in 0..key.reviewers.len() {
        if let Some(file) = key.file_for(idx) {
            key.reviewers[idx].sha256 = hash(&file);
        }
    }
    Ok(key)
}

/// Ids of the questions that are taken, in the order of the answers.
fn chosen_questions(setup: &Setup, random: &mut SplitMix64) -> Vec<String> {
    let mut ids: Vec<String> = vec![];
    for answer in &setup.answers {
        if !ids.contains(&answer.question_id) {
            ids.push(answer.question_id.clone());
        }
    }
    let Some(n) = setup.n_questions.filter(|n| *n < ids.len()) else { return ids };
    let mut drawn: Vec<usize> = (0..ids.len()).collect();
    shuffle(&mut drawn, random);
    drawn.truncate(n);
    drawn.sort_unstable();
    drawn.into_iter().map(|idx| ids[idx].clone()).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::people::review::file::{ReviewFile, to_text};

    /// A review of five questions and four models by six reviewers, three for each answer.
    pub(in super::super) fn setup() -> Setup {
        let models = ["GPT-5.2", "Claude Opus 4.6", "Gemini 3.1 Pro", "OpenEvidence"];
        let answers = (0..20).map(|idx| OpenAnswer {
            question_id: format!("q{}", idx / 4 + 1),
            question: format!("What helps in case {}?", idx / 4 + 1),
            model: models[idx % 4].to_owned(),
            text: format!("**Rest** helps, says {} in case {}.", models[idx % 4], idx / 4 + 1),
            is_refusal: false,
        });
        Setup {
            title: "Open answers".to_owned(),
            answers: answers.collect(),
            model_ids: vec![],
            scale: Scale::study(),
            reviewers: (1..=6).map(|n| format!("Reviewer {n}")).collect(),
            n_per_answer: 3,
            mode: Mode::Single,
            n_questions: None,
            seed: 20_261_125,
            strip: Strip::default(),
            at_millis: 1_795_600_000_000,
        }
    }

    #[test]
    fn a_reviewers_file_tells_nothing_of_models_and_comes_back_whole() {
        let key = prepare(&setup()).unwrap();
        for (idx, reviewer) in key.reviewers.iter().enumerate() {
            let file = key.file_for(idx).unwrap();
            let text = to_text(&file);
            for word in ["gpt", "claude", "gemini", "evidence", "model", "seed", "**"] {
                assert!(!text.to_lowercase().contains(word), "{word}: {text}");
            }
            assert_eq!(file.tasks.len(), 10);
            assert!(file.answers.iter().all(|answer| answer.code.len() == CODE_LETTERS));
            assert!(file.answers.is_sorted_by(|a, b| a.code < b.code));
            let again = ReviewFile::open(&text.replace('\n', "\r\n")).unwrap();
            assert_eq!(again, file);
            assert_eq!(hash(&again), reviewer.sha256);
        }
        assert_eq!(KeyFile::open(&to_text(&key)), Ok(key));
    }

    #[test]
    fn the_same_seed_gives_the_same_review_and_another_seed_other_codes() {
        let key = prepare(&setup()).unwrap();
        assert_eq!(prepare(&setup()), Ok(key.clone()));
        let other = prepare(&Setup { seed: 1, ..setup() }).unwrap();
        assert!(key.answers.iter().zip(&other.answers).all(|(a, b)| a.code != b.code));
    }

    #[test]
    fn refusals_are_kept_apart_and_questions_can_be_drawn() {
        let mut wanted = Setup { n_questions: Some(2), ..setup() };
        wanted.answers[3].is_refusal = true;
        let key = prepare(&wanted).unwrap();
        assert_eq!(key.questions.len(), 2);
        assert_eq!(key.answers.len() + key.refusals.len(), 8);
        wanted.reviewers[1] = "Reviewer 1 ".into();
        assert_eq!(prepare(&wanted), Err(SetupError::SameName("Reviewer 1".into())));
    }

    #[test]
    fn files_that_do_not_fit_are_refused() {
        let key = prepare(&setup()).unwrap();
        let mut file = key.file_for(0).unwrap();
        assert!(
            KeyFile::open(&to_text(&file))
                .unwrap_err()
                .to_string()
                .contains("a review file for a reviewer")
        );
        assert!(ReviewFile::open("{").is_err());
        file.tasks[0] = vec!["NOBODY".into()];
        assert!(ReviewFile::open(&to_text(&file)).is_err());
        let mut broken = key;
        broken.answers[0].model = 99;
        assert!(KeyFile::open(&to_text(&broken)).is_err());
    }
}
