//! Owns Kendall's W: how far several rankings of the same things agree.

use super::chi_square;

/// Kendall's coefficient of concordance with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concordance {
    /// 0 for no agreement, 1 for rankings that are all the same; corrected for ties.
    pub w: f64,
    /// m(n − 1)W, which is about chi-square with n − 1 degrees where rankings are unrelated.
    pub chi_square: f64,
    /// Probability of a value this large by chance.
    pub p: f64,
    /// Rankings.
    pub n_rankings: usize,
    /// Things ranked.
    pub n_ranked: usize,
}

/// Kendall's W of scores: each row is one judge's scores of the same things, from which ranks are made, equal scores
/// sharing their mean rank (Kendall & Babington Smith 1939; tie correction as in Siegel & Castellan 1988, 9.6). `None` for
/// fewer than two rows or things, rows of different lengths, or where every row is all ties.
pub fn kendall_w(rows: &[Vec<f64>]) -> Option<Concordance> {
    let n_ranked = rows.first()?.len();
    if rows.len() < 2 || n_ranked < 2 || rows.iter().any(|row| row.len() != n_ranked) {
        return None;
    }
    let (m, n) = (rows.len() as f64, n_ranked as f64);
    let mut sums = vec![0.0; n_ranked];
    let mut ties = 0.0;
    for row in rows {
        let (ranks, of_row) = mid_ranks(row);
        ties += of_row;
        for (sum, rank) in sums.iter_mut().zip(ranks) {
            *sum += rank;
        }
    }
    let mean = m * (n + 1.0) / 2.0;
    let squares: f64 = sums.iter().map(|sum| (sum - mean).powi(2)).sum();
    let most = m * m * (n.powi(3) - n) - m * ties;
    if most <= 0.0 {
        return None;
    }
    let w = 12.0 * squares / most;
    let chi_square = m * (n - 1.0) * w;
    let p = chi_square::upper_tail(chi_square, (n_ranked - 1) as f64);
    Some(Concordance { w, chi_square, p, n_rankings: rows.len(), n_ranked })
}

/// Ranks from 1, equal values sharing their mean; and the sum of t³ − t over groups of t equal values.
fn mid_ranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut ties = 0.0;
    for group in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        let first = order.partition_point(|idx| values[*idx].total_cmp(&values[group[0]]).is_lt());
        let n = group.len() as f64;
        for idx in group {
            ranks[*idx] = first as f64 + f64::midpoint(n, 1.0);
        }
        ties += n.powi(3) - n;
    }
    (ranks, ties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rankings_agree_wholly_and_ties_alone_say_nothing() {
        let rows = vec![vec![1.0, 2.0, 3.0]; 4];
        assert!((kendall_w(&rows).unwrap().w - 1.0).abs() < 1e-12);
        let tied = vec![vec![1.0, 1.0, 2.0]; 3];
        assert!((kendall_w(&tied).unwrap().w - 1.0).abs() < 1e-12);
        assert_eq!(kendall_w(&[vec![2.0, 2.0], vec![1.0, 1.0]]), None);
        assert_eq!(kendall_w(&[vec![2.0, 1.0], vec![1.0]]), None);
        assert_eq!(kendall_w(&[vec![2.0, 1.0]]), None);
    }
}
