//! Owns the cumulative-link model: what raises or lowers ratings on an ordered scale.
//!
//! Proportional odds with the logit link (`McCullagh` 1980): `logit P(rating ≤ j) = θ_j − Σ effects`. Effects are fixed, with
//! treatment contrasts: the first level of each factor has none, those of the others are beside it. This is the model of R's
//! `ordinal::clm` and of statsmodels' `OrderedModel`, with the same signs: a positive effect goes with higher ratings.

use super::linear::{Matrix, inverse, times, zeros};

/// Something that ratings may depend on, such as who rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// The level of each rating, below `n_levels`.
    pub levels: Vec<usize>,
    /// Number of levels; each must be in use.
    pub n_levels: usize,
}

/// Why the model has no estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrdinalError {
    /// Factors of other lengths than the ratings, or levels and categories out of range.
    #[error("the ratings and their factors do not fit together")]
    Shape,
    /// Fewer than two categories, or no rating.
    #[error("there are no ratings that differ")]
    NothingToCompare,
    /// Nobody gave this rating: its thresholds cannot be told apart. Leave the category out, and say so.
    #[error("nobody gave rating {category}, counted from 0")]
    EmptyCategory {
        /// Counted from zero.
        category: usize,
    },
    /// No rating has this level.
    #[error("level {level} of factor {factor} has no rating")]
    EmptyLevel {
        /// Index of the factor.
        factor: usize,
        /// The level.
        level: usize,
    },
    /// All ratings of this level are the lowest, or all the highest: its effect has no finite estimate.
    #[error("all ratings of level {level} of factor {factor} are at the same end of the scale")]
    Separated {
        /// Index of the factor.
        factor: usize,
        /// The level.
        level: usize,
    },
    /// Some combination of effects predicts the ratings without fault, so that the estimates grow without end.
    #[error("the effects separate the ratings wholly: there are no finite estimates")]
    SeparatedTogether,
    /// Two effects cannot be told apart, as when one reviewer alone rated one model alone.
    #[error("some effects cannot be told apart with these ratings")]
    Confounded,
    /// The estimates did not settle.
    #[error("the estimates did not settle in {n_steps} steps")]
    NotConverged {
        /// Steps made.
        n_steps: usize,
    },
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct OrdinalFit {
    /// θ: the log-odds at which ratings pass from each category to the next, ascending, for the first level of every factor.
    pub thresholds: Vec<f64>,
    /// By factor and level: log-odds of a higher rating beside the first level, which has 0.
    pub effects: Vec<Vec<f64>>,
    /// Of the ratings.
    pub log_likelihood: f64,
    /// Ratings.
    pub n: usize,
    /// Steps of Newton's method.
    pub n_steps: usize,
    /// Inverse of the observed information, thresholds first.
    covariance: Matrix,
}

const MAX_STEPS: usize = 100;
const MAX_HALVINGS: usize = 40;
/// Twice the gain in log-likelihood that the next step promises, below which one more step is the last.
const SETTLED: f64 = 1e-10;
/// Log-odds beyond which an estimate is one that grows without end: chances of one in ten million.
const ENDLESS: f64 = 16.0;

/// Fits the model to ratings in categories `0..n_categories` by Newton's method with halved steps. The log-likelihood is
/// concave, so what it settles on is the maximum.
pub fn fit(
    ratings: &[usize],
    n_categories: usize,
    factors: &[Factor],
) -> Result<OrdinalFit, OrdinalError> {
    check(ratings, n_categories, factors)?;
    let model = Model::of(ratings, n_categories, factors);
    let mut point = model.start();
    let mut value = model.log_likelihood(&point);
    for n_steps in 1..=MAX_STEPS {
        let (gradient, information) = model.derivatives(&point);
        let Some(covariance) = inverse(&information) else {
            return Err(without_end(&point, OrdinalError::Confounded));
        };
        let step = times(&covariance, &gradient);
        let promise: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
        if promise < SETTLED {
            // The last step squares what is left: no gain in likelihood would show it.
            let last: Vec<f64> = point.iter().zip(&step).map(|(at, by)| at + by).collect();
            if last.iter().any(|value| ENDLESS < value.abs()) {
                return Err(OrdinalError::SeparatedTogether);
            }
            let covariance = inverse(&model.derivatives(&last).1).unwrap_or(covariance);
            return Ok(model.fitted(&last, model.log_likelihood(&last), covariance, n_steps));
        }
        let mut share = 1.0;
        let taken = |share: f64| -> Vec<f64> {
            point.iter().zip(&step).map(|(at, by)| at + share * by).collect()
        };
        let mut next = taken(share);
        let mut next_value = model.log_likelihood(&next);
        for _ in 0..MAX_HALVINGS {
            if value <= next_value {
                break;
            }
            share /= 2.0;
            next = taken(share);
            next_value = model.log_likelihood(&next);
        }
        if next_value < value {
            return Err(without_end(&point, OrdinalError::NotConverged { n_steps }));
        }
        (point, value) = (next, next_value);
    }
    Err(without_end(&point, OrdinalError::NotConverged { n_steps: MAX_STEPS }))
}

