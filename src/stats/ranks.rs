//! Owns ranks: who stands where, who is tied, and between which ranks each may truly stand.

/// A rank, 1 for the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// One more than the number of values that are higher; tied values share it, and the next rank is left out.
    pub rank: usize,
    /// How many have the same value, itself counted.
    pub n_tied: usize,
}

/// Ranks of values, highest first. Values closer than `tie_within` count as equal: rounding must not rank.
pub fn ranks(values: &[f64], tie_within: f64) -> Vec<Rank> {
    values
        .iter()
        .map(|value| Rank {
            rank: 1 + values.iter().filter(|other| **other - value > tie_within).count(),
            n_tied: values.iter().filter(|other| (**other - value).abs() <= tie_within).count(),
        })
        .collect()
}

/// The ranks between which one may truly stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankRange {
    /// The best one that the comparisons allow.
    pub best: usize,
    /// The worst one that they allow.
    pub worst: usize,
}

/// Ranges of ranks from pairwise tests: from one more than those shown to be ahead, to the number of all less those
/// shown to be behind. Where the tests together keep their error rate, as after Holm's adjustment, all ranges hold
/// together with that confidence (Al Mohamad, Goeman & van Zwet 2022, Biometrics 78:1–13; Mogstad and others 2024).
/// `is_ahead(a, b)` says whether a was shown to be ahead of b.
pub fn rank_ranges(n: usize, is_ahead: impl Fn(usize, usize) -> bool) -> Vec<RankRange> {
    (0..n)
        .map(|one| {
            let others = || (0..n).filter(|other| *other != one);
            RankRange {
                best: 1 + others().filter(|other| is_ahead(*other, one)).count(),
                worst: n - others().filter(|other| is_ahead(one, *other)).count(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_rank_and_the_next_is_left_out() {
        let found = ranks(&[0.5, 0.9, 0.5, 0.5 + 1e-15, 0.1], 1e-12);
        let known = [(2, 3), (1, 1), (2, 3), (2, 3), (5, 1)];
        assert_eq!(found, known.map(|(rank, n_tied)| Rank { rank, n_tied }));
    }

    #[test]
    fn only_what_was_shown_narrows_a_range() {
        let known = [(1, 2), (1, 3), (2, 3)].map(|(best, worst)| RankRange { best, worst });
        assert_eq!(rank_ranges(3, |a, b| (a, b) == (0, 2)), known);
        assert_eq!(rank_ranges(2, |_, _| false), [RankRange { best: 1, worst: 2 }; 2]);
    }
}
