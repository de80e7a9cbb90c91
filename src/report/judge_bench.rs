//! Owns the figures of a judge bench: how a judge fares beside people who graded the same answers.
//!
//! The measure is that of HealthBench's meta-evaluation (`healthbench_meta_eval.py` of simple-evals): every verdict is paired
//! with every label of the same row; precision goes by what the judge said, recall by what the person said, for "met" and for
//! "not met" apart, and balanced F1 is the mean of the two. A judgement that failed is in none of it, and counted.

mod reading;

pub use reading::{Reading, reading};

use std::collections::BTreeMap;

use super::gradebook::{By, Gradebook};
use super::{CONFIDENCE, RESAMPLING};
use crate::dataset::{Criterion, Kind};
use crate::run::bench::{category_of, labels_of, turned_from};
use crate::run::{Journal, TrialId};
use crate::score::Grade;
use crate::stats::Interval;
use crate::stats::agreement::{Weights, cohen_kappa};
use crate::stats::bootstrap::{middle, resampled};
use crate::stats::difference::Difference;
use crate::stats::proportion::wilson;

/// Pairs of verdicts: how one rater's stand beside those of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pairs {
    /// Both say "met".
    pub both_met: usize,
    /// The rater says "met", the other does not.
    pub only_rater: usize,
    /// The other says "met", the rater does not.
    pub only_other: usize,
    /// Neither says "met".
    pub neither: usize,
}

impl Pairs {
    /// One more pair: what the rater says, and what the other says.
    pub fn add(&mut self, pair: (bool, bool)) {
        match pair {
            (true, true) => self.both_met += 1,
            (true, false) => self.only_rater += 1,
            (false, true) => self.only_other += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// How many there are.
    pub fn n(&self) -> usize {
        self.both_met + self.only_rater + self.only_other + self.neither
    }

    /// Share that is the same; `None` without any.
    pub fn percent(&self) -> Option<f64> {
        share(self.both_met + self.neither, self.n())
    }

    /// F1 of "met"; `None` where precision or recall has nothing to be counted on.
    pub fn f1_met(&self) -> Option<f64> {
        f1(self.both_met, self.both_met + self.only_rater, self.both_met + self.only_other)
    }

    /// F1 of "not met".
    pub fn f1_not_met(&self) -> Option<f64> {
        f1(self.neither, self.neither + self.only_other, self.neither + self.only_rater)
    }

    /// The mean of the two: `pairwise_model_f1_balanced` of simple-evals.
    pub fn balanced_f1(&self) -> Option<f64> {
        Some(f64::midpoint(self.f1_met()?, self.f1_not_met()?))
    }

    fn join(&mut self, other: &Self) {
        self.both_met += other.both_met;
        self.only_rater += other.only_rater;
        self.only_other += other.only_other;
        self.neither += other.neither;
    }
}

fn share(part: usize, of: usize) -> Option<f64> {
    (0 < of).then(|| part as f64 / of as f64)
}

fn f1(hits: usize, said: usize, there: usize) -> Option<f64> {
    let (precision, recall) = (share(hits, said)?, share(hits, there)?);
    let sum = precision + recall;
    Some(if sum <= 0.0 { 0.0 } else { 2.0 * precision * recall / sum })
}

/// How a judge did on one bench.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchFigures {
    /// Index into the plan's judges.
    pub judge: usize,
    /// Its name.
    pub name: String,
    /// Criteria with labels of people.
    pub n_rows: usize,
    /// Of these, with a verdict of the judge.
    pub n_judged: usize,
    /// Verdicts beside all labels.
    pub pairs: Pairs,
    /// 95 % interval of the balanced F1, by bootstrap samples of the answers.
    pub interval: Option<Interval>,
    /// By category, in the order of their names.
    pub categories: Vec<BenchCategory>,
    /// Beside each person, in the order of their names.
    pub people: Vec<BesidePerson>,
    /// The mean over categories of the judge's balanced F1, as the HealthBench paper has it.
    pub macro_f1: Option<f64>,
    /// The same of people beside each other: in each category the mean over people, each weighing as the pairs behind it.
    pub people_macro_f1: Option<f64>,
    /// Whether the judge leans towards the long answers …
    pub length_bias: Option<Bias>,
    /// … and towards criteria that stand late among those of one call. `None` where each has a call of its own.
    pub position_bias: Option<Bias>,
    /// The same judgement asked twice; `None` where it was not.
    pub with_itself: Option<WithItself>,
    /// The same judgements with the criteria of a call in the opposite order; `None` where that was not asked.
    pub turned: Option<WithItself>,
    /// The mean of people's balanced F1 beside each other, over all categories, each weighing as the pairs behind it.
    pub people_f1: Option<f64>,
    /// The judge's balanced F1 less that of people, with its 95 % interval by bootstrap samples of the answers.
    pub gap: Option<Difference>,
}

/// One category of a bench.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchCategory {
    /// Its name; may be empty.
    pub name: String,
    /// The judge beside people.
    pub pairs: Pairs,
    /// People beside each other: the mean of their balanced F1, each weighing as the pairs behind it.
    pub people_f1: Option<f64>,
    /// Share of the people whose balanced F1 beside the others is below the judge's; `None` without people to compare with.
    pub above: Option<f64>,
}

