//! Owns the form of one question: what is asked, the conversation before it, its kind, and what is told of it besides.

use leptos::prelude::*;

use crate::dataset::edit::{KindName, SourcePart, tags};
use crate::dataset::{Difficulty, Item, ItemId, Speaker, Turn};
use crate::ui::components::edit_field::{Desk, EditField, Size};
use crate::ui::components::field::SelectField;
use crate::ui::components::kind_form::KindForm;

/// The form of the chosen question.
#[component]
pub(crate) fn ItemForm(desk: Desk) -> impl IntoView {
    let kinds = KindName::ALL.map(|kind| (kind.name().to_owned(), kind.title().to_owned()));
    let kind = desk.text(|item| KindName::of(&item.kind).name().to_owned());
    let on_kind = desk.typed(|item, name| {
        if let Some(kind) = KindName::ALL.into_iter().find(|kind| kind.name() == name) {
            item.kind = kind.out_of(&item.kind);
        }
    });
    view! {
        <SelectField label="How it is answered" id="item-kind" options=kinds.to_vec() value=kind on_change=on_kind/>
        <Conversation desk=desk/>
        <EditField label="Question" id="item-question" size=Size::Lines fault=desk.fault(&["question"])
            value=desk.text(|item| item.question.clone()) on_text=desk.typed(|item, text| item.question = text)/>
        <KindForm desk=desk/>
        <EditField label="Id" id="item-id" size=Size::Line fault=desk.fault(&["id"])
            value=desk.text(|item| item.id.0.clone()) on_text=desk.typed(|item, text| item.id = ItemId(text))
            hint="By which results name this question. Best never changed once it was asked."/>
        <EditField label="Category" id="item-category" size=Size::Line
            value=desk.text(|item| item.category.clone()) on_text=desk.typed(|item, text| item.category = text)/>
        <details>
            <summary>"More: everyday words, explanation, passages, source, tags"</summary>
            <More desk=desk/>
        </details>
    }
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[component]
fn More(desk: Desk) -> impl IntoView {
    let difficulties = [("", "not said"), ("easy", "easy"), ("medium", "medium"), ("hard", "hard")]
        .map(|(value, name)| (value.to_owned(), name.to_owned()));
    let difficulty = desk.text(|item| {
        let name = match item.difficulty {
            None => "",
            Some(Difficulty::Easy) => "easy",
            Some(Difficulty::Medium) => "medium",
            Some(Difficulty::Hard) => "hard",
        };
        name.to_owned()
    });
    let on_difficulty = desk.typed(|item, name| {
        item.difficulty = match name.as_str() {
            "easy" => Some(Difficulty::Easy),
            "medium" => Some(Difficulty::Medium),
            "hard" => Some(Difficulty::Hard),
            _ => None,
        };
    });
    view! {
        <EditField label="The question in everyday words" id="item-plain" size=Size::Lines
            value=desk.text(|item| item.plain_question.clone().unwrap_or_default())
            on_text=desk.typed(|item, text| item.plain_question = said(text))/>
        <EditField label="Why the answer is right" id="item-explanation" size=Size::Lines
            value=desk.text(|item| item.explanation.clone().unwrap_or_default())
            on_text=desk.typed(|item, text| item.explanation = said(text))/>
        <Passages desk=desk/>
        <SelectField label="Difficulty" id="item-difficulty" options=difficulties.to_vec() value=difficulty on_change=on_difficulty/>
        <EditField label="Tags" id="item-tags" size=Size::WholeLine
            value=desk.text(|item| item.tags.join(", ")) on_text=desk.typed(|item, text| item.tags = tags(&text))
            hint="Parted by commas. “emergency” and “dosing” mark questions whose wrong answers are dangerous."/>
        {SourcePart::ALL.map(|part| view! {
            <EditField label=part.title() id=format!("source-{part:?}") size=if part == SourcePart::Year { Size::WholeLine } else { Size::Line }
                value=desk.text(move |item| item.source_part(part))
                on_text=desk.typed(move |item, text| item.set_source(part, text))/>
        }).collect_view()}
    }
}

#[component]
fn Passages(desk: Desk) -> impl IntoView {
    let n_passages = Memo::new(move |_| desk.read(|item| item.context.len()));
    view! {
        <For each=move || 0..n_passages.get() key=|idx| *idx let:idx>
            <EditField label=format!("Passage {}", idx + 1) id=format!("passage-{idx}") size=Size::Lines
                value=desk.text(move |item| item.context.get(idx).cloned().unwrap_or_default())
                on_text=desk.typed(move |item, text| {
                    if let Some(passage) = item.context.get_mut(idx) {
                        *passage = text;
                    }
                })/>
            <button class="button button--quiet" aria-label=format!("Remove passage {}", idx + 1)
                on:click=move |_| desk.change(|item| remove(&mut item.context, idx))>"Remove"</button>
        </For>
        <button class="button" on:click=move |_| desk.change(|item| item.context.push(String::new()))>"Add a passage"</button>
    }
}

fn remove<T>(list: &mut Vec<T>, idx: usize) {
    if idx < list.len() {
        list.remove(idx);
    }
}

fn speaker_name(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::System => "system",
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
    }
}

/// The turns before the question.
#[component]
fn Conversation(desk: Desk) -> impl IntoView {
    let n_turns = Memo::new(move |_| desk.read(|item| item.turns.len()));
    let add = move |_| {
        desk.change(|item: &mut Item| {
            let speaker = match item.turns.last().map(|turn| turn.speaker) {
                Some(Speaker::User) => Speaker::Assistant,
                Some(Speaker::System | Speaker::Assistant) | None => Speaker::User,
            };
            item.turns.push(Turn { speaker, text: String::new() });
        });
    };
    view! {
        <For each=move || 0..n_turns.get() key=|idx| *idx let:idx>
            <TurnRow desk=desk idx=idx/>
        </For>
        <button class="button button--quiet" on:click=add>"Add a turn before the question"</button>
    }
}

#[component]
fn TurnRow(desk: Desk, idx: usize) -> impl IntoView {
    let n = idx + 1;
    let speakers = [
        ("system", "Standing instruction"),
        ("user", "The person who asks"),
        ("assistant", "An assistant that answered"),
    ]
    .map(|(value, name)| (value.to_owned(), name.to_owned()));
    let speaker = desk.text(move |item| {
        item.turns.get(idx).map_or("user", |turn| speaker_name(turn.speaker)).to_owned()
    });
    let on_speaker = desk.typed(move |item, name| {
        if let Some(turn) = item.turns.get_mut(idx) {
            turn.speaker = match name.as_str() {
                "system" => Speaker::System,
                "assistant" => Speaker::Assistant,
                _ => Speaker::User,
            };
        }
    });
    view! {
        <fieldset>
            <legend>{format!("Turn {n}")}</legend>
            <SelectField label="Who speaks" id=format!("speaker-{idx}") options=speakers.to_vec() value=speaker on_change=on_speaker/>
            <EditField label=format!("What is said in turn {n}") id=format!("turn-{idx}") size=Size::Lines
                value=desk.text(move |item| item.turns.get(idx).map(|turn| turn.text.clone()).unwrap_or_default())
                on_text=desk.typed(move |item, text| {
                    if let Some(turn) = item.turns.get_mut(idx) {
                        turn.text = text;
                    }
                })/>
            <button class="button button--quiet" aria-label=format!("Remove turn {n}")
                on:click=move |_| desk.change(|item| remove(&mut item.turns, idx))>"Remove"</button>
        </fieldset>
    }
}
