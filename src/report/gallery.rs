//! Owns which figures a result has, in reading order, and the making of each by itself: a page draws them one after the
//! other, so that none holds up the rest.

use super::calibrated::{Calibrated, calibrated, calibrated_of};
use super::chart;
use super::dangers::{dangers, has_marks};
use super::figure::Figure;
use super::frontier::frontier;
use super::grid::Grid;
use super::leaderboard::by_category;
use super::planning::pair_plan;
use super::ranking::{draws, ranked, resampled};
use super::repeats::repeated;
use super::robustness::{place_bias, shifts, steadiness};
use super::rule::Unanswered;
use super::shared_errors::shared_errors;
use super::thousand::thousand;
use super::{Pair, Standing, leaderboard, pairs};
use crate::run::Journal;
use crate::stats::bootstrap::{Bootstrap, Draws, Joint};

/// From more pairs than this on, a picture shows those of one model. Six models have 15.
const MANY_PAIRS: usize = 15;

/// Samples that are drawn in one step.
const N_A_STEP: usize = 1_500;
/// Pairs that are compared over them in one step.
const N_PAIRS_A_STEP: usize = 48;

/// A place for figures of one kind, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plate {
    /// Wrong answers to what is marked as an emergency or as dosing. What is dangerous comes first.
    Dangers,
    /// The leaderboard.
    Board,
    /// How the answers ended.
    Outcomes,
    /// Two models on 1,000 questions.
    Thousand,
    /// Every pair.
    Pairs,
    /// How sure the order is.
    Ranks,
    /// By category.
    Categories,
    /// What accuracy costs.
    Cost,
    /// Who is wrong together.
    Together,
    /// What changed forms of the questions do: drops, steadiness, places.
    Changed,
    /// From one repeat to the next.
    Repeats,
    /// Whether stated confidence holds.
    Confidence,
    /// Whether more questions would tell.
    Planning,
}

impl Plate {
    /// All, in reading order.
    pub const ALL: [Self; 13] = [
        Self::Dangers,
        Self::Board,
        Self::Outcomes,
        Self::Thousand,
        Self::Pairs,
        Self::Ranks,
        Self::Categories,
        Self::Cost,
        Self::Together,
        Self::Changed,
        Self::Repeats,
        Self::Confidence,
        Self::Planning,
    ];

    /// Its heading, and its name in lists of contents.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dangers => "Dangerous errors",
            Self::Board => "Who did better",
            Self::Outcomes => "How the answers ended",
            Self::Thousand => "Of 1,000 questions like these",
            Self::Pairs => "Model against model",
            Self::Ranks => "How sure the order is",
            Self::Categories => "By category",
            Self::Cost => "What accuracy costs",
            Self::Together => "Who is wrong together",
            Self::Changed => "The same questions in other forms",
            Self::Repeats => "From one repeat to the next",
            Self::Confidence => "Does stated confidence hold?",
            Self::Planning => "Would more questions tell?",
        }
    }

    /// Its name in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Dangers => "dangers",
            Self::Board => "leaderboard",
            Self::Outcomes => "outcomes",
            Self::Thousand => "thousand",
            Self::Pairs => "differences",
            Self::Ranks => "ranks",
            Self::Categories => "categories",
            Self::Cost => "cost",
            Self::Together => "shared-errors",
            Self::Changed => "robustness",
            Self::Repeats => "repeats",
            Self::Confidence => "confidence",
            Self::Planning => "planning",
        }
    }

    /// Reads [`Self::key`].
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plate| plate.key() == key)
    }
}

/// What several figures are made of, computed once.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    /// How unanswered items count.
    pub rule: Unanswered,
    /// The leaderboard.
    pub standings: Vec<Standing>,
    /// Every pair.
    pub pairs: Vec<Pair>,
}

impl Basis {
    /// The basis of a grid's figures.
    pub fn of(grid: &Grid, rule: Unanswered) -> Self {
        Self { rule, standings: leaderboard(grid, rule), pairs: pairs(grid, rule) }
    }

    /// The pair of these two models, in whichever order it is held.
    pub fn pair(&self, one: usize, other: usize) -> Option<&Pair> {
        let is = |pair: &&Pair| {
            (pair.first, pair.second) == (one, other) || (pair.first, pair.second) == (other, one)
        };
        self.pairs.iter().find(is)
    }

