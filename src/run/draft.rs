//! Owns the making of a plan from what a person chose.

use std::sync::Arc;

use super::cost;
use super::judging::Judging;
use super::plan::{AddedVariants, Plan, PlannedDataset};
use crate::dataset::variant::{Family, base_of};
use crate::dataset::{self, Dataset, Item, Kind, Selection};
use crate::prompt::{Prompting, TooFewShots, pick_shots};
use crate::provider::{CallSettings, Delivery, MicroDollars, ModelSpec, Seat, capability};

/// A question set's part in a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Where the items come from.
    pub dataset: PlannedDataset,
    /// Of the questions, as a BCP 47 tag; may be empty.
    pub language: String,
    /// Those that are asked.
    pub items: Arc<Vec<Item>>,
}

impl Part {
    /// Takes a sample out of a set that is at hand: at most `n` items, drawn with `seed`.
    pub fn of(dataset: &Dataset, n: Option<usize>, seed: u64) -> Self {
        let selection = Selection { n, seed, ..Selection::default() };
        let pool: Vec<usize> = (0..dataset.items.len()).collect();
        let items: Vec<Item> = dataset::select(&dataset.items, &pool, &selection)
            .into_iter()
            .filter_map(|idx| dataset.items.get(idx).cloned())
            .collect();
        Self {
            dataset: PlannedDataset {
                id: dataset.id.clone(),
                title: dataset.title.clone(),
                version: dataset.version.clone(),
                licence: dataset.licence.clone(),
                fingerprint: dataset::fingerprint(&items),
                n_available: pool.len(),
                n_sampled: items.len(),
                seed: (items.len() < pool.len()).then_some(seed),
                selection: None,
                variants: vec![],
                do_not_show: false,
            },
            language: dataset.language.clone(),
            items: Arc::new(items),
        }
    }
}

impl Part {
    /// The part with each item's variants behind it.
    #[must_use]
    pub fn with_variants(&self, families: &[Family]) -> Self {
        let mut maker = VariantMaker::of(families, &self.language);
        maker.take(&self.items);
        maker.part(&self.dataset)
    }
}

/// Makes variants of a set's items, some at a time: those that change the person of a case take a while.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantMaker {
    language: String,
    items: Vec<Item>,
    added: Vec<AddedVariants>,
}

impl VariantMaker {
    /// Of these kinds, each once, for questions in this language.
    pub fn of(families: &[Family], language: &str) -> Self {
        let mut added: Vec<AddedVariants> = vec![];
        for family in families {
            if added.iter().all(|other| other.family != *family) {
                added.push(AddedVariants { family: *family, n_made: 0, n_items_without: 0 });
            }
        }
        Self { language: language.to_owned(), items: vec![], added }
    }

    /// Takes the next items, and puts the variants of each behind it. An item that is a variant already gets none.
    pub fn take(&mut self, items: &[Item]) {
        for item in items {
            let own = self.items.len();
            self.items.push(item.clone());
            if base_of(&item.id).is_some() {
                continue;
            }
            for account in &mut self.added {
                let mut variants = account.family.of(item, &self.language);
                account.n_items_without += usize::from(variants.is_empty());
                // Two wishes for drawn orders may share a seed.
                variants
                    .retain(|variant| self.items[own..].iter().all(|other| other.id != variant.id));
                account.n_made += variants.len();
                self.items.extend(variants);
            }
        }
    }

    /// How many of each kind were made so far.
    pub fn added(&self) -> &[AddedVariants] {
        &self.added
    }

    /// The part that it comes to.
    pub fn part(self, dataset: &PlannedDataset) -> Part {
        let variants = [dataset.variants.as_slice(), self.added.as_slice()].concat();
        Part {
            dataset: PlannedDataset { variants, ..dataset.clone() },
            language: self.language,
            items: Arc::new(self.items),
        }
    }
}

/// Settings that hold for every question of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wishes {
    /// Unique among the runs of this browser.
    pub run_id: String,
    /// How often each question is put to each model.
    pub n_repeats: u16,
    /// How questions are put. Its examples are replaced by those of `shots`, if any are wanted.
    pub prompting: Prompting,
    /// Examples to be drawn.
    pub shots: Option<WantedShots>,
    /// Variants that are asked besides each item.
    pub variants: Vec<Family>,
    /// What is wanted of every call; what is wanted of one model goes before it.
    pub settings: CallSettings,
    /// The most that the run may cost.
    pub budget: Option<MicroDollars>,
    /// Who grades open answers, and how.
    pub judging: Option<Judging>,
}

