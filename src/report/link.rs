//! Owns the addresses of the page: which view stands behind a fragment, and the fragment of a view.

mod grades;

pub use grades::{by_name, by_of, rule_name, rule_of};

use super::grid::{Grid, Scope, State};
use super::items::Filter;
use crate::dataset::variant::Change;
use crate::score::Outcome;
use crate::text::percent_encoded;

/// A view, as the address names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// What this is, and the three ways in.
    #[default]
    Start,
    /// The bundled questions against the baselines and the visitor.
    Try,
    /// Question sets.
    Questions,
    /// Published question sets.
    Catalogue,
    /// Making and changing questions.
    Editor,
    /// Participants.
    Models,
    /// Planning a run, or one under way; with the id of a run that is to go on.
    Run(Option<String>),
    /// Grading the open answers of a run kept in this browser; without an id, of what was opened in this tab.
    Grade(Option<String>),
    /// Sitting an exam oneself: one's own, or one that a class was given.
    Exam(ExamLink),
    /// A person's own case, put to models; with the name of one that is kept here.
    Case(Option<String>),
    /// A teacher's classes; with the name of one of them.
    Class(Option<String>),
    /// Figures and items of one run, or of what was opened.
    Results(ResultsView),
    /// The study that can be repeated here; with the id of a run that is set beside it.
    Study(Option<String>),
    /// Measuring judges; with the id of a run that did.
    JudgeBench(Option<String>),
    /// Blinded reviews: making one, rating, putting ratings together.
    Review(ReviewView),
    /// The same results as a report for people who were not there.
    Report(ResultsView),
    /// What left the page; with the id of a run whose requests alone are shown.
    Ledger(Option<String>),
    /// Keys, and what is kept in this browser.
    Settings,
    /// What the page does with data, and what it cannot tell.
    About,
}

/// What the page of blinded reviews shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewView {
    /// Which of its faces.
    pub face: ReviewFace,
    /// A review file beside the page, to be rated; empty for none.
    pub file: String,
}

/// The faces of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReviewFace {
    /// Which of the others is wanted.
    #[default]
    Start,
    /// For who makes a review.
    Organise,
    /// For who rates.
    Rate,
    /// For who puts ratings together.
    Merge,
}

impl ReviewFace {
    const ALL: [Self; 4] = [Self::Start, Self::Organise, Self::Rate, Self::Merge];

    fn path(self) -> &'static str {
        match self {
            Self::Start => "review",
            Self::Organise => "review/organise",
            Self::Rate => "review/rate",
            Self::Merge => "review/merge",
        }
    }
}

impl ReviewView {
    fn parse(face: ReviewFace, query: &str) -> Self {
        let file = value_of(query, "file").unwrap_or_default();
        // A link that names a file is one for a reviewer, whatever the rest of it says.
        Self { face: if file.is_empty() { face } else { ReviewFace::Rate }, file }
    }

    fn fragment(&self) -> String {
        let path = self.face.path();
        if self.file.is_empty() {
            return format!("/{path}");
        }
        format!("/{path}?file={}", percent_encoded(&self.file))
    }

    /// The file's address, where it lies beside the page: a path below it, which can lead to no other place.
    pub fn file_beside(&self) -> Option<&str> {
        let is_plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let file = self.file.as_str();
        file.split('/').all(is_plain).then_some(file)
    }
}

/// Which exam an address is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ExamLink {
    /// The person's own.
    #[default]
    Own,
    /// One that the address carries whole.
    Carried(String),
    /// One in a file of this name beside the page.
    Hosted(String),
}

