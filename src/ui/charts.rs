//! Owns figures as the page shows them: the picture, what it says, the same as a table, and the files to pass on.

mod picture;
mod saving;
mod twin;

use leptos::prelude::*;

use self::picture::PictureView;
use self::saving::Saving;
pub(crate) use self::twin::TwinTable;
use crate::report::Figure;

/// How a figure stands in its part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Setting {
    /// Alone below the heading, with its table.
    #[default]
    Alone,
    /// One of several, each with a heading of its own and its table.
    OneOfSeveral,
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
    let is_titled = setting == Setting::OneOfSeveral;
    let title = is_titled.then(|| view! { <h3>{figure.title.clone()}</h3> });
    let twin = (setting != Setting::BesideTable).then(|| {
        let table = view! {
            <TwinTable id=figure.id.clone() title=figure.title.clone() twin=figure.table.clone()/>
        };
        if is_table_alone {
            table.into_any()
        } else {
            view! {
                <details class="figure__twin">
                    <summary>"The same as a table"</summary>
                    {table}
                </details>
            }
            .into_any()
        }
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
