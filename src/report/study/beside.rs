//! Owns a run beside the study: which of its models stands beside which system, whether the figures agree, and what differs.
//!
//! The rule: two figures agree where the 95 % interval of their difference, made from both of their intervals, holds zero
//! ([`difference::independent`]). They are taken as independent. Where the very same questions were asked that errs towards
//! agreement, and so does the widest interval of a figure that was published without its counts.

use super::setup::is_conversations;
use super::{Basis, Edition, Figure, Scale, Stage, Study, System};
use crate::dataset::Kind;
use crate::dataset::select::Draw;
use crate::prompt::JudgeTemplate;
use crate::provider::{Class, Maker, ModelSpec, Seat};
use crate::report::gradebook::{By, Gradebook};
use crate::report::leaderboard::leaderboard_of;
use crate::report::{Grid, Unanswered, open_leaderboard};
use crate::run::{Journal, Plan, PlannedDataset};
use crate::score::PanelRule;
use crate::score::rubric::Rule;
use crate::stats::Interval;
use crate::stats::difference::{self, Difference};

/// A figure of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ours {
    /// In the unit of the stage's scale.
    pub value: f64,
    /// 95 % interval, in the same unit.
    pub interval: Interval,
    /// Items that it counts.
    pub n_items: usize,
}

/// Whether a figure of a run agrees with the published one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The interval of the difference holds zero.
    Agree,
    /// The run's figure is higher by more than chance explains.
    Higher,
    /// It is lower by more than chance explains.
    Lower,
}

/// What a difference, the run's figure less the published one, says.
pub fn verdict_of(difference: &Difference) -> Verdict {
    if difference.includes_none() {
        Verdict::Agree
    } else if 0.0 < difference.value {
        Verdict::Higher
    } else {
        Verdict::Lower
    }
}

/// One model of a run beside the system that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Its name in the run.
    pub name: String,
    /// The published figure.
    pub published: Figure,
    /// That of the run, by the study's rule; `None` while there is none.
    pub ours: Option<Ours>,
    /// The same by OpenAI's rule, for rubrics: it is not comparable with the published figure.
    pub by_openai_rule: Option<Ours>,
    /// The run's figure less the published one.
    pub difference: Option<Difference>,
    /// What that says.
    pub verdict: Option<Verdict>,
    /// What differs between the two models.
    pub warnings: Vec<String>,
}

/// One stage of the study with a run beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct StageBeside {
    /// Index into [`Study::stages`].
    pub stage: usize,
    /// Model by model, in the order of the published figures.
    pub rows: Vec<Beside>,
    /// What differs for all of them: items, judges, rules.
    pub warnings: Vec<String>,
}

/// Whether a plan asks questions of one of the sets that the study asked.
pub fn is_about(plan: &Plan) -> bool {
    plan.datasets.iter().any(|dataset| super::SETS.contains(&dataset.id.as_str()))
}

/// A run beside every stage of the paper whose set it asked.
pub fn beside(study: &Study, journal: &Journal) -> Vec<StageBeside> {
    let (grid, book) = (Grid::of(journal), Gradebook::of(journal));
    let stages = study.stages.iter().enumerate();
    let stages = stages.filter(|(_, stage)| stage.edition == Edition::Published);
    stages
        .filter_map(|(idx, stage)| {
            let (dataset, items) = place_of(stage, &journal.plan)?;
            let figures = Figures { journal, grid: &grid, book: &book, stage, items };
            Some(StageBeside {
                stage: idx,
                rows: rows(study, &figures),
                warnings: warnings(study, stage, dataset, &journal.plan),
            })
        })
        .collect()
}

/// The part of a plan that asks a stage's set, with the places of its items.
fn place_of<'a>(
    stage: &Stage,
    plan: &'a Plan,
) -> Option<(&'a PlannedDataset, std::ops::Range<usize>)> {
    let wanted = stage.dataset.as_deref()?;
    let mut start = 0;
    for dataset in &plan.datasets {
        let n_variants: usize = dataset.variants.iter().map(|added| added.n_made).sum();
        let end = start + dataset.n_sampled + n_variants;
        if dataset.id == wanted {
            return Some((dataset, start..end));
        }
        start = end;
    }
    None
}

/// What figures of a run are made from.
struct Figures<'a> {
    journal: &'a Journal,
    grid: &'a Grid,
    book: &'a Gradebook,
    stage: &'a Stage,
    items: std::ops::Range<usize>,
}

