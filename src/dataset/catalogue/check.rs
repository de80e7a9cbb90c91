//! Owns what an entry of the catalogue must be.

use std::collections::BTreeSet;

use super::address::{is_label, is_path, is_repository};
use super::{Entry, Part, Place, Role};

/// What is wrong with an entry: the field and the reason.
pub(super) fn faults_of(entry: &Entry) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    let mut must = |is_right: bool, field: &str, reason: &str| {
        if !is_right {
            faults.push((field.to_owned(), reason.to_owned()));
        }
    };
    must(is_slug(&entry.id), "id", "is not made of lower-case letters, digits and hyphens");
    for (field, text) in [
        ("title", &entry.title),
        ("measures", &entry.measures),
        ("split", &entry.split),
        ("metric", &entry.metric),
        ("licence.name", &entry.licence.name),
    ] {
        must(!text.trim().is_empty(), field, "is empty");
    }
    must(entry.n_items > 0, "n_items", "is 0");
    must(is_language(&entry.language), "language", "is not a language tag such as en");
    must(!entry.kinds.is_empty(), "kinds", "is empty");
    must(is_web(&entry.page), "page", "does not begin with https://");
    for (idx, by_hand) in entry.by_hand.iter().enumerate() {
        must(is_web(&by_hand.url), &format!("by_hand[{idx}].url"), "does not begin with https://");
    }
    for (idx, trap) in entry.traps.iter().enumerate() {
        let is_told = !trap.what.trim().is_empty() && !trap.handled.trim().is_empty();
        must(is_told, &format!("traps[{idx}]"), "tells no trap or not how it is handled");
    }
    for (idx, score) in entry.scores.iter().enumerate() {
        let field = format!("scores[{idx}]");
        let is_told = [&score.who, &score.score, &score.source].iter().all(|text| !text.is_empty());
        must(is_told, &field, "lacks a name, a score or a source");
        must((2015..2100).contains(&score.year), &field, "has a year that cannot be");
    }
    for (idx, keep) in entry.rules.keep.iter().enumerate() {
        let is_told = !keep.field.is_empty() && !keep.is.is_empty();
        must(is_told, &format!("rules.keep[{idx}]"), "names no field or nothing that it must hold");
    }
    must(
        entry.rules.first_option.is_none_or(|first| first < 2),
        "rules.first_option",
        "is not 0 or 1",
    );
    for (idx, split) in entry.rules.without.iter().enumerate() {
        let is_told = !split.what.is_empty() && !split.words.is_empty();
        must(is_told, &format!("rules.without[{idx}]"), "has no name or no words");
    }
    if entry.parts.is_empty() {
        must(!entry.by_hand.is_empty(), "parts", "is empty, and nothing can be opened by hand");
    } else {
        let has_questions = entry.parts.iter().any(|part| part.role == Role::Questions);
        must(has_questions, "parts", "holds no questions");
    }
    let mut names = BTreeSet::new();
    for (idx, part) in entry.parts.iter().enumerate() {
        let is_new = names.insert(part.name.as_str());
        must(is_new, &format!("parts[{idx}].name"), "is the name of an earlier part");
        faults_of_part(part, &format!("parts[{idx}]"), &mut must);
    }
    faults
}

fn faults_of_part(part: &Part, at: &str, must: &mut impl FnMut(bool, &str, &str)) {
    must(
        is_slug(&part.name),
        &format!("{at}.name"),
        "is not made of lower-case letters, digits and hyphens",
    );
    must(part.n_rows != Some(0), &format!("{at}.n_rows"), "is 0");
    must(!part.places.is_empty(), &format!("{at}.places"), "is empty");
    for (idx, place) in part.places.iter().enumerate() {
        let at = format!("{at}.places[{idx}]");
        let (repository, labels, paths, sha256) = match place {
            Place::HuggingFaceFile { dataset, revision, path, sha256, .. } => {
                (dataset, vec![], vec![revision, path], sha256.as_ref())
            }
            Place::GithubFile { repository, revision, path, sha256, .. } => {
                (repository, vec![], vec![revision, path], sha256.as_ref())
            }
            Place::HuggingFaceRows { dataset, config, split, only, at_most, .. } => {
                must(*at_most != Some(0), &format!("{at}.at_most"), "is 0");
                let labels: Vec<&String> = [config, split].into_iter().chain(only).collect();
                (dataset, labels, vec![], None)
            }
        };
        must(is_repository(repository), &at, "does not name a repository as owner/name");
        must(labels.into_iter().all(|label| is_label(label)), &at, "has an empty or odd name");
        must(
            paths.into_iter().all(|path| is_path(path)),
            &at,
            "has a revision or path that leaves the repository",
        );
        let is_hash = |hash: &String| {
            hash.len() == 64 && hash.chars().all(|char| matches!(char, '0'..='9' | 'a'..='f'))
        };
        must(
            sha256.is_none_or(is_hash),
            &format!("{at}.sha256"),
            "is not 64 lower-case hex digits",
        );
    }
}

fn is_slug(text: &str) -> bool {
    let is_fit = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    (1..=60).contains(&text.len()) && text.chars().all(is_fit) && !text.starts_with('-')
}

fn is_language(text: &str) -> bool {
    let main = text.split('-').next().unwrap_or_default();
    (2..=3).contains(&main.len()) && main.chars().all(|char| char.is_ascii_lowercase())
}

fn is_web(text: &str) -> bool {
    text.strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '\n']))
}
