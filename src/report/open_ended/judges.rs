//! Owns the figures about the judges themselves: what they judged, how far they agree, and what to be warned of.

use std::fmt;

use super::{OpenStanding, counted_items, gradable};
use crate::dataset::Kind;
use crate::prompt::JudgeTemplate;
use crate::provider::{Maker, ModelSpec, is_same_model};
use crate::report::gradebook::Gradebook;
use crate::report::{CONFIDENCE, RESAMPLING};
use crate::run::{Judging, Plan};
use crate::score::rubric::Rule;
use crate::stats::Interval;
use crate::stats::agreement::{
    Level, Weights, cohen_kappa, fleiss_kappa, krippendorff_alpha, krippendorff_interval,
    percent_agreement,
};

/// What one judge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeCount {
    /// Index into the plan's judges.
    pub judge: usize,
    /// Its name.
    pub name: String,
    /// Judgements with verdicts.
    pub n_judged: usize,
    /// Judgements that ended without one. They are missing, and never "not met".
    pub n_failed: usize,
    /// Of those with verdicts, the ones that a later try brought.
    pub n_repaired: usize,
    /// Its verdicts that a person overruled.
    pub n_overruled: usize,
}

/// What each judge did.
pub fn judge_counts(plan: &Plan, book: &Gradebook) -> Vec<JudgeCount> {
    let judges = plan.judges().iter().enumerate();
    judges
        .map(|(judge, spec)| JudgeCount {
            judge,
            name: spec.name.clone(),
            n_judged: book.n_judged(judge),
            n_failed: book.n_failed(judge),
            n_repaired: book.n_repaired(judge),
            n_overruled: book.n_overruled_of(judge),
        })
        .collect()
}

/// How far judges agree on whether criteria are met.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Criteria with verdicts of at least two judges.
    pub n_units: usize,
    /// Share of the pairs of verdicts that are the same.
    pub percent: f64,
    /// Krippendorff's alpha, nominal; `None` where it is not defined, as when every verdict is the same.
    pub alpha: Option<f64>,
    /// Its 95 % interval, by bootstrap samples of the items.
    pub alpha_interval: Option<Interval>,
    /// Fleiss' kappa over the criteria that all judges judged.
    pub fleiss: Option<f64>,
    /// Every pair of judges.
    pub pairs: Vec<PairAgreement>,
}

/// How far two judges agree.
#[derive(Debug, Clone, PartialEq)]
pub struct PairAgreement {
    /// Index of one judge …
    pub first: usize,
    /// … and of the other.
    pub second: usize,
    /// Criteria that both judged.
    pub n: usize,
    /// Share with the same verdict; `None` without any.
    pub percent: Option<f64>,
    /// Cohen's kappa; `None` where it is not defined.
    pub kappa: Option<f64>,
}

/// How far the judges agree on the items with rubrics; `None` where no criterion has verdicts of two.
pub fn agreement(plan: &Plan, book: &Gradebook) -> Option<Agreement> {
    let n_judges = plan.judges().len();
    let (mut units, mut clusters): (Vec<Vec<Option<f64>>>, Vec<usize>) = (vec![], vec![]);
    for item_idx in counted_items(plan) {
        let Some(Kind::Rubric(rubric)) = plan.items.get(item_idx).map(|item| &item.kind) else {
            continue;
        };
        for model in 0..plan.models.len() {
            for answer in gradable(plan, book, model, item_idx) {
                for criterion in 0..rubric.criteria.len() {
                    let votes = answer.ballots.iter().map(|ballot| {
                        let met = ballot.get(criterion).copied().flatten()?.met()?;
                        Some(f64::from(u8::from(met)))
                    });
                    units.push(votes.collect());
                    clusters.push(item_idx);
                }
            }
        }
    }
    let n_units = units.iter().filter(|unit| 2 <= unit.iter().flatten().count()).count();
    let level = Level::Nominal;
    let cluster_of = |unit: usize| clusters.get(unit).copied().unwrap_or(0);
    let mut pairs = vec![];
    for first in 0..n_judges {
        for second in first + 1..n_judges {
            pairs.push(pair(&units, first, second));
        }
    }
    Some(Agreement {
        n_units,
        percent: percent_agreement(&units)?,
        alpha: krippendorff_alpha(&units, level),
        alpha_interval: krippendorff_interval(&units, cluster_of, level, RESAMPLING, CONFIDENCE),
        fleiss: fleiss_kappa(&table(&units, n_judges)),
        pairs,
    })
}

