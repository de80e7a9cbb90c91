//! Owns what the page shows of a run at one moment; compared, so that only what changed is drawn anew.

use crate::browser::driver::Driver;
use crate::provider::batch::Standing;
use crate::provider::{Delivery, Endpoint, ModelSpec, Seat, Setting};
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
            let lanes: Vec<Lane> = run
                .progress()
                .into_iter()
                .filter_map(|progress| {
                    let spec = plan.models.get(progress.model_idx)?;
                    let counts = run.counts(progress.model_idx)?;
                    let endpoint = spec.seat.endpoint();
                    let delivery = endpoint.map(|endpoint| endpoint.settings.delivery);
                    Some(Lane {
                        name: spec.name.clone(),
                        endpoint: endpoint.cloned(),
                        is_streamed: delivery == Some(Delivery::Streamed),
                        outcomes: words::ended(&counts.tally),
                        adapted: counts.adapted.clone(),
                        batch: endpoint
                            .filter(|_| delivery == Some(Delivery::Batch))
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
                unpriced: plan.models.iter().filter(|model| is_unpriced(model)).map(name).collect(),
                missing_keys: run.missing_keys(),
                store_error: run.store_error(),
            }
        })
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
