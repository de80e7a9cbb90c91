//! Owns the bootstrap over clusters: what figures would be if other questions of the same sort had been drawn.

use super::random::SplitMix64;
use super::ranks::ranks;
use super::{Interval, normal};

/// How a bootstrap is made. The same values give the same figures on every machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// How many samples are drawn.
    pub n_resamples: usize,
    /// Starts the generator, and is shown beside the figures.
    pub seed: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
}

/// What a bootstrap found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// The figure itself.
    pub estimate: f64,
    /// Standard deviation of the resampled figures.
    pub standard_error: f64,
    /// From quantile to quantile of the resampled figures.
    pub percentile: Interval,
    /// Bias-corrected and accelerated (Efron 1987), which holds its confidence better where figures are skewed; `None`
    /// where it is not defined, as when all resampled figures are the same.
    pub bca: Option<Interval>,
}

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
        random.fill_indices(n, &mut drawn);
        values.extend(figure(&drawn));
    }
    values
}

/// The values between which the middle `confidence` of these lie, by linear interpolation between ranks; `None` without any.
pub fn middle(mut values: Vec<f64>, confidence: f64) -> Option<Interval> {
    values.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    (!values.is_empty()).then(|| between(&values, tail, 1.0 - tail))
}

/// Standard deviation of values, with denominator n; `None` without any.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    (!values.is_empty()).then(|| variance.sqrt())
}

/// The bootstrap of Σ value / Σ weight over clusters, each given as the sum of its values and the sum of its weights.
/// For a mean of paired differences: the sum and the number of the differences of one question, case or source. `None`
/// without two clusters of some weight, or without a sample.
pub fn of_clusters(clusters: &[(f64, f64)], how: Resampling) -> Option<Bootstrap> {
    let clusters: Vec<(f64, f64)> =
        clusters.iter().copied().filter(|(_, weight)| *weight > 0.0).collect();
    if clusters.len() < 2 || how.n_resamples == 0 {
        return None;
    }
    let ratio = |(sum, weight): (f64, f64)| sum / weight;
    let add = |a: (f64, f64), b: &(f64, f64)| (a.0 + b.0, a.1 + b.1);
    let total = clusters.iter().fold((0.0, 0.0), add);
    let replicates = resampled(clusters.len(), (how.n_resamples, how.seed), |drawn| {
        Some(ratio(drawn.iter().fold((0.0, 0.0), |sum, idx| add(sum, &clusters[*idx]))))
    });
    let without_one: Vec<f64> =
        clusters.iter().map(|cluster| ratio((total.0 - cluster.0, total.1 - cluster.1))).collect();
    Some(summary(ratio(total), &sorted(replicates), &without_one, how.confidence))
}

/// Values in ascending order: counted where they are whole numbers close to each other, as sums of right answers are.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within MAX_SPAN")]
fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    const MAX_SPAN: f64 = 20_000.0;
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let is_countable = high - low <= MAX_SPAN && values.iter().all(|value| value.fract() == 0.0);
    if !is_countable {
        values.sort_by(f64::total_cmp);
        return values;
    }
    let mut counts = vec![0_usize; (high - low) as usize + 1];
    for value in &values {
        counts[(value - low) as usize] += 1;
    }
    values.clear();
    for (step, n) in counts.into_iter().enumerate() {
        values.extend(std::iter::repeat_n(low + step as f64, n));
    }
    values
}

/// Puts a bootstrap's figures together. `replicates` must ascend; `without_one` holds the figure without each cluster in
/// turn.
fn summary(estimate: f64, replicates: &[f64], without_one: &[f64], confidence: f64) -> Bootstrap {
    let n = replicates.len() as f64;
    let mean = replicates.iter().sum::<f64>() / n;
    let squares: f64 = replicates.iter().map(|value| (value - mean).powi(2)).sum();
    let tail = (1.0 - confidence) / 2.0;
    Bootstrap {
        estimate,
        standard_error: (squares / (n - 1.0).max(1.0)).sqrt(),
        percentile: between(replicates, tail, 1.0 - tail),
        bca: bca(replicates, estimate, without_one, confidence),
    }
}

