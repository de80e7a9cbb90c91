//! Owns the way of the keyboard through the marks of a picture: one stop for the whole, and arrow keys from mark to mark.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, SvgElement};

/// Holds a mark's place in its picture, from 0.
const PLACE: &str = "data-mark";
/// Holds the number of marks of a picture.
const N_MARKS: &str = "data-marks";

/// The mark that an event comes from.
fn mark_of(event: &Event) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(&format!("[{PLACE}]")).ok()?
}

/// What the mark that an event comes from says of itself.
pub fn label(event: &Event) -> Option<String> {
    mark_of(event)?.get_attribute("aria-label")
}

/// Moves the focus from mark to mark where an arrow, Home or End was pressed.
pub fn step(event: &KeyboardEvent) {
    let moved = || {
        let from = mark_of(event)?;
        let number = |element: &Element, name: &str| element.get_attribute(name)?.parse().ok();
        let place: usize = number(&from, PLACE)?;
        let picture = from.closest(&format!("[{N_MARKS}]")).ok()??;
        let last = number(&picture, N_MARKS)?.checked_sub(1)?;
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (place + 1).min(last),
            "ArrowLeft" | "ArrowUp" => place.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        event.prevent_default();
        let to = picture.query_selector(&format!("[{PLACE}=\"{to}\"]")).ok()??;
        from.set_attribute("tabindex", "-1").ok()?;
        to.set_attribute("tabindex", "0").ok()?;
        to.dyn_ref::<SvgElement>()?.focus().ok()
    };
    let _ = moved();
}