/// A judge beside one person.
#[derive(Debug, Clone, PartialEq)]
pub struct BesidePerson {
    /// Who.
    pub name: String,
    /// The judge beside this person alone.
    pub judge: Pairs,
    /// This person beside the others who labelled the same.
    pub others: Pairs,
}

/// How much oftener than people a judge says "met", at two ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bias {
    /// Share "met" by the judge less the share by people, in the third that is shortest, or comes first.
    pub low: f64,
    /// The same in the third that is longest, or comes last.
    pub high: f64,
    /// High less low: above zero, the judge favours what is long, or late.
    pub difference: f64,
    /// Its 95 % interval, by bootstrap samples of the verdicts.
    pub interval: Interval,
}

/// The same judgements asked twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithItself {
    /// How many.
    pub n: usize,
    /// Share with the same verdict.
    pub percent: f64,
    /// Its 95 % interval (Wilson's, which takes each verdict as a matter of its own).
    pub interval: Interval,
    /// Cohen's kappa; `None` where it is not defined.
    pub kappa: Option<f64>,
}

/// A criterion with labels, and the judge's verdict.
struct Row<'a> {
    trial: TrialId,
    criterion: &'a Criterion,
    labels: Vec<(&'a str, bool)>,
    met: Option<bool>,
    n_chars: usize,
    /// Among the criteria of its answer, 0 to 1.
    position: f64,
}

/// How each judge of a run did beside people's labels; empty where the run has none.
pub fn judge_bench(journal: &Journal) -> Vec<BenchFigures> {
    let book = Gradebook::of(journal);
    let plan = &journal.plan;
    let figures = plan.judges().iter().enumerate().map(|(judge, spec)| {
        let rows = rows_of(journal, &book, judge);
        let is_one_by_one =
            plan.judging.as_ref().is_some_and(|judging| judging.template.is_per_criterion());
        let pairs = joined(rows.iter().map(|row| beside(row, |_| true)));
        let categories = categories_of(&rows);
        let f1s =
            |f1: &dyn Fn(&BenchCategory) -> Option<f64>| mean(categories.iter().filter_map(f1));
        BenchFigures {
            judge,
            name: spec.name.clone(),
            n_rows: rows.len(),
            n_judged: rows.iter().filter(|row| row.met.is_some()).count(),
            pairs,
            interval: interval_of(&rows),
            macro_f1: f1s(&|category| category.pairs.balanced_f1()),
            people_macro_f1: f1s(&|category| category.people_f1),
            people: people_of(&rows),
            length_bias: bias(&rows, |row| row.n_chars as f64),
            position_bias: if is_one_by_one { None } else { bias(&rows, |row| row.position) },
            with_itself: with_itself(&book.twice(judge)),
            turned: turned(journal, &book, judge),
            people_f1: weighted(people_pairs(rows.iter()).into_values()),
            gap: reading::gap(&rows),
            categories,
        }
    });
    figures.filter(|figures| 0 < figures.n_rows).collect()
}

