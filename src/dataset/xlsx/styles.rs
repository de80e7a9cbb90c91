//! Owns the formats of a workbook's cells, as far as they tell days from other numbers.

use crate::dataset::days::civil_date;
use crate::dataset::xml::{Event, Events};

/// Which formats are those of dates, by the number of the cell's style.
#[derive(Debug, Default)]
pub(super) struct Styles {
    is_date: Vec<bool>,
}

impl Styles {
    pub(super) fn read(text: &str) -> Self {
        let mut own: Vec<(u32, bool)> = Vec::new();
        let mut is_date = Vec::new();
        let mut is_inside = false;
        for event in Events::new(text) {
            match event {
                Event::Open(tag) if tag.name == "numFmt" => {
                    let id = tag.attribute("numFmtId").and_then(|id| id.parse().ok());
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    own.extend(id.map(|id| (id, is_date_format(&code))));
                }
                Event::Open(tag) if tag.name == "cellXfs" => is_inside = !tag.is_empty,
                Event::Close("cellXfs") => is_inside = false,
                Event::Open(tag) if is_inside && tag.name == "xf" => {
                    let id = tag.attribute("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    let known = own.iter().find(|(own, _)| *own == id).map(|(_, is_date)| *is_date);
                    // The numbers of the built-in formats of dates and times (ECMA-376, 18.8.30).
                    is_date.push(known.unwrap_or(matches!(id, 14..=22 | 45..=47)));
                }
                _ => {}
            }
        }
        Self { is_date }
    }

    /// The day and time that a number stands for, as text; `None` where the style is not that of a date.
    pub(super) fn date(&self, style: usize, number: f64, is_1904: bool) -> Option<String> {
        const SECONDS_A_DAY: f64 = 86_400.0;
        // The year 9999 ends at 2,958,465; below zero there are no days.
        if !*self.is_date.get(style)? || !(0.0..2_958_466.0).contains(&number) {
            return None;
        }
        let seconds = (number.fract() * SECONDS_A_DAY).round();
        #[allow(clippy::cast_possible_truncation)] // checked to be small
        let (days, seconds) = (number.trunc() as i64, seconds as i64);
        let (days, seconds) = (days + seconds / 86_400, seconds % 86_400);
        let time = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if days == 0 && !is_1904 {
            return Some(time);
        }
        // Excel counts the 29th of February 1900, which never was.
        let since_1970 = if is_1904 { days - 24_107 } else { days - 25_569 + i64::from(days < 60) };
        let date = civil_date(since_1970);
        Some(if seconds == 0 { date } else { format!("{date} {time}") })
    }
}

/// Whether a format shows days or times: it has one of their letters outside quotes and brackets.
fn is_date_format(code: &str) -> bool {
    let (mut is_quoted, mut is_bracketed, mut is_escaped) = (false, false, false);
    for char in code.chars() {
        match char {
            _ if is_escaped => is_escaped = false,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '\\' | '_' => is_escaped = true,
            '[' => is_bracketed = true,
            ']' => is_bracketed = false,
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'm' | 'M' if !is_bracketed => {
                return true;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let styles = Styles { is_date: vec![false, true] };
        let date = |number| styles.date(1, number, false).unwrap();
        assert_eq!(date(45_337.0), "2024-02-15");
        assert_eq!(date(45_337.5), "2024-02-15 12:00:00");
        assert_eq!(
            (date(1.0), date(59.0), date(61.0)),
            ("1900-01-01".into(), "1900-02-28".into(), "1900-03-01".into())
        );
        assert_eq!(date(0.25), "06:00:00");
        assert_eq!(styles.date(1, 43_875.0, true).unwrap(), "2024-02-15");
        assert_eq!(styles.date(0, 1.0, false), None);
    }

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for code in ["yyyy-mm-dd", "d/m/yy h:mm", "mmm"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in ["0.00", "#,##0", "\"days\" 0", "[Red]0", "0\\d", "General"] {
            assert!(!is_date_format(code), "{code}");
        }
    }

    #[test]
    fn styles_name_their_formats() {
        let styles = Styles::read(
            r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
        );
        assert_eq!(styles.is_date, [false, true, true]);
    }
}
