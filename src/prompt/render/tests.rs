//! Checks of the messages: the wording that is published under each name, and the order of what is sent.

use sha2::Digest as _;

use super::*;
use crate::dataset::{Kind, NumberAnswer, Reference, ShortText};

fn item(context: &[&str]) -> Item {
    let question = " Which drug comes first? ";
    let options = ["Metformin", "Insulin", "Acarbose"];
    let context = context.iter().map(|passage| (*passage).to_owned()).collect();
    Item { context, ..Item::single_choice("q1", question, &options, 0) }
}

fn by(preset: Preset) -> Prompting {
    Prompting::preset(preset, Language::English)
}

fn text(item: &Item, prompting: &Prompting) -> String {
    as_plain_text(&render(item, prompting))
}

#[test]
fn a_name_leads_back_to_its_template() {
    for preset in Preset::ALL {
        for language in Language::ALL {
            let prompting = Prompting::preset(preset, language);
            assert_eq!(Prompting::named(&prompting.name(), None), prompting);
        }
    }
    let spanish = Prompting::preset(Preset::Letter, Language::Spanish);
    assert_eq!(spanish.name(), "viva-letter/1-es");
    for name in
        ["viva-letter/0", "viva-letter/1-en", "viva-letter/10", "like-inspect/1-es", "own", ""]
    {
        let unknown = Prompting::named(name, None);
        assert_eq!(unknown.template, Template::Unknown(name.to_owned()));
        assert_eq!(unknown.name(), name);
        assert_eq!(text(&item(&[]), &unknown), text(&item(&[]), &Prompting::default()));
    }
}

#[test]
fn the_letter_prompt_reads_as_published_under_its_name() {
    assert_eq!(
        text(&item(&[]), &by(Preset::Letter)),
        "Question:\nWhich drug comes first?\n\nOptions:\nA) Metformin\nB) Insulin\nC) Acarbose\n\nExactly one \
         option is best. Reply with one line and nothing else, in this form, with the option's letter (A to C) in \
         the place of the dots:\nAnswer: ..."
    );
}

#[test]
fn the_think_first_prompt_reads_as_published_under_its_name() {
    assert!(text(&item(&[]), &by(Preset::ThinkFirst)).ends_with(
        "Exactly one option is best. First work through the question step by step. Then end with a line of its \
         own in this form, with the option's letter (A to C) in the place of the dots:\nAnswer: ..."
    ));
}

/// SHA-256 of what each name stands for: whoever changes a wording must give it a new name.
#[test]
fn no_wording_changes_under_its_name() {
    let number = NumberAnswer { value: 2.5, low: 2.0, high: 3.0, unit: "mg".into() };
    let kinds = [
        item(&["An abstract.", "Another."]).kind,
        Kind::Choices(crate::dataset::Choices {
            options: vec!["x".into(), "y".into()],
            answers: vec![0, 1],
        }),
        Kind::Number(NumberAnswer { unit: String::new(), ..number.clone() }),
        Kind::Number(number),
        Kind::ShortText(ShortText { accepted: vec!["aspirin".into()] }),
        Kind::Reference(Reference { answer: "Rest.".into() }),
    ];
    let mut names: Vec<(String, String)> = vec![];
    for preset in Preset::ALL {
        for language in Language::ALL {
            let prompting = Prompting::preset(preset, language);
            let mut all = String::new();
            for kind in &kinds {
                let one = Item { kind: kind.clone(), ..item(&["An abstract."]) };
                let two = Item { kind: kind.clone(), ..item(&["First.", "Second."]) };
                let shots = vec![Item { explanation: Some("Because.".into()), ..one.clone() }];
                let with = Prompting { shots, ..prompting.clone() };
                all.push_str(&text(&one, &prompting));
                all.push_str(&text(&two, &with));
            }
            let hash = sha2::Sha256::digest(all.as_bytes());
            let hash = hash.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
            names.push((prompting.name(), format!("{hash:016x}")));
        }
    }
    names.dedup();
    let expected = [
        ("viva-letter/1", "96a03b0a5f2cba2a"),
        ("viva-letter/1-es", "a777e0e1b5354948"),
        ("viva-letter/1-fr", "e94dffc27ab966e6"),
        ("viva-letter/1-de", "2b54e7e9953d68df"),
        ("viva-think/1", "3a7f22b845b654ad"),
        ("viva-think/1-es", "c8aeacd955dcf2ff"),
        ("viva-think/1-fr", "fa4b7d5867d986f8"),
        ("viva-think/1-de", "4c53080ee2af54f8"),
        ("like-simple-evals/1", "af33b03090719506"),
        ("like-inspect/1", "7eaff8cf7059df3e"),
        ("like-lm-eval/1", "c2a858cae8dcc5cd"),
        ("like-mmlu-pro/1", "9d93fc895f486b75"),
        ("like-nyu-study/1", "c15016b347ce134f"),
    ];
    let names: Vec<(&str, &str)> =
        names.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect();
    assert_eq!(names, expected);
}

