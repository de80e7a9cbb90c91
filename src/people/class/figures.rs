//! Owns what a class comes to: its mean with its uncertainty, each question, and where it beat the machine.

use crate::provider::Class;
use crate::report::{CONFIDENCE, Cell, Grid, State, Unanswered};
use crate::score::Outcome;
use crate::stats::cluster::clustered_mean;
use crate::stats::paired::mean_difference;
use crate::stats::proportion::wilson;
use crate::stats::{Interval, student};

/// A class beside the models, computed from the grid of its run.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassFigures {
    /// Students who handed in.
    pub n_students: usize,
    /// The class as a whole; `None` where nothing can be counted.
    pub mean: Option<ClassMean>,
    /// The models, in the order of the run.
    pub models: Vec<ModelFigures>,
    /// The questions, in the order of the run.
    pub questions: Vec<QuestionFigures>,
}

/// Share of right answers of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassMean {
    /// Right answers.
    pub n_right: usize,
    /// Answers that count.
    pub n: usize,
    /// `n_right / n`.
    pub value: f64,
    /// 95 % interval, clustered by student and by question (Cameron, Gelbach and Miller 2011, section 2.2): answers of one
    /// student resemble each other, and so do answers to one question. Student's t with one degree of freedom less
    /// than there are clusters of the rarer kind. `None` for fewer than two of either.
    pub interval: Option<Interval>,
}

/// A model beside the class.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFigures {
    /// Index into [`Grid::models`].
    pub model: usize,
    /// For people.
    pub name: String,
    /// Right answers.
    pub n_right: usize,
    /// Answers that count.
    pub n: usize,
    /// 95 % Wilson interval of its share right; `None` where nothing counts.
    pub interval: Option<Interval>,
    /// Class minus model: the mean over shared questions of the difference of shares right, −1 to 1, with Student's t
    /// interval over questions.
    pub class_ahead: Option<(f64, Option<Interval>)>,
    /// Indices of questions that at least half of the class had right and the model had not.
    pub beaten_on: Vec<usize>,
    /// Indices of questions that the model had right and less than half of the class had.
    pub ahead_on: Vec<usize>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionFigures {
    /// Students who had it right.
    pub n_right: usize,
    /// Students whose answer counts; one who left it out counts as not right.
    pub n: usize,
    /// 95 % Wilson interval of the share right; `None` where nothing counts.
    pub interval: Option<Interval>,
    /// For each option how many students chose it, where one option is chosen.
    pub chosen: Vec<usize>,
    /// Students who left it out.
    pub n_left_out: usize,
    /// Students who did not come that far.
    pub n_not_reached: usize,
    /// The wrong option that most students chose, with how many; the first of several.
    pub fooled_by: Option<(usize, usize)>,
    /// For each model how it fared and which option it chose; `None` where it was not asked.
    pub models: Vec<Option<(Outcome, Option<usize>)>>,
}

impl QuestionFigures {
    /// Whether at least half of the class had it right.
    pub fn is_known(&self) -> bool {
        0 < self.n && self.n <= 2 * self.n_right
    }
}

const RULE: Unanswered = Unanswered::CountedWrong;

/// Computes the figures. Persons of the grid are the class, all others the models.
pub fn class_figures(grid: &Grid) -> ClassFigures {
    let is_student = |idx: &usize| grid.models.get(*idx).is_some_and(|m| m.class == Class::Person);
    let students: Vec<usize> = (0..grid.models.len()).filter(is_student).collect();
    let models: Vec<usize> = (0..grid.models.len()).filter(|idx| !is_student(idx)).collect();
    let n_options = |item: usize| {
        let chosen = (0..grid.models.len()).filter_map(|model| first(grid, model, item)?.choice);
        let answer = grid.items.get(item).and_then(|row| row.answer);
        chosen.chain(answer).max().map_or(0, |most| most + 1)
    };
    let questions: Vec<QuestionFigures> = (0..grid.items.len())
        .map(|item| question(grid, item, &students, &models, n_options(item)))
        .collect();
    let of_models = models.iter().enumerate();
    let of_models = of_models.map(|(place, model)| model_figures(grid, *model, place, &questions));
    ClassFigures {
        n_students: students.len(),
        mean: class_mean(grid, &students),
        models: of_models.collect(),
        questions,
    }
}

