//! Owns agreement between raters: per cent, Cohen's and Fleiss' kappa, Krippendorff's alpha.
//!
//! All but the per cent are corrected for the agreement that chance would bring, and are not defined where every rating is
//! the same: then there is no disagreement to expect. 1 is perfect agreement, 0 that of chance.

use std::collections::BTreeMap;

use super::Interval;
use super::bootstrap::{middle, resampled};

/// How far apart two ratings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Ratings are the same or not.
    Unweighted,
    /// By the distance of the categories in their order.
    Linear,
    /// By its square.
    Quadratic,
}

impl Weights {
    fn of(self, one: usize, other: usize) -> f64 {
        let distance = one.abs_diff(other) as f64;
        match self {
            Self::Unweighted => f64::from(u8::from(one != other)),
            Self::Linear => distance,
            Self::Quadratic => distance * distance,
        }
    }
}

/// What the numbers of ratings mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Names: the same or not.
    Nominal,
    /// Ranks.
    Ordinal,
    /// Amounts, whose differences can be compared.
    Interval,
}

/// Share of the pairs of ratings of one unit that are the same, over all pairs of all units; `None` without a pair. Units
/// are lists of ratings, `None` where one is missing.
pub fn percent_agreement(units: &[Vec<Option<f64>>]) -> Option<f64> {
    let (mut n_same, mut n) = (0_u64, 0_u64);
    for unit in units {
        let ratings: Vec<f64> = unit.iter().flatten().copied().collect();
        for (idx, one) in ratings.iter().enumerate() {
            for other in ratings.iter().skip(idx + 1) {
                n += 1;
                n_same += u64::from(one.total_cmp(other).is_eq());
            }
        }
    }
    (0 < n).then(|| n_same as f64 / n as f64)
}

/// Cohen's kappa of two raters over units that both rated (Cohen 1960; weighted, 1968): pairs of categories below
/// `n_categories`, others are passed over. `None` where it is not defined.
pub fn cohen_kappa(pairs: &[(usize, usize)], n_categories: usize, weights: Weights) -> Option<f64> {
    let (mut n, mut observed) = (0.0, 0.0);
    let mut first = vec![0.0; n_categories];
    let mut second = vec![0.0; n_categories];
    for (one, other) in pairs {
        if *one < n_categories && *other < n_categories {
            n += 1.0;
            observed += weights.of(*one, *other);
            first[*one] += 1.0;
            second[*other] += 1.0;
        }
    }
    let mut expected = 0.0;
    for (one, n_one) in first.iter().enumerate() {
        for (other, n_other) in second.iter().enumerate() {
            expected += weights.of(one, other) * n_one * n_other;
        }
    }
    expected /= n;
    (0.0 < n && 0.0 < expected).then(|| 1.0 - observed / expected)
}

