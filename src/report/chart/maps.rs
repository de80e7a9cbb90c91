//! Owns pictures made of fields: category × model, and who is wrong together.

use super::axis::{MARGIN, WIDTH, fitted, whole_percent};
use crate::report::figure::{Anchor, Figure, Form, Look, Picture, Twin, Value};
use crate::report::grid::Grid;
use crate::report::leaderboard::CategoryBoard;
use crate::report::rule::Unanswered;
use crate::report::shared_errors::SharedErrors;
use crate::report::wording;

const LABELS: f64 = 128.0;
const FIELD: f64 = 34.0;
const KEY: f64 = 22.0;
/// Below so many questions, a field shows little.
const FEW: usize = 10;

/// A field: its share and what it says.
struct Field {
    share: f64,
    label: String,
}

/// Fields in rows and columns. Columns are numbered, and the numbers are told below.
fn map(
    rows: &[String],
    columns: &[String],
    field: impl Fn(usize, usize) -> Option<Field>,
) -> Picture {
    if rows.is_empty() || columns.is_empty() {
        return Picture::default();
    }
    let width = ((WIDTH - LABELS - MARGIN) / columns.len() as f64).clamp(FIELD, 70.0);
    let full = (LABELS + width * columns.len() as f64 + MARGIN).max(WIDTH);
    let top = 26.0;
    let bottom = top + FIELD * rows.len() as f64;
    let mut picture = Picture::sized(full, bottom + 14.0 + KEY * columns.len() as f64);
    for (column, name) in columns.iter().enumerate() {
        let x = LABELS + width * (column as f64 + 0.5);
        let number = (column + 1).to_string();
        picture.text((x, 18.0), Anchor::Middle, &number, Look::Tick);
        let told = format!("{number}  {}", fitted(name, full - 2.0 * MARGIN - 24.0));
        let y = bottom + 8.0 + KEY * (column as f64 + 0.75);
        picture.text((MARGIN, y), Anchor::Start, &told, Look::Note);
    }
    for (row, name) in rows.iter().enumerate() {
        let y = top + FIELD * row as f64;
        let name = fitted(name, LABELS - MARGIN);
        picture.text((MARGIN, y + 21.0), Anchor::Start, &name, Look::Label);
        for column in 0..columns.len() {
            let x = LABELS + width * column as f64;
            let Some(field) = field(row, column) else { continue };
            let (look, text_look) = Look::heat(field.share);
            let form =
                Form::Rect { x: x + 1.0, y: y + 1.0, width: width - 2.0, height: FIELD - 2.0 };
            picture.mark(form, look, field.label);
            let text = wording::decimal(field.share * 100.0, 0);
            picture.text((x + width / 2.0, y + 21.0), Anchor::Middle, &text, text_look);
        }
    }
    picture
}

