//! Owns guesses at what the columns of a file are, by their names and by what they hold.

use super::{Column, Role};

/// Words in the names of columns, with what such columns are. The first that fits counts.
const NAMES: [(&[&str], Role); 17] = [
    (&["id", "uuid", "qid", "nr", "index"], Role::Id),
    (
        &[
            "explanation",
            "rationale",
            "why",
            "reasoning",
            "explicación",
            "explicacion",
            "comentario",
            "erklärung",
        ],
        Role::Explanation,
    ),
    (&["rubric", "rubrics", "criteria"], Role::Rubric),
    (&["reference", "ideal", "expected", "gold"], Role::Reference),
    (&["accepted", "aliases", "synonyms"], Role::Accepted),
    (&["tolerance", "tolerancia"], Role::Tolerance),
    (&["lower", "low", "min"], Role::Low),
    (&["upper", "high", "max"], Role::High),
    (&["unit", "units", "unidad"], Role::Unit),
    (&["options", "choices", "alternatives", "opciones", "answers"], Role::Options),
    (
        &[
            "answer",
            "correct",
            "label",
            "solution",
            "respuesta",
            "correcta",
            "clave",
            "lösung",
            "right",
            "key",
            "richtig",
            "antwort",
        ],
        Role::Answer,
    ),
    (
        &[
            "question",
            "stem",
            "vignette",
            "pregunta",
            "enunciado",
            "frage",
            "aufgabe",
            "query",
            "prompt",
            "ask",
            "problem",
        ],
        Role::Question,
    ),
    (&["conversation", "messages", "dialogue", "turns"], Role::Conversation),
    (
        &[
            "category",
            "subject",
            "topic",
            "specialty",
            "area",
            "discipline",
            "domain",
            "field",
            "fach",
            "tema",
            "especialidad",
            "asignatura",
        ],
        Role::Category,
    ),
    (
        &["context", "passage", "abstract", "case", "scenario", "note", "contexto", "caso"],
        Role::Context,
    ),
    (&["tags", "keywords", "labels", "etiquetas"], Role::Tags),
    (&["difficulty", "level", "dificultad"], Role::Difficulty),
];

/// Longer texts are no options.
const MAX_OPTION: usize = 120;

/// Fills in the guesses.
pub(super) fn guess(columns: &mut [Column]) {
    options_by_name(columns);
    let has_option = columns.iter().any(|column| column.guess != Role::Ignore);
    for (words, role) in NAMES {
        if role == Role::Options && has_option {
            continue;
        }
        let is_it = |column: &Column| {
            column.guess == Role::Ignore && has_word(&column.name, words) && fits(column, role)
        };
        let mut found: Vec<usize> =
            (0..columns.len()).filter(|idx| is_it(&columns[*idx])).collect();
        // “Right side” may be an option where “Key” holds letters or numbers.
        if role == Role::Answer {
            found.sort_by_key(|idx| !is_marks(&columns[*idx]));
        }
        if role != Role::Context {
            found.truncate(1);
        }
        for idx in found {
            columns[idx].guess = role;
        }
    }
    by_content(columns);
}

/// The words of a name: `correctAnswer_text` has three.
fn has_word(name: &str, words: &[&str]) -> bool {
    let mut parts = vec![String::new()];
    let mut was_lower = false;
    for char in name.chars() {
        if !char.is_alphanumeric() || (char.is_uppercase() && was_lower) {
            parts.push(String::new());
        }
        was_lower = char.is_lowercase();
        if let Some(last) = parts.last_mut().filter(|_| char.is_alphanumeric()) {
            last.extend(char.to_lowercase());
        }
    }
    parts.iter().any(|part| words.contains(&part.as_str()))
}

/// What cannot be the role is not, whatever its name.
fn fits(column: &Column, role: Role) -> bool {
    let is_list = |text: &String| text.starts_with(['[', '{', '(']);
    let is_number = |text: &String| text.trim_end_matches('%').trim().parse::<f64>().is_ok();
    match role {
        Role::Options => {
            column.samples.iter().any(|text| is_list(text) || text.contains(['\n', '|', ';']))
        }
        Role::Rubric | Role::Conversation => column.samples.iter().any(is_list),
        Role::Low | Role::High | Role::Tolerance => column.samples.iter().all(is_number),
        Role::Question => !column.samples.iter().all(is_number),
        _ => true,
    }
}

