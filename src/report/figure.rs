//! Owns the figure: a picture as shapes, the table that says the same, and a caption in plain words.
//!
//! A view draws every picture in the same few lines: one element per [`Shape`], with the class of its [`Look`], and a tab
//! stop where it has a label. [`super::svg`] writes the same as text.

use super::export::table::{self, Table};
use super::wording;
use crate::provider::Class;
use crate::stats::Interval;

/// A picture with what makes it readable without seeing it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Unique among the figures of a page; names its files.
    pub id: String,
    /// A few words.
    pub title: String,
    /// What it shows, how sure that is, and what it does not show.
    pub caption: String,
    /// Shapes; none where there is nothing to draw.
    pub picture: Picture,
    /// The same in numbers.
    pub table: Twin,
}

/// Shapes in a plane of the given size, the origin at the upper left. Later ones lie above earlier ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picture {
    /// Width in the picture's own units.
    pub width: f64,
    /// Height in the same units.
    pub height: f64,
    /// What is drawn.
    pub shapes: Vec<Shape>,
}

/// One thing that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Where and what.
    pub form: Form,
    /// What it means, which decides how it looks.
    pub look: Look,
    /// Set on marks: what a person hears when the mark has the keyboard's focus, and sees when pointing at it.
    pub label: Option<String>,
}

/// A form in the plane.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// From point to point.
    Line {
        /// Start.
        from: (f64, f64),
        /// End.
        to: (f64, f64),
    },
    /// A rectangle with sides along the axes.
    Rect {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// Not below 0.
        width: f64,
        /// Not below 0.
        height: f64,
    },
    /// A circle.
    Circle {
        /// Centre.
        x: f64,
        /// Centre.
        y: f64,
        /// Radius.
        r: f64,
    },
    /// A square on its corner.
    Diamond {
        /// Centre.
        x: f64,
        /// Centre.
        y: f64,
        /// From the centre to a corner.
        r: f64,
    },
    /// Straight lines through points, not closed.
    Path(Vec<(f64, f64)>),
    /// A line of text; `y` is its base line.
    Text {
        /// Where it is anchored.
        x: f64,
        /// Base line.
        y: f64,
        /// Which part of it stands at `x`.
        anchor: Anchor,
        /// Plain text, to be escaped by whoever writes it.
        text: String,
    },
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Anchor {
    /// As SVG has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// What a shape means. Colours stand in the style sheets; form and text carry the meaning besides, so that nothing hangs on
/// colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A line of the grid.
    Grid,
    /// An axis.
    Axis,
    /// The number at an axis.
    Tick,
    /// A name.
    Label,
    /// A smaller remark.
    Note,
    /// Where there is no difference, or where confidence would be right.
    Reference,
    /// A line that joins marks.
    Trace,
    /// The interval of a model of a class.
    Interval(Class),
    /// The mark of a model of a class.
    Mark(Class),
    /// Right.
    Right,
    /// Wrong.
    Wrong,
    /// Right in part.
    Partial,
    /// Declined.
    Refused,
    /// No single answer could be read, or it was cut off.
    Unreadable,
    /// No answer came.
    Failed,
    /// Not asked or not scored.
    Missing,
    /// What only the first of two got right.
    Gain,
    /// What only the second of two got right.
    Loss,
    /// A line over a part, by which it is told from its neighbours without colour.
    Texture,
    /// A field of a map, from 0 (least) to 8 (most).
    Heat(u8),
    /// Text on a pale field.
    OnPale,
    /// Text on a dark field.
    OnDark,
}

impl Look {
    /// The steps of [`Look::Heat`].
    pub const N_HEATS: u8 = 9;

    /// The heat of a share from 0 to 1, and the look of text upon it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 8")]
    pub fn heat(share: f64) -> (Self, Self) {
        let step = (share.clamp(0.0, 1.0) * f64::from(Self::N_HEATS)).floor() as u8;
        let step = step.min(Self::N_HEATS - 1);
        (Self::Heat(step), if step < 5 { Self::OnPale } else { Self::OnDark })
    }

