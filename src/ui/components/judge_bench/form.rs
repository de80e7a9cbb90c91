//! Owns what a bench is made of: the file of people's verdicts, how many of them, which judges, and how they are asked.

use std::collections::BTreeSet;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::start::Start;
use crate::browser::clock;
use crate::browser::files::{self, File};
use crate::browser::line_index::{self, LineIndex};
use crate::dataset::human_labels::{self, Labelled};
use crate::dataset::sample;
use crate::prompt::JudgeTemplate;
use crate::provider::{ModelSpec, Seat};
use crate::run::Judging;
use crate::run::bench::{self, Wanted};
use crate::ui::components::field::{NumberField, SelectField};
use crate::ui::components::file_drop::FileDrop;
use crate::ui::components::prices;
use crate::ui::state::State;
use crate::ui::words;

/// Rows that are taken unless the person says otherwise: with so many, the range of an agreement is some ten points wide.
const N_ROWS: u64 = 200;
/// Rows at most: each is a call of each judge, and the page keeps them all in view of the run.
const MAX_ROWS: u64 = 5_000;

/// A file of people's verdicts, as it was given.
#[derive(Clone)]
pub(super) struct LabelFile {
    pub(super) name: String,
    content: Content,
}

/// What is kept of a file.
#[derive(Clone)]
enum Content {
    /// All of it.
    Text(Rc<String>),
    /// Where its lines are: it is large, and only what is drawn is read.
    Lines(Rc<LineIndex>),
}

impl LabelFile {
    /// Takes a file in. `told` hears how much of it was read, as a share.
    async fn of(file: &File, told: impl Fn(f64)) -> Result<Self, String> {
        let refused = |error: crate::browser::Error| error.to_string();
        let name = file.name();
        if line_index::MIN_BYTES <= file.size() {
            let start = line_index::start_of(file).await.map_err(refused)?;
            if human_labels::is_by_line(&start) {
                let lines = LineIndex::of(file, told).await.map_err(refused)?;
                return Ok(Self { name, content: Content::Lines(Rc::new(lines)) });
            }
        }
        let bytes = files::read(file).await.map_err(refused)?.bytes;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        Ok(Self { name, content: Content::Text(Rc::new(text)) })
    }

    /// Draws `n` rows.
    async fn draw(&self, n: usize, seed: u64) -> Result<Labelled, String> {
        let read = match &self.content {
            Content::Text(text) => human_labels::read(text, Some((n, seed))),
            Content::Lines(lines) => {
                let drawn = sample(lines.len(), n, seed);
                let drawn = lines.read(&drawn).await.map_err(|error| error.to_string())?;
                human_labels::read_lines(&drawn, lines.len())
            }
        };
        read.map_err(|error| error.to_string())
    }
}

/// Everything that can be set.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) file: RwSignal<Option<LabelFile>, LocalStorage>,
    /// How much of a file was read, as a share, while one is.
    reading: RwSignal<Option<f64>>,
    /// What was drawn of the file; `None` without a file.
    pub(super) labelled: RwSignal<Option<Result<Labelled, String>>>,
    pub(super) n_rows: RwSignal<u64>,
    pub(super) seed: RwSignal<u64>,
    /// Participants that are measured, by key.
    pub(super) judges: RwSignal<BTreeSet<u32>>,
    pub(super) is_at_once: RwSignal<bool>,
    pub(super) is_turned: RwSignal<bool>,
    pub(super) is_twice: RwSignal<bool>,
    pub(super) budget: RwSignal<String>,
}

impl Form {
    fn new() -> Self {
        Self {
            file: RwSignal::new_local(None),
            reading: RwSignal::new(None),
            labelled: RwSignal::new(None),
            n_rows: RwSignal::new(N_ROWS),
            seed: RwSignal::new(1),
            judges: RwSignal::new(BTreeSet::new()),
            is_at_once: RwSignal::new(false),
            is_turned: RwSignal::new(false),
            is_twice: RwSignal::new(false),
            budget: RwSignal::new(String::new()),
        }
    }

    /// Takes a file in, in place of the one before.
    fn take(self, file: File) {
        self.reading.set(Some(0.0));
        self.labelled.set(None);
        spawn_local(async move {
            // Lets the page say that it reads.
            clock::next_turn().await;
            let told = move |share| {
                let _ = self.reading.try_set(Some(share));
            };
            match LabelFile::of(&file, told).await {
                Ok(file) => drop(self.file.try_set(Some(file))),
                Err(error) => {
                    let _ = self.file.try_set(None);
                    let _ = self.labelled.try_set(Some(Err(error)));
                }
            }
            let _ = self.reading.try_set(None);
        });
    }

