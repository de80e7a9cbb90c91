//! Owns "of 1,000 questions like these": a difference as counts that people can picture.

use super::grid::Grid;
use super::leaderboard::count;
use super::pairs::Pair;
use super::rule::Unanswered;
use super::wording;
use crate::stats::Interval;

/// How many questions the counts are of.
pub const N: usize = 1_000;

/// Two models on 1,000 questions like those that were asked. Questions, not patients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thousand {
    /// Index into [`Grid::models`].
    pub first: usize,
    /// Index into [`Grid::models`].
    pub second: usize,
    /// Both right. The four counts add up to [`N`].
    pub both: usize,
    /// Only the first right.
    pub first_only: usize,
    /// Only the second right.
    pub second_only: usize,
    /// Neither right.
    pub neither: usize,
    /// How many more the first gets right; negative where fewer. Not rounded.
    pub more_right: f64,
    /// 95 % interval of that.
    pub interval: Option<Interval>,
    /// Questions that it is computed from.
    pub n_items: usize,
}

impl Thousand {
    /// How many more right answers the first would give where a person puts so many such questions, with the interval.
    /// For who knows how often such a question arises.
    pub fn scaled(&self, n_questions: f64) -> (f64, Option<Interval>) {
        let scale = n_questions / N as f64;
        let interval =
            self.interval.map(|ends| Interval { low: ends.low * scale, high: ends.high * scale });
        (self.more_right * scale, interval)
    }
}

/// The number of questions that a person typed, with or without marks between the thousands; `None` unless it is a whole
/// one above 0 and at most a billion.
pub fn typed_number(text: &str) -> Option<u32> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '.' | '’' | '\''))
        .collect();
    digits.parse().ok().filter(|n| (1..=1_000_000_000).contains(n))
}

/// What the difference comes to in so many questions, in words. `names` are those of the two models; `is_told` says whether
/// the difference can be told from chance.
pub fn told(names: [&str; 2], counts: &Thousand, n_questions: u32, is_told: bool) -> String {
    let (more, interval) = counts.scaled(f64::from(n_questions));
    let [ahead, behind] = if more < 0.0 { [names[1], names[0]] } else { names };
    let number = |value: f64| {
        wording::decimal(value, usize::from(value.abs() < 10.0 && value.fract() != 0.0))
    };
    let range = interval.map_or_else(String::new, |ends| {
        let (low, high) = if more < 0.0 { (-ends.high, -ends.low) } else { (ends.low, ends.high) };
        format!(" (95 % range: {} to {})", number(low), number(high))
    });
    let chance = if is_told { "" } else { " This gap could be chance." };
    format!(
        "In {} such questions, {ahead} would get about {} more right than {behind}{range}.{chance} This holds if they are like \
         those that were asked; it does not say what becomes of the people who ask.",
        wording::count(n_questions as usize),
        number(more.abs()),
    )
}

/// The counts for a pair. With repeats, each item counts with the chances that its trials show, the two models' trials
/// taken as independent within the item.
pub fn thousand(grid: &Grid, pair: &Pair, rule: Unanswered) -> Thousand {
    let mut shares = [0.0; 4];
    for item in (0..grid.items.len()).filter(|item| grid.counts(*item)) {
        let chance = |model| {
            let (right, n) = count(rule, grid.trials(model, item));
            (n > 0).then(|| right as f64 / n as f64)
        };
        if let (Some(p), Some(q)) = (chance(pair.first), chance(pair.second)) {
            let parts = [p * q, p * (1.0 - q), (1.0 - p) * q, (1.0 - p) * (1.0 - q)];
            for (share, part) in shares.iter_mut().zip(parts) {
                *share += part / pair.n_items.max(1) as f64;
            }
        }
    }
    let [both, first_only, second_only, neither] = rounded(shares);
    let n = N as f64;
    Thousand {
        first: pair.first,
        second: pair.second,
        both,
        first_only,
        second_only,
        neither,
        more_right: pair.difference * n,
        interval: pair
            .careful_interval()
            .map(|ends| Interval { low: ends.low * n, high: ends.high * n }),
        n_items: pair.n_items,
    }
}

/// Whole counts that add up to [`N`]: rounded down, and what is left goes to the largest remainders.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1,000")]
fn rounded(shares: [f64; 4]) -> [usize; 4] {
    let exact = shares.map(|share| share.max(0.0) * N as f64);
    let mut counts = exact.map(|value| (value + 1e-9).floor() as usize);
    let mut order = [0, 1, 2, 3];
    let rest = |idx: usize| exact[idx] - exact[idx].floor();
    order.sort_by(|a, b| rest(*b).total_cmp(&rest(*a)));
    let missing = N.saturating_sub(counts.iter().sum());
    for idx in order.into_iter().cycle().take(missing) {
        counts[idx] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::report::pairs;
    use crate::run::fixture::journal;

    #[test]
    fn counts_add_up_to_a_thousand() {
        let class = Class::GeneralPurpose;
        let run = journal("a", &[("m", class, &["cccccci"]), ("n", class, &["ccccici"])]);
        let grid = Grid::of(&run);
        let rule = Unanswered::CountedWrong;
        let found = thousand(&grid, &pairs(&grid, rule)[0], rule);
        // Of 7: 5, 1, 0 and 1; 714.3, 142.9, 0, 142.9.
        let counts = (found.both, found.first_only, found.second_only, found.neither);
        assert_eq!(counts, (714, 143, 0, 143));
        assert!((found.more_right - 1000.0 / 7.0).abs() < 1e-9);
        assert!((found.scaled(70.0).0 - 10.0).abs() < 1e-9);
        assert!(found.interval.unwrap().low < found.more_right);
        let text = told(["m", "n"], &found, 70, false);
        assert!(
            text.starts_with(
                "In 70 such questions, m would get about 10 more right than n (95 % range: "
            ),
            "{text}"
        );
        let turned = Thousand { more_right: -found.more_right, interval: None, ..found };
        assert!(
            told(["m", "n"], &turned, 7, true).contains("n would get about 1 more right than m.")
        );
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let read = ["1,200", " 40 ", "0", "-3", "many", "1.000.000"].map(typed_number);
        assert_eq!(read, [Some(1_200), Some(40), None, None, None, Some(1_000_000)]);
    }

    #[test]
    fn with_repeats_items_count_with_their_chances() {
        let class = Class::GeneralPurpose;
        let run = journal("a", &[("m", class, &["cc", "ci"]), ("n", class, &["ic", "ic"])]);
        let grid = Grid::of(&run);
        let rule = Unanswered::CountedWrong;
        let pair = &pairs(&grid, rule)[0];
        let found = thousand(&grid, pair, rule);
        // m: 1 and 1/2, n: 0 and 1. Of the two items: m alone 1 and 0, both 0 and 1/2, n alone 0 and 1/2.
        let (m_alone, n_alone) = if pair.first == 0 {
            (found.first_only, found.second_only)
        } else {
            (found.second_only, found.first_only)
        };
        assert_eq!((found.both, m_alone, n_alone, found.neither), (250, 500, 250, 0));
    }
}
