//! Owns figures as the page shows them: the picture, what it says, the same as a table, and the files to pass on.

mod picture;
mod saving;
mod twin;

use leptos::prelude::*;

pub(crate) use self::picture::PictureView;
use self::saving::Saving;
pub(crate) use self::twin::TwinTable;
use crate::report::Figure;
use crate::ui::words;

/// A table alone with more rows than this is shown when it is asked for.
const FEW_ROWS: usize = 15;

/// How a figure stands in its part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Setting {
    /// Below a heading that says its title, with its table.
    #[default]
    Alone,
    /// The same, with a table that is shown however long it is.
    WithList,
    /// With a heading of its own, and its table.
    Titled,
    /// Beside a table of the page's that says the same.
    BesideTable,
}

/// A figure.
#[component]
pub(crate) fn FigureView(
    figure: Figure,
    /// The address of the part of the page in which it stands, without `#`.
    address: String,
    #[prop(optional)] setting: Setting,
) -> impl IntoView {
    let is_table_alone = figure.picture.shapes.is_empty();
    let is_titled = setting == Setting::Titled;
    let title = is_titled.then(|| view! { <h3>{figure.title.clone()}</h3> });
    let twin = (setting != Setting::BesideTable).then(|| {
        let table =
            StoredValue::new((figure.id.clone(), figure.title.clone(), figure.table.clone()));
        let draw = move || {
            let (id, title, twin) = table.get_value();
            view! { <TwinTable id=id title=title twin=twin is_linked=true/> }
        };
        let n_rows = figure.table.rows.len();
        if is_table_alone && (n_rows <= FEW_ROWS || setting == Setting::WithList) {
            return draw().into_any();
        }
        // Nobody sees it until it is opened: it is drawn then.
        let is_opened = RwSignal::new(false);
        let summary = if is_table_alone {
            format!("The table: {}", words::counted(n_rows, "row", "rows"))
        } else {
            "The same as a table".to_owned()
        };
        view! {
            <details class="figure__twin" on:toggle=move |_| is_opened.set(true)>
                <summary>{summary}</summary>
                {move || is_opened.get().then(draw)}
            </details>
        }
        .into_any()
    });
    let picture = (!is_table_alone).then(|| view! { <PictureView figure=figure.clone()/> });
    let caption = figure.caption.clone();
    let id = format!("figure-{}", figure.id);
    view! {
        {title}
        <figure class="figure" id=id>
            {picture}
            <figcaption>
                <p>{caption}</p>
                <Saving figure=figure address=address/>
            </figcaption>
        </figure>
        {twin}
    }
}
