//! Owns the warning before a person's own text is sent in which somebody can be recognised.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::clock;
use crate::text::identifiers::{self, Finding};
use crate::ui::words;

/// Findings that are listed; the rest is counted.
const N_LISTED: usize = 12;

/// Texts that are checked before the browser gets a turn to draw.
const N_AT_ONCE: usize = 40;

/// A text that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Where it stands, behind "in": `question 3`.
    pub(crate) place: String,
    /// The text.
    pub(crate) text: String,
}

impl Sent {
    pub(crate) fn of(place: &str, text: &str) -> Self {
        Self { place: place.to_owned(), text: text.to_owned() }
    }
}

/// Lists what in these texts points to a real person, and asks for a tick before they are sent. Draws nothing, and is
/// accepted as soon as all are checked, where nothing was found.
#[component]
pub(crate) fn PrivacyWarning(
    /// What is about to be sent.
    #[prop(into)]
    texts: Signal<Arc<Vec<Sent>>>,
    /// Whether sending may go on. False until all is checked and where something is found; true by the tick.
    is_accepted: RwSignal<bool>,
) -> impl IntoView {
    // Texts that are equal need no second check, and no second tick.
    let texts = Memo::new(move |_| texts.get());
    let found = RwSignal::new(None::<Vec<Excerpt>>);
    let round = StoredValue::new(0_u32);
    // Texts in which nothing was found, by their hash: another word in the standing instruction has no thousand questions
    // checked anew.
    let clean = StoredValue::new(HashSet::<u64>::new());
    Effect::new(move |_| {
        let texts = texts.get();
        round.update_value(|round| *round += 1);
        let this_round = round.get_value();
        is_accepted.set(texts.is_empty());
        found.set(None);
        spawn_local(async move {
            let mut excerpts = vec![];
            let is_new = |sent: &&Sent| {
                let hash = hash_of(&sent.text);
                clean.try_with_value(|clean| clean.contains(&hash)) != Some(true)
            };
            let unchecked: Vec<&Sent> = texts.iter().filter(is_new).collect();
            for chunk in unchecked.chunks(N_AT_ONCE) {
                for sent in chunk {
                    let findings = identifiers::find(&sent.text);
                    if findings.is_empty() {
                        let _ = clean.try_update_value(|clean| clean.insert(hash_of(&sent.text)));
                    }
                    excerpts.extend(findings.iter().map(|found| Excerpt::of(sent, found)));
                }
                clock::next_turn().await;
                // Other texts came meanwhile, or the page was left.
                if round.try_get_value() != Some(this_round) {
                    return;
                }
            }
            is_accepted.set(excerpts.is_empty());
            found.set(Some(excerpts));
        });
    });
    move || {
        match found.get() {
        None => view! { <p class="quiet" role="status">"Checking what is sent for details of a person …"</p> }
            .into_any(),
        Some(found) if found.is_empty() => ().into_any(),
        Some(found) => warning(found, is_accepted),
    }
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn warning(found: Vec<Excerpt>, is_accepted: RwSignal<bool>) -> AnyView {
    let n_more = found.len().saturating_sub(N_LISTED);
    view! {
        <section class="notice notice--warn" aria-labelledby="privacy-heading">
            <h2 id="privacy-heading">"Could somebody be recognised?"</h2>
            <p>"What you would send holds what looks like details of a real person. It would go to the providers of the models that you chose, who may keep it. Remove such details unless you may share them."</p>
            <ul id="privacy-findings">
                {found.into_iter().take(N_LISTED).map(Excerpt::view).collect_view()}
            </ul>
            {(0 < n_more).then(|| view! { <p>{format!("And {} more.", words::count(n_more))}</p> })}
            <p class="quiet">"This check goes by patterns. It misses some, and takes some harmless texts for details of a person."</p>
            <label class="tick">
                <input type="checkbox" id="privacy-accepted" prop:checked=move || is_accepted.get()
                    on:change=move |event| is_accepted.set(event_target_checked(&event))/>
                <span>"Nobody can be recognised by this, or I may share it. Send it."</span>
            </label>
        </section>
    }
    .into_any()
}

/// A finding with the words around it.
#[derive(Clone, PartialEq)]
struct Excerpt {
    place: String,
    kind: &'static str,
    reason: &'static str,
    before: String,
    marked: String,
    after: String,
}

impl Excerpt {
    fn of(sent: &Sent, finding: &Finding) -> Self {
        let text = sent.text.as_str();
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        let (start, end) = (finding.range.start, finding.range.end);
        let before: Vec<char> = part(0..start).chars().rev().take(30).collect();
        Self {
            place: sent.place.clone(),
            kind: finding.kind.name(),
            reason: finding.reason,
            before: before.into_iter().rev().collect(),
            marked: part(start..end).chars().take(80).collect(),
            after: part(end..text.len()).chars().take(30).collect(),
        }
    }

    fn view(self) -> impl IntoView {
        view! {
            <li>
                <strong>{self.kind}</strong>
                {format!(" in {} ({}): … ", self.place, self.reason)}
                {self.before}<mark>{self.marked}</mark>{self.after}" …"
            </li>
        }
    }
}
