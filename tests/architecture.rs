//! Owns the rules of the house that the compiler cannot check: which room knows which, and what a file may hold.

#![allow(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first: a room may use those before it.
const ROOMS: [&str; 11] = [
    "text", "stats", "dataset", "prompt", "provider", "score", "run", "report", "people",
    "browser", "ui",
];
/// Longest file, in lines; tests are not counted.
const MAX_LINES: usize = 500;
/// Tables of data may be longer.
const TABLES: [&str; 1] = ["src/score/choice/cases.rs"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder with one of the endings, as path from the root and text, sorted.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = vec![];
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| has_ending(&path, ending)) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

fn rust_files() -> Vec<(String, String)> {
    ["src", "xtask/src", "tests", "fuzz"].map(|folder| files(folder, &["rs"])).concat()
}

fn room_of(path: &str) -> Option<usize> {
    let name = path.strip_prefix("src/")?;
    let name = name.split(['/', '.']).next()?;
    ROOMS.iter().position(|room| *room == name)
}

#[test]
fn a_room_uses_only_those_below_it() {
    let mut faults = vec![];
    for (path, text) in files("src", &["rs"]) {
        let Some(here) = room_of(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (_, after) in
                code.match_indices("crate::").map(|(at, word)| (at, &code[at + word.len()..]))
            {
                let used = after.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
                let used = ROOMS.iter().position(|room| Some(*room) == used);
                if used.is_some_and(|used| here < used) {
                    faults.push(format!("{path}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "a room uses one above it:\n{}", faults.join("\n"));
}

#[test]
fn only_the_browser_room_knows_the_browser() {
    let mut faults = vec![];
    for (path, text) in files("src", &["rs"]) {
        if path.starts_with("src/browser") {
            continue;
        }
        for word in ["web_sys", "js_sys", "wasm_bindgen", "gloo_"] {
            if text.contains(&format!("{word}::")) || (word == "gloo_" && text.contains("gloo_net"))
            {
                faults.push(format!("{path} names {word}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_says_in_its_first_line_what_it_owns() {
    for (path, text) in rust_files() {
        assert!(text.starts_with("//! "), "{path} has no first line that says what it owns");
    }
    for (path, text) in files("www", &["css"]) {
        assert!(text.starts_with("/* Owns "), "{path} has no first line that says what it owns");
    }
}

#[test]
fn no_file_has_grown_into_two_rooms() {
    for (path, text) in [files("src", &["rs"]), files("xtask/src", &["rs"])].concat() {
        if path.ends_with("tests.rs") {
            continue;
        }
        let n_lines =
            text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        assert!(
            n_lines <= MAX_LINES || TABLES.contains(&path.as_str()),
            "{path} has {n_lines} lines"
        );
    }
}

#[test]
fn colours_stand_in_the_tokens_only() {
    for (path, text) in files("www/css", &["css"]) {
        if path.ends_with("tokens.css") {
            continue;
        }
        for line in text.lines() {
            let is_hex = line.split('#').skip(1).any(|after| {
                let n_hex = after.chars().take_while(char::is_ascii_hexdigit).count();
                line.contains(':') && matches!(n_hex, 3 | 4 | 6 | 8)
            });
            let is_function =
                ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|name| line.contains(name));
            assert!(!is_hex && !is_function, "{path} names a colour: {}", line.trim());
        }
    }
    for (path, text) in files("src/ui", &["rs"]) {
        assert!(
            !text.contains("style=\""),
            "{path} has a style attribute, which the page's policy forbids"
        );
    }
}

#[test]
fn no_html_is_made_from_a_string() {
    for (path, text) in files("src", &["rs"]) {
        for word in ["inner_html", "set_outer_html", "insert_adjacent_html", "document_write"] {
            assert!(
                !text.contains(word),
                "{path} uses {word}: text of models must never be read as HTML"
            );
        }
    }
}

#[test]
fn nothing_is_left_unfinished() {
    for (path, text) in rust_files() {
        for word in ["todo!(", "unimplemented!(", "#[ignore"] {
            let own = path == "tests/architecture.rs";
            assert!(own || !text.contains(word), "{path} holds {word}");
        }
    }
}
