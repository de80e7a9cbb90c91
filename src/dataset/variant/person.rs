//! Owns changes to the person of a case: sex, age, ethnicity, in English and Spanish texts.

/// A sex, as case reports tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// Woman or girl.
    Female,
    /// Man or boy.
    Male,
}

impl Sex {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// An ethnicity, as case reports tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ethnicity {
    /// Black.
    Black,
    /// White.
    White,
    /// Asian.
    Asian,
    /// Hispanic.
    Hispanic,
}

impl Ethnicity {
    /// All that can be told.
    pub const ALL: [Self; 4] = [Self::Black, Self::White, Self::Asian, Self::Hispanic];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Black => "Black",
            Self::White => "white",
            Self::Asian => "Asian",
            Self::Hispanic => "Hispanic",
        }
    }
}

/// Male and female words. Where one side stands twice, the first pair counts for the way back.
const PAIRS: [(&str, &str); 22] = [
    ("man", "woman"),
    ("men", "women"),
    ("boy", "girl"),
    ("boys", "girls"),
    ("male", "female"),
    ("he", "she"),
    ("him", "her"),
    ("his", "her"),
    ("himself", "herself"),
    ("father", "mother"),
    ("husband", "wife"),
    ("gentleman", "lady"),
    ("mr.", "mrs."),
    ("mr", "mrs"),
    ("hombre", "mujer"),
    ("varón", "mujer"),
    ("niño", "niña"),
    ("él", "ella"),
    ("padre", "madre"),
    ("marido", "mujer"),
    ("señor", "señora"),
    ("un", "una"),
];

/// Words by which a case hangs on who the person is: another sex would make another question, or none.
const HANGING: [&str; 34] = [
    "pregnan",
    "gestat",
    "postpartum",
    "lactat",
    "breastfe",
    "menstru",
    "menopaus",
    "ovar",
    "uter",
    "cervi",
    "vagin",
    "vulv",
    "endometri",
    "prostat",
    "testic",
    "testes",
    "testis",
    "scrot",
    "penis",
    "penile",
    "erectile",
    "semen",
    "sperm",
    "x-linked",
    "hemophilia",
    "turner",
    "klinefelter",
    "contracept",
    "embaraz",
    "próstata",
    "testíc",
    "menopáus",
    "gravid",
    "obstetric",
];

/// Words that tell an ethnicity already.
const TOLD: [&str; 14] = [
    "black",
    "white",
    "caucasian",
    "african",
    "asian",
    "hispanic",
    "latino",
    "latina",
    "ashkenazi",
    "chinese",
    "japanese",
    "indian",
    "mediterranean",
    "european",
];

/// Whether a text hangs on the person's sex or on pregnancy.
pub(super) fn hangs_on_the_person(text: &str) -> bool {
    let lower = text.to_lowercase();
    HANGING.iter().any(|word| lower.contains(word))
}

/// The text with the person's sex changed; `None` where it tells none, tells this one, or tells of both.
pub(super) fn with_sex(text: &str, sex: Sex) -> Option<String> {
    let words = words_of(text);
    let is_english = !words
        .iter()
        .any(|(_, word)| matches!(word.as_str(), "hombre" | "mujer" | "niño" | "niña"));
    let told = |wanted: Sex| words.iter().any(|(_, word)| is_of(word, wanted, is_english));
    let other = match sex {
        Sex::Female => Sex::Male,
        Sex::Male => Sex::Female,
    };
    if !told(other) || told(sex) {
        return None;
    }
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for (idx, (start, word)) in words.iter().enumerate() {
        let Some(replacement) = counterpart(word, sex, next_word(&words, idx), is_english) else {
            continue;
        };
        let original = text.get(*start..*start + word_len(text, *start))?;
        changed.push_str(text.get(at..*start)?);
        changed.push_str(&in_case_of(original, replacement));
        at = start + original.len();
    }
    changed.push_str(text.get(at..)?);
    (changed != text).then_some(changed)
}

fn is_of(word: &str, sex: Sex, is_english: bool) -> bool {
    PAIRS.iter().any(|(male, female)| {
        // The articles of Spanish belong to every noun, not to the person.
        let counts = !matches!(*male, "un") && (is_english || *male != "he");
        counts
            && match sex {
                Sex::Male => *male == word,
                Sex::Female => *female == word,
            }
    })
}

