//! Owns slips of the keyboard: the wording of a question as it is typed in haste.

use crate::stats::random::SplitMix64;

/// One word in so many is misspelt.
const EVERY: u64 = 8;
/// Shorter words carry too little to be known again.
const MIN_CHARS: usize = 5;

/// The text with one longer word in eight misspelt: two letters changed places, one dropped or one doubled. Numbers, units
/// and words with capitals inside (names of drugs and genes may be told by one letter) stay. `None` where no word can be.
pub(super) fn misspelt(text: &str, seed: u64) -> Option<String> {
    let mut random = SplitMix64::new(seed ^ 0x5bd1_e995);
    let mut changed = String::with_capacity(text.len());
    let mut is_changed = false;
    let mut candidates = 0_u64;
    for word in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let letters = word.trim_end_matches(|c: char| !c.is_alphabetic());
        let is_plain = letters.chars().skip(1).all(char::is_lowercase);
        let n_chars = letters.chars().count();
        if MIN_CHARS <= n_chars && is_plain {
            candidates += 1;
            // The first is certain, so that no text stays as it was by chance.
            if candidates == 1 || random.below(EVERY) == 0 {
                changed.push_str(&slip(letters, &mut random));
                changed.push_str(word.get(letters.len()..).unwrap_or_default());
                is_changed = true;
                continue;
            }
        }
        changed.push_str(word);
    }
    (is_changed && changed != text).then_some(changed)
}

fn slip(word: &str, random: &mut SplitMix64) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    // First and last letters stay: readers go by them.
    let n_inner = chars.len().saturating_sub(3).max(1) as u64;
    let at = 1 + usize::try_from(random.below(n_inner)).unwrap_or(0);
    match random.below(3) {
        0 if chars.get(at) != chars.get(at + 1) => chars.swap(at, at + 1),
        1 => chars.insert(at, chars[at]),
        _ => {
            chars.remove(at);
        }
    }
    chars.into_iter().collect()
}
