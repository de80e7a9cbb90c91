//! Owns the figures of a review in pairs: who was preferred to whom, and the strengths that follow.

use crate::people::review::file::{KeyFile, Preference};
use crate::people::review::merge::Merged;
use crate::report::CONFIDENCE;
use crate::stats::{Interval, bradley_terry, normal};

/// Strengths by the Bradley–Terry model. A tie counts as half a win for either side.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// By model.
    pub standings: Vec<Standing>,
    /// By two models, the first below the second: the chance that the first is preferred, with its interval.
    pub chances: Vec<([usize; 2], f64, Interval)>,
    /// How often the left one of two was preferred, of those in which one was: far from a half it tells of sides, not answers.
    pub n_left: usize,
    /// Those in which one was preferred.
    pub n_decided: usize,
    /// Those in which neither was.
    pub n_ties: usize,
}

/// One model's part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Log-odds, with a mean of zero over the models.
    pub strength: f64,
    /// Its interval.
    pub interval: Interval,
    /// Preferred.
    pub n_won: usize,
    /// The other was preferred.
    pub n_lost: usize,
    /// Neither was.
    pub n_tied: usize,
}

pub(super) fn figures(key: &KeyFile, merged: &Merged) -> Result<Preferences, String> {
    let n = key.models.len();
    let mut wins = vec![vec![0.0; n]; n];
    let mut ties = vec![vec![0.0; n]; n];
    let mut counts = vec![(0, 0, 0); n];
    let (mut n_left, mut n_decided, mut n_ties) = (0, 0, 0);
    for counted in &merged.ratings {
        let [left, right] = counted.answers[..] else { continue };
        let Some(preferred) = counted.rating.preferred.filter(|_| !counted.rating.cannot_judge)
        else {
            continue;
        };
        let [left, right] = [left, right].map(|answer| key.answers[answer].model);
        let decided = match preferred {
            Preference::Left => Some([left, right]),
            Preference::Right => Some([right, left]),
            Preference::Neither => None,
        };
        n_left += usize::from(preferred == Preference::Left);
        if let Some([winner, loser]) = decided {
            wins[winner][loser] += 1.0;
            counts[winner].0 += 1;
            counts[loser].1 += 1;
            n_decided += 1;
        } else {
            ties[left.min(right)][left.max(right)] += 1.0;
            counts[left].2 += 1;
            counts[right].2 += 1;
            n_ties += 1;
        }
    }
    let strengths = bradley_terry::fit(&wins, &ties)
        .map_err(|error| format!("No strengths: {error}. More comparisons help."))?;
    let z = normal::z_of(CONFIDENCE);
    let standings = counts.into_iter().enumerate().map(|(model, (n_won, n_lost, n_tied))| {
        let strength = strengths.values[model];
        let error = strengths.error(model).unwrap_or(f64::INFINITY);
        Standing {
            strength,
            interval: Interval::around(strength, z * error),
            n_won,
            n_lost,
            n_tied,
        }
    });
    let pairs = (0..n).flat_map(|one| (one + 1..n).map(move |other| [one, other]));
    let chances = pairs.filter_map(|pair| {
        let (chance, interval) = strengths.chance(pair[0], pair[1], CONFIDENCE)?;
        Some((pair, chance, interval))
    });
    Ok(Preferences {
        standings: standings.collect(),
        chances: chances.collect(),
        n_left,
        n_decided,
        n_ties,
    })
}
