//! Owns the picture of a figure in the page: one element for each shape, marks that the keyboard reaches, and the line that
//! says what a mark is.

use leptos::prelude::*;

use crate::browser::marks;
use crate::report::Figure;
use crate::report::figure::{Form, Shape};
use crate::report::svg::{diamond, number, path};

/// Beyond this width a picture keeps its size and is scrolled sideways, since smaller its text could not be read.
const WIDEST: f64 = 440.0;

#[component]
pub(crate) fn PictureView(figure: Figure) -> impl IntoView {
    let picture = &figure.picture;
    let n_marks = picture.marks().count();
    let mut place = 0;
    let shapes: Vec<AnyView> = picture
        .shapes
        .iter()
        .map(|shape| {
            let at = shape.label.is_some().then_some(place);
            place += usize::from(at.is_some());
            element(shape, at)
        })
        .collect();
    let (width, height) = (number(picture.width), number(picture.height));
    let is_wide = WIDEST < picture.width;
    // A wide one has its size as attributes, the others take that of the column.
    let size = is_wide.then(|| (width.clone(), height.clone())).unzip();
    let (title_id, text_id) =
        (format!("picture-{}-title", figure.id), format!("picture-{}-text", figure.id));
    let told = RwSignal::new(None::<String>);
    let tell = move |label: Option<String>| {
        if label.is_some() {
            told.set(label);
        }
    };
    let (labelled, described) = (title_id.clone(), text_id.clone());
    let region = is_wide.then_some("region");
    let region_name = is_wide.then(|| format!("{}, scrollable picture", figure.title));
    view! {
        <div class="figure__picture">
            <div class=if is_wide { "scroll-x" } else { "" } role=region aria-label=region_name
                tabindex=is_wide.then_some("0")>
                <svg class="chart" class:chart--wide=is_wide role="group" viewBox=format!("0 0 {width} {height}")
                    width=size.0 height=size.1 aria-labelledby=labelled aria-describedby=described
                    data-marks=n_marks.to_string()
                    on:keydown=move |event| marks::step(&event)
                    on:focusin=move |event| tell(marks::label(&event))
                    on:pointerover=move |event| tell(marks::label(&event))
                    on:click=move |event| tell(marks::label(&event))>
                    <title id=title_id>{figure.title.clone()}</title>
                    <desc id=text_id>{format!("{n_marks} marks. Arrow keys go from one to the next. The text and the table beside the picture say the same.")}</desc>
                    {shapes}
                </svg>
            </div>
            // What has the focus is read out already.
            <p class="figure__told no-print" aria-hidden="true">
                {move || told.get().unwrap_or_else(|| "Point at a mark, or go to the picture and use the arrow keys: what it shows is said here.".to_owned())}
            </p>
        </div>
    }
}

/// A shape; `place` is that of a mark among the marks.
fn element(shape: &Shape, place: Option<usize>) -> AnyView {
    let class = match place {
        Some(_) => format!("{} chart__stop", shape.look.class()),
        None => shape.look.class(),
    };
    let label = shape.label.clone();
    let role = place.map(|_| "img");
    // Words and lines of the picture are in its marks and its table: read one by one they only confuse.
    let is_hidden = place.is_none().then_some("true");
    let mark = place.map(|place| place.to_string());
    let stop = place.map(|place| if place == 0 { "0" } else { "-1" });
    match &shape.form {
        Form::Line { from, to } => view! {
            <line class=class x1=number(from.0) y1=number(from.1) x2=number(to.0) y2=number(to.1)
                role=role aria-label=label aria-hidden=is_hidden data-mark=mark tabindex=stop></line>
        }
        .into_any(),
        Form::Rect { x, y, width, height } => view! {
            <rect class=class x=number(*x) y=number(*y) width=number(*width) height=number(*height)
                role=role aria-label=label aria-hidden=is_hidden data-mark=mark tabindex=stop></rect>
        }
        .into_any(),
        Form::Circle { x, y, r } => view! {
            <circle class=class cx=number(*x) cy=number(*y) r=number(*r)
                role=role aria-label=label aria-hidden=is_hidden data-mark=mark tabindex=stop></circle>
        }
        .into_any(),
        Form::Diamond { x, y, r } => view! {
            <path class=class d=path(&diamond((*x, *y), *r), "Z")
                role=role aria-label=label aria-hidden=is_hidden data-mark=mark tabindex=stop></path>
        }
        .into_any(),
        Form::Path(points) => view! {
            <path class=class d=path(points, "") fill="none"
                role=role aria-label=label aria-hidden=is_hidden data-mark=mark tabindex=stop></path>
        }
        .into_any(),
        Form::Text { x, y, anchor, text } => view! {
            <text class=class x=number(*x) y=number(*y) text-anchor=anchor.name() aria-hidden="true">{text.clone()}</text>
        }
        .into_any(),
    }
}