/// Examples that a run wants.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedShots {
    /// How many.
    pub n: usize,
    /// Of the draw.
    pub seed: u64,
    /// What they are drawn from: a held-out split, or a whole set. What is asked is passed over.
    pub pool: Arc<Vec<Item>>,
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
    /// Not enough items besides those that are asked.
    #[error(transparent)]
    Examples(#[from] TooFewShots),
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
pub fn draft(parts: &[Part], models: &[ModelSpec], wishes: Wishes) -> Result<Plan, Missing> {
    if parts.iter().all(|part| part.items.is_empty()) {
        return Err(Missing::Questions);
    }
    if models.is_empty() {
        return Err(Missing::Models);
    }
    let mut items: Vec<Item> = vec![];
    let mut datasets: Vec<PlannedDataset> = vec![];
    for part in parts {
        let part = part.with_variants(&wishes.variants);
        items.extend(part.items.iter().cloned());
        datasets.push(part.dataset);
    }
    let mut prompting = wishes.prompting.settled();
    if let Some(WantedShots { n, seed, pool }) = wishes.shots {
        prompting.shots = pick_shots(&pool, &items, n, seed)?;
        prompting.shots_seed = (!prompting.shots.is_empty()).then_some(seed);
    }
    let judging = judged(wishes.judging, &items);
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
        prompting,
        budget: wishes.budget,
        judging,
    })
}

/// What to tell of the variants of a dataset: for each kind how many were made, and how many items have none and why.
pub fn variants_told(dataset: &PlannedDataset) -> Vec<String> {
    let told = dataset.variants.iter().map(|added| {
        let AddedVariants { family, n_made, n_items_without } = added;
        let without = match n_items_without {
            0 => String::new(),
            1 => "; 1 question has none".to_owned(),
            n => format!("; {n} questions have none"),
        };
        let why = match n_items_without {
            0 => String::new(),
            _ => format!(": this change cannot be made {}", family.change().limit()),
        };
        format!("Variants with {}: {n_made}{without}{why}.", family.title())
    });
    told.collect()
}

/// The grading as it will be, where there is something to grade. What is wanted of every call is wanted of the models, and
/// not of the judges; a judge's calls follow answers one by one, so that they go in no batches.
pub(super) fn judged(judging: Option<Judging>, items: &[Item]) -> Option<Judging> {
    let judging = judging.filter(|judging| !judging.judges.is_empty())?;
    let is_any_judged = items.iter().any(|item| !judging.parts(item).is_empty());
    let judges = judging.judges.iter().map(|judge| {
        let mut judge = judge.clone();
        if let Seat::Api(endpoint) = &mut judge.seat
            && endpoint.settings.delivery == Delivery::Batch
        {
            endpoint.settings.delivery = Delivery::Whole;
        }
        settled(&judge, CallSettings::default())
    });
    let judges = judges.collect();
    is_any_judged.then_some(Judging { judges, ..judging })
}

fn settled(model: &ModelSpec, run_wide: CallSettings) -> ModelSpec {
    let seat = match &model.seat {
        Seat::Api(endpoint) => Seat::Api(capability::settle(endpoint, run_wide)),
        other => other.clone(),
    };
    ModelSpec { seat, ..model.clone() }
}

/// The texts of the items that are taken, as far as they are sent: turns, passages, question and options, item by item.
pub fn texts(parts: &[Part]) -> Vec<String> {
    parts.iter().flat_map(|part| part.items.iter().map(Item::sent_text)).collect()
}

/// Calls to endpoints that a plan needs at least: of its models, and of its judges if every open answer can be judged.
pub fn n_calls(plan: &Plan) -> (usize, usize) {
    let sum = |parts: &[cost::Part]| {
        let n = parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.n_calls));
        usize::try_from(n).unwrap_or(usize::MAX)
    };
    let estimate = cost::estimate(plan);
    (sum(&estimate.models), sum(&estimate.judges))
}