fn check(ratings: &[usize], n_categories: usize, factors: &[Factor]) -> Result<(), OrdinalError> {
    let fits = |factor: &Factor| {
        factor.levels.len() == ratings.len()
            && factor.levels.iter().all(|level| *level < factor.n_levels)
    };
    if ratings.iter().any(|rating| n_categories <= *rating) || !factors.iter().all(fits) {
        return Err(OrdinalError::Shape);
    }
    if ratings.is_empty() || n_categories < 2 {
        return Err(OrdinalError::NothingToCompare);
    }
    if let Some(category) = (0..n_categories).find(|category| !ratings.contains(category)) {
        return Err(OrdinalError::EmptyCategory { category });
    }
    for (idx, factor) in factors.iter().enumerate() {
        for level in 0..factor.n_levels {
            let of_level = || {
                let all = factor.levels.iter().zip(ratings);
                all.filter(move |(of, _)| **of == level).map(|(_, rating)| *rating)
            };
            if of_level().next().is_none() {
                return Err(OrdinalError::EmptyLevel { factor: idx, level });
            }
            let is_at_end =
                [0, n_categories - 1].into_iter().any(|end| of_level().all(|rating| rating == end));
            if is_at_end && 1 < factor.n_levels {
                return Err(OrdinalError::Separated { factor: idx, level });
            }
        }
    }
    Ok(())
}

/// The logistic distribution function.
fn logistic(x: f64) -> f64 {
    if x < 0.0 {
        let e = x.exp();
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + (-x).exp())
    }
}

/// Its logarithm.
fn log_logistic(x: f64) -> f64 {
    if x < 0.0 { x - x.exp().ln_1p() } else { -(-x).exp().ln_1p() }
}

/// The ratings with the places of their effects among the parameters.
struct Model<'a> {
    ratings: &'a [usize],
    n_thresholds: usize,
    factors: &'a [Factor],
    /// Place of each factor's second level.
    starts: Vec<usize>,
    n_parameters: usize,
}

impl<'a> Model<'a> {
    fn of(ratings: &'a [usize], n_categories: usize, factors: &'a [Factor]) -> Self {
        let n_thresholds = n_categories - 1;
        let mut n_parameters = n_thresholds;
        let mut starts = vec![];
        for factor in factors {
            starts.push(n_parameters);
            n_parameters += factor.n_levels.saturating_sub(1);
        }
        Self { ratings, n_thresholds, factors, starts, n_parameters }
    }

    /// Without effects: the thresholds that give the observed shares.
    fn start(&self) -> Vec<f64> {
        let mut point = vec![0.0; self.n_parameters];
        let n = self.ratings.len() as f64;
        for (threshold, value) in point.iter_mut().enumerate().take(self.n_thresholds) {
            let n_below = self.ratings.iter().filter(|rating| **rating <= threshold).count() as f64;
            *value = (n_below / (n - n_below)).ln();
        }
        point
    }

    /// The places of the effects that bear on a rating.
    fn places(&self, rating_idx: usize) -> impl Iterator<Item = usize> {
        self.factors.iter().zip(&self.starts).filter_map(move |(factor, start)| {
            let level = factor.levels[rating_idx];
            level.checked_sub(1).map(|level| start + level)
        })
    }

