//! Owns runs with graded open answers, made from a table of verdicts.

use viva::dataset::{Criterion, Item, Kind, Rubric};
use viva::prompt::Prompting;
use viva::provider::{Class, Completion, Endpoint, ModelSpec, Protocol, Seat};
use viva::report::export::run_json;
use viva::run::chain::seal;
use viva::run::{
    Attempt, AttemptResult, Body, Entry, Journal, JudgeAttempt, JudgeResult, JudgementId, Judging,
    Plan, PlannedDataset, TrialId,
};
use viva::score::{Grade, NoVerdict};

/// A criterion: its points and the name of its axis.
pub type Worth = (i32, &'static str);

/// An open item: its theme and its criteria.
#[derive(Debug, Clone)]
pub struct OpenItem {
    /// Such as `hedging`.
    pub theme: &'static str,
    /// What is graded.
    pub criteria: Vec<Worth>,
}

/// What a judge said of one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vote {
    /// Met or not, with the judge's words.
    Said(bool, String),
    /// The same, on the second try: the first reply held no verdict.
    Repaired(bool, String),
    /// Nothing that could be read, at the end of all tries.
    Failed,
}

impl Vote {
    /// Whether the criterion is met; none where nothing came.
    pub fn met(&self) -> Option<bool> {
        match self {
            Self::Said(met, _) | Self::Repaired(met, _) => Some(*met),
            Self::Failed => None,
        }
    }
}

/// A run whose answers were graded.
#[derive(Debug, Clone)]
pub struct GradedRun {
    /// Names the run.
    pub run_id: String,
    /// Names and classes.
    pub models: Vec<(&'static str, Class)>,
    /// Names.
    pub judges: Vec<&'static str>,
    /// What was asked.
    pub items: Vec<OpenItem>,
    /// By model, item, criterion and judge.
    pub votes: Vec<Vec<Vec<Vec<Vote>>>>,
}

/// The votes of a table: for each item, separated by spaces, a letter for each criterion: `t` met, `f` not met, `r` met on
/// the second try, `x` failed.
pub fn votes(table: &str) -> Vec<Vec<Vote>> {
    let vote = |letter: char| match letter {
        't' => Vote::Said(true, "It does.".to_owned()),
        'r' => Vote::Repaired(true, "It does.".to_owned()),
        'f' => Vote::Said(false, "It does not.".to_owned()),
        _ => Vote::Failed,
    };
    table.split_whitespace().map(|item| item.chars().map(vote).collect()).collect()
}

fn api(name: &str, class: Class) -> ModelSpec {
    let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.example.org/v1", name);
    ModelSpec::new(name, class, Seat::Api(endpoint))
}

fn completion(text: &str) -> Completion {
    Completion { text: text.to_owned(), ..Completion::default() }
}

impl GradedRun {
    /// As the page exports it.
    pub fn file(&self) -> String {
        run_json(&self.journal(), "0.1.0")
    }

    /// Its journal.
    pub fn journal(&self) -> Journal {
        let mut bodies = vec![];
        for (model, by_item) in (0..).zip(&self.votes) {
            for (item, by_criterion) in (0..).zip(by_item) {
                let trial = TrialId { model, item, repeat: 0 };
                let text = format!("Answer of {model} to {item}.");
                let result = AttemptResult::Answered(completion(&text));
                let took_millis = 900;
                bodies.push(Body::Attempt(Attempt {
                    trial,
                    n: 1,
                    took_millis,
                    result,
                    cost: None,
                    reused: None,
                }));
                for (criterion, by_judge) in (0..).zip(by_criterion) {
                    for (judge, vote) in (0..).zip(by_judge) {
                        let id =
                            JudgementId { judge, trial, criterion: Some(criterion), repeat: 0 };
                        bodies.extend(tries(id, vote));
                    }
                }
            }
        }
        let entries = (1..).zip(bodies).map(|(seq, body)| Entry {
            seq,
            at_millis: 1_700_000_000_000 + seq,
            body,
            hash: String::new(),
        });
        let mut journal = Journal { plan: self.plan(), entries: entries.collect() };
        seal(&mut journal);
        journal
    }

    fn plan(&self) -> Plan {
        let items: Vec<Item> = self.items.iter().enumerate().map(item).collect();
        Plan {
            run_id: self.run_id.clone(),
            title: "Graded".to_owned(),
            app_version: "0.1.0".to_owned(),
            datasets: vec![PlannedDataset {
                id: "open".to_owned(),
                title: "Open".to_owned(),
                version: "1".to_owned(),
                licence: String::new(),
                fingerprint: viva::dataset::fingerprint(&items),
                n_available: items.len(),
                n_sampled: items.len(),
                seed: None,
                selection: None,
                variants: vec![],
                do_not_show: false,
            }],
            items,
            models: self.models.iter().map(|(name, class)| api(name, *class)).collect(),
            assigned: vec![None; self.models.len()],
            n_repeats: 1,
            prompting: Prompting::default(),
            budget: None,
            judging: Some(Judging::by(
                self.judges.iter().map(|name| api(name, Class::GeneralPurpose)).collect(),
            )),
        }
    }
}

fn item((idx, open): (usize, &OpenItem)) -> Item {
    let criteria = open.criteria.iter().enumerate().map(|(n, (points, axis))| Criterion {
        text: format!("Criterion {n} of item {idx}"),
        points: *points,
        tags: vec![format!("axis:{axis}")],
    });
    let kind = Kind::Rubric(Rubric { criteria: criteria.collect() });
    let id = format!("open-{idx}");
    Item {
        tags: vec![format!("theme:{}", open.theme)],
        category: open.theme.to_owned(),
        ..Item::bare(id, format!("What helps in case {idx}?"), kind)
    }
}

fn tries(judgement: JudgementId, vote: &Vote) -> Vec<Body> {
    let unreadable = |is_last| JudgeResult::Unreadable {
        completion: completion("I cannot say."),
        why: NoVerdict::Nothing,
        is_last,
    };
    let judged = |met: bool, why: &str| {
        let text = serde_json::json!({"explanation": why, "criteria_met": met}).to_string();
        let grade = if met { Grade::Met } else { Grade::NotMet };
        JudgeResult::Judged { completion: completion(&text), grades: vec![Some(grade)] }
    };
    let results = match vote {
        Vote::Said(met, why) => vec![judged(*met, why)],
        Vote::Repaired(met, why) => vec![unreadable(false), judged(*met, why)],
        Vote::Failed => vec![unreadable(false), unreadable(true)],
    };
    let attempt = |(n, result)| {
        Body::Judgement(JudgeAttempt {
            judgement,
            n,
            took_millis: 400,
            result,
            cost: None,
            reused: None,
        })
    };
    (1..).zip(results).map(attempt).collect()
}