/// How many items of these are answered in free text: by a rubric, and beside a reference answer.
pub fn n_open<'a>(items: impl IntoIterator<Item = &'a Item>) -> (usize, usize) {
    items.into_iter().fold((0, 0), |(by_rubric, by_reference), item| match item.kind {
        Kind::Rubric(_) => (by_rubric + 1, by_reference),
        Kind::Reference(_) => (by_rubric, by_reference + 1),
        Kind::Choice(_) | Kind::Choices(_) | Kind::Number(_) | Kind::ShortText(_) => {
            (by_rubric, by_reference)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
            splits: vec![],
        }
    }

    fn model() -> ModelSpec {
        let seat = Seat::Baseline { rule: Baseline::UniformGuess, seed: 1 };
        ModelSpec::new("guess", Class::Baseline, seat)
    }

    fn wishes() -> Wishes {
        Wishes { run_id: "r".into(), ..Wishes::default() }
    }

    #[test]
    fn a_sample_is_drawn_in_the_order_of_the_set() {
        let part = Part::of(&dataset(), Some(4), 9);
        let plan = draft(&[part], &[model()], wishes()).unwrap();
        let numbers: Vec<usize> =
            plan.items.iter().map(|item| item.id.0[1..].parse().unwrap()).collect();
        assert_eq!(numbers, dataset::sample(20, 4, 9));
        let planned = &plan.datasets[0];
        assert_eq!((planned.n_available, planned.n_sampled, planned.seed), (20, 4, Some(9)));
        assert_eq!(plan.n_repeats, 1);
        assert_eq!(n_calls(&plan), (0, 0));
    }

    #[test]
    fn the_texts_are_those_of_the_items_that_are_taken() {
        let part = Part::of(&dataset(), Some(2), 9);
        let texts = texts(&[part.clone(), part.clone()]);
        assert_eq!(texts.len(), 4);
        assert!(texts[0].starts_with("Question ") && texts[0].ends_with("?\nyes\nno"));
        let plan = draft(&[part], &[model()], wishes()).unwrap();
        assert!(texts[1].contains(&plan.items[1].question));
    }

    #[test]
    fn all_items_need_no_seed() {
        let part = Part::of(&dataset(), Some(500), 9);
        let plan = draft(&[part], &[model()], wishes()).unwrap();
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
        let part = Part::of(&dataset(), None, 1);
        let endpoint = Endpoint::new(Protocol::OpenAiChat, "https://api.x.example/v1", "gpt");
        let mut chosen = ModelSpec::new("gpt", Class::Clinical, Seat::Api(endpoint));
        chosen.price = Some(Price::FREE);
        let plan = draft(&[part], &[chosen], wishes()).unwrap();
        assert_eq!(
            (plan.models[0].class, plan.models[0].price),
            (Class::Clinical, Some(Price::FREE))
        );
    }

    #[test]
    fn nothing_chosen_is_told() {
        let part = Part::of(&dataset(), None, 1);
        assert_eq!(draft(&[], &[model()], wishes()), Err(Missing::Questions));
        assert_eq!(draft(&[part], &[], wishes()), Err(Missing::Models));
    }

    #[test]
    fn variants_stand_behind_their_item_and_are_accounted_for() {
        let mut dataset = dataset();
        dataset.items[1].plain_question = Some("In plain words?".into());
        dataset.items.push(Item::single_choice("q0~rot1", "Which?", &["no", "yes"], 1));
        let part = Part::of(&dataset, None, 1);
        let fingerprint = part.dataset.fingerprint.clone();
        let shuffles = Family::Shuffles { n: 2, seed: 1 };
        let variants = vec![Family::Rotations, Family::Lay, shuffles, shuffles];
        let plan = draft(&[part], &[model()], Wishes { variants, ..wishes() }).unwrap();
        let ids: Vec<&str> = plan.items.iter().map(|item| item.id.0.as_str()).collect();
        let expected = [
            "q0",
            "q0~rot1",
            "q0~shuffle1",
            "q0~shuffle2",
            "q1",
            "q1~rot1",
            "q1~lay",
            "q1~shuffle1",
        ];
        assert_eq!(ids[..8], expected);
        assert_eq!(
            ids.last(),
            Some(&"q0~rot1"),
            "a variant that a file brought gets none of its own"
        );
        let planned = &plan.datasets[0];
        assert_eq!((planned.n_sampled, &planned.fingerprint), (21, &fingerprint));
        let account: Vec<(usize, usize)> =
            planned.variants.iter().map(|added| (added.n_made, added.n_items_without)).collect();
        assert_eq!(account, [(20, 0), (1, 19), (40, 0)]);
        assert!(variants_told(planned)[1].contains("everyday words: 1; 19 questions have none"));
        let variants = vec![Family::Rotations, Family::Lay, shuffles];
        let made = Part::of(&dataset, None, 1).with_variants(&variants);
        assert_eq!(draft(&[made], &[model()], wishes()).unwrap().items, plan.items);
    }

    #[test]
    fn examples_are_never_what_is_asked_and_come_back_from_the_record() {
        let all = dataset();
        let part = Part::of(&all, Some(12), 9);
        let shots = |n| Some(WantedShots { n, seed: 4, pool: Arc::new(all.items.clone()) });
        let wishes = |n| Wishes { shots: shots(n), variants: vec![Family::Rotations], ..wishes() };
        let plan = draft(std::slice::from_ref(&part), &[model()], wishes(8)).unwrap();
        assert_eq!((plan.prompting.shots.len(), plan.prompting.shots_seed), (8, Some(4)));
        assert!(plan.prompting.shots.iter().all(|shot| !plan.items.contains(shot)));
        let json = serde_json::to_string(&crate::run::PlanRecord::from(&plan)).unwrap();
        let record: crate::run::PlanRecord = serde_json::from_str(&json).unwrap();
        assert_eq!(Plan::try_from(record), Ok(plan));
        let missing = draft(&[part], &[model()], wishes(9)).unwrap_err();
        assert_eq!(missing, Missing::Examples(TooFewShots { n_wanted: 9, n_found: 8 }));
    }
}
