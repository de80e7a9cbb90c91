//! Owns the table that says what a picture shows.

use leptos::prelude::*;

use crate::report::figure::{Twin, Value};
use crate::ui::components::gallery::{address_of_item, go_to_item};

#[component]
pub(crate) fn TwinTable(
    id: String,
    title: String,
    twin: Twin,
    /// What stands above it; its title, unseen, where there is nothing.
    #[prop(optional)]
    caption: &'static str,
    /// Items lead to where the page shows them.
    #[prop(optional)]
    is_linked: bool,
) -> impl IntoView {
    // A column is set to the right where any of its cells is a number.
    let is_number: Vec<bool> = (0..twin.headers.len())
        .map(|idx| {
            0 < idx
                && twin.rows.iter().any(|row| {
                    row.get(idx).is_some_and(|cell| cell.upper().is_some() || cell.is_number())
                })
        })
        .collect();
    let class = |idx: usize| is_number.get(idx).copied().unwrap_or_default().then_some("number");
    let heads: Vec<_> = twin
        .headers
        .iter()
        .enumerate()
        .map(|(idx, name)| view! { <th scope="col" class=class(idx)>{name.clone()}</th> })
        .collect();
    let rows: Vec<_> = twin
        .rows
        .iter()
        .map(|row| {
            let cells = row.iter().enumerate().map(|(idx, cell)| {
                let text = cell.shown();
                if idx == 0 {
                    let text = match cell {
                        Value::Item(_, item_idx) if is_linked => item_link(text, *item_idx),
                        _ => text.into_any(),
                    };
                    view! { <th scope="row">{text}</th> }.into_any()
                } else {
                    view! { <td class=class(idx)>{text}</td> }.into_any()
                }
            });
            view! { <tr>{cells.collect_view()}</tr> }
        })
        .collect();
    let name = format!("{title}, table");
    let caption = if caption.is_empty() {
        view! { <caption class="visually-hidden">{title}</caption> }.into_any()
    } else {
        view! { <caption>{caption}</caption> }.into_any()
    };
    view! {
        <div class="scroll-x twin" tabindex="0" role="region" aria-label=name>
            <table id=id>
                {caption}
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn item_link(name: String, item_idx: usize) -> AnyView {
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        go_to_item(item_idx);
    };
    view! { <a href=format!("#{}", address_of_item(item_idx)) on:click=go>{name}</a> }.into_any()
}
