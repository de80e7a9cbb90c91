//! Owns the button that sets the study up here: its sample of both sets, its models and judges, and the systems that a person
//! carries questions to.

use std::sync::Arc;

use leptos::prelude::*;

use super::set::{SetView, Standing, WantedSet};
use crate::browser::{keys, librarian, page};
use crate::provider::{ModelSpec, preset};
use crate::report::study::{self, Stage, Study, System};
use crate::ui::components::field::{NumberField, TextField};
use crate::ui::components::prices::{self, quote_view};
use crate::ui::state::State;
use crate::ui::words;

/// One system that can be set up.
#[derive(Clone)]
struct Choice {
    system: System,
    is_wanted: RwSignal<bool>,
    model_id: RwSignal<String>,
    key: RwSignal<String>,
}

impl Choice {
    fn of(system: &System) -> Option<Self> {
        if system.preset.is_none() && !system.by_hand {
            return None;
        }
        let model_id = system.model_ids.first().cloned().unwrap_or_default();
        Some(Self {
            system: system.clone(),
            is_wanted: RwSignal::new(true),
            model_id: RwSignal::new(model_id),
            key: RwSignal::new(String::new()),
        })
    }

    /// The participant that is meant.
    fn spec(&self, study: &Study) -> Option<ModelSpec> {
        if self.system.by_hand {
            return Some(study::by_hand(&self.system));
        }
        let model_id = self.model_id.get_untracked();
        let model_id = model_id.trim();
        if model_id.is_empty() { None } else { study::model(&study.method, &self.system, model_id) }
    }
}

#[component]
pub(crate) fn SetUp(study: Arc<Study>) -> impl IntoView {
    let state = State::get();
    state.loads.fetch_catalogue();
    state.loads.refresh();
    librarian::prepare();
    prices::fetch(state);
    let n = RwSignal::new(Some(study.method.n_sampled as u64));
    let choices: Vec<Choice> = study.systems.iter().filter_map(Choice::of).collect();
    let is_judged = RwSignal::new(true);
    let sets: Vec<(Stage, WantedSet)> = study
        .stages
        .iter()
        .filter_map(|stage| {
            let set = WantedSet::new(state, stage.dataset.as_deref()?);
            Some((stage.clone(), set))
        })
        .collect();
    let is_set_up = RwSignal::new(false);
    let set_up = {
        let (study, choices, sets) = (study.clone(), choices.clone(), sets.clone());
        move |_| {
            let n = n.get_untracked().and_then(|n| usize::try_from(n).ok());
            let n = n.unwrap_or(study.method.n_sampled);
            for (stage, set) in &sets {
                set.want(study::selection(&study.method, stage, n));
            }
            enlist(state, &study, &choices);
            if is_judged.get_untracked() {
                state.judging().set(state, study::judging(judges(state, &study, &choices)));
            }
            is_set_up.set(true);
            request_animation_frame(|| page::focus("#set-up"));
        }
    };
    let (programs, by_hand): (Vec<Choice>, Vec<Choice>) =
        choices.into_iter().partition(|choice| !choice.system.by_hand);
    let n_sampled = study.method.n_sampled;
    let hint = format!(
        "The study took {n_sampled} of each, drawn with the seed {}. With fewer, the ranges are wider and the questions are others.",
        study.method.seed
    );
    view! {
        <section aria-labelledby="again-heading">
            <h2 id="again-heading" tabindex="-1">"Do it again"</h2>
            <p>
                "The same tests, here and now, with your own keys. You see what it costs, and set a limit, before anything is asked."
            </p>
            <NumberField label="Questions of each set" id="study-n" min=1
                value=n.into() on_change=Callback::new(move |typed: Option<u64>| n.set(typed.map(|typed| typed.min(n_sampled as u64))))
                hint=Signal::derive(move || hint.clone())/>
            <h3>"Models of the study"</h3>
            <div class="stack">
                {programs.into_iter().map(|choice| view! { <Program choice=choice study=study.clone()/> }).collect_view()}
            </div>
            <h3>"By copy and paste"</h3>
            <p>
                {move || {
                    let n = n.get().unwrap_or_default();
                    let n = usize::try_from(n).unwrap_or(usize::MAX).saturating_mul(2);
                    format!("The page shows you each question with a button that copies it, and you paste the answer back: {} for each of these. You can stop at any time; what is not asked is told apart and not counted.", words::counted(n, "answer", "answers"))
                }}
            </p>
            {by_hand.into_iter().map(|choice| view! { <ByHandChoice choice=choice/> }).collect_view()}
            <h3>"Judges"</h3>
            <label class="tick" for="study-judges">
                <input type="checkbox" id="study-judges" prop:checked=is_judged
                    on:change=move |event| is_judged.set(event_target_checked(&event))/>
                <span>"The study’s panel grades the open answers: its three models, the majority decides, even votes count as not met"</span>
            </label>
            <p class="quiet">
                "They judge their own answers and those of their rivals, as in the study; the results warn of it. Scores are shown by the study’s rule, all points in one sum, and by OpenAI’s rule beside it. "
                <a href="#/judge-bench">"Measure judges first"</a>
            </p>
            <h3>"The third stage: people"</h3>
            <p>
                "The study’s real queries are sealed. Take questions that people really asked you, without anything that tells of a person, "
                <a href="#/questions">"open them as a file"</a>" or "<a href="#/editor">"write them here"</a>
                ", and let people grade the answers without knowing whose they are."
            </p>
            <p><a href="#/review/organise">"Grade answers without knowing whose they are"</a></p>
            <div class="row">
                <button class="button button--main" on:click=set_up>"Set up the study"</button>
            </div>
            <div id="set-up" tabindex="-1">
                <Show when=move || is_set_up.get()>
                    <Standings sets=sets.clone()/>
                </Show>
            </div>
        </section>
    }
}

