//! Checks of the conclusion.

use super::*;
use crate::run::fixture::journal;

const GENERAL: Class = Class::GeneralPurpose;

fn said(models: &[(&str, Class, &[&str])]) -> Vec<Sentence> {
    conclusion(&Grid::of(&journal("a", models)), Unanswered::CountedWrong)
}

fn about(sentences: &[Sentence], topic: Topic) -> Option<&str> {
    sentences.iter().find(|sentence| sentence.topic == topic).map(|sentence| sentence.text.as_str())
}

#[test]
fn a_clear_lead_is_told_with_its_range_and_its_limits() {
    let strong = format!("{}i", "c".repeat(119));
    let weak = format!("{}{}", "c".repeat(80), "i".repeat(40));
    let shy = format!("{}{}{}", "c".repeat(40), "i".repeat(50), "r".repeat(30));
    let sentences = said(&[
        ("Strong", GENERAL, &[&strong]),
        ("Weak", GENERAL, &[&weak]),
        ("Shy", Class::Clinical, &[&shy]),
    ]);
    let text = |topic| about(&sentences, topic).unwrap();
    assert_eq!(
        text(Topic::Best),
        "Strong got the most right: 99 of 100, on 120 questions (95 % range: 95 to 100)."
    );
    assert_eq!(
        text(Topic::Ahead),
        "Strong is ahead of Weak and Shy. Of 100 questions, it got 33 more right than Weak (range: 24 to 41)."
    );
    assert!(text(Topic::Classes).starts_with(
        "On average, the 2 general-purpose models got 50 more of 100 right than the clinical model (Shy) (range: "
    ));
    assert_eq!(
        text(Topic::Unanswered),
        "Shy gave no clear answer 30 of 120 times. Counted as wrong, it has 33 of 100 right; set aside, 44."
    );
    assert!(text(Topic::Limits).contains("no clinical validation and no medical advice"));
    assert_eq!(about(&sentences, Topic::FewItems), None);
    assert_eq!(about(&sentences, Topic::Missing), None);
}

#[test]
fn what_cannot_be_told_is_said_to_be_so() {
    let sentences = said(&[
        ("A", GENERAL, &["cccccccic-"]),
        ("B", GENERAL, &["ccccccciix"]),
        ("Guess", Class::Baseline, &["ciiciciiic"]),
    ]);
    let text = |topic| about(&sentences, topic).unwrap();
    assert_eq!(
        text(Topic::Ahead),
        "It cannot be told whether A or B or Guess is better: the gap could be chance."
    );
    assert_eq!(
        text(Topic::Baseline),
        "A and B are not clearly better than a rule that knows nothing."
    );
    assert_eq!(
        text(Topic::FewItems),
        "With only 9 questions, no more than large gaps can be seen."
    );
    assert_eq!(
        text(Topic::Missing),
        "1 answer is still missing, and 1 without a score. They count for nothing."
    );
}

#[test]
fn without_answers_there_is_nothing_but_the_limits() {
    let sentences = said(&[("A", GENERAL, &["--"])]);
    let topics: Vec<Topic> = sentences.iter().map(|sentence| sentence.topic).collect();
    assert_eq!(topics, [Topic::Nothing, Topic::Limits]);
    let alone = said(&[("A", GENERAL, &["ci"])]);
    assert_eq!(
        about(&alone, Topic::Best),
        Some("A got 50 of 100 right, on 2 questions (95 % range: 9.5 to 91).")
    );
    assert_eq!(about(&alone, Topic::Ahead), None);
}

#[test]
fn numbers_are_rounded_to_what_a_reader_can_use() {
    assert_eq!(share_text(0.8814), "88");
    assert_eq!(share_text(0.048_703), "4.9");
    assert_eq!(share_text(0.05), "5");
    assert_eq!(share_text(-0.0001), "0");
    assert_eq!(share_text(-0.031), "\u{2212}3.1");
    assert_eq!(count_text(1_273, "question"), "1,273 questions");
    assert_eq!(count_text(1_000_000, "time"), "1,000,000 times");
    assert_eq!(count_text(1, "trial"), "1 trial");
}

/// Flesch-Kincaid grade with syllables counted as groups of vowels: rough, and enough to keep sentences short.
#[test]
fn the_sentences_read_below_ninth_grade() {
    let right = "c".repeat(60);
    let half = format!("{}{}", "c".repeat(30), "r".repeat(30));
    let few = format!("{}{}-x", "c".repeat(29), "i".repeat(29));
    let sentences = said(&[
        ("Ann", GENERAL, &[&right]),
        ("Bob", Class::Clinical, &[&half]),
        ("Cat", GENERAL, &[&few]),
        ("Dog", Class::Baseline, &[&few]),
    ]);
    let text: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    let text = text.join(" ");
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
    let grade = 0.39 * n_words / n_sentences + 11.8 * n_syllables / n_words - 15.59;
    assert!(grade < 9.0, "grade {grade}: {text}");
}
