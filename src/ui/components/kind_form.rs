//! Owns the part of a question's form that its kind decides: options, numbers, texts, the rubric.

use leptos::prelude::*;

use crate::dataset::edit::{KindName, NumberPart, lines, tags};
use crate::dataset::{Choice, Criterion, Kind, NumberAnswer, Rubric};
use crate::ui::components::edit_field::{Desk, EditField, Fault, Size};

/// The form of the chosen question's kind.
#[component]
pub(crate) fn KindForm(desk: Desk) -> impl IntoView {
    let kind = Memo::new(move |_| desk.read(|item| Some(KindName::of(&item.kind))));
    move || match kind.get()? {
        KindName::Choice | KindName::Choices => Some(view! { <Options desk=desk/> }.into_any()),
        KindName::Number => Some(view! { <Number desk=desk/> }.into_any()),
        KindName::ShortText => Some(view! { <Accepted desk=desk/> }.into_any()),
        KindName::Reference => Some(view! { <ModelAnswer desk=desk/> }.into_any()),
        KindName::Rubric => Some(view! { <Criteria desk=desk/> }.into_any()),
    }
}

#[component]
fn Options(desk: Desk) -> impl IntoView {
    let n_options = Memo::new(move |_| desk.read(|item| item.options().len()));
    view! {
        <fieldset>
            <legend>"Options; tick what is right"</legend>
            <For each=move || 0..n_options.get() key=|idx| *idx let:idx>
                <OptionRow desk=desk idx=idx/>
            </For>
            <p><Fault fault=desk.fault(&["options", "answer", "answers"])/></p>
            <button class="button" disabled=move || n_options.get() >= 26
                on:click=move |_| desk.change(|item| item.kind.add_option())>"Add an option"</button>
        </fieldset>
    }
}

#[component]
fn OptionRow(desk: Desk, idx: usize) -> impl IntoView {
    let letter = Choice::letter(idx);
    let is_right = Memo::new(move |_| desk.read(|item| item.kind.right_options().contains(&idx)));
    let is_single = desk.read(|item| item.choice().is_some());
    let value = desk.text(move |item| item.options().get(idx).cloned().unwrap_or_default());
    let on_text = desk.typed(move |item, text| item.kind.set_option(idx, text));
    view! {
        <label class="tick">
            <input type=if is_single { "radio" } else { "checkbox" } name="right-option" prop:checked=is_right
                on:change=move |event| {
                    let is_right = event_target_checked(&event);
                    desk.change(|item| item.kind.set_right(idx, is_right));
                }/>
            <span>{format!("{letter} is right")}</span>
        </label>
        <EditField label=format!("Option {letter}") id=format!("option-{idx}") value=value on_text=on_text size=Size::Line/>
        <button class="button button--quiet" aria-label=format!("Remove option {letter}")
            on:click=move |_| desk.change(|item| item.kind.remove_option(idx))>"Remove"</button>
    }
}

fn number_text(kind: &Kind, of: impl Fn(&NumberAnswer) -> String) -> String {
    match kind {
        Kind::Number(number) => of(number),
        _ => String::new(),
    }
}

#[component]
fn Number(desk: Desk) -> impl IntoView {
    let part =
        move |label: &'static str, id: &'static str, part: NumberPart, hint: &'static str| {
            let refused = RwSignal::new(String::new());
            let value = desk.text(move |item| {
                number_text(&item.kind, |number| match part {
                    NumberPart::Value => number.value.to_string(),
                    NumberPart::Low => number.low.to_string(),
                    NumberPart::High => number.high.to_string(),
                })
            });
            let on_text = Callback::new(move |text: String| {
                let mut is_number = true;
                desk.change(|item| {
                    if let Kind::Number(number) = &mut item.kind {
                        is_number = number.set(part, &text);
                    }
                });
                let told = format!("“{text}” is no number and was not taken.");
                refused.set(if is_number { String::new() } else { told });
            });
            view! {
                <EditField label=label id=id value=value on_text=on_text size=Size::WholeLine
                    fault=refused hint=hint/>
            }
        };
    let unit = desk.text(|item| number_text(&item.kind, |number| number.unit.clone()));
    let on_unit = desk.typed(|item, text| {
        if let Kind::Number(number) = &mut item.kind {
            number.unit = text;
        }
    });
    view! {
        {part("Right number", "number-value", NumberPart::Value, "")}
        {part("At least", "number-low", NumberPart::Low, "The least that counts as right. Empty: the number itself.")}
        {part("At most", "number-high", NumberPart::High, "The most that counts as right. Empty: the number itself.")}
        <EditField label="Unit" id="number-unit" value=unit on_text=on_unit size=Size::Line hint="Empty for none."/>
        <p><Fault fault=desk.fault(&["number"])/></p>
    }
}

