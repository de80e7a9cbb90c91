//! Owns the pages that are loaded when first opened: the start page waits for none of their code.
#![allow(
    unsafe_code,
    reason = "the macro declares the imports by which a later part of the module is called"
)]
#![allow(
    clippy::unnecessary_wraps,
    reason = "the macro adds the failure to fetch to what a page returns"
)]

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::browser::page;
use crate::report::link::Route;

/// The pages of an examination: trying, questions, models, and the run.
#[wasm_split(examine, fallible, preload(fetch_examine), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn examine(route: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match route {
        Route::Try => view! { <super::trial::TryPage/> }.into_any(),
        Route::Questions => view! { <super::questions::QuestionsPage/> }.into_any(),
        Route::Models => view! { <super::models::ModelsPage/> }.into_any(),
        Route::Run(_) => view! { <super::run::RunPage/> }.into_any(),
        Route::Grade(_) => view! { <super::grade::GradePage/> }.into_any(),
        Route::Start
        | Route::Catalogue
        | Route::Editor
        | Route::Exam(_)
        | Route::Case(_)
        | Route::Class(_)
        | Route::Results(_)
        | Route::Study(_)
        | Route::JudgeBench(_)
        | Route::Review(_)
        | Route::Report(_)
        | Route::Ledger(_)
        | Route::Settings
        | Route::About => ().into_any(),
    })
}

/// The page of results.
#[wasm_split(results, fallible, preload(fetch_results), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn results() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <super::results::ResultsPage/> }.into_any())
}

/// The pages on which people sit exams, alone and as a class.
#[wasm_split(sitting, fallible, preload(fetch_sitting), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn sitting(route: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match route {
        Route::Class(_) => view! { <super::class::ClassPage/> }.into_any(),
        _ => view! { <super::exam::ExamPage/> }.into_any(),
    })
}

/// The page that is a report.
#[wasm_split(report, fallible, preload(fetch_report), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn report() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <super::report::ReportPage/> }.into_any())
}

/// The page on which a person puts a case of their own to models.
#[wasm_split(case, fallible, preload(fetch_case), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn case() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <super::case::CasePage/> }.into_any())
}

/// The page on which questions are made.
#[wasm_split(editor, fallible, preload(fetch_editor), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn editor() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <super::editor::EditorPage/> }.into_any())
}

/// The page of published questions.
#[wasm_split(catalogue, fallible, preload(fetch_catalogue), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn catalogue() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <super::catalogue::CataloguePage/> }.into_any())
}

/// The page of blinded reviews.
#[wasm_split(review, fallible, preload(fetch_review), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn review() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <super::review::ReviewPage/> }.into_any())
}

/// The pages about keys and about what left the page.
#[wasm_split(upkeep, fallible, preload(fetch_upkeep), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn upkeep(route: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match route {
        Route::Ledger(_) => view! { <super::ledger::LedgerPage/> }.into_any(),
        Route::Settings => view! { <super::settings::SettingsPage/> }.into_any(),
        Route::Start
        | Route::Try
        | Route::Questions
        | Route::Catalogue
        | Route::Editor
        | Route::Models
        | Route::Run(_)
        | Route::Grade(_)
        | Route::Exam(_)
        | Route::Case(_)
        | Route::Class(_)
        | Route::Results(_)
        | Route::Study(_)
        | Route::JudgeBench(_)
        | Route::Review(_)
        | Route::Report(_)
        | Route::About => ().into_any(),
    })
}

/// The page of the study, and the one on which judges are measured.
#[wasm_split(study, fallible, preload(fetch_study), wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn study(route: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match route {
        Route::JudgeBench(_) => view! { <super::judge_bench::JudgeBenchPage/> }.into_any(),
        _ => view! { <super::study::StudyPage/> }.into_any(),
    })
}

/// What a thread that keeps a set of questions does.
#[wasm_split(librarian, fallible, wasm_split_path = ::leptos::wasm_split)]
pub(crate) fn librarian() -> Result<(), SplitLoaderError> {
    crate::browser::librarian::serve();
    Ok(())
}

/// Fetches what the other pages need, once one of them is open: what follows then works without a network.
pub(crate) async fn fetch_rest() {
    // A part that cannot be had now is asked for again when its page is opened, and failures are told there.
    let _ = fetch_examine().await;
    let _ = fetch_results().await;
    let _ = fetch_report().await;
    let _ = fetch_upkeep().await;
    let _ = fetch_editor().await;
    let _ = fetch_catalogue().await;
    let _ = fetch_study().await;
    let _ = fetch_review().await;
    let _ = fetch_sitting().await;
    let _ = fetch_case().await;
    page::mark("viva-whole");
}
