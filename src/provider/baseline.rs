//! Owns the rules that answer without knowing anything. They show what a score is worth: a model that does no better
//! than the longest option has shown nothing.
//!
//! Chance comes from `SplitMix64` (Steele, Lea, Flood 2014), started from the seed, the item's id and the repeat, so
//! that an answer does not depend on the machine or on the order in which items are asked.

use std::collections::BTreeSet;

use super::{Baseline, Completion, Finish};
use crate::dataset::{Choice, Item};
use crate::stats::random::{FNV_START, SplitMix64, fnv_1a};
use crate::text;

/// The answer of a rule to an item, as the line that a model is asked for. The same arguments always give the same.
pub fn answer(rule: Baseline, seed: u64, item: &Item, repeat: u16) -> Completion {
    let options = item.options();
    let candidates = match rule {
        Baseline::UniformGuess => (0..options.len()).collect(),
        Baseline::LongestOption => longest(options),
        Baseline::WordOverlap => most_overlap(item),
    };
    let text = match candidates.get(draw(start(seed, item, repeat), candidates.len())) {
        Some(option_idx) => format!("Answer: {}", Choice::letter(*option_idx)),
        None => String::new(),
    };
    Completion { text, finish: Finish::Stop, ..Completion::default() }
}

/// The generator's state for one trial: the seed, with the 64-bit FNV-1a hash of the id and the repeat stirred in.
fn start(seed: u64, item: &Item, repeat: u16) -> u64 {
    let id_hash = fnv_1a(FNV_START, item.id.0.as_bytes());
    split_mix(split_mix(seed ^ id_hash).wrapping_add(u64::from(repeat)))
}

/// The first number of the sequence that starts at `state`.
fn split_mix(state: u64) -> u64 {
    SplitMix64::new(state).next_u64()
}

/// An index below `n` by Lemire's multiplication; for the two to 26 options of an item its bias is below 2⁻⁵⁹.
fn draw(random: u64, n: usize) -> usize {
    let scaled = u128::from(random) * (n as u128);
    usize::try_from(scaled >> 64).unwrap_or(0)
}

fn longest(options: &[String]) -> Vec<usize> {
    let n_chars: Vec<usize> =
        options.iter().map(|option| text::collapse_white_space(option).chars().count()).collect();
    let most = n_chars.iter().copied().max().unwrap_or(0);
    (0..options.len()).filter(|option_idx| n_chars.get(*option_idx) == Some(&most)).collect()
}

