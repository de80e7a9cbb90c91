//! Owns the study as it is set up here: its sample, its models, its judges and their rule.

use super::{Method, Stage, System};
use crate::dataset::Selection;
use crate::dataset::select::{Draw, Filter};
use crate::provider::{Class, Endpoint, ModelSpec, Seat, preset};
use crate::run::Judging;
use crate::score::PanelRule;

/// What is taken of a stage's set: at most `n` items, in the study's own draw. Of HealthBench the study took only
/// conversations of a single message.
pub fn selection(method: &Method, stage: &Stage, n: usize) -> Selection {
    let max_turns = is_conversations(stage).then_some(1);
    Selection {
        filter: Filter { max_turns, ..Filter::default() },
        n: Some(n.min(method.n_sampled)),
        draw: Draw::Python,
        seed: method.seed,
    }
}

/// Whether the items of a stage are conversations.
pub(super) fn is_conversations(stage: &Stage) -> bool {
    stage.dataset.as_deref().is_some_and(|id| id.starts_with("healthbench"))
}

/// A system of the study as a participant: the model with this id at its maker's, asked at the study's temperature. `None`
/// for one that has no address.
pub fn model(method: &Method, system: &System, model_id: &str) -> Option<ModelSpec> {
    let preset = preset::by_id(system.preset.as_deref()?)?;
    let mut endpoint = Endpoint::new(preset.protocol, preset.base_url, model_id);
    endpoint.settings = preset.settings;
    endpoint.settings.temperature = Some(method.temperature);
    let is_same = system.model_ids.contains(&endpoint.model);
    let name = if is_same { system.name.clone() } else { endpoint.model.clone() };
    let class = preset::class_of_name(&endpoint.model).unwrap_or(system.class);
    Some(ModelSpec::new(&name, class, Seat::Api(endpoint)))
}

/// A system of the study for which a person carries questions and answers. All but the search page are clinical.
pub fn by_hand(system: &System) -> ModelSpec {
    let class = match system.class {
        Class::Clinical => Class::Clinical,
        Class::GeneralPurpose | Class::Baseline | Class::Person => preset::class_of(&system.name),
    };
    ModelSpec::new(&system.name, class, Seat::Paste)
}

/// The study's way of judging with these judges: one call for each criterion, the majority, and even votes as not met.
/// What it did with judges that failed is not repeated: a verdict that did not come is missing here.
pub fn judging(judges: Vec<ModelSpec>) -> Judging {
    let settled = judges.into_iter().map(|mut judge| {
        judge.name = format!("{} (judge)", judge.name);
        judge
    });
    Judging { panel: PanelRule::MajorityEvenIsNotMet, ..Judging::by(settled.collect()) }
}