    /// Its classes in style sheets.
    pub fn class(self) -> String {
        let plain = match self {
            Self::Grid => "chart__grid",
            Self::Axis => "chart__axis",
            Self::Tick => "chart__tick",
            Self::Label => "chart__label",
            Self::Note => "chart__note",
            Self::Reference => "chart__reference",
            Self::Trace => "chart__trace",
            Self::Interval(class) => {
                return format!("chart__interval chart__interval--{}", class_word(class));
            }
            Self::Mark(class) => return format!("chart__mark chart__mark--{}", class_word(class)),
            Self::Right => "chart__part chart__part--right",
            Self::Wrong => "chart__part chart__part--wrong",
            Self::Partial => "chart__part chart__part--partial",
            Self::Refused => "chart__part chart__part--refused",
            Self::Unreadable => "chart__part chart__part--unreadable",
            Self::Failed => "chart__part chart__part--failed",
            Self::Missing => "chart__part chart__part--missing",
            Self::Gain => "chart__part chart__part--gain",
            Self::Loss => "chart__part chart__part--loss",
            Self::Texture => "chart__texture",
            Self::Heat(step) => return format!("chart__heat chart__heat--{step}"),
            Self::OnPale => "chart__value chart__value--on-pale",
            Self::OnDark => "chart__value chart__value--on-dark",
        };
        plain.to_owned()
    }
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::GeneralPurpose => "general",
        Class::Clinical => "clinical",
        Class::Baseline => "baseline",
        Class::Person => "person",
    }
}

impl Picture {
    /// An empty picture.
    pub fn sized(width: f64, height: f64) -> Self {
        Self { width, height, shapes: Vec::new() }
    }

    /// Adds a line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), look: Look) {
        self.shapes.push(Shape { form: Form::Line { from, to }, look, label: None });
    }

    /// Adds a text.
    pub fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, text: &str, look: Look) {
        let form = Form::Text { x, y, anchor, text: text.to_owned() };
        self.shapes.push(Shape { form, look, label: None });
    }

    /// Adds a mark that the keyboard reaches.
    pub fn mark(&mut self, form: Form, look: Look, label: String) {
        self.shapes.push(Shape { form, look, label: Some(label) });
    }

    /// Adds a form without a label.
    pub fn form(&mut self, form: Form, look: Look) {
        self.shapes.push(Shape { form, look, label: None });
    }

    /// Adds a model's dot: its form tells the class as its colour does.
    pub fn dot(&mut self, (x, y): (f64, f64), class: Class, label: String) {
        const R: f64 = 6.0;
        let form = match class {
            Class::GeneralPurpose => Form::Circle { x, y, r: R },
            Class::Clinical => Form::Rect { x: x - R, y: y - R, width: 2.0 * R, height: 2.0 * R },
            Class::Baseline => Form::Diamond { x, y, r: R },
            Class::Person => Form::Circle { x, y, r: R / 2.0 },
        };
        self.mark(form, Look::Mark(class), label);
    }

    /// The marks, in the order in which the keyboard reaches them.
    pub fn marks(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter().filter(|shape| shape.label.is_some())
    }
}

/// A table that says what a picture shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Twin {
    /// Names of the columns.
    pub headers: Vec<String>,
    /// As many cells each as there are headers.
    pub rows: Vec<Vec<Value>>,
}

/// A cell of a [`Twin`]: written rounded for people and in full in files.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing to tell.
    Nothing,
    /// A text.
    Text(String),
    /// An item by its name, and its index into [`super::Grid::items`]: a page links it.
    Item(String, usize),
    /// A number of things.
    Count(usize),
    /// A share of 1, shown in per cent.
    Share(f64),
    /// A difference of shares, shown in percentage points.
    Points(f64),
    /// An interval of shares.
    ShareRange(Interval),
    /// An interval of a difference of shares.
    PointsRange(Interval),
    /// A probability of chance.
    P(f64),
    /// A plain number with so many decimals for people.
    Number(f64, usize),
    /// Money in millionths of a dollar.
    Money(f64),
}

impl Value {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// What is there, or nothing.
    pub fn or_nothing<T>(value: Option<T>, of: impl Fn(T) -> Self) -> Self {
        value.map_or(Self::Nothing, of)
    }

