//! Owns made-up results: a run that has something to show in every figure, and files with one answer per question.

use std::fmt::Write;

use viva::dataset::variant::Variant;
use viva::dataset::{Choice, Item, ItemId, Kind};
use viva::prompt::Prompting;
use viva::provider::{
    Class, Completion, Endpoint, Failure, MicroDollars, ModelSpec, Protocol, Seat, Usage,
};
use viva::report::export::run_json;
use viva::run::chain::seal;
use viva::run::{Attempt, AttemptResult, Body, Entry, Journal, Plan, PlannedDataset, TrialId};
use viva::score::Outcome;
use viva::stats::random::SplitMix64;

/// Names as they come: short, long, of other writing, and of letters as wide as there are.
const MODELS: [(&str, Class, f64); 7] = [
    ("gpt-large-2026-08-01", Class::GeneralPurpose, 0.88),
    (
        "a-general-model-with-a-very-long-name-that-no-phone-has-room-for",
        Class::GeneralPurpose,
        0.82,
    ),
    ("Клиническая система", Class::Clinical, 0.71),
    ("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", Class::Clinical, 0.64),
    ("医学考试模型医学考试模型医学考试模型医学考试模型医学考试模型", Class::GeneralPurpose, 0.55),
    ("Longest option", Class::Baseline, 0.31),
    ("small", Class::GeneralPurpose, 0.52),
];
const SUBJECTS: [&str; 7] = [
    "Cardiology",
    "Emergency and intensive care medicine",
    "Neurology",
    "Pharmacology",
    "Infectious diseases",
    "Women’s health",
    "",
];
const N_ITEMS: usize = 84;
const N_REPEATS: u16 = 3;

fn item(idx: usize) -> Item {
    let tags = match idx % 12 {
        0 => vec!["emergency".to_owned()],
        5 => vec!["dosing".to_owned()],
        _ => vec![],
    };
    Item {
        id: ItemId(format!("made-up-{}", idx + 1)),
        turns: vec![],
        question: format!(
            "A 47-year-old woman has case number {} and asks which of these it is. Which one is most likely?",
            idx + 1
        ),
        context: vec![],
        kind: Kind::Choice(Choice {
            options: ["the first", "the second one", "a third", "the fourth of them"]
                .map(str::to_owned)
                .to_vec(),
            answer: idx % 4,
        }),
        category: SUBJECTS.get(idx % SUBJECTS.len()).copied().unwrap_or_default().to_owned(),
        plain_question: None,
        explanation: None,
        difficulty: None,
        source: None,
        tags,
    }
}

/// How a trial of a model of this skill ended.
fn result(random: &mut SplitMix64, skill: f64, item: &Item) -> AttemptResult {
    let usage = Some(Usage { input_tokens: 220, output_tokens: 60, ..Usage::default() });
    let completion = |text: String| Completion { text, usage, ..Completion::default() };
    let recorded = |text: &str, outcome| AttemptResult::Recorded {
        completion: completion(text.to_owned()),
        choice: None,
        outcome,
    };
    match random.below(40) {
        0 => return recorded("I cannot help with that.", Outcome::Refused),
        1 => return recorded("A or B", Outcome::Unreadable),
        2 => return AttemptResult::GaveUp { failure: Failure::TimedOut { limit_millis: 60_000 } },
        3 => return recorded("so", Outcome::Unscored),
        _ => {}
    }
    let answer = item.choice().map_or(0, |choice| choice.answer);
    let is_right = random.next_f64() < skill;
    let chosen = if is_right { answer } else { (answer + 1) % 4 };
    let sure = 45 + random.below(11) * 5;
    AttemptResult::Answered(completion(format!(
        "Answer: {}\nConfidence: {sure} %",
        Choice::letter(chosen)
    )))
}