fn rows_of<'a>(journal: &'a Journal, book: &Gradebook, judge: usize) -> Vec<Row<'a>> {
    let mut rows = vec![];
    for (trial, answer) in book.answers() {
        let Some(item) = journal.plan.items.get(trial.item as usize) else { continue };
        let Kind::Rubric(rubric) = &item.kind else { continue };
        if turned_from(item).is_some() {
            continue;
        }
        let last = rubric.criteria.len().saturating_sub(1).max(1) as f64;
        for (idx, criterion) in rubric.criteria.iter().enumerate() {
            let labels = labels_of(criterion);
            if labels.is_empty() {
                continue;
            }
            let met = answer.decision(By::Judge(judge), idx).share.map(|share| 0.5 < share);
            let position = idx as f64 / last;
            rows.push(Row { trial, criterion, labels, met, n_chars: answer.n_chars, position });
        }
    }
    rows
}

fn joined(all: impl Iterator<Item = Pairs>) -> Pairs {
    all.fold(Pairs::default(), |mut sum, pairs| {
        sum.join(&pairs);
        sum
    })
}

/// The judge's verdict on a row beside the labels of the people who count.
fn beside(row: &Row<'_>, counts: impl Fn(&str) -> bool) -> Pairs {
    let mut pairs = Pairs::default();
    if let Some(met) = row.met {
        let labels = row.labels.iter().filter(|(rater, _)| counts(rater));
        labels.for_each(|(_, label)| pairs.add((met, *label)));
    }
    pairs
}

/// Each person's labels beside those of the others of the same row.
fn people_pairs<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> BTreeMap<&'a str, Pairs> {
    let mut people: BTreeMap<&str, Pairs> = BTreeMap::new();
    for row in rows {
        for (idx, (rater, label)) in row.labels.iter().enumerate() {
            let pairs = people.entry(rater).or_default();
            let others = row.labels.iter().enumerate().filter(|(other, _)| *other != idx);
            others.for_each(|(_, (_, other))| pairs.add((*label, *other)));
        }
    }
    people
}

