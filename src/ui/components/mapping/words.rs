//! Owns the words for what a column can be, and the order in which they are offered.

use crate::dataset::mapping::Role;
use crate::dataset::record::KindRecord;

/// Roles under a heading, most used first.
const GROUPS: [(&str, &[Role]); 5] = [
    ("", &[Role::Ignore, Role::Question, Role::Answer]),
    ("Options", &[Role::Options]),
    (
        "More about the question",
        &[Role::Context, Role::Category, Role::Id, Role::Explanation, Role::Difficulty, Role::Tags],
    ),
    (
        "For questions without options",
        &[Role::Accepted, Role::Reference, Role::Rubric, Role::Conversation],
    ),
    ("For numbers", &[Role::Low, Role::High, Role::Tolerance, Role::Unit]),
];

/// An item has at most so many options.
const MAX_OPTIONS: u8 = 26;
/// So many are offered, however few columns there are.
const MIN_OPTIONS: u8 = 6;

/// All roles under their headings, with options for so many columns.
pub(super) fn groups(n_columns: usize) -> Vec<(&'static str, Vec<Role>)> {
    let n_options = u8::try_from(n_columns).unwrap_or(MAX_OPTIONS).clamp(MIN_OPTIONS, MAX_OPTIONS);
    let group = |(heading, roles): (&'static str, &[Role])| {
        let mut roles = roles.to_vec();
        if roles.contains(&Role::Options) {
            roles.extend((0..n_options).map(Role::Option));
        }
        (heading, roles)
    };
    GROUPS.into_iter().map(group).collect()
}

/// The role of this name in a form.
pub(super) fn role_of(name: &str) -> Role {
    let roles = groups(usize::from(MAX_OPTIONS)).into_iter().flat_map(|(_, roles)| roles);
    roles.into_iter().find(|role| role_name(*role) == name).unwrap_or(Role::Ignore)
}

/// The name of a role in a form.
pub(super) fn role_name(role: Role) -> String {
    match role {
        Role::Option(place) => format!("{}-{}", role.name(), letter(place).to_ascii_lowercase()),
        _ => role.name().to_owned(),
    }
}

/// A role, as a person reads it.
pub(super) fn role(role: Role) -> String {
    let text = match role {
        Role::Ignore => "Not used",
        Role::Id => "Its number or id",
        Role::Question => "The question",
        Role::Conversation => "A conversation that ends with the question",
        Role::Option(place) => return format!("Option {}", letter(place)),
        Role::Options => "All options together",
        Role::Answer => "The right answer",
        Role::Accepted => "Short answers that count as right",
        Role::Reference => "A model answer in free text",
        Role::Rubric => "Criteria with points",
        Role::Low => "The least that counts as right",
        Role::High => "The most that counts as right",
        Role::Tolerance => "How far off an answer may be",
        Role::Unit => "The unit",
        Role::Category => "Category",
        Role::Explanation => "Why the answer is right",
        Role::Context => "A passage to read first",
        Role::Tags => "Tags",
        Role::Difficulty => "Difficulty: easy, medium or hard",
    };
    text.to_owned()
}

fn letter(place: u8) -> char {
    crate::dataset::Choice::letter(usize::from(place))
}

/// Kinds of questions by their names in a form, as a person reads them.
pub(super) const KINDS: [(&str, Option<KindRecord>, &str); 7] = [
    ("", None, "As the file shows it"),
    ("single", Some(KindRecord::SingleChoice), "One option is right"),
    ("multiple", Some(KindRecord::MultipleChoice), "Several options can be right"),
    ("number", Some(KindRecord::Number), "A number"),
    ("short", Some(KindRecord::ShortText), "A few words"),
    ("reference", Some(KindRecord::Reference), "Free text, compared with a model answer"),
    ("rubric", Some(KindRecord::OpenEnded), "Free text, graded by criteria with points"),
];
