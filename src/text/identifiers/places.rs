//! Owns addresses: a street with a number, a post box, a town with a postal code.

use super::scan::{Gap, Token};
use super::{Found, Kind, label, skip_links};

const STREETS: [&str; 14] = [
    "street",
    "avenue",
    "road",
    "boulevard",
    "lane",
    "drive",
    "court",
    "terrace",
    "crescent",
    "highway",
    "parkway",
    "square",
    "close",
    "place",
];
const SHORT_STREETS: [&str; 8] = ["st", "ave", "rd", "blvd", "ln", "dr", "ct", "pl"];
const VIAS: [&str; 11] = [
    "calle",
    "c /",
    "avenida",
    "avda",
    "av",
    "paseo",
    "plaza",
    "carretera",
    "camino",
    "ronda",
    "travesia",
];
/// What stands between the kind of street, its name and the number.
const PARTICLES: [&str; 13] =
    ["de", "la", "las", "los", "del", "el", "n", "no", "num", "numero", "y", ".", ","];
const STATES: &str = " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC ";

pub(super) fn find(tokens: &[Token<'_>], found: &mut Vec<Found>) {
    for at in 0..tokens.len() {
        let end_and_reason = english(tokens, at)
            .map(|end| (end, "a number and a street"))
            .or_else(|| spanish(tokens, at).map(|end| (end, "a street and a number")))
            .or_else(|| zip_code(tokens, at).map(|end| (end, "a town with its postal code")))
            .or_else(|| post_box(tokens, at).map(|end| (end, "a post box or postal code")));
        if let Some((end, reason)) = end_and_reason {
            found.push(Found { kind: Kind::Address, tokens: at..end, reason });
        }
    }
}

fn is_house_number(token: &Token<'_>) -> bool {
    token.is_digits() && token.text.len() <= 5 && !token.text.starts_with('0')
}

/// `221 Baker Street`, `12 Old Mill Rd.`
fn english(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let number = tokens.get(at).filter(|token| is_house_number(token))?;
    // A part of a longer number, a ratio or a range.
    let is_touched = number.gap == Gap::None && 0 < at;
    if is_touched {
        return None;
    }
    let mut here = at + 1;
    // `12B`, `221-B`.
    if tokens
        .get(here)
        .is_some_and(|token| token.gap == Gap::None && token.text.len() == 1 && token.is_word())
    {
        here += 1;
    }
    for n_words in 1..=3 {
        let word =
            tokens.get(here).filter(|word| word.gap == Gap::Space && word.is_capitalised())?;
        let is_street = STREETS.contains(&word.key.as_str());
        let is_short = SHORT_STREETS.contains(&word.key.as_str());
        if 1 < n_words && (is_street || (is_short && ends_here(tokens, here + 1))) {
            return Some(here + 1);
        }
        here += 1;
        if tokens.get(here).is_some_and(|token| token.is_mark(".")) {
            here += 1;
        }
    }
    let word = tokens.get(here).filter(|word| word.gap == Gap::Space && word.is_capitalised())?;
    STREETS.contains(&word.key.as_str()).then_some(here + 1)
}

/// Whether a short word for a street is the end of it: `St`, `Rd.` and `Dr` are also other words.
fn ends_here(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_none_or(|next| next.gap == Gap::Line || matches!(next.text, "." | "," | ";"))
}

/// `Calle de Alcalá, 42`, `Avda. de la Paz nº 3`, `C/ Mayor 7`.
fn spanish(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    if tokens.get(at)?.text.chars().next().is_some_and(char::is_lowercase) {
        return None;
    }
    let first = label(tokens, at, &VIAS)?;
    let mut has_name = false;
    for (here, token) in tokens.iter().enumerate().skip(first).take(7) {
        if token.gap == Gap::Line {
            return None;
        }
        if token.is_capitalised() {
            has_name = true;
        } else if has_name && is_house_number(token) {
            return Some(here + 1);
        } else if !PARTICLES.contains(&token.key.as_str()) {
            return None;
        }
    }
    None
}

/// `Boston, MA 02115`.
fn zip_code(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let [town, comma, state, zip] = tokens.get(at..at + 4)? else { return None };
    let is_state = state.text.len() == 2 && STATES.contains(&format!(" {} ", state.text));
    let is_zip = zip.is_digits() && zip.text.len() == 5 && zip.gap == Gap::Space;
    (town.is_capitalised() && comma.is_mark(",") && is_state && is_zip).then_some(at + 4)
}

/// `P.O. Box 123`, `C.P. 28013`, `código postal 28013`.
fn post_box(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    const BOXES: [&str; 5] =
        ["po box", "p . o . box", "apartado de correos", "apdo . de correos", "apdo ."];
    const CODES: [&str; 6] =
        ["zip code", "zip :", "postal code", "postcode :", "codigo postal", "c . p ."];
    if let Some(after) = label(tokens, at, &BOXES) {
        let value = skip_links(tokens, after, 2);
        return tokens.get(value)?.is_digits().then_some(value + 1);
    }
    let value = skip_links(tokens, label(tokens, at, &CODES)?, 2);
    let code = tokens.get(value)?;
    (code.is_digits() && code.text.len() == 5).then_some(value + 1)
}