    /// Draws anew whenever the file, the number or the seed is another.
    fn follow(self) {
        let round = StoredValue::new(0_u32);
        Effect::new(move |_| {
            let (file, n, seed) = (self.file.get(), self.n_rows.get(), self.seed.get());
            round.update_value(|round| *round += 1);
            let own = round.get_value();
            let Some(file) = file else { return };
            spawn_local(async move {
                let labelled = file.draw(usize::try_from(n).unwrap_or(usize::MAX), seed).await;
                if round.try_get_value() == Some(own) {
                    self.labelled.set(Some(labelled));
                }
            });
        });
    }

    /// Who is measured, with prices.
    fn specs(self, state: State) -> Vec<ModelSpec> {
        let chosen = self.judges.get();
        let listed = candidates(state).into_iter().filter(|(key, _)| chosen.contains(key));
        listed.map(|(_, spec)| state.with_price(spec)).collect()
    }

    /// The judging that is meant.
    fn judging(self, state: State) -> Judging {
        let template = if self.is_at_once.get() {
            JudgeTemplate::AllAtOnce
        } else {
            JudgeTemplate::HealthBenchMeta
        };
        let n_repeats = if self.is_twice.get() { 2 } else { 1 };
        Judging { template, n_repeats, ..Judging::by(self.specs(state)) }
    }

    /// What the bench is made of.
    pub(super) fn wanted(self, state: State, labelled: &Labelled) -> Wanted {
        let name = self.file.get().map(|file| file.name).unwrap_or_default();
        let is_all =
            labelled.n_available <= usize::try_from(self.n_rows.get()).unwrap_or(usize::MAX);
        Wanted {
            run_id: String::new(),
            title: format!("{}{name}", bench::TITLE),
            n_available: labelled.n_available,
            seed: (!is_all).then_some(self.seed.get()),
            judging: self.judging(state),
            is_turned: self.is_turned.get() && self.is_at_once.get(),
            budget: self.budget.with(|typed| typed.trim().parse().ok()),
        }
    }
}

/// Who can be measured: participants behind an address.
fn candidates(state: State) -> Vec<(u32, ModelSpec)> {
    state.roster.with(|roster| {
        let apis = roster.iter().filter(|listed| matches!(listed.spec.seat, Seat::Api(_)));
        apis.map(|listed| (listed.key, listed.spec.clone())).collect()
    })
}

#[component]
pub(crate) fn BenchForm() -> impl IntoView {
    let state = State::get();
    prices::fetch(state);
    let form = Form::new();
    // All that can judge are measured unless the person says otherwise.
    form.judges.set(candidates(state).into_iter().map(|(key, _)| key).collect());
    form.follow();
    let labelled = form.labelled;
    let on_files = Callback::new(move |files: Vec<File>| {
        if let Some(file) = files.into_iter().next() {
            form.take(file);
        }
    });
    view! {
        <section aria-labelledby="labels-heading">
            <h2 id="labels-heading">"1. Verdicts of people"</h2>
            <p>
                "A file with answers, criteria and what people said of each. HealthBench publishes one, with the verdicts of physicians: download "
                <a href="https://huggingface.co/datasets/openai/healthbench/resolve/main/2025-05-07-06-14-12_oss_meta_eval.jsonl" rel="noreferrer" target="_blank">"its meta-evaluation file"</a>
                " (2025-05-07-06-14-12_oss_meta_eval.jsonl, 136 MB) and open it here."
            </p>
            <details>
                <summary>"A file of your own"</summary>
                <p>
                    "A table (CSV) or JSON Lines with these columns: "<code>"prompt"</code>" (the question), "<code>"completion"</code>" (the answer), "<code>"rubric"</code>
                    " (one criterion), "<code>"label"</code>" (yes or no), "<code>"rater"</code>" (who said so), and if you like "<code>"category"</code>
                    ". One row for each person and criterion; rows about the same criterion of the same answer belong together."
                </p>
            </details>
            <FileDrop label="Open a file of verdicts" hint="Or drop it here. Nothing of it is sent before you press Measure; then its questions, answers and criteria go to the judges that you chose." on_files=on_files/>
            {move || form.reading.get().map(|share| view! {
                <p role="status"><label>"Reading "<progress class="bar" max="1" value=share.to_string()></progress></label></p>
            })}
            {move || labelled.get().map(|labelled| file_view(form, &labelled))}
        </section>
        <section aria-labelledby="how-many-heading">
            <h2 id="how-many-heading">"2. How many"</h2>
            <div class="row row--fields">
                <NumberField label="Rows" id="bench-rows" min=1
                    value=Signal::derive(move || Some(form.n_rows.get()))
                    on_change=Callback::new(move |n: Option<u64>| form.n_rows.set(n.unwrap_or(N_ROWS).clamp(1, MAX_ROWS)))
                    hint=Signal::derive(|| "Drawn from the file with the seed. The more, the narrower the range.".to_owned())/>
                <NumberField label="Seed" id="bench-seed"
                    value=Signal::derive(move || Some(form.seed.get()))
                    on_change=Callback::new(move |seed: Option<u64>| form.seed.set(seed.unwrap_or(1)))
                    hint=Signal::derive(|| "The same seed draws the same rows.".to_owned())/>
            </div>
        </section>
        <Judges form=form/>
        <Options form=form/>
        <Start form=form labelled=labelled/>
    }
}