    /// The two ends of a rating's category on the scale of the thresholds, less the effects.
    fn ends(&self, point: &[f64], rating_idx: usize) -> (Option<f64>, Option<f64>) {
        let effect: f64 = self.places(rating_idx).map(|place| point[place]).sum();
        let rating = self.ratings[rating_idx];
        let low = rating.checked_sub(1).map(|below| point[below] - effect);
        let high = (rating < self.n_thresholds).then(|| point[rating] - effect);
        (low, high)
    }

    /// Minus infinity where thresholds are out of order.
    fn log_likelihood(&self, point: &[f64]) -> f64 {
        let mut sum = 0.0;
        for rating_idx in 0..self.ratings.len() {
            let (low, high) = self.ends(point, rating_idx);
            // F(b) − F(a) = F(b) F(−a) (1 − exp(a − b)), which loses no digits in either tail.
            sum += high.map_or(0.0, log_logistic) + low.map_or(0.0, |low| log_logistic(-low));
            if let (Some(low), Some(high)) = (low, high) {
                if high <= low {
                    return f64::NEG_INFINITY;
                }
                sum += (-(low - high).exp()).ln_1p();
            }
        }
        sum
    }

    /// Gradient and observed information (minus the second derivatives).
    fn derivatives(&self, point: &[f64]) -> (Vec<f64>, Matrix) {
        let mut gradient = vec![0.0; self.n_parameters];
        let mut information = zeros(self.n_parameters);
        for rating_idx in 0..self.ratings.len() {
            let (low, high) = self.ends(point, rating_idx);
            let (mut share, mut bend) = (0.0, 0.0);
            if let (Some(low), Some(high)) = (low, high) {
                let apart = (high - low).exp_m1();
                share = 1.0 / apart;
                bend = share * (1.0 + share);
            }
            // Slopes with respect to the upper and the lower end, and minus the second derivatives.
            let slope_high = high.map_or(0.0, |high| logistic(-high) + share);
            let slope_low = low.map_or(0.0, |low| -(logistic(low) + share));
            let density = |x: f64| logistic(x) * logistic(-x);
            let curve_high = high.map_or(0.0, |high| density(high) + bend);
            let curve_low = low.map_or(0.0, |low| density(low) + bend);
            let rating = self.ratings[rating_idx];
            let place_low = rating.checked_sub(1);
            let place_high = (rating < self.n_thresholds).then_some(rating);
            let effects: Vec<usize> = self.places(rating_idx).collect();
            let both = curve_high + curve_low - 2.0 * bend;
            if let Some(place) = place_high {
                gradient[place] += slope_high;
                information[place][place] += curve_high;
            }
            if let Some(place) = place_low {
                gradient[place] += slope_low;
                information[place][place] += curve_low;
            }
            if let (Some(below), Some(above)) = (place_low, place_high) {
                information[below][above] -= bend;
                information[above][below] -= bend;
            }
            for effect in &effects {
                gradient[*effect] -= slope_high + slope_low;
                for (place, curve) in [(place_high, curve_high), (place_low, curve_low)] {
                    if let Some(place) = place {
                        information[place][*effect] -= curve - bend;
                        information[*effect][place] -= curve - bend;
                    }
                }
                for other in &effects {
                    information[*effect][*other] += both;
                }
            }
        }
        (gradient, information)
    }

    fn fitted(
        &self,
        point: &[f64],
        log_likelihood: f64,
        covariance: Matrix,
        n_steps: usize,
    ) -> OrdinalFit {
        let effects = self.factors.iter().zip(&self.starts).map(|(factor, start)| {
            let others = point[*start..].iter().take(factor.n_levels.saturating_sub(1));
            std::iter::once(0.0).chain(others.copied()).collect()
        });
        OrdinalFit {
            thresholds: point[..self.n_thresholds].to_vec(),
            effects: effects.collect(),
            log_likelihood,
            n: self.ratings.len(),
            n_steps,
            covariance,
        }
    }
}