/// Share right by category and model; models with most right answers in all first.
pub fn heat_map(grid: &Grid, boards: &[CategoryBoard], rule: Unanswered) -> Figure {
    let mut models: Vec<usize> = (0..grid.models.len()).collect();
    let n_right = |model: &usize| -> usize {
        let shares = boards.iter().filter_map(|board| {
            let standing = board.standings.iter().find(|standing| standing.model == *model)?;
            standing.accuracy(rule).map(|accuracy| accuracy.n_right)
        });
        shares.sum()
    };
    models.sort_by_key(|model| std::cmp::Reverse(n_right(model)));
    let boards: Vec<&CategoryBoard> = boards.iter().filter(|board| board.n_items > 0).collect();
    let category = |board: &CategoryBoard| match grid.categories[board.category].as_str() {
        "" => "no category".to_owned(),
        name => name.to_owned(),
    };
    let accuracy = |board: &CategoryBoard, model: usize| {
        let standing = board.standings.iter().find(|standing| standing.model == model)?;
        standing.accuracy(rule).copied()
    };
    let mut table = Twin::with(&["Category", "Questions", "Model", "Right", "95 % range"]);
    for board in &boards {
        for model in &models {
            let found = accuracy(board, *model);
            table.row(vec![
                Value::Text(category(board)),
                Value::Count(board.n_items),
                Value::text(&grid.models[*model].name),
                Value::or_nothing(found, |found| Value::Share(found.value)),
                Value::or_nothing(found, |found| Value::ShareRange(found.interval)),
            ]);
        }
    }
    let names: Vec<String> = models.iter().map(|idx| grid.models[*idx].name.clone()).collect();
    let categories: Vec<String> = boards.iter().map(|board| category(board)).collect();
    let picture = map(&categories, &names, |row, column| {
        let (board, model) = (boards[row], models[column]);
        let found = accuracy(board, model)?;
        let few = if board.n_items < FEW { "; few questions" } else { "" };
        Some(Field {
            share: found.value,
            label: format!(
                "{}, {}: {} right, 95 % range {}, {}{few}",
                category(board),
                grid.models[model].name,
                wording::percent(found.value),
                wording::percent_range(found.interval),
                wording::counted(board.n_items, "question", "questions"),
            ),
        })
    });
    let caption = format!(
        "Share right in each category, in per cent; darker is more. Look at the range of a field before comparing it with its \
         neighbour: with fewer than {FEW} questions it spans half the scale. Among many fields some stand out by chance alone; \
         no test was made between categories."
    );
    Figure { id: "categories".to_owned(), title: "By category".to_owned(), caption, picture, table }
}

/// How often models are wrong together.
pub fn together(grid: &Grid, found: &SharedErrors) -> Figure {
    let names: Vec<String> = grid.models.iter().map(|model| model.name.clone()).collect();
    let mut table = Twin::with(&[
        "First",
        "Second",
        "Questions",
        "Both right or both wrong",
        "First wrong",
        "Second wrong",
        "Both wrong",
        "Both wrong if errors were unrelated",
        "Both wrong with the same answer",
        "Shared errors",
    ]);
    for (first, overlaps) in found.overlaps.iter().enumerate() {
        for (second, of) in overlaps.iter().enumerate().skip(first + 1) {
            if of.n_items == 0 {
                continue;
            }
            table.row(vec![
                Value::text(&names[first]),
                Value::text(&names[second]),
                Value::Count(of.n_items),
                Value::Share(of.agreement()),
                Value::Count(of.n_first_wrong),
                Value::Count(of.n_second_wrong),
                Value::Count(of.n_both_wrong),
                Value::Number(of.expected_both_wrong(), 1),
                Value::Count(of.n_same_wrong),
                Value::Share(of.shared_errors()),
            ]);
        }
    }
    let picture = map(&names, &names, |row, column| {
        let of =
            found.overlaps.get(row)?.get(column).filter(|of| row != column && of.n_items > 0)?;
        Some(Field {
            share: of.shared_errors(),
            label: format!(
                "{} and {}: both wrong on {} of {}, with the same answer on {}; {} if errors were unrelated",
                names[row],
                names[column],
                wording::count(of.n_both_wrong),
                wording::counted(of.n_items, "question", "questions"),
                wording::count(of.n_same_wrong),
                wording::decimal(of.expected_both_wrong(), 1),
            ),
        })
    });
    let caption = format!(
        "Of the questions that at least one of two models got wrong, the share that both did, in per cent. {} \
         Models that fail on the same questions cannot check each other. Hard questions alone make errors coincide: a high \
         share does not show that two models learned from the same texts, nor that the key is right.",
        match found.wrong_for_all.len() {
            0 => "On every question at least one model was right.".to_owned(),
            n => format!("No model was right on {}.", wording::counted(n, "question", "questions")),
        },
    );
    let title = "Who is wrong together".to_owned();
    Figure { id: "shared-errors".to_owned(), title, caption, picture, table }
}

/// The percent of a field, for legends.
pub fn legend() -> Vec<(Look, String)> {
    let n = f64::from(Look::N_HEATS);
    (0..Look::N_HEATS)
        .map(|step| {
            let low = f64::from(step) / n;
            (Look::Heat(step), format!("from {}", whole_percent(low)))
        })
        .collect()
}
