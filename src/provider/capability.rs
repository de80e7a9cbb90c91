//! Owns what each family of models takes: which settings may be sent, and in which form.
//!
//! Two things decide: the service, told by its address, and the family, told by the model's name. Where neither is known
//! the safest form is sent: the question, its temperature and its limit. What the table gets wrong the model itself
//! corrects: a setting that it refuses is taken away by [`without`] and the question asked again.

use super::family::{Family, GptKind};
use super::host::Host;
use super::model::{Endpoint, Protocol};
use super::settings::{CallSettings, Delivery, Effort, Setting, Withheld};

mod effort;
mod form;

pub(super) use form::{EffortForm, LimitField, SchemaForm, StreamForm, chat_form, thinking_budget};

/// Whether a setting is taken; where it is not, why, for people.
type Takes = Result<(), &'static str>;

/// The context that Ollama sets up where nobody chose one, in tokens. Its own default can be 4,096 and cuts a long case
/// off without a word.
pub const DEFAULT_CONTEXT_TOKENS: u32 = 8_192;

/// The endpoint with the settings that will be sent: those that the person wants for this model, else those for the
/// whole run, without what this model does not take; that is named in [`Endpoint::withheld`]. Settling twice changes
/// nothing, and what a model refused before stays withheld.
#[must_use]
pub fn settle(endpoint: &Endpoint, run_wide: CallSettings) -> Endpoint {
    let mut settled =
        Endpoint { settings: merged(endpoint.settings, run_wide), ..endpoint.clone() };
    for refused in endpoint.withheld.iter().map(|withheld| withheld.setting) {
        clear(&mut settled.settings, refused);
    }
    if settled.protocol == Protocol::Ollama && !is_withheld(&settled, Setting::ContextTokens) {
        settled.settings.context_tokens.get_or_insert(DEFAULT_CONTEXT_TOKENS);
    }
    // Anthropic asks for a limit, so that one is always sent; the plan says which.
    if settled.protocol == Protocol::Anthropic {
        let limit = default_limit(&settled.model, settled.settings.effort);
        settled.settings.max_output_tokens.get_or_insert(limit);
    }
    let settings = settled.settings;
    if let Some(wanted) = settings.effort {
        hold_back(&mut settled, Setting::Effort, effort::takes(endpoint, settings, wanted));
    }
    if let Some(temperature) = settings.temperature {
        let takes = takes_temperature(endpoint, settled.settings.effort, temperature);
        hold_back(&mut settled, Setting::Temperature, takes);
    }
    if settings.seed.is_some() {
        hold_back(&mut settled, Setting::Seed, takes_seed(endpoint));
    }
    if settings.context_tokens.is_some() {
        hold_back(&mut settled, Setting::ContextTokens, takes_context(endpoint));
    }
    settled
}

fn merged(own: CallSettings, run_wide: CallSettings) -> CallSettings {
    CallSettings {
        temperature: own.temperature.or(run_wide.temperature),
        seed: own.seed.or(run_wide.seed),
        max_output_tokens: own.max_output_tokens.or(run_wide.max_output_tokens),
        effort: own.effort.or(run_wide.effort),
        context_tokens: own.context_tokens.or(run_wide.context_tokens),
        delivery: if own.delivery == Delivery::default() {
            run_wide.delivery
        } else {
            own.delivery
        },
    }
}

fn hold_back(endpoint: &mut Endpoint, setting: Setting, takes: Takes) {
    if let Err(reason) = takes {
        clear(&mut endpoint.settings, setting);
        endpoint.withheld.push(Withheld { setting, reason: reason.to_owned() });
    }
}

/// The endpoint without a setting that the model refused at run time. It stays withheld from then on; `reason` is what the
/// provider said.
#[must_use]
pub fn without(endpoint: &Endpoint, setting: Setting, reason: &str) -> Endpoint {
    let mut less = endpoint.clone();
    clear(&mut less.settings, setting);
    if !is_withheld(&less, setting) {
        less.withheld.push(Withheld { setting, reason: reason.to_owned() });
    }
    less
}

