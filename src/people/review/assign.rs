//! Owns who rates what, and in which order: balanced, in incomplete blocks, from a seed.

use serde::{Deserialize, Serialize};

use crate::stats::random::SplitMix64;

/// What a reviewer sees at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One answer, which is rated.
    #[default]
    Single,
    /// Two answers to one question, of which the better is chosen.
    Pairs,
}

/// An answer, as the assignment knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Index of its question.
    pub question: usize,
    /// Index of its model.
    pub model: usize,
}

/// One thing to do for a reviewer: the answers shown, by index; of two the first stands on the left.
pub type Task = Vec<usize>;

/// Why there is no assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// Nobody to rate.
    #[error("name at least one reviewer")]
    NoReviewer,
    /// Nothing to rate.
    #[error(
        "there is nothing to rate: choose answers; pairs need two models that answered the same question"
    )]
    NothingToRate,
    /// More raters for each answer than there are.
    #[error("each answer cannot be rated by {n_per_answer} of {n_reviewers} reviewers")]
    TooFewReviewers {
        /// As asked.
        n_per_answer: usize,
        /// There are.
        n_reviewers: usize,
    },
}

/// The tasks of each reviewer, in their order.
///
/// Every answer (in pairs every pair of answers to one question) goes to `n_per_answer` reviewers: each time to those with
/// the least to do, among them to those who have least of this model, then least of this question, then by lot. So what
/// reviewers have to do differs by one at most. Orders are random; as far as possible no reviewer sees two answers to the same
/// question one after the other. In pairs each model stands left and right as often, to one.
pub fn assign(
    answers: &[Placed],
    n_reviewers: usize,
    n_per_answer: usize,
    mode: Mode,
    seed: u64,
) -> Result<Vec<Vec<Task>>, AssignError> {
    if n_reviewers == 0 {
        return Err(AssignError::NoReviewer);
    }
    if n_per_answer == 0 || n_reviewers < n_per_answer {
        return Err(AssignError::TooFewReviewers { n_per_answer, n_reviewers });
    }
    let mut random = SplitMix64::new(seed);
    let mut units = units(answers, mode);
    if units.is_empty() {
        return Err(AssignError::NothingToRate);
    }
    shuffle(&mut units, &mut random);
    let n_models = answers.iter().map(|answer| answer.model + 1).max().unwrap_or(0);
    let n_questions = answers.iter().map(|answer| answer.question + 1).max().unwrap_or(0);
    let mut loads = vec![Load::new(n_models, n_questions); n_reviewers];
    let mut sides = vec![0_i64; n_models];
    let mut tasks: Vec<Vec<Task>> = vec![vec![]; n_reviewers];
    for unit in units {
        let question = answers[unit[0]].question;
        let lots: Vec<u64> = (0..n_reviewers).map(|_| random.next_u64()).collect();
        let mut order: Vec<usize> = (0..n_reviewers).collect();
        order.sort_by_key(|reviewer| {
            let load = &loads[*reviewer];
            let of_models: usize = unit.iter().map(|idx| load.of_model[answers[*idx].model]).sum();
            (load.n, of_models, load.of_question[question], lots[*reviewer])
        });
        for reviewer in order.into_iter().take(n_per_answer) {
            let load = &mut loads[reviewer];
            load.n += 1;
            load.of_question[question] += 1;
            for idx in &unit {
                load.of_model[answers[*idx].model] += 1;
            }
            let task = sided(&unit, answers, &mut sides, &mut random);
            tasks[reviewer].push(task);
        }
    }
    for tasks in &mut tasks {
        let question_of = |task: &Task| answers[task[0]].question;
        *tasks = spread(std::mem::take(tasks), question_of, &mut random);
    }
    Ok(tasks)
}

/// What a reviewer has to do.
#[derive(Clone)]
struct Load {
    n: usize,
    of_model: Vec<usize>,
    of_question: Vec<usize>,
}

impl Load {
    fn new(n_models: usize, n_questions: usize) -> Self {
        Self { n: 0, of_model: vec![0; n_models], of_question: vec![0; n_questions] }
    }
}

/// Answers, or pairs of answers to one question by different models.
fn units(answers: &[Placed], mode: Mode) -> Vec<Task> {
    match mode {
        Mode::Single => (0..answers.len()).map(|idx| vec![idx]).collect(),
        Mode::Pairs => {
            let pairs = (0..answers.len())
                .flat_map(|one| (one + 1..answers.len()).map(move |other| [one, other]));
            let is_pair = |pair: &[usize; 2]| {
                let [one, other] = pair.map(|idx| answers[idx]);
                one.question == other.question && one.model != other.model
            };
            pairs.filter(is_pair).map(|pair| pair.to_vec()).collect()
        }
    }
}

