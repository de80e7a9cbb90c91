//! Owns scores by theme and axis: of the items that share a tag or a category, or of the criteria that share a tag.

use std::collections::BTreeSet;

use super::{Score, counted_items, earned, resample};
use crate::dataset::{Criterion, Item, Kind};
use crate::report::gradebook::{By, Gradebook};
use crate::run::Plan;
use crate::score::rubric::{Points, Rule, Sums};

/// The scores of one theme or axis.
#[derive(Debug, Clone, PartialEq)]
pub struct TagScores {
    /// Such as `theme:hedging`, `axis:accuracy`, or the name of a category.
    pub tag: String,
    /// Items with it.
    pub n_items: usize,
    /// By index into the plan's models; `None` where nothing could be earned.
    pub scores: Vec<Option<Score>>,
    /// By index into the plan's models: criteria of its answers with a decision, and all of them.
    pub verdicts: Vec<(usize, usize)>,
}

/// What items or criteria are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Group {
    /// Items with this tag, each with its whole score.
    ItemTag(String),
    /// Items of this category, each with its whole score.
    Category(String),
    /// Criteria with this tag, scored by themselves.
    CriterionTag(String),
}

impl Group {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::ItemTag(name) | Self::Category(name) | Self::CriterionTag(name) => name,
        }
    }

    pub(super) fn holds(&self, item: &Item) -> bool {
        match self {
            Self::ItemTag(tag) => item.tags.contains(tag),
            Self::Category(category) => item.category == *category,
            Self::CriterionTag(tag) => criteria(item).any(|criterion| criterion.tags.contains(tag)),
        }
    }

    fn counts(&self, criterion: &Criterion) -> bool {
        match self {
            Self::ItemTag(_) | Self::Category(_) => true,
            Self::CriterionTag(tag) => criterion.tags.contains(tag),
        }
    }
}

fn criteria(item: &Item) -> impl Iterator<Item = &Criterion> {
    let rubric = match &item.kind {
        Kind::Rubric(rubric) => Some(rubric),
        _ => None,
    };
    rubric.into_iter().flat_map(|rubric| &rubric.criteria)
}

/// The tags of items that begin with `prefix`, sorted.
pub(super) fn item_tags(plan: &Plan, prefix: &str) -> Vec<Group> {
    names(plan, |item| item.tags.iter().filter(|tag| tag.starts_with(prefix)).cloned().collect())
        .map(Group::ItemTag)
        .collect()
}

/// The categories of items, sorted; none where there is but one.
pub(super) fn categories(plan: &Plan) -> Vec<Group> {
    let groups: Vec<Group> =
        names(plan, |item| vec![item.category.clone()]).map(Group::Category).collect();
    if groups.len() < 2 { vec![] } else { groups }
}

/// The tags of criteria that begin with `prefix`, sorted.
pub(super) fn criterion_tags(plan: &Plan, prefix: &str) -> Vec<Group> {
    let of = |item: &Item| {
        let tags = criteria(item).flat_map(|criterion| &criterion.tags);
        tags.filter(|tag| tag.starts_with(prefix)).cloned().collect()
    };
    names(plan, of).map(Group::CriterionTag).collect()
}

fn names(plan: &Plan, of: impl Fn(&Item) -> Vec<String>) -> impl Iterator<Item = String> {
    let items = counted_items(plan).into_iter().filter_map(|idx| plan.items.get(idx));
    let names: BTreeSet<String> = items.flat_map(of).collect();
    names.into_iter()
}

/// A group before any model's score.
pub(super) fn empty(plan: &Plan, group: &Group) -> TagScores {
    TagScores {
        tag: group.name().to_owned(),
        n_items: items_of(plan, group).len(),
        scores: vec![],
        verdicts: vec![],
    }
}

fn items_of(plan: &Plan, group: &Group) -> Vec<usize> {
    let holds = |idx: &usize| plan.items.get(*idx).is_some_and(|item| group.holds(item));
    counted_items(plan).into_iter().filter(holds).collect()
}

/// The score of one model in a group, with its criteria decided and in all.
pub(super) fn score_of(
    (plan, book): (&Plan, &Gradebook),
    by: By,
    rule: Rule,
    group: &Group,
    model: usize,
) -> (Option<Score>, (usize, usize)) {
    let mut verdicts = (0, 0);
    let mut sums = vec![];
    for item in items_of(plan, group) {
        let points = earned((plan, book), by, model, item, |criterion| group.counts(criterion));
        for Points { n_judged, n_missing, .. } in &points {
            verdicts.0 += n_judged;
            verdicts.1 += n_judged + n_missing;
        }
        sums.push(Sums::of(&points));
    }
    (resample::score(rule, &sums), verdicts)
}

fn table(
    (plan, book): (&Plan, &Gradebook),
    by: By,
    rule: Rule,
    groups: &[Group],
) -> Vec<TagScores> {
    let of = |group: &Group| {
        let models = 0..plan.models.len();
        let (scores, verdicts) =
            models.map(|model| score_of((plan, book), by, rule, group, model)).unzip();
        TagScores { scores, verdicts, ..empty(plan, group) }
    };
    groups.iter().map(of).collect()
}

/// Scores by theme, or by category where items have no themes.
pub fn by_theme(plan: &Plan, book: &Gradebook, by: By, rule: Rule) -> Vec<TagScores> {
    table((plan, book), by, rule, &themes(plan))
}

/// Scores by axis, or by whatever tags the criteria have; those by which nothing can be earned are left out.
pub fn by_axis(plan: &Plan, book: &Gradebook, by: By, rule: Rule) -> Vec<TagScores> {
    let mut axes = table((plan, book), by, rule, &axes(plan));
    axes.retain(|axis| axis.scores.iter().any(Option::is_some));
    axes
}

/// The themes of items, or their categories where they have none.
pub(super) fn themes(plan: &Plan) -> Vec<Group> {
    let themes = item_tags(plan, "theme:");
    if themes.is_empty() { categories(plan) } else { themes }
}

/// The axes of criteria, or whatever tags they have.
pub(super) fn axes(plan: &Plan) -> Vec<Group> {
    let axes = criterion_tags(plan, "axis:");
    if axes.is_empty() { criterion_tags(plan, "") } else { axes }
}

/// Scores by the tags of items that begin with `prefix`, such as `theme:`: each with the whole scores of its items.
pub fn by_item_tag(
    plan: &Plan,
    book: &Gradebook,
    by: By,
    rule: Rule,
    prefix: &str,
) -> Vec<TagScores> {
    table((plan, book), by, rule, &item_tags(plan, prefix))
}

/// Scores by the tags of criteria that begin with `prefix`, such as `axis:`: each by its own criteria, where points can be
/// earned by them.
pub fn by_criterion_tag(
    plan: &Plan,
    book: &Gradebook,
    by: By,
    rule: Rule,
    prefix: &str,
) -> Vec<TagScores> {
    table((plan, book), by, rule, &criterion_tags(plan, prefix))
}
