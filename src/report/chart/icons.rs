//! Owns the picture of 1,000 questions: one icon each.

use super::axis::{MARGIN, WIDTH, fitted};
use crate::report::figure::{Anchor, Figure, Form, Look, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::pairs::{Pair, Verdict};
use crate::report::thousand::Thousand;
use crate::report::wording;
use crate::stats::Interval;

const N_COLUMNS: usize = 40;
const KEY: f64 = 24.0;

/// What an icon can stand for, in the order in which icons are laid.
const KINDS: [Look; 4] = [Look::Right, Look::Gain, Look::Loss, Look::Wrong];

/// A difference as 1,000 icons. `pair` is the one that the counts were made of.
pub fn icon_array(grid: &Grid, pair: &Pair, counts: &Thousand) -> Figure {
    let [first, second] = [counts.first, counts.second].map(|idx| grid.models[idx].name.as_str());
    let told = [
        (counts.both, "both right".to_owned()),
        (counts.first_only, format!("only {first} right")),
        (counts.second_only, format!("only {second} right")),
        (counts.neither, "neither right".to_owned()),
    ];
    let mut table = Twin::with(&["Of 1,000 questions", "Number"]);
    for (n, what) in &told {
        table.row(vec![Value::text(what), Value::Count(*n)]);
    }
    table.row(vec![
        Value::Text(format!("more right for {first}")),
        Value::Number(counts.more_right, 0),
    ]);
    if let Some(ends) = counts.interval {
        for (name, end) in [("lower", ends.low), ("upper", ends.high)] {
            let text = format!("{name} end of its 95 % range");
            table.row(vec![Value::Text(text), Value::Number(end, 0)]);
        }
    }
    Figure {
        id: "thousand".to_owned(),
        title: "Of 1,000 questions like these".to_owned(),
        caption: caption([first, second], pair, counts),
        picture: picture(&told.map(|(n, _)| n), [first, second]),
        table,
    }
}

fn caption([first, second]: [&str; 2], pair: &Pair, counts: &Thousand) -> String {
    let whole = |value: f64| wording::decimal(value, 0);
    let turned = |ends: Interval| Interval { low: -ends.high, high: -ends.low };
    let (ahead, behind, more, range) = if counts.more_right < 0.0 {
        (second, first, -counts.more_right, counts.interval.map(turned))
    } else {
        (first, second, counts.more_right, counts.interval)
    };
    let range = range.map_or_else(String::new, |ends| {
        format!(" (95 % range: {} to {})", whole(ends.low), whole(ends.high))
    });
    let sure = match pair.verdict {
        Verdict::NotTellable => " This gap could be chance.",
        Verdict::FirstAhead | Verdict::SecondAhead => "",
    };
    format!(
        "Of 1,000 questions like these, {ahead} would get about {} more right than {behind}{range}.{sure} Each icon is a \
         question, not a patient. How often such questions come up in life is not known from an examination. From {}.",
        whole(more),
        wording::counted(counts.n_items, "question", "questions"),
    )
}

fn picture(counts: &[usize; 4], [first, second]: [&str; 2]) -> Picture {
    let step = (WIDTH - 2.0 * MARGIN) / N_COLUMNS as f64;
    let n: usize = counts.iter().sum();
    let bottom = n.div_ceil(N_COLUMNS) as f64 * step + MARGIN;
    let mut picture = Picture::sized(WIDTH, bottom + 12.0 + KEY * counts.len() as f64);
    let kinds = counts.iter().zip(KINDS).flat_map(|(n, look)| std::iter::repeat_n(look, *n));
    for (idx, look) in kinds.enumerate() {
        let x = MARGIN + ((idx % N_COLUMNS) as f64 + 0.5) * step;
        let y = MARGIN / 2.0 + ((idx / N_COLUMNS) as f64 + 0.5) * step;
        picture.form(icon((x, y), look), look);
    }
    let only = |name: &str, room: f64| format!("only {} right", fitted(name, room));
    // Room for a name besides the number and the words around it.
    let room = WIDTH - 2.0 * MARGIN - 130.0;
    let what = |room| {
        ["both right".to_owned(), only(first, room), only(second, room), "neither right".to_owned()]
    };
    let key = counts.iter().zip(what(room)).zip(what(f64::INFINITY)).zip(KINDS);
    for (idx, (((n, short), whole), look)) in key.enumerate() {
        let y = bottom + KEY * (idx as f64 + 0.5);
        let n = wording::count(*n);
        picture.mark(icon((MARGIN + 6.0, y), look), look, format!("{n} {whole}, of 1,000"));
        let text = format!("{n} {short}");
        picture.text((MARGIN + 20.0, y + 5.0), Anchor::Start, &text, Look::Note);
    }
    picture
}

/// Each kind has a form of its own.
fn icon((x, y): (f64, f64), look: Look) -> Form {
    const R: f64 = 2.7;
    match look {
        Look::Gain => Form::Rect { x: x - R, y: y - R, width: 2.0 * R, height: 2.0 * R },
        Look::Loss => Form::Diamond { x, y, r: R * 1.3 },
        Look::Wrong => Form::Line { from: (x - R, y), to: (x + R, y) },
        _ => Form::Circle { x, y, r: R },
    }
}
