//! Owns sitting an exam: question after question, how sure, the time, pauses, and the end.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::{clock, page};
use crate::dataset::Item;
use crate::people::exam::{Answer, Asked, Asks, CONFIDENCES, Feedback, Form, Given, Sheet, Terms};
use crate::score::{Outcome, judge};
use crate::ui::components::exam::asking::{Asking, Fields};
use crate::ui::components::exam::outcome::OwnAnswer;
use crate::ui::words;

/// How often the time is told, and how often it is kept.
const TICK_MILLIS: u32 = 1_000;
const TICKS_KEPT: u64 = 5;
/// From here on the screen reader hears how much is left.
const LAST_MILLIS: u64 = 60_000;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// A question is asked.
    Asked,
    /// How sure?
    Sure(Answer),
    /// Right or wrong, with this item.
    Told(usize),
}

/// An exam under way. Ends when [`Sheet::is_over`].
#[component]
pub(crate) fn Answering(
    /// The questions.
    asked: Arc<Vec<Asked>>,
    /// How it is sat.
    terms: Terms,
    /// How far.
    sheet: RwSignal<Sheet>,
    /// With the answers, where they may be told at once.
    items: Option<Arc<Vec<Item>>>,
    /// Whether it waits; it does when it is opened again.
    is_paused: RwSignal<bool>,
    /// Called after every change, to keep it.
    on_change: Callback<()>,
) -> impl IntoView {
    let n_items = asked.len();
    let phase = RwSignal::new(Phase::Asked);
    let is_plain = RwSignal::new(true);
    let last_look = StoredValue::new(clock::now_millis());
    let n_ticks = StoredValue::new(0_u64);
    let is_counting =
        move || !is_paused.get_untracked() && !matches!(phase.get_untracked(), Phase::Told(_));
    // Adds the time since the last look, where it counts.
    let look = move || {
        let now = clock::now_millis();
        // A machine that slept did not look at the question.
        let passed = now.saturating_sub(last_look.get_value()).min(5_000);
        last_look.set_value(now);
        if is_counting() && sheet.with_untracked(|sheet| !sheet.is_over) {
            sheet.update(|sheet| sheet.looked_millis += passed);
        }
        if sheet.with_untracked(|sheet| sheet.left_millis(&terms)) == Some(0)
            && !sheet.with_untracked(|sheet| sheet.is_over)
        {
            sheet.update(|sheet| sheet.is_over = true);
            on_change.run(());
        }
    };
    let ticking = StoredValue::new_local(clock::every(TICK_MILLIS, move || {
        look();
        n_ticks.update_value(|n| *n += 1);
        if is_counting() && n_ticks.get_value().is_multiple_of(TICKS_KEPT) {
            on_change.run(());
        }
    }));
    on_cleanup(move || ticking.dispose());
    let current = Memo::new(move |_| match phase.get() {
        Phase::Told(item) => Some((item, true)),
        Phase::Asked | Phase::Sure(_) => Some((sheet.with(Sheet::next)?, false)),
    });
    let give = Callback::new(move |(answer, confidence): (Answer, Option<u8>)| {
        look();
        let Some(item) = sheet.with_untracked(Sheet::next) else { return };
        sheet.update(|sheet| {
            let took_millis = sheet.looked_millis;
            let at_millis = clock::now_millis();
            sheet.give(item, Given { answer, confidence, took_millis, at_millis });
        });
        on_change.run(());
        let told =
            if terms.feedback == Feedback::AtOnce { Phase::Told(item) } else { Phase::Asked };
        let focus = if matches!(told, Phase::Told(_)) { "#exam-next" } else { "#exam-question" };
        phase.set(told);
        request_animation_frame(move || page::focus(focus));
    });
    let status = move || sheet.with(|sheet| told_place(&phase.get(), sheet));
    let left = Memo::new(move |_| {
        sheet.with(|sheet| sheet.left_millis(&terms)).map(|left| left.div_ceil(1_000))
    });
    let pause = move || {
        look();
        is_paused.set(true);
        on_change.run(());
        request_animation_frame(|| page::focus("#exam-go-on"));
    };
    let go_on = move || {
        last_look.set_value(clock::now_millis());
        is_paused.set(false);
        request_animation_frame(|| page::focus("#exam-question"));
    };
    let asked = StoredValue::new(asked);
    let items = StoredValue::new(items);
    let question = move |item: usize| {
        let asked = asked.with_value(|asked| asked.get(item).cloned())?;
        let fields = Fields::of(sheet.with_untracked(|sheet| sheet.draft.clone()));
        Some(
            view! { <Question asked=asked terms=terms sheet=sheet phase=phase is_plain=is_plain fields=fields give=give on_change=on_change/> },
        )
    };
    view! {
        <section aria-label="Exam">
            {move || if is_paused.get() && sheet.with(|sheet| !sheet.is_over) {
                view! {
                    <Waiting sheet=sheet n_items=n_items go_on=Callback::new(move |()| go_on())/>
                }.into_any()
            } else {
                view! {
                    <Head status=Signal::derive(status) left=left pause=Callback::new(move |()| pause())/>
                    <progress class="bar" aria-label="Questions answered" max=n_items.to_string()
                        prop:value=move || sheet.with(Sheet::n_done).to_string()></progress>
                    {move || current.get().map(|(item, is_told)| match items.get_value().filter(|_| is_told) {
                        Some(items) => view! {
                            <Told items=items item=item sheet=sheet phase=phase/>
                        }.into_any(),
                        None => question(item).into_any(),
                    })}
                    <Show when=move || sheet.with(|sheet| !sheet.is_over)><HandIn sheet=sheet on_change=on_change/></Show>
                }.into_any()
            }}
        </section>
    }
}