/// How many judges say "not met" and "met", of the criteria that all of them judged.
fn table(units: &[Vec<Option<f64>>], n_judges: usize) -> Vec<Vec<usize>> {
    let whole = units.iter().filter(|unit| unit.iter().flatten().count() == n_judges);
    let row = |unit: &Vec<Option<f64>>| {
        let n_met = unit.iter().flatten().filter(|vote| 0.5 < **vote).count();
        vec![n_judges - n_met, n_met]
    };
    whole.map(row).collect()
}

fn pair(units: &[Vec<Option<f64>>], first: usize, second: usize) -> PairAgreement {
    let vote = |unit: &[Option<f64>], judge: usize| {
        unit.get(judge).copied().flatten().map(|vote| usize::from(0.5 < vote))
    };
    let both: Vec<(usize, usize)> =
        units.iter().filter_map(|unit| Some((vote(unit, first)?, vote(unit, second)?))).collect();
    let n_same = both.iter().filter(|(one, other)| one == other).count();
    PairAgreement {
        first,
        second,
        n: both.len(),
        percent: (!both.is_empty()).then(|| n_same as f64 / both.len() as f64),
        kappa: cohen_kappa(&both, 2, Weights::Unweighted),
    }
}

/// What a reader of the figures must know.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// A judge grades itself.
    JudgeIsContestant {
        /// Name of the judge.
        judge: String,
        /// Name of the model.
        model: String,
    },
    /// A judge grades a model of its maker.
    SameMaker {
        /// Name of the judge.
        judge: String,
        /// Name of the model.
        model: String,
        /// Who made both.
        maker: Maker,
    },
    /// Nobody is left to grade a model.
    NoJudge {
        /// Name of the model.
        model: String,
    },
    /// One call for all criteria is another instrument than HealthBench's.
    AllAtOnce,
    /// Verdicts are missing.
    Coverage {
        /// Name of the model.
        model: String,
        /// Share of its criteria that were decided.
        coverage: f64,
    },
    /// Two rules disagree by a point or more, or in the order of the models.
    RulesDiffer {
        /// One rule, by which the figures are ordered …
        shown: Rule,
        /// … and the other.
        other: Rule,
        /// The model whose score differs most.
        model: String,
        /// By how much: the other rule's score less that of the first.
        difference: f64,
        /// Whether the models come in another order.
        is_order_changed: bool,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JudgeIsContestant { judge, model } if judge == model => {
                write!(f, "{judge} judges its own answers. Read its ranking under the other judges.")
            }
            Self::JudgeIsContestant { judge, model } => write!(
                f,
                "The judge {judge} is the model {model}: it judges its own answers. Read its ranking under the other judges."
            ),
            Self::SameMaker { judge, model, maker } => write!(
                f,
                "The judge {judge} and the model {model} are both of {}. Judges tend to favour their kin.",
                maker.name()
            ),
            Self::NoJudge { model } => {
                write!(f, "No judge is left for {model}: all are of its maker. It has no score.")
            }
            Self::AllAtOnce => f.write_str(
                "All criteria were judged in one call. HealthBench judges each in a call of its own: do not compare these scores with its.",
            ),
            Self::Coverage { model, coverage } => write!(
                f,
                "Verdicts are missing: {:.1} % of the criteria of {model} were decided. The rest is kept out of its score.",
                100.0 * coverage
            ),
            Self::RulesDiffer { shown, other, model, difference, is_order_changed } => {
                write!(
                    f,
                    "By the {} instead of the {}, the score of {model} changes by {} points",
                    other.title(),
                    shown.title(),
                    format!("{:+.1}", 100.0 * difference).replace('-', "−")
                )?;
                f.write_str(if *is_order_changed {
                    ", and the models come in another order."
                } else {
                    "; the order of the models stays."
                })
            }
        }
    }
}