fn counterpart(word: &str, sex: Sex, next: Option<&str>, is_english: bool) -> Option<&'static str> {
    if !is_english {
        let is_person = |next: Option<&str>| {
            matches!(
                next,
                Some("hombre" | "mujer" | "varón" | "niño" | "niña" | "señor" | "señora")
            )
        };
        if matches!(word, "un" | "una") && !is_person(next) {
            return None;
        }
    }
    match (sex, word) {
        // "her" is the owner's before a noun and the object's elsewhere.
        (Sex::Male, "her") => {
            let ends = next.is_none_or(|next| {
                matches!(
                    next,
                    "to" | "with"
                        | "in"
                        | "for"
                        | "and"
                        | "or"
                        | "at"
                        | "on"
                        | "by"
                        | "from"
                        | "after"
                        | "before"
                        | "as"
                        | "when"
                        | "that"
                )
            });
            Some(if ends { "him" } else { "his" })
        }
        (Sex::Female, _) => PAIRS.iter().find(|(male, _)| *male == word).map(|(_, female)| *female),
        (Sex::Male, _) => PAIRS.iter().find(|(_, female)| *female == word).map(|(male, _)| *male),
    }
}

/// The text with every "45-year-old", "45 years old", "aged 45" and "de 45 años" given this age; `None` where there is none, or
/// where the age is a child's or the wanted one is: medicine is another then.
pub(super) fn with_age(text: &str, years: u32) -> Option<String> {
    const ADULT: u32 = 18;
    const MARKS: [&str; 7] = [
        "-year-old",
        " year-old",
        " years old",
        " year old",
        "-year old",
        " years of age",
        " años",
    ];
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    let mut is_changed = false;
    let mut start = 0;
    while let Some(found) = text.get(start..)?.find(|c: char| c.is_ascii_digit()) {
        let from = start + found;
        let n_digits = text.get(from..)?.bytes().take_while(u8::is_ascii_digit).count();
        let end = from + n_digits;
        let rest = text.get(end..)?;
        let is_age = MARKS.iter().any(|mark| rest.starts_with(mark))
            || text.get(..from)?.to_lowercase().ends_with("aged ");
        if is_age {
            let told: u32 = text.get(from..end)?.parse().ok()?;
            if told < ADULT || years < ADULT {
                return None;
            }
            changed.push_str(text.get(at..from)?);
            changed.push_str(&years.to_string());
            is_changed |= told != years;
            at = end;
        }
        start = end;
    }
    changed.push_str(text.get(at..)?);
    is_changed.then_some(changed)
}

/// The text with the ethnicity told before the first word for the person; `None` where one is told already or no person is.
pub(super) fn with_ethnicity(text: &str, ethnicity: Ethnicity) -> Option<String> {
    const PERSONS: [&str; 8] =
        ["man", "woman", "boy", "girl", "patient", "gentleman", "lady", "person"];
    let words = words_of(text);
    if words.iter().any(|(_, word)| TOLD.contains(&word.as_str())) {
        return None;
    }
    let (idx, (start, _)) =
        words.iter().enumerate().find(|(_, (_, word))| PERSONS.contains(&word.as_str()))?;
    // "a woman" becomes "an Asian woman".
    let before = text.get(..*start)?;
    let article = idx.checked_sub(1).and_then(|idx| words.get(idx)).map(|(_, word)| word.as_str());
    let needs_an = ethnicity == Ethnicity::Asian && article == Some("a");
    let takes_a = ethnicity != Ethnicity::Asian && article == Some("an");
    let before = match before.trim_end().strip_suffix(['a', 'A', 'n', 'N']) {
        Some(stem) if needs_an => {
            format!("{}{} ", stem, if before.trim_end().ends_with('A') { "An" } else { "an" })
        }
        Some(stem) if takes_a => format!("{stem} "),
        _ => before.to_owned(),
    };
    Some(format!("{before}{} {}", ethnicity.word(), text.get(*start..)?))
}

/// Words with their places, in lower case; a full stop stays with a title.
fn words_of(text: &str) -> Vec<(usize, String)> {
    let mut words = vec![];
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let len = word_len(text, at);
        if len == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        words.push((at, rest.get(..len).unwrap_or_default().to_lowercase()));
        at += len;
    }
    words
}

fn word_len(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let word = rest.get(..len).unwrap_or_default().to_lowercase();
    if matches!(word.as_str(), "mr" | "mrs")
        && rest.get(len..).is_some_and(|rest| rest.starts_with('.'))
    {
        len + 1
    } else {
        len
    }
}

fn next_word(words: &[(usize, String)], idx: usize) -> Option<&str> {
    words.get(idx + 1).map(|(_, word)| word.as_str())
}

fn in_case_of(original: &str, replacement: &str) -> String {
    if original.chars().next().is_some_and(char::is_uppercase) {
        let mut chars = replacement.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    } else {
        replacement.to_owned()
    }
}