impl Figures<'_> {
    /// Of each model of the plan, by index.
    fn shares(&self) -> Vec<Option<Ours>> {
        let n_models = self.journal.plan.models.len();
        let mut all = vec![None; n_models];
        let is_in = |item: usize| self.items.contains(&item);
        for standing in leaderboard_of(self.grid, Unanswered::CountedWrong, is_in) {
            let Some(slot) = all.get_mut(standing.model) else { continue };
            *slot = standing.counted_wrong.map(|accuracy| Ours {
                value: accuracy.value,
                interval: accuracy.interval,
                n_items: accuracy.n_items,
            });
        }
        all
    }

    /// Scores by a rule, in points.
    fn points(&self, rule: Rule) -> Vec<Option<Ours>> {
        let plan = &self.journal.plan;
        let mut all = vec![None; plan.models.len()];
        let Some(judging) = &plan.judging else { return all };
        for standing in open_leaderboard(plan, self.book, By::Panel(judging.panel), rule) {
            let Some(slot) = all.get_mut(standing.model) else { continue };
            *slot = standing.score(rule).map(|score| Ours {
                value: 100.0 * score.value,
                interval: Interval {
                    low: 100.0 * score.interval.low,
                    high: 100.0 * score.interval.high,
                },
                n_items: score.n_items,
            });
        }
        all
    }
}

fn rows(study: &Study, figures: &Figures<'_>) -> Vec<Beside> {
    let stage = figures.stage;
    let (ours, by_openai_rule) = match stage.scale {
        Scale::Share => (figures.shares(), vec![]),
        Scale::Points => (figures.points(Rule::Pooled), figures.points(Rule::HealthBench)),
        Scale::Rating => return vec![],
    };
    let plan = &figures.journal.plan;
    let of = |published: Figure| {
        let system = study.systems.get(published.system)?;
        let (model, likeness) = counterpart(system, &plan.models)?;
        let spec = plan.models.get(model)?;
        let at = |all: &[Option<Ours>]| all.get(model).copied().flatten();
        let ours = at(&ours);
        let difference = ours.map(|ours| {
            difference::independent(
                (ours.value, ours.interval),
                (published.value, published.interval),
            )
        });
        Some(Beside {
            name: spec.name.clone(),
            published,
            ours,
            by_openai_rule: at(&by_openai_rule),
            difference,
            verdict: difference.as_ref().map(verdict_of),
            warnings: model_warnings(study, system, spec, likeness),
        })
    };
    study.figures(stage).into_iter().filter_map(of).collect()
}

/// How a model of a run stands for a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// The same model, as far as its id tells.
    Same,
    /// Another of the same maker.
    OfSameMaker,
}

/// The model of a run that stands for a system: the same one, else another of its maker.
fn counterpart(system: &System, models: &[ModelSpec]) -> Option<(usize, Likeness)> {
    let folded = |text: &str| text.trim().to_lowercase();
    let is_same = |spec: &ModelSpec| match &spec.seat {
        Seat::Api(endpoint) => {
            let id = folded(&endpoint.model);
            let bare = id.rsplit('/').next().unwrap_or_default();
            system.model_ids.iter().any(|known| known == bare)
        }
        Seat::Paste | Seat::Recorded | Seat::BrowserModel => {
            folded(&spec.name) == folded(&system.name)
        }
        Seat::Baseline { .. } | Seat::Person => false,
    };
    if let Some(idx) = models.iter().position(is_same) {
        return Some((idx, Likeness::Same));
    }
    let maker = Maker::named(&system.name).filter(|_| !system.by_hand)?;
    let is_kin = |spec: &ModelSpec| {
        matches!(spec.seat, Seat::Api(_))
            && spec.class == Class::GeneralPurpose
            && Maker::of(spec) == Some(maker)
    };
    Some((models.iter().position(is_kin)?, Likeness::OfSameMaker))
}

fn model_warnings(
    study: &Study,
    system: &System,
    spec: &ModelSpec,
    likeness: Likeness,
) -> Vec<String> {
    let mut warnings = vec![];
    if likeness == Likeness::OfSameMaker {
        let name = &spec.name;
        warnings.push(format!("Another model: the study asked {}, this run {name}.", system.name));
    }
    if let Seat::Api(endpoint) = &spec.seat {
        let temperature = endpoint.settings.temperature;
        if temperature != Some(study.method.temperature) {
            let told =
                temperature.map_or("its maker’s own".to_owned(), |value| value.to_string());
            warnings.push(format!(
                "Another temperature: {} in the study, {told} in this run.",
                study.method.temperature
            ));
        }
    }
    warnings
}

