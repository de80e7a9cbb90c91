//! Owns the results page: which results are shown, and its parts in reading order.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::files::{self, GivenFile};
use crate::browser::page::{self, Leave};
use crate::browser::store::Store;
use crate::dataset::Kind;
use crate::provider::Class;
use crate::report::export;
use crate::report::gallery::Plate;
use crate::report::link::{Route, scope_name};
use crate::report::{
    self, Comparison, Gradebook, Opened, Scope, Unanswered, leaderboard, pairs, study,
};
use crate::run::Journal;
use crate::run::bench::is_bench;
use crate::ui::components::figures::{Classes, Conclusion, Leaderboard, Pairs, RuleChoice};
use crate::ui::components::file_drop::FileReader;
use crate::ui::components::gallery::{Contents, Gallery, PlateView, go_to_part, is_part};
use crate::ui::components::graded_files::{Changed, SaveJudgements};
use crate::ui::components::grades::Desk;
use crate::ui::components::how_asked::HowAsked;
use crate::ui::components::item_table::Items;
use crate::ui::components::open_answers::OpenAnswers;
use crate::ui::components::robustness::{ScopeChoice, scope};
use crate::ui::components::saved_runs::SavedRuns;
use crate::ui::components::thousand::ThousandView;
use crate::ui::pages::grade::GradeLink;
use crate::ui::state::State;
use crate::ui::words;

/// Journals with what is computed from them once for all views.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) journals: Arc<Vec<Arc<Journal>>>,
    pub(crate) comparison: Arc<Comparison>,
    /// The grades of open answers, in the order of the journals.
    pub(crate) books: Arc<Vec<Gradebook>>,
}

impl Shown {
    fn of(journals: Vec<Arc<Journal>>, classes: &[(String, Class)]) -> Self {
        let refs: Vec<&Journal> = journals.iter().map(Arc::as_ref).collect();
        let mut comparison = Comparison::of(&refs);
        for idx in 0..comparison.grid.models.len() {
            let name = comparison.grid.models.get(idx).map(|model| model.name.clone());
            if let Some((_, class)) = classes.iter().rev().find(|(of, _)| Some(of) == name.as_ref())
            {
                comparison.set_class(idx, *class);
            }
        }
        let books = refs.iter().map(|journal| Gradebook::of(journal)).collect();
        let (comparison, books) = (Arc::new(comparison), Arc::new(books));
        Self { journals: Arc::new(journals), comparison, books }
    }

    /// Whether anything was asked that is right or wrong: rubrics have points instead.
    fn has_outcomes(&self) -> bool {
        self.comparison.grid.items.iter().any(|row| {
            let item = self.journals.get(row.run).and_then(|it| it.plan.items.get(row.item));
            !matches!(item.map(|item| &item.kind), Some(Kind::Rubric(_)))
        })
    }

    /// The same with figures that count other items.
    fn counting(&self, scope: Scope) -> Self {
        if self.comparison.grid.scope == scope {
            return self.clone();
        }
        let mut comparison = Comparison::clone(&self.comparison);
        comparison.grid.scope = scope;
        Self { comparison: Arc::new(comparison), ..self.clone() }
    }

    /// The journals, as the report takes them.
    pub(crate) fn refs(&self) -> Vec<&Journal> {
        self.journals.iter().map(Arc::as_ref).collect()
    }
}

/// What the page works with.
#[derive(Clone, Copy)]
struct Source {
    journals: RwSignal<Vec<Arc<Journal>>>,
    /// Warnings and notices about what was opened.
    notices: RwSignal<Vec<String>>,
    error: RwSignal<Option<String>>,
    /// The run among the journals that this browser keeps.
    kept: RwSignal<Option<String>>,
}

