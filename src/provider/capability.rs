//! Owns what each family of models takes: which settings may be sent, and in which form.

use super::model::Endpoint;
use super::settings::CallSettings;

/// The endpoint with the settings that will be sent: those that the person wants for this model, else those for the
/// whole run, without what this model does not take; that is named in [`Endpoint::withheld`].
#[must_use]
pub fn settle(endpoint: &Endpoint, run_wide: CallSettings) -> Endpoint {
    let own = endpoint.settings;
    let settings = CallSettings {
        temperature: own.temperature.or(run_wide.temperature),
        seed: own.seed.or(run_wide.seed),
        max_output_tokens: own.max_output_tokens.or(run_wide.max_output_tokens),
        effort: own.effort.or(run_wide.effort),
        context_tokens: own.context_tokens.or(run_wide.context_tokens),
        delivery: if own.delivery == CallSettings::default().delivery {
            run_wide.delivery
        } else {
            own.delivery
        },
    };
    Endpoint { settings, ..endpoint.clone() }
}
