//! Owns the rule that reads a text for signs of an emergency, in English and Spanish. It goes by words, and rather warns once
//! too often than once too seldom: only a plain "no" directly before a sign takes the sign back.

mod signs;

use self::signs::SIGNS;
use crate::text::{fold, lower_unaccented};

/// What a text may tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Pain or pressure in the chest, or a heart attack by name.
    Heart,
    /// Trouble with breathing, or blue lips.
    Breathing,
    /// Signs of a stroke.
    Stroke,
    /// Thoughts of suicide or of harming oneself.
    Suicide,
    /// Heavy bleeding.
    Bleeding,
    /// Too much of a medicine or a drug, or poison.
    Overdose,
    /// A severe allergic reaction.
    Allergy,
    /// Fainting that does not pass, seizures, a head injury.
    Consciousness,
    /// A baby or a pregnancy in danger.
    Baby,
    /// A stiff neck with fever, or a rash that does not fade.
    Meningitis,
}

/// The language in which a sign was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tongue {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

impl Sign {
    /// What it is, behind "It may tell of".
    pub fn name(self, tongue: Tongue) -> &'static str {
        match (self, tongue) {
            (Self::Heart, Tongue::English) => "a problem of the heart",
            (Self::Heart, Tongue::Spanish) => "un problema del corazón",
            (Self::Breathing, Tongue::English) => "trouble with breathing",
            (Self::Breathing, Tongue::Spanish) => "dificultad para respirar",
            (Self::Stroke, Tongue::English) => "a stroke",
            (Self::Stroke, Tongue::Spanish) => "un ictus",
            (Self::Suicide, Tongue::English) => "thoughts of suicide or self-harm",
            (Self::Suicide, Tongue::Spanish) => "ideas de suicidio o de hacerse daño",
            (Self::Bleeding, Tongue::English) => "heavy bleeding",
            (Self::Bleeding, Tongue::Spanish) => "una hemorragia",
            (Self::Overdose, Tongue::English) => "an overdose or a poisoning",
            (Self::Overdose, Tongue::Spanish) => "una sobredosis o una intoxicación",
            (Self::Allergy, Tongue::English) => "a severe allergic reaction",
            (Self::Allergy, Tongue::Spanish) => "una reacción alérgica grave",
            (Self::Consciousness, Tongue::English) => {
                "a seizure, a loss of consciousness or a head injury"
            }
            (Self::Consciousness, Tongue::Spanish) => {
                "una convulsión, una pérdida de conciencia o un golpe en la cabeza"
            }
            (Self::Baby, Tongue::English) => "a pregnancy or a baby in danger",
            (Self::Baby, Tongue::Spanish) => "un embarazo o un bebé en peligro",
            (Self::Meningitis, Tongue::English) => "meningitis",
            (Self::Meningitis, Tongue::Spanish) => "una meningitis",
        }
    }
}

/// A sign that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Which.
    pub sign: Sign,
    /// In which language.
    pub tongue: Tongue,
}

/// The signs in a text, each once, in the order of [`Sign`].
pub fn signs(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut found: Vec<Found> = vec![];
    for (sign, tongue, patterns) in SIGNS {
        let is_told = patterns.iter().any(|pattern| is_said(&tokens, pattern));
        if is_told && found.iter().all(|other| other.sign != *sign) {
            found.push(Found { sign: *sign, tongue: *tongue });
        }
    }
    found.sort_unstable();
    found
}

/// Whether a pattern stands somewhere and is not denied.
pub(super) fn is_said(tokens: &[String], pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split(' ').collect();
    (0..tokens.len()).any(|start| matches_at(&parts, tokens, start) && !is_denied(tokens, start))
}

