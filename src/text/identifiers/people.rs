//! Owns names: behind a label or a title, behind "my name is", or beside a date.

use std::ops::Range;

use super::scan::{Gap, Token};
use super::{Found, Kind, label};

/// Tokens between a name and a date that still stand beside each other.
const N_NEAR: usize = 14;

/// Common given names in English and Spanish, in lower case without accents. Those that are words of medicine or of every
/// day as well (Rose, Grace, Mark, Bill, Faith, Will, …) are left out. Sorted.
const GIVEN: &[&str] = &[
    "aaron",
    "adam",
    "adrian",
    "agnes",
    "aisha",
    "alan",
    "alba",
    "albert",
    "alberto",
    "alejandra",
    "alejandro",
    "alex",
    "alexander",
    "alexandra",
    "alfonso",
    "alfredo",
    "alice",
    "alicia",
    "alvaro",
    "amanda",
    "amy",
    "ana",
    "andrea",
    "andres",
    "andrew",
    "angela",
    "angelica",
    "anita",
    "ann",
    "anna",
    "anne",
    "anthony",
    "antonia",
    "antonio",
    "arthur",
    "barbara",
    "beatriz",
    "benjamin",
    "bernardo",
    "beth",
    "brandon",
    "brenda",
    "brian",
    "bruno",
    "camila",
    "carla",
    "carlos",
    "carmen",
    "carol",
    "carolina",
    "caroline",
    "catherine",
    "cecilia",
    "charles",
    "charlotte",
    "christina",
    "christine",
    "christopher",
    "clara",
    "claudia",
    "concepcion",
    "consuelo",
    "cristina",
    "cynthia",
    "daniel",
    "daniela",
    "david",
    "deborah",
    "denise",
    "dennis",
    "diana",
    "diego",
    "dolores",
    "donald",
    "donna",
    "dorothy",
    "douglas",
    "eduardo",
    "edward",
    "elena",
    "elisa",
    "elizabeth",
    "emilia",
    "emilio",
    "emily",
    "emma",
    "enrique",
    "eric",
    "ernesto",
    "esteban",
    "esther",
    "eugenio",
    "eva",
    "fatima",
    "felipe",
    "fernanda",
    "fernando",
    "francis",
    "francisca",
    "francisco",
    "frank",
    "gabriel",
    "gabriela",
    "gary",
    "george",
    "gerardo",
    "gloria",
    "gonzalo",
    "gregory",
    "guadalupe",
    "guillermo",
    "gustavo",
    "hannah",
    "harold",
    "heather",
    "hector",
    "helen",
    "henry",
    "hugo",
    "ignacio",
    "ines",
    "irene",
    "isabel",
    "isabella",
    "ivan",
    "jacob",
    "jaime",
    "james",
    "jane",
    "janet",
    "jason",
    "javier",
    "jeffrey",
    "jennifer",
    "jessica",
    "jesus",
    "jim",
    "joan",
    "joaquin",
    "john",
    "jonathan",
    "jorge",
    "jose",
    "joseph",
    "joshua",
    "juan",
    "juana",
    "judith",
    "julia",
    "julian",
    "julie",
    "julio",
    "karen",
    "katherine",
    "kathleen",
    "keith",
    "kelly",
    "kenneth",
    "kevin",
    "kimberly",
    "larry",
    "laura",
    "lauren",
    "leonardo",
    "leticia",
    "linda",
    "lisa",
    "lorena",
    "louis",
    "lourdes",
    "lucas",
    "lucia",
    "lucy",
    "luis",
    "luisa",
    "manuel",
    "manuela",
    "marcos",
    "margaret",
    "margarita",
    "maria",
    "mariana",
    "mario",
    "marta",
    "martha",
    "martin",
    "mary",
    "mateo",
    "matthew",
    "mauricio",
    "mercedes",
    "michael",
    "michelle",
    "miguel",
    "mohamed",
    "mohammed",
    "monica",
    "nancy",
    "natalia",
    "nathan",
    "nicholas",
    "nicolas",
    "nicole",
    "nora",
    "oliver",
    "olivia",
    "oscar",
    "pablo",
    "paloma",
    "pamela",
    "patricia",
    "patrick",
    "paul",
    "paula",
    "pedro",
    "peter",
    "philip",
    "pilar",
    "rachel",
    "rafael",
    "ramon",
    "raquel",
    "raul",
    "raymond",
    "rebeca",
    "rebecca",
    "ricardo",
    "richard",
    "robert",
    "roberto",
    "rocio",
    "rodrigo",
    "roger",
    "ronald",
    "rosa",
    "rosario",
    "ruben",
    "ruth",
    "ryan",
    "salvador",
    "samantha",
    "samuel",
    "sandra",
    "santiago",
    "sara",
    "sarah",
    "scott",
    "sebastian",
    "sergio",
    "sharon",
    "silvia",
    "sofia",
    "sophia",
    "stephanie",
    "stephen",
    "steven",
    "susan",
    "susana",
    "teresa",
    "theresa",
    "thomas",
    "timothy",
    "tomas",
    "valentina",
    "vanessa",
    "veronica",
    "vicente",
    "victor",
    "victoria",
    "vincent",
    "virginia",
    "walter",
    "wendy",
    "william",
    "xavier",
    "ximena",
    "yolanda",
    "zoe",
];

