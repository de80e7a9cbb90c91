//! Owns the reading of a confidence that an answer states, such as `Confidence: 85 %`.

/// What introduces a stated confidence, in the languages of the templates.
const WORDS: [&str; 4] = ["confidence", "confianza", "confiance", "konfidenz"];

/// The confidence that an answer states last, from 0 to 1; `None` where it states none that can be read in one way.
///
/// Read are `Confidence: 85 %`, `confidence 0.85`, `**Confidence:** 85/100`, `Confidence (0-100): 85`, `Confidence: 8/10`.
/// A whole number above 1 without a unit is taken as per cent. Not read are ranges, numbers out of range, and a bare `1`,
/// which may be all or nearly nothing.
pub fn stated_confidence(text: &str) -> Option<f64> {
    number(&text.lines().rev().find_map(from_number)?)
}

/// What stands in a line from the number behind the word; `None` where the line states no confidence.
fn from_number(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let after = WORDS.iter().filter_map(|word| Some(lower.rfind(word)? + word.len())).max()?;
    let rest = lower.get(after..)?;
    let rest = without_scale(rest);
    // Between the word and its number there is little: a sign, stars, "is", "level".
    let start = rest.find(|c: char| c.is_ascii_digit())?;
    if rest[..start].chars().count() > 16 || rest[..start].contains(['.', '-', '\u{2212}', ';']) {
        return None;
    }
    Some(rest[start..].to_owned())
}

/// Without a scale in brackets that stands before the number, as in `(0-100): 85`.
fn without_scale(rest: &str) -> &str {
    match (rest.find('('), rest.find(')')) {
        (Some(open), Some(close)) if open < close && open <= 8 => &rest[close + 1..],
        _ => rest,
    }
}

fn number(text: &str) -> Option<f64> {
    let end =
        text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let digits = text[..end].trim_end_matches(['.', ',']).replace(',', ".");
    let value: f64 = digits.parse().ok()?;
    let rest = text[end..].trim_start_matches(['*', ' ', '\u{a0}', '\u{202f}']);
    let is_range = ["-", "\u{2013}", "to "].iter().any(|mark| {
        let after = rest.strip_prefix(*mark).map(str::trim_start);
        after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    });
    if is_range {
        return None;
    }
    let is_percent = rest.starts_with('%') || rest.starts_with("per");
    let of = rest.strip_prefix('/').map(str::trim_start);
    let share = match of {
        Some(of) if of.starts_with("100") => value / 100.0,
        Some(of) if of.starts_with("10") => value / 10.0,
        Some(_) => return None,
        None if is_percent => value / 100.0,
        None if digits.contains('.') && value <= 1.0 => value,
        None if digits == "0" => 0.0,
        None if digits == "1" => return None,
        None => value / 100.0,
    };
    (0.0..=1.0).contains(&share).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ways_of_stating_are_read() {
        for (text, known) in [
            ("Answer: B\nConfidence: 85%", 0.85),
            ("Answer: B\n**Confidence:** 85 %", 0.85),
            ("Confidence: 0.85", 0.85),
            ("Confidence level is 90 percent.", 0.9),
            ("Confidence (0-100): 70", 0.7),
            ("confidence: 8/10", 0.8),
            ("Confidence: 95/100", 0.95),
            ("Confidence: 100", 1.0),
            ("Confidence: 1.0", 1.0),
            ("Confidence: 0", 0.0),
            ("Confianza: 62,5 %", 0.625),
            ("Confidence: 20 %\nOn reflection.\nConfidence: 60 %", 0.6),
        ] {
            assert_eq!(stated_confidence(text), Some(known), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_or_not_at_all_is_not_read() {
        for text in [
            "",
            "Answer: B",
            "I say this with confidence.",
            "Confidence: high",
            "Confidence: 80-90 %",
            "Confidence: 80 to 90 %",
            "Confidence: 1",
            "Confidence: 140 %",
            "Confidence: -5",
            "Confidence: 3/5",
            "The 95 % confidence interval. Of 40 patients 12 died.",
            "Confidence: 1.2.3",
        ] {
            assert_eq!(stated_confidence(text), None, "{text}");
        }
    }
}