#[component]
fn Accepted(desk: Desk) -> impl IntoView {
    let value = desk.text(|item| match &item.kind {
        Kind::ShortText(short) => short.accepted.join("\n"),
        _ => String::new(),
    });
    let on_text = desk.typed(|item, text| {
        if let Kind::ShortText(short) = &mut item.kind {
            short.accepted = lines(&text);
        }
    });
    view! {
        <EditField label="Answers that count as right" id="accepted" value=value on_text=on_text size=Size::WholeLines
            fault=desk.fault(&["accepted"])
            hint="One a line. Upper case, accents, articles and punctuation make no difference."/>
    }
}

#[component]
fn ModelAnswer(desk: Desk) -> impl IntoView {
    let value = desk.text(|item| match &item.kind {
        Kind::Reference(reference) => reference.answer.clone(),
        _ => String::new(),
    });
    let on_text = desk.typed(|item, text| {
        if let Kind::Reference(reference) = &mut item.kind {
            reference.answer = text;
        }
    });
    view! {
        <EditField label="What a right answer says" id="reference" value=value on_text=on_text size=Size::Lines
            fault=desk.fault(&["reference"])/>
    }
}

fn rubric(kind: &Kind) -> Option<&Rubric> {
    match kind {
        Kind::Rubric(rubric) => Some(rubric),
        _ => None,
    }
}

fn with_rubric(kind: &mut Kind, change: impl FnOnce(&mut Vec<Criterion>)) {
    if let Kind::Rubric(rubric) = kind {
        change(&mut rubric.criteria);
    }
}

#[component]
fn Criteria(desk: Desk) -> impl IntoView {
    let n_criteria = Memo::new(move |_| {
        desk.read(|item| rubric(&item.kind).map_or(0, |rubric| rubric.criteria.len()))
    });
    view! {
        <fieldset>
            <legend>"Rubric"</legend>
            <p class="quiet">
                "Each criterion is a statement about the answer that is met or not. What a good answer avoids has points below zero."
            </p>
            <For each=move || 0..n_criteria.get() key=|idx| *idx let:idx>
                <CriterionRow desk=desk idx=idx/>
            </For>
            <p><Fault fault=desk.fault(&["rubric"])/></p>
            <button class="button" on:click=move |_| desk.change(|item| with_rubric(&mut item.kind, |criteria| {
                criteria.push(Criterion { text: String::new(), points: 5, tags: vec![] });
            }))>"Add a criterion"</button>
        </fieldset>
    }
}

#[component]
fn CriterionRow(desk: Desk, idx: usize) -> impl IntoView {
    let n = idx + 1;
    let read = move |of: fn(&Criterion) -> String| {
        desk.text(move |item| {
            rubric(&item.kind)
                .and_then(|rubric| rubric.criteria.get(idx))
                .map(of)
                .unwrap_or_default()
        })
    };
    let write = move |change: fn(&mut Criterion, String)| {
        desk.typed(move |item, text| {
            with_rubric(&mut item.kind, |criteria| {
                if let Some(criterion) = criteria.get_mut(idx) {
                    change(criterion, text);
                }
            });
        })
    };
    view! {
        <EditField label=format!("Criterion {n}") id=format!("criterion-{idx}") size=Size::Lines
            value=read(|criterion| criterion.text.clone())
            on_text=write(|criterion, text| criterion.text = text)/>
        <EditField label=format!("Points of criterion {n}") id=format!("points-{idx}") size=Size::WholeLine
            value=read(|criterion| criterion.points.to_string())
            on_text=write(|criterion, text| criterion.points = text.trim().parse().unwrap_or(0))
            hint="A whole number, mostly −10 to 10, not 0."/>
        <EditField label=format!("Tags of criterion {n}") id=format!("criterion-tags-{idx}") size=Size::WholeLine
            value=read(|criterion| criterion.tags.join(", "))
            on_text=write(|criterion, text| criterion.tags = tags(&text))
            hint="Parted by commas, such as axis:accuracy."/>
        <button class="button button--quiet" aria-label=format!("Remove criterion {n}")
            on:click=move |_| desk.change(|item| with_rubric(&mut item.kind, |criteria| {
                if idx < criteria.len() {
                    criteria.remove(idx);
                }
            }))>"Remove"</button>
    }
}
