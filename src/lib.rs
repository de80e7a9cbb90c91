//! Viva examines the models that people ask about their health, in the browser.
//!
//! One line per room, lowest first; a room may use those above it in this list, never those below.

pub mod dataset; // items, packs, one file per format, sampling, fingerprints
pub mod people; // what people do themselves: exams, classes, blinded reviews
pub mod prompt; // item → messages
pub mod provider; // one file per wire protocol; model and baseline descriptions
pub mod report;
pub mod run; // plan, scheduler, limiter, retry, journal: a state machine that does no I/O
pub mod score; // a response → an outcome
pub mod stats; // intervals, paired tests, multiplicity: numbers in, numbers out
pub mod text; // folding of Unicode and white space, shared by import and extraction // leaderboard, comparisons, items, exports, other tools' files, links

#[cfg(target_arch = "wasm32")]
pub mod browser; // every use of web-sys and js-sys
#[cfg(target_arch = "wasm32")]
#[allow(unreachable_pub, reason = "the component macro writes `pub` where a component is not")]
pub mod ui; // Leptos: pages and components
