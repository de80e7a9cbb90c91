//! Owns the organiser's face: from answers, scale and reviewers to one file for each reviewer, and the key.

mod made;
mod source;

use leptos::prelude::*;

use crate::browser::clock;
use crate::browser::reviews::{Desk, fresh_seed};
use crate::people::review::strip::Taking;
use crate::people::review::{ConflictRule, Mode, Scale, Setup, Strip, prepare};
use crate::ui::components::field::{NumberField, TextField};
use crate::ui::pages::review::DeskSignal;
use made::Made;
use source::{Chosen, Source};

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    chosen: RwSignal<Chosen>,
    title: RwSignal<String>,
    is_own_scale: RwSignal<bool>,
    own_scale: RwSignal<String>,
    reviewers: RwSignal<String>,
    n_per_answer: RwSignal<u64>,
    n_questions: RwSignal<Option<u64>>,
    mode: RwSignal<Mode>,
    seed: RwSignal<u64>,
    strips_markdown: RwSignal<bool>,
    strips_names: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        let reviewers: Vec<String> = (1..=3).map(|n| format!("Reviewer {n}")).collect();
        Self {
            chosen: RwSignal::new(Chosen::default()),
            title: RwSignal::new("Blinded review".to_owned()),
            is_own_scale: RwSignal::new(false),
            own_scale: RwSignal::new(
                "Empathy: cold | correct | warm\nWould you hand this to a patient?".to_owned(),
            ),
            reviewers: RwSignal::new(reviewers.join("\n")),
            n_per_answer: RwSignal::new(3),
            n_questions: RwSignal::new(None),
            mode: RwSignal::new(Mode::Single),
            seed: RwSignal::new(fresh_seed()),
            strips_markdown: RwSignal::new(true),
            strips_names: RwSignal::new(true),
        }
    }

    /// The desk of the review that the form describes, or why there is none.
    fn desk(self) -> Result<Desk, String> {
        let Chosen { answers, model_ids, .. } = self.chosen.get_untracked();
        let scale = if self.is_own_scale.get_untracked() {
            Scale::parse(&self.own_scale.get_untracked()).map_err(|error| error.to_string())?
        } else {
            Scale::study()
        };
        let reviewers = self.reviewers.get_untracked();
        let reviewers = reviewers.lines().map(str::trim).filter(|name| !name.is_empty());
        let taking = |is_out: bool| if is_out { Taking::Out } else { Taking::Left };
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let setup = Setup {
            title: self.title.get_untracked(),
            answers,
            model_ids,
            scale,
            reviewers: reviewers.map(str::to_owned).collect(),
            n_per_answer: number(self.n_per_answer.get_untracked()),
            mode: self.mode.get_untracked(),
            n_questions: self.n_questions.get_untracked().map(number),
            seed: self.seed.get_untracked(),
            strip: Strip {
                markdown: taking(self.strips_markdown.get_untracked()),
                names: taking(self.strips_names.get_untracked()),
            },
            at_millis: clock::now_millis(),
        };
        let key = prepare(&setup).map_err(|error| error.to_string())?;
        Ok(Desk { key, files: vec![], rule: ConflictRule::default() })
    }
}

#[component]
pub(crate) fn Organise(desk: DeskSignal) -> impl IntoView {
    let form = Form::new();
    let error = RwSignal::new(None::<String>);
    let make = move |_| match form.desk() {
        Ok(made) => {
            error.set(None);
            desk.put(Some(made));
            request_animation_frame(|| crate::browser::page::focus("#made-heading"));
        }
        Err(reason) => error.set(Some(reason)),
    };
    let has_desk = Memo::new(move |_| desk.desk.with(Option::is_some));
    move || {
        if !desk.is_loaded.get() {
            return view! { <p role="status">"Looking for a review kept here …"</p> }.into_any();
        }
        if has_desk.get() {
            return view! { <Made desk=desk/> }.into_any();
        }
        view! {
            <p class="lead">"Choose what is rated, how, and by whom."</p>
            <Source chosen=form.chosen/>
            <h2>"How it is rated"</h2>
            <TextField label="Title, which reviewers see" id="review-title" value=form.title/>
            <ModeChoice form=form/>
            <ScaleChoice form=form/>
            <h2>"Who rates"</h2>
            <Reviewers form=form/>
            <h2>"What is taken out of the answers"</h2>
            <Stripping form=form/>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <p><button class="button button--main" on:click=make>"Make the review"</button></p>
        }
        .into_any()
    }
}

