//! Owns dates: of birth, and full dates of what happened to somebody.

use std::ops::Range;

use super::scan::{Gap, Token};
use super::{Found, Kind, label, skip_links};

const MONTHS: [&str; 41] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "ene",
    "abr",
    "ago",
    "dic",
];

fn is_month(token: &Token<'_>) -> bool {
    token.is_word() && MONTHS.contains(&token.key.as_str())
}

fn is_day(token: &Token<'_>) -> bool {
    token.number().is_some_and(|(n_digits, day)| n_digits <= 2 && (1..=31).contains(&day))
}

fn is_year(token: &Token<'_>) -> bool {
    token.number().is_some_and(|(n_digits, year)| n_digits == 4 && (1900..2100).contains(&year))
}

/// Where a date with day, month and year that begins at `at` ends.
fn full_date(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    numeric(tokens, at).or_else(|| {
        let (end, has_year) = worded(tokens, at)?;
        has_year.then_some(end)
    })
}

/// `12/03/2021`, `2021-03-12`, `12.03.2021`, `12/03/21`.
fn numeric(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let [a, mark, b, again, c] = tokens.get(at..at + 5)? else { return None };
    let is_joined = [mark, b, again, c].iter().all(|token| token.gap == Gap::None);
    let is_mark = matches!(mark.text, "/" | "-" | ".") && mark.text == again.text;
    if !is_joined || !is_mark {
        return None;
    }
    // A longer chain of numbers is no date.
    let touches = |token: Option<&Token<'_>>| {
        token.is_some_and(|token| token.is_digits() || token.text == mark.text)
    };
    if at.checked_sub(1).is_some_and(|before| a.gap == Gap::None && touches(tokens.get(before))) {
        return None;
    }
    let goes_on =
        tokens.get(at + 5).is_some_and(|next| next.gap == Gap::None && next.text == mark.text)
            && tokens.get(at + 6).is_some_and(|next| next.gap == Gap::None && next.is_digits());
    if goes_on {
        return None;
    }
    let small = |token: &Token<'_>| {
        token.number().filter(|(n_digits, n)| *n_digits <= 2 && 0 < *n).map(|(_, n)| n)
    };
    let fits = |day: u64, month: u64| day <= 31 && month <= 12;
    let is_date = if is_year(a) {
        fits(small(c)?, small(b)?)
    } else {
        let (first, second) = (small(a)?, small(b)?);
        let is_short = mark.text == "/" && c.number().is_some_and(|(n_digits, _)| n_digits == 2);
        (is_year(c) || is_short) && (fits(first, second) || fits(second, first))
    };
    is_date.then_some(at + 5)
}

/// `March 12, 2021`, `12 March 2021`, `12th of March`, `12 de marzo de 2021`: where it ends, and whether it has a year.
fn worded(tokens: &[Token<'_>], at: usize) -> Option<(usize, bool)> {
    let first = tokens.get(at)?;
    let mut here = at + 1;
    let skip = |here: usize, words: &[&str]| {
        let is_there = tokens.get(here).is_some_and(|token| words.contains(&token.key.as_str()));
        if is_there { here + 1 } else { here }
    };
    if is_month(first) {
        here = skip(here, &["."]);
        tokens.get(here).filter(|token| is_day(token))?;
        here = skip(here + 1, &["st", "nd", "rd", "th"]);
    } else if is_day(first) {
        here = skip(here, &["st", "nd", "rd", "th"]);
        here = skip(here, &["of", "de", "-", "."]);
        tokens.get(here).filter(|token| is_month(token))?;
        here += 1;
    } else {
        return None;
    }
    let without_year = here;
    // `12 Nov. 2025`.
    here = skip(here, &["."]);
    here = skip(here, &[",", "de", "del", "of", "-"]);
    if tokens.get(here).is_some_and(is_year) {
        return Some((here + 1, true));
    }
    Some((without_year, false))
}

/// Every full date of a text.
pub(super) fn full_dates(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut dates: Vec<Range<usize>> = vec![];
    for at in 0..tokens.len() {
        let is_past = dates.last().is_none_or(|last| last.end <= at);
        if is_past && let Some(end) = full_date(tokens, at) {
            dates.push(at..end);
        }
    }
    dates
}

/// A date behind a word for birth. The year may be missing; a year alone is no date.
pub(super) fn find_births(tokens: &[Token<'_>], found: &mut Vec<Found>) {
    const LABELS: [&str; 17] = [
        "dob",
        "d . o . b .",
        "d . o . b",
        "date of birth",
        "birth date",
        "birthdate",
        "birthday",
        "born on",
        "born",
        "fecha de nacimiento",
        "f . nacimiento",
        "f . nac .",
        "fdn",
        "nacido el",
        "nacida el",
        "nacio el",
        "cumpleanos",
    ];
    for at in 0..tokens.len() {
        let Some(after) = label(tokens, at, &LABELS) else { continue };
        let value = skip_links(tokens, after, 4);
        let end = full_date(tokens, value).or_else(|| worded(tokens, value).map(|(end, _)| end));
        if let Some(end) = end {
            found.push(Found {
                kind: Kind::DateOfBirth,
                tokens: value..end,
                reason: "a date after a word for birth",
            });
        }
    }
}

/// Full dates of what happened to somebody. In a text without any other detail, only those behind a word such as
/// "admitted", and not those of a study's period, of which there are two.
pub(super) fn find_events(
    tokens: &[Token<'_>],
    dates: &[Range<usize>],
    has_other: bool,
    found: &mut Vec<Found>,
) {
    const EVENTS: [&str; 30] = [
        "admitted",
        "admission",
        "discharged",
        "discharge",
        "seen",
        "presented",
        "visit",
        "visited",
        "appointment",
        "operated",
        "surgery",
        "died",
        "death",
        "hospitalized",
        "hospitalised",
        "ingreso",
        "ingresado",
        "ingresada",
        "ingresa",
        "alta",
        "visto",
        "vista",
        "acudio",
        "acude",
        "consulta",
        "cita",
        "operado",
        "operada",
        "fallecio",
        "atendido",
    ];
    const LABELS: [&str; 5] = ["date :", "date of service :", "fecha :", "seen :", "visit date :"];
    for (idx, date) in dates.iter().enumerate() {
        let is_joined = |other: Option<&Range<usize>>, from: &Range<usize>| {
            other.is_some_and(|other| {
                other.start.abs_diff(from.end) <= 3 || from.start.abs_diff(other.end) <= 3
            })
        };
        let is_period = is_joined(dates.get(idx + 1), date)
            || is_joined(idx.checked_sub(1).and_then(|before| dates.get(before)), date);
        let before = tokens.get(date.start.saturating_sub(6)..date.start).unwrap_or_default();
        let is_event = before.iter().any(|token| EVENTS.contains(&token.key.as_str()));
        let is_labelled = (date.start.saturating_sub(5)..date.start).any(|at| {
            let is_at_line = tokens.get(at).is_some_and(|token| token.gap == Gap::Line);
            is_at_line && label(tokens, at, &LABELS) == Some(date.start)
        });
        let reason = if has_other {
            "a full date beside other details of a person"
        } else if (is_event && !is_period) || is_labelled {
            "a full date of a visit or an event"
        } else {
            continue;
        };
        found.push(Found { kind: Kind::Date, tokens: date.clone(), reason });
    }
}
