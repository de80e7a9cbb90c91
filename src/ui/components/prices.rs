//! Owns the table of prices in the page: fetched once, and told with its day and its source.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{http, page};
use crate::provider::price_table::{PriceTable, Quote, QuoteSource};
use crate::ui::state::State;

const FILE: &str = "www/data/prices.json";

/// Fetches the table that comes with the page, if it is not here yet.
pub(crate) fn fetch(state: State) {
    if state.shipped_prices.with_untracked(|table| !table.entries.is_empty()) {
        return;
    }
    spawn_local(async move {
        let read = match http::own_file(FILE).await {
            Ok(bytes) => PriceTable::read(&String::from_utf8_lossy(&bytes))
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok(table) => state.shipped_prices.set(Arc::new(table)),
            // Prices are then unknown, which the page says where it matters.
            Err(error) => page::log_error(&error),
        }
    });
}

/// Where a price is from.
pub(crate) fn quote_view(quote: Quote) -> AnyView {
    match quote.source {
        QuoteSource::ThisMachine => "Free: it runs on this machine.".into_any(),
        QuoteSource::Own(entry) => format!("As you typed it on {}.", entry.as_of).into_any(),
        QuoteSource::Shipped(entry) => {
            let note = entry.note.map(|note| format!(" Note: {note}.")).unwrap_or_default();
            let read_from =
                entry.read_from.map(|table| format!(", by way of {table}")).unwrap_or_default();
            let per_call = match quote.per_call.0 {
                0 => String::new(),
                _ => format!(" Each call costs {} on top.", quote.per_call),
            };
            view! {
                {format!("List price of {}, from ", entry.as_of)}
                <a href=entry.source rel="noreferrer" target="_blank">"the provider’s page"</a>
                {format!("{read_from}.{per_call}{note} Check it before a large run.")}
            }
            .into_any()
        }
    }
}
