//! Owns the seeded generator: the same numbers from the same seed on every machine.

/// `SplitMix64` of Steele, Lea and Flood (2014): small, fast, and enough for sampling, guesses and jitter. Not for secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0 ≤ x < 1, with 53 random bits.
    pub fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Fills with indices below `n`, drawn with replacement, two from each number: high half, then low half, each scaled
    /// by multiplication. Its bias, below n / 2³², is far below a bootstrap's own error; `n` must be below 2³².
    #[allow(clippy::cast_possible_truncation, reason = "below n, which came from a usize")]
    pub fn fill_indices(&mut self, n: usize, indices: &mut [usize]) {
        let n = n as u64;
        for pair in indices.chunks_mut(2) {
            let bits = self.next_u64();
            let halves = [bits >> 32, bits & 0xffff_ffff];
            for (index, half) in pair.iter_mut().zip(halves) {
                *index = ((half * n) >> 32) as usize;
            }
        }
    }

    /// Uniform in 0 ≤ x < `n`, without bias (rejection); 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let zone = u64::MAX - u64::MAX % n;
        loop {
            let bits = self.next_u64();
            if bits < zone {
                return bits % n;
            }
        }
    }
}

/// What [`fnv_1a`] begins with.
pub const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo) of bytes, from [`FNV_START`] or a start of one's own: tells texts apart and turns them
/// into seeds. Not for secrets.
pub fn fnv_1a(start: u64, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_sequence() {
        // First outputs for seed 1234567 in the authors' reference program.
        let mut random = SplitMix64::new(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn stays_below_its_bound_and_reaches_every_value() {
        let mut random = SplitMix64::new(7);
        let mut seen = [false; 5];
        for _ in 0..200 {
            seen[usize::try_from(random.below(5)).unwrap()] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(random.below(0), 0);
    }
}
