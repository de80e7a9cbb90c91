//! Owns what a report says about answers that judges grade: their leaderboard under each rule, by theme and by axis, what
//! the judges did, and what can be concluded.

use super::chart::{Grouping, graded};
use super::figure::{Figure, Picture, Twin, Value};
use super::gradebook::{By, Gradebook};
use super::grid::Grid;
use super::methods::Paragraph;
use super::money::grading_told;
use super::open_ended::{
    OpenStanding, agreement, by_axis, by_theme, contrasts, counted_items, judge_counts,
    open_leaderboard, stands_apart, warnings,
};
use super::spending::judge_spending;
use super::wording;
use crate::dataset::Kind;
use crate::run::{Journal, Judging, Kin};
use crate::score::rubric::Rule;

/// The rule by which models are ordered, and themes, axes and pairs are scored.
const RULE: Rule = Rule::HealthBench;
/// With fewer questions a bootstrap has nothing to vary.
const TOO_FEW: usize = 5;

/// What is said about the open answers of some runs; empty where there are none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenReport {
    /// Pictures and tables.
    pub figures: Vec<Figure>,
    /// What can be concluded, and what has to be known.
    pub sentences: Vec<String>,
    /// How answers were graded.
    pub methods: Vec<Paragraph>,
}

/// What is said about the open answers of these runs, in their order.
pub fn open_report(journals: &[&Journal]) -> OpenReport {
    let mut report = OpenReport::default();
    let is_graded = |journal: &&&Journal| {
        journal.plan.judging.is_some() && !counted_items(&journal.plan).is_empty()
    };
    let of: Vec<&&Journal> = journals.iter().filter(is_graded).collect();
    for (idx, journal) in of.iter().enumerate() {
        let title = if of.len() < 2 { String::new() } else { wording::name(&journal.plan.title) };
        let Some(judging) = &journal.plan.judging else { continue };
        let book = Gradebook::of(journal);
        let mut ways = vec![By::Panel(judging.panel)];
        if stands_apart(&journal.plan, By::Panel(judging.panel)) {
            ways = (0..judging.judges.len()).map(By::Judge).collect();
        }
        let part = Part { journal, judging, book: &book, title: &title, idx };
        for (way, by) in ways.into_iter().enumerate() {
            part.tell(&mut report, by, way);
        }
        report.figures.push(part.judges());
        report.sentences.extend(part.changed());
        report.methods.push(part.grading());
    }
    report
}

/// Whether anything was asked that is right or wrong: what a rubric grades has points instead.
pub fn has_outcomes(grid: &Grid, journals: &[&Journal]) -> bool {
    grid.items.iter().any(|row| {
        let item = journals.get(row.run).and_then(|it| it.plan.items.get(row.item));
        !matches!(item.map(|item| &item.kind), Some(Kind::Rubric(_)))
    })
}

/// The open answers of one run.
struct Part<'a> {
    journal: &'a Journal,
    judging: &'a Judging,
    book: &'a Gradebook,
    /// Of the run, where there are several.
    title: &'a str,
    idx: usize,
}