/// What the results page shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultsView {
    /// A run kept in this browser; none for files opened in this tab.
    pub run_id: Option<String>,
    /// Which variants the figures count, as [`scope_name`] has it; empty for the items as they are.
    pub scope: String,
    /// Whose verdicts count, as [`by_name`] has it; empty for what the run was planned with.
    pub verdicts: String,
    /// By which rule open answers are scored, as [`rule_name`] has it; empty for HealthBench's.
    pub score_rule: String,
    /// Which items are listed, in the form of [`crate::report`]'s filters.
    pub filter: String,
    /// Words that listed items contain.
    pub search: String,
    /// The item shown in full, by its place in the plan.
    pub item_idx: Option<usize>,
    /// The part of the page that is read, by [`super::gallery::Plate::key`] or another name of a section.
    pub part: String,
    /// A result that travels in the address itself, as [`super::share`] writes it.
    pub shared: Option<String>,
    /// A result file that lies beside the page, as the address has it: to be checked by [`super::hosted::path`].
    pub hosted: Option<String>,
    /// The name of the category whose items alone are listed.
    pub category: Option<String>,
    /// How items are sorted, as [`super::items::Order::name`] has it.
    pub order: String,
    /// How items are grouped, as [`super::items::Grouping::name`] has it.
    pub grouping: String,
    /// Limits of the length of listed items, as [`super::items::order::limits`] reads them.
    pub length: String,
}

impl Route {
    /// Reads what stands behind `#`. Whatever is not understood leads to the start.
    pub fn parse(fragment: &str) -> Self {
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        match path.trim_matches('/') {
            "try" => Self::Try,
            "questions" => Self::Questions,
            "catalogue" => Self::Catalogue,
            "editor" => Self::Editor,
            "models" => Self::Models,
            "run" => Self::Run(value_of(query, "resume")),
            "grade" => Self::Grade(value_of(query, "run")),
            "exam" => Self::Exam(match (value_of(query, "x"), value_of(query, "exam")) {
                (Some(carried), _) => ExamLink::Carried(carried),
                (None, Some(file)) => ExamLink::Hosted(file),
                (None, None) => ExamLink::Own,
            }),
            "case" => Self::Case(value_of(query, "id")),
            "class" => Self::Class(value_of(query, "id")),
            "results" => Self::Results(ResultsView::parse(query)),
            "study" => Self::Study(value_of(query, "run")),
            "judge-bench" => Self::JudgeBench(value_of(query, "run")),
            path if path.starts_with("review") => {
                match ReviewFace::ALL.into_iter().find(|face| face.path() == path) {
                    Some(face) => Self::Review(ReviewView::parse(face, query)),
                    None => Self::Start,
                }
            }
            "report" => Self::Report(ResultsView::parse(query)),
            "ledger" => Self::Ledger(value_of(query, "run")),
            "settings" => Self::Settings,
            "about" => Self::About,
            _ => Self::Start,
        }
    }

    /// The fragment, without `#`.
    pub fn fragment(&self) -> String {
        match self {
            Self::Start => "/".to_owned(),
            Self::Try => "/try".to_owned(),
            Self::Questions => "/questions".to_owned(),
            Self::Catalogue => "/catalogue".to_owned(),
            Self::Editor => "/editor".to_owned(),
            Self::Models => "/models".to_owned(),
            Self::Run(None) => "/run".to_owned(),
            Self::Run(Some(run_id)) => format!("/run?resume={}", percent_encoded(run_id)),
            Self::Grade(None) => "/grade".to_owned(),
            Self::Grade(Some(run_id)) => format!("/grade?run={}", percent_encoded(run_id)),
            Self::Exam(ExamLink::Own) => "/exam".to_owned(),
            Self::Exam(ExamLink::Carried(carried)) => {
                format!("/exam?x={}", percent_encoded(carried))
            }
            Self::Exam(ExamLink::Hosted(file)) => format!("/exam?exam={}", percent_encoded(file)),
            Self::Case(None) => "/case".to_owned(),
            Self::Case(Some(id)) => format!("/case?id={}", percent_encoded(id)),
            Self::Class(None) => "/class".to_owned(),
            Self::Class(Some(id)) => format!("/class?id={}", percent_encoded(id)),
            Self::Results(view) => view.fragment("/results"),
            Self::Report(view) => view.fragment("/report"),
            Self::Study(None) => "/study".to_owned(),
            Self::Study(Some(run_id)) => format!("/study?run={}", percent_encoded(run_id)),
            Self::JudgeBench(None) => "/judge-bench".to_owned(),
            Self::JudgeBench(Some(run_id)) => {
                format!("/judge-bench?run={}", percent_encoded(run_id))
            }
            Self::Review(view) => view.fragment(),
            Self::Ledger(None) => "/ledger".to_owned(),
            Self::Ledger(Some(run_id)) => format!("/ledger?run={}", percent_encoded(run_id)),
            Self::Settings => "/settings".to_owned(),
            Self::About => "/about".to_owned(),
        }
    }

