//! Owns what a plan waits for: the set that examples are drawn from, and variants, which are made some at a time so that the
//! page stays alive.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::clock;
use crate::dataset::variant::{Change, Family};
use crate::run::AddedVariants;
use crate::run::draft::{Part, VariantMaker};
use crate::ui::state::{Pool, ShotSource, State, parts_of};

/// Items of which variants are made before the browser gets a turn to draw: changing the person of a case takes a tenth of a
/// millisecond and more.
const N_AT_ONCE: usize = 20;
/// Larger sets are not searched whole for examples.
const LARGE_POOL: usize = 5_000;
/// How many more than what is asked and wanted are drawn from a larger set, since some may be of another kind.
const SPARE: usize = 500;

/// Counts rounds, so that a later one ends an earlier one.
#[derive(Clone, Copy)]
struct Rounds(StoredValue<u32>);

impl Rounds {
    fn begin(self) -> impl Fn() -> bool {
        self.0.update_value(|round| *round += 1);
        let this = self.0.get_value();
        // A page that was left has no rounds.
        move || self.0.try_get_value() == Some(this)
    }
}

/// What examples are drawn from, as it is asked for.
#[derive(Debug, Clone, PartialEq)]
struct PoolRequest {
    source: ShotSource,
    n: usize,
    seed: u64,
}

/// Brings what examples are drawn from whenever the wish for it changes.
pub(super) fn keep_pool(state: State) {
    let asking = state.asking();
    let rounds = Rounds(StoredValue::new(0));
    let request = Memo::new(move |_| {
        let n_shots = usize::try_from(asking.n_shots.get()).unwrap_or(usize::MAX);
        let source = state.shelf.with(|shelf| asking.source(shelf)).filter(|_| 0 < n_shots)?;
        let n_asked: usize = parts_of(state).iter().map(|part| part.items.len()).sum();
        let n = n_asked.saturating_add(n_shots).saturating_add(SPARE).max(LARGE_POOL);
        Some(PoolRequest { source, n, seed: asking.shots_seed.get() })
    });
    Effect::new(move |_| {
        let is_current = rounds.begin();
        asking.pool.set(Pool::Missing);
        let Some(PoolRequest { source, n, seed }) = request.get() else { return };
        let set = state
            .shelf
            .with_untracked(|shelf| shelf.iter().find(|set| set.key == source.set).cloned());
        let Some(set) = set else { return };
        spawn_local(async move {
            let others = set.others(&source, n, seed).await;
            if is_current() {
                asking.pool.set(match others {
                    Ok(items) => Pool::Here(items, set.origin),
                    Err(reason) => Pool::Failed(reason),
                });
            }
        });
    });
}

/// Makes the variants that are wanted whenever the questions or the wishes change, and tells how many questions are done.
pub(super) fn keep_varied(state: State, n_done: RwSignal<usize>) {
    let asking = state.asking();
    let rounds = Rounds(StoredValue::new(0));
    let families = Memo::new(move |_| asking.families());
    let parts = Memo::new(move |_| parts_of(state));
    Effect::new(move |_| {
        let is_current = rounds.begin();
        asking.varied.set(None);
        n_done.set(0);
        let families = families.get();
        if families.is_empty() {
            return;
        }
        let parts = parts.get();
        spawn_local(async move {
            let Some(made) = made(&parts, &families, is_current, |n| n_done.set(n)).await else {
                return;
            };
            let made = made.into_iter().zip(&parts);
            let parts = made.map(|(maker, part)| maker.part(&part.dataset)).collect();
            asking.varied.set(Some(Arc::new(parts)));
        });
    });
}

/// How many variants of each change could be made, while somebody looks at the list; none while that is found out.
pub(super) fn counts(
    state: State,
    is_open: RwSignal<bool>,
) -> RwSignal<Vec<(Change, AddedVariants)>> {
    let counts = RwSignal::new(vec![]);
    let rounds = Rounds(StoredValue::new(0));
    let families =
        Memo::new(move |_| Change::ALL.map(|change| state.asking().family(change)).to_vec());
    let parts = Memo::new(move |_| if is_open.get() { parts_of(state) } else { vec![] });
    Effect::new(move |_| {
        let is_current = rounds.begin();
        counts.set(vec![]);
        let (parts, families) = (parts.get(), families.get());
        if parts.is_empty() {
            return;
        }
        spawn_local(async move {
            let Some(made) = made(&parts, &families, is_current, |_| ()).await else { return };
            let mut together: Vec<(Change, AddedVariants)> = vec![];
            for added in made.iter().flat_map(VariantMaker::added) {
                let change = added.family.change();
                match together.iter_mut().find(|(of, _)| *of == change) {
                    Some((_, sum)) => {
                        sum.n_made += added.n_made;
                        sum.n_items_without += added.n_items_without;
                    }
                    None => together.push((change, *added)),
                }
            }
            counts.set(together);
        });
    });
    counts
}

/// Makes variants; `None` where another round has begun.
async fn made(
    parts: &[Part],
    families: &[Family],
    is_current: impl Fn() -> bool,
    tell: impl Fn(usize),
) -> Option<Vec<VariantMaker>> {
    let mut all = vec![];
    let mut n_done = 0;
    for part in parts {
        let mut maker = VariantMaker::of(families, &part.language);
        for items in part.items.chunks(N_AT_ONCE) {
            maker.take(items);
            n_done += items.len();
            clock::next_turn().await;
            if !is_current() {
                return None;
            }
            tell(n_done);
        }
        all.push(maker);
    }
    Some(all)
}
