//! Owns the taking away of a setting that a model refused.

use crate::provider::{CallSettings, Delivery, Endpoint, Setting, Withheld};

/// The endpoint without a setting. `reason` is what the provider said.
pub(super) fn without(endpoint: &Endpoint, setting: Setting, reason: &str) -> Endpoint {
    let old = endpoint.settings;
    let settings = match setting {
        Setting::Temperature => CallSettings { temperature: None, ..old },
        Setting::Seed => CallSettings { seed: None, ..old },
        Setting::MaxOutputTokens => CallSettings { max_output_tokens: None, ..old },
        Setting::Effort => CallSettings { effort: None, ..old },
        Setting::ContextTokens => CallSettings { context_tokens: None, ..old },
        Setting::Streaming if old.delivery == Delivery::Streamed => {
            CallSettings { delivery: Delivery::Whole, ..old }
        }
        // Not among the settings: whoever makes the request finds it in the list of what is withheld.
        Setting::Streaming | Setting::JsonSchema => old,
    };
    let mut without = Endpoint { settings, ..endpoint.clone() };
    without.withheld.push(Withheld { setting, reason: reason.to_owned() });
    without
}
