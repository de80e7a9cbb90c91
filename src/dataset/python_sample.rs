//! Owns the samples that Python's `random.Random(seed).sample(range(n), k)` draws, so that published samples can be drawn
//! again: the study of general-purpose and clinical systems took its items this way, with seed 62.
//!
//! Source: `CPython`, `Lib/random.py` (`sample`, `_randbelow_with_getrandbits`) and `Modules/_randommodule.c`, the same in
//! versions 3.2 to 3.14; the generator is MT19937 (Matsumoto and Nishimura 1998).

use std::collections::BTreeSet;

const N: usize = 624;
const M: usize = 397;

/// Indices in the order in which Python draws them; all of `0..n_available` in a drawn order when `n` is as large.
pub fn python_sample(n_available: usize, n: usize, seed: u64) -> Vec<usize> {
    let n = n.min(n_available);
    let mut random = MersenneTwister::seeded(seed);
    if n_available <= set_size(n) {
        let mut pool: Vec<usize> = (0..n_available).collect();
        return (0..n)
            .filter_map(|drawn| {
                let at = random.below(n_available - drawn);
                let last = pool.get(n_available - drawn - 1).copied()?;
                pool.get_mut(at).map(|slot| std::mem::replace(slot, last))
            })
            .collect();
    }
    let mut selected = BTreeSet::new();
    (0..n)
        .map(|_| {
            loop {
                let idx = random.below(n_available);
                if selected.insert(idx) {
                    return idx;
                }
            }
        })
        .collect()
}

/// The size of population up to which Python keeps a list rather than a set.
fn set_size(n: usize) -> usize {
    let mut size = 21;
    if 5 < n {
        let mut power = 1;
        while power < n.saturating_mul(3) {
            power *= 4;
        }
        size += power;
    }
    size
}

struct MersenneTwister {
    state: [u32; N],
    at: usize,
}

impl MersenneTwister {
    /// As `random.seed(seed)` of a non-negative integer: `init_by_array` over its 32-bit digits.
    fn seeded(seed: u64) -> Self {
        let (low, high) = (seed & 0xffff_ffff, seed >> 32);
        #[allow(clippy::cast_possible_truncation)] // each is below 2^32
        let digits = if high == 0 { vec![low as u32] } else { vec![low as u32, high as u32] };
        let mut state = [0_u32; N];
        state[0] = 19_650_218;
        for idx in 1..N {
            let before = state[idx - 1];
            #[allow(clippy::cast_possible_truncation)] // below 624
            let number = idx as u32;
            state[idx] =
                1_812_433_253_u32.wrapping_mul(before ^ (before >> 30)).wrapping_add(number);
        }
        let (mut idx, mut digit) = (1, 0);
        for _ in 0..N.max(digits.len()) {
            let before = state[idx - 1];
            #[allow(clippy::cast_possible_truncation)] // at most two digits
            let place = digit as u32;
            state[idx] = (state[idx] ^ (before ^ (before >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(digits[digit])
                .wrapping_add(place);
            idx += 1;
            digit = (digit + 1) % digits.len();
            if N <= idx {
                state[0] = state[N - 1];
                idx = 1;
            }
        }
        for _ in 0..N - 1 {
            let before = state[idx - 1];
            #[allow(clippy::cast_possible_truncation)] // below 624
            let number = idx as u32;
            state[idx] = (state[idx] ^ (before ^ (before >> 30)).wrapping_mul(1_566_083_941))
                .wrapping_sub(number);
            idx += 1;
            if N <= idx {
                state[0] = state[N - 1];
                idx = 1;
            }
        }
        state[0] = 0x8000_0000;
        Self { state, at: N }
    }

    fn next(&mut self) -> u32 {
        if N <= self.at {
            for idx in 0..N {
                let mixed =
                    (self.state[idx] & 0x8000_0000) | (self.state[(idx + 1) % N] & 0x7fff_ffff);
                let twist = if mixed & 1 == 0 { 0 } else { 0x9908_b0df };
                self.state[idx] = self.state[(idx + M) % N] ^ (mixed >> 1) ^ twist;
            }
            self.at = 0;
        }
        let mut y = self.state[self.at];
        self.at += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// Uniform below `bound`, by rejection; bounds are numbers of items, far below 2³².
    fn below(&mut self, bound: usize) -> usize {
        let n_bits = usize::BITS - bound.leading_zeros();
        loop {
            let number = (self.next() >> (32 - n_bits.clamp(1, 32))) as usize;
            if number < bound || bound == 0 {
                return number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_pythons_numbers() {
        let mut random = MersenneTwister::seeded(62);
        let expected = [3_985_693_436, 2_470_739_130, 743_144_841, 279_835_464];
        assert_eq!([random.next(), random.next(), random.next(), random.next()], expected);
    }

    /// `random.Random(seed).sample(range(n_available), n)` of `CPython` 3.11.
    #[test]
    fn samples_are_those_of_python() {
        assert_eq!(
            python_sample(1273, 10, 62),
            [1178, 354, 133, 487, 951, 634, 728, 350, 1040, 383]
        );
        assert_eq!(python_sample(5000, 8, 62), [4712, 1417, 533, 1950, 3807, 2538, 2914, 1401]);
        assert_eq!(python_sample(2911, 5, 62), [2356, 708, 266, 975, 1903]);
        assert_eq!(python_sample(30, 6, 62), [29, 18, 5, 2, 7, 14]);
        assert_eq!(python_sample(10, 10, 0), [6, 9, 0, 2, 4, 3, 5, 1, 8, 7]);
        assert_eq!(python_sample(10, 99, 0), [6, 9, 0, 2, 4, 3, 5, 1, 8, 7]);
        assert_eq!(python_sample(0, 5, 1), [0_usize; 0]);
    }

    #[test]
    fn five_hundred_of_many_are_those_of_python() {
        let drawn = python_sample(2911, 500, 62);
        assert_eq!((&drawn[..3], &drawn[497..]), (&[2356, 708, 266][..], &[298, 142, 1777][..]));
        assert_eq!(drawn.iter().sum::<usize>(), 729_505);
        let drawn = python_sample(1273, 500, 62);
        assert_eq!((&drawn[..3], &drawn[497..]), (&[1178, 354, 133][..], &[1202, 257, 408][..]));
        assert_eq!(drawn.iter().sum::<usize>(), 320_475);
    }
}