/// Fleiss' kappa (1971): for each unit how many raters chose each category, as many raters for each unit. `None` where
/// units differ in that, or it is not defined.
pub fn fleiss_kappa(table: &[Vec<usize>]) -> Option<f64> {
    let n_raters: usize = table.first()?.iter().sum();
    let n_categories = table.first()?.len();
    let is_even =
        |row: &Vec<usize>| row.len() == n_categories && row.iter().sum::<usize>() == n_raters;
    if n_raters < 2 || !table.iter().all(is_even) {
        return None;
    }
    let (n, m) = (table.len() as f64, n_raters as f64);
    let of_unit = |row: &Vec<usize>| {
        let same: f64 = row.iter().map(|count| (*count as f64) * (*count as f64 - 1.0)).sum();
        same / (m * (m - 1.0))
    };
    let observed = table.iter().map(of_unit).sum::<f64>() / n;
    let share = |category: usize| {
        table.iter().filter_map(|row| row.get(category)).sum::<usize>() as f64 / (n * m)
    };
    let expected: f64 = (0..n_categories).map(|category| share(category).powi(2)).sum();
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

/// Krippendorff's alpha, with any number of raters and missing ratings (Krippendorff 2011). Units are lists of ratings,
/// `None` where one is missing; units with fewer than two ratings do not count. `None` where it is not defined.
pub fn krippendorff_alpha(units: &[Vec<Option<f64>>], level: Level) -> Option<f64> {
    let coded = Coded::of(units, |_| 0);
    coded.alpha(level, &vec![1; coded.clusters.len()])
}

/// Alpha's interval is not computed over more values than this: ratings have few.
const MAX_VALUES: usize = 64;

/// The interval of alpha by resampling clusters of units, such as the criteria of one item: percentiles of
/// the values of [so many samples, drawn from a seed](resampled), with the middle `confidence` between them. `cluster_of` has
/// each unit's cluster, counted from zero. `None` where alpha is not defined in any sample.
pub fn krippendorff_interval(
    units: &[Vec<Option<f64>>],
    cluster_of: impl Fn(usize) -> usize,
    level: Level,
    drawing: (usize, u64),
    confidence: f64,
) -> Option<Interval> {
    let coded = Coded::of(units, cluster_of);
    let n = coded.clusters.len();
    if MAX_VALUES < coded.values.len() {
        return None;
    }
    let mut weights = vec![0_u32; n];
    let values = resampled(n, drawing, |drawn| {
        weights.fill(0);
        for idx in drawn {
            weights[*idx] += 1;
        }
        coded.alpha(level, &weights)
    });
    middle(values, confidence)
}

/// Units with at least two ratings, as pairs of values.
struct Coded {
    /// In ascending order.
    values: Vec<f64>,
    /// Of each cluster with a unit: how often values stand together in its units, each unit weighing as its number of
    /// ratings; row by row.
    clusters: Vec<Vec<f64>>,
}

impl Coded {
    fn of(units: &[Vec<Option<f64>>], cluster_of: impl Fn(usize) -> usize) -> Self {
        let mut values: Vec<f64> = units.iter().flatten().flatten().copied().collect();
        values.sort_by(f64::total_cmp);
        values.dedup_by(|a, b| a.total_cmp(b).is_eq());
        let index = |value: f64| values.binary_search_by(|known| known.total_cmp(&value)).ok();
        let mut clusters: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (unit_idx, unit) in units.iter().enumerate() {
            let ratings: Vec<usize> =
                unit.iter().flatten().filter_map(|value| index(*value)).collect();
            if ratings.len() < 2 {
                continue;
            }
            let pairs = clusters
                .entry(cluster_of(unit_idx))
                .or_insert_with(|| vec![0.0; values.len() * values.len()]);
            let share = 1.0 / (ratings.len() as f64 - 1.0);
            for (place, one) in ratings.iter().enumerate() {
                for (other_place, other) in ratings.iter().enumerate() {
                    if place != other_place {
                        pairs[one * values.len() + other] += share;
                    }
                }
            }
        }
        Self { values, clusters: clusters.into_values().collect() }
    }

    /// Alpha where each cluster counts so many times.
    fn alpha(&self, level: Level, weights: &[u32]) -> Option<f64> {
        let n_values = self.values.len();
        let mut pairs = vec![0.0; n_values * n_values];
        for (cluster, weight) in self.clusters.iter().zip(weights).filter(|(_, n)| 0 < **n) {
            for (sum, share) in pairs.iter_mut().zip(cluster) {
                *sum += f64::from(*weight) * share;
            }
        }
        let rows: Vec<&[f64]> = pairs.chunks(n_values.max(1)).collect();
        let margins: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
        let n: f64 = margins.iter().sum();
        let (mut observed, mut expected) = (0.0, 0.0);
        for (one, row) in rows.iter().enumerate() {
            for (other, share) in row.iter().enumerate() {
                let distance = self.distance(level, &margins, one, other);
                observed += share * distance;
                expected += margins[one] * margins[other] * distance;
            }
        }
        (0.0 < expected).then(|| 1.0 - (n - 1.0) * observed / expected)
    }

    /// The squared distance of two values.
    fn distance(&self, level: Level, margins: &[f64], one: usize, other: usize) -> f64 {
        match level {
            Level::Nominal => f64::from(u8::from(one != other)),
            Level::Interval => (self.values[one] - self.values[other]).powi(2),
            Level::Ordinal => {
                let (low, high) = (one.min(other), one.max(other));
                let between: f64 = margins[low..=high].iter().sum();
                if low == high {
                    0.0
                } else {
                    (between - f64::midpoint(margins[low], margins[high])).powi(2)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::SplitMix64;

    #[test]
    fn without_disagreement_to_expect_nothing_is_defined() {
        assert_eq!(cohen_kappa(&[(1, 1), (1, 1)], 2, Weights::Unweighted), None);
        assert_eq!(cohen_kappa(&[], 2, Weights::Linear), None);
        assert_eq!(cohen_kappa(&[(5, 0)], 2, Weights::Quadratic), None);
        assert_eq!(fleiss_kappa(&[vec![3, 0], vec![3, 0]]), None);
        assert_eq!(fleiss_kappa(&[vec![3, 0], vec![1, 1]]), None);
        assert_eq!(fleiss_kappa(&[]), None);
        let same = vec![vec![Some(1.0), Some(1.0)], vec![Some(1.0), Some(1.0)]];
        assert_eq!(krippendorff_alpha(&same, Level::Nominal), None);
        assert_eq!(krippendorff_alpha(&[], Level::Ordinal), None);
        assert_eq!(krippendorff_interval(&same, |n| n, Level::Nominal, (10, 1), 0.95), None);
        assert_eq!(percent_agreement(&[vec![Some(1.0), None]]), None);
    }

    #[test]
    fn per_cent_counts_pairs() {
        let units = vec![vec![Some(1.0), Some(1.0), Some(0.0)], vec![None, Some(2.0), Some(2.0)]];
        assert_eq!(percent_agreement(&units), Some(0.5));
    }

    #[test]
    fn the_interval_holds_the_value_and_comes_back_with_its_seed() {
        let mut random = SplitMix64::new(3);
        let units: Vec<Vec<Option<f64>>> = (0..200)
            .map(|_| {
                let truth = random.below(2) as f64;
                (0..3)
                    .map(|_| Some(if random.below(5) == 0 { 1.0 - truth } else { truth }))
                    .collect()
            })
            .collect();
        let alpha = krippendorff_alpha(&units, Level::Nominal).unwrap();
        let interval =
            krippendorff_interval(&units, |n| n / 2, Level::Nominal, (500, 9), 0.95).unwrap();
        assert!(interval.low < alpha && alpha < interval.high, "{interval:?} {alpha}");
        assert!(interval.high - interval.low < 0.25);
        let again = krippendorff_interval(&units, |n| n / 2, Level::Nominal, (500, 9), 0.95);
        assert_eq!(again, Some(interval));
    }
}
