//! Owns the bootstrap: what a figure would be if other units of the same sort had been drawn, and the range of such values.

use super::Interval;
use super::random::SplitMix64;

/// What `figure` gives of `n_resamples` samples of `n` units, drawn with replacement; a sample comes as indices. Samples in
/// which the figure is not defined are left out. The same `seed` draws the same samples.
pub fn resampled(
    n: usize,
    (n_resamples, seed): (usize, u64),
    mut figure: impl FnMut(&[usize]) -> Option<f64>,
) -> Vec<f64> {
    let mut random = SplitMix64::new(seed);
    let mut drawn = vec![0; n];
    let mut values = Vec::with_capacity(n_resamples);
    for _ in 0..n_resamples {
        for idx in &mut drawn {
            *idx = usize::try_from(random.below(n as u64)).unwrap_or(0);
        }
        values.extend(figure(&drawn));
    }
    values
}

/// The values between which the middle `confidence` of these lie, by linear interpolation between ranks; `None` without any.
pub fn middle(mut values: Vec<f64>, confidence: f64) -> Option<Interval> {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (values.len().checked_sub(1)? as f64);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a rank of the list
        let below = place.floor() as usize;
        let (low, high) = (values.get(below)?, values.get(below + 1).or(values.last())?);
        Some(low + (high - low) * (place - place.floor()))
    };
    let tail = (1.0 - confidence) / 2.0;
    Some(Interval { low: at(tail)?, high: at(1.0 - tail)? })
}

/// Standard deviation of values, with denominator n; `None` without any.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    (!values.is_empty()).then(|| variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_taken_between_ranks() {
        let interval = middle((0..=100).map(f64::from).collect(), 0.95).unwrap();
        assert!((interval.low - 2.5).abs() < 1e-12 && (interval.high - 97.5).abs() < 1e-12);
        assert_eq!(middle(vec![], 0.95), None);
    }
}
