//! Owns the frame of the page and the way from an address to a view.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::components::case::Draft;
use super::components::unsaved::Unsaved;
use super::pages;
use super::state::State;
use crate::browser::{librarian, page, pkce};
use crate::people::case::Told;
use crate::report::link::Route;

/// Puts the app in place of what the document shows until then.
pub fn mount() {
    if librarian::is_worker() {
        // Where the code cannot be fetched the page hears nothing, and says so after a while.
        librarian::begin(async { drop(pages::later::librarian().await) });
        return;
    }
    super::components::panic_screen::install();
    let Some(root) = page::root() else { return };
    root.set_inner_text("");
    leptos::mount::mount_to(root, App).forget();
    page::mark_usable();
}

#[component]
fn App() -> impl IntoView {
    // Back from signing in elsewhere: the models page exchanges the code for the key.
    if pkce::is_back() {
        page::replace_fragment(&Route::Models.fragment());
    }
    let state = State::new(Route::parse(&page::fragment()));
    provide_context(state);
    provide_context(Draft(RwSignal::new(Told::default())));
    page::on_fragment(move |fragment| state.route.set(Route::parse(&fragment)));
    let view = Memo::new(move |_| state.route.with(std::mem::discriminant));
    let title = move || state.route.with(Route::title);
    Effect::new(move |was: Option<()>| {
        // A memo that was only tracked has never run, and follows nothing.
        let _ = view.get();
        page::set_title(&format!("{} – Viva", state.route.with_untracked(Route::title)));
        // At the first load the browser's own start of reading is right.
        if was.is_some() {
            page::scroll_to_top();
            request_animation_frame(|| page::focus("main h1"));
        }
    });
    view! {
        <a class="skip-link" href="#main" on:click=move |event| {
            event.prevent_default();
            page::focus("main h1");
        }>"Skip to content"</a>
        <Header/>
        <main id="main">
            <h1 tabindex="-1">{title}</h1>
            <Unsaved/>
            {move || {
                let _ = view.get();
                match state.route.get_untracked() {
                    Route::Start => view! { <pages::start::StartPage/> }.into_any(),
                    Route::About => view! { <pages::about::AboutPage/> }.into_any(),
                    route => later(route),
                }
            }}
        </main>
        <footer class="site-footer">
            <p>
                "This page examines AI models. It gives no medical advice, and a good result here is no proof that a model is safe for patients."
            </p>
            <p>
                "No account, no tracking: what you load and type stays in this browser, except the questions that you send to models. "
                <a href="#/ledger">"What left this page"</a>
            </p>
        </footer>
    }
}

/// A page whose code is fetched now, if it is not here yet.
fn later(route: Route) -> AnyView {
    Suspend::new(async move {
        let page = match route {
            Route::Results(_) => pages::later::results().await,
            route @ (Route::Exam(_) | Route::Class(_)) => pages::later::sitting(route).await,
            Route::Report(_) => pages::later::report().await,
            Route::Case(_) => pages::later::case().await,
            Route::Editor => pages::later::editor().await,
            Route::Catalogue => pages::later::catalogue().await,
            route @ (Route::Study(_) | Route::JudgeBench(_)) => pages::later::study(route).await,
            Route::Review(_) => pages::later::review().await,
            route @ (Route::Ledger(_) | Route::Settings) => pages::later::upkeep(route).await,
            route => pages::later::examine(route).await,
        };
        spawn_local(pages::later::fetch_rest());
        page.unwrap_or_else(|_failed| {
            view! {
                <p class="notice notice--bad" role="alert">
                    "This part of the page could not be loaded. Check the network, then load the page again. Answers received so far are kept."
                </p>
            }
            .into_any()
        })
    })
    .into_any()
}

#[component]
fn Header() -> impl IntoView {
    let route = State::get().route;
    let link = move |to: Route, name: &'static str| {
        let is_here = {
            let to = to.clone();
            move || route.with(|here| std::mem::discriminant(here) == std::mem::discriminant(&to))
        };
        let href = format!("#{}", to.fragment());
        view! { <li><a href=href aria-current=move || is_here().then_some("page")>{name}</a></li> }
    };
    view! {
        <header class="site-header">
            <a class="site-header__brand" href="#/">"Viva"</a>
            <nav aria-label="Pages">
                <ul>
                    {link(Route::Try, "Try it")}
                    {link(Route::Questions, "Questions")}
                    {link(Route::Models, "Models")}
                    {link(Route::Run(None), "Run")}
                    {link(Route::Results(crate::report::link::ResultsView::default()), "Results")}
                    {link(Route::Settings, "Keys")}
                    {link(Route::About, "About")}
                </ul>
            </nav>
        </header>
    }
}
