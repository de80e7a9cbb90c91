//! Owns which words of effort a model takes.

use super::super::family::Family;
use super::super::host::Host;
use super::super::model::{Endpoint, Protocol};
use super::super::settings::{CallSettings, Effort};
use super::Takes;
use super::form::thinking_budget;

const LEVELS: [Effort; 3] = [Effort::Low, Effort::Medium, Effort::High];
const NO_THINKING: &str = "This model does not think before it answers, as far as is known.";
const OTHER_WORD: &str = "This model does not take this word for its effort.";
const ON_OR_OFF: &str = "How much this model thinks cannot be set, only that it does not.";

/// Whether a model takes an effort.
pub(super) fn takes(endpoint: &Endpoint, settings: CallSettings, wanted: Effort) -> Takes {
    let family = Family::of(&endpoint.model);
    match endpoint.protocol {
        Protocol::Anthropic => of_claude(family, settings, wanted),
        Protocol::Gemini => of_gemini(family, &endpoint.model, wanted),
        // Only these models adjust how much they think.
        Protocol::Mistral => {
            let name = endpoint.model.to_ascii_lowercase();
            let adjusts =
                ["mistral-small", "mistral-medium"].iter().any(|part| name.contains(part));
            if adjusts { Ok(()) } else { Err(NO_THINKING) }
        }
        Protocol::Cohere => {
            if !endpoint.model.contains("reasoning") {
                Err(NO_THINKING)
            } else if wanted == Effort::Minimal {
                Err(OTHER_WORD)
            } else {
                fits(settings, wanted)
            }
        }
        Protocol::Ollama => match family {
            Family::GptOss => one_of(&LEVELS, wanted),
            _ => off_only(wanted),
        },
        Protocol::OpenAiChat | Protocol::OpenAiResponses | Protocol::AzureOpenAi => {
            of_chat(endpoint, family, wanted)
        }
    }
}

fn one_of(words: &[Effort], wanted: Effort) -> Takes {
    if words.contains(&wanted) { Ok(()) } else { Err(OTHER_WORD) }
}

fn off_only(wanted: Effort) -> Takes {
    if wanted == Effort::None { Ok(()) } else { Err(ON_OR_OFF) }
}

/// A budget of thinking must leave room for the answer.
fn fits(settings: CallSettings, wanted: Effort) -> Takes {
    match settings.max_output_tokens {
        Some(limit) if limit <= thinking_budget(wanted) => {
            Err("The limit on tokens leaves no room for so much thinking.")
        }
        _ => Ok(()),
    }
}

fn of_chat(endpoint: &Endpoint, family: Family, wanted: Effort) -> Takes {
    let host = Host::of(endpoint);
    match host {
        // It translates for whatever model it is.
        Host::OpenRouter => return Ok(()),
        Host::DeepSeek => return off_only(wanted),
        _ => {}
    }
    match family {
        Family::OpenAiO | Family::GptOss => one_of(&LEVELS, wanted),
        Family::Gpt(version, _) if family.is_openai_reasoning() && version >= (5, 1) => {
            one_of(&[Effort::None, Effort::Low, Effort::Medium, Effort::High], wanted)
        }
        Family::Gpt((5, 0), _) if family.is_openai_reasoning() => {
            one_of(&[Effort::Minimal, Effort::Low, Effort::Medium, Effort::High], wanted)
        }
        _ => {
            let name = endpoint.model.to_ascii_lowercase();
            match host {
                Host::Groq if name.contains("qwen3") => off_only(wanted),
                Host::Xai if name.contains("grok-3-mini") => {
                    one_of(&[Effort::Low, Effort::High], wanted)
                }
                _ => Err(NO_THINKING),
            }
        }
    }
}

fn of_claude(family: Family, settings: CallSettings, wanted: Effort) -> Takes {
    let Family::Claude(Some(version)) = family else { return Err(NO_THINKING) };
    if version < (3, 7) {
        return Err(NO_THINKING);
    }
    match wanted {
        Effort::None => Ok(()),
        Effort::Minimal => Err(OTHER_WORD),
        Effort::Low | Effort::Medium | Effort::High if version >= (4, 6) => Ok(()),
        Effort::Low | Effort::Medium | Effort::High => fits(settings, wanted),
    }
}

fn of_gemini(family: Family, model: &str, wanted: Effort) -> Takes {
    let Family::Gemini(Some(version)) = family else { return Err(NO_THINKING) };
    let is_pro = model.contains("pro");
    if version < (2, 5) {
        return Err(NO_THINKING);
    }
    if version < (3, 0) {
        return match wanted {
            Effort::None if is_pro => Err("The thinking of this model cannot be switched off."),
            Effort::Minimal => Err(OTHER_WORD),
            Effort::None | Effort::Low | Effort::Medium | Effort::High => Ok(()),
        };
    }
    match wanted {
        Effort::None => Err("The thinking of this model cannot be switched off."),
        Effort::Minimal if is_pro => Err(OTHER_WORD),
        Effort::Minimal | Effort::Low | Effort::Medium | Effort::High => Ok(()),
    }
}