/// A difference between rules from this on is worth a word.
const WORTH_TELLING: f64 = 0.01;

/// What a reader of this leaderboard must know, which is ordered by `rule`.
pub fn warnings(plan: &Plan, standings: &[OpenStanding], rule: Rule) -> Vec<Warning> {
    let Some(judging) = &plan.judging else { return vec![] };
    let mut warnings = vec![];
    for standing in standings {
        let Some(spec) = plan.models.get(standing.model) else { continue };
        let model = || spec.name.clone();
        let of_judges = warnings_of_judges(judging, spec);
        let is_judged = !matches!(of_judges.as_slice(), [Warning::NoJudge { .. }]);
        warnings.extend(of_judges);
        if is_judged && standing.n_decided < standing.n_criteria {
            warnings.push(Warning::Coverage { model: model(), coverage: standing.coverage() });
        }
    }
    if judging.template == JudgeTemplate::AllAtOnce {
        warnings.push(Warning::AllAtOnce);
    }
    let others = Rule::ALL.into_iter().filter(|other| *other != rule);
    warnings.extend(others.filter_map(|other| rules_differ(standings, rule, other)));
    warnings
}

/// What a person must know of a grading before it begins.
pub fn warnings_before(plan: &Plan) -> Vec<Warning> {
    let Some(judging) = &plan.judging else { return vec![] };
    let of_judges = plan.models.iter().flat_map(|model| warnings_of_judges(judging, model));
    let is_another = judging.template == JudgeTemplate::AllAtOnce
        && plan.items.iter().any(|item| matches!(item.kind, Kind::Rubric(_)));
    of_judges.chain(is_another.then_some(Warning::AllAtOnce)).collect()
}

/// Judges that are the model that they judge, or of its maker; or that nobody is left.
fn warnings_of_judges(judging: &Judging, model: &ModelSpec) -> Vec<Warning> {
    let sitting: Vec<&ModelSpec> =
        judging.judges.iter().filter(|judge| judging.sits_over(judge, model)).collect();
    if sitting.is_empty() {
        return vec![Warning::NoJudge { model: model.name.clone() }];
    }
    let warnings = sitting.into_iter().filter_map(|judge| {
        let (name, of) = (judge.name.clone(), model.name.clone());
        if is_same_model(judge, model) {
            return Some(Warning::JudgeIsContestant { judge: name, model: of });
        }
        let maker = Maker::of(judge).filter(|maker| Maker::of(model) == Some(*maker))?;
        Some(Warning::SameMaker { judge: name, model: of, maker })
    });
    warnings.collect()
}

fn rules_differ(standings: &[OpenStanding], shown: Rule, other: Rule) -> Option<Warning> {
    let values: Vec<(&OpenStanding, f64, f64)> = standings
        .iter()
        .filter_map(|it| Some((it, it.score(shown)?.value, it.score(other)?.value)))
        .collect();
    let difference = |entry: &(&OpenStanding, f64, f64)| entry.2 - entry.1;
    let most = values.iter().max_by(|a, b| difference(a).abs().total_cmp(&difference(b).abs()))?;
    // Equal scores have no order to change.
    let is_turned = |a: &(&OpenStanding, f64, f64), b: &(&OpenStanding, f64, f64)| {
        (a.1 - b.1) * (a.2 - b.2) < 0.0
    };
    let is_order_changed = values.iter().any(|a| values.iter().any(|b| is_turned(a, b)));
    (is_order_changed || WORTH_TELLING <= difference(most).abs()).then(|| Warning::RulesDiffer {
        shown,
        other,
        model: most.0.name.clone(),
        difference: difference(most),
        is_order_changed,
    })
}