/// The options with the highest BM25 score (Robertson, Zaragoza 2009; k₁ = 1.2, b = 0.75, and the form of the inverse
/// document frequency that cannot turn negative), options as documents, question and passages as the query.
fn most_overlap(item: &Item) -> Vec<usize> {
    const K1: f64 = 1.2;
    const B: f64 = 0.75;
    /// Scores that differ by rounding alone count as equal: `ln` may differ in its last digit between machines.
    const EQUAL_WITHIN: f64 = 1e-9;

    let documents: Vec<Vec<String>> =
        item.options().iter().map(|option| text::words(option)).collect();
    let query: BTreeSet<String> = std::iter::once(&item.question)
        .chain(&item.context)
        .flat_map(|passage| text::words(passage))
        .collect();
    let n_documents = documents.len() as f64;
    let mean_words = documents.iter().map(Vec::len).sum::<usize>() as f64 / n_documents.max(1.0);
    let scores: Vec<f64> = documents
        .iter()
        .map(|document| {
            let mut parts: Vec<f64> = query
                .iter()
                .map(|term| {
                    let n_here = document.iter().filter(|word| *word == term).count() as f64;
                    let n_with =
                        documents.iter().filter(|other| other.contains(term)).count() as f64;
                    let rarity = (1.0 + (n_documents - n_with + 0.5) / (n_with + 0.5)).ln();
                    let length = 1.0 - B + B * document.len() as f64 / mean_words.max(1.0);
                    rarity * n_here * (K1 + 1.0) / (n_here + K1 * length)
                })
                .collect();
            parts.sort_by(f64::total_cmp);
            parts.iter().sum()
        })
        .collect();
    let best = scores.iter().copied().fold(0.0, f64::max);
    (0..scores.len())
        .filter(|option_idx| {
            scores.get(*option_idx).is_some_and(|score| best - score < EQUAL_WITHIN)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, question: &str, options: &[&str]) -> Item {
        Item::single_choice(id, question, options, 0)
    }

    #[test]
    fn the_generator_gives_the_published_first_values_for_seed_zero() {
        assert_eq!(split_mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(split_mix(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn a_guess_is_the_same_every_time_and_differs_between_repeats_and_seeds() {
        let item = item("q7", "?", &["a", "b", "c", "d"]);
        let guess = |seed, repeat| answer(Baseline::UniformGuess, seed, &item, repeat).text;
        assert_eq!(guess(1, 0), guess(1, 0));
        let over_repeats: BTreeSet<String> = (0..20).map(|repeat| guess(1, repeat)).collect();
        let over_seeds: BTreeSet<String> = (0..20).map(|seed| guess(seed, 0)).collect();
        assert_eq!(over_repeats.len(), 4);
        assert_eq!(over_seeds.len(), 4);
    }

    #[test]
    fn guesses_do_not_change_between_versions() {
        // The same letters come from an implementation of the generator in another language.
        let letters: String = (0..12)
            .map(|i| {
                answer(
                    Baseline::UniformGuess,
                    62,
                    &item(&format!("q{i}"), "?", &["a", "b", "c", "d", "e"]),
                    0,
                )
                .text
            })
            .filter_map(|text| text.chars().last())
            .collect();
        assert_eq!(letters, "ACDEEDEECDDA");
    }

    #[test]
    fn guesses_are_spread_evenly() {
        let mut counts = [0_u32; 4];
        for i in 0..4000 {
            let text = answer(
                Baseline::UniformGuess,
                3,
                &item(&i.to_string(), "?", &["a", "b", "c", "d"]),
                0,
            )
            .text;
            let option_idx = "ABCD".find(text.chars().last().unwrap()).unwrap();
            counts[option_idx] += 1;
        }
        // Four standard deviations around 1,000.
        assert!(counts.iter().all(|count| (890..=1110).contains(count)), "{counts:?}");
    }

    #[test]
    fn the_longest_option_is_chosen_by_characters_not_bytes() {
        let item = item("q", "?", &["ääää", "bbbbbb", "cc"]);
        assert_eq!(answer(Baseline::LongestOption, 0, &item, 0).text, "Answer: B");
    }

    #[test]
    fn ties_are_broken_by_the_seed_among_the_tied_alone() {
        let item = item("q", "?", &["longer", "short", "length"]);
        let answers: BTreeSet<String> =
            (0..40).map(|seed| answer(Baseline::LongestOption, seed, &item, 0).text).collect();
        assert_eq!(answers.into_iter().collect::<Vec<_>>(), ["Answer: A", "Answer: C"]);
    }

    #[test]
    fn word_overlap_prefers_the_option_that_repeats_the_question() {
        let item = item(
            "q",
            "A man with gout takes allopurinol. Which crystals form in gout?",
            &["Calcium oxalate", "Gout crystals of urate", "Cystine"],
        );
        assert_eq!(answer(Baseline::WordOverlap, 0, &item, 0).text, "Answer: B");
    }

    #[test]
    fn word_overlap_reads_the_passages_too() {
        let mut item = item("q", "Which?", &["yes", "no", "maybe"]);
        item.context = vec!["The trial says maybe.".into()];
        assert_eq!(answer(Baseline::WordOverlap, 0, &item, 0).text, "Answer: C");
    }

    #[test]
    fn without_any_overlap_word_overlap_guesses_among_all() {
        let item = item("q", "Which?", &["x", "y", "z"]);
        let answers: BTreeSet<String> =
            (0..40).map(|seed| answer(Baseline::WordOverlap, seed, &item, 0).text).collect();
        assert_eq!(answers.len(), 3);
    }
}