    /// The plates for which the grid may have something to show. Those that need every answer to be read say so only when
    /// they are [drawn](Self::draw).
    pub fn plates(&self, grid: &Grid, journals: &[&Journal]) -> Vec<Plate> {
        let has_any = self.standings.iter().any(|one| one.accuracy(self.rule).is_some());
        let has_pairs = !self.pairs.is_empty();
        let has = |plate: &Plate| match plate {
            Plate::Dangers => has_marks(grid, journals),
            Plate::Board | Plate::Outcomes => true,
            Plate::Thousand | Plate::Pairs | Plate::Ranks | Plate::Together | Plate::Planning => {
                has_pairs
            }
            Plate::Categories => has_any && 1 < grid.categories.len(),
            Plate::Cost => 1 < frontier(grid, &self.standings, self.rule).models.len(),
            Plate::Changed => !grid.changes().is_empty(),
            Plate::Repeats => has_any && 1 < grid.n_repeats,
            Plate::Confidence => has_any,
        };
        Plate::ALL.into_iter().filter(has).collect()
    }

    /// The figures of a plate; none where it turns out that there is nothing to show.
    pub fn draw(&self, grid: &Grid, journals: &[&Journal], plate: Plate) -> Vec<Figure> {
        let mut drawing = Drawing::Begun(plate);
        loop {
            match drawing.step(self, grid, journals) {
                Drawing::Done(figures) => return figures,
                next => drawing = next,
            }
        }
    }

    fn draw_at_once(&self, grid: &Grid, journals: &[&Journal], plate: Plate) -> Vec<Figure> {
        let rule = self.rule;
        match plate {
            Plate::Dangers => vec![chart::danger_list(grid, &dangers(grid, journals))],
            Plate::Board => vec![chart::board(&self.standings, rule)],
            Plate::Outcomes => vec![chart::outcomes(&self.standings)],
            Plate::Thousand => {
                let first = self.pairs.first();
                first.and_then(|pair| self.thousand(grid, pair)).into_iter().collect()
            }
            Plate::Pairs => match self.pairs.first() {
                Some(first) if self.has_many_pairs() => vec![self.forest_of(grid, first.first)],
                _ => vec![chart::forest(grid, &self.pairs)],
            },
            Plate::Ranks => self.ranks(grid, None),
            Plate::Categories => vec![chart::heat_map(grid, &by_category(grid, rule), rule)],
            Plate::Cost => {
                vec![chart::cost_chart(grid, &frontier(grid, &self.standings, rule))]
            }
            Plate::Together => vec![chart::together(grid, &shared_errors(grid, rule))],
            Plate::Changed => changed(grid, journals, rule),
            Plate::Repeats => vec![chart::repeat_chart(grid, &repeated(grid, rule))],
            Plate::Confidence => confidence(grid, &calibrated(grid, journals)),
            Plate::Planning => {
                let plan = |pair| pair_plan(grid, pair, rule);
                let plans: Vec<_> = self.pairs.iter().filter_map(plan).collect();
                vec![chart::plan_list(grid, &plans)]
            }
        }
    }

    fn ranks(&self, grid: &Grid, drawn: Option<(&Joint, &[Bootstrap])>) -> Vec<Figure> {
        let (standings, pairs) = (&self.standings, &self.pairs);
        let joint = drawn.map(|(joint, _)| joint);
        let mut figures =
            vec![chart::rank_chart(grid, &ranked(standings, pairs, self.rule, joint))];
        figures.extend(drawn.map(|(_, found)| chart::resampled_list(grid, pairs, found)));
        figures
    }

    /// The picture of 1,000 questions of a pair.
    pub fn thousand(&self, grid: &Grid, pair: &Pair) -> Option<Figure> {
        let counts = thousand(grid, pair, self.rule);
        (0 < pair.n_items).then(|| chart::icon_array(grid, pair, &counts))
    }

    /// Whether all pairs together are too many to be read in one picture.
    pub fn has_many_pairs(&self) -> bool {
        MANY_PAIRS < self.pairs.len()
    }

    /// The forest plot of the pairs of one model, where all of them are too many to be read.
    pub fn forest_of(&self, grid: &Grid, model: usize) -> Figure {
        let has = |pair: &&Pair| pair.first == model || pair.second == model;
        let pairs: Vec<Pair> = self.pairs.iter().filter(has).cloned().collect();
        chart::forest(grid, &pairs)
    }
}

/// A plate that is being drawn, in steps of some hundredths of a second at most.
#[derive(Debug)]
pub enum Drawing {
    /// Nothing is done yet.
    Begun(Plate),
    /// Questions are being drawn anew for the ranks.
    Resampling(Box<Draws>),
    /// All questions are drawn; these are the first pairs of models over them.
    Comparing(Box<Joint>, Vec<Bootstrap>),
    /// Answers are being read for what they say of confidence: those of the models up to this one have been.
    Reading(usize, Vec<Calibrated>),
    /// All is there.
    Done(Vec<Figure>),
}

