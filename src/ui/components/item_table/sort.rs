//! Owns the heads of columns that sort the table of items.

use leptos::prelude::*;

use crate::report::items::Order;
use crate::report::items::order::By;

/// What a click on a column's head does.
#[derive(Clone, Copy)]
pub(super) struct Sort {
    pub(super) order: Memo<Order>,
    pub(super) on_click: Callback<Order>,
}

impl Sort {
    /// A head that sorts by its column.
    pub(super) fn head(self, by: By, class: &'static str, name: String) -> impl IntoView {
        let direction = move || match self.order.get() {
            Order { by: own, is_descending: false } if own == by => "ascending",
            Order { by: own, is_descending: true } if own == by => "descending",
            Order { .. } => "none",
        };
        let arrow = move || match direction() {
            "ascending" => " ↑",
            "descending" => " ↓",
            _ => "",
        };
        let click = move |_| self.on_click.run(self.order.get_untracked().clicked(by));
        view! {
            <th scope="col" class=class aria-sort=direction>
                <button class="link sort" on:click=click>{name}<span aria-hidden="true">{arrow}</span></button>
            </th>
        }
    }
}
