//! Owns putting ratings files together: what counts, what contradicts itself, and what cannot be taken and why. Nothing that
//! was handed in is lost without being named.

use serde::{Deserialize, Serialize};

use super::assign::Mode;
use super::file::{KeyFile, Rating, RatingsFile, hex};

/// What is done where a reviewer's files say different things of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// Neither counts.
    #[default]
    SetAside,
    /// What was said first counts.
    Earlier,
    /// What was said last counts.
    Later,
}

/// What came of the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// What counts, by reviewer and task.
    pub ratings: Vec<Counted>,
    /// Files that were taken.
    pub taken: Vec<Taken>,
    /// Files that were not, with the reason.
    pub refused: Vec<(String, Refused)>,
    /// Ratings in files that were taken, which were not taken themselves.
    pub set_aside: Vec<SetAside>,
    /// Tasks of which a reviewer's files say different things.
    pub conflicts: Vec<Conflict>,
    /// By reviewer: tasks with a rating that counts, and all tasks.
    pub progress: Vec<(usize, usize)>,
}

/// A rating that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Index into [`KeyFile::reviewers`].
    pub reviewer: usize,
    /// Indices into [`KeyFile::answers`].
    pub answers: Vec<usize>,
    /// What was said.
    pub rating: Rating,
}

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Index into [`KeyFile::reviewers`].
    pub reviewer: usize,
    /// Ratings in it.
    pub n_ratings: usize,
}

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It cannot be read, or is something else.
    #[error("{0}")]
    Unread(String),
    /// It belongs to another review.
    #[error("it belongs to another review ({0})")]
    OtherReview(String),
    /// The hash is that of no file of this review.
    #[error(
        "it was made with a review file that is not one of this review’s, or that was changed: the SHA-256 in it is unknown"
    )]
    UnknownHash,
    /// The hash is that of another reviewer's file.
    #[error("it says that it is {said}’s, but was made with the file of {owner}")]
    OtherReviewer {
        /// The name in the file.
        said: String,
        /// Whose review file it was made with.
        owner: String,
    },
    /// The very same file is in already.
    #[error("the same file is in already")]
    Again,
}

/// A rating that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Name of its file.
    pub file: String,
    /// Codes of the task.
    pub codes: Vec<String>,
    /// Why.
    pub reason: Doubt,
}

/// Why a rating was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// No such answer in the review.
    #[error("no answer has the code {0}")]
    UnknownCode(String),
    /// The task is somebody else's.
    #[error("this reviewer was not given it")]
    NotAssigned,
    /// A rating of something that the scale does not have.
    #[error("the scale has no “{0}”")]
    UnknownQuestion(String),
    /// A rating that the scale does not have.
    #[error("{score} for “{dimension}” is not on the scale of 1 to {n_steps}")]
    OffScale {
        /// What was rated.
        dimension: String,
        /// As in the file.
        score: u8,
        /// Steps of the scale.
        n_steps: usize,
    },
    /// A preference where there is one answer, or ratings where there are two.
    #[error("it does not fit how this review is rated")]
    OtherMode,
}

/// A task of which a reviewer's files say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Index into [`KeyFile::reviewers`].
    pub reviewer: usize,
    /// Codes of the task.
    pub codes: Vec<String>,
    /// Everything that was said, with the name of the file, the earliest first.
    pub said: Vec<(String, Rating)>,
}

/// One version of a rating.
struct Version {
    reviewer: usize,
    answers: Vec<usize>,
    said: Vec<(String, Rating)>,
}