/// Columns that differ in a letter or number at the end only, from A, 0 or 1 on.
fn options_by_name(columns: &mut [Column]) {
    let ends: Vec<Option<(String, char, u32)>> =
        columns.iter().map(|column| end_of(&column.name)).collect();
    let mut best: Vec<(usize, u8)> = Vec::new();
    for (prefix, style, first) in ends.iter().flatten() {
        // Only where counting starts: A, 0 or 1.
        if *first != 0 && !(*style == '0' && *first == 1) {
            continue;
        }
        let mut found: Vec<(usize, u8)> = Vec::new();
        for place in 0..26_u8 {
            let wanted = (prefix.clone(), *style, first + u32::from(place));
            let Some(idx) = ends.iter().position(|end| end.as_ref() == Some(&wanted)) else {
                break;
            };
            found.push((idx, place));
        }
        let is_numbered =
            prefix.trim() == "column" || has_word(prefix, &["q", "question", "context"]);
        if !is_numbered && best.len() < found.len() {
            best = found;
        }
    }
    if best.len() < 2 {
        return;
    }
    for (idx, place) in best {
        columns[idx].guess = Role::Option(place);
    }
}

/// The name without the letter or number at its end, which of both it is, and its place.
fn end_of(name: &str) -> Option<(String, char, u32)> {
    let name = name.trim().to_lowercase();
    let prefix = name.trim_end_matches(|char: char| char.is_ascii_digit());
    if prefix.len() < name.len() {
        return Some((prefix.to_owned(), '0', name[prefix.len()..].parse().ok()?));
    }
    let last = name.chars().last().filter(char::is_ascii_lowercase)?;
    let prefix = &name[..name.len() - 1];
    // A letter of its own, or behind a mark; `opa` and `choiceb` are known by their beginnings.
    let is_apart = prefix.chars().last().is_none_or(|char| !char.is_alphanumeric())
        || ["op", "opt", "option", "choice", "answer", "ans"].contains(&prefix);
    is_apart.then(|| (prefix.to_owned(), 'a', u32::from(last) - u32::from('a')))
}

/// Whether all that a column holds is a letter or a figure.
fn is_marks(column: &Column) -> bool {
    let is_mark = |text: &String| {
        let mut chars = text.trim().chars();
        chars.next().is_some_and(|char| char.is_ascii_alphanumeric()) && chars.next().is_none()
    };
    !column.samples.is_empty() && column.samples.iter().all(is_mark)
}

/// The question, the options and the answer where no name tells them.
fn by_content(columns: &mut [Column]) {
    let has = |columns: &[Column], role| columns.iter().any(|column| column.guess == role);
    let mean_length = |column: &Column| {
        let n: usize = column.samples.iter().map(|text| text.chars().count()).sum();
        n / column.samples.len().max(1)
    };
    if !has(columns, Role::Question) && !has(columns, Role::Conversation) {
        let n_asking = |column: &Column| {
            column.samples.iter().filter(|text| text.ends_with(['?', ':'])).count()
        };
        let free = columns.iter_mut().filter(|column| column.guess == Role::Ignore);
        let longest = free.max_by_key(|column| (n_asking(column), mean_length(column)));
        if let Some(column) =
            longest.filter(|column| n_asking(column) > 0 || mean_length(column) > 10)
        {
            column.guess = Role::Question;
        }
    }
    if !has(columns, Role::Answer) && !has(columns, Role::Reference) && !has(columns, Role::Rubric)
    {
        let marks = columns.iter_mut().filter(|column| column.guess == Role::Ignore);
        let mut marks = marks.filter(|column| is_marks(column));
        if let Some(column) = marks.next_back() {
            column.guess = Role::Answer;
        }
    }
    let has_options =
        columns.iter().any(|column| matches!(column.guess, Role::Option(_) | Role::Options));
    // Options stand between the question and the answer.
    let place = |role| columns.iter().position(|column| column.guess == role);
    let (Some(question), Some(answer)) = (place(Role::Question), place(Role::Answer)) else {
        return;
    };
    if has_options || answer < question + 3 {
        return;
    }
    let between = &mut columns[question + 1..answer];
    let is_option = |column: &Column| {
        column.guess == Role::Ignore
            && !column.samples.is_empty()
            && mean_length(column) <= MAX_OPTION
    };
    if between.len() <= 26 && between.iter().all(is_option) {
        for (column, place) in between.iter_mut().zip(0_u8..) {
            column.guess = Role::Option(place);
        }
    }
}
