//! Owns what the page shows of a run at one moment; compared, so that only what changed is drawn anew.

use crate::browser::driver::Driver;
use crate::provider::batch::Standing;
use crate::provider::{Delivery, Endpoint, ModelSpec, Seat, Setting};
use crate::report::VerdictCounts;
use crate::run::progress::LaneProgress;
use crate::run::{Spending, Stop};
use crate::ui::words;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Snapshot {
    pub(super) lanes: Vec<Lane>,
    pub(super) is_going: bool,
    pub(super) is_over: bool,
    pub(super) is_complete: bool,
    pub(super) n_failed: usize,
    pub(super) spending: Spending,
    /// Models that charge, nobody knows how much.
    pub(super) unpriced: Vec<String>,
    pub(super) missing_keys: Vec<String>,
    pub(super) store_error: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lane {
    pub(super) name: String,
    /// Where it is a judge's: its verdicts so far.
    pub(super) verdicts: Option<VerdictCounts>,
    /// Whether more may be put to it than is known yet: a judge waits for answers.
    pub(super) is_growing: bool,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) is_streamed: bool,
    pub(super) progress: LaneProgress,
    pub(super) outcomes: String,
    pub(super) adapted: Vec<(Setting, String)>,
    /// When batches are asked after next, milliseconds since 1970.
    pub(super) next_look: Option<u64>,
    /// What batches of this model are, if it is asked by them.
    pub(super) batch: Option<Standing>,
    /// Why its batches could not be asked after the last time.
    pub(super) batch_trouble: Option<String>,
}

impl Snapshot {
    pub(super) fn of(driver: &Driver) -> Self {
        driver.with(|run| {
            let plan = &run.journal().plan;
            let next_look = run.next_look();
            // Models whose answers are those of an earlier run are not asked.
            let is_regrading = plan.graded_run().is_some();
            let progress: Vec<LaneProgress> = run
                .progress()
                .into_iter()
                .filter(|lane| !is_regrading || lane.judge_idx.is_some())
                .collect();
            let is_answering = progress
                .iter()
                .filter(|lane| lane.judge_idx.is_none())
                .any(|lane| lane.n_answered + lane.n_failed < lane.n_total);
            let lanes: Vec<Lane> = progress
                .into_iter()
                .filter_map(|progress| {
                    let spec = plan.seats().nth(progress.model_idx)?;
                    let is_judge = progress.judge_idx.is_some();
                    let counts = run.counts(progress.model_idx)?;
                    let endpoint = spec.seat.endpoint();
                    let delivery = endpoint.map(|endpoint| endpoint.settings.delivery);
                    Some(Lane {
                        name: spec.name.clone(),
                        verdicts: is_judge.then_some(counts.verdicts),
                        is_growing: is_judge && is_answering,
                        endpoint: endpoint.cloned(),
                        is_streamed: delivery == Some(Delivery::Streamed),
                        outcomes: words::ended(&counts.tally),
                        adapted: counts.adapted.clone(),
                        batch: endpoint
                            .filter(|_| delivery == Some(Delivery::Batch) && !is_judge)
                            .map(Standing::of),
                        batch_trouble: run.batch_trouble(progress.model_idx),
                        next_look: next_look.filter(|_| 0 < progress.n_batches),
                        progress,
                    })
                })
                .collect();
            Self {
                n_failed: lanes.iter().map(|lane| lane.progress.n_failed).sum(),
                lanes,
                is_going: run.is_going(),
                is_over: run.is_over(),
                is_complete: run.is_complete(),
                spending: run.spending(),
                unpriced: plan
                    .seats()
                    .skip(if is_regrading { plan.models.len() } else { 0 })
                    .filter(|model| is_unpriced(model))
                    .map(name)
                    .collect(),
                missing_keys: run.missing_keys(),
                store_error: run.store_error(),
            }
        })
    }

    /// Judgements that ended without a verdict.
    pub(super) fn n_missing(&self) -> usize {
        let judges = self.lanes.iter().filter(|lane| lane.verdicts.is_some());
        judges.map(|lane| lane.progress.n_failed).sum()
    }

    /// Whether some model is not asked on because of the budget.
    pub(super) fn is_held_by_budget(&self) -> bool {
        let stops = self.lanes.iter().filter_map(|lane| lane.progress.stopped.as_ref());
        stops.into_iter().any(|stop| matches!(stop, Stop::Budget | Stop::NoPrice))
    }
}

fn is_unpriced(model: &ModelSpec) -> bool {
    matches!(model.seat, Seat::Api(_)) && model.price.is_none()
}

fn name(model: &ModelSpec) -> String {
    model.name.clone()
}