/// Words with a capital that follow names in names of things.
const NOT_SURNAMES: [&str; 28] = [
    "hospital",
    "clinic",
    "clinica",
    "syndrome",
    "sindrome",
    "disease",
    "enfermedad",
    "test",
    "sign",
    "signo",
    "score",
    "scale",
    "escala",
    "criteria",
    "classification",
    "center",
    "centre",
    "centro",
    "institute",
    "instituto",
    "university",
    "universidad",
    "foundation",
    "school",
    "medical",
    "college",
    "health",
    "study",
];

fn is_given(token: &Token<'_>) -> bool {
    token.is_capitalised() && GIVEN.binary_search(&token.key.as_str()).is_ok()
}

/// Where a name of at least `n_least` words that begins at `at` ends. Particles and initials may stand inside.
fn name(tokens: &[Token<'_>], at: usize, n_least: usize, allow_upper: bool) -> Option<usize> {
    let (mut here, mut end, mut n_words) = (at, at, 0);
    while n_words < 5 {
        let Some(token) = tokens.get(here) else { break };
        let is_first = here == at;
        let is_beside = is_first || token.gap == Gap::Space;
        let is_name = token.is_capitalised() || (allow_upper && token.is_upper());
        if is_name && NOT_SURNAMES.contains(&token.key.as_str()) {
            return None;
        }
        if is_name && is_beside {
            n_words += 1;
            here += 1;
            end = here;
            // `García-López`.
            while tokens.get(here).is_some_and(|mark| mark.is_mark("-") && mark.gap == Gap::None)
                && tokens
                    .get(here + 1)
                    .is_some_and(|next| next.gap == Gap::None && next.is_capitalised())
            {
                here += 2;
                end = here;
            }
        } else if !is_first && is_beside && is_initial(tokens, here) {
            here += if tokens.get(here + 1).is_some_and(|mark| mark.is_mark(".")) { 2 } else { 1 };
        } else if !is_first
            && is_beside
            && matches!(
                token.key.as_str(),
                "de" | "del" | "la" | "las" | "los" | "van" | "von" | "der" | "y"
            )
            && token.text == token.key
        {
            here += 1;
        } else {
            break;
        }
    }
    (n_least <= n_words).then_some(end)
}

fn is_initial(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| {
        token.is_word()
            && token.text.chars().count() == 1
            && token.text.chars().all(char::is_uppercase)
    })
}