#[component]
pub(crate) fn ResultsPage() -> impl IntoView {
    let state = State::get();
    let source = Source {
        journals: RwSignal::new(vec![]),
        notices: RwSignal::new(vec![]),
        error: RwSignal::new(None),
        kept: RwSignal::new(None),
    };
    Desk::provide(source.journals, source.kept);
    let run_id = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Results(view) => view.run_id.clone(),
            _ => None,
        })
    });
    Effect::new(move |_| load(state, source, run_id.get()));
    let classes = RwSignal::new(Vec::<(String, Class)>::new());
    let shown = Memo::new_with_compare(
        move |_| {
            let journals = source.journals.get();
            (!journals.is_empty()).then(|| Shown::of(journals, &classes.get()))
        },
        |_, _| true,
    );
    let on_files = Callback::new(move |files: Vec<GivenFile>| open_files(state, source, files));
    view! {
        {move || source.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || source.notices.get().into_iter().map(|notice| view! { <p class="notice notice--warn">{notice}</p> }).collect_view()}
        {move || match shown.get() {
            Some(shown) => view! { <Report shown=shown classes=classes/> }.into_any(),
            None => view! {
                <p class="lead">"Open results that somebody gave you, or a run that this browser keeps."</p>
            }.into_any(),
        }}
        <section class="no-print" aria-labelledby="open-heading">
            <h2 id="open-heading">"Open result files"</h2>
            <FileReader
                label="Open result files"
                hint="Or drop them here: runs saved with Viva, or tables with one answer per question (CSV). Several files about the same questions are compared question by question."
                on_files=on_files
            />
        </section>
        <div class="no-print"><SavedRuns/></div>
    }
}

/// Brings the journals that the address names: the run of this tab, a run kept in the browser, or what was opened.
fn load(state: State, source: Source, run_id: Option<String>) {
    source.error.set(None);
    source.notices.set(vec![]);
    source.kept.set(run_id.clone());
    let Some(run_id) = run_id else {
        source.journals.set(state.opened.get_untracked());
        return;
    };
    let live = state.driver.with_untracked(|driver| {
        let driver = driver.as_ref()?;
        driver.with(|run| {
            (run.journal().plan.run_id == run_id)
                .then(|| (run.journal().clone(), run.is_complete()))
        })
    });
    if let Some((journal, is_complete)) = live {
        if !is_complete {
            source.notices.set(vec![
                "This run is not finished: the figures are those of the answers so far.".to_owned(),
            ]);
        }
        source.journals.set(vec![Arc::new(journal)]);
        return;
    }
    spawn_local(async move {
        let found = match Store::open().await {
            Ok(store) => store.journal(&run_id).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(Some(journal)) => source.journals.set(vec![Arc::new(journal)]),
            Ok(None) => source.error.set(Some(
                "This browser does not hold that run. Results stay in the browser in which they were made: ask for the file.".to_owned(),
            )),
            Err(error) => source.error.set(Some(error.to_string())),
        }
    });
}

/// Opens files as results; they join those that are shown.
fn open_files(state: State, source: Source, files: Vec<GivenFile>) {
    source.error.set(None);
    let (mut opened, mut notices, mut errors) = (vec![], vec![], vec![]);
    for file in files {
        match report::open(&file.name, &file.bytes) {
            Ok(Opened::Run { journal, broken }) => {
                notices.extend(broken.map(|broken| format!("{}: {broken}. Do not trust it.", file.name)));
                opened.push(Arc::new(journal));
            }
            Ok(Opened::Answers(answers)) => {
                notices.extend(answers.notices.iter().map(|notice| match notice.line {
                    Some(line) => format!("{}, line {line}: {}", file.name, notice.text),
                    None => format!("{}: {}", file.name, notice.text),
                }));
                opened.push(Arc::new(answers.journal));
            }
            Err(report::open::Error::NotResults { file_name }) => errors.push(format!(
                "{file_name} holds no results. If it holds questions, open it on the Questions page."
            )),
            Err(error) => errors.push(error.to_string()),
        }
    }
    if !opened.is_empty() {
        let mut all: Vec<Arc<Journal>> = source.journals.get_untracked();
        for journal in opened {
            if source.kept.get_untracked().as_ref() == Some(&journal.plan.run_id) {
                source.kept.set(None);
            }
            all.retain(|other| other.plan.run_id != journal.plan.run_id);
            all.push(journal);
        }
        state.opened.set(all.clone());
        source.journals.set(all);
    }
    let n_more = notices.len().saturating_sub(20);
    notices.truncate(20);
    if 0 < n_more {
        notices.push(format!("… and {n_more} more notices."));
    }
    source.notices.set(notices);
    source.error.set((!errors.is_empty()).then(|| errors.join(" ")));
}