/// Whether a call to this endpoint carries a setting, so that asking again without it makes a difference. A schema counts
/// as sent where the call asks for one (`wants_schema`).
pub fn is_sent(endpoint: &Endpoint, setting: Setting, wants_schema: bool) -> bool {
    let settings = &endpoint.settings;
    match setting {
        Setting::Temperature => settings.temperature.is_some(),
        Setting::Seed => settings.seed.is_some(),
        Setting::MaxOutputTokens => settings.max_output_tokens.is_some(),
        Setting::Effort => settings.effort.is_some(),
        Setting::ContextTokens => settings.context_tokens.is_some(),
        Setting::Streaming => settings.delivery == Delivery::Streamed,
        Setting::JsonSchema => wants_schema && takes_schema(endpoint).is_ok(),
    }
}

fn clear(settings: &mut CallSettings, setting: Setting) {
    match setting {
        Setting::Temperature => settings.temperature = None,
        Setting::Seed => settings.seed = None,
        Setting::MaxOutputTokens => settings.max_output_tokens = None,
        Setting::Effort => settings.effort = None,
        Setting::ContextTokens => settings.context_tokens = None,
        Setting::Streaming => {
            if settings.delivery == Delivery::Streamed {
                settings.delivery = Delivery::Whole;
            }
        }
        // The schema comes with the question: whoever writes the request looks at what is withheld.
        Setting::JsonSchema => {}
    }
}

fn is_withheld(endpoint: &Endpoint, setting: Setting) -> bool {
    endpoint.withheld.iter().any(|withheld| withheld.setting == setting)
}

/// The limit that is sent to Anthropic where nobody set one, in tokens. Its API has no default. Claude 3.5 and older write
/// no more than this; for newer models it leaves room for thinking and stays below the 21,333 above which Anthropic's own
/// libraries refuse to wait for a whole answer (60 min × limit / 128,000 > 10 min). Only where much thinking is asked of a
/// model that takes a budget for it, the limit is the 32,000 that Claude Opus 4 can write.
pub(super) fn default_limit(model: &str, effort: Option<Effort>) -> u32 {
    match Family::of(model) {
        Family::Claude(Some(version)) if version < (3, 5) => 4_096,
        Family::Claude(Some(version)) if version < (3, 7) => 8_192,
        Family::Claude(Some(version)) if version < (4, 6) && effort == Some(Effort::High) => 32_000,
        _ => 16_000,
    }
}

fn takes_temperature(endpoint: &Endpoint, effort: Option<Effort>, temperature: f64) -> Takes {
    let family = Family::of(&endpoint.model);
    match family {
        Family::Gpt(version, GptKind::Reasoning) if version >= (5, 1) => {
            return if effort == Some(Effort::None) {
                Ok(())
            } else {
                Err("This model takes a temperature only when its thinking is switched off.")
            };
        }
        Family::OpenAiO | Family::Gpt(_, GptKind::Reasoning) => {
            return Err("OpenAI's reasoning models take no temperature.");
        }
        Family::Gpt(_, GptKind::Search) => {
            return Err("OpenAI's search models take no temperature.");
        }
        Family::Claude(version) => return claude_takes_temperature(version, effort, temperature),
        _ => {}
    }
    match (endpoint.protocol, Host::of(endpoint)) {
        (Protocol::Anthropic, _) => Err("It is not known whether this model takes a temperature."),
        (Protocol::AzureOpenAi, _) | (_, Host::OpenAi | Host::Azure) if family == Family::Other => {
            Err("The name does not tell which model this is, and some take no temperature.")
        }
        // Not an error but ignored in silence, so that a run would claim what did not happen.
        (_, Host::DeepSeek)
            if effort != Some(Effort::None) && !endpoint.model.starts_with("deepseek-chat") =>
        {
            Err(
                "DeepSeek ignores the temperature while its model thinks. Set the effort to none to use it.",
            )
        }
        _ => Ok(()),
    }
}

