//! Owns how measurements are summed up and shown.

use std::fmt;

use serde_json::{Value, json};

/// Repeated measurements in the order of their size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread(Vec<f64>);

impl Spread {
    /// Of at least one measurement.
    pub(crate) fn of(mut measured: Vec<f64>) -> Self {
        measured.sort_by(f64::total_cmp);
        Self(measured)
    }

    /// Linear between the two nearest, as R's type 7.
    fn quantile(&self, share: f64) -> f64 {
        let place = share * (self.0.len().saturating_sub(1)) as f64;
        let below = self.0.iter().enumerate().take_while(|(idx, _)| *idx as f64 <= place).last();
        let (idx, low) = below.map_or((0, f64::NAN), |(idx, low)| (idx, *low));
        let high = self.0.get(idx + 1).copied().unwrap_or(low);
        low + (high - low) * (place - idx as f64)
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// All that was measured. Each row is printed as soon as it is known.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Row>);

#[derive(Debug)]
struct Row {
    name: String,
    unit: &'static str,
    spread: Spread,
}

impl Table {
    pub(crate) fn bytes(&mut self, name: &str, bytes: u64) {
        self.add(name, "bytes", vec![bytes as f64]);
    }

    /// The median, which may be what others are measured by.
    pub(crate) fn millis(&mut self, name: &str, measured: &[f64]) -> f64 {
        self.add(name, "ms", measured.to_vec());
        Spread::of(measured.to_vec()).median()
    }

    pub(crate) fn ratios(&mut self, name: &str, measured: &[f64]) {
        self.add(name, "times", measured.to_vec());
    }

    pub(crate) fn rates(&mut self, name: &str, measured: &[f64]) {
        self.add(name, "items/s", measured.to_vec());
    }

    pub(crate) fn counts(&mut self, name: &str, measured: &[f64]) {
        self.add(name, "", measured.to_vec());
    }

    fn add(&mut self, name: &str, unit: &'static str, measured: Vec<f64>) {
        let row = Row { name: name.to_owned(), unit, spread: Spread::of(measured) };
        if self.0.is_empty() {
            println!("{:44} {:>12} {:9} quartiles, range, n", "", "median", "");
        }
        println!("{row}");
        self.0.push(row);
    }

    pub(crate) fn to_json(&self) -> Value {
        let rows = self.0.iter().map(|row| {
            json!({
                "name": row.name.trim(), "unit": row.unit, "median": row.spread.median(),
                "quartiles": [row.spread.quantile(0.25), row.spread.quantile(0.75)],
                "measured": row.spread.0,
            })
        });
        rows.collect()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spread = &self.spread;
        write!(f, "{:44} {:>12} {:8}", self.name, rounded(spread.median()), self.unit)?;
        if spread.0.len() < 2 {
            return Ok(());
        }
        let [low, q1, q3, high] =
            [0.0, 0.25, 0.75, 1.0].map(|share| rounded(spread.quantile(share)));
        write!(f, "  {q1} – {q3}, {low} – {high}, {}", spread.0.len())
    }
}

/// Three digits that matter, and whole numbers in full.
fn rounded(value: f64) -> String {
    let text = if value.abs() < 10.0 && value.fract() != 0.0 {
        format!("{value:.2}")
    } else if value.abs() < 100.0 && value.fract() != 0.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (idx, digit) in whole.chars().enumerate() {
        if idx > 0 && (whole.len() - idx) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_measurements() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert!((spread.median() - 2.5).abs() < 1e-12);
        assert!((spread.quantile(0.25) - 1.75).abs() < 1e-12);
        assert!((spread.quantile(1.0) - 4.0).abs() < 1e-12);
        assert!((Spread::of(vec![7.0]).median() - 7.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_are_shown_with_three_digits_or_whole() {
        assert_eq!(rounded(1_234_567.0), "1,234,567");
        assert_eq!(rounded(44.25), "44.2");
        assert_eq!(rounded(443.7), "444");
        assert_eq!(rounded(2.345), "2.35");
        assert_eq!(rounded(7.0), "7");
    }
}