/// Puts to the left whichever model stood there more rarely; `sides` counts left less right.
fn sided(unit: &[usize], answers: &[Placed], sides: &mut [i64], random: &mut SplitMix64) -> Task {
    let [one, other] = *unit else { return unit.to_vec() };
    let [model, other_model] = [one, other].map(|idx| answers[idx].model);
    let is_swapped = match sides[model].cmp(&sides[other_model]) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => random.below(2) == 0,
    };
    let [left, right] = if is_swapped { [other, one] } else { [one, other] };
    sides[answers[left].model] += 1;
    sides[answers[right].model] -= 1;
    vec![left, right]
}

/// Fisher and Yates.
pub(super) fn shuffle<T>(list: &mut [T], random: &mut SplitMix64) {
    for last in (1..list.len()).rev() {
        let other = usize::try_from(random.below(last as u64 + 1)).unwrap_or(0);
        list.swap(last, other);
    }
}

/// A random order in which neighbours have different questions, where there is one: at each place any task of another
/// question, but one of the commonest question as soon as it would not fit otherwise.
fn spread(
    mut tasks: Vec<Task>,
    question_of: impl Fn(&Task) -> usize,
    random: &mut SplitMix64,
) -> Vec<Task> {
    shuffle(&mut tasks, random);
    let mut ordered: Vec<Task> = vec![];
    while !tasks.is_empty() {
        let count =
            |question: usize| tasks.iter().filter(|task| question_of(task) == question).count();
        let last = ordered.last().map(&question_of);
        let pressing = tasks.iter().position(|task| {
            let question = question_of(task);
            tasks.len() < 2 * count(question) && Some(question) != last
        });
        let free = || tasks.iter().position(|task| Some(question_of(task)) != last);
        let next = pressing.or_else(free).unwrap_or(0);
        ordered.push(tasks.remove(next));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answers(n_questions: usize, n_models: usize) -> Vec<Placed> {
        (0..n_questions)
            .flat_map(|question| (0..n_models).map(move |model| Placed { question, model }))
            .collect()
    }

    #[test]
    fn sides_and_models_are_balanced_in_pairs() {
        let answers = answers(6, 4);
        let tasks = assign(&answers, 4, 2, Mode::Pairs, 3).unwrap();
        let mut sides = [0_i64; 4];
        for task in tasks.iter().flatten() {
            let [left, right] = task[..] else { panic!("{task:?}") };
            assert_eq!(answers[left].question, answers[right].question);
            sides[answers[left].model] += 1;
            sides[answers[right].model] -= 1;
        }
        assert!(sides.iter().all(|side| side.abs() <= 2), "{sides:?}");
        assert_eq!(tasks.iter().map(Vec::len).sum::<usize>(), 6 * 6 * 2);
    }

    #[test]
    fn what_cannot_be_assigned_says_why() {
        let answers = answers(2, 1);
        assert_eq!(assign(&answers, 0, 1, Mode::Single, 1), Err(AssignError::NoReviewer));
        let few = AssignError::TooFewReviewers { n_per_answer: 3, n_reviewers: 2 };
        assert_eq!(assign(&answers, 2, 3, Mode::Single, 1), Err(few));
        assert_eq!(assign(&answers, 2, 1, Mode::Pairs, 1), Err(AssignError::NothingToRate));
        assert_eq!(assign(&[], 2, 1, Mode::Single, 1), Err(AssignError::NothingToRate));
    }

    proptest! {
        #[test]
        fn each_answer_has_its_raters_loads_are_even_and_neighbours_differ(
            n_questions in 3_usize..9,
            n_models in 1_usize..6,
            n_reviewers in 1_usize..8,
            share in 0_usize..8,
            seed: u64,
        ) {
            let n_per_answer = 1 + share % n_reviewers;
            let answers = answers(n_questions, n_models);
            let tasks = assign(&answers, n_reviewers, n_per_answer, Mode::Single, seed).unwrap();
            prop_assert_eq!(&tasks, &assign(&answers, n_reviewers, n_per_answer, Mode::Single, seed).unwrap());
            for idx in 0..answers.len() {
                let n = tasks.iter().filter(|tasks| tasks.contains(&vec![idx])).count();
                prop_assert_eq!(n, n_per_answer);
            }
            let loads: Vec<usize> = tasks.iter().map(Vec::len).collect();
            prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1);
            for tasks in &tasks {
                let questions: Vec<usize> = tasks.iter().map(|task| answers[task[0]].question).collect();
                let most = (0..n_questions)
                    .map(|of| questions.iter().filter(|question| **question == of).count())
                    .max()
                    .unwrap();
                if 2 * most <= tasks.len() + 1 {
                    prop_assert!(questions.windows(2).all(|two| two[0] != two[1]), "{:?}", questions);
                }
            }
        }
    }
}
