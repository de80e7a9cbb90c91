//! Owns the window over a long table: it draws only the rows that can be seen, so that a hundred thousand scroll like a
//! hundred.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::page;

/// Rows drawn above and below those that are seen.
const N_SPARE: usize = 8;
/// Rows that a window holds at most; it is never higher than this many rows.
const N_WINDOW: usize = 16;
/// Height of a row in units of the base font; `--row` in the tokens.
const ROW_REM: f64 = 3.25;

/// A row to be drawn: a `tr` of class `item-row`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RowAt {
    /// Its place among the listed rows.
    pub(crate) place: usize,
    /// What stands in the list at that place.
    pub(crate) idx: usize,
}

impl RowAt {
    /// What `aria-rowindex` says of it: the header is the first.
    pub(crate) fn aria_rowindex(self) -> String {
        (self.place + 2).to_string()
    }
}

/// A table behind a window.
#[component]
pub(crate) fn Window(
    /// Unique in the page.
    id: &'static str,
    /// What is in it, read out.
    label: &'static str,
    /// What is listed.
    #[prop(into)]
    listed: Signal<Arc<Vec<usize>>>,
    /// How many cells a row has.
    n_columns: usize,
    /// The cells of the header.
    head: AnyView,
    /// Draws a row.
    row: Callback<RowAt, AnyView>,
) -> impl IntoView {
    let row_px = page::root_font_px() * ROW_REM;
    let scroll = RwSignal::new(0.0_f64);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // a row's number, not negative
    let first =
        Memo::new(move |_| ((scroll.get().max(0.0) / row_px) as usize).saturating_sub(N_SPARE));
    let n_listed = Memo::new(move |_| listed.with(|listed| listed.len()));
    let last = Memo::new(move |_| (first.get() + N_WINDOW + 2 * N_SPARE).min(n_listed.get()));
    let above = move || first.get().min(n_listed.get()) as f64 * row_px;
    let below = move || n_listed.get().saturating_sub(last.get()) as f64 * row_px;
    let rows = move || {
        listed.with(|listed| {
            let places = first.get().min(listed.len())..last.get();
            places
                .filter_map(|place| Some(RowAt { place, idx: *listed.get(place)? }))
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="window" tabindex="0" role="region" aria-label=format!("{label}, scrollable")
            on:scroll=move |event| scroll.set(page::scroll_top(&event))>
            <table id=id aria-rowcount=move || (n_listed.get() + 1).to_string()>
                <thead>
                    <tr aria-rowindex="1">{head}</tr>
                </thead>
                <tbody>
                    <tr class="spacer" aria-hidden="true"><td colspan=n_columns.to_string() style:height=move || format!("{}px", above())></td></tr>
                    <For each=rows key=|at| *at let:at>{row.run(at)}</For>
                    <tr class="spacer" aria-hidden="true"><td colspan=n_columns.to_string() style:height=move || format!("{}px", below())></td></tr>
                </tbody>
            </table>
        </div>
    }
}