/// A run of seven models with repeats, variants, prices, stated confidence, dangerous items and answers that did not come.
pub fn run_with_everything() -> Journal {
    let mut items: Vec<Item> = (0..N_ITEMS).map(item).collect();
    for idx in 0..16 {
        let base = item(idx);
        let forms =
            (1..4).map(Variant::Rotated).chain([Variant::NoneOfTheOthers, Variant::OptionsOnly]);
        items.extend(forms.filter_map(|form| form.of(&base, "en")));
    }
    let mut random = SplitMix64::new(6);
    let mut bodies = vec![];
    for (model, (_, _, skill)) in MODELS.iter().enumerate() {
        for (item_idx, item) in items.iter().enumerate() {
            let is_variant = N_ITEMS <= item_idx;
            let skill = if is_variant { skill * 0.7 } else { *skill };
            for repeat in 0..N_REPEATS {
                let trial = TrialId {
                    model: u16::try_from(model).unwrap_or_default(),
                    item: u32::try_from(item_idx).unwrap_or_default(),
                    repeat,
                };
                let result = result(&mut random, skill, item);
                let cost = Some(MicroDollars(40 + 37 * (7 - model as u64).pow(4)));
                let cost = cost.filter(|_| model != 4);
                bodies.push(Body::Attempt(Attempt {
                    trial,
                    n: 1,
                    took_millis: 900,
                    result,
                    cost,
                    reused: None,
                }));
            }
        }
    }
    let models = MODELS.iter().map(|(name, class, _)| {
        let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", name);
        ModelSpec::new(name, *class, Seat::Api(endpoint))
    });
    let entry = |(seq, body)| Entry {
        seq: seq as u64 + 1,
        at_millis: 1_790_000_000_000 + 1_000 * seq as u64,
        body,
        hash: String::new(),
    };
    let mut journal = Journal {
        plan: Plan {
            run_id: "run-with-everything".to_owned(),
            title: "A run with everything".to_owned(),
            app_version: "0.1.0".to_owned(),
            datasets: vec![PlannedDataset {
                id: "made-up".to_owned(),
                title: "Made-up questions".to_owned(),
                version: "1".to_owned(),
                licence: String::new(),
                fingerprint: "f".repeat(64),
                n_available: N_ITEMS,
                n_sampled: N_ITEMS,
                seed: None,
                selection: None,
                variants: vec![],
                do_not_show: false,
            }],
            assigned: vec![None; MODELS.len()],
            models: models.collect(),
            items,
            n_repeats: N_REPEATS,
            prompting: Prompting::named("plain", None),
            budget: None,
            judging: None,
        },
        entries: bodies.into_iter().enumerate().map(entry).collect(),
    };
    seal(&mut journal);
    journal
}

/// [`run_with_everything`] as the file that the page saves and opens.
pub fn file_with_everything() -> String {
    run_json(&run_with_everything(), "0.1.0")
}

/// Files of made-up answers of so many models to so many questions, in the columns of published per-item files, with
/// answers of `n_chars` characters: name and text.
pub fn per_item_files(n_models: usize, n_items: usize, n_chars: usize) -> Vec<(String, String)> {
    let file = |model: usize| {
        let mut random = SplitMix64::new(model as u64);
        let skill = 0.55 + 0.4 * model as f64 / n_models.max(1) as f64;
        let mut text =
            "sample_id,question,rationale,options_len,answer,A,B,C,D,outputs,preds,correct\r\n"
                .to_owned();
        let filler = "because the findings point to it and the others are less likely, ";
        for item in 0..n_items {
            let answer = item % 4;
            let chosen =
                if random.next_f64() < skill { answer } else { (answer + 1 + item / 4 % 3) % 4 };
            let words = filler.repeat(n_chars / filler.len() + 1);
            let [answer, chosen] = [answer, chosen].map(Choice::letter);
            let _ = write!(
                text,
                "q{item},\"A patient with case number {item} has pain, fever and a rash for {} days. Which is it?\",,4,{answer},the first of case {item},the second of case {item},the third of case {item},the fourth of case {item},\"{}Answer: {chosen}\",{chosen},{}\r\n",
                item % 9 + 1,
                &words[..n_chars],
                u8::from(answer == chosen),
            );
        }
        (format!("model-{:02}.csv", model + 1), text)
    };
    (0..n_models).map(file).collect()
}
