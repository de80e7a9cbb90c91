//! Owns the fields for how judges are asked, and how they decide together.

use leptos::prelude::*;

use super::Open;
use crate::prompt::{JudgeTemplate, OwnJudge};
use crate::run::Kin;
use crate::score::PanelRule;
use crate::ui::components::edit_field::{EditField, Size};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::state::State;

/// The value of the person's own text in the list.
const OWN: &str = "own";

#[component]
pub(super) fn Rules(open: Memo<Open>, n_judges: Memo<usize>) -> impl IntoView {
    let judging = State::get().judging();
    view! {
        <Show when=move || 0 < open.get().0><TemplateField/></Show>
        <Show when=move || 1 < n_judges.get()><PanelField/></Show>
        <label class="tick">
            <input type="checkbox" id="judge-kin" prop:checked=move || judging.kin.get() == Kin::LeftOut
                on:change=move |event| judging.kin.set(if event_target_checked(&event) { Kin::LeftOut } else { Kin::Judge })/>
            <span>"Leave a judge out where it would grade a model of its own maker, as far as the names tell."</span>
        </label>
        <NumberField label="Times that each verdict is asked for" id="judge-repeats" min=1
            value=Signal::derive(move || Some(judging.n_repeats.get()))
            on_change=Callback::new(move |n: Option<u64>| judging.n_repeats.set(n.unwrap_or(1).min(10)))
            hint=Signal::derive(|| "The first counts. More than one shows how far a judge agrees with itself, and costs as many times more.".to_owned())/>
        <NumberField label="Longest reply of a judge, in tokens" id="judge-max-tokens" min=1
            value=judging.max_output_tokens.into()
            on_change=Callback::new(move |n| judging.max_output_tokens.set(n))
            hint=Signal::derive(|| "Empty: the provider’s own limit. HealthBench’s grader has 2,048. Thinking counts too; with a budget, set one.".to_owned())/>
        <p class="quiet">"Judges are asked with their own settings, not with those of the run. A verdict that does not come is missing: it is never counted as “not met”."</p>
    }
}

#[component]
fn TemplateField() -> impl IntoView {
    let judging = State::get().judging();
    // What another page chose stays among the choices.
    let others = move || {
        let chosen = judging.template.get();
        chosen.filter(|chosen| !JudgeTemplate::FOR_RUBRICS.contains(chosen))
    };
    let field = move || {
        let presets = JudgeTemplate::FOR_RUBRICS.into_iter().chain(others());
        let named = presets.map(|preset| (preset.name().to_owned(), preset.title().to_owned()));
        let own = (OWN.to_owned(), "A text of my own, one call for each criterion".to_owned());
        let options = named.chain([own]).collect();
        let value = Signal::derive(move || {
            judging
                .template
                .with(|template| template.as_ref().map_or(OWN, JudgeTemplate::name).to_owned())
        });
        let on_change = Callback::new(move |name: String| {
            judging.template.set((name != OWN).then(|| JudgeTemplate::named(&name, None)));
        });
        let hint = Signal::derive(move || {
            judging.template.with(|template| match template {
                Some(template) => format!("{} ({})", template.purpose(), template.name()),
                None => "Kept with the run.".to_owned(),
            })
        });
        view! { <SelectField label="How judges are asked" id="judge-template" options=options value=value on_change=on_change hint=hint/> }
    };
    let has_others = Memo::new(move |_| others().is_some());
    view! {
        {move || {
            has_others.track();
            untrack(field)
        }}
        <Show when=move || judging.template.with(Option::is_none)><OwnText/></Show>
    }
}

#[component]
fn OwnText() -> impl IntoView {
    let own = State::get().judging().own;
    own.settle();
    let fault = Signal::derive(move || {
        let parsed = own.live.with(|text| OwnJudge::parse(text));
        parsed.err().map(|error| error.to_string()).unwrap_or_default()
    });
    view! {
        <EditField label="Your text for judges" id="judge-own" size=Size::Text value=own.live.into()
            on_text=Callback::new(move |text| own.live.set(text)) fault=fault
            hint="<<conversation>> is filled with the question and the answer, <<rubric_item>> with one criterion and its points, each once. Ask for a JSON object with “explanation” and “criteria_met”."/>
    }
}

#[component]
fn PanelField() -> impl IntoView {
    let judging = State::get().judging();
    let key = |rule: PanelRule| PanelRule::ALL.iter().position(|known| *known == rule);
    let options = PanelRule::ALL
        .into_iter()
        .enumerate()
        .map(|(idx, rule)| (idx.to_string(), rule.title().to_owned()))
        .collect();
    let value = Signal::derive(move || {
        key(judging.panel.get()).map(|idx| idx.to_string()).unwrap_or_default()
    });
    let on_change = Callback::new(move |value: String| {
        let rule = value.parse::<usize>().ok().and_then(|idx| PanelRule::ALL.get(idx).copied());
        judging.panel.set(rule.unwrap_or_default());
    });
    view! {
        <SelectField label="How the judges decide" id="judge-panel" options=options value=value on_change=on_change
            hint=Signal::derive(|| "Results show every judge alone as well, and how far they agree.".to_owned())/>
    }
}