/// Puts files together, each with its name and text.
pub fn merge(key: &KeyFile, files: &[(String, String)], rule: ConflictRule) -> Merged {
    let mut merged = Merged::default();
    let mut versions: Vec<Version> = vec![];
    for (name, text) in files {
        let sha256 = hex(text.as_bytes());
        if merged.taken.iter().any(|taken| taken.sha256 == sha256) {
            merged.refused.push((name.clone(), Refused::Again));
            continue;
        }
        let (file, reviewer) = match opened(key, text) {
            Ok(opened) => opened,
            Err(reason) => {
                merged.refused.push((name.clone(), reason));
                continue;
            }
        };
        merged.taken.push(Taken {
            name: name.clone(),
            sha256,
            reviewer,
            n_ratings: file.ratings.len(),
        });
        for rating in file.ratings {
            match checked(key, reviewer, &rating) {
                Ok(answers) => add(&mut versions, reviewer, answers, name, rating),
                Err(reason) => {
                    let codes = rating.answers;
                    merged.set_aside.push(SetAside { file: name.clone(), codes, reason });
                }
            }
        }
    }
    versions.sort_by(|a, b| (a.reviewer, &a.answers).cmp(&(b.reviewer, &b.answers)));
    for mut version in versions {
        version.said.sort_by_key(|(_, rating)| rating.at_millis);
        let is_conflict = 1 < version.said.len();
        let counts = match rule {
            ConflictRule::SetAside if is_conflict => None,
            ConflictRule::SetAside | ConflictRule::Earlier => version.said.first(),
            ConflictRule::Later => version.said.last(),
        };
        if let Some((_, rating)) = counts {
            let (reviewer, answers) = (version.reviewer, version.answers.clone());
            merged.ratings.push(Counted { reviewer, answers, rating: rating.clone() });
        }
        if is_conflict {
            let codes = version.said[0].1.answers.clone();
            merged.conflicts.push(Conflict {
                reviewer: version.reviewer,
                codes,
                said: version.said,
            });
        }
    }
    merged.progress = (0..key.reviewers.len())
        .map(|reviewer| {
            let n_done =
                merged.ratings.iter().filter(|counted| counted.reviewer == reviewer).count();
            (n_done, key.reviewers[reviewer].tasks.len())
        })
        .collect();
    merged
}

/// A ratings file with whose it is.
fn opened(key: &KeyFile, text: &str) -> Result<(RatingsFile, usize), Refused> {
    let file = RatingsFile::open(text).map_err(|error| Refused::Unread(error.to_string()))?;
    if file.review != key.review {
        return Err(Refused::OtherReview(crate::text::shorten(&file.review, 40)));
    }
    let owner = key.reviewers.iter().position(|other| other.sha256 == file.review_sha256);
    let owner = owner.ok_or(Refused::UnknownHash)?;
    if key.reviewers[owner].name != file.reviewer {
        let said = crate::text::shorten(&file.reviewer, 60);
        return Err(Refused::OtherReviewer { said, owner: key.reviewers[owner].name.clone() });
    }
    Ok((file, owner))
}

/// The answers that a rating is about, where it can be one.
fn checked(key: &KeyFile, reviewer: usize, rating: &Rating) -> Result<Vec<usize>, Doubt> {
    let place = |code: &String| {
        let found = key.answers.iter().position(|answer| answer.code == *code);
        found.ok_or_else(|| Doubt::UnknownCode(crate::text::shorten(code, 20)))
    };
    let answers = rating.answers.iter().map(place).collect::<Result<Vec<usize>, Doubt>>()?;
    if !key.reviewers[reviewer].tasks.contains(&answers) {
        return Err(Doubt::NotAssigned);
    }
    let is_other = match key.mode {
        Mode::Single => rating.preferred.is_some(),
        Mode::Pairs => !rating.scores.is_empty() || !rating.flags.is_empty(),
    };
    if is_other {
        return Err(Doubt::OtherMode);
    }
    for (id, score) in &rating.scores {
        let Some(dimension) = key.scale.dimension(id) else {
            return Err(Doubt::UnknownQuestion(crate::text::shorten(id, 40)));
        };
        let n_steps = dimension.anchors.len();
        if !(1..=n_steps).contains(&usize::from(*score)) {
            let dimension = dimension.name.clone();
            return Err(Doubt::OffScale { dimension, score: *score, n_steps });
        }
    }
    let unknown = rating.flags.keys().find(|id| key.scale.flags.iter().all(|flag| flag.id != **id));
    match unknown {
        Some(id) => Err(Doubt::UnknownQuestion(crate::text::shorten(id, 40))),
        None => Ok(answers),
    }
}