/// What differs for all models of a stage.
fn warnings(study: &Study, stage: &Stage, dataset: &PlannedDataset, plan: &Plan) -> Vec<String> {
    let method = &study.method;
    let mut warnings = item_warnings(study, stage, dataset);
    if plan.models.iter().any(|model| matches!(model.seat, Seat::Api(_))) {
        warnings.push(
            "The study let the models search the web. Asked by their interfaces, as here, they do not search.".to_owned(),
        );
    }
    if stage.scale != Scale::Points {
        return warnings;
    }
    let Some(judging) = &plan.judging else {
        warnings
            .push("Nobody judged the answers of this run, so that it has no scores.".to_owned());
        return warnings;
    };
    let panel = method.judges.iter().filter_map(|id| study.systems.get(study.system(id)?));
    let panel: Vec<&System> = panel.collect();
    let is_of_panel = |judge: &ModelSpec| {
        let judge = std::slice::from_ref(judge);
        panel.iter().any(|system| matches!(counterpart(system, judge), Some((_, Likeness::Same))))
    };
    let is_panel_whole = panel.len() == judging.judges.len();
    if !is_panel_whole || !judging.judges.iter().all(is_of_panel) {
        let names = |names: Vec<&str>| names.join(", ");
        warnings.push(format!(
            "Other judges: {} in the study, {} in this run.",
            names(panel.iter().map(|system| system.name.as_str()).collect()),
            names(judging.judges.iter().map(|judge| judge.name.as_str()).collect())
        ));
    }
    if judging.panel != PanelRule::MajorityEvenIsNotMet {
        warnings.push(format!(
            "Another rule for several judges. In the study: {}. In this run: {}.",
            lower_first(PanelRule::MajorityEvenIsNotMet.title()),
            lower_first(judging.panel.title())
        ));
    }
    if judging.template != JudgeTemplate::HealthBench {
        warnings.push(format!(
            "The judges were asked in another way: {}.",
            lower_first(judging.template.title())
        ));
    }
    warnings.push(
        "Where a judge fails, the study counts “not met”; here the verdict is missing and is left out.".to_owned(),
    );
    let n_rubrics = plan.items.iter().filter(|item| matches!(item.kind, Kind::Rubric(_))).count();
    if dataset.n_sampled < n_rubrics {
        warnings.push(
            "This run has other items with criteria besides those of the study’s set, and its score counts them too.".to_owned(),
        );
    }
    warnings
}

fn item_warnings(study: &Study, stage: &Stage, dataset: &PlannedDataset) -> Vec<String> {
    let method = &study.method;
    let mut warnings = vec![];
    let selection = dataset.selection.as_ref();
    let is_drawn_alike = selection.is_some_and(|selection| {
        let is_single = selection.filter.max_turns == Some(1);
        selection.draw == Draw::Python
            && selection.seed == method.seed
            && is_single == is_conversations(stage)
    });
    if dataset.n_sampled != method.n_sampled {
        warnings.push(format!(
            "Other items: {} in the study, {} in this run.",
            method.n_sampled, dataset.n_sampled
        ));
    } else if !is_drawn_alike {
        warnings.push("Other items: this run drew its sample in another way.".to_owned());
    } else {
        warnings.push(format!(
            "The items were drawn as the study drew its own (Python’s generator, seed {}). Whether its file had them in the same order is not recorded, so that the very items may differ.",
            method.seed
        ));
    }
    if is_conversations(stage) {
        warnings.push(
            "Which file of HealthBench the study drew from (all, hard or consensus) is not recorded; here it is the whole set.".to_owned(),
        );
    }
    warnings
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}

impl Beside {
    /// The plain statement.
    pub fn statement(&self, scale: Scale) -> String {
        let (Some(difference), Some(verdict)) = (self.difference, self.verdict) else {
            return "No figure yet.".to_owned();
        };
        let (unit, factor) = match scale {
            Scale::Share => ("percentage points", 100.0),
            Scale::Points => ("points", 1.0),
            Scale::Rating => ("grades", 1.0),
        };
        let signed = |value: f64| {
            let value = value * factor;
            let sign = if value < 0.0 { "−" } else { "+" };
            format!("{sign}{:.1}", value.abs())
        };
        let Interval { low, high } = difference.interval;
        let range = format!(
            "{} {unit} (95 % range {} to {})",
            signed(difference.value),
            signed(low),
            signed(high)
        );
        let told = match verdict {
            Verdict::Agree => format!(
                "They agree within what chance allows: the difference is {range}. A difference of up to {:.1} could have been missed.",
                factor * low.abs().max(high.abs())
            ),
            Verdict::Higher => {
                format!("Higher than published, by more than chance explains: {range}.")
            }
            Verdict::Lower => {
                format!("Lower than published, by more than chance explains: {range}.")
            }
        };
        match (self.published.basis, verdict) {
            (Basis::Widest, Verdict::Agree) => format!(
                "{told} The published range is the widest possible, which makes agreement easy."
            ),
            _ => told,
        }
    }
}
