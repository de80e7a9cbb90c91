//! Owns the results page: which results are shown, and its parts in reading order.

mod source;

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::files::{self, GivenFile};
use crate::browser::page::{self, Leave};
use crate::provider::Class;
use crate::report::gallery::Plate;
use crate::report::link::{Route, scope_name};
use crate::report::open_report::has_outcomes;
use crate::report::share::Head;
use crate::report::{
    Comparison, Gradebook, Scope, Unanswered, export, leaderboard, pairs, study, wording,
};
use crate::run::Journal;
use crate::run::bench::is_bench;
use crate::ui::components::claim::{ClaimNotice, Claimed};
use crate::ui::components::figures::{Classes, Conclusion, Leaderboard, Pairs, RuleChoice};
use crate::ui::components::file_drop::FileReader;
use crate::ui::components::gallery::{Contents, Gallery, PlateView, go_to_part, is_part};
use crate::ui::components::graded_files::{Changed, SaveJudgements};
use crate::ui::components::grades::Desk;
use crate::ui::components::how_asked::HowAsked;
use crate::ui::components::item_table::Items;
use crate::ui::components::open_answers::OpenAnswers;
use crate::ui::components::pass_on::PassOn;
use crate::ui::components::robustness::{ScopeChoice, scope};
use crate::ui::components::saved_runs::SavedRuns;
use crate::ui::components::thousand::ThousandView;
use crate::ui::pages::grade::GradeLink;
use crate::ui::state::State;
use crate::ui::words;
pub(crate) use source::Source;

/// Journals with what is computed from them once for all views.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) journals: Arc<Vec<Arc<Journal>>>,
    pub(crate) comparison: Arc<Comparison>,
    /// The grades of open answers, in the order of the journals.
    pub(crate) books: Arc<Vec<Gradebook>>,
    /// What a result tells of itself that came in a link; `None` for runs.
    pub(crate) claim: Option<Arc<Head>>,
}

impl Shown {
    fn of(journals: Vec<Arc<Journal>>, classes: &[(String, Class)]) -> Self {
        let refs: Vec<&Journal> = journals.iter().map(Arc::as_ref).collect();
        let comparison = Comparison::of(&refs);
        Self::with(journals, comparison, classes)
    }

    fn with(
        journals: Vec<Arc<Journal>>,
        mut comparison: Comparison,
        classes: &[(String, Class)],
    ) -> Self {
        for idx in 0..comparison.grid.models.len() {
            let name = comparison.grid.models.get(idx).map(|model| model.name.clone());
            if let Some((_, class)) = classes.iter().rev().find(|(of, _)| Some(of) == name.as_ref())
            {
                comparison.set_class(idx, *class);
            }
        }
        let books = journals.iter().map(|journal| Gradebook::of(journal)).collect();
        let (comparison, books) = (Arc::new(comparison), Arc::new(books));
        Self { journals: Arc::new(journals), comparison, books, claim: None }
    }

    /// Whether anything was asked that is right or wrong: rubrics have points instead.
    fn has_outcomes(&self) -> bool {
        has_outcomes(&self.comparison.grid, &self.refs())
    }

    /// A result that came in a link.
    fn of_claim(claimed: &Claimed, classes: &[(String, Class)]) -> Self {
        let comparison = Comparison::of_grid(claimed.shared.grid.clone());
        let shown = Self::with(vec![claimed.journal.clone()], comparison, classes);
        Self { claim: Some(Arc::new(claimed.shared.head.clone())), ..shown }
    }

    /// What these results are called.
    pub(crate) fn title(&self) -> String {
        match (self.journals.as_slice(), self.comparison.grid.models.as_slice()) {
            ([journal], _) => wording::name(&journal.plan.title),
            (_, [first, second]) => format!("{} and {}", first.name, second.name),
            (_, models) => {
                format!("{} compared", words::counted(models.len(), "participant", "participants"))
            }
        }
    }

    /// The same with figures that count other items.
    pub(crate) fn counting(&self, scope: Scope) -> Self {
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

#[component]
pub(crate) fn ResultsPage() -> impl IntoView {
    let state = State::get();
    let source = Source::follow(state);
    Desk::provide(source.journals, source.kept);
    let classes = RwSignal::new(Vec::<(String, Class)>::new());
    let shown = source.shown(classes);
    let on_files = Callback::new(move |files: Vec<GivenFile>| source.add(state, files));
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
            {move || source.opening.get().map(|(n, n_files)| view! {
                <p role="status">{if n_files == 1 { "Reading the file … ".to_owned() } else { format!("Reading file {n} of {n_files} … ") }}
                    <button class="link" on:click=move |_| source.stop()>"Stop"</button>
                </p>
            })}
        </section>
        <div class="no-print"><SavedRuns/></div>
    }
}

#[component]
fn Report(shown: Shown, classes: RwSignal<Vec<(String, Class)>>) -> impl IntoView {
    let rule = RwSignal::new(Unanswered::CountedWrong);
    let shown = StoredValue::new(shown);
    let scope = scope(shown);
    let has_outcomes = shown.with_value(Shown::has_outcomes);
    follow_part();
    let claim = shown.with_value(|shown| {
        let has_texts = shown.journals.iter().any(|journal| !journal.plan.items.is_empty());
        shown.claim.clone().map(|head| view! { <ClaimNotice head=head has_texts=has_texts/> })
    });
    view! {
        {claim}
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
                    <Conclusion gallery=gallery/>
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
    let is_claim = shown.claim.is_some();
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
                    {format!("{}{version}: {} of {}{seed}. Fingerprint ", wording::name(&set.title), words::count(set.n_sampled), words::count(set.n_available))}
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
            let title = several.then(|| wording::name(&journal.plan.title));
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
        {(!is_claim).then(|| view! {
            <details><summary>"Where the questions came from"</summary><ul>{details}</ul></details>
            <details id="how-asked"><summary>"How they were asked"</summary>{asked}</details>
        })}
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
    let is_claim = shown.with_value(|shown| shown.claim.is_some());
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
    let lines = move |_| {
        shown.with_value(|shown| {
            save(
                "viva-answers.jsonl",
                "application/jsonl",
                &export::trials_jsonl(&shown.comparison.grid, &shown.refs()),
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
            <p>{if is_claim {
                "What can be passed on of a result that came in a link: the link again, its figures, and a report."
            } else {
                "The run file holds everything and can be opened here again; its form is described in the project’s datasets/run-schema.json. No file holds a key."
            }}</p>
            {is_not_for_all.then(|| view! {
                <p class="notice notice--warn">"The run file holds questions whose authors ask not to show them in plain text where they could be found by a search engine. Do not put it on a public page."</p>
            })}
            <SaveJudgements shown=shown.get_value()/>
            <div class="row">
                {(!is_claim).then(|| view! { <button class="button" on:click=runs>"Save the run (JSON)"</button> })}
                <button class="button" on:click=trials>"Save the answers (CSV)"</button>
                <button class="button" on:click=lines>"Save the answers (JSONL)"</button>
                <button class="button" on:click=figures>"Save the figures (CSV)"</button>
            </div>
            {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <PassOn shown=shown.get_value()/>
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
