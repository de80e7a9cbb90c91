//! Owns how a report is drawn in the page, to be read and printed.

use leptos::prelude::*;

use crate::report::conclusion::Topic;
use crate::report::document::{AUDIT, Document, REPORTING};
use crate::report::figure::Figure;
use crate::ui::charts::{PictureView, TwinTable};

#[component]
pub(crate) fn ReportView(document: Document) -> impl IntoView {
    let (limits, found): (Vec<_>, Vec<_>) =
        document.conclusions.iter().partition(|one| one.topic == Topic::Limits);
    let audit = (!document.audit.is_empty()).then(|| {
        view! {
            <section>
                <h3>"Audit trail"</h3>
                <TwinTable id="audit".to_owned() title="Audit trail".to_owned() twin=document.audit_table() caption=AUDIT/>
            </section>
        }
    });
    view! {
        <article class="report" id="report">
            <h2>{document.title.clone()}</h2>
            {(!document.question.is_empty()).then(|| view! {
                <section><h3>"What was asked"</h3><p class="report__question">{document.question.clone()}</p></section>
            })}
            <section><h3>"Who was examined"</h3><TwinTable id="systems".to_owned() title="Who was examined".to_owned() twin=document.systems.clone()/></section>
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
            <section>
                <h3>"For professionals"</h3>
                <TwinTable id="reporting".to_owned() title="Topics of TRIPOD-LLM".to_owned() twin=document.reporting.clone() caption=REPORTING/>
            </section>
        </article>
    }
}

fn figure(figure: &Figure) -> impl IntoView + use<> {
    let has_picture = !figure.picture.shapes.is_empty();
    let picture = has_picture.then(|| view! { <PictureView figure=figure.clone()/> });
    view! {
        <section>
            <h3>{figure.title.clone()}</h3>
            <figure class="figure">{picture}<figcaption>{figure.caption.clone()}</figcaption></figure>
            <TwinTable id=figure.id.clone() title=figure.title.clone() twin=figure.table.clone()/>
        </section>
    }
}
