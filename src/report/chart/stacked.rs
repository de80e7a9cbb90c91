//! Owns the picture of how trials ended.

use super::axis::{MARGIN, Scale, WIDTH, fitted, whole_percent};
use crate::report::figure::{Anchor, Figure, Form, Look, Picture, Twin, Value};
use crate::report::leaderboard::Standing;
use crate::report::rule::Tally;
use crate::report::wording;

const ROW: f64 = 48.0;
const BAR: f64 = 18.0;
const KEY: f64 = 22.0;
const N_PARTS: usize = 7;

/// The parts of a bar, from right to missing.
fn parts(tally: &Tally) -> [(usize, Look, &'static str); N_PARTS] {
    [
        (tally.correct, Look::Right, "right"),
        (tally.partial, Look::Partial, "partly right"),
        (tally.incorrect, Look::Wrong, "wrong"),
        (tally.refused, Look::Refused, "refused"),
        (tally.unreadable + tally.truncated, Look::Unreadable, "unreadable or cut off"),
        (tally.failed, Look::Failed, "no answer came"),
        (tally.unscored + tally.not_asked, Look::Missing, "not asked or not scored"),
    ]
}

/// How the trials of each model ended, as a bar of their shares.
pub fn outcomes(standings: &[Standing]) -> Figure {
    let mut table = Twin::with(&[
        "Model",
        "Planned",
        "Right",
        "Partly right",
        "Wrong",
        "Refused",
        "Unreadable",
        "Cut off",
        "No answer came",
        "Not scored",
        "Not asked",
    ]);
    let shown: Vec<&Standing> =
        standings.iter().filter(|standing| 0 < standing.tally.planned()).collect();
    for standing in &shown {
        let tally = &standing.tally;
        let counts = [
            tally.planned(),
            tally.correct,
            tally.partial,
            tally.incorrect,
            tally.refused,
            tally.unreadable,
            tally.truncated,
            tally.failed,
            tally.unscored,
            tally.not_asked,
        ];
        let mut row = vec![Value::text(&standing.name)];
        row.extend(counts.map(Value::Count));
        table.row(row);
    }
    let caption = "How every question that was planned ended. Only right and wrong are answers; a refusal may be the sound \
                   thing to do, and what is missing says nothing about a model. The bar does not show how bad a wrong answer \
                   is."
        .to_owned();
    let title = "How the answers ended".to_owned();
    Figure { id: "outcomes".to_owned(), title, caption, picture: picture(&shown), table }
}

fn picture(standings: &[&Standing]) -> Picture {
    if standings.is_empty() {
        return Picture::default();
    }
    let scale = Scale::across(0.0, 1.0);
    let axis_y = ROW * standings.len() as f64 + 4.0;
    let occurring: Vec<(Look, &str)> = (0..N_PARTS)
        .filter_map(|idx| {
            let of = |standing: &&Standing| parts(&standing.tally)[idx];
            let one = standings.iter().map(of).find(|(n, _, _)| *n > 0)?;
            Some((one.1, one.2))
        })
        .collect();
    let key_y = axis_y + 34.0;
    let mut picture = Picture::sized(WIDTH, key_y + KEY * occurring.len() as f64);
    for (idx, (look, word)) in occurring.into_iter().enumerate() {
        let y = key_y + KEY * idx as f64;
        picture.form(Form::Rect { x: MARGIN, y, width: 14.0, height: 14.0 }, look);
        textured(&mut picture, (MARGIN, y), (14.0, 14.0), look);
        picture.text((MARGIN + 22.0, y + 12.0), Anchor::Start, word, Look::Note);
    }
    for tick in scale.ticks() {
        let x = scale.at(tick);
        picture.line((x, 0.0), (x, axis_y), Look::Grid);
        picture.text((x, axis_y + 18.0), Anchor::Middle, &whole_percent(tick), Look::Tick);
    }
    for (idx, standing) in standings.iter().enumerate() {
        let top = ROW * idx as f64;
        let name = fitted(&standing.name, WIDTH - 2.0 * MARGIN);
        picture.text((MARGIN, top + 16.0), Anchor::Start, &name, Look::Label);
        let planned = standing.tally.planned() as f64;
        let mut before = 0;
        for (n, look, word) in parts(&standing.tally) {
            if n == 0 {
                continue;
            }
            let (x, end) =
                (scale.at(before as f64 / planned), scale.at((before + n) as f64 / planned));
            before += n;
            let form = Form::Rect { x, y: top + 22.0, width: end - x, height: BAR };
            let share = wording::percent(n as f64 / planned);
            let label = format!("{}: {} {word}, {share}", standing.name, wording::count(n));
            picture.mark(form, look, label);
            textured(&mut picture, (x, top + 22.0), (end - x, BAR), look);
            if end - x > 26.0 {
                let place = (f64::midpoint(x, end), top + 22.0 + BAR - 5.0);
                picture.text(place, Anchor::Middle, &wording::count(n), Look::OnPale);
            }
        }
    }
    picture
}

/// Draws what tells a part from its neighbours without colour, over a field with this corner and size. Right answers have
/// none, and what is missing is empty.
fn textured(picture: &mut Picture, (x, y): (f64, f64), (width, height): (f64, f64), look: Look) {
    const WIDE: f64 = 6.0;
    // Up and down across the field, or along it.
    let (step, high, low) = match look {
        Look::Wrong => (WIDE, 0.08, 0.92),
        Look::Refused => (WIDE / 2.0, 0.35, 0.65),
        Look::Unreadable => (WIDE * 2.0, 0.08, 0.92),
        Look::Failed => (WIDE / 2.0, 0.08, 0.92),
        Look::Partial => (WIDE * 2.0, 0.65, 0.92),
        _ => return,
    };
    let mut points = Vec::new();
    let mut at = 0.0;
    while at <= width {
        let side = if points.len() % 2 == 0 { high } else { low };
        points.push((x + at, y + side * height));
        at += step;
    }
    if 1 < points.len() {
        picture.form(Form::Path(points), Look::Texture);
    }
}
