//! Checks of the conclusion.

use super::*;
use crate::run::Journal;
use crate::run::fixture::journal;

const GENERAL: Class = Class::GeneralPurpose;

fn said(models: &[(&str, Class, &[&str])]) -> Vec<Sentence> {
    concluded(&journal("a", models))
}

fn concluded(run: &Journal) -> Vec<Sentence> {
    let grid = Grid::of(run);
    conclusion(&grid, &Basis::of(&grid, Unanswered::CountedWrong))
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
    // One of nine differs: ((1.96 √(1/9) + 0.84 √(8/81)) / (1/9))² = 68.4.
    assert_eq!(
        text(Topic::MoreQuestions),
        "If the gap between A and B is real, it takes about 69 questions to show it."
    );
    assert!(text(Topic::Contamination).contains("seen these questions before"));
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
    let grade = crate::report::reading::grade(&text);
    assert!(grade < 9.0, "grade {grade}: {text}");
}

#[test]
fn the_largest_drop_is_told() {
    use crate::dataset::ItemId;
    let letters = format!("{}{}", "c".repeat(12), "i".repeat(12));
    let mut run = journal("a", &[("A", GENERAL, &[&letters])]);
    for idx in 12..24 {
        run.plan.items[idx].id = ItemId(format!("q{}~none", idx - 12));
    }
    let sentences = concluded(&run);
    assert_eq!(
        about(&sentences, Topic::Changed),
        Some(
            "Put in another form, the same questions were harder. The largest drop: A got 100 fewer of 100 right \
             (“none of the other answers” in the place of the right option)."
        )
    );
    assert_eq!((rounded_up(1_234), rounded_up(68), rounded_up(7)), (1_300, 68, 7));
}
