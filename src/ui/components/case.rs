//! Owns what the page of a person's own case is made of, and the desk that its parts share: the rounds of the case.

pub(crate) mod answers;
mod checklist;
mod compared;
pub(crate) mod emergency;
pub(crate) mod keeping;
pub(crate) mod sending;
pub(crate) mod writing;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::driver::{Driver, RunKind};
use crate::browser::store::{RunSummary, Store};
use crate::browser::{clock, overruling, page};
use crate::people::case::{self, Told, board};
use crate::provider::ModelSpec;
use crate::report::link::Route;
use crate::run::{Event, Journal, Overruling, Plan, Settings};
use crate::ui::state::State;

/// A case as it is being written, which outlives the page on which it is: models may be chosen meanwhile.
#[derive(Clone, Copy)]
pub(crate) struct Draft(pub(crate) RwSignal<Told>);

/// The rounds of a case: each is a run, and the last may be under way.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) state: State,
    /// What the person typed.
    pub(crate) told: RwSignal<Told>,
    /// Names the case, once something was asked.
    pub(crate) case_id: RwSignal<Option<String>>,
    /// Rounds before the one in `live`.
    past: RwSignal<Vec<Arc<Journal>>>,
    /// The round that this tab holds.
    live: RwSignal<Option<Driver>, LocalStorage>,
    pub(crate) error: RwSignal<Option<String>>,
    pub(crate) is_busy: RwSignal<bool>,
    /// Cases that this browser keeps; each the runs of one.
    pub(crate) kept: RwSignal<Vec<Vec<RunSummary>>>,
}

impl Desk {
    /// The desk of a page that was just opened.
    pub(crate) fn provide() -> Self {
        let desk = Self {
            state: State::get(),
            told: expect_context::<Draft>().0,
            case_id: RwSignal::new(None),
            past: RwSignal::new(vec![]),
            live: RwSignal::new_local(None),
            error: RwSignal::new(None),
            is_busy: RwSignal::new(false),
            kept: RwSignal::new(vec![]),
        };
        provide_context(desk);
        desk
    }

    /// The desk that the page provided.
    pub(crate) fn get() -> Self {
        expect_context()
    }

    /// Looks at all rounds in order.
    fn with_rounds<T>(self, look: impl FnOnce(&[&Journal]) -> T) -> T {
        self.state.run_version.track();
        self.past.with(|past| {
            let past: Vec<&Journal> = past.iter().map(Arc::as_ref).collect();
            self.live.with(|live| match live {
                Some(driver) => {
                    driver.with(|run| look(&[past.as_slice(), &[run.journal()]].concat()))
                }
                None => look(&past),
            })
        })
    }

    /// Every model's answers.
    pub(crate) fn columns(self) -> Vec<board::Column> {
        self.with_rounds(|rounds| board::columns(rounds.iter().copied()))
    }

    /// Whom the case was put to, as planned.
    pub(crate) fn models(self) -> Vec<ModelSpec> {
        self.with_rounds(|rounds| {
            rounds.first().map(|first| first.plan.models.clone()).unwrap_or_default()
        })
    }

    /// The run under way, if this round is in its hands.
    pub(crate) fn driver_of(self, round: usize) -> Option<Driver> {
        let n_past = self.past.with(Vec::len);
        self.live.get().filter(|_| round == n_past)
    }

    /// Whether answers are being waited for.
    pub(crate) fn is_going(self) -> bool {
        self.state.run_version.track();
        self.live.with(|live| {
            live.as_ref().is_some_and(|driver| driver.with(|run| run.is_going() && !run.is_over()))
        })
    }

    /// Calls off what is under way.
    pub(crate) fn stop(self) {
        if let Some(driver) = self.live.get_untracked() {
            driver.tell(Event::Cancel);
        }
    }

    /// Name of the last round's run.
    pub(crate) fn last_run(self) -> Option<String> {
        self.with_rounds(|rounds| rounds.last().map(|last| last.plan.run_id.clone()))
    }

    /// Asks what is planned, as the next round of this case.
    pub(crate) fn ask(self, mut plan: Plan) {
        self.error.set(self.state.under_way());
        if self.error.with_untracked(Option::is_some) || self.is_busy.get_untracked() {
            return;
        }
        let case_id = self.case_id.get_untracked();
        let case_id =
            case_id.unwrap_or_else(|| case::case_id(clock::now_millis(), clock::random_seed()));
        let last_round = |rounds: &[&Journal]| {
            let numbers = rounds.iter().filter_map(|round| case::case_of(&round.plan.run_id));
            numbers.map(|(_, number)| number).max().unwrap_or_default()
        };
        let n_rounds = untrack(|| self.with_rounds(last_round));
        plan.run_id = case::run_id(&case_id, n_rounds + 1);
        self.told.with_untracked(|told| plan.title = case::title(told));
        self.is_busy.set(true);
        spawn_local(async move {
            let on_change = self.state.on_run_change();
            match Driver::begin(plan, Settings::default(), RunKind::Planned, on_change).await {
                Ok(driver) => {
                    self.set_down();
                    driver.tell(Event::Go);
                    self.state.set_driver(driver.clone());
                    self.live.set(Some(driver));
                    let route = Route::Case(Some(case_id.clone()));
                    page::replace_fragment(&route.fragment());
                    self.case_id.set(Some(case_id));
                    self.state.route.set(route);
                    request_animation_frame(|| page::focus("#case-standing"));
                }
                Err(refused) => self.error.set(Some(refused.to_string())),
            }
            self.is_busy.set(false);
            self.list();
        });
    }

