//! Owns single values: where each ends in a page, and what it is as JSON.

use serde_json::{Number, Value};

use super::schema::{Leaf, Logical, Physical};
use crate::dataset::days::civil_date;

/// Bytes of each value, where all have the same length.
pub(super) fn width(physical: Physical) -> Option<usize> {
    match physical {
        Physical::Int32 | Physical::Float => Some(4),
        Physical::Int64 | Physical::Double => Some(8),
        Physical::FixedBytes(n) => Some(n).filter(|n| *n > 0),
        Physical::Boolean | Physical::Int96 | Physical::Bytes => None,
    }
}

/// The bytes of the value at `at` in plain encoding (booleans aside); moves behind it.
pub(super) fn next<'a>(bytes: &'a [u8], at: &mut usize, physical: Physical) -> Option<&'a [u8]> {
    let n = match physical {
        Physical::Boolean => 0,
        Physical::Int32 | Physical::Float => 4,
        Physical::Int64 | Physical::Double => 8,
        Physical::Int96 => 12,
        Physical::FixedBytes(n) => n,
        Physical::Bytes => {
            let n = bytes.get(*at..)?.first_chunk().map(|n| u32::from_le_bytes(*n))?;
            *at += 4;
            usize::try_from(n).ok()?
        }
    };
    let value = bytes.get(*at..at.checked_add(n)?)?;
    *at += n;
    Some(value)
}

/// The value as JSON; null for bytes that are no text.
pub(super) fn value(bytes: &[u8], leaf: Leaf) -> Value {
    match leaf.physical {
        Physical::Boolean => Value::Bool(bytes.first().is_some_and(|byte| *byte != 0)),
        Physical::Int32 => bytes
            .first_chunk()
            .map_or(Value::Null, |bytes| int(i64::from(i32::from_le_bytes(*bytes)), leaf)),
        Physical::Int64 => {
            bytes.first_chunk().map_or(Value::Null, |bytes| int(i64::from_le_bytes(*bytes), leaf))
        }
        // As text first, so that 0.1 stays 0.1 and does not become 0.10000000149.
        Physical::Float => bytes.first_chunk().map_or(Value::Null, |bytes| {
            float(f32::from_le_bytes(*bytes).to_string().parse().unwrap_or(f64::NAN))
        }),
        Physical::Double => {
            bytes.first_chunk().map_or(Value::Null, |bytes| float(f64::from_le_bytes(*bytes)))
        }
        Physical::Int96 => Value::Null,
        Physical::Bytes | Physical::FixedBytes(_) => match leaf.logical {
            Logical::Decimal(scale) => decimal(bytes, scale),
            _ => std::str::from_utf8(bytes).map_or(Value::Null, Value::from),
        },
    }
}

fn float(number: f64) -> Value {
    // Data frames write whole numbers as floats where a cell of the column is empty.
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation)] // checked to be whole and small
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn int(number: i64, leaf: Leaf) -> Value {
    match leaf.logical {
        Logical::Plain => Value::from(number),
        Logical::Date => Value::from(civil_date(number.clamp(-4_000_000, 4_000_000))),
        Logical::Decimal(scale) => scaled(i128::from(number), scale),
        Logical::Timestamp(unit) => {
            let seconds = number.div_euclid(unit);
            let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            let date = civil_date(days.clamp(-4_000_000, 4_000_000));
            Value::from(format!(
                "{date} {:02}:{:02}:{:02}",
                second / 3_600,
                second / 60 % 60,
                second % 60
            ))
        }
    }
}

/// Bytes of a decimal, highest first, in two's complement.
fn decimal(bytes: &[u8], scale: u32) -> Value {
    if bytes.is_empty() || 16 < bytes.len() {
        return Value::Null;
    }
    let start = if bytes[0] < 128 { 0 } else { -1 };
    scaled(bytes.iter().fold(start, |number, byte| (number << 8) | i128::from(*byte)), scale)
}

fn scaled(number: i128, scale: u32) -> Value {
    if scale == 0 {
        return i64::try_from(number).map_or(Value::Null, Value::from);
    }
    // Through text, which rounds once only.
    format!("{number}e-{scale}").parse::<f64>().map_or(Value::Null, float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(physical: Physical, logical: Logical) -> Leaf {
        Leaf { physical, logical, max_definition: 0, max_repetition: 0 }
    }

    #[test]
    fn values_are_what_they_mean() {
        let plain = |physical, bytes: &[u8]| value(bytes, leaf(physical, Logical::Plain));
        assert_eq!(plain(Physical::Float, &0.1_f32.to_le_bytes()), Value::from(0.1));
        assert_eq!(plain(Physical::Double, &2.0_f64.to_le_bytes()), Value::from(2));
        assert_eq!(plain(Physical::Double, &f64::NAN.to_le_bytes()), Value::Null);
        assert_eq!(plain(Physical::Bytes, b"\xff"), Value::Null);
        let decimal = leaf(Physical::FixedBytes(2), Logical::Decimal(2));
        assert_eq!(value(&[0xff, 0x85], decimal), Value::from(-1.23));
        let time = leaf(Physical::Int64, Logical::Timestamp(1_000));
        assert_eq!(value(&90_061_000_i64.to_le_bytes(), time), Value::from("1970-01-02 01:01:01"));
    }
}
