//! Owns the gates through which calls leave: one for each origin and model, with its learnt and its typed pace.

use std::collections::BTreeMap;

use super::limiter::{Bounds, Limiter};
use super::pace::{self, Pacer};
use super::plan::Plan;
use crate::provider::{Endpoint, ModelSpec, Pace, Seat, http};

/// Calls that a browser sends to a plain http address at once. A browser opens no more connections than this to one host
/// over HTTP/1.1; what is sent beyond waits unseen in the browser, where it would use up its time limit. Plain http is
/// always HTTP/1.1, since browsers speak HTTP/2 over TLS only.
const MAX_PLAIN_HTTP: u32 = 6;
/// Answers of baselines at once. They are computed in the page: a batch at a time, so that the page can draw between.
const BASELINE_AT_ONCE: u32 = 256;

/// Where the calls of one model leave. Providers limit the calls of a key to a model; a key is bound to an origin, so
/// origin and model id tell which calls are limited together. Other models of the same provider have gates of their own:
/// one that is dead holds none of their places.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub(super) limiter: Limiter,
    pub(super) pacer: Pacer,
    /// Indices of the lanes that share it.
    pub(super) lanes: Vec<usize>,
    /// Whose turn it is, as an index into `lanes`.
    pub(super) turn: usize,
    /// Index of its origin among those of the run.
    pub(super) origin: usize,
    /// When the typed pace lets the next call go, where that is what holds it.
    pub(super) paced_until: Option<u64>,
}

/// The gates of a run, the index of each lane's gate, and how many origins there are.
pub(super) struct Gates {
    pub(super) list: Vec<Gate>,
    pub(super) of_lane: Vec<usize>,
    pub(super) n_origins: usize,
}

/// The gates of a plan. `usual` are the bounds where nothing else is known.
pub(super) fn gates(plan: &Plan, usual: Bounds) -> Gates {
    let mut origins: BTreeMap<String, usize> = BTreeMap::new();
    let mut shared: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut gates: Vec<Gate> = vec![];
    let mut paces: Vec<Pace> = vec![];
    let mut gate_of = vec![];
    for (lane_idx, model) in plan.seats().enumerate() {
        // What has no endpoint leaves no page and shares nothing; its name for itself is no address.
        let origin = model.seat.endpoint().map_or_else(|| format!("#{lane_idx}"), origin_of);
        let model_id = model.seat.endpoint().map_or("", |endpoint| endpoint.model.as_str());
        let n_origins = origins.len();
        let origin_idx = *origins.entry(origin.clone()).or_insert(n_origins);
        let n_gates = gates.len();
        let gate_idx = *shared.entry((origin, model_id.to_owned())).or_insert(n_gates);
        if gate_idx == n_gates {
            gates.push(Gate {
                limiter: Limiter::new(bounds(model, usual)),
                pacer: Pacer::default(),
                lanes: vec![],
                turn: 0,
                origin: origin_idx,
                paced_until: None,
            });
            paces.push(Pace::default());
        }
        if let (Some(gate), Some(pace)) = (gates.get_mut(gate_idx), paces.get_mut(gate_idx)) {
            gate.lanes.push(lane_idx);
            *pace = pace::stricter(*pace, model.pace);
        }
        gate_of.push(gate_idx);
    }
    for (gate, pace) in gates.iter_mut().zip(paces) {
        gate.pacer = Pacer::new(pace);
    }
    Gates { list: gates, of_lane: gate_of, n_origins: origins.len() }
}

fn origin_of(endpoint: &Endpoint) -> String {
    http::origin(&endpoint.base_url).unwrap_or_else(|| endpoint.base_url.clone())
}

fn bounds(model: &ModelSpec, usual: Bounds) -> Bounds {
    match &model.seat {
        Seat::Api(endpoint) if origin_of(endpoint).starts_with("http://") => {
            Bounds { start: usual.start.min(MAX_PLAIN_HTTP), max: usual.max.min(MAX_PLAIN_HTTP) }
        }
        Seat::Baseline { .. } => Bounds { start: BASELINE_AT_ONCE, max: BASELINE_AT_ONCE },
        Seat::Api(_) | Seat::BrowserModel | Seat::Person | Seat::Paste | Seat::Recorded => usual,
    }
}
