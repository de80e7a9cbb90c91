//! Owns how whose verdicts count, by which rule, and which graded items are listed stand in an address.

use crate::report::gradebook::By;
use crate::report::items::GradeFilter;
use crate::run::Plan;
use crate::score::PanelRule;
use crate::score::rubric::Rule;

const PANELS: [(PanelRule, &str); 4] = [
    (PanelRule::Majority, "majority"),
    (PanelRule::MajorityEvenIsNotMet, "majority-even-not-met"),
    (PanelRule::Mean, "mean"),
    (PanelRule::EachApart, "apart"),
];
const RULES: [(Rule, &str); 3] =
    [(Rule::HealthBench, "healthbench"), (Rule::Pooled, "pooled"), (Rule::ClippedEach, "clipped")];

/// Whose verdicts count, as it stands in an address: `mean`, `judge-1`.
pub fn by_name(by: By) -> String {
    match by {
        By::Panel(rule) => {
            PANELS.iter().find(|(known, _)| *known == rule).map_or("", |(_, name)| name).to_owned()
        }
        By::Judge(judge) => format!("judge-{judge}"),
    }
}

/// Reads [`by_name`]; what is not understood, or names a judge that is not there, is as the run was planned.
pub fn by_of(name: &str, plan: &Plan) -> By {
    let planned = plan.judging.as_ref().map_or(PanelRule::default(), |judging| judging.panel);
    let panel = PANELS.iter().find(|(_, known)| *known == name).map(|(rule, _)| By::Panel(*rule));
    let judge = name.strip_prefix("judge-").and_then(|number| number.parse().ok());
    let judge = judge.filter(|judge| *judge < plan.judges().len()).map(By::Judge);
    panel.or(judge).unwrap_or(By::Panel(planned))
}

/// A rule as it stands in an address.
pub fn rule_name(rule: Rule) -> &'static str {
    RULES.iter().find(|(known, _)| *known == rule).map_or("", |(_, name)| name)
}

/// Reads [`rule_name`]; what is not understood is `HealthBench`'s own.
pub fn rule_of(name: &str) -> Rule {
    RULES.iter().find(|(_, known)| *known == name).map_or(Rule::HealthBench, |(rule, _)| *rule)
}

pub(super) fn grade_filter_name(filter: GradeFilter) -> String {
    match filter {
        GradeFilter::Missing => "verdicts-missing".to_owned(),
        GradeFilter::JudgesDiffer => "judges-differ".to_owned(),
        GradeFilter::Overruled => "overruled".to_owned(),
        GradeFilter::Score { low: None, high } => format!("score-under-{high}"),
        GradeFilter::Score { low: Some(low), high } => format!("score-{low}-{high}"),
    }
}

pub(super) fn grade_filter_of(parts: &[&str]) -> Option<GradeFilter> {
    let number = |text: &str| text.parse::<u8>().ok();
    match parts {
        ["verdicts", "missing"] => Some(GradeFilter::Missing),
        ["judges", "differ"] => Some(GradeFilter::JudgesDiffer),
        ["overruled"] => Some(GradeFilter::Overruled),
        ["score", "under", high] => Some(GradeFilter::Score { low: None, high: number(high)? }),
        ["score", low, high] => {
            Some(GradeFilter::Score { low: Some(number(low)?), high: number(high)? })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::items::Filter;
    use crate::report::link::{filter_name, filter_of};

    #[test]
    fn filters_by_grades_survive_their_own_names() {
        let odd = GradeFilter::Score { low: Some(10), high: 20 };
        let all = [GradeFilter::Missing, GradeFilter::JudgesDiffer, GradeFilter::Overruled, odd];
        for filter in all.into_iter().chain(GradeFilter::BANDS) {
            assert_eq!(filter_of(&filter_name(Filter::Grades(filter)), 1), Filter::Grades(filter));
        }
        for name in ["score-x-2", "score-1-999", "score", "verdicts-<script>"] {
            assert_eq!(filter_of(name, 1), Filter::All, "{name}");
        }
    }

    #[test]
    fn whose_verdicts_count_survives_its_own_name() {
        let class = crate::provider::Class::GeneralPurpose;
        let mut plan = crate::run::fixture::journal("a", &[("m", class, &["--"])]).plan;
        let judge = plan.models[0].clone();
        plan.judging = Some(crate::run::Judging::by(vec![judge.clone(), judge]));
        let panels = PanelRule::ALL.map(By::Panel);
        for by in panels.into_iter().chain([By::Judge(0), By::Judge(1)]) {
            assert_eq!(by_of(&by_name(by), &plan), by);
        }
        for name in ["", "judge-2", "judge-", "<script>"] {
            assert_eq!(by_of(name, &plan), By::Panel(PanelRule::Majority), "{name}");
        }
        for rule in Rule::ALL {
            assert_eq!(rule_of(rule_name(rule)), rule);
        }
    }
}