    /// What of results the view shows, where it shows any.
    pub fn results_view(&self) -> Option<&ResultsView> {
        match self {
            Self::Results(view) | Self::Report(view) => Some(view),
            Self::Start
            | Self::Try
            | Self::Questions
            | Self::Catalogue
            | Self::Editor
            | Self::Models
            | Self::Run(_)
            | Self::Grade(_)
            | Self::Exam(_)
            | Self::Class(_)
            | Self::Study(_)
            | Self::JudgeBench(_)
            | Self::Review(_)
            | Self::Case(_)
            | Self::Ledger(_)
            | Self::Settings
            | Self::About => None,
        }
    }

    /// Name of the view, for the title and the heading of its page.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Start => "Examine the AI models that people ask about their health",
            Self::Try => "Try it now",
            Self::Questions => "Questions",
            Self::Catalogue => "Published questions",
            Self::Editor => "Make questions",
            Self::Models => "Models",
            Self::Run(_) => "Run",
            Self::Grade(_) => "Grade open answers",
            Self::Exam(_) => "Sit the exam",
            Self::Case(_) => "Your own case",
            Self::Class(_) => "Classroom",
            Self::Results(_) => "Results",
            Self::Study(_) => "The study",
            Self::JudgeBench(_) => "Measure a judge",
            Self::Review(_) => "Blinded review",
            Self::Report(_) => "Report",
            Self::Ledger(_) => "What left this page",
            Self::Settings => "Keys and storage",
            Self::About => "About this page",
        }
    }
}

impl ResultsView {
    /// The same results without what is filtered, sorted or open.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            run_id: self.run_id.clone(),
            shared: self.shared.clone(),
            hosted: self.hosted.clone(),
            scope: self.scope.clone(),
            ..Self::default()
        }
    }

    fn parse(query: &str) -> Self {
        let mut view = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            match name {
                "run" => view.run_id = Some(value).filter(|id| !id.is_empty()),
                "variants" => view.scope = value,
                "verdicts" => view.verdicts = value,
                "rule" => view.score_rule = value,
                "items" => view.filter = value,
                "search" => view.search = value,
                "item" => view.item_idx = value.parse().ok(),
                "part" => view.part = value,
                "shared" => view.shared = Some(value).filter(|text| !text.is_empty()),
                "results" => view.hosted = Some(value).filter(|path| !path.is_empty()),
                "category" => view.category = Some(value),
                "sort" => view.order = value,
                "group" => view.grouping = value,
                "length" => view.length = value,
                _ => {}
            }
        }
        view
    }

    fn fragment(&self, path: &str) -> String {
        let item = self.item_idx.map(|idx| idx.to_string()).unwrap_or_default();
        let run = self.run_id.clone().unwrap_or_default();
        let [shared, hosted] =
            [&self.shared, &self.hosted].map(|one| one.clone().unwrap_or_default());
        let pairs = [
            ("shared", &shared),
            ("results", &hosted),
            ("run", &run),
            ("variants", &self.scope),
            ("verdicts", &self.verdicts),
            ("rule", &self.score_rule),
            ("items", &self.filter),
            ("search", &self.search),
            ("item", &item),
            ("part", &self.part),
            ("sort", &self.order),
            ("group", &self.grouping),
            ("length", &self.length),
        ];
        let mut query: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        // Items without a category have one with an empty name.
        query.extend(
            self.category.as_ref().map(|name| format!("category={}", percent_encoded(name))),
        );
        if query.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", query.join("&"))
    }
}

