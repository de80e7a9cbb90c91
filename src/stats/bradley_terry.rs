//! Owns the Bradley–Terry model: strengths from comparisons of pairs.
//!
//! `P(i beats j) = 1 / (1 + exp(s_j − s_i))` (Bradley & Terry 1952). A tie counts as half a win for either side, as is
//! common where ties are no question of their own; strengths are log-odds with a mean of zero.

use super::Interval;
use super::linear::{Matrix, inverse, times, zeros};
use super::normal;

/// Why there are no strengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BradleyTerryError {
    /// Rows of other lengths than there are sides, or numbers that are no counts.
    #[error("the comparisons are no square table of counts")]
    Shape,
    /// Fewer than two sides.
    #[error("there are not two sides that were compared")]
    NothingToCompare,
    /// Some sides never lost to the rest, or were never compared with it: their distance has no finite estimate (Ford 1957).
    #[error(
        "some won every comparison with the rest or were never compared with it, so that their distance has no finite estimate"
    )]
    Separated,
    /// The estimates did not settle.
    #[error("the strengths did not settle")]
    NotConverged,
}

/// Strengths with what is needed for their intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// Log-odds, with a mean of zero.
    pub values: Vec<f64>,
    covariance: Matrix,
}

impl Strengths {
    /// Standard error of a strength.
    pub fn error(&self, idx: usize) -> Option<f64> {
        self.covariance
            .get(idx)
            .and_then(|row| row.get(idx))
            .map(|variance| variance.max(0.0).sqrt())
    }

    /// How far the first of two is ahead of the second, in log-odds, with its standard error.
    pub fn difference(&self, one: usize, other: usize) -> Option<(f64, f64)> {
        let estimate = self.values.get(one)? - self.values.get(other)?;
        let c = &self.covariance;
        let variance = c[one][one] + c[other][other] - 2.0 * c[one][other];
        Some((estimate, variance.max(0.0).sqrt()))
    }

    /// The chance that the first of two is preferred, with its interval.
    pub fn chance(&self, one: usize, other: usize, confidence: f64) -> Option<(f64, Interval)> {
        let (estimate, error) = self.difference(one, other)?;
        let of = |x: f64| 1.0 / (1.0 + (-x).exp());
        let half = normal::z_of(confidence) * error;
        Some((of(estimate), Interval { low: of(estimate - half), high: of(estimate + half) }))
    }
}

/// Strengths by Newton's method. `wins[i][j]` is how often `i` was preferred to `j`, `ties[i][j]` (with `i < j`) how often
/// neither was.
pub fn fit(wins: &[Vec<f64>], ties: &[Vec<f64>]) -> Result<Strengths, BradleyTerryError> {
    let n = wins.len();
    let is_count = |value: &f64| value.is_finite() && 0.0 <= *value;
    let is_square = |table: &[Vec<f64>]| {
        table.len() == n && table.iter().all(|row| row.len() == n && row.iter().all(is_count))
    };
    if !is_square(wins) || !is_square(ties) {
        return Err(BradleyTerryError::Shape);
    }
    if n < 2 {
        return Err(BradleyTerryError::NothingToCompare);
    }
    let mut points = zeros(n);
    for one in 0..n {
        for other in (0..n).filter(|other| *other != one) {
            points[one][other] = wins[one][other] + 0.5 * (ties[one][other] + ties[other][one]);
        }
    }
    if !(0..n).all(|from| reaches_all(&points, from)) {
        return Err(BradleyTerryError::Separated);
    }
    settle(&points)
}

/// Whether a chain of wins leads from one side to every other.
fn reaches_all(points: &Matrix, from: usize) -> bool {
    let mut reached = vec![false; points.len()];
    let mut open = vec![from];
    while let Some(one) = open.pop() {
        if !std::mem::replace(&mut reached[one], true) {
            open.extend((0..points.len()).filter(|other| 0.0 < points[one][*other]));
        }
    }
    reached.iter().all(|reached| *reached)
}

