//! Owns the making of a plan from what a person chose.

use super::plan::{Plan, PlannedDataset};
use crate::dataset::{self, Dataset, Item};
use crate::provider::{CallSettings, MicroDollars, ModelSpec, Seat, capability};

/// A question set, and how much of it is taken.
#[derive(Debug, Clone, Copy)]
pub struct Pick<'a> {
    /// The set.
    pub dataset: &'a Dataset,
    /// Index of the chosen split; `None` for all items.
    pub split: Option<usize>,
    /// How many items at most; `None` for all.
    pub n: Option<usize>,
    /// Seed of the sample.
    pub seed: u64,
}

/// Settings that hold for every question of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Wishes {
    /// Unique among the runs of this browser.
    pub run_id: String,
    /// How often each question is put to each model.
    pub n_repeats: u16,
    /// Name of the prompt template.
    pub template: String,
    /// What is wanted of every call; what is wanted of one model goes before it.
    pub settings: CallSettings,
    /// The most that the run may cost.
    pub budget: Option<MicroDollars>,
}

/// Why no plan can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// No item chosen.
    #[error("No questions are chosen yet.")]
    Questions,
    /// No participant chosen.
    #[error("No models are chosen yet.")]
    Models,
}

/// Why a text is no temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A temperature is a number from 0 to 2, such as 0.7.")]
pub struct NoTemperature;

/// The temperature that was typed; `None` where the field is empty. No provider takes more than 2.
pub fn temperature_typed(typed: &str) -> Result<Option<f64>, NoTemperature> {
    match typed.trim().replace(',', ".").as_str() {
        "" => Ok(None),
        typed => match typed.parse::<f64>() {
            Ok(value) if (0.0..=2.0).contains(&value) => Ok(Some(value)),
            _ => Err(NoTemperature),
        },
    }
}