impl Drawing {
    /// The next step. What is done stays as it is.
    #[must_use]
    pub fn step(self, basis: &Basis, grid: &Grid, journals: &[&Journal]) -> Self {
        match self {
            Self::Begun(Plate::Ranks) => match draws(grid, &basis.standings, basis.rule) {
                Some(draws) => Self::Resampling(draws),
                None => Self::Done(basis.ranks(grid, None)),
            },
            Self::Begun(Plate::Confidence) => Self::Reading(0, vec![]),
            Self::Begun(plate) => Self::Done(basis.draw_at_once(grid, journals, plate)),
            Self::Resampling(draws) => match draws.go_on(N_A_STEP) {
                Ok(joint) => Self::Comparing(Box::new(joint), vec![]),
                Err(rest) => Self::Resampling(rest),
            },
            Self::Comparing(joint, mut found) if found.len() < basis.pairs.len() => {
                let next = basis.pairs.iter().skip(found.len()).take(N_PAIRS_A_STEP);
                let next: Vec<Pair> = next.cloned().collect();
                found.extend(resampled(&basis.standings, &next, basis.rule, &joint));
                Self::Comparing(joint, found)
            }
            Self::Comparing(joint, found) => Self::Done(basis.ranks(grid, Some((&joint, &found)))),
            Self::Reading(model, mut stated) if model < grid.models.len() => {
                stated.extend(calibrated_of(grid, journals, model));
                Self::Reading(model + 1, stated)
            }
            Self::Reading(_, stated) => Self::Done(confidence(grid, &stated)),
            Self::Done(figures) => Self::Done(figures),
        }
    }

    /// Whether the next step, or the last one, is part of resampling: for whoever measures it.
    pub fn is_resampling(&self) -> bool {
        matches!(self, Self::Resampling(_) | Self::Comparing(..))
    }
}

fn confidence(grid: &Grid, stated: &[Calibrated]) -> Vec<Figure> {
    let mut figures: Vec<Figure> = stated.iter().map(|one| chart::reliability(grid, one)).collect();
    if !stated.is_empty() {
        figures.push(chart::coverage(grid, stated));
    }
    figures
}

fn changed(grid: &Grid, journals: &[&Journal], rule: Unanswered) -> Vec<Figure> {
    let mut figures = vec![chart::drop_chart(grid, &shifts(grid, rule))];
    let steady = steadiness(grid, journals, rule);
    if !steady.is_empty() {
        figures.push(chart::steady_list(grid, &steady));
    }
    let places = place_bias(grid);
    if !places.is_empty() {
        figures.push(chart::place_list(grid, &places));
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn a_result_has_the_figures_that_it_can_fill_what_is_dangerous_first() {
        let class = Class::GeneralPurpose;
        let mut run = journal("a", &[("m", class, &["cicc"]), ("n", Class::Clinical, &["icci"])]);
        run.plan.items[1].tags.push("dosing".to_owned());
        let grid = Grid::of(&run);
        let basis = Basis::of(&grid, Unanswered::CountedWrong);
        let plates = basis.plates(&grid, &[&run]);
        assert_eq!(plates[..2], [Plate::Dangers, Plate::Board]);
        assert!(!plates.contains(&Plate::Repeats) && !plates.contains(&Plate::Changed));
        for plate in plates {
            let figures = basis.draw(&grid, &[&run], plate);
            assert_eq!(figures.is_empty(), plate == Plate::Confidence, "{plate:?}");
        }
        assert!(basis.pair(1, 0).is_some() && basis.pair(0, 1) == basis.pair(1, 0));
        assert_eq!(basis.forest_of(&grid, 0).table.rows.len(), 1);
    }

    #[test]
    fn one_model_has_no_pairs() {
        let run = journal("a", &[("m", Class::Clinical, &["ci"])]);
        let grid = Grid::of(&run);
        let plates = Basis::of(&grid, Unanswered::SetAside).plates(&grid, &[&run]);
        let known = [Plate::Board, Plate::Outcomes, Plate::Categories, Plate::Confidence];
        assert_eq!(plates, known);
    }

    #[test]
    fn every_plate_is_found_by_its_key() {
        for plate in Plate::ALL {
            assert_eq!(Plate::of_key(plate.key()), Some(plate));
        }
        assert_eq!(Plate::of_key("<script>"), None);
    }
}