fn settle(points: &Matrix) -> Result<Strengths, BradleyTerryError> {
    let n = points.len();
    let log_likelihood = |at: &[f64]| -> f64 {
        let mut sum = 0.0;
        for one in 0..n {
            for other in 0..n {
                let ahead: f64 = at[one] - at[other];
                sum -= points[one][other] * ((-ahead).exp().ln_1p());
            }
        }
        sum
    };
    // The first stays at 0 while the others move; the mean is taken off at the end.
    let mut at = vec![0.0; n];
    let mut value = log_likelihood(&at);
    for _ in 0..100 {
        let (gradient, information) = derivatives(points, &at);
        let covariance = inverse(&information).ok_or(BradleyTerryError::Separated)?;
        let step = times(&covariance, &gradient);
        let promise: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
        let taken = |share: f64| -> Vec<f64> {
            std::iter::once(0.0)
                .chain(at[1..].iter().zip(&step).map(|(at, by)| at + share * by))
                .collect()
        };
        if promise < 1e-12 {
            // The last step squares what is left, which no gain in likelihood would show.
            let last = taken(1.0);
            let covariance = inverse(&derivatives(points, &last).1).unwrap_or(covariance);
            return Ok(centred(&last, &covariance));
        }
        let mut share = 1.0;
        loop {
            let next = taken(share);
            let next_value = log_likelihood(&next);
            if value <= next_value {
                (at, value) = (next, next_value);
                break;
            }
            share /= 2.0;
            if share < 1e-12 {
                return Err(BradleyTerryError::NotConverged);
            }
        }
    }
    Err(BradleyTerryError::NotConverged)
}

/// Gradient and information for all but the first side.
fn derivatives(points: &Matrix, at: &[f64]) -> (Vec<f64>, Matrix) {
    let n = points.len();
    let mut gradient = vec![0.0; n - 1];
    let mut information = zeros(n - 1);
    for one in 1..n {
        for other in (0..n).filter(|other| *other != one) {
            let n_compared = points[one][other] + points[other][one];
            let chance: f64 = 1.0 / (1.0 + (at[other] - at[one]).exp());
            gradient[one - 1] += points[one][other] - n_compared * chance;
            let weight = n_compared * chance * (1.0 - chance);
            information[one - 1][one - 1] += weight;
            if 0 < other {
                information[one - 1][other - 1] -= weight;
            }
        }
    }
    (gradient, information)
}

/// Strengths less their mean; `covariance` is that of all but the first.
fn centred(at: &[f64], covariance: &Matrix) -> Strengths {
    let n = at.len();
    let mean = at.iter().sum::<f64>() / n as f64;
    let full = |one: usize, other: usize| match (one.checked_sub(1), other.checked_sub(1)) {
        (Some(one), Some(other)) => covariance[one][other],
        _ => 0.0,
    };
    let of_row = |one: usize| (0..n).map(|other| full(one, other)).sum::<f64>() / n as f64;
    let rows: Vec<f64> = (0..n).map(of_row).collect();
    let all = rows.iter().sum::<f64>() / n as f64;
    let cell = |one: usize, other: usize| full(one, other) - rows[one] - rows[other] + all;
    Strengths {
        values: at.iter().map(|value| value - mean).collect(),
        covariance: (0..n).map(|one| (0..n).map(|other| cell(one, other)).collect()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sides_have_the_log_odds_of_their_wins() {
        let wins = vec![vec![0.0, 6.0], vec![2.0, 0.0]];
        let ties = vec![vec![0.0, 2.0], vec![0.0, 0.0]];
        let strengths = fit(&wins, &ties).unwrap();
        let (ahead, error) = strengths.difference(0, 1).unwrap();
        assert!((ahead - (7.0_f64 / 3.0).ln()).abs() < 1e-12);
        assert!((error - (1.0 / 7.0 + 1.0 / 3.0_f64).sqrt()).abs() < 1e-9);
        let (chance, interval) = strengths.chance(0, 1, 0.95).unwrap();
        assert!((chance - 0.7).abs() < 1e-12 && interval.low < chance && chance < interval.high);
    }

    #[test]
    fn who_never_lost_has_no_strength() {
        let none = vec![vec![0.0; 3]; 3];
        let wins = vec![vec![0.0, 2.0, 2.0], vec![0.0, 0.0, 1.0], vec![0.0, 1.0, 0.0]];
        assert_eq!(fit(&wins, &none), Err(BradleyTerryError::Separated));
        assert_eq!(fit(&[vec![0.0]], &[vec![0.0]]), Err(BradleyTerryError::NothingToCompare));
        assert_eq!(fit(&none, &none[..2]), Err(BradleyTerryError::Shape));
    }
}
