//! Owns choosing an exam: the questions, how many, and how it is sat.

use leptos::prelude::*;

use crate::people::exam::record::limited;
use crate::people::exam::{Asks, Feedback, Order, Terms};
use crate::run::draft::Part;
use crate::ui::components::field::NumberField;
use crate::ui::components::packs::Packs;
use crate::ui::state::State;
use crate::ui::words;

/// Questions of an exam, as long as nobody says otherwise.
const N_ASKED: usize = 10;

/// What a person chose so far.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    n: RwSignal<Option<u64>>,
    seed: RwSignal<u64>,
    pub(crate) terms: RwSignal<Terms>,
}

impl Chosen {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            n: RwSignal::new(Some(N_ASKED as u64)),
            seed: RwSignal::new(seed),
            terms: RwSignal::new(Terms::default()),
        }
    }

    /// The seed, which draws questions and their order.
    pub(crate) fn seed(self) -> u64 {
        self.seed.get_untracked()
    }

    /// The questions; nothing while sets are on their way.
    pub(crate) fn parts(self, state: State) -> Vec<Part> {
        let parts: Vec<Part> = state
            .shelf
            .with(|shelf| shelf.iter().filter_map(crate::ui::state::Shelved::part).collect());
        let n = self.n.get().and_then(|n| usize::try_from(n).ok());
        limited(&parts, n, self.seed.get())
    }
}

/// Who sits it: what is offered differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sitter {
    /// The person at this page.
    Oneself,
    /// A class, by a link.
    Class,
}

#[component]
pub(crate) fn Choosing(chosen: Chosen, sitter: Sitter) -> impl IntoView {
    let state = State::get();
    let errors = RwSignal::new(Vec::<(String, String)>::new());
    let has_sets = Memo::new(move |_| state.shelf.with(|shelf| !shelf.is_empty()));
    let told = move || {
        let parts = chosen.parts(state);
        let n: usize = parts.iter().map(|part| part.items.len()).sum();
        let titles: Vec<String> = parts.iter().map(|part| part.dataset.title.clone()).collect();
        match n {
            0 => "The questions are on their way.".to_owned(),
            n => format!(
                "{} from: {}.",
                words::counted(n, "question", "questions"),
                titles.join(" + ")
            ),
        }
    };
    view! {
        <section aria-labelledby="exam-questions">
            <h2 id="exam-questions">"Questions"</h2>
            {move || if has_sets.get() {
                view! {
                    <p role="status">{told}</p>
                    <p class="quiet">
                        "These are the sets chosen on the " <a href="#/questions">"Questions page"</a> ". There you can open others, or filter by subject."
                    </p>
                    <div class="row row--fields">
                        <NumberField
                            label="How many" id="exam-n" min=1 value=chosen.n.into()
                            on_change=Callback::new(move |n| chosen.n.set(n))
                            hint=Signal::derive(|| "Empty: all that are chosen.".to_owned())
                        />
                        <NumberField
                            label="Seed" id="exam-seed"
                            value=Signal::derive(move || Some(chosen.seed.get()))
                            on_change=Callback::new(move |seed: Option<u64>| chosen.seed.set(seed.unwrap_or(1)))
                            hint=Signal::derive(|| "The same seed gives the same exam.".to_owned())
                        />
                    </div>
                }.into_any()
            } else {
                view! {
                    <p>"Take questions that come with this page, or choose others on the " <a href="#/questions">"Questions page"</a> "."</p>
                    <Packs errors=errors/>
                }.into_any()
            }}
            {move || errors.get().into_iter().map(|(name, error)| view! {
                <p class="notice notice--bad" role="alert">{format!("{name}: {error}")}</p>
            }).collect_view()}
        </section>
        <TermsForm terms=chosen.terms sitter=sitter/>
    }
}

#[component]
fn TermsForm(terms: RwSignal<Terms>, sitter: Sitter) -> impl IntoView {
    let tick = move |label: &'static str, is_on: fn(&Terms) -> bool, set: fn(&mut Terms, bool)| {
        view! {
            <label class="tick">
                <input type="checkbox" prop:checked=move || terms.with(is_on)
                    on:change=move |event| terms.update(|terms| set(terms, event_target_checked(&event)))/>
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>"How it is sat"</legend>
            {tick(
                "Questions in a drawn order",
                |terms| terms.order == Order::Drawn,
                |terms, is_on| terms.order = if is_on { Order::Drawn } else { Order::Listed },
            )}
            {tick(
                "Ask after each answer how sure one is",
                |terms| terms.confidence == Asks::Yes,
                |terms, is_on| terms.confidence = if is_on { Asks::Yes } else { Asks::No },
            )}
            {match sitter {
                Sitter::Oneself => tick(
                    "Tell right and wrong at once, with the explanation (otherwise at the end)",
                    |terms| terms.feedback == Feedback::AtOnce,
                    |terms, is_on| terms.feedback = if is_on { Feedback::AtOnce } else { Feedback::AtEnd },
                ).into_any(),
                Sitter::Class => view! {
                    {tick(
                        "Ask for a name or pseudonym (otherwise each student gets a made-up one)",
                        |terms| terms.names == Asks::Yes,
                        |terms, is_on| terms.names = if is_on { Asks::Yes } else { Asks::No },
                    )}
                    <p class="quiet">"Right answers are locked until you show the key, so that students see them at the end only."</p>
                }.into_any(),
            }}
            <NumberField
                label="Time limit in minutes" id="exam-minutes" min=1
                value=Signal::derive(move || terms.with(|terms| terms.minutes.map(u64::from)))
                on_change=Callback::new(move |minutes: Option<u64>| {
                    let minutes = minutes.map(|minutes| u32::try_from(minutes.min(10_000)).unwrap_or(10_000));
                    terms.update(|terms| terms.minutes = minutes);
                })
                hint=Signal::derive(|| "Empty: as long as one likes. Pauses do not count.".to_owned())
            />
        </fieldset>
    }
}
