//! Owns the choice of who grades open answers, and how: on the plan of a run, and on that of grading an earlier one.

mod reading;
mod rules;

use leptos::prelude::*;

use self::reading::Reading;
use self::rules::Rules;
use crate::provider::{ModelSpec, Seat};
use crate::report::open_ended::warnings_before;
use crate::run::Plan;
use crate::run::draft::Missing;
use crate::ui::components::endpoint_form::{EndpointForm, Form, List};
use crate::ui::state::{Listed, State, can_judge};
use crate::ui::words;

/// How many open items there are: by a rubric, and beside a reference answer.
pub(crate) type Open = (usize, usize);

#[component]
pub(crate) fn Judges(
    open: Memo<Open>,
    /// What would be run with these judges.
    plan: Memo<Result<Plan, Missing>>,
    /// What is told where nobody judges.
    unjudged: &'static str,
) -> impl IntoView {
    let state = State::get();
    let judging = state.judging();
    let n_judges = Memo::new(move |_| judging.judges(state).len());
    let warnings = Memo::new(move |_| {
        plan.with(|plan| plan.as_ref().map(warnings_before).unwrap_or_default())
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    });
    view! {
        <section class="card" id="judges" aria-labelledby="judges-heading">
            <h2 id="judges-heading">"Judges of the open answers"</h2>
            <p>{move || lead(open.get())}</p>
            <p><a href="#/judge-bench">"Measure a judge before you trust it"</a></p>
            <Choice/>
            <Bench/>
            <Another/>
            <div role="status">
                {move || (n_judges.get() == 0).then(|| view! { <p class="notice" id="unjudged">{unjudged}</p> })}
            </div>
            <Show when=move || 0 < n_judges.get()>
                <Rules open=open n_judges=n_judges/>
                <Reading plan=plan/>
                {move || warnings.get().into_iter().map(|warning| view! {
                    <p class="notice notice--warn">{warning}</p>
                }).collect_view()}
            </Show>
        </section>
    }
}

fn lead((n_by_rubric, n_by_reference): Open) -> String {
    let mut told = vec![];
    if 0 < n_by_rubric {
        let n = words::counted(n_by_rubric, "question is", "questions are");
        told.push(format!(
            "{n} graded by a rubric: a judge, itself a model, says of each criterion whether the answer meets it."
        ));
    }
    if 0 < n_by_reference {
        let n = words::counted(n_by_reference, "question is", "questions are");
        told.push(format!(
            "{n} held against a reference answer: a judge says whether the answer is right, partly right or wrong."
        ));
    }
    told.push("A judge is sent the question, the answer and what it is graded by.".to_owned());
    told.join(" ")
}

/// Participants that may judge too.
#[component]
fn Choice() -> impl IntoView {
    let state = State::get();
    let judging = state.judging();
    let candidates = move || {
        let roster = state.roster.get().into_iter();
        roster.filter(|listed| can_judge(&listed.spec)).collect::<Vec<_>>()
    };
    view! {
        <Show when=move || !candidates().is_empty()>
            <fieldset>
                <legend>"Participants that judge as well"</legend>
                <For each=candidates key=|listed| listed.key let:listed>
                    {
                        let key = listed.key;
                        view! {
                            <label class="tick">
                                <input type="checkbox" id=format!("judge-{key}")
                                    prop:checked=move || judging.sitting.with(|sitting| sitting.contains(&key))
                                    on:change=move |event| {
                                        let is_ticked = event_target_checked(&event);
                                        judging.sitting.update(|sitting| if is_ticked {
                                            sitting.insert(key);
                                        } else {
                                            sitting.remove(&key);
                                        });
                                    }/>
                                <span>{listed.spec.name.clone()}</span>
                            </label>
                        }
                    }
                </For>
            </fieldset>
        </Show>
    }
}

/// Judges that do not sit the exam.
#[component]
fn Bench() -> impl IntoView {
    let judging = State::get().judging();
    view! {
        <ul class="plain-list" id="bench" aria-label="Judges that do not sit the exam">
            <For each=move || judging.bench.get() key=|listed| listed.key let:listed>
                <OnBench listed=listed/>
            </For>
        </ul>
    }
}

#[component]
fn OnBench(listed: Listed) -> impl IntoView {
    let judging = State::get().judging();
    let Listed { key, spec } = listed;
    let remove = move |_| judging.bench.update(|bench| bench.retain(|other| other.key != key));
    view! {
        <li>
            <strong>{spec.name.clone()}</strong>
            <p class="quiet">{where_it_is(&spec)}</p>
            <button class="button button--quiet" aria-label=format!("Remove the judge {}", spec.name) on:click=remove>"Remove"</button>
        </li>
    }
}

fn where_it_is(spec: &ModelSpec) -> String {
    match &spec.seat {
        Seat::Api(endpoint) => format!("{} at {}", endpoint.model, endpoint.base_url),
        _ => words::seat(spec),
    }
}

/// The form for one more judge, made when it is first opened.
#[component]
fn Another() -> impl IntoView {
    let state = State::get();
    let is_open = RwSignal::new(false);
    view! {
        <details id="another-judge" on:toggle=move |_| is_open.set(true)>
            <summary>"Add a judge that does not sit the exam"</summary>
            {move || is_open.get().then(|| {
                let form = Form::new(state, List::Judges);
                view! { <EndpointForm form=form/> }
            })}
        </details>
    }
}