fn first(grid: &Grid, model: usize, item: usize) -> Option<&Cell> {
    grid.trials(model, item).first()
}

fn question(
    grid: &Grid,
    item: usize,
    students: &[usize],
    models: &[usize],
    n_options: usize,
) -> QuestionFigures {
    let mut chosen = vec![0; if grid.items[item].answer.is_some() { n_options } else { 0 }];
    let (mut n_right, mut n, mut n_left_out, mut n_not_reached) = (0, 0, 0, 0);
    for cell in students.iter().filter_map(|student| first(grid, *student, item)) {
        match cell.state {
            State::Ended(Outcome::Refused) => n_left_out += 1,
            State::NotAsked | State::Unassigned => n_not_reached += 1,
            State::Ended(_) => {}
        }
        if let Some(slot) = cell.choice.and_then(|choice| chosen.get_mut(choice)) {
            *slot += 1;
        }
        if let Some(is_right) = RULE.right(cell.state) {
            n += 1;
            n_right += usize::from(is_right);
        }
    }
    let answer = grid.items[item].answer;
    let wrong =
        chosen.iter().copied().enumerate().filter(|(idx, n)| Some(*idx) != answer && 0 < *n);
    let fooled_by = wrong.fold(None, |best: Option<(usize, usize)>, found| match best {
        Some(best) if found.1 <= best.1 => Some(best),
        _ => Some(found),
    });
    let models = models.iter().map(|model| match first(grid, *model, item) {
        Some(Cell { state: State::Ended(outcome), choice, .. }) => Some((*outcome, *choice)),
        _ => None,
    });
    QuestionFigures {
        n_right,
        n,
        interval: share(n_right, n),
        chosen,
        n_left_out,
        n_not_reached,
        fooled_by,
        models: models.collect(),
    }
}

fn model_figures(
    grid: &Grid,
    model: usize,
    place: usize,
    questions: &[QuestionFigures],
) -> ModelFigures {
    let is_right = |question: &QuestionFigures| {
        let (outcome, _) = (*question.models.get(place)?)?;
        RULE.right(State::Ended(outcome))
    };
    let counted: Vec<bool> = questions.iter().filter_map(is_right).collect();
    let (n_right, n) = (counted.iter().filter(|is| **is).count(), counted.len());
    let differences: Vec<f64> = questions
        .iter()
        .filter(|question| 0 < question.n)
        .filter_map(|question| {
            let own = if is_right(question)? { 1.0 } else { 0.0 };
            Some(question.n_right as f64 / question.n as f64 - own)
        })
        .collect();
    let ahead = mean_difference(&differences, CONFIDENCE);
    let of = |wanted: bool| {
        let found = questions.iter().enumerate().filter(|(_, question)| {
            0 < question.n && is_right(question) == Some(wanted) && question.is_known() != wanted
        });
        found.map(|(idx, _)| idx).collect()
    };
    ModelFigures {
        model,
        name: grid.models[model].name.clone(),
        n_right,
        n,
        interval: share(n_right, n),
        class_ahead: ahead
            .map(|ahead| (ahead.mean, ahead.interval.map(|interval| interval.within(-1.0, 1.0)))),
        beaten_on: of(false),
        ahead_on: of(true),
    }
}

fn share(n_right: usize, n: usize) -> Option<Interval> {
    (0 < n).then(|| wilson(n_right as u64, n as u64, CONFIDENCE))
}