/// Makes the plan of a run.
pub fn draft(picks: &[Pick<'_>], models: &[ModelSpec], wishes: Wishes) -> Result<Plan, Missing> {
    let mut items: Vec<Item> = vec![];
    let mut datasets = vec![];
    for pick in picks {
        let taken = take(pick);
        datasets.push(planned(pick, &taken));
        items.extend(taken);
    }
    if items.is_empty() {
        return Err(Missing::Questions);
    }
    if models.is_empty() {
        return Err(Missing::Models);
    }
    let titles: Vec<&str> = datasets.iter().map(|dataset| dataset.title.as_str()).collect();
    Ok(Plan {
        title: titles.join(" + "),
        run_id: wishes.run_id,
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        datasets,
        items,
        assigned: vec![None; models.len()],
        models: models.iter().map(|model| settled(model, wishes.settings)).collect(),
        n_repeats: wishes.n_repeats.max(1),
        template: wishes.template,
        budget: wishes.budget,
    })
}

fn settled(model: &ModelSpec, run_wide: CallSettings) -> ModelSpec {
    let seat = match &model.seat {
        Seat::Api(endpoint) => Seat::Api(capability::settle(endpoint, run_wide)),
        other => other.clone(),
    };
    ModelSpec { seat, ..model.clone() }
}

fn pool(pick: &Pick<'_>) -> Vec<usize> {
    match pick.split.and_then(|idx| pick.dataset.splits.get(idx)) {
        Some(split) => split.item_idxs.clone(),
        None => (0..pick.dataset.items.len()).collect(),
    }
}

fn take(pick: &Pick<'_>) -> Vec<Item> {
    let pool = pool(pick);
    let n = pick.n.unwrap_or(pool.len());
    dataset::sample(pool.len(), n, pick.seed)
        .into_iter()
        .filter_map(|idx| pick.dataset.items.get(*pool.get(idx)?).cloned())
        .collect()
}

/// The texts of the items that are taken, as far as they are sent: passages, question and options, item by item.
pub fn texts(picks: &[Pick<'_>]) -> Vec<String> {
    picks.iter().flat_map(take).map(|item| item.sent_text()).collect()
}

fn planned(pick: &Pick<'_>, taken: &[Item]) -> PlannedDataset {
    let n_available = pool(pick).len();
    let dataset = pick.dataset;
    let title = match pick.split.and_then(|idx| dataset.splits.get(idx)) {
        Some(split) => format!("{}, {}", dataset.title, split.name),
        None => dataset.title.clone(),
    };
    PlannedDataset {
        id: dataset.id.clone(),
        title,
        version: dataset.version.clone(),
        licence: dataset.licence.clone(),
        fingerprint: dataset::fingerprint(taken),
        n_available,
        n_sampled: taken.len(),
        seed: (taken.len() < n_available).then_some(pick.seed),
    }
}

/// Calls to endpoints that a plan needs at least.
pub fn n_calls(plan: &Plan) -> usize {
    let models = plan.models.iter().zip(&plan.assigned);
    models
        .filter(|(model, _)| matches!(model.seat, Seat::Api(_)))
        .map(|(_, assigned)| assigned.as_ref().map_or(plan.items.len(), Vec::len))
        .sum::<usize>()
        * usize::from(plan.n_repeats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Split;
    use crate::provider::{Baseline, Class, Endpoint, Price, Protocol};

    fn dataset() -> Dataset {
        let item = |n: usize| {
            Item::single_choice(&format!("q{n}"), &format!("Question {n}?"), &["yes", "no"], 0)
        };
        Dataset {
            id: "d".into(),
            title: "D".into(),
            version: "1".into(),
            language: "en".into(),
            licence: String::new(),
            items: (0..20).map(item).collect(),
            splits: vec![Split { name: "odd".into(), item_idxs: (1..20).step_by(2).collect() }],
        }
    }

    fn model() -> ModelSpec {
        let seat = Seat::Baseline { rule: Baseline::UniformGuess, seed: 1 };
        ModelSpec::new("guess", Class::Baseline, seat)
    }

    fn wishes() -> Wishes {
        Wishes {
            run_id: "r".into(),
            n_repeats: 0,
            template: "t".into(),
            settings: CallSettings::default(),
            budget: None,
        }
    }

    #[test]
    fn a_sample_comes_from_the_chosen_split_in_its_order() {
        let dataset = dataset();
        let pick = Pick { dataset: &dataset, split: Some(0), n: Some(4), seed: 9 };
        let plan = draft(&[pick], &[model()], wishes()).unwrap();
        let numbers: Vec<usize> =
            plan.items.iter().map(|item| item.id.0[1..].parse().unwrap()).collect();
        assert_eq!(numbers.len(), 4);
        assert!(numbers.iter().all(|n| n % 2 == 1) && numbers.is_sorted());
        let planned = &plan.datasets[0];
        assert_eq!((planned.n_available, planned.n_sampled, planned.seed), (10, 4, Some(9)));
        assert_eq!(planned.title, "D, odd");
        assert_eq!(plan.n_repeats, 1);
        assert_eq!(n_calls(&plan), 0);
    }

    #[test]
    fn the_texts_are_those_of_the_items_that_are_taken() {
        let dataset = dataset();
        let pick = Pick { dataset: &dataset, split: None, n: Some(2), seed: 9 };
        let texts = texts(&[pick, pick]);
        assert_eq!(texts.len(), 4);
        assert!(texts[0].starts_with("Question ") && texts[0].ends_with("?\nyes\nno"));
        let plan = draft(&[pick], &[model()], wishes()).unwrap();
        assert!(texts[1].contains(&plan.items[1].question));
    }

    #[test]
    fn all_items_need_no_seed() {
        let dataset = dataset();
        let pick = Pick { dataset: &dataset, split: None, n: Some(500), seed: 9 };
        let plan = draft(&[pick], &[model()], wishes()).unwrap();
        assert_eq!((plan.items.len(), plan.datasets[0].seed), (20, None));
    }

    #[test]
    fn a_temperature_is_read_as_people_type_it() {
        assert_eq!(temperature_typed(" "), Ok(None));
        assert_eq!(temperature_typed("0"), Ok(Some(0.0)));
        assert_eq!(temperature_typed("0,7 "), Ok(Some(0.7)));
        for typed in ["hot", "-1", "2.1", "NaN", "inf"] {
            assert_eq!(temperature_typed(typed), Err(NoTemperature), "{typed}");
        }
    }

    #[test]
    fn the_class_that_was_chosen_and_the_price_stand_in_the_plan() {
        let dataset = dataset();
        let pick = Pick { dataset: &dataset, split: None, n: None, seed: 1 };
        let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.x.example/v1", "gpt");
        let mut chosen = ModelSpec::new("gpt", Class::Clinical, Seat::Api(endpoint));
        chosen.price = Some(Price::FREE);
        let plan = draft(&[pick], &[chosen], wishes()).unwrap();
        assert_eq!(
            (plan.models[0].class, plan.models[0].price),
            (Class::Clinical, Some(Price::FREE))
        );
    }

    #[test]
    fn nothing_chosen_is_told() {
        let dataset = dataset();
        let pick = Pick { dataset: &dataset, split: None, n: None, seed: 1 };
        assert_eq!(draft(&[], &[model()], wishes()), Err(Missing::Questions));
        assert_eq!(draft(&[pick], &[], wishes()), Err(Missing::Models));
    }
}