#[component]
fn ModeChoice(form: Form) -> impl IntoView {
    let option = move |of: Mode, text: &'static str| {
        view! {
            <label class="tick">
                <input type="radio" name="review-mode" prop:checked=move || form.mode.get() == of
                    on:change=move |_| form.mode.set(of)/>
                <span>{text}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>"Reviewers see"</legend>
            {option(Mode::Single, "one answer at a time, and rate it")}
            {option(Mode::Pairs, "two answers to one question, and choose the better one")}
        </fieldset>
    }
}

#[component]
fn ScaleChoice(form: Form) -> impl IntoView {
    let option = move |is_own: bool, text: &'static str| {
        view! {
            <label class="tick">
                <input type="radio" name="review-scale" prop:checked=move || form.is_own_scale.get() == is_own
                    on:change=move |_| form.is_own_scale.set(is_own)/>
                <span>{text}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>"Scale"</legend>
            {option(false, "the study’s: clinical correctness, completeness, safety and clarity from 1 to 4; harm and made-up facts as yes or no")}
            {option(true, "one of my own")}
        </fieldset>
        <Show
            when=move || form.is_own_scale.get()
            fallback=|| view! {
                <details>
                    <summary>"What each rating means"</summary>
                    <p class="quiet">"The study’s own descriptions are not public; these describe the same steps in our words."</p>
                    {Scale::study().dimensions.into_iter().map(|dimension| view! {
                        <p><strong>{dimension.name}</strong></p>
                        <ol>{dimension.anchors.into_iter().map(|anchor| view! { <li>{anchor}</li> }).collect_view()}</ol>
                    }).collect_view()}
                </details>
            }
        >
            <div class="field">
                <label class="field__label" for="own-scale">"Your scale"</label>
                <textarea id="own-scale" rows="5" aria-describedby="own-scale-hint"
                    prop:value=move || form.own_scale.get()
                    on:input=move |event| form.own_scale.set(event_target_value(&event))></textarea>
                <span class="field__hint" id="own-scale-hint">
                    "A line for each thing that is rated, from worst to best: “Name: worst | … | best”. A line that ends with a question mark is answered by yes or no. Whether an answer declines is always asked."
                </span>
            </div>
        </Show>
    }
}

#[component]
fn Reviewers(form: Form) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for="reviewers">"Reviewers, one on each line"</label>
            <textarea id="reviewers" rows="6" aria-describedby="reviewers-hint"
                prop:value=move || form.reviewers.get()
                on:input=move |event| form.reviewers.set(event_target_value(&event))></textarea>
            <span class="field__hint" id="reviewers-hint">"Names stand in their files and in the results. A number or an alias will do."</span>
        </div>
        <NumberField label="Reviewers for each answer" id="per-answer" min=1
            value=Signal::derive(move || Some(form.n_per_answer.get()))
            on_change=Callback::new(move |n: Option<u64>| form.n_per_answer.set(n.unwrap_or(1)))
            hint=Signal::derive(|| "The study had three. In pairs: for each pair.".to_owned())/>
        <NumberField label="Questions, at most" id="n-questions" min=1 value=form.n_questions.into()
            on_change=Callback::new(move |n| form.n_questions.set(n))
            hint=Signal::derive(|| "Empty: all. Fewer are drawn by the seed.".to_owned())/>
        <NumberField label="Seed" id="review-seed" value=Signal::derive(move || Some(form.seed.get()))
            on_change=Callback::new(move |n: Option<u64>| form.seed.set(n.unwrap_or(0)))
            hint=Signal::derive(|| "Codes, assignment and order follow from it. Keep it to yourself, and do not choose one that can be guessed: who knows it and the answers can tell whose is whose. It is in the key file only.".to_owned())/>
    }
}

#[component]
fn Stripping(form: Form) -> impl IntoView {
    let tick = |id: &'static str, value: RwSignal<bool>, text: &'static str| {
        view! {
            <label class="tick">
                <input type="checkbox" id=id prop:checked=value
                    on:change=move |event| value.set(event_target_checked(&event))/>
                <span>{text}</span>
            </label>
        }
    };
    view! {
        {tick("strip-markdown", form.strips_markdown, "The look of Markdown: headings, bold, bullets and tables become plain lines. Models can be told by it.")}
        {tick("strip-names", form.strips_names, "Names of models and their makers, and phrases such as “As an AI language model by OpenAI”.")}
        <p class="quiet">"What was taken out is kept in the key. Style stays: a reviewer may still guess."</p>
    }
}