#[test]
fn presets_read_as_what_they_follow() {
    let simple = text(&item(&[]), &by(Preset::SimpleEvals));
    assert!(simple.contains("step by step") && simple.contains("'Answer: X'"));
    assert!(simple.ends_with("Which drug comes first?\n\nA) Metformin\nB) Insulin\nC) Acarbose"));
    let inspect = text(&item(&[]), &by(Preset::Inspect));
    assert!(inspect.contains("'ANSWER: X'") && inspect.contains("one of A, B, C."));
    assert_eq!(
        text(&item(&["An abstract."]), &by(Preset::LmEval)),
        "Abstract: An abstract.\nQuestion: Which drug comes first?\nA. Metformin\nB. Insulin\nC. Acarbose\nAnswer:"
    );
    let pro = text(&item(&[]), &by(Preset::MmluPro));
    assert!(pro.contains("the answer is (X)") && pro.contains("A. Metformin"));
    assert_eq!(
        text(&item(&[]), &by(Preset::NyuStudy)),
        "Which drug comes first?\n\nA) Metformin\nB) Insulin\nC) Acarbose"
    );
    for preset in Preset::ALL {
        let open = Kind::Reference(Reference { answer: "Metformin.".into() });
        let open = Item { kind: open, ..item(&[]) };
        assert_eq!(text(&open, &by(preset)), "Which drug comes first?", "{}", preset.name());
        assert!(!preset.title().is_empty() && !preset.purpose().is_empty());
    }
}

#[test]
fn instructions_come_in_four_languages() {
    let last_line = |language| {
        let asked = text(&item(&["P"]), &Prompting::preset(Preset::Letter, language));
        asked.lines().last().map(str::to_owned).unwrap()
    };
    assert_eq!(
        Language::ALL.map(last_line),
        ["Answer: ...", "Respuesta: ...", "Réponse : ...", "Antwort: ..."]
    );
    assert_eq!(Language::of_tag("es-MX"), Some(Language::Spanish));
    assert_eq!(Language::of_tag("pt"), None);
    for language in Language::ALL {
        let number = NumberAnswer { value: 1.0, low: 1.0, high: 1.0, unit: "mmol/l".into() };
        let asked = Item { kind: Kind::Number(number), ..item(&[]) };
        let asked = text(&asked, &Prompting::preset(Preset::ThinkFirst, language));
        assert!(asked.contains("mmol/l") && !asked.contains('{'), "{asked}");
    }
}

#[test]
fn passages_come_before_the_question() {
    let one = text(&item(&["An abstract."]), &by(Preset::Letter));
    assert!(one.starts_with("Passage:\nAn abstract.\n\nQuestion:\nWhich drug"));
    let two = text(&item(&["First.", "Second."]), &by(Preset::Letter));
    assert!(two.starts_with("Passage 1:\nFirst.\n\nPassage 2:\nSecond.\n\nQuestion:"));
}

#[test]
fn instruction_examples_turns_and_question_stand_in_this_order() {
    let shot = Item { explanation: Some("It lowers glucose.".into()), ..item(&[]) };
    let prompting =
        Prompting { system: Some("Be brief.".into()), shots: vec![shot], ..by(Preset::ThinkFirst) };
    let turn = |speaker, text: &str| Turn { speaker, text: text.to_owned() };
    let asked = Item {
        turns: vec![
            turn(Speaker::System, "You are a nurse."),
            turn(Speaker::User, "Hello."),
            turn(Speaker::Assistant, "Hello, too."),
        ],
        ..item(&[])
    };
    let messages = render(&asked, &prompting);
    let roles: Vec<Role> = messages.iter().map(|message| message.role).collect();
    let (user, model) = (Role::User, Role::Assistant);
    assert_eq!(roles, [Role::System, user, model, user, model, user]);
    assert_eq!(messages[0].content, "Be brief.\n\nYou are a nurse.");
    assert_eq!(messages[2].content, "It lowers glucose.\n\nAnswer: A");
    assert_eq!(messages[1].content, messages[5].content);
    let n_bytes: usize = messages.iter().map(|message| message.content.len()).sum();
    assert_eq!(Prompter::new(&prompting).n_bytes(&asked), n_bytes as u64);
}

#[test]
fn an_item_with_turns_of_its_own_is_put_as_before() {
    let turns = vec![Turn { speaker: Speaker::System, text: "S".into() }];
    let messages = render(&Item { turns, ..item(&[]) }, &Prompting::default());
    assert_eq!((messages.len(), messages[0].content.as_str()), (2, "S"));
}

#[test]
fn several_messages_are_headed_by_who_speaks() {
    let messages = [
        Message { role: Role::System, content: "Be brief.".into() },
        Message { role: Role::User, content: "Which?".into() },
    ];
    assert_eq!(as_plain_text(&messages), "Instruction:\nBe brief.\n\nUser:\nWhich?");
}

#[test]
fn what_says_nothing_is_not_recorded() {
    let prompting =
        Prompting { system: Some("  ".into()), language: Language::German, ..by(Preset::LmEval) };
    assert_eq!(prompting.settled(), by(Preset::LmEval));
}