/// Where one is, in words.
fn told_place(phase: &Phase, sheet: &Sheet) -> String {
    let (n_done, n_items) = (sheet.n_done(), sheet.answers.len());
    match phase {
        Phase::Told(_) => format!("{n_done} of {n_items} answered."),
        Phase::Asked | Phase::Sure(_) => {
            format!("Question {} of {n_items}.", (n_done + 1).min(n_items))
        }
    }
}

/// A pause: the question is out of sight, so that the time does not help.
#[component]
fn Waiting(sheet: RwSignal<Sheet>, n_items: usize, go_on: Callback<()>) -> impl IntoView {
    let number = move || (sheet.with(Sheet::n_done) + 1).min(n_items);
    view! {
        <p class="notice" role="status">
            {move || format!("Paused at question {} of {n_items}. Every answer is kept in this browser: you can close the page and come back. The time stands still.", number())}
        </p>
        <button class="button button--main" id="exam-go-on" on:click=move |_| go_on.run(())>"Go on"</button>
    }
}

/// Where one is, the time left, and the way to pause.
#[component]
fn Head(status: Signal<String>, left: Memo<Option<u64>>, pause: Callback<()>) -> impl IntoView {
    let is_short = Memo::new(move |_| left.get().is_some_and(|left| left * 1_000 <= LAST_MILLIS));
    view! {
                    <div class="exam__head">
                        <p role="status">{status}{move || is_short.get().then_some(" Less than a minute is left.")}</p>
                        {move || left.get().map(|left| view! {
                            <p role="timer" aria-label="Time left">{format!("{}:{:02}", left / 60, left % 60)}</p>
                        })}
                        <button class="button button--quiet" on:click=move |_| pause.run(())>"Pause"</button>
                    </div>
    }
}

