//! Owns the mixed encoding of runs and packed bits, in which Parquet writes levels and the numbers of dictionary entries.

use super::thrift::varint;

/// The numbers of a run-length and bit-packed sequence, one after another.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    width: u32,
    /// Place of what is not read yet.
    at: usize,
    run: Run,
}

#[derive(Debug, Default)]
enum Run {
    #[default]
    None,
    Same {
        value: u32,
        left: u64,
    },
    Packed {
        /// In bits, from the beginning of the bytes.
        at: usize,
        left: u64,
    },
}

impl Numbers {
    /// Numbers of `width` bits, at most 32.
    pub(super) fn new(width: u32, at: usize) -> Self {
        Self { width, at, run: Run::None }
    }

    /// The next number; `None` where the bytes end or are no such sequence.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<u32> {
        loop {
            match &mut self.run {
                Run::Same { value, left } if *left > 0 => {
                    *left -= 1;
                    return Some(*value);
                }
                Run::Packed { at, left } if *left > 0 => {
                    *left -= 1;
                    let value = bits(bytes, *at, self.width)?;
                    *at += usize::try_from(self.width).ok()?;
                    return Some(value);
                }
                _ => self.start(bytes)?,
            }
        }
    }

    fn start(&mut self, bytes: &[u8]) -> Option<()> {
        let header = varint(bytes, &mut self.at)?;
        let n = header >> 1;
        if header & 1 == 1 {
            let n_bytes =
                usize::try_from(n).ok()?.checked_mul(usize::try_from(self.width).ok()?)?;
            self.run = Run::Packed { at: self.at.checked_mul(8)?, left: n.checked_mul(8)? };
            // The last group may be cut short at the end of the page.
            self.at = self.at.checked_add(n_bytes)?.min(bytes.len());
        } else {
            let n_bytes = usize::try_from(self.width.div_ceil(8)).ok()?;
            let value = bytes.get(self.at..self.at.checked_add(n_bytes)?)?;
            let value = value.iter().rev().fold(0, |value, byte| (value << 8) | u32::from(*byte));
            self.at += n_bytes;
            self.run = Run::Same { value, left: n };
        }
        Some(())
    }
}

/// The `width` bits from bit `at` on, lowest first.
pub(super) fn bits(bytes: &[u8], at: usize, width: u32) -> Option<u32> {
    if width == 0 {
        return Some(0);
    }
    let (first, shift) = (at / 8, at % 8);
    let n_bytes = (shift + usize::try_from(width).ok()?).div_ceil(8);
    let part = bytes.get(first..first.checked_add(n_bytes)?)?;
    let whole = part.iter().rev().fold(0_u64, |whole, byte| (whole << 8) | u64::from(*byte));
    let mask = (1_u64 << width) - 1;
    u32::try_from((whole >> shift) & mask).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], width: u32) -> Vec<u32> {
        let mut numbers = Numbers::new(width, 0);
        std::iter::from_fn(|| numbers.next(bytes)).take(100).collect()
    }

    #[test]
    fn runs_and_packed_bits_are_read_as_the_specification_shows_them() {
        // The example of the specification: 0 to 7 in three bits each.
        assert_eq!(all(&[3, 0x88, 0xc6, 0xfa], 3), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(all(&[8, 5], 3), [5; 4]);
        assert_eq!(all(&[4, 1, 2, 3, 0x01], 9), [0x201; 2]);
    }

    #[test]
    fn what_is_cut_off_ends() {
        assert_eq!(all(&[3, 0x88], 3).len(), 2);
        assert!(
            all(&[], 3).is_empty() && all(&[0xff; 20], 3).is_empty() && all(&[0; 20], 0).is_empty()
        );
    }
}
