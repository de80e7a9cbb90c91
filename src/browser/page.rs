//! Owns the document around the app: its address, its title, its clipboard, and what the browser says of itself.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

use super::error::Error;

/// The document; absent only where there is no page.
pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// The element that the app replaces.
pub fn root() -> Option<web_sys::HtmlElement> {
    document()?.get_element_by_id("app")?.dyn_into().ok()
}

/// What stands behind `#` in the address.
pub fn fragment() -> String {
    let hash =
        web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Goes to another page of the app.
pub fn go_to(fragment: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_hash(fragment);
    }
}

/// Changes the address without a new step in the history, as for filters.
pub fn replace_fragment(fragment: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let address = format!("#{fragment}");
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// Calls back whenever the fragment changes, for as long as the page lives.
pub fn on_fragment(call_back: impl Fn(String) + 'static) {
    let closure = Closure::<dyn Fn()>::new(move || call_back(fragment()));
    if let Some(window) = web_sys::window() {
        let _ =
            window.add_event_listener_with_callback("hashchange", closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Names the page in the browser's tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the focus, as to the heading of a new page, so that a screen reader starts there.
pub fn focus(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// Scrolls to the top of the page.
pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Says to the page's markup, and to whoever measures, that it can be used.
pub fn mark_usable() {
    mark("viva-usable");
    if let Some(body) = document().and_then(|document| document.body()) {
        let _ = body.set_attribute("data-ready", "true");
    }
}

/// Does a piece of work and notes how long it took under this name, for whoever measures the page.
pub fn measured<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let performance = web_sys::window().and_then(|window| window.performance());
    let start = format!("{name}-start");
    if let Some(performance) = &performance {
        let _ = performance.mark(&start);
    }
    let done = work();
    if let Some(performance) = &performance {
        let _ = performance.measure_with_start_mark(name, &start);
    }
    done
}

/// Notes a moment under this name, for whoever measures the page.
pub fn mark(name: &str) {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        let _ = performance.mark(name);
    }
}

/// This page's origin, such as `https://viva.example`.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// This page's address without its fragment, such as `https://viva.example/demo/`, for links that are passed on.
pub fn address() -> String {
    let href =
        web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// Whether the browser believes that it is connected.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// The browser's name and version, as it tells them: `Chrome 148.0.0.0`.
pub fn browser_version() -> String {
    let agent = web_sys::window()
        .and_then(|window| window.navigator().user_agent().ok())
        .unwrap_or_default();
    let named = ["Edg/", "OPR/", "Firefox/", "Chrome/", "Version/"].iter().find_map(|mark| {
        let version = agent.split_once(mark)?.1.split(' ').next()?;
        Some(format!("{} {version}", mark.trim_end_matches('/')))
    });
    named.unwrap_or_else(|| "an unknown browser".to_owned())
}

/// Whether nobody sees the page at present.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Whether this is Safari, which blocks `http://localhost` from pages elsewhere.
pub fn is_safari() -> bool {
    let agent = web_sys::window()
        .and_then(|window| window.navigator().user_agent().ok())
        .unwrap_or_default();
    agent.contains("Safari/") && !agent.contains("Chrome/") && !agent.contains("Chromium/")
}

/// Copies a text to the clipboard.
pub async fn copy(text: &str) -> Result<(), Error> {
    let window = web_sys::window().ok_or_else(|| Error::Other("no window".to_owned()))?;
    JsFuture::from(window.navigator().clipboard().write_text(text)).await?;
    Ok(())
}

/// What would be lost when the page is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leave {
    /// Answers on their way.
    Run,
    /// Questions that are in no file.
    Questions,
    /// Grades that a person changed, in no file yet.
    Rulings,
}

thread_local! {
    static AT_STAKE: RefCell<BTreeSet<Leave>> = const { RefCell::new(BTreeSet::new()) };
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// Asks before the page is left, while work would be lost. The browser words the question.
pub fn set_leave_warning(what: Leave, is_on: bool) {
    AT_STAKE.with_borrow_mut(|at_stake| {
        if is_on {
            at_stake.insert(what);
        } else {
            at_stake.remove(&what);
        }
    });
    if IS_WATCHED.replace(true) {
        return;
    }
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if AT_STAKE.with_borrow(|at_stake| !at_stake.is_empty()) {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window() {
        let _ = window
            .add_event_listener_with_callback("beforeunload", closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Lets the page go unasked, whatever would be lost.
pub fn drop_leave_warnings() {
    AT_STAKE.with_borrow_mut(BTreeSet::clear);
}

/// Calls back whenever the page goes out of sight, for as long as it lives: it may be closed or frozen next.
pub fn on_hide(call_back: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(move || {
        if document().is_none_or(|document| document.hidden()) {
            call_back();
        }
    });
    if let Some(document) = document() {
        let _ = document
            .add_event_listener_with_callback("visibilitychange", closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Writes to the browser's console, for whoever reports a fault.
pub fn log_error(message: &str) {
    web_sys::console::error_1(&message.into());
}

/// Size of the page's base font in pixels, as the person set it in the browser; row heights depend on it.
pub fn root_font_px() -> f64 {
    let size = || {
        let window = web_sys::window()?;
        let style = window.get_computed_style(&document()?.document_element()?).ok()??;
        style.get_property_value("font-size").ok()?.trim_end_matches("px").parse().ok()
    };
    size().unwrap_or(16.0)
}

/// How far the element that sent a scroll event is scrolled, in pixels.
pub fn scroll_top(event: &web_sys::Event) -> f64 {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.map_or(0.0, |element| f64::from(element.scroll_top()))
}

/// Opens the browser's dialogue for printing.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // Where a browser has none, nothing happens, and its menu does the same.
        let _ = window.print();
    }
}

/// The addresses of the page's style sheets, relative to the page.
pub fn style_sheets() -> Vec<String> {
    let links = document().and_then(|document| {
        let head = document.head()?;
        Some(head.get_elements_by_tag_name("link"))
    });
    let Some(links) = links else { return vec![] };
    (0..links.length())
        .filter_map(|idx| links.item(idx))
        .filter(|link| link.get_attribute("rel").as_deref() == Some("stylesheet"))
        .filter_map(|link| link.get_attribute("href"))
        .collect()
}
