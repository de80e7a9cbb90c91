//! Owns seeded samples: which items of many are asked.

use crate::stats::random::SplitMix64;

/// Indices of `n` of `n_available` items, drawn without replacement, ascending; all of them when `n` is as large.
///
/// The same seed gives the same items on every machine: `SplitMix64` (Steele, Lea and Flood 2014, with Vigna's constants) started at
/// the seed feeds a partial Fisher-Yates shuffle: for i = 0, 1, … n−1 the item at i changes places with the one at i + r, r uniform below
/// `n_available` − i, by taking the next number modulo that bound unless it lies in the incomplete last stretch of 2⁶⁴, in
/// which case the one after it is taken.
pub fn sample(n_available: usize, n: usize, seed: u64) -> Vec<usize> {
    let mut idxs: Vec<usize> = (0..n_available).collect();
    if n >= n_available {
        return idxs;
    }
    let mut numbers = SplitMix64::new(seed);
    for idx in 0..n {
        idxs.swap(idx, idx + below(&mut numbers, n_available - idx));
    }
    idxs.truncate(n);
    idxs.sort_unstable();
    idxs
}

/// Uniform below `bound`, which is above 0.
fn below(numbers: &mut SplitMix64, bound: usize) -> usize {
    let bound = bound as u64;
    let tail = (u64::MAX % bound + 1) % bound;
    loop {
        let number = numbers.next_u64();
        if number <= u64::MAX - tail {
            // Below `bound`, which came from a usize.
            #[allow(clippy::cast_possible_truncation)]
            return (number % bound) as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_seed_gives_the_same_items_for_ever() {
        assert_eq!(sample(10, 4, 62), sample(10, 4, 62));
        assert_eq!(sample(1_273, 5, 62), [264, 832, 845, 970, 1_170]);
    }

    #[test]
    fn asking_for_all_or_more_gives_all_in_order() {
        assert_eq!(sample(3, 3, 1), [0, 1, 2]);
        assert_eq!(sample(3, 9, 1), [0, 1, 2]);
        assert_eq!(sample(0, 9, 1), [0_usize; 0]);
        assert_eq!(sample(9, 0, 1), [0_usize; 0]);
    }

    #[test]
    fn every_item_is_drawn_about_equally_often() {
        let mut counts = [0_u32; 10];
        for seed in 0..20_000 {
            for idx in sample(10, 3, seed) {
                counts[idx] += 1;
            }
        }
        // 6,000 expected each, standard deviation 65.
        assert!(counts.iter().all(|count| (5_700..6_300).contains(count)), "{counts:?}");
    }

    proptest! {
        #[test]
        fn a_sample_is_ascending_within_bounds_and_without_repeats(n_available in 0_usize..400, n in 0_usize..500, seed: u64) {
            let drawn = sample(n_available, n, seed);
            prop_assert_eq!(drawn.len(), n.min(n_available));
            prop_assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(drawn.iter().all(|idx| *idx < n_available));
        }
    }
}
