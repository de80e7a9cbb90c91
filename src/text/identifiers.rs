//! Owns the check for what points to a real person in a text: names, numbers, addresses and dates, in English and Spanish.
//!
//! It follows the identifiers that the Privacy Rule of HIPAA lists (45 CFR 164.514(b)(2)), as far as patterns can tell them,
//! and is tuned to stay silent on exam questions: an age, a first name alone, a year or a blood pressure raise nothing.
//! It warns; it proves nothing.

mod dates;
mod numbers;
mod people;
mod places;
mod scan;

use std::ops::Range;

use scan::{Token, tokens};

/// What kind of detail was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Name of a person.
    Name,
    /// Day, month and perhaps year of birth.
    DateOfBirth,
    /// A full date in somebody's history.
    Date,
    /// Telephone or fax.
    Phone,
    /// E-mail address.
    Email,
    /// Number of a medical record or a patient.
    MedicalRecord,
    /// Social security or identity number.
    IdentityNumber,
    /// Street, post box or town with a postal code.
    Address,
}

impl Kind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::DateOfBirth => "Date of birth",
            Self::Date => "Full date",
            Self::Phone => "Phone number",
            Self::Email => "E-mail address",
            Self::MedicalRecord => "Medical record number",
            Self::IdentityNumber => "Social security or identity number",
            Self::Address => "Address",
        }
    }
}

/// A detail that points to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Which bytes of the text.
    pub range: Range<usize>,
    /// Why it was taken for that, in a few words.
    pub reason: &'static str,
}

/// A finding in tokens, before it is told in bytes.
struct Found {
    kind: Kind,
    tokens: Range<usize>,
    reason: &'static str,
}

/// Everything that was found, in the order of the text, without overlaps.
pub fn find(text: &str) -> Vec<Finding> {
    let folded = super::fold(text);
    let tokens = tokens(&folded.text);
    let mut found = vec![];
    numbers::find(&tokens, &mut found);
    places::find(&tokens, &mut found);
    let full_dates = dates::full_dates(&tokens);
    dates::find_births(&tokens, &mut found);
    people::find(&tokens, &full_dates, &mut found);
    // A date says little alone and much beside a name or a number.
    let has_other = !found.is_empty();
    dates::find_events(&tokens, &full_dates, has_other, &mut found);

    let bytes = |range: &Range<usize>| {
        let start = tokens.get(range.start).map_or(0, |token| token.start);
        let end = range.end.checked_sub(1).and_then(|last| tokens.get(last));
        folded.original(start..end.map_or(start, |token| token.end))
    };
    let mut findings: Vec<Finding> = found
        .iter()
        .map(|found| Finding {
            kind: found.kind,
            range: bytes(&found.tokens),
            reason: found.reason,
        })
        .collect();
    findings.sort_by_key(|finding| (finding.range.start, finding.kind));
    let mut end = 0;
    findings.retain(|finding| {
        let is_apart = end <= finding.range.start;
        end = end.max(finding.range.end);
        is_apart
    });
    findings
}

/// Whether the tokens from `at` on spell these words, in lower case without accents.
fn spells(tokens: &[Token<'_>], at: usize, words: &str) -> Option<usize> {
    let mut here = at;
    for word in words.split(' ') {
        if tokens.get(here)?.key != word {
            return None;
        }
        here += 1;
    }
    Some(here)
}

/// The first of these labels that stands at `at`, as the place after it.
fn label(tokens: &[Token<'_>], at: usize, labels: &[&str]) -> Option<usize> {
    // Asked of every token with every label: most are told apart by their first letter.
    let first = tokens.get(at)?.key.as_bytes().first();
    let candidates = labels.iter().filter(|words| words.as_bytes().first() == first);
    candidates.into_iter().find_map(|words| spells(tokens, at, words))
}

/// Passes over what may stand between a label and its value: `:`, `#`, `.`, `is`, `no`, …
fn skip_links(tokens: &[Token<'_>], mut at: usize, n_most: usize) -> usize {
    const LINKS: [&str; 20] = [
        ":", "#", ".", "=", "-", "(", "is", "was", "no", "nr", "number", "num", "numero", "n",
        "of", "on", "the", "es", "el", "de",
    ];
    for _ in 0..n_most {
        match tokens.get(at) {
            Some(token) if LINKS.contains(&token.key.as_str()) || token.text == "º" => at += 1,
            _ => break,
        }
    }
    at
}

#[cfg(test)]
mod tests;
