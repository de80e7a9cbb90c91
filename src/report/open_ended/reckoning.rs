//! Owns the reckoning of all figures of open answers in small steps, so that a page can draw and answer in between.

use std::collections::VecDeque;
use std::sync::Arc;

use super::compare::Scores;
use super::groups::{Group, axes, empty, score_of, themes};
use super::{
    Agreement, Contrast, JudgeCount, OpenStanding, TagScores, Warning, agreement, judge_counts,
    sort, standing, stands_apart, warnings,
};
use crate::provider::Class;
use crate::report::gradebook::{By, Gradebook};
use crate::run::Journal;
use crate::score::rubric::Rule;

/// The figures of the open answers of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenFigures {
    /// Whose verdicts count.
    pub by: By,
    /// By which rule models are ordered, and themes, axes and pairs are scored.
    pub rule: Rule,
    /// How each model did, in order; empty where each of several judges stands apart.
    pub board: Vec<OpenStanding>,
    /// The same under each judge alone; empty with fewer than two.
    pub alone: Vec<Vec<OpenStanding>>,
    /// By theme, or by category where items have no themes.
    pub themes: Vec<TagScores>,
    /// By axis, or by whatever tags the criteria have.
    pub axes: Vec<TagScores>,
    /// Every pair of models.
    pub pairs: Vec<Contrast>,
    /// General-purpose models against clinical systems.
    pub classes: Option<Contrast>,
    /// The same by theme.
    pub class_themes: Vec<(String, Contrast)>,
    /// How far several judges agree.
    pub agreement: Option<Agreement>,
    /// What each judge did.
    pub judges: Vec<JudgeCount>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// Figures on their way.
pub struct Reckoning {
    journal: Arc<Journal>,
    book: Arc<Gradebook>,
    classes: Vec<Class>,
    steps: VecDeque<Step>,
    n_steps: usize,
    /// Made when pairs are first compared.
    scores: Option<Scores>,
    figures: OpenFigures,
}

/// None takes longer than one set of bootstrap samples of the items.
enum Step {
    Standing(usize),
    Alone { judge: usize, model: usize },
    Theme { idx: usize, group: Group, model: usize },
    Axis { idx: usize, group: Group, model: usize },
    Pair(usize, usize),
    Classes,
    ClassTheme(Group),
    Agreement,
    Ending,
}

impl Reckoning {
    /// Nothing is reckoned yet. `classes` has the class of each of the plan's models, as the person sees it.
    pub fn new(
        journal: Arc<Journal>,
        book: Arc<Gradebook>,
        classes: Vec<Class>,
        (by, rule): (By, Rule),
    ) -> Self {
        let plan = &journal.plan;
        let n_models = plan.models.len();
        let n_judges = plan.judges().len();
        let mut steps = VecDeque::new();
        let mut figures = OpenFigures {
            by,
            rule,
            board: vec![],
            alone: vec![],
            themes: vec![],
            axes: vec![],
            pairs: vec![],
            classes: None,
            class_themes: vec![],
            agreement: None,
            judges: judge_counts(plan, &book),
            warnings: vec![],
        };
        if !stands_apart(plan, by) {
            steps.extend((0..n_models).map(Step::Standing));
            let themes = themes(plan);
            let axes = axes(plan);
            for (idx, group) in themes.iter().enumerate() {
                figures.themes.push(empty(plan, group));
                let step = |model| Step::Theme { idx, group: group.clone(), model };
                steps.extend((0..n_models).map(step));
            }
            for (idx, group) in axes.into_iter().enumerate() {
                figures.axes.push(empty(plan, &group));
                let step = |model| Step::Axis { idx, group: group.clone(), model };
                steps.extend((0..n_models).map(step));
            }
            for first in 0..n_models {
                steps.extend((first + 1..n_models).map(|second| Step::Pair(first, second)));
            }
            steps.push_back(Step::Classes);
            steps.extend(themes.into_iter().map(Step::ClassTheme));
        }
        if 1 < n_judges {
            figures.alone = vec![vec![]; n_judges];
            for judge in 0..n_judges {
                steps.extend((0..n_models).map(|model| Step::Alone { judge, model }));
            }
            steps.push_back(Step::Agreement);
        }
        steps.push_back(Step::Ending);
        let n_steps = steps.len();
        Self { journal, book, classes, steps, n_steps, scores: None, figures }
    }

