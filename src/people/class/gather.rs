//! Owns taking in what students hand in: many codes at once, each counted once, what is refused told with its place.

use std::collections::BTreeMap;

use super::code::{CodeError, HandIn, PREFIX};
use super::paper::Paper;

/// A code that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// As it was handed in; this is what is kept.
    pub code: String,
    /// What it says.
    pub hand_in: HandIn,
    /// Unique in the class: the name, with a number behind it where it comes twice.
    pub name: String,
    /// When it was taken in, in milliseconds since 1970.
    pub at_millis: u64,
}

/// A code that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it stood: `line 3`, or a file's name with the line.
    pub place: String,
    /// Why.
    pub reason: Reason,
}

/// Why a code was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] CodeError),
    /// It is there already.
    #[error("this code is here already, from {name}: a duplicate")]
    Duplicate {
        /// Whose.
        name: String,
    },
    /// The same sitting with other answers.
    #[error(
        "{name} has handed in already, with other answers: the first code stands; to take this one, remove the first"
    )]
    Again {
        /// Whose.
        name: String,
    },
    /// More than can be told apart.
    #[error("a class holds at most {MAX_STUDENTS} codes")]
    Full,
}

/// Students of one class at most.
pub const MAX_STUDENTS: usize = 2_000;

/// All that a class handed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hall {
    /// In the order in which they came.
    pub taken: Vec<Taken>,
}

impl Hall {
    /// Takes in a text with one code a line, or a code broken into several lines. `source` is the name of the file that it
    /// came in; empty for what was pasted. Lines without a code are refused too, so that nothing is lost unseen.
    pub fn take(
        &mut self,
        paper: &Paper,
        source: &str,
        text: &str,
        at_millis: u64,
    ) -> Vec<Refused> {
        let mut refused = vec![];
        for (line, code) in codes(text) {
            let place = match source {
                "" => format!("line {line}"),
                source => format!("{source}, line {line}"),
            };
            if let Err(reason) = self.take_one(paper, &code, at_millis) {
                refused.push(Refused { place, reason });
            }
        }
        refused
    }

    fn take_one(&mut self, paper: &Paper, code: &str, at_millis: u64) -> Result<(), Reason> {
        let hand_in = HandIn::decode(code, paper, at_millis)?;
        if let Some(known) = self.taken.iter().find(|t| t.hand_in.sitting == hand_in.sitting) {
            let name = known.name.clone();
            let is_same = known.hand_in.encode(paper) == hand_in.encode(paper);
            return Err(if is_same { Reason::Duplicate { name } } else { Reason::Again { name } });
        }
        if MAX_STUDENTS <= self.taken.len() {
            return Err(Reason::Full);
        }
        let base = hand_in.shown_name();
        let is_taken = |name: &str| self.taken.iter().any(|other| other.name == name);
        let mut name = base.clone();
        for n in 2_u32.. {
            if !is_taken(&name) {
                break;
            }
            name = format!("{base} ({n})");
        }
        let code = hand_in.encode(paper);
        self.taken.push(Taken { code, hand_in, name, at_millis });
        Ok(())
    }

    /// Takes a student out again.
    pub fn remove(&mut self, name: &str) {
        self.taken.retain(|taken| taken.name != name);
    }

    /// Names that more than one student gave: they may be one person twice.
    pub fn shared_names(&self) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for taken in self.taken.iter().filter(|taken| !taken.hand_in.name.trim().is_empty()) {
            *counts.entry(taken.hand_in.name.trim().to_lowercase()).or_default() += 1;
        }
        counts.into_iter().filter(|(_, n)| 1 < *n).map(|(name, _)| name).collect()
    }
}

