//! Owns what is told by its digits or its `@`: phone numbers, e-mail addresses, record and identity numbers.

use super::scan::{Gap, Token};
use super::{Found, Kind, label, skip_links};

pub(super) fn find(tokens: &[Token<'_>], found: &mut Vec<Found>) {
    for at in 0..tokens.len() {
        let finding = email(tokens, at)
            .or_else(|| identity_number(tokens, at))
            .or_else(|| record_number(tokens, at))
            .or_else(|| phone(tokens, at));
        found.extend(finding);
    }
}

fn is_joined(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.gap == Gap::None)
}

/// Whether nothing that belongs to a longer number or word touches the tokens `at..end`.
fn stands_alone(tokens: &[Token<'_>], at: usize, end: usize) -> bool {
    let is_part = |token: &Token<'_>| token.is_digits() || token.is_word() || token.is_mark("-");
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let is_touched_before = is_joined(tokens, at) && before.is_some_and(is_part);
    let is_touched_after =
        tokens.get(end).is_some_and(|next| next.gap == Gap::None && is_part(next));
    !is_touched_before && !is_touched_after
}

/// `name@host.example`. Looks from the `@` both ways.
fn email(tokens: &[Token<'_>], at: usize) -> Option<Found> {
    if !tokens.get(at)?.is_mark("@") || !is_joined(tokens, at) {
        return None;
    }
    let is_part = |token: &Token<'_>| {
        token.is_word() || token.is_digits() || matches!(token.text, "." | "_" | "%" | "+" | "-")
    };
    let mut start = at;
    while let Some(before) = start.checked_sub(1).filter(|_| is_joined(tokens, start)) {
        if !tokens.get(before).is_some_and(is_part) {
            break;
        }
        start = before;
    }
    let mut end = at + 1;
    let mut last_dot = None;
    while tokens.get(end).is_some_and(|token| token.gap == Gap::None && is_part(token)) {
        if tokens.get(end).is_some_and(|token| token.text == ".") {
            last_dot = Some(end);
        }
        end += 1;
    }
    // A full stop that ends the sentence is no part of it.
    if last_dot == end.checked_sub(1) {
        end -= 1;
        last_dot = (at + 1..end).rev().find(|at| tokens.get(*at).is_some_and(|t| t.text == "."));
    }
    let top = tokens.get(last_dot? + 1)?;
    let is_address = start < at && top.is_word() && 2 <= top.text.len() && last_dot? + 2 == end;
    is_address.then_some(Found {
        kind: Kind::Email,
        tokens: start..end,
        reason: "it has the form of an e-mail address",
    })
}

/// Digits of a number written in groups from `at` on, with the place after it. `separators` may stand between groups.
fn grouped(tokens: &[Token<'_>], at: usize, separators: &[&str]) -> (usize, usize) {
    let (mut here, mut end, mut n_digits) = (at, at, 0);
    while let Some(token) = tokens.get(here) {
        if here != at && token.gap == Gap::Line {
            break;
        }
        if token.is_digits() {
            n_digits += token.text.len();
            end = here + 1;
        } else if !separators.contains(&token.text) {
            break;
        }
        here += 1;
    }
    (n_digits, end)
}

fn phone(tokens: &[Token<'_>], at: usize) -> Option<Found> {
    const LABELS: [&str; 18] = [
        "phone",
        "telephone",
        "tel",
        "mobile",
        "cell phone",
        "cell :",
        "fax",
        "whatsapp",
        "telefono",
        "telf",
        "tlf",
        "tfno",
        "movil",
        "celular",
        "call me at",
        "call at",
        "contact :",
        "contacto :",
    ];
    let phone = |end: usize, reason: &'static str| {
        Some(Found { kind: Kind::Phone, tokens: at..end, reason })
    };
    if let Some(after) = label(tokens, at, &LABELS) {
        let mut value = skip_links(tokens, after, 3);
        if tokens.get(value).is_some_and(|token| token.is_mark("+")) {
            value += 1;
        }
        let (n_digits, end) = grouped(tokens, value, &[" ", "-", ".", "(", ")", "/"]);
        return if (7..=15).contains(&n_digits) {
            phone(end, "a number after a word for phone")
        } else {
            None
        };
    }
    let first = tokens.get(at)?;
    if first.is_mark("+") && is_joined(tokens, at + 1) {
        let (n_digits, end) = grouped(tokens, at + 1, &["-", ".", "(", ")"]);
        let is_apart = first.gap != Gap::None || at == 0;
        let is_number = (9..=15).contains(&n_digits);
        return if is_apart && is_number { phone(end, "an international number") } else { None };
    }
    let lengths = |pattern: &[(usize, &str)]| -> Option<usize> {
        // Each part: so many digits, or a mark (with 0).
        for (offset, (n_digits, mark)) in pattern.iter().enumerate() {
            let token = tokens.get(at + offset)?;
            let fits = if *n_digits == 0 {
                token.is_mark(mark)
            } else {
                token.is_digits() && token.text.len() == *n_digits
            };
            if !fits || (offset != 0 && token.gap == Gap::Line) {
                return None;
            }
        }
        Some(at + pattern.len())
    };
    let american = [
        &[(3, ""), (0, "-"), (3, ""), (0, "-"), (4, "")][..],
        &[(3, ""), (0, "."), (3, ""), (0, "."), (4, "")],
        &[(0, "("), (3, ""), (0, ")"), (3, ""), (0, "-"), (4, "")],
        &[(0, "("), (3, ""), (0, ")"), (3, ""), (0, "."), (4, "")],
    ];
    let end = american.iter().find_map(|pattern| lengths(pattern))?;
    // Area codes and exchanges begin with 2 to 9 (North American Numbering Plan).
    let is_dialled = tokens
        .get(at..end)?
        .iter()
        .filter(|token| token.is_digits() && token.text.len() == 3)
        .all(|token| !token.text.starts_with(['0', '1']));
    let is_alone = stands_alone(tokens, at, end);
    if is_dialled && is_alone { phone(end, "it has the form of a phone number") } else { None }
}

/// The label of a record with a value that has four digits or more.
fn record_number(tokens: &[Token<'_>], at: usize) -> Option<Found> {
    const LABELS: [&str; 24] = [
        "mrn",
        "medical record number",
        "medical record no",
        "medical record #",
        "medical record :",
        "record number",
        "hospital number",
        "hospital no",
        "patient id",
        "patient number",
        "patient no",
        "chart number",
        "chart no",
        "chart #",
        "nhs number",
        "nhs no",
        "nhc",
        "numero de historia",
        "n º de historia",
        "historia clinica",
        "nº de historia",
        "n de historia",
        "nuhsa",
        "cip",
    ];
    let mut after = label(tokens, at, &LABELS)?;
    if let Some(further) = label(tokens, after, &["clinica"]) {
        after = further;
    }
    let value = skip_links(tokens, after, 4);
    let mut end = value;
    let mut n_digits = 0;
    // No number has more parts, and a text made to be slow would.
    while let Some(token) = tokens.get(end).filter(|_| end < value + 16) {
        let is_part = token.is_digits() || token.is_word() || matches!(token.text, "-" | "/");
        // An NHS number is written in three groups.
        let is_next = end == value
            || token.gap == Gap::None
            || (token.is_digits() && token.gap == Gap::Space);
        if !is_part || !is_next {
            break;
        }
        n_digits += if token.is_digits() { token.text.len() } else { 0 };
        end += 1;
    }
    (4 <= n_digits).then_some(Found {
        kind: Kind::MedicalRecord,
        tokens: at..end,
        reason: "a number after a word for a medical record",
    })
}

fn identity_number(tokens: &[Token<'_>], at: usize) -> Option<Found> {
    const LABELS: [&str; 8] = [
        "ssn",
        "social security number",
        "social security no",
        "social security",
        "seguridad social",
        "nss",
        "numero de afiliacion",
        "s . s . n .",
    ];
    let number = |end: usize, reason: &'static str| {
        Some(Found { kind: Kind::IdentityNumber, tokens: at..end, reason })
    };
    if let Some(after) = label(tokens, at, &LABELS) {
        let value = skip_links(tokens, after, 4);
        let (n_digits, end) = grouped(tokens, value, &["-", "/"]);
        return if (9..=12).contains(&n_digits) {
            number(end, "a number after a word for social security")
        } else {
            None
        };
    }
    if let Some(end) = american_number(tokens, at) {
        return number(end, "it has the form of a social security number");
    }
    let end = spanish_number(tokens, at)?;
    number(end, "a Spanish identity number whose letter fits")
}

/// `123-45-6789`, within the ranges that the Social Security Administration assigns.
fn american_number(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let [area, first, group, second, serial] = tokens.get(at..at + 5)? else { return None };
    let has = |token: &Token<'_>, n: usize| token.is_digits() && token.text.len() == n;
    let is_form = has(area, 3) && has(group, 2) && has(serial, 4);
    let is_marked = first.is_mark("-") && second.is_mark("-");
    let is_joined = [first, group, second, serial].iter().all(|token| token.gap == Gap::None);
    let is_assigned = !matches!(area.text, "000" | "666")
        && !area.text.starts_with('9')
        && group.text != "00"
        && serial.text != "0000";
    (is_form && is_marked && is_joined && is_assigned && stands_alone(tokens, at, at + 5))
        .then_some(at + 5)
}

/// A DNI or NIE: digits with a letter that is computed from them (Real Decreto 1553/2005, article 11).
fn spanish_number(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let first = tokens.get(at)?;
    let mut digits = String::new();
    let mut here = at;
    if matches!(first.text, "X" | "Y" | "Z") {
        digits.push(match first.text {
            "X" => '0',
            "Y" => '1',
            _ => '2',
        });
        here += 1;
        if tokens.get(here)?.is_mark("-") {
            here += 1;
        }
        if !is_joined(tokens, here) {
            return None;
        }
    }
    loop {
        let token = tokens.get(here)?;
        if !token.is_digits() || (here != at && token.gap != Gap::None) {
            return None;
        }
        digits.push_str(token.text);
        here += 1;
        let is_point =
            tokens.get(here).is_some_and(|next| next.is_mark(".") && next.gap == Gap::None);
        if !is_point || 8 <= digits.len() {
            break;
        }
        here += 1;
    }
    if tokens.get(here)?.is_mark("-") && is_joined(tokens, here) {
        here += 1;
    }
    let letter = tokens.get(here)?;
    let number: usize = digits.parse().ok()?;
    let expected = "TRWAGMYFPDXBNJZSQVHLCKE".get(number % 23..=number % 23)?;
    let fits = digits.len() == 8 && letter.gap == Gap::None && letter.text == expected;
    (fits && stands_alone(tokens, at, here + 1)).then_some(here + 1)
}
