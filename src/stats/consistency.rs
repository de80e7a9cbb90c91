//! Owns consistency: whether forms of one question that should have one answer get one.

use super::mean::{Mean, mean_of};
use super::{Interval, proportion};

/// How far the answers to forms of the same question agree. The question is the unit of every interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consistency {
    /// Questions with at least two answers.
    pub n_groups: usize,
    /// Questions whose answers were all the same.
    pub n_same: usize,
    /// Share of those questions.
    pub same: f64,
    /// Its Wilson interval.
    pub interval: Interval,
    /// The chance that two answers to one question, drawn from its forms, are the same: mean over questions.
    pub agreement: Mean,
}

/// The consistency of answers, given question by question; equal numbers are equal answers. Questions with fewer than
/// two answers are left out. `None` when none is left.
pub fn consistency(groups: &[Vec<usize>], confidence: f64) -> Option<Consistency> {
    let shares: Vec<f64> = groups.iter().filter_map(|answers| agreeing(answers)).collect();
    let agreement = mean_of(&shares, confidence)?;
    let n_same = groups.iter().filter(|answers| answers.len() > 1 && all_equal(answers)).count();
    Some(Consistency {
        n_groups: shares.len(),
        n_same,
        same: n_same as f64 / shares.len() as f64,
        interval: proportion::wilson(n_same as u64, shares.len() as u64, confidence),
        agreement,
    })
}

fn all_equal(answers: &[usize]) -> bool {
    answers.windows(2).all(|pair| pair[0] == pair[1])
}

/// Share of pairs that agree; `None` for fewer than two answers.
fn agreeing(answers: &[usize]) -> Option<f64> {
    let n = answers.len();
    if n < 2 {
        return None;
    }
    // Ordered pairs, each answer's with itself taken off.
    let n_agreeing: usize = answers
        .iter()
        .map(|answer| answers.iter().filter(|other| *other == answer).count() - 1)
        .sum();
    Some(n_agreeing as f64 / (n * (n - 1)) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_three_questions_agree_by_hand() {
        let groups = [vec![1, 1, 1], vec![2, 2], vec![0, 0, 1], vec![3]];
        let found = consistency(&groups, 0.95).unwrap();
        assert_eq!((found.n_groups, found.n_same), (3, 2));
        // The third agrees in one of three pairs.
        assert!((found.agreement.mean - (1.0 + 1.0 + 1.0 / 3.0) / 3.0).abs() < 1e-15);
        assert!(consistency(&[vec![1]], 0.95).is_none());
    }
}
