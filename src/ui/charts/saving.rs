//! Owns what a figure can be taken away as: a drawing, a picture, numbers, a link.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{files, pictures};
use crate::report::{Figure, svg};

#[component]
pub(super) fn Saving(figure: Figure, address: String) -> impl IntoView {
    let told = RwSignal::new(None::<String>);
    let title = figure.title.clone();
    let has_picture = !figure.picture.shapes.is_empty();
    let figure = StoredValue::new(Arc::new(figure));
    let tell = move |done: Result<(), String>| told.set(done.err());
    let save_svg = move |_| {
        let figure = figure.get_value();
        let name = format!("viva-{}.svg", figure.id);
        let saved = drawing(&figure).and_then(|text| files::save(&name, "image/svg+xml", &text));
        tell(saved.map_err(|error| error.to_string()));
    };
    let save_png = move |_| {
        let figure = figure.get_value();
        spawn_local(async move {
            let name = format!("viva-{}.png", figure.id);
            let size = (figure.picture.width, figure.picture.height);
            let saved = match drawing(&figure) {
                Ok(text) => pictures::save_png(&name, &text, size).await,
                Err(error) => Err(error),
            };
            tell(saved.map_err(|error| error.to_string()));
        });
    };
    let save_csv = move |_| {
        let figure = figure.get_value();
        let name = format!("viva-{}.csv", figure.id);
        let saved = files::save(&name, "text/csv", &figure.table.csv());
        tell(saved.map_err(|error| error.to_string()));
    };
    let href = format!("#{address}");
    view! {
        <p class="figure__saving no-print">
            {has_picture.then(|| view! {
                <button class="link" aria-label=format!("SVG of “{title}”") on:click=save_svg>"SVG"</button>
                <button class="link" aria-label=format!("PNG of “{title}”") on:click=save_png>"PNG"</button>
            })}
            <button class="link" aria-label=format!("CSV of “{title}”") on:click=save_csv>"CSV"</button>
            <a href=href aria-label=format!("Link to “{title}”")>"Link"</a>
        </p>
        {move || told.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
    }
}

/// The picture as a file, in the colours of the light theme.
fn drawing(figure: &Figure) -> Result<String, crate::browser::Error> {
    let mut classes: Vec<String> =
        figure.picture.shapes.iter().map(|shape| shape.look.class()).collect();
    classes.sort_unstable();
    classes.dedup();
    Ok(svg::file(figure, &pictures::flat_rules(&classes)?))
}