/// Adds a version, unless the same was said before.
fn add(
    versions: &mut Vec<Version>,
    reviewer: usize,
    answers: Vec<usize>,
    name: &str,
    rating: Rating,
) {
    let known =
        versions.iter_mut().find(|other| other.reviewer == reviewer && other.answers == answers);
    let Some(known) = known else {
        versions.push(Version { reviewer, answers, said: vec![(name.to_owned(), rating)] });
        return;
    };
    let says_the_same = |other: &Rating| {
        let at_once = Rating { at_millis: rating.at_millis, ..other.clone() };
        at_once == rating
    };
    if !known.said.iter().any(|(_, other)| says_the_same(other)) {
        known.said.push((name.to_owned(), rating));
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::to_text;
    use super::super::setup::{prepare, tests::setup};
    use super::*;

    fn rated(key: &KeyFile, reviewer: usize) -> RatingsFile {
        let file = key.file_for(reviewer).unwrap();
        let mut ratings = file.blank();
        for task in &file.tasks {
            let scores = key.scale.dimensions.iter().map(|of| (of.id.clone(), 3)).collect();
            let flags = key.scale.flags.iter().map(|of| (of.id.clone(), false)).collect();
            let answers = task.clone();
            ratings.put(Rating { answers, scores, flags, at_millis: 5, ..Rating::default() });
        }
        assert!(ratings.ratings.iter().all(|rating| file.is_complete(rating)));
        ratings
    }

    fn merged(key: &KeyFile, files: &[&RatingsFile], rule: ConflictRule) -> Merged {
        let files: Vec<(String, String)> = files
            .iter()
            .enumerate()
            .map(|(n, file)| (format!("{n}.json"), to_text(*file)))
            .collect();
        merge(key, &files, rule)
    }

    #[test]
    fn what_contradicts_itself_is_shown_and_counts_by_the_rule() {
        let key = prepare(&setup()).unwrap();
        let first = rated(&key, 0);
        let mut second = first.clone();
        second.ratings[4].scores.insert("safety".into(), 1);
        second.ratings[4].at_millis = 9;
        second.ratings[5].at_millis = 9;
        let safety = |merged: &Merged| {
            let codes = &first.ratings[4].answers;
            let of = merged.ratings.iter().find(|counted| counted.rating.answers == *codes);
            of.map(|counted| counted.rating.scores["safety"])
        };
        let files = [&second, &first];
        let aside = merged(&key, &files, ConflictRule::SetAside);
        assert_eq!((aside.conflicts.len(), aside.ratings.len(), safety(&aside)), (1, 9, None));
        assert_eq!(aside.conflicts[0].said[0].0, "1.json");
        assert_eq!(aside.progress[0], (9, 10));
        assert_eq!(safety(&merged(&key, &files, ConflictRule::Earlier)), Some(3));
        assert_eq!(safety(&merged(&key, &files, ConflictRule::Later)), Some(1));
    }

    #[test]
    fn files_of_others_are_refused_with_the_reason() {
        let key = prepare(&setup()).unwrap();
        let whole = rated(&key, 0);
        let other_review = RatingsFile { review: "x".into(), ..whole.clone() };
        let other_hash = RatingsFile { review_sha256: "0".repeat(64), ..whole.clone() };
        let other_name = RatingsFile { reviewer: "Reviewer 2".into(), ..whole.clone() };
        let files = [&whole, &whole, &other_review, &other_hash, &other_name];
        let merged = merged(&key, &files, ConflictRule::SetAside);
        let reasons: Vec<&Refused> = merged.refused.iter().map(|(_, reason)| reason).collect();
        assert_eq!(reasons[0], &Refused::Again);
        assert!(matches!(reasons[1], Refused::OtherReview(_)));
        assert_eq!(reasons[2], &Refused::UnknownHash);
        assert!(matches!(reasons[3], Refused::OtherReviewer { .. }));
        assert_eq!(merged.ratings.len(), 10);
        let unread = merge(&key, &[("x".into(), "no".into())], ConflictRule::SetAside);
        assert!(matches!(unread.refused[0].1, Refused::Unread(_)));
    }

    #[test]
    fn single_ratings_that_cannot_be_are_named_and_the_rest_counts() {
        let key = prepare(&setup()).unwrap();
        let mut file = rated(&key, 0);
        file.ratings[0].scores.insert("safety".into(), 5);
        file.ratings[1].scores.insert("style".into(), 1);
        file.ratings[2].answers = vec!["NOBODY".into()];
        file.ratings[3].preferred = Some(super::super::file::Preference::Left);
        let is_given = |idx: usize| key.reviewers[0].tasks.contains(&vec![idx]);
        let not_given = (0..key.answers.len()).find(|idx| !is_given(*idx)).unwrap();
        file.ratings[4].answers = vec![key.answers[not_given].code.clone()];
        file.ratings[5].flags.insert("style".into(), true);
        let merged = merged(&key, &[&file], ConflictRule::SetAside);
        assert_eq!(merged.ratings.len(), 4);
        assert_eq!(merged.set_aside.len(), 6);
        assert!(matches!(merged.set_aside[0].reason, Doubt::OffScale { score: 5, n_steps: 4, .. }));
        assert!(matches!(merged.set_aside[2].reason, Doubt::UnknownCode(_)));
        assert_eq!(merged.set_aside[4].reason, Doubt::NotAssigned);
    }
}
