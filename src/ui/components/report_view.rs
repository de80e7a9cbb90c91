//! Owns how a report is drawn in the page, to be read and printed.

use leptos::prelude::*;

use crate::report::conclusion::Topic;
use crate::report::document::{AUDIT, Document, REPORTING};
use crate::report::figure::{Figure, Form, Picture, Shape, Twin};
use crate::report::svg;

#[component]
pub(crate) fn ReportView(document: Document) -> impl IntoView {
    let (limits, found): (Vec<_>, Vec<_>) =
        document.conclusions.iter().partition(|one| one.topic == Topic::Limits);
    let audit = (!document.audit.is_empty()).then(|| {
        view! {
            <section>
                <h3>"Audit trail"</h3>
                {table("Audit trail", AUDIT, &document.audit_table())}
            </section>
        }
    });
    view! {
        <article class="report" id="report">
            <h2>{document.title.clone()}</h2>
            {(!document.question.is_empty()).then(|| view! {
                <section><h3>"What was asked"</h3><p class="report__question">{document.question.clone()}</p></section>
            })}
            <section><h3>"Who was examined"</h3>{table("Who was examined", "", &document.systems)}</section>
            <section>
                <h3>"What can be concluded"</h3>
                <ul>{found.into_iter().map(|one| view! { <li>{one.text.clone()}</li> }).collect_view()}</ul>
            </section>
            {document.figures.iter().map(figure).collect_view()}
            <section>
                <h3>"What this does not show"</h3>
                {limits.into_iter().map(|one| view! { <p>{one.text.clone()}</p> }).collect_view()}
            </section>
            <section>
                <h3>"How it was done"</h3>
                {document.methods.iter().map(|paragraph| view! {
                    <h4>{paragraph.heading}</h4>
                    <p class="report__method">{paragraph.text.clone()}</p>
                }).collect_view()}
            </section>
            {audit}
            <section><h3>"For professionals"</h3>{table("Topics of TRIPOD-LLM", REPORTING, &document.reporting)}</section>
        </article>
    }
}

fn figure(figure: &Figure) -> impl IntoView + use<> {
    let has_picture = !figure.picture.shapes.is_empty();
    let picture = has_picture.then(|| drawing(&figure.picture, &figure.title));
    view! {
        <section>
            <h3>{figure.title.clone()}</h3>
            <figure>{picture}<figcaption>{figure.caption.clone()}</figcaption></figure>
            {table(&figure.title, "", &figure.table)}
        </section>
    }
}

/// A picture, for paper: its marks have no labels, since the table below says the same.
fn drawing(picture: &Picture, title: &str) -> impl IntoView + use<> {
    let view_box = format!("0 0 {} {}", picture.width, picture.height);
    let title = title.to_owned();
    view! {
        <svg class="chart" role="img" aria-label=title viewBox=view_box>
            {picture.shapes.iter().map(shape).collect_view()}
        </svg>
    }
}

fn shape(shape: &Shape) -> AnyView {
    let class = shape.look.class();
    match &shape.form {
        Form::Line { from, to } => {
            let (from, to) = (*from, *to);
            view! { <line class=class x1=from.0.to_string() y1=from.1.to_string() x2=to.0.to_string() y2=to.1.to_string()/> }.into_any()
        }
        Form::Rect { x, y, width, height } => {
            let [x, y, width, height] = [x, y, width, height].map(ToString::to_string);
            view! { <rect class=class x=x y=y width=width height=height/> }.into_any()
        }
        Form::Circle { x, y, r } => {
            let [x, y, r] = [x, y, r].map(ToString::to_string);
            view! { <circle class=class cx=x cy=y r=r/> }.into_any()
        }
        Form::Diamond { x, y, r } => {
            let path = svg::path(&svg::diamond((*x, *y), *r), "Z");
            view! { <path class=class d=path/> }.into_any()
        }
        Form::Path(points) => {
            view! { <path class=class d=svg::path(points, "") fill="none"/> }.into_any()
        }
        Form::Text { x, y, anchor, text } => {
            let (x, y, text) = (x.to_string(), y.to_string(), text.clone());
            view! { <text class=class x=x y=y text-anchor=anchor.name()>{text}</text> }.into_any()
        }
    }
}

fn table(label: &str, caption: &'static str, twin: &Twin) -> impl IntoView + use<> {
    let headers: Vec<_> =
        twin.headers.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect();
    let rows: Vec<_> = twin
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<AnyView> = row
                .iter()
                .enumerate()
                .map(|(idx, cell)| {
                    let text = cell.shown();
                    match (idx, cell.is_number()) {
                        (0, _) => view! { <th scope="row">{text}</th> }.into_any(),
                        (_, true) => view! { <td class="number">{text}</td> }.into_any(),
                        (_, false) => view! { <td>{text}</td> }.into_any(),
                    }
                })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label=format!("{label}, table")>
            <table>
                {(!caption.is_empty()).then(|| view! { <caption>{caption}</caption> })}
                <thead><tr>{headers}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