/// Puts the wanted systems among the participants, each once, and holds their keys.
fn enlist(state: State, study: &Study, choices: &[Choice]) {
    for choice in choices.iter().filter(|choice| choice.is_wanted.get_untracked()) {
        let Some(spec) = choice.spec(study) else { continue };
        hold_key(choice, &spec);
        let is_listed = state
            .roster
            .with_untracked(|roster| roster.iter().any(|listed| listed.spec.name == spec.name));
        if !is_listed {
            state.enlist(spec);
        }
    }
}

/// The study's judges. A model whose id was changed judges under its changed id, whether or not it is examined.
fn judges(state: State, study: &Study, choices: &[Choice]) -> Vec<ModelSpec> {
    let ids = study.method.judges.iter();
    let of = |id: &String| choices.iter().find(|choice| choice.system.id == *id);
    let judges = ids.filter_map(of).filter_map(|choice| {
        let spec = choice.spec(study)?;
        hold_key(choice, &spec);
        Some(state.with_price(spec))
    });
    judges.collect()
}

/// Moves a key from its field to the keyring. An empty field keeps what is held.
fn hold_key(choice: &Choice, spec: &ModelSpec) {
    let typed = choice.key.get_untracked();
    if let Some(endpoint) = spec.seat.endpoint()
        && !typed.trim().is_empty()
    {
        keys::set(&endpoint.base_url, &typed);
        choice.key.set(String::new());
    }
}

#[component]
fn Tick(choice: Choice) -> impl IntoView {
    let id = format!("study-{}", choice.system.id.replace('.', "-"));
    let is_wanted = choice.is_wanted;
    view! {
        <label class="tick" for=id.clone()>
            <input type="checkbox" id=id.clone() prop:checked=is_wanted
                on:change=move |event| is_wanted.set(event_target_checked(&event))/>
            <span>{choice.system.name.clone()}" "<span class="badge">{words::class(choice.system.class)}</span></span>
        </label>
    }
}

#[component]
fn ByHandChoice(choice: Choice) -> impl IntoView {
    let hint = choice.system.hint.clone();
    view! {
        <Tick choice=choice/>
        <p class="quiet">{hint}</p>
    }
}

