//! Owns the tables and the file of a review's figures that a person takes away. While a review is blind they hold codes only.

use serde_json::{Value, json};

use super::analysis::{Analysis, Share};
use super::file::{KeyFile, Preference};
use super::merge::Merged;
use crate::report::export::table::{Table, text};
use crate::stats::Interval;

/// One row for each rating that counts; with question and model once the review is unblinded. Of a pair the second answer
/// stands in `other_code`.
pub fn ratings_csv(key: &KeyFile, merged: &Merged) -> String {
    let is_open = !key.unblinded.is_empty();
    let mut header = vec!["reviewer", "code", "other_code"];
    if is_open {
        header.extend(["question", "model", "other_model"]);
    }
    header.extend(key.scale.dimensions.iter().map(|of| of.id.as_str()));
    header.extend(key.scale.flags.iter().map(|of| of.id.as_str()));
    header.extend(["preferred", "cannot_judge", "comment", "at_millis"]);
    let mut table = Table::with(&header);
    for counted in &merged.ratings {
        let rating = &counted.rating;
        let answer =
            |place: usize| counted.answers.get(place).and_then(|idx| key.answers.get(*idx));
        let code = |place: usize| answer(place).map(|of| of.code.clone()).unwrap_or_default();
        let mut row = vec![text(&key.reviewers[counted.reviewer].name), code(0), code(1)];
        if is_open {
            let model = |place: usize| {
                answer(place).map(|of| text(&key.models[of.model])).unwrap_or_default()
            };
            let question = answer(0).map(|of| text(&key.questions[of.question].id));
            row.extend([question.unwrap_or_default(), model(0), model(1)]);
        }
        let score = |id: &String| rating.scores.get(id).map(u8::to_string).unwrap_or_default();
        row.extend(key.scale.dimensions.iter().map(|of| score(&of.id)));
        let flag = |id: &String| match rating.flags.get(id) {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => String::new(),
        };
        row.extend(key.scale.flags.iter().map(|of| flag(&of.id)));
        let preferred = match rating.preferred {
            Some(Preference::Left) => "left",
            Some(Preference::Right) => "right",
            Some(Preference::Neither) => "neither",
            None => "",
        };
        row.push(preferred.to_owned());
        row.push(if rating.cannot_judge { "yes" } else { "" }.to_owned());
        row.push(text(&rating.comment));
        row.push(rating.at_millis.to_string());
        table.row(&row);
    }
    table.finish()
}

/// One row for each model and dimension, or for each model of a review in pairs.
pub fn figures_csv(analysis: &Analysis) -> String {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    if let Some(preferences) = &analysis.preferences {
        let mut table = Table::with(&["model", "won", "lost", "tied", "strength", "low", "high"]);
        if let Ok(preferences) = preferences {
            for (name, of) in analysis.models.iter().zip(&preferences.standings) {
                let counts = [of.n_won, of.n_lost, of.n_tied].map(|n| n.to_string());
                let figures = [of.strength, of.interval.low, of.interval.high];
                let mut row = vec![text(name)];
                row.extend(counts);
                row.extend(figures.map(|value| value.to_string()));
                table.row(&row);
            }
        }
        return table.finish();
    }
    let mut table = Table::with(&[
        "dimension",
        "model",
        "ratings",
        "answers",
        "mean",
        "low",
        "high",
        "log_odds",
        "error",
    ]);
    for dimension in &analysis.dimensions {
        for (model, name) in analysis.models.iter().enumerate() {
            let mean = dimension.means.get(model).copied().flatten();
            let interval = mean.and_then(|mean| mean.interval);
            let ordinal = dimension.ordinal.as_ref().ok();
            let effect = ordinal.and_then(|fit| fit.effects.get(model).copied().flatten());
            table.row(&[
                text(&dimension.id),
                text(name),
                mean.map_or(0, |mean| mean.n_ratings).to_string(),
                mean.map_or(0, |mean| mean.n_answers).to_string(),
                number(mean.map(|mean| mean.mean)),
                number(interval.map(|interval| interval.low)),
                number(interval.map(|interval| interval.high)),
                number(effect.map(|effect| effect.log_odds)),
                number(effect.map(|effect| effect.error)),
            ]);
        }
    }
    table.finish()
}

