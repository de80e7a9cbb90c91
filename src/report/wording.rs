//! Owns how numbers of the report are written for people: one way for pages, pictures and documents.

use crate::provider::Class;
use crate::stats::Interval;

/// A class, as a person reads it.
pub fn class(class: Class) -> &'static str {
    match class {
        Class::GeneralPurpose => "general-purpose",
        Class::Clinical => "clinical",
        Class::Baseline => "baseline",
        Class::Person => "person",
    }
}

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 120;

/// A name that came from a file, a link or a model's maker, as it may stand in a sentence or a table: without the marks that
/// turn the direction of writing and without control characters, and not longer than a line.
pub fn name(text: &str) -> String {
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    let mut shown: String = text.chars().filter(is_shown).take(MAX_NAME + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(MAX_NAME) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// `1,273`.
pub fn count(n: usize) -> String {
    count_u64(n as u64)
}

/// `1,273`.
pub fn count_u64(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if 0 < idx && (digits.len() - idx).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 question`, `2 questions`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// `83.3 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", decimal(share * 100.0, 1))
}

/// `83.3 to 85.0 %`.
pub fn percent_range(interval: Interval) -> String {
    format!("{} to {} %", decimal(interval.low * 100.0, 1), decimal(interval.high * 100.0, 1))
}

/// A difference in percentage points: `+4.9`, `−4.9`, `0.0`.
pub fn points(difference: f64) -> String {
    let text = decimal(difference * 100.0, 1);
    if text.starts_with(MINUS) || text == "0.0" { text } else { format!("+{text}") }
}

/// `+2.9 to +6.9`.
pub fn points_range(interval: Interval) -> String {
    format!("{} to {}", points(interval.low), points(interval.high))
}

const MINUS: char = '\u{2212}';

/// A number with so many decimals, a true minus sign, and no minus before nothing.
pub fn decimal(value: f64, n_digits: usize) -> String {
    let text = format!("{:.n_digits$}", value.abs());
    let is_nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if value < 0.0 && !is_nothing { format!("{MINUS}{text}") } else { text }
}

/// `0.031`, `< 0.001`.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { decimal(p, 3) }
}

/// Dollars as people write them, from millionths: `$0.42`, `$12`, `$0.0031`.
pub fn dollars(micro_dollars: f64) -> String {
    let dollars = micro_dollars / 1e6;
    match dollars {
        0.0 => "$0".to_owned(),
        cents if cents.abs() < 0.1 => format!("${}", decimal(cents, 4)),
        small if small.abs() < 100.0 => format!("${}", decimal(small, 2)),
        large => format!("${}", decimal(large, 0)),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A name that is not the page's own, at most so many characters of it.
pub fn shortened(text: &str, n_chars: usize) -> String {
    match text.char_indices().nth(n_chars) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!((count(1_273), count(999)), ("1,273".into(), "999".into()));
        assert_eq!(percent(0.8814), "88.1 %");
        assert_eq!((points(0.0487), points(-0.0487)), ("+4.9".into(), "−4.9".into()));
        assert_eq!((points(-0.0001), points(0.0001)), ("0.0".into(), "0.0".into()));
        assert_eq!(points_range(Interval { low: -0.01, high: 0.02 }), "−1.0 to +2.0");
        assert_eq!((p_value(0.0004), p_value(1.0)), ("< 0.001".into(), "1.000".into()));
        let amounts = [0.0, 3_100.0, 420_000.0, 1_234_560_000.0].map(dollars);
        assert_eq!(amounts, ["$0", "$0.0031", "$0.42", "$1235"]);
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(shortened("Größe und mehr", 5), "Größe…");
    }
}