/// Codes with the numbers of their lines. A line of nothing but groups of letters goes on with the code above it.
fn codes(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = vec![];
    let mut is_open = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let start = line.to_ascii_uppercase().find(PREFIX);
        match (start, found.last_mut()) {
            _ if line.is_empty() => is_open = false,
            (Some(start), _) => {
                let code = line.get(start..).unwrap_or_default();
                // Behind a blank stands what a messenger added.
                let code = code.split_whitespace().next().unwrap_or_default();
                found.push((number, code.trim_matches(['"', ',', ';', '.', '>']).to_owned()));
                is_open = true;
            }
            (None, Some((_, code))) if is_open && is_rest(line) => code.push_str(line),
            (None, _) => {
                found.push((number, line.to_owned()));
                is_open = false;
            }
        }
    }
    found
}

/// Whether a line can be the rest of a code that was broken.
fn is_rest(line: &str) -> bool {
    line.chars().all(|c| c == '-' || (!c.is_lowercase() && super::letters::value_of(c).is_some()))
        && line.split('-').all(|group| group.len() <= 5)
}

#[cfg(test)]
mod tests {
    use super::super::paper::tests::items;
    use super::*;
    use crate::people::exam::{Answer, Given, Terms};

    fn paper() -> Paper {
        Paper::new("Class", Terms::default(), &items(), &[])
    }

    fn code(sitting: u8, name: &str, option: usize) -> String {
        let given =
            Given { answer: Answer::One(option), confidence: None, took_millis: 0, at_millis: 0 };
        let answers = vec![Some(given), None, None, None];
        HandIn { sitting: [sitting; 6], name: name.to_owned(), answers }.encode(&paper())
    }

    #[test]
    fn duplicates_and_changed_codes_are_refused_with_reason_and_place() {
        let mut hall = Hall::default();
        let ana = code(1, "Ana", 0);
        let mut tampered = code(2, "Ben", 1);
        tampered.replace_range(10..11, if &tampered[10..11] == "A" { "B" } else { "A" });
        let text = format!("{ana}\nBen: {tampered}\n\n{ana}\nhello\n{}", code(1, "Ana", 1));
        let refused = hall.take(&paper(), "", &text, 9);
        assert_eq!(hall.taken.len(), 1);
        let told: Vec<(&str, bool)> = refused
            .iter()
            .map(|refused| {
                (refused.place.as_str(), matches!(refused.reason, Reason::Unreadable(_)))
            })
            .collect();
        assert_eq!(
            told,
            [("line 2", true), ("line 4", false), ("line 5", true), ("line 6", false)]
        );
        assert_eq!(refused[1].reason, Reason::Duplicate { name: "Ana".to_owned() });
        assert_eq!(refused[3].reason, Reason::Again { name: "Ana".to_owned() });
        let refused = hall.take(&paper(), "ana.txt", &ana, 9);
        assert_eq!(refused[0].place, "ana.txt, line 1");
    }

    #[test]
    fn names_are_told_apart_and_nobody_needs_one() {
        let mut hall = Hall::default();
        let text = [code(1, "Ana", 0), code(2, "Ana", 1), code(3, "", 1)].join("\n");
        assert_eq!(hall.take(&paper(), "", &text, 9), []);
        let names: Vec<&str> = hall.taken.iter().map(|taken| taken.name.as_str()).collect();
        assert_eq!(names, ["Ana", "Ana (2)", "Student 0C1G"]);
        assert_eq!(hall.shared_names(), ["ana"]);
        hall.remove("Ana");
        assert_eq!(hall.taken.len(), 2);
    }

    #[test]
    fn a_code_that_a_messenger_broke_or_wrapped_is_read() {
        let mut hall = Hall::default();
        let whole = code(1, "Ana", 0);
        let at = whole.match_indices('-').nth(3).unwrap().0;
        let text = format!(
            "> {}\n{}\n{} (sent from a phone)",
            &whole[..at],
            &whole[at..],
            code(2, "Bo", 1)
        );
        assert_eq!(hall.take(&paper(), "", &text, 9), []);
        assert_eq!(hall.taken.len(), 2);
    }
}