/// A scope as it stands in an address; empty for what is shown unasked.
pub fn scope_name(scope: Scope) -> String {
    match scope {
        Scope::Base | Scope::All => String::new(),
        Scope::Variants(change) => change.key().to_owned(),
    }
}

/// Reads [`scope_name`]: the kind of variants that figures count, where the grid has any of it.
pub fn scope_of(name: &str, grid: &Grid) -> Option<Scope> {
    let change = Change::of_key(name).filter(|change| grid.changes().contains(change))?;
    Some(Scope::Variants(change))
}

const OUTCOMES: [(Outcome, &str); 8] = [
    (Outcome::Correct, "right"),
    (Outcome::Incorrect, "wrong"),
    (Outcome::Partial, "partial"),
    (Outcome::Refused, "refused"),
    (Outcome::Unreadable, "unreadable"),
    (Outcome::Truncated, "truncated"),
    (Outcome::Failed, "failed"),
    (Outcome::Unscored, "unscored"),
];

/// A filter as it stands in an address: `all-wrong`, `right-0-wrong-2`, `state-1-refused`.
pub fn filter_name(filter: Filter) -> String {
    match filter {
        Filter::All => String::new(),
        Filter::Variants => "variants".to_owned(),
        Filter::AllWrong => "all-wrong".to_owned(),
        Filter::AllRight => "all-right".to_owned(),
        Filter::Disagreement => "differ".to_owned(),
        Filter::RightWrong { right, wrong } => format!("right-{right}-wrong-{wrong}"),
        Filter::InState { model, state } => {
            let name = match state {
                State::Ended(outcome) => OUTCOMES.iter().find(|(known, _)| *known == outcome),
                State::Unassigned | State::NotAsked => None,
            };
            format!("state-{model}-{}", name.map_or("open", |(_, name)| name))
        }
        Filter::Grades(filter) => grades::grade_filter_name(filter),
    }
}

/// Reads [`filter_name`]; what is not understood, or names a model that is not there, shows everything.
pub fn filter_of(name: &str, n_models: usize) -> Filter {
    let parts: Vec<&str> = name.split('-').collect();
    let model = |text: &str| text.parse::<usize>().ok().filter(|model| *model < n_models);
    match parts.as_slice() {
        ["variants"] => Filter::Variants,
        ["all", "wrong"] => Filter::AllWrong,
        ["all", "right"] => Filter::AllRight,
        ["differ"] => Filter::Disagreement,
        ["right", right, "wrong", wrong] => match (model(right), model(wrong)) {
            (Some(right), Some(wrong)) => Filter::RightWrong { right, wrong },
            _ => Filter::All,
        },
        ["state", of, name] => {
            let state = match OUTCOMES.iter().find(|(_, known)| known == name) {
                Some((outcome, _)) => State::Ended(*outcome),
                None => State::NotAsked,
            };
            model(of).map_or(Filter::All, |model| Filter::InState { model, state })
        }
        parts => grades::grade_filter_of(parts).map_or(Filter::All, Filter::Grades),
    }
}

/// The value of a name in a query, decoded; `None` where it is missing or empty.
fn value_of(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(of, _)| *of == name).map(|(_, value)| decode(value));
    values.next().filter(|value| !value.is_empty())
}