    /// Puts the last round with those that are over.
    fn set_down(self) {
        if let Some(driver) = self.live.get_untracked() {
            let journal = driver.with(|run| Arc::new(run.journal().clone()));
            self.past.update(|past| past.push(journal));
        }
        self.live.set(None);
    }

    /// Opens a case that is kept here.
    pub(crate) fn open(self, case_id: String) {
        self.error.set(None);
        self.is_busy.set(true);
        spawn_local(async move {
            let found = self.load(&case_id).await;
            self.is_busy.set(false);
            match found {
                Ok(mut rounds) if !rounds.is_empty() => {
                    let items: Vec<_> =
                        rounds.iter().flat_map(|round| round.plan.items.clone()).collect();
                    if let Some(told) = Told::of(&items) {
                        self.told.set(told);
                    }
                    // A round that this tab is asking is looked at where it grows.
                    let driver = self.state.driver.get_untracked().filter(|driver| {
                        let run_id = driver.with(|run| run.journal().plan.run_id.clone());
                        rounds.last().is_some_and(|last| last.plan.run_id == run_id)
                    });
                    if driver.is_some() {
                        rounds.pop();
                    }
                    self.past.set(rounds);
                    self.live.set(driver);
                    self.case_id.set(Some(case_id));
                }
                Ok(_) => self.error.set(Some(
                    "This browser does not hold that case any more. Write it anew below."
                        .to_owned(),
                )),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    async fn load(self, case_id: &str) -> Result<Vec<Arc<Journal>>, String> {
        let told = |error: crate::browser::Error| error.to_string();
        let store = Store::open().await.map_err(told)?;
        let mut runs: Vec<(usize, String)> = vec![];
        for run in store.runs().await.map_err(told)? {
            if let Some((of, number)) = case::case_of(&run.run_id)
                && of == case_id
            {
                runs.push((number, run.run_id.clone()));
            }
        }
        runs.sort();
        let mut rounds = vec![];
        for (_, run_id) in runs {
            rounds.extend(store.journal(&run_id).await.map_err(told)?.map(Arc::new));
        }
        Ok(rounds)
    }

    /// Leaves this case for one that is to be written; what was kept stays kept.
    pub(crate) fn clear(self) {
        self.past.set(vec![]);
        self.live.set(None);
        self.case_id.set(None);
        self.error.set(None);
        self.told.set(Told::default());
    }

    /// Lists the cases that this browser keeps.
    pub(crate) fn list(self) {
        spawn_local(async move {
            // Where storage is switched off there are none; asking tells why.
            let Ok(store) = Store::open().await else { return };
            let Ok(runs) = store.runs().await else { return };
            let mut cases: Vec<(String, Vec<RunSummary>)> = vec![];
            for run in runs {
                let Some((case_id, _)) = case::case_of(&run.run_id) else { continue };
                match cases.iter_mut().find(|(of, _)| of == case_id) {
                    Some((_, runs)) => runs.push(run),
                    None => cases.push((case_id.to_owned(), vec![run])),
                }
            }
            let _ = self.kept.try_set(cases.into_iter().map(|(_, runs)| runs).collect());
        });
    }

    /// Deletes these runs, which are a case.
    pub(crate) fn delete(self, case_id: String, runs: Vec<RunSummary>) {
        spawn_local(async move {
            let deleted = async {
                let store = Store::open().await?;
                for run in runs {
                    store.delete(&run.run_id).await?;
                }
                Ok::<_, crate::browser::Error>(())
            };
            let error = deleted.await.err().map(|error| error.to_string());
            if error.is_none() && self.case_id.get_untracked() == Some(case_id) {
                self.state.driver.set(None);
                self.state.run_id.set(None);
                self.clear();
                page::replace_fragment(&Route::Case(None).fragment());
                self.state.route.set(Route::Case(None));
            }
            self.error.set(error);
            self.list();
        });
    }

    /// Writes what a person ticked into the journal of its round.
    pub(crate) fn rule(self, round: usize, ruled: Overruling) {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        spawn_local(async move {
            let driver = untrack(|| self.driver_of(round));
            let written = match driver {
                Some(driver) => overruling::keep_in_run(&driver, ruled).await,
                None => self.rule_past(round, ruled).await,
            };
            self.is_busy.set(false);
            self.error.set(written.err().map(|error| error.to_string()));
            self.state.run_version.update(|version| *version += 1);
        });
    }

    async fn rule_past(self, round: usize, ruled: Overruling) -> Result<(), overruling::KeepError> {
        let journal = self.past.with_untracked(|past| past.get(round).cloned());
        let Some(journal) = journal else { return Ok(()) };
        let entry = overruling::keep(&journal, ruled).await?;
        let mut changed = journal.as_ref().clone();
        changed.entries.push(entry);
        self.past.update(|past| {
            if let Some(slot) = past.get_mut(round) {
                *slot = Arc::new(changed);
            }
        });
        Ok(())
    }

    /// The plan of a round.
    pub(crate) fn plan_of(self, round: usize) -> Option<Plan> {
        untrack(|| self.with_rounds(|rounds| rounds.get(round).map(|journal| journal.plan.clone())))
    }
}
