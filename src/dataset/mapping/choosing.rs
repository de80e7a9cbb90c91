//! Owns the choosing of a mapping: its changes, what is wrong with it, and by which names a person knows its columns.

use super::{Column, Mapping, Role};

/// More columns are not named one by one.
const N_NAMED: usize = 4;

impl Role {
    /// Whether several columns can be it at the same time.
    pub fn is_shared(self) -> bool {
        match self {
            Self::Ignore
            | Self::Question
            | Self::Context
            | Self::Answer
            | Self::Accepted
            | Self::Tags => true,
            Self::Id
            | Self::Conversation
            | Self::Option(_)
            | Self::Options
            | Self::Reference
            | Self::Rubric
            | Self::Low
            | Self::High
            | Self::Tolerance
            | Self::Unit
            | Self::Category
            | Self::Explanation
            | Self::Difficulty => false,
        }
    }
}

impl Mapping {
    /// What a column is.
    pub fn role_of(&self, name: &str) -> Role {
        let found = self.roles.iter().find(|(known, _)| known == name);
        found.map_or(Role::Ignore, |(_, role)| *role)
    }

    /// Says what a column is. Those that are used stay in the order of the file. Another column that is the same keeps its
    /// role, since somebody may only pass by this one on the way to the next; [`Self::check`] tells of it.
    pub fn set(&mut self, columns: &[Column], name: &str, role: Role) {
        self.roles.retain(|(known, _)| known != name);
        if role != Role::Ignore {
            self.roles.push((name.to_owned(), role));
        }
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        self.roles.sort_by_key(|(name, _)| place(name));
    }

    /// Whether a question can come of it; the reason when not.
    pub fn check(&self) -> Result<(), String> {
        let has = |role: Role| self.roles.iter().any(|(_, known)| *known == role);
        let has_option = self.roles.iter().any(|(_, role)| matches!(role, Role::Option(_)));
        let answers =
            [Role::Answer, Role::Accepted, Role::Reference, Role::Rubric, Role::Conversation];
        for (idx, (name, role)) in self.roles.iter().enumerate() {
            let mut later = self.roles.iter().skip(idx + 1);
            if let Some((twin, _)) = later.find(|(_, other)| other == role && !role.is_shared()) {
                return Err(format!(
                    "The columns “{name}” and “{twin}” are chosen as the same. Choose something else for one of them."
                ));
            }
        }
        let reason = if !has(Role::Question) && !has(Role::Conversation) {
            "No column is the question. Choose one."
        } else if !answers.into_iter().any(has) {
            "No column is the right answer. Choose one."
        } else if has(Role::Options) && has_option {
            "One column has all options together, and others have one option each. Choose one of both ways."
        } else {
            return Ok(());
        };
        Err(reason.to_owned())
    }

