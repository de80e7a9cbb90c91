//! Owns reading a number out of a reply. Nothing that a model writes is ever evaluated as code.

use std::ops::Range;

use super::declared::declared;
use crate::text;

/// A number that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberRead {
    /// The number.
    pub value: f64,
    /// Where it stands, as bytes of the reply.
    pub span: Range<usize>,
}

/// The one number that the reply declares; `None` where it declares none, a range, or several that differ.
///
/// Thousands may be parted by commas, spaces or points where groups of three make that certain; a single comma with other
/// than three digits behind it is a decimal comma. What stands in brackets explains and does not count.
pub fn read(reply: &str) -> Option<NumberRead> {
    let span = declared(reply)?;
    let payload = reply.get(span.clone())?;
    let folded = text::fold(payload);
    let mut found: Vec<(f64, Range<usize>)> = vec![];
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = folded.text.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if c.is_ascii_digit() => {
                let end = end_of_number(&folded.text, at);
                let is_name =
                    folded.text[..at].chars().next_back().is_some_and(char::is_alphabetic);
                if depth == 0 && !is_name {
                    let start = start_with_sign(&folded.text, at);
                    let value = parse(folded.text.get(at..end)?)?;
                    let value = if start < at { -value } else { value };
                    found.push((value, start..end));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    let (value, range) = match found.as_slice() {
        [one] => one.clone(),
        // "x = 2 * 3.5 = 7": what stands behind the last sign of equality is the result.
        [.., last] if is_result(&folded.text, last) => last.clone(),
        [first, rest @ ..] if rest.iter().all(|(value, _)| value.total_cmp(&first.0).is_eq()) => {
            first.clone()
        }
        _ => return None,
    };
    let within = folded.original(range);
    Some(NumberRead { value, span: span.start + within.start..span.start + within.end })
}

fn is_result(text: &str, (_, range): &(f64, Range<usize>)) -> bool {
    text.get(..range.start).is_some_and(|before| before.trim_end().ends_with(['=', '≈']))
}

fn start_with_sign(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let Some(without) = before.strip_suffix(['-', '\u{2212}']) else { return at };
    // "3-4" is a range and "SARS-2" a name: a sign has nothing before it that it could join.
    if without.chars().next_back().is_none_or(|c| c.is_whitespace() || "=:(≈~".contains(c)) {
        without.len()
    } else {
        at
    }
}

fn end_of_number(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = start;
    while let Some(byte) = bytes.get(end) {
        let is_inner = matches!(byte, b'.' | b',' | b' ')
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        // A space parts thousands only: three digits behind it, and no more.
        let is_inner = is_inner && (*byte != b' ' || is_group(bytes, end + 1));
        if byte.is_ascii_digit() || is_inner {
            end += 1;
        } else {
            break;
        }
    }
    let exponent = text.get(end..).unwrap_or_default();
    let n_sign = usize::from(exponent.get(1..2).is_some_and(|sign| sign == "-" || sign == "+"));
    if exponent.starts_with(['e', 'E'])
        && bytes.get(end + 1 + n_sign).is_some_and(u8::is_ascii_digit)
    {
        end += 1 + n_sign;
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
    }
    end
}

fn is_group(bytes: &[u8], start: usize) -> bool {
    let digits =
        bytes.get(start..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit());
    digits.count() == 3
}

fn parse(text: &str) -> Option<f64> {
    let (digits, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, ""),
    };
    let n_points = digits.matches('.').count();
    let n_commas = digits.matches(',').count();
    let groups_of_three = |mark: char| {
        let mut parts = digits.split(mark);
        parts.next().is_some_and(|first| (1..=3).contains(&first.len()))
            && parts.all(|part| part.split(['.', ',']).next().is_some_and(|group| group.len() == 3))
    };
    let plain = match (n_points, n_commas) {
        (0 | 1, 0) => digits.to_owned(),
        (0, 1) if !groups_of_three(',') => digits.replace(',', "."),
        (0, _) if groups_of_three(',') => digits.replace(',', ""),
        (1, _) if digits.rfind(',') < digits.find('.') => digits.replace(',', ""),
        (_, 0) if groups_of_three('.') => digits.replace('.', ""),
        (_, 1) if digits.rfind('.') < digits.find(',') => digits.replace('.', "").replace(',', "."),
        _ => return None,
    };
    format!("{}{exponent}", plain.replace(' ', ""))
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (reply, expected) in [
            ("Answer: 12", Some(12.0)),
            ("Answer: 12.5 mg/dL", Some(12.5)),
            ("Answer: −3.2", Some(-3.2)),
            ("Answer: -0.5 mmol/L", Some(-0.5)),
            ("Answer: 1,234", Some(1234.0)),
            ("Answer: 1,234.5", Some(1234.5)),
            ("Answer: 1.234.567", Some(1_234_567.0)),
            ("Answer: 1.234,5", Some(1234.5)),
            ("Answer: 12 500 IU", Some(12_500.0)),
            ("Answer: 3,5", Some(3.5)),
            ("Answer: 2.5e-3", Some(0.0025)),
            ("Answer: about 40 % (2 in 5)", Some(40.0)),
            ("**Answer:** 7.", Some(7.0)),
            ("Answer: 2 * 3.5 = 7 mg", Some(7.0)),
            ("Answer: 3-4", None),
            ("Answer: between 3 and 4", None),
            ("Answer: 5 mg, that is 5 mg", Some(5.0)),
            ("Answer: CHA2DS2-VASc is high", None),
            ("Answer: unknown", None),
            ("We give 5 mg twice.\nThen 10 mg.", None),
            ("Work: 3 + 4\nAnswer: 7", Some(7.0)),
            ("Answer: 1e999", None),
            ("Answer: __import__('os')", None),
        ] {
            assert_eq!(read(reply).map(|read| read.value), expected, "{reply}");
        }
    }

    #[test]
    fn the_place_of_the_number_is_told() {
        let reply = "So.\nAnswer: ≈ 12.5 mg";
        let span = read(reply).unwrap().span;
        assert_eq!(&reply[span], "12.5");
    }
}