fn categories_of(rows: &[Row<'_>]) -> Vec<BenchCategory> {
    let mut by_name: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows {
        by_name.entry(category_of(row.criterion)).or_default().push(row);
    }
    let of = |(name, rows): (&str, Vec<&Row<'_>>)| {
        let pairs = joined(rows.iter().map(|row| beside(row, |_| true)));
        let people = people_pairs(rows.into_iter());
        let f1s: Vec<f64> = people.values().filter_map(Pairs::balanced_f1).collect();
        let n_below = |own: f64| f1s.iter().filter(|f1| **f1 < own).count();
        BenchCategory {
            name: name.to_owned(),
            people_f1: weighted(people.into_values()),
            above: pairs.balanced_f1().and_then(|own| share(n_below(own), f1s.len())),
            pairs,
        }
    };
    by_name.into_iter().map(of).collect()
}

/// The mean of balanced F1s, each weighing as the pairs behind it; `None` where none is defined.
fn weighted(all: impl Iterator<Item = Pairs>) -> Option<f64> {
    let f1s = all.filter_map(|pairs| Some((pairs.balanced_f1()?, pairs.n() as f64)));
    let (sum, n) = f1s.fold((0.0, 0.0), |(sum, n), (f1, weight)| (sum + f1 * weight, n + weight));
    (0.0 < n).then(|| sum / n)
}

fn people_of(rows: &[Row<'_>]) -> Vec<BesidePerson> {
    let people = people_pairs(rows.iter()).into_iter();
    people
        .map(|(name, others)| {
            let judge = joined(rows.iter().map(|row| beside(row, |rater| rater == name)));
            BesidePerson { name: name.to_owned(), judge, others }
        })
        .collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    (0 < n).then(|| sum / n as f64)
}

/// The interval of the balanced F1: answers are drawn, each with all its rows.
fn interval_of(rows: &[Row<'_>]) -> Option<Interval> {
    let mut answers: BTreeMap<TrialId, Pairs> = BTreeMap::new();
    for row in rows {
        answers.entry(row.trial).or_default().join(&beside(row, |_| true));
    }
    let answers: Vec<Pairs> = answers.into_values().collect();
    let values = resampled(answers.len(), RESAMPLING, |drawn| {
        joined(drawn.iter().filter_map(|idx| answers.get(*idx)).copied()).balanced_f1()
    });
    middle(values, CONFIDENCE)
}

/// The leaning of a judge between the lowest and the highest third by `measure`; `None` where there are too few rows, or the
/// measure is the same for all.
fn bias(rows: &[Row<'_>], measure: impl Fn(&Row<'_>) -> f64) -> Option<Bias> {
    let mut excesses: Vec<(f64, f64)> = rows
        .iter()
        .filter_map(|row| {
            let people = mean(row.labels.iter().map(|(_, met)| f64::from(u8::from(*met))))?;
            Some((measure(row), f64::from(u8::from(row.met?)) - people))
        })
        .collect();
    excesses.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = excesses.len() / 3;
    let (low, high) = (excesses.get(..n)?, excesses.get(excesses.len() - n..)?);
    // Between thirds that share a value, nothing can be told apart.
    if low.last()?.0 >= high.first()?.0 {
        return None;
    }
    let excess = |part: &[(f64, f64)], drawn: &[usize]| {
        mean(drawn.iter().filter_map(|idx| part.get(*idx)).map(|(_, excess)| *excess))
    };
    let all: Vec<usize> = (0..n).collect();
    let (at_low, at_high) = (excess(low, &all)?, excess(high, &all)?);
    let values = resampled(2 * n, RESAMPLING, |drawn| {
        let (one, other) = drawn.split_at(n);
        let wrapped = |drawn: &[usize]| drawn.iter().map(|idx| idx % n).collect::<Vec<_>>();
        Some(excess(high, &wrapped(other))? - excess(low, &wrapped(one))?)
    });
    let interval = middle(values, CONFIDENCE)?;
    Some(Bias { low: at_low, high: at_high, difference: at_high - at_low, interval })
}

fn with_itself(twice: &[(Grade, Grade)]) -> Option<WithItself> {
    let met = |grade: Grade| grade.met().map(usize::from);
    let pairs: Vec<(usize, usize)> =
        twice.iter().filter_map(|(one, other)| Some((met(*one)?, met(*other)?))).collect();
    let n_same = pairs.iter().filter(|(one, other)| one == other).count();
    Some(WithItself {
        n: pairs.len(),
        percent: share(n_same, pairs.len())?,
        interval: wilson(n_same as u64, pairs.len() as u64, CONFIDENCE),
        kappa: cohen_kappa(&pairs, 2, Weights::Unweighted),
    })
}

/// Verdicts on the same criteria of the same answer, in one order and in the opposite one.
fn turned(journal: &Journal, book: &Gradebook, judge: usize) -> Option<WithItself> {
    let places: BTreeMap<&str, u32> =
        (0..).zip(&journal.plan.items).map(|(idx, item)| (item.id.0.as_str(), idx)).collect();
    let mut pairs = vec![];
    for (trial, answer) in book.answers() {
        let item = journal.plan.items.get(trial.item as usize);
        let Some((item, before)) = item.and_then(|item| Some((item, turned_from(item)?))) else {
            continue;
        };
        let straight = places.get(before).map(|idx| TrialId { item: *idx, ..trial });
        let (Some(straight), Kind::Rubric(rubric)) =
            (straight.and_then(|trial| book.answer(trial)), &item.kind)
        else {
            continue;
        };
        let grade = |share: Option<f64>| {
            share.map(|share| if 0.5 < share { Grade::Met } else { Grade::NotMet })
        };
        let n = rubric.criteria.len();
        pairs.extend((0..n).filter_map(|idx| {
            let one = grade(straight.decision(By::Judge(judge), idx).share)?;
            Some((one, grade(answer.decision(By::Judge(judge), n - 1 - idx).share)?))
        }));
    }
    with_itself(&pairs)
}

#[cfg(test)]
mod tests;
