//! Owns the account of how a run puts its questions: template, standing instruction, examples, variants.

use leptos::prelude::*;

use crate::prompt::{Prompting, Template};
use crate::run::PlannedDataset;
use crate::run::draft::variants_told;
use crate::ui::words;

/// A list of terms and what they are in this run.
#[component]
pub(crate) fn HowAsked(
    /// How questions are put.
    prompting: Prompting,
    /// Whose questions, with their variants.
    datasets: Vec<PlannedDataset>,
) -> impl IntoView {
    let Prompting { template, language, system, shots, shots_seed } = &prompting;
    let name = prompting.name();
    let told = match template {
        Template::Preset(preset) if preset.is_translated() => {
            format!("{}, in {} ({name})", preset.title(), language.title())
        }
        Template::Preset(preset) => format!("{} ({name})", preset.title()),
        Template::Own(_) => "A template of the person’s own:".to_owned(),
        Template::Unknown(_) if name.is_empty() => "not told".to_owned(),
        Template::Unknown(_) => name,
    };
    let own = prompting.own_text().map(str::to_owned);
    let seed = shots_seed.map(|seed| format!(", drawn with seed {seed}")).unwrap_or_default();
    let shots: Vec<String> =
        shots.iter().map(|shot| words::shortened(&shot.question, 120)).collect();
    let variants: Vec<String> = datasets.iter().flat_map(variants_told).collect();
    view! {
        <dl>
            <dt><strong>"What models are told"</strong></dt>
            <dd>{told}</dd>
            {own.map(|own| view! { <dd class="answer">{own}</dd> })}
            {system.clone().map(|system| view! {
                <dt><strong>"Standing instruction"</strong></dt>
                <dd class="answer">{system}</dd>
            })}
            {(!shots.is_empty()).then(|| view! {
                <dt><strong>{format!("{} before each question{seed}", words::counted(shots.len(), "example", "examples"))}</strong></dt>
                {shots.into_iter().map(|shot| view! { <dd>{shot}</dd> }).collect_view()}
            })}
            {(!variants.is_empty()).then(|| view! {
                <dt><strong>"Asked in other forms too"</strong></dt>
                {variants.into_iter().map(|told| view! { <dd>{told}</dd> }).collect_view()}
            })}
        </dl>
    }
}