    /// Whether it is set to the right.
    pub fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Item(..))
    }

    /// For people.
    pub fn shown(&self) -> String {
        match self {
            Self::Nothing => "–".to_owned(),
            Self::Text(text) | Self::Item(text, _) => text.clone(),
            Self::Count(n) => wording::count(*n),
            Self::Share(share) => wording::percent(*share),
            Self::Points(difference) => wording::points(*difference),
            Self::ShareRange(interval) => wording::percent_range(*interval),
            Self::PointsRange(interval) => wording::points_range(*interval),
            Self::P(p) => wording::p_value(*p),
            Self::Number(value, n_digits) => wording::decimal(*value, *n_digits),
            Self::Money(micro_dollars) => wording::dollars(*micro_dollars),
        }
    }

    /// For files: in full, shares as parts of 1, money in dollars. An interval has its lower end here and its upper one in
    /// [`Self::upper`].
    pub fn exact(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) | Self::Item(text, _) => table::text(text),
            Self::Count(n) => n.to_string(),
            Self::Share(value) | Self::Points(value) | Self::P(value) | Self::Number(value, _) => {
                value.to_string()
            }
            Self::ShareRange(ends) | Self::PointsRange(ends) => ends.low.to_string(),
            Self::Money(micro_dollars) => (micro_dollars / 1e6).to_string(),
        }
    }

    /// The upper end of an interval.
    pub fn upper(&self) -> Option<f64> {
        match self {
            Self::ShareRange(ends) | Self::PointsRange(ends) => Some(ends.high),
            Self::Nothing
            | Self::Text(_)
            | Self::Item(..)
            | Self::Count(_)
            | Self::Share(_)
            | Self::Points(_)
            | Self::P(_)
            | Self::Number(..)
            | Self::Money(_) => None,
        }
    }
}

impl Twin {
    /// A table without rows.
    pub fn with(headers: &[&str]) -> Self {
        Self { headers: headers.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Value>) {
        self.rows.push(cells);
    }

    /// As CSV, numbers in full. A column of intervals becomes two.
    pub fn csv(&self) -> String {
        let is_range = |idx: usize| {
            self.rows.iter().any(|row| row.get(idx).is_some_and(|cell| cell.upper().is_some()))
        };
        let ranges: Vec<bool> = (0..self.headers.len()).map(is_range).collect();
        let mut headers = Vec::new();
        for (name, is_range) in self.headers.iter().zip(&ranges) {
            if *is_range {
                headers.extend([format!("{name}, low"), format!("{name}, high")]);
            } else {
                headers.push(table::text(name));
            }
        }
        let mut csv = Table::with(&headers.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &self.rows {
            let mut cells = Vec::new();
            for (cell, is_range) in row.iter().zip(&ranges) {
                cells.push(cell.exact());
                if *is_range {
                    cells.push(cell.upper().map(|end| end.to_string()).unwrap_or_default());
                }
            }
            csv.row(&cells);
        }
        csv.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_rounded_for_people_and_full_in_files() {
        let mut twin = Twin::with(&["Model", "Right", "Range", "Cost"]);
        let range = Interval { low: 0.125, high: 0.25 };
        twin.row(vec![
            Value::text("=evil(1)"),
            Value::Share(1.0 / 3.0),
            Value::ShareRange(range),
            Value::Money(1_500_000.0),
        ]);
        let shown: Vec<String> = twin.rows[0].iter().map(Value::shown).collect();
        assert_eq!(shown, ["=evil(1)", "33.3 %", "12.5 to 25.0 %", "$1.50"]);
        let known = "Model,Right,\"Range, low\",\"Range, high\",Cost\r\n\
                     '=evil(1),0.3333333333333333,0.125,0.25,1.5\r\n";
        assert_eq!(twin.csv(), known);
        assert_eq!(Value::or_nothing(None::<f64>, Value::Share).shown(), "–");
    }

    #[test]
    fn heat_has_nine_steps_and_readable_text() {
        assert_eq!(Look::heat(0.0), (Look::Heat(0), Look::OnPale));
        assert_eq!(Look::heat(1.0), (Look::Heat(8), Look::OnDark));
        assert_eq!(Look::heat(-3.0).0, Look::Heat(0));
        assert_eq!(Look::Heat(3).class(), "chart__heat chart__heat--3");
    }
}