impl Part<'_> {
    /// The figures and sentences by the verdicts of a panel or of one judge. `way` numbers these.
    fn tell(&self, report: &mut OpenReport, by: By, way: usize) {
        let plan = &self.journal.plan;
        let standings = open_leaderboard(plan, self.book, by, RULE);
        let whose = self.whose(by);
        let suffix = match (self.idx, way) {
            (0, 0) => String::new(),
            (idx, way) => format!("-{idx}-{way}"),
        };
        let apart = match by {
            By::Panel(_) => String::new(),
            By::Judge(_) => format!(", {whose}"),
        };
        let named = |title: &str| match self.title {
            "" => format!("{title}{apart}"),
            run => format!("{title}: {run}{apart}"),
        };
        report.figures.push(Figure {
            id: format!("open-answers{suffix}"),
            title: named("Open answers"),
            caption: self.board_caption(by),
            picture: Picture::default(),
            table: board(&standings),
        });
        let themes = by_theme(plan, self.book, by, RULE);
        let axes = by_axis(plan, self.book, by, RULE);
        for (grouping, tags) in [(Grouping::Themes, themes), (Grouping::Axes, axes)] {
            if !tags.is_empty() {
                let figure = graded(&plan.models, grouping, &tags);
                let (id, title) = (format!("{}{suffix}", figure.id), named(&figure.title));
                report.figures.push(Figure { id, title, ..figure });
            }
        }
        report.sentences.extend(self.first(&standings, by, &whose));
        let told = warnings(plan, &standings, RULE);
        report.sentences.extend(told.iter().map(ToString::to_string));
    }

    fn whose(&self, by: By) -> String {
        let names: Vec<String> =
            self.judging.judges.iter().map(|judge| wording::name(&judge.name)).collect();
        match by {
            By::Panel(_) => wording::list(&names),
            By::Judge(judge) => {
                format!("{} alone", names.get(judge).cloned().unwrap_or_default())
            }
        }
    }

    fn board_caption(&self, by: By) -> String {
        let way = match by {
            By::Panel(rule) if 1 < self.judging.judges.len() => format!(" ({})", rule.title()),
            By::Panel(_) | By::Judge(_) => String::new(),
        };
        let n_overruled = self.book.n_overruled();
        let changed = match by {
            By::Panel(_) => {
                format!(" People changed {}.", wording::counted(n_overruled, "grade", "grades"))
            }
            By::Judge(_) => " What people changed is not counted here.".to_owned(),
        };
        format!(
            "By the verdicts of {}{way}. A score is the share of the points that could be earned; below zero, more was lost than \
             earned. Each rule has a column of its own, and scores by different rules are not to be compared. A verdict that did \
             not come is missing and kept out: it never counts as “not met”.{changed}",
            self.whose(by)
        )
    }

    /// Who has the highest score, and whether it is ahead of the next.
    fn first(&self, standings: &[OpenStanding], by: By, whose: &str) -> Option<String> {
        let best = standings.first()?;
        let score = best.score(RULE)?;
        let mut text = format!(
            "On {}, graded by {whose}, {} has {}{} of the points by the {} (95 % range {}).",
            wording::counted(score.n_items, "open question", "open questions"),
            wording::name(&best.name),
            if standings.len() < 2 { "" } else { "the highest score: " },
            wording::percent(score.value),
            RULE.title(),
            wording::percent_range(score.interval),
        );
        let next = standings.get(1).filter(|next| next.score(RULE).is_some());
        if let Some(next) = next {
            let pairs = contrasts(&self.journal.plan, self.book, by, RULE, |_| true);
            let pair = pairs.iter().find(|pair| {
                let sides = [pair.first.first(), pair.second.first()];
                sides.contains(&Some(&best.model)) && sides.contains(&Some(&next.model))
            });
            let name = wording::name(&next.name);
            let clear = pair.filter(|pair| pair.is_clear() && TOO_FEW <= pair.n_items);
            let ahead = match clear {
                Some(pair) => format!(
                    " It is ahead of {name}, the next, by {} points on the {} that both have a score for.",
                    wording::decimal(100.0 * pair.difference.abs(), 1),
                    wording::counted(pair.n_items, "question", "questions")
                ),
                None => format!(" Whether it is ahead of {name}, the next, cannot be told."),
            };
            text.push_str(&ahead);
        }
        Some(text)
    }

    fn changed(&self) -> Option<String> {
        let n = self.book.n_overruled();
        (0 < n).then(|| {
            let grades = wording::counted(n, "grade of an open answer", "grades of open answers");
            format!(
                "People changed {grades}. The figures follow them; what the judges said is kept."
            )
        })
    }

    fn judges(&self) -> Figure {
        let plan = &self.journal.plan;
        let mut table =
            Twin::with(&["Judge", "Judged", "Failed", "On a later try", "Overruled by a person"]);
        for judge in judge_counts(plan, self.book) {
            table.row(vec![
                Value::text(&judge.name),
                Value::Count(judge.n_judged),
                Value::Count(judge.n_failed),
                Value::Count(judge.n_repaired),
                Value::Count(judge.n_overruled),
            ]);
        }
        let agreed = agreement(plan, self.book).map_or_else(String::new, |agreed| {
            let alpha = agreed.alpha.map_or_else(
                || "is not defined".to_owned(),
                |alpha| format!("is {}", wording::decimal(alpha, 2)),
            );
            format!(
                " On {} with verdicts of several judges, {} of the pairs of verdicts are the same; Krippendorff’s alpha {alpha}, \
                 where 1 is full agreement and 0 is chance.",
                wording::counted(agreed.n_units, "criterion", "criteria"),
                wording::percent(agreed.percent)
            )
        });
        let names: Vec<String> =
            self.judging.judges.iter().map(|judge| wording::name(&judge.name)).collect();
        let cost = grading_told(&names, &judge_spending(self.journal));
        let title = match self.title {
            "" => "The judges".to_owned(),
            run => format!("The judges: {run}"),
        };
        Figure {
            id: format!("judges-{}", self.idx),
            title,
            caption: format!(
                "How often each judge gave a verdict, gave none after all tries, gave one only on a later try, and was overruled. \
                 That judges agree does not show that they are right.{agreed} {cost}"
            ),
            picture: Picture::default(),
            table,
        }
    }

    fn grading(&self) -> Paragraph {
        let judging = self.judging;
        let each: Vec<String> =
            judging.judges.iter().map(|judge| wording::name(&judge.name)).collect();
        let kin = match judging.kin {
            Kin::Judge => "Judges also graded models of their own maker.",
            Kin::LeftOut => "Judges were left out for models of their own maker.",
        };
        let panel = if each.len() < 2 {
            String::new()
        } else {
            format!(" How several judges decide: {}.", judging.panel.title())
        };
        let run = if self.title.is_empty() { String::new() } else { format!("{}: ", self.title) };
        let text = format!(
            "{run}Open answers were graded by {} with {} ({}).{panel} {kin} A reply without a verdict was asked for again, {} in \
             all; what still had none is missing. Ranges are from 1,000 bootstrap samples of the questions.",
            wording::list(&each),
            judging.template.name(),
            judging.template.title(),
            wording::counted(
                usize::try_from(judging.max_unreadable).unwrap_or(usize::MAX),
                "try",
                "tries"
            ),
        );
        Paragraph { heading: "Grading", text }
    }
}

fn board(standings: &[OpenStanding]) -> Twin {
    let mut table = Twin::with(&[
        "Model",
        "Kind",
        "HealthBench rule",
        "95 % range",
        "Pooled rule of the study",
        "95 % range",
        "Rule of Inspect",
        "95 % range",
        "Answers graded",
        "Criteria decided",
        "Coverage",
    ]);
    for standing in standings {
        let mut row =
            vec![Value::text(&standing.name), Value::text(wording::class(standing.class))];
        for rule in [Rule::HealthBench, Rule::Pooled, Rule::ClippedEach] {
            let score = standing.score(rule);
            row.push(Value::or_nothing(score, |score| Value::Share(score.value)));
            row.push(Value::or_nothing(score, |score| Value::ShareRange(score.interval)));
        }
        row.push(Value::Count(standing.n_fully_judged + standing.n_partly_judged));
        row.push(Value::Text(format!(
            "{} of {}",
            wording::count(standing.n_decided),
            wording::count(standing.n_criteria)
        )));
        row.push(Value::Share(standing.coverage()));
        table.row(row);
    }
    table
}

#[cfg(test)]
mod tests;