/// What is told where no step could be made: estimates that grow without end are the more honest reason.
fn without_end(point: &[f64], otherwise: OrdinalError) -> OrdinalError {
    let is_endless = point.iter().any(|value| ENDLESS / 2.0 < value.abs());
    if is_endless { OrdinalError::SeparatedTogether } else { otherwise }
}

impl OrdinalFit {
    /// Standard errors of the thresholds.
    pub fn threshold_errors(&self) -> Vec<f64> {
        (0..self.thresholds.len()).map(|idx| self.covariance[idx][idx].sqrt()).collect()
    }

    /// How much higher the first of two levels of a factor is rated than the second, in log-odds, with its standard error.
    pub fn difference(&self, factor: usize, levels: [usize; 2]) -> Option<(f64, f64)> {
        let effects = self.effects.get(factor)?;
        let [one, other] = levels;
        let estimate = effects.get(one)? - effects.get(other)?;
        let before: usize =
            self.effects[..factor].iter().map(|of| of.len().saturating_sub(1)).sum();
        let start = self.thresholds.len() + before;
        let place = |level: usize| level.checked_sub(1).map(|level| start + level);
        let covariance = |a: Option<usize>, b: Option<usize>| match (a, b) {
            (Some(a), Some(b)) => self.covariance[a][b],
            _ => 0.0,
        };
        let (one, other) = (place(one), place(other));
        let variance =
            covariance(one, one) + covariance(other, other) - 2.0 * covariance(one, other);
        Some((estimate, variance.max(0.0).sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(levels: &[usize]) -> Factor {
        Factor { levels: levels.to_vec(), n_levels: levels.iter().max().map_or(0, |most| most + 1) }
    }

    #[test]
    fn two_categories_and_two_groups_give_the_odds_ratio() {
        // 3 of 10 against 6 of 10.
        let ratings: Vec<usize> =
            (0..20).map(|n| usize::from(if n < 10 { n < 3 } else { n < 16 })).collect();
        let group = factor(&(0..20).map(|n| n / 10).collect::<Vec<_>>());
        let fit = fit(&ratings, 2, &[group]).unwrap();
        let odds = |k: f64| (k / (10.0 - k)).ln();
        assert!((fit.effects[0][1] - (odds(6.0) - odds(3.0))).abs() < 1e-9);
        assert!((fit.thresholds[0] + odds(3.0)).abs() < 1e-9);
        let (_, error) = fit.difference(0, [1, 0]).unwrap();
        let by_hand = (1.0 / 3.0 + 1.0 / 7.0 + 1.0 / 6.0 + 1.0 / 4.0_f64).sqrt();
        assert!((error - by_hand).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_estimate_says_why() {
        let group = factor(&[0, 0, 1, 1]);
        assert_eq!(fit(&[], 3, &[]), Err(OrdinalError::NothingToCompare));
        assert_eq!(fit(&[0, 1, 3, 3], 3, &[]), Err(OrdinalError::Shape));
        assert_eq!(fit(&[0, 2, 2, 0], 3, &[]), Err(OrdinalError::EmptyCategory { category: 1 }));
        assert_eq!(
            fit(&[0, 1, 1, 1], 2, std::slice::from_ref(&group)),
            Err(OrdinalError::Separated { factor: 0, level: 1 })
        );
        let gap = Factor { levels: vec![0, 0, 2, 2], n_levels: 3 };
        assert_eq!(
            fit(&[0, 1, 1, 0], 2, &[gap]),
            Err(OrdinalError::EmptyLevel { factor: 0, level: 1 })
        );
        assert_eq!(fit(&[0, 1, 0, 1], 2, &[group.clone(), group]), Err(OrdinalError::Confounded));
        // No level is at an end, yet the highest threshold and the effect can grow together for ever.
        let group = factor(&[0, 0, 0, 1, 1, 1]);
        assert_eq!(fit(&[0, 1, 1, 1, 1, 2], 3, &[group]), Err(OrdinalError::SeparatedTogether));
        let crossed = [factor(&[0, 0, 1, 1]), factor(&[0, 1, 0, 1])];
        assert_eq!(fit(&[0, 1, 1, 2], 3, &crossed), Err(OrdinalError::SeparatedTogether));
    }
}