/// A model behind an address: its id, which the person may change, and the key.
#[component]
fn Program(choice: Choice, study: Arc<Study>) -> impl IntoView {
    let state = State::get();
    let known = choice.system.preset.as_deref().and_then(preset::by_id);
    let (base_url, service) =
        known.map(|preset| (preset.base_url, preset.name)).unwrap_or_default();
    let part = choice.system.id.replace('.', "-");
    // Labels that are read out must tell the fields apart.
    let (model_label, key_label) = match choice.system.preset.as_deref() {
        Some("openai") => ("Model of OpenAI", "Key of OpenAI"),
        Some("anthropic") => ("Model of Anthropic", "Key of Anthropic"),
        Some("gemini") => ("Model of Google", "Key of Google"),
        _ => ("Model", "Key"),
    };
    let (is_wanted, model_id, key) = (choice.is_wanted, choice.model_id, choice.key);
    let system = choice.system.clone();
    let price = {
        let (system, study) = (system.clone(), study.clone());
        Callback::new(move |()| {
            let typed = model_id.get();
            let spec = study::model(&study.method, &system, typed.trim())?;
            let is_own = system.model_ids.iter().any(|id| id == typed.trim());
            let quote = spec.seat.endpoint().and_then(|endpoint| state.quote(endpoint));
            Some(match (quote, is_own) {
                (Some(quote), _) => quote_view(quote),
                (None, true) => "This model is not in the list of prices of this page: it may have been taken away. If the service does not know it, type the id of the model that took its place.".into_any(),
                (None, false) => "The price of this model is not known here. You can type it on the page Models.".into_any(),
            })
        })
    };
    let is_other = Signal::derive(move || {
        let typed = model_id.get();
        !typed.trim().is_empty() && !system.model_ids.iter().any(|id| id == typed.trim())
    });
    let key_hint = Signal::derive(move || {
        // The field is emptied when the key was taken.
        let _ = key.get();
        if keys::has(base_url) {
            format!("A key for {service} is held in this tab. Type another to replace it.")
        } else {
            format!(
                "It is held in this tab only, and goes to {service} and nowhere else. You can also enter it later."
            )
        }
    });
    let hint = choice.system.hint.clone();
    view! {
        <div class="card">
            <Tick choice=choice/>
            <p class="quiet">{hint}</p>
            <Show when=move || is_wanted.get()>
                <div class="row row--fields">
                    <TextField label=model_label id=format!("study-model-{part}") value=model_id/>
                    <TextField label=key_label id=format!("study-key-{part}") kind="password" value=key hint=key_hint/>
                </div>
                <p class="quiet" role="status">
                    {move || price.run(())}
                    {move || is_other.get().then_some(" Another model than the study’s: the page will say so beside its figures.")}
                </p>
            </Show>
        </div>
    }
}

/// How far both sets are, and what comes next.
#[component]
fn Standings(sets: Vec<(Stage, WantedSet)>) -> impl IntoView {
    let state = State::get();
    let all: Vec<WantedSet> = sets.iter().map(|(_, set)| *set).collect();
    let is_ready =
        Memo::new(move |_| all.iter().all(|set| matches!(set.standing(state), Standing::Here(_))));
    let others = move || {
        let own: Vec<&str> = study::SETS.to_vec();
        let others = state.shelf.with(|shelf| {
            shelf.iter().filter(|set| !own.contains(&set.summary.id.as_str())).count()
        });
        (0 < others).then(|| {
            view! {
                <p class="notice notice--warn">
                    {format!("{} chosen before stand beside the study’s. Take them off on the page ", words::counted(others, "question set", "question sets"))}
                    <a href="#/questions">"Questions"</a>", unless you want them asked too."
                </p>
            }
        })
    };
    view! {
        <h3>"What is set up"</h3>
        <ul class="plain-list">
            {sets.into_iter().map(|(stage, set)| view! { <SetView set=set title=stage.title/> }).collect_view()}
        </ul>
        <p role="status">
            {move || words::counted(state.roster.with(Vec::len), "participant", "participants")}" and "
            {move || words::counted(state.judging().judges(state).len(), "judge", "judges")}
            " are on the list. "<a href="#/models">"See and change them"</a>
        </p>
        {others}
        {move || is_ready.get().then(|| view! {
            <p><a class="button button--main" href="#/run">"Next: see the cost and start"</a></p>
        })}
    }
}
