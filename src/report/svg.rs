//! Owns pictures as SVG text, to be saved or put into a document of its own.
//!
//! Names in pictures come from models and files. Everything that is not a number of ours goes through [`escaped`].

use std::fmt::Write;

use super::figure::{Figure, Form, Picture, Shape};

/// Text that stands for itself in XML and HTML, in elements and in quoted attributes. What may not stand there is left out:
/// control characters, and the marks that turn the direction of writing, with which a name could show itself as another.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

/// A picture of a figure as an SVG file. `css` are the rules for the classes of [`super::figure::Look`], from the page's own
/// style sheets.
pub fn file(figure: &Figure, css: &str) -> String {
    let mut svg = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    svg.push_str(&element(&figure.picture, &figure.title, &figure.caption, Some(css)));
    svg
}

/// A picture as an `svg` element with its title and description.
pub fn element(picture: &Picture, title: &str, description: &str, css: Option<&str>) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" viewBox=\"0 0 {} {}\">\n<title>{}</title>\n\
         <desc>{}</desc>\n",
        number(picture.width),
        number(picture.height),
        escaped(title),
        escaped(description)
    );
    if let Some(css) = css {
        // Programs that place a file on a page take its size from here.
        let size =
            format!(" width=\"{}\" height=\"{}\"", number(picture.width), number(picture.height));
        svg.insert_str("<svg".len(), &size);
        let _ = writeln!(svg, "<style>{}</style>", style(css));
    }
    for shape in &picture.shapes {
        write_shape(&mut svg, shape);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Rules that cannot end the element they stand in. They are the page's own; this is for the day they are not.
pub(super) fn style(css: &str) -> String {
    css.replace('<', "\\3c ")
}

fn write_shape(svg: &mut String, shape: &Shape) {
    let class = shape.look.class();
    let (name, attributes, text) = match &shape.form {
        Form::Line { from, to } => {
            let ends = format!(
                "x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"",
                number(from.0),
                number(from.1),
                number(to.0),
                number(to.1)
            );
            ("line", ends, None)
        }
        Form::Rect { x, y, width, height } => {
            let [x, y, width, height] = [*x, *y, *width, *height].map(number);
            let sides = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
            ("rect", sides, None)
        }
        Form::Circle { x, y, r } => {
            let [x, y, r] = [*x, *y, *r].map(number);
            ("circle", format!("cx=\"{x}\" cy=\"{y}\" r=\"{r}\""), None)
        }
        Form::Diamond { x, y, r } => {
            ("path", format!("d=\"{}\"", path(&diamond((*x, *y), *r), "Z")), None)
        }
        Form::Path(points) => ("path", format!("d=\"{}\" fill=\"none\"", path(points, "")), None),
        Form::Text { x, y, anchor, text } => {
            let (x, y, anchor) = (number(*x), number(*y), anchor.name());
            let place = format!("x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\"");
            ("text", place, Some(escaped(text)))
        }
    };
    let label = shape.label.as_ref().map(|label| format!("<title>{}</title>", escaped(label)));
    let inside = label.or(text).unwrap_or_default();
    let _ = writeln!(svg, "<{name} class=\"{class}\" {attributes}>{inside}</{name}>");
}

/// The corners of a [`Form::Diamond`].
pub fn diamond((x, y): (f64, f64), r: f64) -> Vec<(f64, f64)> {
    vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
}

/// Points as the data of a `path`, with what comes behind the last one.
pub fn path(points: &[(f64, f64)], end: &str) -> String {
    let mut data = String::new();
    for (idx, (x, y)) in points.iter().enumerate() {
        let command = if idx == 0 { 'M' } else { 'L' };
        let _ = write!(data, "{command}{} {}", number(*x), number(*y));
    }
    data.push_str(end);
    data
}

/// At most two decimals; what is no number is 0.
pub fn number(value: f64) -> String {
    let rounded = if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 };
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::report::figure::{Anchor, Look};

    #[test]
    fn names_cannot_leave_their_place() {
        let hostile = "</title><script>alert(1)</script>\" onload='x' \u{202e}gpj\u{0}";
        let mut picture = Picture::sized(100.0, 50.0);
        picture.dot((10.0, 20.333_333), Class::Baseline, hostile.to_owned());
        picture.text((1.0, f64::NAN), Anchor::End, hostile, Look::Label);
        let svg = element(&picture, hostile, hostile, Some("a{}</style><script>"));
        assert!(!svg.contains("<script") && !svg.contains("onload='"), "{svg}");
        assert!(!svg.contains('\u{202e}') && !svg.contains('\u{0}'));
        assert_eq!(svg.matches("</title>").count(), 2);
        assert_eq!(svg.matches("</style>").count(), 1);
        assert!(svg.contains("d=\"M10 14.33L16 20.33L10 26.33L4 20.33Z\""), "{svg}");
        assert!(svg.contains("x=\"1\" y=\"0\" text-anchor=\"end\""));
    }
}
