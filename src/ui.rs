//! Owns the page: what is drawn, and what a click does.

use leptos::prelude::*;

/// Puts the page into the document's body.
pub fn mount() {
    leptos::mount::mount_to_body(|| view! { <main><h1>"Viva"</h1></main> });
}