#[component]
fn Report(shown: Shown, classes: RwSignal<Vec<(String, Class)>>) -> impl IntoView {
    let rule = RwSignal::new(Unanswered::CountedWrong);
    let shown = StoredValue::new(shown);
    let scope = scope(shown);
    let has_outcomes = shown.with_value(Shown::has_outcomes);
    follow_part();
    view! {
        <Elsewhere shown=shown.get_value()/>
        <Origin shown=shown.get_value()/>
        <GradeLink journals=shown.with_value(|shown| shown.journals.clone())/>
        <Changed shown=shown.get_value()/>
        <ScopeChoice shown=shown.get_value() scope=scope/>
        {move || {
            let shown = StoredValue::new(shown.with_value(|shown| shown.counting(scope.get())));
            let gallery = Gallery::of(shown, rule);
            let basis = gallery.basis;
            let plate = move |plate| view! { <PlateView gallery=gallery plate=plate/> };
            view! {
                <Contents gallery=gallery has_outcomes=has_outcomes/>
                {has_outcomes.then(|| view! {
                    {plate(Plate::Dangers)}
                    <Conclusion shown=shown.get_value() rule=rule/>
                    <RuleChoice rule=rule/>
                    <PlateView gallery=gallery plate=Plate::Board has_table=true>
                        <Leaderboard basis=basis rule=rule classes=classes/>
                    </PlateView>
                    {plate(Plate::Outcomes)}
                    <ThousandView gallery=gallery/>
                    <Pairs gallery=gallery/>
                    <Classes shown=shown.get_value() rule=rule/>
                    {[
                        Plate::Ranks,
                        Plate::Categories,
                        Plate::Cost,
                        Plate::Together,
                        Plate::Changed,
                        Plate::Repeats,
                        Plate::Confidence,
                        Plate::Planning,
                    ].map(plate).collect_view()}
                })}
                <OpenAnswers shown=shown.get_value() classes=classes/>
                <Items shown=shown.get_value() rule=rule/>
                <Export shown=shown.get_value() rule=rule/>
            }
        }}
    }
}

/// Pages that tell more of such a run.
#[component]
fn Elsewhere(shown: Shown) -> impl IntoView {
    let links = shown.journals.iter().flat_map(|journal| {
        let run_id = || Some(journal.plan.run_id.clone());
        let study = study::is_about(&journal.plan)
            .then(|| (Route::Study(run_id()), "Set this run beside the study in Nature Medicine"));
        let bench = is_bench(&journal.plan)
            .then(|| (Route::JudgeBench(run_id()), "See how the judges of this run did"));
        study.into_iter().chain(bench)
    });
    let links: Vec<_> = links
        .map(|(route, name)| {
            let href = format!("#{}", route.fragment());
            view! { <p class="no-print"><a href=href>{name}</a></p> }
        })
        .collect();
    links
}

/// Goes to the part of the page that the address names, whenever it names another one.
fn follow_part() {
    let route = State::get().route;
    let part = Memo::new(move |_| {
        route.with(|route| match route {
            Route::Results(view) => view.part.clone(),
            _ => String::new(),
        })
    });
    Effect::new(move |_| {
        let part = part.get();
        if is_part(&part) {
            go_to_part(&part);
        }
    });
}

