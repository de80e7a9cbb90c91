//! Owns the measure of how hard sentences are to read, for the tests of what people read.

/// Flesch-Kincaid grade with syllables counted as groups of vowels: rough, and enough to keep sentences short.
pub(super) fn grade(text: &str) -> f64 {
    let is_vowel = |c: char| "aeiouy".contains(c.to_ascii_lowercase());
    let syllables = |word: &str| {
        let (mut n, mut was_vowel) = (0_u32, false);
        for c in word.trim_end_matches('e').chars() {
            n += u32::from(is_vowel(c) && !was_vowel);
            was_vowel = is_vowel(c);
        }
        n.max(1)
    };
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let n_sentences = text.matches(['.', ':', ';']).count() as f64;
    let n_syllables = f64::from(words.iter().map(|word| syllables(word)).sum::<u32>());
    let n_words = words.len() as f64;
    0.39 * n_words / n_sentences + 11.8 * n_syllables / n_words - 15.59
}