fn range(interval: Interval) -> Value {
    json!([interval.low, interval.high])
}

fn share(share: &Share) -> Value {
    json!({
        "yes": share.n_yes, "of": share.n, "answers": share.n_answers, "share": share.value,
        "interval": range(share.interval),
    })
}

/// All figures as JSON, with what they were made from and when names were shown.
pub fn analysis_json(key: &KeyFile, merged: &Merged, analysis: &Analysis) -> String {
    let dimensions = analysis.dimensions.iter().map(|of| {
        let means = of.means.iter().map(|mean| {
            mean.map(|mean| {
                json!({
                    "mean": mean.mean, "interval": mean.interval.map(range),
                    "ratings": mean.n_ratings, "answers": mean.n_answers,
                })
            })
        });
        let ordinal = match &of.ordinal {
            Ok(fit) => json!({
                "reference": analysis.models.get(fit.reference),
                "log_odds": fit.effects.iter().map(|effect| effect.map(|it| it.log_odds)).collect::<Vec<_>>(),
                "errors": fit.effects.iter().map(|effect| effect.map(|it| it.error)).collect::<Vec<_>>(),
                "thresholds": fit.thresholds,
                "all_alike": fit.all_alike.map(|(chi_square, df, p)| json!({ "chi_square": chi_square, "df": df, "p": p })),
                "pairs": fit.pairs.iter().map(|pair| json!({
                    "higher": analysis.models.get(pair.models[0]),
                    "lower": analysis.models.get(pair.models[1]),
                    "log_odds": pair.effect.log_odds, "error": pair.effect.error,
                    "adjusted_p": pair.adjusted_p,
                })).collect::<Vec<_>>(),
                "ratings": fit.n,
                "left_out": fit.left_out,
            }),
            Err(why) => json!({ "none": why }),
        };
        json!({
            "id": of.id, "name": of.name, "steps": of.n_steps,
            "means": means.collect::<Vec<_>>(),
            "alpha": of.alpha.map(|(alpha, interval)| json!({ "alpha": alpha, "interval": interval.map(range) })),
            "kendall_w": of.concordance.map(|it| json!({
                "w": it.w, "chi_square": it.chi_square, "p": it.p, "questions": it.n_rankings, "models": it.n_ranked,
            })),
            "ordinal": ordinal,
        })
    });
    let preferences = analysis.preferences.as_ref().map(|preferences| match preferences {
        Ok(it) => json!({
            "strengths": it.standings.iter().map(|of| json!({
                "strength": of.strength, "interval": range(of.interval),
                "won": of.n_won, "lost": of.n_lost, "tied": of.n_tied,
            })).collect::<Vec<_>>(),
            "chances": it.chances.iter().map(|(pair, chance, interval)| json!({
                "of": analysis.models.get(pair[0]), "over": analysis.models.get(pair[1]),
                "chance": chance, "interval": range(*interval),
            })).collect::<Vec<_>>(),
            "left": it.n_left, "decided": it.n_decided, "ties": it.n_ties,
        }),
        Err(why) => json!({ "none": why }),
    });
    let whole = json!({
        "schema": "viva-review-figures/1",
        "review": key.review,
        "title": key.title,
        "models": analysis.models,
        "unblinded": key.unblinded,
        "files": merged.taken.iter().map(|taken| json!({
            "reviewer": key.reviewers[taken.reviewer].name, "sha256": taken.sha256, "ratings": taken.n_ratings,
        })).collect::<Vec<_>>(),
        "ratings": analysis.n_ratings,
        "cannot_judge": analysis.n_cannot_judge,
        "missing": analysis.n_missing,
        "conflicts": merged.conflicts.len(),
        "dimensions": dimensions.collect::<Vec<_>>(),
        "flags": analysis.flags.iter().map(|flag| json!({
            "id": flag.id, "question": flag.question,
            "shares": flag.shares.iter().map(|of| of.as_ref().map(share)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "refusals": analysis.refusals.iter().map(|of| of.as_ref().map(share)).collect::<Vec<_>>(),
        "preferences": preferences,
    });
    super::file::to_text(&whole)
}