/// Undoes [`percent_encoded`]; what is not well formed stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let value = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match value {
            Some(value) if *byte == b'%' => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_survives_its_own_address() {
        let view = ResultsView {
            run_id: Some("2026-11-23-ab".into()),
            scope: "rotated".into(),
            verdicts: "judge-1".into(),
            score_rule: "pooled".into(),
            filter: "right:0,wrong:1".into(),
            search: "fièvre & 38 %".into(),
            item_idx: Some(17),
            part: "ranks".into(),
            shared: Some("1.abc-_".into()),
            hosted: Some("demo/run.json".into()),
            category: Some("a&b=c".into()),
            order: "length-down".into(),
            grouping: "category".into(),
            length: "200-500".into(),
        };
        let without_category =
            ResultsView { category: Some(String::new()), ..ResultsView::default() };
        for route in [
            Route::Start,
            Route::Try,
            Route::Questions,
            Route::Catalogue,
            Route::Editor,
            Route::Models,
            Route::Run(None),
            Route::Run(Some("run-1".into())),
            Route::Exam(ExamLink::Own),
            Route::Exam(ExamLink::Carried("Ab-_9".into())),
            Route::Exam(ExamLink::Hosted("exam-1.json".into())),
            Route::Case(None),
            Route::Case(Some("case-1-2".into())),
            Route::Class(None),
            Route::Class(Some("0123abcd".into())),
            Route::Results(ResultsView::default()),
            Route::Results(view.clone()),
            Route::Results(without_category),
            Route::Report(ResultsView::default()),
            Route::Report(view),
            Route::Study(None),
            Route::Study(Some("run 1".into())),
            Route::JudgeBench(None),
            Route::JudgeBench(Some("run-1".into())),
            Route::Review(ReviewView::default()),
            Route::Review(ReviewView { face: ReviewFace::Merge, file: String::new() }),
            Route::Review(ReviewView { face: ReviewFace::Rate, file: "reviews/r-1.json".into() }),
            Route::Ledger(None),
            Route::Ledger(Some("run 1".into())),
            Route::Settings,
            Route::About,
        ] {
            assert_eq!(Route::parse(&route.fragment()), route);
        }
    }

    #[test]
    fn every_filter_survives_its_own_name() {
        let refused = State::Ended(Outcome::Refused);
        for filter in [
            Filter::All,
            Filter::Variants,
            Filter::AllWrong,
            Filter::AllRight,
            Filter::Disagreement,
            Filter::RightWrong { right: 0, wrong: 2 },
            Filter::InState { model: 1, state: refused },
            Filter::InState { model: 1, state: State::NotAsked },
        ] {
            assert_eq!(filter_of(&filter_name(filter), 3), filter);
        }
        assert_eq!(filter_of("right-0-wrong-9", 3), Filter::All);
        assert_eq!(filter_of("<script>", 3), Filter::All);
    }

    #[test]
    fn a_scope_is_read_where_there_are_such_variants() {
        let class = crate::provider::Class::GeneralPurpose;
        let mut journal = crate::run::fixture::journal("a", &[("m", class, &["cc"])]);
        journal.plan.items[1].id = crate::dataset::ItemId("q0~lay".into());
        let grid = Grid::of(&journal);
        let lay = Scope::Variants(Change::Lay);
        assert_eq!(scope_of(&scope_name(lay), &grid), Some(lay));
        for name in ["", "rotated", "<script>"] {
            assert_eq!(scope_of(name, &grid), None, "{name}");
        }
        assert_eq!(scope_name(Scope::Base), "");
    }

    #[test]
    fn a_review_file_lies_beside_the_page_and_nowhere_else() {
        let beside = |file: &str| {
            let view = ReviewView { face: ReviewFace::Rate, file: file.to_owned() };
            view.file_beside().map(str::to_owned)
        };
        for file in ["r.json", "reviews/nyu_1/r-2.json"] {
            assert_eq!(beside(file).as_deref(), Some(file));
        }
        for file in [
            "",
            "/r.json",
            "//evil.example/r",
            "https://evil.example/r",
            "../r.json",
            "a/../r",
            "a//r",
            "a?b",
            "data:,x",
            "a\\b",
            "%2e%2e/r",
            ".git/config",
        ] {
            assert_eq!(beside(file), None, "{file}");
        }
        let linked = Route::parse("/review?file=r.json");
        assert!(matches!(linked, Route::Review(ReviewView { face: ReviewFace::Rate, .. })));
        assert_eq!(Route::parse("/reviews"), Route::Start);
    }

    #[test]
    fn hostile_addresses_do_no_harm() {
        for fragment in [
            "",
            "?",
            "/nowhere",
            "/results?item=-1&run=",
            "/results?search=%",
            "/results?search=%zz%E2",
        ] {
            let _ = Route::parse(fragment).fragment();
        }
        assert_eq!(Route::parse("/nowhere"), Route::Start);
        assert_eq!(Route::parse("/results?run="), Route::Results(ResultsView::default()));
    }
}