pub(super) fn find(tokens: &[Token<'_>], dates: &[Range<usize>], found: &mut Vec<Found>) {
    for at in 0..tokens.len() {
        let finding = labelled(tokens, at)
            .map(|range| (range, "after a word for a name"))
            .or_else(|| titled(tokens, at).map(|range| (range, "a title with first and last name")))
            .or_else(|| told(tokens, at).map(|range| (range, "somebody is named in full")))
            .or_else(|| dated(tokens, at, dates).map(|range| (range, "a full name beside a date")));
        if let Some((range, reason)) = finding {
            found.push(Found { kind: Kind::Name, tokens: range, reason });
        }
    }
}

/// `Name: Jane Doe`, `Patient name: DOE, JANE`, `Paciente: María López`.
fn labelled(tokens: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    const NAMES: [&str; 10] = [
        "patient name",
        "full name",
        "first name",
        "last name",
        "surname",
        "nombre y apellidos",
        "nombre del paciente",
        "nombre completo",
        "name",
        "nombre",
    ];
    const PEOPLE: [&str; 5] = ["patient", "paciente", "pt", "client", "apellidos"];
    let is_at_line = tokens.get(at)?.gap == Gap::Line
        || at
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|t| matches!(t.text, "." | ";" | "," | "|" | "("));
    let colon = |after: Option<usize>| {
        after.filter(|after| tokens.get(*after).is_some_and(|token| token.is_mark(":")))
    };
    let of_name = colon(label(tokens, at, &NAMES)).filter(|_| is_at_line);
    let n_least = if of_name.is_some() { 1 } else { 2 };
    let value = of_name.or_else(|| colon(label(tokens, at, &PEOPLE)).filter(|_| is_at_line))? + 1;
    // A line with nothing behind the label is a form that was left empty.
    if tokens.get(value)?.gap == Gap::Line {
        return None;
    }
    let end = family_first(tokens, value).or_else(|| name(tokens, value, n_least, true))?;
    // `Patient: Doctor Smith, I …` and other talk goes on in small letters.
    let goes_on = tokens.get(end).is_some_and(|next| {
        next.gap == Gap::Space && next.is_word() && next.text.chars().all(char::is_lowercase)
    });
    (of_name.is_some() || !goes_on).then_some(value..end)
}

/// `DOE, Jane`: where it ends.
fn family_first(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let family = name(tokens, at, 1, true).filter(|end| *end == at + 1)?;
    tokens.get(family).filter(|token| token.is_mark(","))?;
    tokens.get(family + 1).filter(|token| token.gap == Gap::Space)?;
    name(tokens, family + 1, 1, true)
}

/// `Mr. John Smith`, `Dra. Ana López`. A title with one name is how exam questions speak, and raises nothing.
fn titled(tokens: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    const TITLES: [&str; 15] = [
        "mr", "mrs", "ms", "miss", "dr", "dra", "prof", "sr", "sra", "srta", "don", "dona", "d",
        "dna", "senora",
    ];
    let title = tokens.get(at)?;
    let is_title = TITLES.contains(&title.key.as_str())
        && title.text.chars().next().is_some_and(char::is_uppercase)
        && !title.is_upper();
    if !is_title {
        return None;
    }
    let mut value = at + 1;
    let has_point =
        tokens.get(value).is_some_and(|token| token.is_mark(".") && token.gap == Gap::None);
    value += usize::from(has_point);
    // `D` is a vitamin and an initial, `Don` a name, `Miss` a verb.
    let needs_given = matches!(title.key.as_str(), "d" | "don" | "miss");
    let first = tokens.get(value)?;
    if (needs_given && !is_given(first)) || first.gap != Gap::Space {
        return None;
    }
    Some(at..name(tokens, value, 2, false)?)
}

/// `my name is Jane Doe`, `patient John Smith`, `se llama Ana López`.
fn told(tokens: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    const SURE: [&str; 5] =
        ["my name is", "his name is", "her name is", "me llamo", "mi nombre es"];
    const LIKELY: [&str; 9] = [
        "patient",
        "paciente",
        "named",
        "called",
        "llamado",
        "llamada",
        "se llama",
        "signed by",
        "firmado por",
    ];
    if let Some(value) = label(tokens, at, &SURE) {
        return Some(value..name(tokens, value, 2, false)?);
    }
    let value = label(tokens, at, &LIKELY)?;
    tokens.get(value).filter(|token| is_given(token) && token.gap == Gap::Space)?;
    Some(value..name(tokens, value, 2, false)?)
}

/// `John Smith, 12/03/1961`: a common given name and a family name, with a full date near.
fn dated(tokens: &[Token<'_>], at: usize, dates: &[Range<usize>]) -> Option<Range<usize>> {
    tokens.get(at).filter(|token| is_given(token))?;
    let end = name(tokens, at, 2, false)?;
    let is_near = dates
        .iter()
        .any(|date| date.start.abs_diff(end) <= N_NEAR || at.abs_diff(date.end) <= N_NEAR);
    is_near.then_some(at..end)
}

#[cfg(test)]
mod tests {
    use super::GIVEN;

    #[test]
    fn given_names_are_sorted() {
        assert!(GIVEN.is_sorted());
    }
}