/// The bias-corrected and accelerated interval (Efron & Tibshirani 1993, chapter 14), as scipy computes it: resampled figures equal to the
/// estimate count half. `sorted` must ascend.
pub fn bca(
    sorted: &[f64],
    estimate: f64,
    without_one: &[f64],
    confidence: f64,
) -> Option<Interval> {
    let n = sorted.len() as f64;
    // Sums in another order differ in their last digits; they are the same figure all the same.
    let within = 1e-12 * estimate.abs().max(1e-3);
    let below = sorted.partition_point(|value| *value < estimate - within) as f64;
    let not_above = sorted.partition_point(|value| *value <= estimate + within) as f64;
    let share = (below + not_above) / (2.0 * n);
    if share <= 0.0 || share >= 1.0 {
        return None;
    }
    let shift = normal::quantile(share);
    let centre = without_one.iter().sum::<f64>() / without_one.len() as f64;
    let gaps = || without_one.iter().map(|value| centre - value);
    let squares: f64 = gaps().map(|gap| gap * gap).sum();
    if squares <= 0.0 {
        return None;
    }
    let acceleration = gaps().map(|gap| gap.powi(3)).sum::<f64>() / (6.0 * squares.powf(1.5));
    let level = |z: f64| {
        let moved = shift + z;
        normal::upper_tail(-(shift + moved / (1.0 - acceleration * moved)))
    };
    let z = normal::z_of(confidence);
    Some(between(sorted, level(-z), level(z)))
}

/// From quantile to quantile of ascending values, interpolated as numpy does (Hyndman & Fan 1996, type 7).
pub(super) fn between(sorted: &[f64], low: f64, high: f64) -> Interval {
    Interval { low: quantile(sorted, low), high: quantile(sorted, high) }
}

/// A quantile of ascending values; 0 where there is none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the length")]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * sorted.len().saturating_sub(1) as f64;
    let below = place.floor() as usize;
    let value = |idx: usize| sorted.get(idx).or(sorted.last()).copied().unwrap_or_default();
    value(below) + (place - below as f64) * (value(below + 1) - value(below))
}

/// Several models over the same clusters, resampled together: one set of draws serves all pairs and ranks.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// By model: the sum of each sample, in parts of [`Self::unit`].
    sums: Vec<Vec<f64>>,
    /// What a sum of 1 is as a mean score.
    unit: f64,
    /// By model, by cluster.
    scores: Vec<Vec<f64>>,
    how: Resampling,
}

/// A [`Joint`] that is being drawn, some samples at a time, so that a page can do other things in between.
#[derive(Debug, Clone)]
pub struct Draws {
    joint: Joint,
    random: SplitMix64,
    drawn: Vec<usize>,
    rows: Rows,
    n_left: usize,
}

/// The ranks that a model had over the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankSpread {
    /// Mean rank.
    pub mean: f64,
    /// The rank below which at most half of what the confidence leaves lies.
    pub best: usize,
    /// The rank above which at most that much lies.
    pub worst: usize,
    /// Share of samples in which it came first, ties shared.
    pub first: f64,
}

/// The scores of all models by cluster, laid so that one draw adds neighbours in memory.
#[derive(Debug, Clone)]
enum Rows {
    /// As they are.
    Plain(Vec<f64>),
    /// Scores that are whole multiples of a unit, several to a word: a sum of any sample fits into its lane. By block of
    /// words, then by cluster.
    Packed { blocks: Vec<Vec<[u64; N_WORDS]>>, n_bits: u32 },
}

/// Words that are added at once.
const N_WORDS: usize = 4;
/// The finest part of 1 that scores are tried to be multiples of: with so many repeats, answers are.
const MAX_PARTS: u32 = 60;

