//! Owns the fields for how questions are worded: template, language, standing instruction.

use leptos::prelude::*;

use super::shots_form::ShotsForm;
use crate::dataset::Kind;
use crate::prompt::{Language, OwnTemplate, Preset, Variable};
use crate::run::Plan;
use crate::run::draft::Missing;
use crate::ui::components::edit_field::{EditField, Size};
use crate::ui::components::field::SelectField;
use crate::ui::state::{State, language_of_questions, parts_of};

/// The value of the person's own template in the list.
const OWN: &str = "own";
/// Which template, and the field for an own one.
#[component]
pub(super) fn TemplateForm() -> impl IntoView {
    let asking = State::get().asking();
    let presets = Preset::ALL.into_iter().map(|preset| (preset.name(), preset.title()));
    let options = presets.chain([(OWN, "A template of my own")]);
    let options = options.map(|(name, title)| (name.to_owned(), title.to_owned())).collect();
    let value = Signal::derive(move || asking.preset.get().map_or(OWN, Preset::name).to_owned());
    let on_change = Callback::new(move |name: String| {
        asking.preset.set(Preset::ALL.into_iter().find(|preset| preset.name() == name));
    });
    let hint = Signal::derive(move || {
        asking
            .preset
            .get()
            .map_or("A text with variables, used for every question.", Preset::purpose)
            .to_owned()
    });
    view! {
        <SelectField label="What models are told" id="template" options=options value=value on_change=on_change hint=hint/>
        <Show when=move || asking.preset.with(Option::is_none)><OwnForm/></Show>
    }
}

#[component]
fn OwnForm() -> impl IntoView {
    let state = State::get();
    let own = state.asking().own;
    own.settle();
    let fault = Signal::derive(move || {
        let parsed = own.live.with(|text| OwnTemplate::parse(text));
        parsed.err().map(|error| error.to_string()).unwrap_or_default()
    });
    let is_blind = Memo::new(move |_| {
        let hides = |variable| {
            own.live.with(|text| OwnTemplate::parse(text).is_ok_and(|own| !own.uses(variable)))
        };
        hides(Variable::Options)
            && parts_of(state)
                .iter()
                .flat_map(|part| part.items.iter())
                .any(|item| matches!(item.kind, Kind::Choice(_) | Kind::Choices(_)))
    });
    view! {
        <EditField label="Your template" id="own-template" size=Size::Text value=own.live.into()
            on_text=Callback::new(move |text| own.live.set(text)) fault=fault
            hint="It is kept with the run. A line of nothing but variables that are empty for a question is left out."/>
        {move || is_blind.get().then(|| view! {
            <p class="notice notice--warn">"Without {options}, models do not see what they may choose from."</p>
        })}
        <dl class="variables">
            {Variable::ALL.map(|variable| view! {
                <dt><code>{format!("{{{}}}", variable.name())}</code></dt>
                <dd>{meaning(variable)}</dd>
            }).collect_view()}
        </dl>
    }
}

fn meaning(variable: Variable) -> &'static str {
    match variable {
        Variable::Question => "the question; every template needs it",
        Variable::Options => "the options, one a line, as A) …",
        Variable::Context => "the passages that the question is asked about, if any",
        Variable::Letters => "the letters of the options: A, B, C, D",
        Variable::NOptions => "how many options there are",
    }
}

/// What most people leave as it is: language, standing instruction, examples.
#[component]
pub(super) fn WordingForm(plan: Memo<Result<Plan, Missing>>) -> impl IntoView {
    let asking = State::get().asking();
    let system = asking.system;
    system.settle();
    view! {
        <details id="wording">
            <summary>"Language, standing instruction, examples"</summary>
            <LanguageField/>
            <EditField label="Standing instruction" id="system" size=Size::Lines value=system.live.into()
                on_text=Callback::new(move |text| system.live.set(text))
                hint="Stands before every question (“system prompt”). Empty: none."/>
            <ShotsForm plan=plan/>
        </details>
    }
}

#[component]
fn LanguageField() -> impl IntoView {
    let state = State::get();
    let asking = state.asking();
    let is_translated = Memo::new(move |_| asking.preset.get().is_some_and(Preset::is_translated));
    let field = move || {
        let like = format!("Like the questions ({})", language_of_questions(state).title());
        let options = std::iter::once((String::new(), like)).chain(
            Language::ALL.map(|language| (language.tag().to_owned(), language.title().to_owned())),
        );
        let value = Signal::derive(move || {
            asking.language.get().map_or(String::new(), |language| language.tag().to_owned())
        });
        view! {
            <SelectField label="Language of the instructions" id="prompt-language" options=options.collect()
                value=value
                on_change=Callback::new(move |tag: String| asking.language.set(Language::of_tag(&tag)))
                hint=Signal::derive(|| "The questions stay as they are. Answers are read in all of these languages.".to_owned())/>
        }
    };
    view! {
        {move || if is_translated.get() {
            field().into_any()
        } else if asking.preset.with(Option::is_some) {
            view! { <p class="quiet">"This template gives its instructions in English only."</p> }.into_any()
        } else {
            ().into_any()
        }}
    }
}