    /// Does the next step. Gives whether there are more.
    pub fn step(&mut self) -> bool {
        if let Some(step) = self.steps.pop_front() {
            self.carry_out(step);
        }
        !self.steps.is_empty()
    }

    /// How far it is, 0 to 1.
    pub fn share_done(&self) -> f64 {
        1.0 - self.steps.len() as f64 / self.n_steps as f64
    }

    /// What was reckoned so far; everything after the last [`Self::step`].
    pub fn figures(self) -> OpenFigures {
        self.figures
    }

    /// All at once.
    pub fn whole(mut self) -> OpenFigures {
        while self.step() {}
        self.figures
    }

    fn carry_out(&mut self, step: Step) {
        let journal = self.journal.clone();
        let plan = &journal.plan;
        let (by, rule) = (self.figures.by, self.figures.rule);
        let standing_by = |by: By, model: usize| {
            standing(plan, &self.book, by, model).filter(|standing| 0 < standing.n_trials)
        };
        match step {
            Step::Standing(model) => {
                let standing = standing_by(by, model);
                self.figures.board.extend(standing);
                sort(&mut self.figures.board, rule);
            }
            Step::Alone { judge, model } => {
                let standing = standing_by(By::Judge(judge), model);
                if let Some(board) = self.figures.alone.get_mut(judge) {
                    board.extend(standing);
                    sort(board, rule);
                }
            }
            Step::Theme { idx, group, model } => {
                let found = score_of((plan, &self.book), by, rule, &group, model);
                note(self.figures.themes.get_mut(idx), found);
            }
            Step::Axis { idx, group, model } => {
                let found = score_of((plan, &self.book), by, rule, &group, model);
                note(self.figures.axes.get_mut(idx), found);
            }
            Step::Pair(first, second) => {
                let contrast = self.scores().contrast(rule, vec![first], vec![second]);
                self.figures.pairs.extend(contrast);
            }
            Step::Classes => {
                let classes = self.classes.clone();
                self.figures.classes = self.scores().class_contrast(rule, &classes);
            }
            Step::ClassTheme(group) => {
                let keeps = |idx: usize| plan.items.get(idx).is_some_and(|item| group.holds(item));
                let scores = Scores::of(plan, &self.book, by, keeps);
                let contrast = scores.class_contrast(rule, &self.classes);
                let named = contrast.map(|contrast| (group.name().to_owned(), contrast));
                self.figures.class_themes.extend(named);
            }
            Step::Agreement => self.figures.agreement = agreement(plan, &self.book),
            Step::Ending => {
                self.figures.warnings = if self.figures.board.is_empty() {
                    self.warnings_of_judges()
                } else {
                    warnings(plan, &self.figures.board, rule)
                };
                // Where nothing can be earned by an axis it has no score, as in simple-evals.
                self.figures.axes.retain(|axis| axis.scores.iter().any(Option::is_some));
            }
        }
    }

    /// What is to be told of who judges whom where there is no board: each judge apart, or reference answers alone.
    fn warnings_of_judges(&self) -> Vec<Warning> {
        let plan = &self.journal.plan;
        let models = 0..plan.models.len();
        let standings: Vec<OpenStanding> =
            models.filter_map(|model| standing(plan, &self.book, By::Judge(0), model)).collect();
        let is_of_scores = |warning: &Warning| {
            matches!(warning, Warning::Coverage { .. } | Warning::RulesDiffer { .. })
        };
        let mut told = warnings(plan, &standings, self.figures.rule);
        told.retain(|warning| !is_of_scores(warning));
        told
    }

    fn scores(&mut self) -> &Scores {
        let (journal, book, by) = (&self.journal, &self.book, self.figures.by);
        self.scores.get_or_insert_with(|| Scores::of(&journal.plan, book, by, |_| true))
    }
}

fn note(of: Option<&mut TagScores>, (score, verdicts): (Option<super::Score>, (usize, usize))) {
    if let Some(of) = of {
        of.scores.push(score);
        of.verdicts.push(verdicts);
    }
}
