//! Owns the choice of examples: drawn by a seed, the same for all models, and never an item that is asked.

use std::collections::BTreeSet;
use std::mem::discriminant;

use crate::dataset::variant::root_of;
use crate::dataset::{Item, Kind, sample};

/// There are not enough items to take examples from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Only {n_found} of {n_wanted} examples can be had: they must be questions of the same kind that are not asked. Ask fewer questions, or want fewer examples."
)]
pub struct TooFewShots {
    /// How many were wanted.
    pub n_wanted: usize,
    /// How many there are.
    pub n_found: usize,
}

/// Draws `n` examples out of `pool`, a held-out split or what a set has besides what is asked. An item is passed over when
/// it, a variant of it, or an item with the same question is asked; when its kind is not asked; and when a rubric or a
/// conversation makes it no example.
pub fn pick_shots(
    pool: &[Item],
    asked: &[Item],
    n: usize,
    seed: u64,
) -> Result<Vec<Item>, TooFewShots> {
    let ids: BTreeSet<&str> = asked.iter().map(|item| root_of(&item.id)).collect();
    let questions: BTreeSet<String> = asked.iter().map(folded).collect();
    let kinds: Vec<_> = {
        let mut kinds = vec![];
        for item in asked {
            let kind = discriminant(&item.kind);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    };
    let is_fit = |item: &&Item| {
        item.turns.is_empty()
            && !matches!(item.kind, Kind::Rubric(_))
            && kinds.contains(&discriminant(&item.kind))
            && root_of(&item.id) == item.id.0
            && !ids.contains(item.id.0.as_str())
            && !questions.contains(&folded(item))
    };
    let fit: Vec<&Item> = pool.iter().filter(is_fit).collect();
    if fit.len() < n {
        return Err(TooFewShots { n_wanted: n, n_found: fit.len() });
    }
    let drawn = sample(fit.len(), n, seed);
    Ok(drawn.into_iter().filter_map(|idx| fit.get(idx).map(|item| (*item).clone())).collect())
}

/// A question by its words alone.
fn folded(item: &Item) -> String {
    let words = item.question.split_whitespace().map(str::to_lowercase);
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::variant::Variant;
    use crate::dataset::{Criterion, Rubric};

    fn items(range: std::ops::Range<usize>) -> Vec<Item> {
        range
            .map(|n| Item::single_choice(&format!("q{n}"), &format!("Q {n}?"), &["a", "b"], 0))
            .collect()
    }

    #[test]
    fn what_is_asked_is_no_example_nor_is_its_like() {
        let pool = items(0..10);
        let mut asked = items(0..3);
        asked.push(Variant::Rotated(1).of(&pool[3], "en").unwrap());
        asked.push(Item { id: crate::dataset::ItemId("other".into()), ..pool[4].clone() });
        asked[4].question = " q  4?".into();
        for seed in 0..20 {
            let shots = pick_shots(&pool, &asked, 5, seed).unwrap();
            let ids: Vec<&str> = shots.iter().map(|item| item.id.0.as_str()).collect();
            assert_eq!(ids, ["q5", "q6", "q7", "q8", "q9"]);
        }
        let error = pick_shots(&pool, &asked, 6, 1).unwrap_err();
        assert_eq!(error, TooFewShots { n_wanted: 6, n_found: 5 });
    }

    #[test]
    fn the_seed_decides() {
        let (pool, asked) = (items(10..60), items(0..3));
        let drawn = |seed| pick_shots(&pool, &asked, 5, seed).unwrap();
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn an_example_shows_the_form_that_is_asked_for() {
        let mut pool = items(10..13);
        let criteria = vec![Criterion { text: "c".into(), points: 1, tags: vec![] }];
        pool[0].kind = Kind::Rubric(Rubric { criteria });
        pool[1].turns = vec![crate::dataset::Turn {
            speaker: crate::dataset::Speaker::User,
            text: "hello".into(),
        }];
        let shots = pick_shots(&pool, &items(0..1), 1, 1).unwrap();
        assert_eq!(shots[0].id.0, "q12");
        assert!(pick_shots(&pool, &items(0..1), 2, 1).is_err());
    }
}
