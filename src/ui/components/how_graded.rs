//! Owns the account of how a run grades open answers: by whom, with which text, and how judges decide together.

use leptos::prelude::*;

use crate::run::{Judging, Kin};

/// A list of terms and what they are in this run.
#[component]
pub(crate) fn HowGraded(judging: Judging) -> impl IntoView {
    let names: Vec<String> = judging.judges.iter().map(|judge| judge.name.clone()).collect();
    let several = 1 < names.len();
    let template = format!("{} ({})", judging.template.title(), judging.template.name());
    let own = judging.template.own_text().map(str::to_owned);
    let kin = match judging.kin {
        Kin::Judge => None,
        Kin::LeftOut => Some("Judges are left out for models of their own maker."),
    };
    view! {
        <dl>
            <dt><strong>"Judges"</strong></dt>
            <dd>{names.join(", ")}</dd>
            <dt><strong>"How judges are asked by a rubric"</strong></dt>
            <dd>{template}</dd>
            {own.map(|own| view! { <dd class="answer">{own}</dd> })}
            {several.then(|| view! {
                <dt><strong>"How they decide"</strong></dt>
                <dd>{judging.panel.title()}</dd>
            })}
            {kin.map(|kin| view! { <dd>{kin}</dd> })}
        </dl>
    }
}