#[component]
fn Question(
    asked: Asked,
    terms: Terms,
    sheet: RwSignal<Sheet>,
    phase: RwSignal<Phase>,
    is_plain: RwSignal<bool>,
    fields: Fields,
    give: Callback<(Answer, Option<u8>)>,
    on_change: Callback<()>,
) -> impl IntoView {
    let form = asked.form;
    let fault = RwSignal::new(None::<&'static str>);
    // What stands in the fields survives a reload too.
    Effect::new(move |was: Option<Option<Answer>>| {
        let draft = fields.answer(form);
        if was.is_some_and(|was| was != draft) {
            sheet.update_untracked(|sheet| sheet.draft.clone_from(&draft));
            on_change.run(());
        }
        draft
    });
    let checked = asked.clone();
    let on_enter = Callback::new(move |()| {
        let Some(answer) = untrack(|| fields.answer(form)) else {
            fault.set(Some(match form {
                Form::One => "Choose an option, or leave the question out.",
                Form::Several => "Choose at least one option, or leave the question out.",
                Form::Number | Form::Words | Form::Open => {
                    "Write an answer, or leave the question out."
                }
            }));
            return;
        };
        fault.set(checked.fault_of(&answer));
        if fault.with_untracked(Option::is_some) {
            return;
        }
        // Of what nobody grades it says nothing how sure one is.
        if terms.confidence == Asks::Yes && form != Form::Open {
            phase.set(Phase::Sure(answer));
            request_animation_frame(|| page::focus("#exam-sure"));
        } else {
            give.run((answer, None));
        }
    });
    let shown = StoredValue::new(asked);
    view! {
        {move || match phase.get() {
            Phase::Sure(answer) => view! { <Sure answer=answer phase=phase give=give/> }.into_any(),
            Phase::Asked | Phase::Told(_) => view! {
                <Asking asked=shown.get_value() is_plain=is_plain fields=fields on_enter=on_enter/>
                <p>
                    <button class="button button--quiet" on:click=move |_| give.run((Answer::LeftOut, None))>"Leave out (I do not know)"</button>
                </p>
            }.into_any(),
        }}
        {move || fault.get().map(|fault| view! { <p class="notice notice--warn" role="alert">{fault}</p> })}
    }
}

/// How sure are you?
#[component]
fn Sure(
    answer: Answer,
    phase: RwSignal<Phase>,
    give: Callback<(Answer, Option<u8>)>,
) -> impl IntoView {
    let answer = StoredValue::new(answer);
    let choose = move |idx: usize| {
        if let Some((percent, _)) = CONFIDENCES.get(idx) {
            give.run((answer.get_value(), Some(*percent)));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if event.key() == "Escape" {
            phase.set(Phase::Asked);
            request_animation_frame(|| page::focus("#exam-question"));
        } else if let Ok(number @ 1..) = event.key().parse::<usize>() {
            event.prevent_default();
            choose(number - 1);
        }
    };
    view! {
        <div role="group" aria-labelledby="exam-sure" on:keydown=on_key>
            <h2 id="exam-sure" tabindex="-1">"How sure are you?"</h2>
            <p class="quiet">"How likely is it that your answer is right? Keys 1 to 5 choose."</p>
            <div class="exam__sure">
                {CONFIDENCES.iter().enumerate().map(|(idx, (percent, word))| view! {
                    <button class="button" on:click=move |_| choose(idx)>{format!("{}. {percent} %: {word}", idx + 1)}</button>
                }).collect_view()}
            </div>
            <p>
                <button class="button button--quiet" on:click=move |_| {
                    phase.set(Phase::Asked);
                    request_animation_frame(|| page::focus("#exam-question"));
                }>"Back to the question"</button>
            </p>
        </div>
    }
}

/// Right or wrong, and why.
#[component]
fn Told(
    items: Arc<Vec<Item>>,
    item: usize,
    sheet: RwSignal<Sheet>,
    phase: RwSignal<Phase>,
) -> impl IntoView {
    let given = sheet.with_untracked(|sheet| sheet.answers.get(item).cloned().flatten());
    let shown = items.get(item).cloned().zip(given);
    let verdict = shown.as_ref().map(|(item, given)| judge(item, &given.completion()).outcome);
    let (class, told) = match verdict {
        Some(Outcome::Correct) => ("notice notice--good", "Right."),
        Some(Outcome::Incorrect) => ("notice notice--bad", "Wrong."),
        Some(Outcome::Unscored) => ("notice", "Kept. Nobody grades this answer here."),
        Some(Outcome::Refused) => ("notice notice--warn", "Left out."),
        Some(outcome) => ("notice notice--warn", words::outcome(outcome)),
        None => ("notice", ""),
    };
    view! {
        <p class=class role="status"><strong>{told}</strong></p>
        {shown.map(|(item, given)| view! { <OwnAnswer item=item given=Some(given)/> })}
        <Show when=move || sheet.with(|sheet| !sheet.is_over)>
            <button class="button button--main" id="exam-next" on:click=move |_| {
                phase.set(Phase::Asked);
                request_animation_frame(|| page::focus("#exam-question"));
            }>"Next question"</button>
        </Show>
    }
}

/// Ending early asks a second time, in place.
#[component]
fn HandIn(sheet: RwSignal<Sheet>, on_change: Callback<()>) -> impl IntoView {
    let is_asked = RwSignal::new(false);
    view! {
        <div class="row">
            {move || if is_asked.get() {
                view! {
                    <span>"End the exam now? Questions that are not answered stay open, and you cannot go back."</span>
                    <button class="button" on:click=move |_| {
                        sheet.update(|sheet| sheet.is_over = true);
                        on_change.run(());
                    }>"Yes, end it"</button>
                    <button class="button button--quiet" on:click=move |_| is_asked.set(false)>"No, go on"</button>
                }.into_any()
            } else {
                view! { <button class="button button--quiet" on:click=move |_| is_asked.set(true)>"End the exam …"</button> }.into_any()
            }}
        </div>
    }
}