/// Models after Claude Opus 4.6 refuse sampling settings; a name without a version is taken for a newer one.
fn claude_takes_temperature(
    version: Option<(u32, u32)>,
    effort: Option<Effort>,
    temperature: f64,
) -> Takes {
    match version {
        Some(version) if version <= (4, 6) => {
            if effort.is_some_and(|effort| effort != Effort::None) {
                Err("Claude takes no temperature while it thinks.")
            } else if temperature > 1.0 {
                Err("Claude takes temperatures from 0 to 1.")
            } else {
                Ok(())
            }
        }
        Some(_) => Err("Claude models after 4.6 take no temperature."),
        None => Err(
            "It is not known whether this model takes a temperature; newer Claude models do not.",
        ),
    }
}

fn takes_seed(endpoint: &Endpoint) -> Takes {
    match endpoint.protocol {
        Protocol::Gemini | Protocol::Mistral | Protocol::Cohere | Protocol::Ollama => return Ok(()),
        Protocol::OpenAiResponses => return Err("OpenAI's Responses API takes no seed."),
        Protocol::Anthropic => return Err("Anthropic's API takes no seed."),
        Protocol::OpenAiChat | Protocol::AzureOpenAi => {}
    }
    let family = Family::of(&endpoint.model);
    match Host::of(endpoint) {
        Host::OpenAi | Host::Azure if family == Family::Other => {
            Err("The name does not tell which model this is, and some take no seed.")
        }
        Host::OpenAi
        | Host::Azure
        | Host::OpenRouter
        | Host::Groq
        | Host::Together
        | Host::Xai
        | Host::Fireworks
        | Host::Cerebras
        | Host::HuggingFace
        | Host::Local => Ok(()),
        Host::Mistral => Err("Mistral takes a seed only over its own protocol."),
        Host::DeepSeek => Err("DeepSeek's API takes no seed."),
        Host::Perplexity => Err("Perplexity's API takes no seed."),
        Host::Other => Err("It is not known whether this service takes a seed."),
    }
}

fn takes_context(endpoint: &Endpoint) -> Takes {
    match endpoint.protocol {
        Protocol::Ollama => Ok(()),
        Protocol::OpenAiChat
        | Protocol::OpenAiResponses
        | Protocol::Anthropic
        | Protocol::Gemini
        | Protocol::Mistral
        | Protocol::Cohere
        | Protocol::AzureOpenAi => {
            Err("Only Ollama's own protocol lets the size of the context be set.")
        }
    }
}

/// Whether a JSON schema for the answer is sent; where it is not, why. The question itself must then ask for the form.
pub fn takes_schema(endpoint: &Endpoint) -> Result<(), Withheld> {
    schema_form(endpoint)
        .map(|_| ())
        .map_err(|reason| Withheld { setting: Setting::JsonSchema, reason: reason.to_owned() })
}

/// The form in which a schema is sent, unless the model refused it or is known not to take any.
pub(super) fn schema_form(endpoint: &Endpoint) -> Result<SchemaForm, &'static str> {
    if is_withheld(endpoint, Setting::JsonSchema) {
        return Err("The model refused it when it was asked.");
    }
    let family = Family::of(&endpoint.model);
    match endpoint.protocol {
        Protocol::Anthropic => match family {
            Family::Claude(Some(version)) if version >= (4, 5) => Ok(SchemaForm::JsonSchema),
            _ => Err("Claude takes a schema from version 4.5 on."),
        },
        Protocol::Gemini => match family {
            Family::Gemma => Err("Gemma takes no schema over Google's API."),
            _ => Ok(SchemaForm::JsonSchema),
        },
        Protocol::Mistral | Protocol::Cohere | Protocol::Ollama => Ok(SchemaForm::JsonSchema),
        Protocol::OpenAiChat | Protocol::OpenAiResponses | Protocol::AzureOpenAi => match family {
            Family::Gpt(version, _) if version < (4, 0) => {
                Err("OpenAI's models take a schema from GPT-4o on.")
            }
            // `gpt-4` and `gpt-4-turbo` share their number with `gpt-4o`.
            Family::Gpt((4, 0), _) if !endpoint.model.contains("4o") => {
                Err("OpenAI's models take a schema from GPT-4o on.")
            }
            _ => form::chat_schema(endpoint),
        },
    }
}

#[cfg(test)]
mod tests;
