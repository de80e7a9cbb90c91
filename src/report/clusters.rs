//! Owns what holds where items share a case or a source: standard errors with those as clusters.

use std::collections::BTreeMap;

use super::CONFIDENCE;
use super::grid::Grid;
use super::leaderboard::count;
use super::ranking::RESAMPLING;
use super::rule::Unanswered;
use crate::dataset::Item;
use crate::run::Journal;
use crate::stats::Interval;
use crate::stats::bootstrap::{Bootstrap, of_clusters};
use crate::stats::cluster::{ClusteredMean, clustered_mean};

/// For each item of the grid the number of its cluster, counted from 0. Items belong together when they have the same
/// passages, or else the same source to the section; an item without either is a cluster of its own, and a variant belongs
/// to the cluster of its item.
pub fn clusters(grid: &Grid, journals: &[&Journal]) -> Vec<usize> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::with_capacity(grid.items.len());
    for row in &grid.items {
        let item = journals.get(row.run).and_then(|journal| journal.plan.items.get(row.item));
        let own = || format!("item\n{}\n{}", row.run, crate::dataset::variant::root_of(&row.id));
        let key = item.and_then(shared_with).unwrap_or_else(own);
        let next = known.len();
        found.push(*known.entry(key).or_insert(next));
    }
    found
}

/// What an item may share with others.
fn shared_with(item: &Item) -> Option<String> {
    if !item.context.is_empty() {
        return Some(format!("case\n{}", item.context.join("\n")));
    }
    let source = item.source.as_ref()?;
    Some(format!("source\n{}\n{}\n{}", source.organization, source.title, source.locator))
}

/// The accuracy of a model with items of one cluster allowed to resemble each other, 95 % Student's interval over clusters
/// inside. `None` where nothing counts.
pub fn clustered_accuracy(
    grid: &Grid,
    model: usize,
    clusters: &[usize],
    rule: Unanswered,
) -> Option<(ClusteredMean, Option<Interval>)> {
    let mut sums: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    for (item, cluster) in clusters.iter().enumerate().filter(|(item, _)| grid.counts(*item)) {
        let (right, n) = count(rule, grid.trials(model, item));
        let sum = sums.entry(*cluster).or_default();
        *sum = (sum.0 + right as f64, sum.1 + n);
    }
    let mean = clustered_mean(&sums.into_values().collect::<Vec<_>>())?;
    let interval = mean.interval(CONFIDENCE).map(|interval| interval.within(0.0, 1.0));
    Some((mean, interval))
}

/// The difference of two models over the items that count for both, clusters drawn together: by formula, and by the paired
/// cluster bootstrap.
pub fn clustered_difference(
    grid: &Grid,
    [first, second]: [usize; 2],
    clusters: &[usize],
    rule: Unanswered,
) -> Option<(ClusteredMean, Option<Bootstrap>)> {
    let mut sums: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    for (item, cluster) in clusters.iter().enumerate().filter(|(item, _)| grid.counts(*item)) {
        let (a, n) = count(rule, grid.trials(first, item));
        let (b, m) = count(rule, grid.trials(second, item));
        if n > 0 && m > 0 {
            let sum = sums.entry(*cluster).or_default();
            *sum = (sum.0 + a as f64 / n as f64 - b as f64 / m as f64, sum.1 + 1);
        }
    }
    let sums: Vec<(f64, usize)> = sums.into_values().collect();
    let weighed: Vec<(f64, f64)> = sums.iter().map(|(sum, n)| (*sum, *n as f64)).collect();
    Some((clustered_mean(&sums)?, of_clusters(&weighed, RESAMPLING)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    #[test]
    fn items_of_one_passage_are_one_cluster_and_the_known_error_comes_out() {
        // The toy of the reference: clusters of three with 2, 1, 3, 2 right.
        let class = Class::GeneralPurpose;
        let run = journal("a", &[("m", class, &["ccciciccicci"]), ("n", class, &["cccccccccccc"])]);
        let mut run = Journal { plan: run.plan.clone(), ..run };
        for (idx, item) in run.plan.items.iter_mut().enumerate() {
            // Right are 0, 1, 2 / 4, 6, 7 / 9, 10: put into clusters as the toy has them.
            let cluster = match idx {
                0 | 1 | 3 => "a",
                2 | 5 | 8 => "b",
                4 | 6 | 7 => "c",
                _ => "d",
            };
            item.context = vec![cluster.to_owned()];
        }
        let grid = Grid::of(&run);
        let clusters = clusters(&grid, &[&run]);
        assert_eq!(clusters.iter().max(), Some(&3));
        let rule = Unanswered::CountedWrong;
        let (mean, interval) = clustered_accuracy(&grid, 0, &clusters, rule).unwrap();
        assert!((mean.uncorrected_error - 0.117_851_13).abs() < 1e-8);
        assert!((mean.standard_error.unwrap() - 0.136_082_76).abs() < 1e-8);
        assert!(interval.unwrap().high <= 1.0);
        let (difference, bootstrap) = clustered_difference(&grid, [1, 0], &clusters, rule).unwrap();
        assert!((difference.mean - 1.0 / 3.0).abs() < 1e-12);
        assert!((bootstrap.unwrap().estimate - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn items_that_share_nothing_are_clusters_of_their_own() {
        let run = journal("a", &[("m", Class::Clinical, &["cci"])]);
        assert_eq!(clusters(&Grid::of(&run), &[&run]), [0, 1, 2]);
    }
}
