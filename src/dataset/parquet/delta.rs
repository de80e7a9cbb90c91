//! Owns the encodings of Parquet that write differences: between numbers, and between texts that begin alike.

use super::column::{DAMAGED, MAX_VALUES};
use super::levels::bits;
use super::thrift;
use crate::dataset::unpack::Budget;

/// Differences in blocks of packed bits (the Parquet specification, "Delta Encoding"); the numbers, and where they end.
pub(super) fn numbers(
    bytes: &[u8],
    start: usize,
    budget: &mut Budget,
) -> Result<(Vec<i64>, usize), String> {
    let mut at = start;
    let mut header = || thrift::varint(bytes, &mut at).ok_or(DAMAGED);
    let (block, minis, total, first) = (header()?, header()?, header()?, header()?);
    let total = usize::try_from(total).ok().filter(|n| *n <= MAX_VALUES).ok_or(DAMAGED)?;
    let block = usize::try_from(block).ok().filter(|n| *n <= MAX_VALUES).ok_or(DAMAGED)?;
    let minis = usize::try_from(minis).ok().filter(|n| (1..=512).contains(n)).ok_or(DAMAGED)?;
    let per_mini = block / minis;
    if per_mini == 0 {
        return Err(DAMAGED.to_owned());
    }
    budget.spend(total.saturating_mul(size_of::<i64>()))?;
    let mut last = thrift::zigzag(first);
    let mut ints = Vec::new();
    if total > 0 {
        ints.push(last);
    }
    while ints.len() < total {
        let min_delta = thrift::zigzag(thrift::varint(bytes, &mut at).ok_or(DAMAGED)?);
        let widths = bytes.get(at..at + minis).ok_or(DAMAGED)?;
        at += minis;
        for width in widths {
            if ints.len() >= total {
                break;
            }
            for idx in 0..per_mini.min(total - ints.len()) {
                let place =
                    at.checked_mul(8).and_then(|bit| bit.checked_add(idx * usize::from(*width)));
                let delta = wide_bits(bytes, place.ok_or(DAMAGED)?, *width).ok_or(DAMAGED)?;
                last = last.wrapping_add(min_delta).wrapping_add(delta.cast_signed());
                ints.push(last);
            }
            at = at.checked_add(per_mini * usize::from(*width) / 8).ok_or(DAMAGED)?;
        }
    }
    Ok((ints, at))
}

/// Up to 64 bits from bit `at` on, lowest first.
fn wide_bits(bytes: &[u8], at: usize, width: u8) -> Option<u64> {
    let low = bits(bytes, at, u32::from(width.min(32)))?;
    let high = match width.checked_sub(32) {
        Some(rest) if rest > 0 && width <= 64 => bits(bytes, at + 32, u32::from(rest))?,
        Some(rest) if rest > 0 => return None,
        _ => 0,
    };
    Some(u64::from(low) | (u64::from(high) << 32))
}

/// Texts that each begin with a part of the one before, written out in plain encoding.
pub(super) fn prefixed(bytes: &[u8], at: usize, budget: &mut Budget) -> Result<Vec<u8>, String> {
    let (prefixes, at) = numbers(bytes, at, budget)?;
    let (suffixes, mut at) = numbers(bytes, at, budget)?;
    let mut last: Vec<u8> = Vec::new();
    let mut out = Vec::new();
    for (prefix, suffix) in prefixes.into_iter().zip(suffixes) {
        let size = |n: i64| usize::try_from(n).map_err(|_negative| DAMAGED);
        let (prefix, suffix) = (size(prefix)?, size(suffix)?);
        let end = at.checked_add(suffix).ok_or(DAMAGED)?;
        let rest = bytes.get(at..end).ok_or(DAMAGED)?;
        if last.len() < prefix {
            return Err(DAMAGED.to_owned());
        }
        last.truncate(prefix);
        last.extend(rest);
        at = end;
        budget.spend(last.len().saturating_add(4))?;
        out.extend(u32::try_from(last.len()).map_err(|_too_long| DAMAGED)?.to_le_bytes());
        out.extend(&last);
    }
    Ok(out)
}