fn class_mean(grid: &Grid, students: &[usize]) -> Option<ClassMean> {
    let right = |student: usize, item: usize| RULE.right(first(grid, student, item)?.state);
    let n_items = grid.items.len();
    let cluster = |values: &mut dyn Iterator<Item = Option<bool>>| {
        values.flatten().fold((0.0, 0), |(sum, n), is| (sum + f64::from(u8::from(is)), n + 1))
    };
    let by_student: Vec<(f64, usize)> = students
        .iter()
        .map(|student| cluster(&mut (0..n_items).map(|item| right(*student, item))))
        .collect();
    let by_question: Vec<(f64, usize)> = (0..n_items)
        .map(|item| cluster(&mut students.iter().map(|student| right(*student, item))))
        .collect();
    let single: Vec<(f64, usize)> = students
        .iter()
        .flat_map(|student| (0..n_items).filter_map(move |item| right(*student, item)))
        .map(|is| (f64::from(u8::from(is)), 1))
        .collect();
    let (students, questions) = (clustered_mean(&by_student)?, clustered_mean(&by_question)?);
    let single = clustered_mean(&single)?;
    let interval = || {
        let square = |error: Option<f64>| error.map(|error| error * error);
        let (by_student, by_question) =
            (square(students.standard_error)?, square(questions.standard_error)?);
        // The sum counts each answer's own variance twice. With few clusters the difference may fall below either part.
        let both = by_student + by_question - square(single.standard_error)?;
        let variance = both.max(by_student).max(by_question);
        let df = students.n_clusters.min(questions.n_clusters) as f64 - 1.0;
        let half_width = student::t_of(CONFIDENCE, df) * variance.sqrt();
        Some(Interval::around(single.mean, half_width).within(0.0, 1.0))
    };
    let n_right: f64 = by_student.iter().map(|(sum, _)| sum).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count
    let n_right = n_right.round() as usize;
    Some(ClassMean { n_right, n: single.n_values, value: single.mean, interval: interval() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::fixture;

    fn figures() -> ClassFigures {
        let journal = fixture::journal(
            "c",
            &[
                ("GPT", Class::GeneralPurpose, &["icc-"]),
                ("Ana", Class::Person, &["ccir"]),
                ("Bo", Class::Person, &["cii-"]),
                ("Cy", Class::Person, &["cci-"]),
            ],
        );
        class_figures(&Grid::of(&journal))
    }

    #[test]
    fn questions_tell_who_was_fooled_by_what() {
        let found = figures();
        assert_eq!(found.n_students, 3);
        let question = &found.questions[1];
        assert_eq!((question.n_right, question.n), (2, 3));
        assert_eq!(question.chosen, [0, 2, 1]);
        assert_eq!(question.fooled_by, Some((2, 1)));
        assert_eq!(question.models, [Some((Outcome::Correct, Some(1)))]);
        let last = &found.questions[3];
        assert_eq!((last.n_left_out, last.n_not_reached, last.n), (1, 2, 1));
        assert_eq!(found.questions[0].interval, Some(wilson(3, 3, CONFIDENCE)));
    }

    #[test]
    fn the_class_beats_the_machine_where_half_of_it_was_right_and_the_model_was_not() {
        let model = &figures().models[0];
        assert_eq!(model.beaten_on, [0]);
        assert_eq!(model.ahead_on, [2]);
        assert_eq!((model.n_right, model.n), (2, 3));
        // Differences: 1 − 0, 2/3 − 1, 0 − 1.
        let (ahead, interval) = model.class_ahead.unwrap();
        assert!((ahead - (1.0 - 1.0 / 3.0 - 1.0) / 3.0).abs() < 1e-12);
        assert!(interval.is_some_and(|interval| interval.low < ahead && ahead < interval.high));
    }

    #[test]
    fn the_mean_is_clustered_both_ways() {
        let mean = figures().mean.unwrap();
        // Of 10 counted answers 5 are right; one student left one out, and 2 answers were not reached.
        assert_eq!((mean.n_right, mean.n), (5, 10));
        let interval = mean.interval.unwrap();
        // By hand with G/(G−1) for each: students 2/4 of Ana (0), 1/3 (−0.5), 2/3 (+0.5): 0.5/100·3/2 = 0.0075;
        // questions 3/3 (+1.5), 2/3 (+0.5), 0/3 (−1.5), 0/1 (−0.5): 5/100·4/3 = 0.0666…; each answer alone
        // 10·0.25/100·10/9 = 0.02777…; so 0.04638…, below the questions' own, which stands; t with 2 df is 4.302653.
        let half_width = 4.302_653 * (0.05_f64 * 4.0 / 3.0).sqrt();
        let expected = Interval::around(0.5, half_width).within(0.0, 1.0);
        assert!((interval.low - expected.low).abs() < 1e-6, "{interval:?} {expected:?}");
        assert!((interval.high - expected.high).abs() < 1e-6);
    }

    #[test]
    fn an_empty_class_has_no_figures() {
        let journal = fixture::journal("c", &[("GPT", Class::GeneralPurpose, &["ic"])]);
        let found = class_figures(&Grid::of(&journal));
        assert_eq!((found.n_students, found.mean), (0, None));
        assert_eq!(found.models[0].class_ahead, None);
    }
}