    /// The columns that a field of the readers was made of; `None` where it was made of none.
    pub(in crate::dataset) fn own_name(&self, field: &str) -> Option<String> {
        let is_part = |role: Role| match field {
            "question" => role == Role::Question,
            "conversation" => role == Role::Conversation,
            "options" => matches!(role, Role::Options | Role::Option(_)),
            "answer" | "answers" | "value" => role == Role::Answer,
            "accepted" => role == Role::Accepted,
            "reference" => role == Role::Reference,
            "rubric" => role == Role::Rubric,
            "low" => role == Role::Low,
            "high" => role == Role::High,
            "tolerance" => role == Role::Tolerance,
            "id" => role == Role::Id,
            _ => false,
        };
        let with_role = |is_part: &dyn Fn(Role) -> bool| -> Vec<&str> {
            let parts = self.roles.iter().filter(|(_, role)| is_part(*role));
            parts.map(|(name, _)| name.as_str()).collect()
        };
        let mut names = with_role(&is_part);
        // A kind that was chosen takes the right answer under a name of its own.
        if names.is_empty() && matches!(field, "accepted" | "reference") {
            names = with_role(&|role| role == Role::Answer);
        }
        match names.as_slice() {
            [] => None,
            [first, .., last] if N_NAMED < names.len() => Some(format!("{first} to {last}")),
            names => Some(names.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{KindRecord, Numbering, columns, open_with};
    use super::*;
    use crate::dataset::Kind;

    const FILE: &str = "F;R1;R2;x;y;z;otro\nWhich of these?;A;C;one;two;three;0\nAnd of these?;B;;one;two;three;0\n";

    fn mapping() -> (Vec<Column>, Mapping) {
        let columns = columns("f.csv", FILE.as_bytes()).unwrap();
        let mut mapping = Mapping { numbering: Numbering::Auto, ..Mapping::default() };
        for (name, place) in [("z", 2), ("y", 1), ("x", 0)] {
            mapping.set(&columns, name, Role::Option(place));
        }
        mapping.set(&columns, "R1", Role::Answer);
        mapping.set(&columns, "F", Role::Question);
        (columns, mapping)
    }

    #[test]
    fn columns_stay_in_the_order_of_the_file_and_none_is_changed_but_the_one() {
        let (columns, mut mapping) = mapping();
        let names = |mapping: &Mapping| -> Vec<String> {
            mapping.roles.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&mapping), ["F", "R1", "x", "y", "z"]);
        // As the arrow keys do on the way to another role.
        mapping.set(&columns, "otro", Role::Option(0));
        assert_eq!(mapping.role_of("x"), Role::Option(0));
        let told = mapping.check().unwrap_err();
        assert!(told.contains("“x” and “otro”"), "{told}");
        mapping.set(&columns, "otro", Role::Question);
        assert_eq!(names(&mapping), ["F", "R1", "x", "y", "z", "otro"]);
        assert_eq!(mapping.check(), Ok(()));
        mapping.set(&columns, "otro", Role::Options);
        assert!(mapping.check().unwrap_err().contains("all options together"));
        mapping.set(&columns, "otro", Role::Ignore);
        assert_eq!(names(&mapping), ["F", "R1", "x", "y", "z"]);
    }

    #[test]
    fn several_columns_of_answers_are_several_right_options() {
        let (columns, mut mapping) = mapping();
        mapping.set(&columns, "R2", Role::Answer);
        mapping.kind = Some(KindRecord::MultipleChoice);
        let import = open_with("f.csv", FILE.as_bytes(), &mapping).unwrap();
        assert!(import.refusals.is_empty(), "{:?}", import.refusals);
        let answers: Vec<_> = import
            .dataset
            .items
            .iter()
            .map(|item| match &item.kind {
                Kind::Choices(choices) => choices.answers.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(answers, [vec![0, 2], vec![1]]);
    }

    #[test]
    fn several_columns_of_accepted_texts_count_together() {
        let file = "ask,one way,other way\nCapital of France?,Paris,Lutetia\nOf Spain?,Madrid,\n";
        let columns = columns("f.csv", file.as_bytes()).unwrap();
        let mut mapping = Mapping::default();
        mapping.set(&columns, "ask", Role::Question);
        mapping.set(&columns, "one way", Role::Accepted);
        mapping.set(&columns, "other way", Role::Accepted);
        let import = open_with("f.csv", file.as_bytes(), &mapping).unwrap();
        let Kind::ShortText(text) = &import.dataset.items[0].kind else { panic!("{import:?}") };
        assert_eq!(text.accepted, ["Paris", "Lutetia"]);
        let Kind::ShortText(text) = &import.dataset.items[1].kind else { panic!("{import:?}") };
        assert_eq!(text.accepted, ["Madrid"]);
    }

    #[test]
    fn refusals_name_the_columns_of_the_file() {
        let (columns, mut mapping) = mapping();
        mapping.set(&columns, "F", Role::Answer);
        mapping.set(&columns, "R1", Role::Question);
        let import = open_with("f.csv", FILE.as_bytes(), &mapping).unwrap();
        let told: Vec<_> =
            import.refusals.iter().map(|refusal| (refusal.line, refusal.field.as_str())).collect();
        assert_eq!(told, [(Some(2), "F"), (Some(3), "F")]);
        let (_, mut mapping) = self::mapping();
        mapping.set(&columns, "z", Role::Ignore);
        mapping.set(&columns, "y", Role::Ignore);
        let import = open_with("f.csv", FILE.as_bytes(), &mapping).unwrap();
        let told: Vec<_> = import.refusals.iter().map(|refusal| refusal.field.as_str()).collect();
        assert_eq!(told, ["x", "R1"]);
    }
}