/// The least number of parts of 1 of which all scores are whole multiples from 0 on.
fn parts(scores: &[Vec<f64>]) -> Option<u32> {
    (1..=MAX_PARTS).find(|parts| {
        let is_whole = |score: &f64| {
            let n = score * f64::from(*parts);
            (0.0..4e9).contains(&n) && (n - n.round()).abs() < 1e-9
        };
        scores.iter().flatten().all(is_whole)
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked by parts()")]
fn whole(score: f64, parts: u32) -> u64 {
    (score * f64::from(parts)).round() as u64
}

impl Rows {
    fn packed(scores: &[Vec<f64>], parts: u32) -> Option<Self> {
        let n_clusters = scores.first()?.len();
        let most = scores.iter().flatten().map(|score| whole(*score, parts)).max()?;
        let n_bits = (most * n_clusters as u64).checked_ilog2().map_or(1, |log| log + 1);
        let n_lanes = usize::try_from(u64::BITS / n_bits).ok().filter(|n| 1 < *n)?;
        let blocks = scores.chunks(n_lanes * N_WORDS).map(|models| {
            let row = |cluster: usize| {
                let mut words = [0_u64; N_WORDS];
                for (word, lanes) in words.iter_mut().zip(models.chunks(n_lanes)) {
                    for of_model in lanes.iter().rev() {
                        *word = (*word << n_bits) | whole(of_model[cluster], parts);
                    }
                }
                words
            };
            (0..n_clusters).map(row).collect()
        });
        Some(Self::Packed { blocks: blocks.collect(), n_bits })
    }

    fn plain(scores: &[Vec<f64>], n_clusters: usize) -> Self {
        let row = |cluster| scores.iter().map(move |of_model| of_model[cluster]);
        Self::Plain((0..n_clusters).flat_map(row).collect())
    }

    /// Adds the sum of a sample to each model's list.
    fn add(&self, drawn: &[usize], lists: &mut [Vec<f64>]) {
        match self {
            Self::Plain(by_cluster) => {
                let n_models = lists.len();
                let mut sums = vec![0.0; n_models];
                for idx in drawn {
                    let row = &by_cluster[idx * n_models..(idx + 1) * n_models];
                    for (sum, score) in sums.iter_mut().zip(row) {
                        *sum += score;
                    }
                }
                for (of_model, sum) in lists.iter_mut().zip(&sums) {
                    of_model.push(*sum);
                }
            }
            Self::Packed { blocks, n_bits } => {
                let n_lanes = (u64::BITS / n_bits) as usize;
                let mask = (1_u64 << n_bits) - 1;
                for (models, rows) in lists.chunks_mut(n_lanes * N_WORDS).zip(blocks) {
                    let [mut a, mut b, mut c, mut d] = [0_u64; N_WORDS];
                    for idx in drawn {
                        let row = &rows[*idx];
                        a += row[0];
                        b += row[1];
                        c += row[2];
                        d += row[3];
                    }
                    for (word, lanes) in [a, b, c, d].iter().zip(models.chunks_mut(n_lanes)) {
                        let mut word = *word;
                        for of_model in lanes {
                            of_model.push((word & mask) as f64);
                            word >>= n_bits;
                        }
                    }
                }
            }
        }
    }
}

impl Draws {
    /// Draws so many further samples; the result once all are drawn.
    pub fn go_on(mut self: Box<Self>, n: usize) -> Result<Joint, Box<Self>> {
        let n = n.min(self.n_left);
        self.n_left -= n;
        for _ in 0..n {
            self.random.fill_indices(self.drawn.len(), &mut self.drawn);
            self.rows.add(&self.drawn, &mut self.joint.sums);
        }
        if self.n_left == 0 { Ok(self.joint) } else { Err(self) }
    }
}

impl Joint {
    /// Begins to resample the mean scores of models; each has one score per cluster, all in the same order. `None` where
    /// lengths differ, or without two clusters or a sample.
    pub fn begin(scores: Vec<Vec<f64>>, how: Resampling) -> Option<Box<Draws>> {
        let n_clusters = scores.first()?.len();
        if n_clusters < 2 || how.n_resamples == 0 || scores.iter().any(|s| s.len() != n_clusters) {
            return None;
        }
        let packed = parts(&scores).and_then(|parts| Some((parts, Rows::packed(&scores, parts)?)));
        let (parts, rows) = packed.unwrap_or_else(|| (1, Rows::plain(&scores, n_clusters)));
        let unit = 1.0 / (f64::from(parts) * n_clusters as f64);
        let sums = vec![Vec::with_capacity(how.n_resamples); scores.len()];
        Some(Box::new(Draws {
            joint: Self { sums, unit, scores, how },
            random: SplitMix64::new(how.seed),
            drawn: vec![0; n_clusters],
            rows,
            n_left: how.n_resamples,
        }))
    }

    /// [`Self::begin`], drawn to the end.
    pub fn of(scores: &[Vec<f64>], how: Resampling) -> Option<Self> {
        Self::begin(scores.to_vec(), how)?.go_on(how.n_resamples).ok()
    }

    /// The difference of two models. Indices must be those of the scores.
    pub fn difference(&self, first: usize, second: usize) -> Bootstrap {
        let pairs = self.sums[first].iter().zip(&self.sums[second]);
        let differences: Vec<f64> = pairs.map(|(one, other)| one - other).collect();
        let mut replicates = sorted(differences);
        for value in &mut replicates {
            *value *= self.unit;
        }
        let differences: Vec<f64> = self.scores[first]
            .iter()
            .zip(&self.scores[second])
            .map(|(one, other)| one - other)
            .collect();
        let n = differences.len() as f64;
        let total: f64 = differences.iter().sum();
        let without_one: Vec<f64> =
            differences.iter().map(|value| (total - value) / (n - 1.0)).collect();
        summary(total / n, &replicates, &without_one, self.how.confidence)
    }

    /// The ranks of each model over the samples, 1 for the highest mean; tied ones share the best of their ranks.
    pub fn ranks(&self) -> Vec<RankSpread> {
        const EQUAL_WITHIN: f64 = 1e-9;
        let n_models = self.sums.len();
        let mut counts = vec![vec![0_usize; n_models + 1]; n_models];
        let mut first = vec![0.0; n_models];
        let mut means = vec![0.0; n_models];
        for sample in 0..self.how.n_resamples {
            for (model, of_model) in self.sums.iter().enumerate() {
                means[model] = of_model[sample] * self.unit;
            }
            for (model, rank) in ranks(&means, EQUAL_WITHIN).iter().enumerate() {
                counts[model][rank.rank] += 1;
                if rank.rank == 1 {
                    first[model] += 1.0 / rank.n_tied as f64;
                }
            }
        }
        let n = self.how.n_resamples as f64;
        let tail = (1.0 - self.how.confidence) / 2.0 * n;
        counts
            .iter()
            .zip(first)
            .map(|(counts, first)| {
                let sum: usize = counts.iter().enumerate().map(|(rank, n)| rank * n).sum();
                RankSpread {
                    mean: sum as f64 / n,
                    best: passes(counts.iter().copied().enumerate(), tail),
                    worst: passes(counts.iter().copied().enumerate().rev(), tail),
                    first: first / n,
                }
            })
            .collect()
    }
}

/// The first rank at which more than `tail` samples have been seen.
fn passes(counts: impl Iterator<Item = (usize, usize)>, tail: f64) -> usize {
    let mut seen = 0;
    for (rank, n) in counts {
        seen += n;
        if seen as f64 > tail {
            return rank;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: Resampling = Resampling { n_resamples: 2_000, seed: 62, confidence: 0.95 };

    #[test]
    fn the_middle_is_taken_between_ranks() {
        let interval = middle((0..=100).map(f64::from).collect(), 0.95).unwrap();
        assert!((interval.low - 2.5).abs() < 1e-12 && (interval.high - 97.5).abs() < 1e-12);
        assert_eq!(middle(vec![], 0.95), None);
    }

    #[test]
    fn two_models_resampled_together_are_the_bootstrap_of_their_difference() {
        let scores: Vec<Vec<f64>> = [3_usize, 7]
            .map(|step| (0..60).map(|n| (n * step % 11) as f64 / 10.0).collect())
            .to_vec();
        let joint = Joint::of(&scores, HOW).unwrap().difference(0, 1);
        let differences: Vec<(f64, f64)> =
            scores[0].iter().zip(&scores[1]).map(|(one, other)| (one - other, 1.0)).collect();
        let alone = of_clusters(&differences, HOW).unwrap();
        assert!((joint.estimate - alone.estimate).abs() < 1e-12);
        assert!((joint.standard_error - alone.standard_error).abs() < 1e-12);
        assert!((joint.percentile.low - alone.percentile.low).abs() < 1e-12);
        let (joint, alone) = (joint.bca.unwrap(), alone.bca.unwrap());
        assert!((joint.high - alone.high).abs() < 1e-9 && (joint.low - alone.low).abs() < 1e-9);
    }

    #[test]
    fn sums_are_the_same_packed_or_plain_at_once_or_in_parts() {
        // 23 models of thirds: more than one block of words.
        let scores: Vec<Vec<f64>> = (0..23_usize)
            .map(|model| (0..200).map(|n| (n * (model + 3) % 4).min(3) as f64 / 3.0).collect())
            .collect();
        let at_once = Joint::of(&scores, HOW).unwrap();
        let mut draws = Joint::begin(scores.clone(), HOW).unwrap();
        assert!(matches!(draws.rows, Rows::Packed { .. }));
        let in_parts = loop {
            match draws.go_on(300) {
                Ok(joint) => break joint,
                Err(rest) => draws = rest,
            }
        };
        assert_eq!(at_once, in_parts);
        let mut plain = Joint::begin(scores.clone(), HOW).unwrap();
        plain.rows = Rows::plain(&scores, 200);
        plain.joint.unit = 1.0 / 200.0;
        let plain = plain.go_on(HOW.n_resamples).unwrap();
        let (one, other) = (at_once.difference(0, 22), plain.difference(0, 22));
        assert!((one.standard_error - other.standard_error).abs() < 1e-12);
        assert!((one.percentile.low - other.percentile.low).abs() < 1e-12);
        assert_eq!(at_once.ranks()[5].best, plain.ranks()[5].best);
    }

    #[test]
    fn what_is_counted_is_sorted() {
        assert_eq!(sorted(vec![3.0, -1.0, 3.0, 0.0]), [-1.0, 0.0, 3.0, 3.0]);
        assert_eq!(sorted(vec![0.5, -1.0]), [-1.0, 0.5]);
        assert!(sorted(vec![]).is_empty());
    }

    #[test]
    fn ranks_of_equal_models_are_tied_and_a_clear_order_is_certain() {
        let (good, bad) = (vec![1.0; 30], vec![0.0; 30]);
        let found = Joint::of(&[bad, good.clone(), good], HOW).unwrap().ranks();
        assert_eq!((found[0].best, found[0].worst), (3, 3));
        assert_eq!((found[1].best, found[1].worst), (1, 1));
        assert!((found[1].first - 0.5).abs() < 1e-12 && found[0].first.abs() < 1e-12);
    }

    #[test]
    fn where_nothing_varies_there_is_no_bca() {
        let found = of_clusters(&[(0.5, 1.0); 9], HOW).unwrap();
        assert_eq!((found.bca, found.standard_error.abs() < 1e-12), (None, true));
        assert!(of_clusters(&[(1.0, 1.0), (0.0, 0.0)], HOW).is_none());
        assert!(Joint::of(&[vec![0.0, 1.0], vec![0.0]], HOW).is_none());
    }
}
