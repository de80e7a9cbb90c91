//! Owns the tests of folding.

use super::*;
use proptest::prelude::*;

#[test]
fn full_width_circled_and_mathematical_letters_become_ascii() {
    assert_eq!(fold("Ａｎｓｗｅｒ：Ｃ").text, "Answer:C");
    assert_eq!(fold("Ⓑ 𝐂 𝗗 🅰").text, "B C D A");
    assert_eq!(fold("CO₂ 10⁴ Ca²⁺").text, "CO2 104 Ca2+");
}

#[test]
fn quotes_dashes_spaces_and_line_ends_become_plain() {
    assert_eq!(fold("“B”\u{a0}‘x’ 1–2").text, "\"B\" 'x' 1-2");
    assert_eq!(fold("a\r\nb\rc\u{2028}d").text, "a\nb\nc\nd");
    assert_eq!(fold("B—because").text, "B - because");
}

#[test]
fn what_cannot_be_seen_is_removed() {
    assert_eq!(fold("\u{feff}An\u{200b}swer\u{202e}: B\u{2060}\u{0}").text, "Answer: B");
}

#[test]
fn a_span_of_folded_text_leads_back_to_the_original() {
    let original = "“Ａ”—Ｂ";
    let folded = fold(original);
    let at = folded.text.find('B').unwrap();
    assert_eq!(&original[folded.original(at..at + 1)], "Ｂ");
    assert_eq!(&original[folded.original(0..3)], "“Ａ”");
    assert_eq!(folded.original(500..900), original.len()..original.len());
}

#[test]
fn keys_ignore_case_accents_markup_and_white_space() {
    assert_eq!(key("  **Ménière’s**\n disease "), key("meniere's disease"));
    assert_eq!(key("Straße"), "strasse");
    assert_eq!(key("cafe\u{301}"), "cafe");
    assert_ne!(key("5 mg"), key("50 mg"));
}

#[test]
fn cleaning_changes_nothing_that_can_be_seen() {
    assert_eq!(
        clean("\u{feff} A 5–10 mg dose — “twice”\u{a0}daily\r\nnext \u{200b}"),
        "A 5–10 mg dose — “twice” daily\nnext"
    );
    assert_eq!(clean("👩\u{200d}⚕"), "👩\u{200d}⚕");
}

#[test]
fn texts_are_cut_at_character_boundaries() {
    assert_eq!(head("äöü", 3), "ä");
    assert_eq!(head("abc", 9), "abc");
    assert_eq!(shorten("Ménière’s disease", 9), "Ménière’…");
    assert_eq!(shorten("short", 5), "short");
    assert_eq!(shorten("anything", 0), "");
}

#[test]
fn words_are_lower_case_without_accents_and_keep_decimals() {
    assert_eq!(
        words("Metformin 0.5 g, 1,000 IU; Ménière’s D-dimer."),
        ["metformin", "0.5", "g", "1,000", "iu", "meniere", "s", "d", "dimer"]
    );
    assert!(words(" . ,- ").is_empty());
}

proptest! {
    #[test]
    fn every_folded_span_lies_on_character_boundaries(text in ".{0,60}", a in 0usize..80, b in 0usize..80) {
        let folded = fold(&text);
        let range = folded.original(a.min(b)..a.max(b));
        prop_assert!(text.get(range).is_some());
    }

    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
        let once = fold(&text).text;
        prop_assert_eq!(&fold(&once).text, &once);
    }

    #[test]
    fn cutting_never_exceeds_the_limit(text in ".{0,40}", n in 0usize..50) {
        prop_assert!(head(&text, n).len() <= n);
        prop_assert!(shorten(&text, n).chars().count() <= n);
    }
}