/// What came of reading the file.
fn file_view(form: Form, labelled: &Result<Labelled, String>) -> AnyView {
    let name =
        form.file.with(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
    match labelled {
        Err(error) => {
            let told = if name.is_empty() { error.clone() } else { format!("{name}: {error}") };
            view! { <p class="notice notice--bad" role="alert">{told}</p> }.into_any()
        }
        Ok(labelled) => {
            let n_labels: usize = labelled.rows.iter().map(|row| row.labels.len()).sum();
            let people: BTreeSet<&str> = labelled
                .rows
                .iter()
                .flat_map(|row| row.labels.iter().map(|(rater, _)| rater.as_str()))
                .collect();
            let told = format!(
                "{name}: {} in the file. Taken: {} with {} of {}.",
                words::counted(labelled.n_available, "entry", "entries"),
                words::counted(
                    labelled.rows.len(),
                    "criterion of an answer",
                    "criteria of answers"
                ),
                words::counted(n_labels, "verdict", "verdicts"),
                words::counted(people.len(), "person", "people")
            );
            let refused = labelled.refused.first().map(|(line, reason)| {
                format!(
                    "{} could not be used; the first is line {line}: {reason}.",
                    words::counted(labelled.refused.len(), "row", "rows")
                )
            });
            view! {
                <p role="status" id="bench-file"><strong>{told}</strong></p>
                {refused.map(|refused| view! { <p class="notice notice--warn">{refused}</p> })}
            }
            .into_any()
        }
    }
}

#[component]
fn Judges(form: Form) -> impl IntoView {
    let state = State::get();
    let listed = move || candidates(state);
    let tick = move |(key, spec): (u32, ModelSpec)| {
        let id = format!("bench-judge-{key}");
        let is_chosen = move || form.judges.with(|judges| judges.contains(&key));
        let change = move |event| {
            let is_on = event_target_checked(&event);
            form.judges.update(|judges| {
                if is_on {
                    judges.insert(key)
                } else {
                    judges.remove(&key)
                };
            });
        };
        view! {
            <label class="tick" for=id.clone()>
                <input type="checkbox" id=id.clone() prop:checked=is_chosen on:change=change/>
                <span>{spec.name}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend><h2>"3. Judges"</h2></legend>
            {move || {
                let listed = listed();
                if listed.is_empty() {
                    view! { <p>"No model with an address is on the list. "<a href="#/models">"Add one"</a>", then come back: the file has to be opened again."</p> }.into_any()
                } else {
                    listed.into_iter().map(tick).collect_view().into_any()
                }
            }}
        </fieldset>
    }
}

#[component]
fn Options(form: Form) -> impl IntoView {
    let tick = |id: &'static str, value: RwSignal<bool>, text: &'static str| {
        view! {
            <label class="tick" for=id>
                <input type="checkbox" id=id prop:checked=value on:change=move |event| value.set(event_target_checked(&event))/>
                <span>{text}</span>
            </label>
        }
    };
    let ways = [
        ("one", JudgeTemplate::HealthBenchMeta.title()),
        ("all", JudgeTemplate::AllAtOnce.title()),
    ];
    let purpose = move || {
        let template = if form.is_at_once.get() {
            JudgeTemplate::AllAtOnce
        } else {
            JudgeTemplate::HealthBenchMeta
        };
        template.purpose().to_owned()
    };
    view! {
        <section aria-labelledby="bench-options-heading">
            <h2 id="bench-options-heading">"4. How they are asked"</h2>
            <SelectField label="Calls" id="bench-way"
                options=ways.map(|(value, title)| (value.to_owned(), title.to_owned())).to_vec()
                value=Signal::derive(move || if form.is_at_once.get() { "all" } else { "one" }.to_owned())
                on_change=Callback::new(move |value: String| form.is_at_once.set(value == "all"))
                hint=Signal::derive(purpose)/>
            {tick("bench-twice", form.is_twice, "Ask everything twice, to see whether a judge agrees with itself")}
            <Show when=move || form.is_at_once.get()>
                {tick("bench-turned", form.is_turned, "Ask also with the criteria in the opposite order, to see whether their place moves a judge")}
            </Show>
            <p class="quiet">"Whether a judge favours long answers is looked at in any case; it takes no further calls."</p>
        </section>
    }
}