/// Words in lower case without accents and apostrophes; a full stop stands for every end of a clause.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = vec![];
    let mut word = String::new();
    for c in fold(text).text.chars() {
        if matches!(c, '\'' | '’' | '`' | '´') {
            continue;
        }
        if c.is_alphanumeric() || crate::text::is_combining(c) {
            lower_unaccented(c, &mut word);
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\n' | '(' | ')' | '–' | '—') {
            tokens.push(END.to_owned());
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

/// Ends a clause.
const END: &str = ".";
/// Stands for up to so many words of the same clause.
const GAP: &str = "_";
const MAX_GAP: usize = 4;
/// Shorter words must be spelt as they stand.
const MIN_TOLERANT: usize = 6;

/// Whether a pattern stands at this place: words, `a|b` for either, `a*` for a beginning, `_` for some words between.
fn matches_at(parts: &[&str], tokens: &[String], at: usize) -> bool {
    let Some((part, rest)) = parts.split_first() else { return true };
    if *part == GAP {
        return (0..=MAX_GAP)
            .take_while(|n| {
                // No gap reaches over the end of a clause.
                n.checked_sub(1)
                    .is_none_or(|last| tokens.get(at + last).is_some_and(|token| token != END))
            })
            .any(|n| matches_at(rest, tokens, at + n));
    }
    tokens.get(at).is_some_and(|token| part.split('|').any(|word| fits(word, token)))
        && matches_at(rest, tokens, at + 1)
}

fn fits(word: &str, token: &str) -> bool {
    if let Some(start) = word.strip_suffix('*') {
        return token.starts_with(start);
    }
    // The first letter is rarely the wrong one, and comparing it first keeps long texts quick.
    token == word
        || (MIN_TOLERANT <= word.len()
            && token.as_bytes().first() == word.as_bytes().first()
            && is_slip(word, token))
}

/// Whether a word is another with one letter missing, too many, wrong, or two changed over: people in need type in haste.
fn is_slip(word: &str, token: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), token.chars().collect());
    if 1 < a.len().abs_diff(b.len()) {
        return false;
    }
    let n_same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = |word: &[char], n: usize| word.get(n_same + n..).unwrap_or_default().to_vec();
    let is_swapped = 2 <= rest(&a, 0).len()
        && 2 <= rest(&b, 0).len()
        && rest(&a, 0).iter().take(2).rev().eq(rest(&b, 0).iter().take(2))
        && rest(&a, 2) == rest(&b, 2);
    is_swapped
        || rest(&a, 1) == rest(&b, 1)
        || rest(&a, 1) == rest(&b, 0)
        || rest(&a, 0) == rest(&b, 1)
}

