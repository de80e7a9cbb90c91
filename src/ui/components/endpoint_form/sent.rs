//! Owns what is told of the settings that a model will be sent, and of those that it does not take.

use leptos::prelude::*;

use crate::provider::Endpoint;

/// What is sent, and what is not, with why.
#[component]
pub(crate) fn Sent(
    /// After [`crate::provider::capability::settle`].
    endpoint: Endpoint,
) -> impl IntoView {
    let told = endpoint.settings.told();
    let sent = match told.as_slice() {
        [] => "Sent with each question: nothing else. The provider’s own defaults hold.".to_owned(),
        _ => format!("Sent with each question: {}.", told.join(", ")),
    };
    view! {
        <p class="quiet">{sent}</p>
        {(!endpoint.withheld.is_empty()).then(|| view! {
            <ul class="quiet">
                {endpoint.withheld.into_iter().map(|withheld| view! {
                    <li>{format!("Not sent: {}. {}", withheld.setting.name(), withheld.reason)}</li>
                }).collect_view()}
            </ul>
        })}
    }
}
