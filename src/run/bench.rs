//! Owns the run that measures judges: answers that people graded, brought as they are, and judged once more.
//!
//! What people say stands in the tags of the criteria, so that the figures are a function of the journal alone.

use std::collections::BTreeMap;

use super::engine::Event;
use super::judging::Judging;
use super::plan::{Plan, PlannedDataset, TrialId};
use crate::dataset::human_labels::LabelledRow;
use crate::dataset::{self, Criterion, Item, ItemId, Kind, Rubric};
use crate::prompt::Prompting;
use crate::provider::{Class, Completion, MicroDollars, ModelSpec, Seat};

const CATEGORY: &str = "category:";
const HUMAN: &str = "human:";
/// A criterion needs points; here they are not shown to the judge and no score is made of them.
const POINTS: i32 = 1;
/// Behind the id of an item whose criteria stand in the opposite order.
const TURNED: &str = "-turned";

/// How the title of a bench begins.
pub const TITLE: &str = "Judges measured on ";

/// What a bench is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Unique among the runs of this browser.
    pub run_id: String,
    /// The file's name.
    pub title: String,
    /// How many rows the file has.
    pub n_available: usize,
    /// Seed of the draw, when not all were taken.
    pub seed: Option<u64>,
    /// Who is measured, and how they are asked. [`crate::prompt::JudgeTemplate::HealthBenchMeta`] asks as HealthBench's
    /// meta-evaluation does; two repeats show how far a judge agrees with itself.
    pub judging: Judging,
    /// Whether each answer with several criteria is put a second time with its criteria in the opposite order: it shows
    /// how far the place of a criterion moves a judge, and counts in no other figure.
    pub is_turned: bool,
    /// The most that it may cost.
    pub budget: Option<MicroDollars>,
}

/// The plan of a bench, and the events that bring the answers: to be told to the engine before [`Event::Go`].
pub fn bench(rows: &[LabelledRow], wanted: Wanted) -> (Plan, Vec<Event>) {
    // Criteria of the same answer stand in one item.
    let mut places: BTreeMap<(&str, &str, usize), usize> = BTreeMap::new();
    let mut items: Vec<Item> = vec![];
    let mut answers: Vec<&str> = vec![];
    for row in rows {
        let key = (row.question.as_str(), row.completion.as_str(), row.turns.len());
        let place = places
            .get(&key)
            .copied()
            .filter(|idx| items.get(*idx).is_some_and(|item: &Item| item.turns == row.turns));
        let place = place.unwrap_or_else(|| {
            items.push(item_of(row, items.len()));
            answers.push(&row.completion);
            items.len() - 1
        });
        places.insert(key, place);
        if let Some(Item { kind: Kind::Rubric(rubric), .. }) = items.get_mut(place) {
            rubric.criteria.push(criterion_of(row));
        }
    }
    if wanted.is_turned {
        let twins: Vec<(Item, &str)> = items
            .iter()
            .zip(&answers)
            .filter_map(|(it, answer)| Some((turned(it)?, *answer)))
            .collect();
        for (item, answer) in twins {
            items.push(item);
            answers.push(answer);
        }
    }
    let dataset = PlannedDataset {
        id: wanted.title.clone(),
        title: wanted.title.clone(),
        version: String::new(),
        licence: String::new(),
        fingerprint: dataset::fingerprint(&items),
        n_available: wanted.n_available,
        n_sampled: rows.len(),
        seed: wanted.seed,
        selection: None,
        variants: vec![],
        do_not_show: false,
    };
    let model = ModelSpec::new("Answers that people graded", Class::Person, Seat::Paste);
    let plan = Plan {
        run_id: wanted.run_id,
        title: wanted.title,
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        datasets: vec![dataset],
        items,
        models: vec![model],
        assigned: vec![None],
        n_repeats: 1,
        prompting: Prompting::default(),
        judging: Some(wanted.judging),
        budget: wanted.budget,
    };
    let brought = (0..).zip(answers).map(|(item, answer)| Event::Brought {
        trial: TrialId { model: 0, item, repeat: 0 },
        took_millis: 0,
        completion: Completion { text: answer.to_owned(), ..Completion::default() },
    });
    let brought = brought.collect();
    (plan, brought)
}

fn item_of(row: &LabelledRow, idx: usize) -> Item {
    let kind = Kind::Rubric(Rubric { criteria: vec![] });
    let bare = Item::bare(format!("answer-{}", idx + 1), row.question.clone(), kind);
    Item { turns: row.turns.clone(), ..bare }
}

fn criterion_of(row: &LabelledRow) -> Criterion {
    let human = row.labels.iter().map(|(rater, met)| format!("{HUMAN}{}:{rater}", u8::from(*met)));
    let tags = human.chain([format!("{CATEGORY}{}", row.category)]).collect();
    Criterion { text: row.rubric.clone(), points: POINTS, tags }
}

/// An item with its criteria in the opposite order; `None` where there is no order.
fn turned(item: &Item) -> Option<Item> {
    let Kind::Rubric(rubric) = &item.kind else { return None };
    (1 < rubric.criteria.len()).then(|| {
        let criteria = rubric.criteria.iter().rev().cloned().collect();
        let kind = Kind::Rubric(Rubric { criteria });
        Item { id: ItemId(format!("{}{TURNED}", item.id)), kind, ..item.clone() }
    })
}

/// The id of the item whose criteria stand the other way round in this one.
pub fn turned_from(item: &Item) -> Option<&str> {
    item.id.0.strip_suffix(TURNED)
}

/// Whether a run measures judges.
pub fn is_bench(plan: &Plan) -> bool {
    let labelled = |item: &Item| match &item.kind {
        Kind::Rubric(rubric) => rubric.criteria.iter().any(|it| !labels_of(it).is_empty()),
        _ => false,
    };
    plan.items.iter().any(labelled)
}

/// What people say of a criterion: who, and whether it is met.
pub fn labels_of(criterion: &Criterion) -> Vec<(&str, bool)> {
    let human = criterion.tags.iter().filter_map(|tag| tag.strip_prefix(HUMAN));
    human.filter_map(|tag| tag.split_once(':').map(|(met, rater)| (rater, met == "1"))).collect()
}

/// What its figures are grouped by; empty where there is none.
pub fn category_of(criterion: &Criterion) -> &str {
    criterion.tags.iter().find_map(|tag| tag.strip_prefix(CATEGORY)).unwrap_or_default()
}
