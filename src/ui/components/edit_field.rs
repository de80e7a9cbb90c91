//! Owns the fields of the question editor: labelled, tied to what is wrong with them, and written as one types.

use leptos::prelude::*;

use crate::dataset::edit::PackDraft;
use crate::dataset::{Invalid, Item};

/// The pack that is edited, and the question whose form is open.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) draft: RwSignal<PackDraft>,
    pub(crate) chosen: RwSignal<Option<usize>>,
    /// What is wrong with the chosen question.
    faults: Memo<Vec<Invalid>>,
}

impl Desk {
    pub(crate) fn new(draft: RwSignal<PackDraft>, chosen: RwSignal<Option<usize>>) -> Self {
        let faults = Memo::new(move |_| {
            let idx = chosen.get();
            idx.map(|idx| draft.with(|draft| draft.faults_of(idx))).unwrap_or_default()
        });
        Self { draft, chosen, faults }
    }

    /// Something of the chosen question, followed as it changes.
    pub(crate) fn read<T: Default>(self, of: impl Fn(&Item) -> T) -> T {
        let Some(idx) = self.chosen.get() else { return T::default() };
        self.draft.with(|draft| draft.item(idx).map(of)).unwrap_or_default()
    }

    /// A text of the chosen question.
    pub(crate) fn text(
        self,
        of: impl Fn(&Item) -> String + Send + Sync + 'static,
    ) -> Signal<String> {
        Signal::derive(move || self.read(&of))
    }

    /// Changes the chosen question.
    pub(crate) fn change(self, change: impl FnOnce(&mut Item)) {
        let Some(idx) = self.chosen.get_untracked() else { return };
        self.draft.update(|draft| {
            if let Some(mut item) = draft.item(idx).cloned() {
                change(&mut item);
                draft.change(idx, item);
            }
        });
    }

    /// As [`Self::change`], with what was typed.
    pub(crate) fn typed(
        self,
        change: impl Fn(&mut Item, String) + Send + Sync + 'static,
    ) -> Callback<String> {
        Callback::new(move |text| self.change(|item| change(item, text)))
    }

    /// What is wrong with some fields of the chosen question, for people.
    pub(crate) fn fault(self, fields: &'static [&'static str]) -> Signal<String> {
        Signal::derive(move || {
            self.faults.with(|faults| {
                let fit = faults.iter().filter(|fault| fields.contains(&fault.field.as_str()));
                fit.map(|fault| format!("{}: {}.", fault.field, fault.reason))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
        })
    }
}

/// How large a field is, and when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// One line.
    Line,
    /// A few lines.
    Lines,
    /// Many lines.
    Text,
    /// One line, written when it is left: what is typed must be whole to be read.
    WholeLine,
    /// A few lines, written when they are left.
    WholeLines,
}

/// A field of text.
#[component]
pub(crate) fn EditField(
    /// Seen above the field and read out.
    #[prop(into)]
    label: String,
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What the field holds.
    value: Signal<String>,
    /// Called with what was typed.
    on_text: Callback<String>,
    /// How large it is.
    size: Size,
    /// What is wrong with it; empty for nothing.
    #[prop(optional, into)]
    fault: Signal<String>,
    /// What to type.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let note_id = format!("{id}-note");
    let is_bad = move || fault.with(|fault| !fault.is_empty()).then_some("true");
    let on_input = move |event: leptos::ev::Event| {
        if matches!(size, Size::Line | Size::Lines | Size::Text) {
            on_text.run(event_target_value(&event));
        }
    };
    let on_change = move |event: leptos::ev::Event| {
        if matches!(size, Size::WholeLine | Size::WholeLines) {
            on_text.run(event_target_value(&event));
        }
    };
    let control = match size {
        Size::Line | Size::WholeLine => view! {
            <input id=id.clone() type="text" autocomplete="off" aria-describedby=note_id.clone() aria-invalid=is_bad
                prop:value=move || value.get() on:input=on_input on:change=on_change/>
        }
        .into_any(),
        Size::Lines | Size::WholeLines | Size::Text => view! {
            <textarea id=id.clone() rows=if size == Size::Text { "9" } else { "3" } aria-describedby=note_id.clone() aria-invalid=is_bad
                prop:value=move || value.get() on:input=on_input on:change=on_change></textarea>
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            {control}
            <span class="field__hint" id=note_id>
                {hint}
                <Fault fault=fault/>
            </span>
        </div>
    }
}

/// What is wrong, in place.
#[component]
pub(crate) fn Fault(
    /// For people; empty for nothing.
    fault: Signal<String>,
) -> impl IntoView {
    move || {
        let fault = fault.get();
        (!fault.is_empty()).then(|| view! { <strong class="fault">" "{fault}</strong> })
    }
}