/// Whether a plain "no" stands before this place, with nothing between but words that leave it a no.
fn is_denied(tokens: &[String], at: usize) -> bool {
    const NO: &[&str] = &[
        "no", "without", "denies", "denied", "deny", "denying", "nor", "never", "dont", "doesnt",
        "didnt", "not", "havent", "hasnt", "sin", "niega", "niego", "ni", "nunca",
    ];
    const BETWEEN: &[&str] = &[
        "any",
        "a",
        "an",
        "the",
        "sign",
        "signs",
        "symptom",
        "symptoms",
        "of",
        "have",
        "has",
        "had",
        "having",
        "feel",
        "get",
        "new",
        "acute",
        "severe",
        "sudden",
        "or",
        "fever",
        "cough",
        "nausea",
        "vomiting",
        "dizziness",
        "sweating",
        "headache",
        "pain",
        "hay",
        "tengo",
        "tiene",
        "tuve",
        "tuvo",
        "siento",
        "tener",
        "o",
        "u",
        "ni",
        "un",
        "una",
        "ningun",
        "ninguna",
        "signos",
        "de",
        "sintomas",
        "fiebre",
        "tos",
        "nauseas",
        "dolor",
        "ideas",
        "ideation",
        "thoughts",
        "history",
    ];
    const MAX_BETWEEN: usize = 6;
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    for token in before.take(MAX_BETWEEN) {
        if NO.contains(&token.as_str()) {
            return true;
        }
        if !BETWEEN.contains(&token.as_str()) {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<Sign> {
        signs(text).into_iter().map(|found| found.sign).collect()
    }

    #[test]
    fn each_sign_is_found_in_words_that_people_use() {
        let cases = [
            ("My dad has crushing chest pain since an hour", Sign::Heart),
            ("pressure in my chest, going to the left arm", Sign::Heart),
            ("Is this a heart attack?", Sign::Heart),
            ("I can’t breathe", Sign::Breathing),
            ("she is having a hard time breathing", Sign::Breathing),
            ("short of breath at rest", Sign::Breathing),
            ("his lips are turning blue", Sign::Breathing),
            ("my mother's face is drooping and her speech is slurred", Sign::Stroke),
            ("sudden weakness of one side", Sign::Stroke),
            ("I want to die", Sign::Suicide),
            ("i dont want to live anymore", Sign::Suicide),
            ("thinking of killing myself", Sign::Suicide),
            ("thoughts of self-harm", Sign::Suicide),
            ("the cut is bleeding and won't stop", Sign::Bleeding),
            ("he is vomiting blood", Sign::Bleeding),
            ("took too many paracetamol tablets", Sign::Overdose),
            ("My toddler swallowed a button battery", Sign::Overdose),
            ("hives, and my throat is closing", Sign::Allergy),
            ("anaphylaxis after peanuts", Sign::Allergy),
            ("He had a seizure and does not wake up", Sign::Consciousness),
            ("I am pregnant and bleeding", Sign::Baby),
            ("fever, headache, stiff neck", Sign::Meningitis),
            ("Tengo un dolor fuerte en el pecho", Sign::Heart),
            ("me duele mucho el pecho", Sign::Heart),
            ("No puedo respirar bien", Sign::Breathing),
            ("le falta el aire", Sign::Breathing),
            ("tiene la cara torcida y no puede hablar", Sign::Stroke),
            ("ya no quiero vivir", Sign::Suicide),
            ("quiero morirme", Sign::Suicide),
            ("está sangrando mucho", Sign::Bleeding),
            ("se tomó demasiadas pastillas", Sign::Overdose),
            ("se le hincha la lengua", Sign::Allergy),
            ("mi hijo se desmayó", Sign::Consciousness),
        ];
        for (text, sign) in cases {
            assert!(told(text).contains(&sign), "{text}: {:?}", told(text));
        }
    }

    #[test]
    fn slips_of_the_keyboard_do_not_hide_a_sign() {
        for text in
            ["he had a siezure", "I feel sucidal", "an overdoze", "chest presure", "anafilaxia"]
        {
            assert!(!told(text).is_empty(), "{text}");
        }
        assert!(is_slip("seizure", "siezure") && is_slip("seizure", "seizur"));
        assert!(is_slip("seizure", "seizures") && !is_slip("seizure", "leisure"));
    }

    #[test]
    fn a_plain_no_takes_a_sign_back() {
        for text in [
            "No chest pain, just a cold.",
            "She has no fever or chest pain.",
            "denies chest pain",
            "cough without shortness of breath",
            "He does not have any signs of a stroke",
            "No tengo dolor en el pecho",
            "sin dolor de pecho",
            "niega ideas de suicidio",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_no_does_not() {
        for text in [
            "no relief of the chest pain",
            "no fever and chest pain since noon",
            "No fever, chest pain since noon",
            "No, chest pain started today",
            "not only chest pain",
            "I have no idea why my chest hurts",
            "no se me quita el dolor de pecho",
        ] {
            assert!(!told(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn everyday_questions_are_no_emergency() {
        for text in [
            "",
            "What helps against a cold?",
            "Can I take ibuprofen with my blood pressure pills?",
            "My knee hurts when I run. Should I rest?",
            "Which vaccines does a traveller need?",
            "¿Qué puedo tomar para el resfriado?",
            "I am 34 and my doctor found a thyroid nodule. What questions should I ask?",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn the_language_is_that_of_the_words() {
        assert_eq!(signs("dolor de pecho")[0].tongue, Tongue::Spanish);
        assert_eq!(signs("chest pain")[0].tongue, Tongue::English);
        assert_eq!(signs("chest pain and heart attack").len(), 1);
    }

    #[test]
    fn any_text_is_read_in_bounded_time() {
        let long = "chest not bleeding ".repeat(3_000) + "in pain";
        assert!(!signs(&long).is_empty());
        let odd = "\u{301}’’.,_ * | pain\u{0}";
        assert_eq!(told(odd), []);
    }
}