/// What was asked, of whom, and where it came from.
#[component]
fn Origin(shown: Shown) -> impl IntoView {
    let comparison = &shown.comparison;
    let grid = &comparison.grid;
    let facts = format!(
        "{}, {}.",
        words::counted(grid.n_counted(), "question", "questions"),
        words::counted(grid.models.len(), "participant", "participants")
    );
    let n_set_aside = grid.items.len() - grid.n_counted();
    let set_aside = (0 < n_set_aside).then(|| {
        format!(
            " {} of them were asked too; figures do not count those unless you choose so below. The list of questions shows them.",
            words::counted(n_set_aside, "variant", "variants")
        )
    });
    let shared = (1 < comparison.runs.len()).then(|| {
        format!(
            " {} runs or files; {} in all of them. Models are compared on the questions that both were asked.",
            comparison.runs.len(),
            words::counted(comparison.n_shared, "question is", "questions are")
        )
    });
    let conflicts = comparison.conflicts.len();
    let details: Vec<_> = shown
        .journals
        .iter()
        .flat_map(|journal| journal.plan.datasets.iter())
        .map(|set| {
            let seed = set.seed.map(|seed| format!(", sample with seed {seed}")).unwrap_or_default();
            let version = if set.version.is_empty() { String::new() } else { format!(" version {}", set.version) };
            view! {
                <li>
                    {format!("{}{version}: {} of {}{seed}. Fingerprint ", set.title, words::count(set.n_sampled), words::count(set.n_available))}
                    <code>{set.fingerprint.chars().take(16).collect::<String>()}</code>
                </li>
            }
        })
        .collect();
    let several = 1 < shown.journals.len();
    let asked: Vec<_> = shown
        .journals
        .iter()
        .map(|journal| {
            let title = several.then(|| journal.plan.title.clone());
            view! {
                {title.map(|title| view! { <h3>{title}</h3> })}
                <HowAsked prompting=journal.plan.prompting.clone() datasets=journal.plan.datasets.clone()/>
            }
        })
        .collect();
    view! {
        <p class="lead">{facts}{set_aside}{shared}</p>
        {(0 < conflicts).then(|| view! {
            <p class="notice notice--warn">
                {format!("{} the same name but different texts in different files; they are kept apart.", words::counted(conflicts, "question has", "questions have"))}
            </p>
        })}
        <details><summary>"Where the questions came from"</summary><ul>{details}</ul></details>
        <details id="how-asked"><summary>"How they were asked"</summary>{asked}</details>
    }
}

#[component]
fn Export(shown: Shown, rule: RwSignal<Unanswered>) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let is_not_for_all = shown.journals.iter().any(|journal| journal.plan.is_not_to_be_shown());
    let shown = StoredValue::new(shown);
    let save = move |name: &str, mime: &str, content: &str| {
        error.set(files::save(name, mime, content).err().map(|refused| refused.to_string()));
    };
    let version = env!("CARGO_PKG_VERSION");
    let runs = move |_| {
        shown.with_value(|shown| {
            for journal in shown.journals.iter() {
                let name = format!("viva-{}.json", file_stem(&journal.plan.run_id));
                save(&name, "application/json", &export::run_json(journal, version));
            }
            page::set_leave_warning(Leave::Rulings, false);
        });
    };
    let trials = move |_| {
        shown.with_value(|shown| {
            save(
                "viva-answers.csv",
                "text/csv",
                &export::trials_csv(&shown.comparison.grid, &shown.refs()),
            );
        });
    };
    let figures = move |_| {
        shown.with_value(|shown| {
            let grid = &shown.comparison.grid;
            let rule = rule.get_untracked();
            // Figures of variants must not be taken for those of the questions.
            let of = match scope_name(grid.scope).as_str() {
                "" => String::new(),
                scope => format!("-{scope}"),
            };
            save(
                &format!("viva-leaderboard{of}.csv"),
                "text/csv",
                &export::leaderboard_csv(&leaderboard(grid, rule)),
            );
            save(
                &format!("viva-pairs{of}.csv"),
                "text/csv",
                &export::pairs_csv(grid, &pairs(grid, rule)),
            );
        });
    };
    view! {
        <section class="no-print" aria-labelledby="export-heading">
            <h2 id="export-heading">"Save and pass on"</h2>
            <p>"The run file holds everything and can be opened here again. No file holds a key."</p>
            {is_not_for_all.then(|| view! {
                <p class="notice notice--warn">"The run file holds questions whose authors ask not to show them in plain text where they could be found by a search engine. Do not put it on a public page."</p>
            })}
            <SaveJudgements shown=shown.get_value()/>
            <div class="row">
                <button class="button" on:click=runs>"Save the run (JSON)"</button>
                <button class="button" on:click=trials>"Save the answers (CSV)"</button>
                <button class="button" on:click=figures>"Save the figures (CSV)"</button>
            </div>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <p><a href="#/review/organise">"Have people judge the answers in free text, blind"</a></p>
        </section>
    }
}

/// A name that every file system takes.
fn file_stem(run_id: &str) -> String {
    run_id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' })
        .take(80)
        .collect()
}
