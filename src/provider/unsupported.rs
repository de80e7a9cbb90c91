//! Owns telling which of our settings an error complains about.
//!
//! What an error quotes from the question must not be taken for a setting: the field that the error names decides, and
//! only where it names none is its message read, and then only in the forms that are known.

use super::error_body::ErrorBody;
use super::settings::Setting;

/// Every name of a setting in the protocols' requests, in snake case.
const NAMES: [(&str, Setting); 27] = [
    ("temperature", Setting::Temperature),
    ("seed", Setting::Seed),
    ("random_seed", Setting::Seed),
    ("max_tokens", Setting::MaxOutputTokens),
    ("max_completion_tokens", Setting::MaxOutputTokens),
    ("max_output_tokens", Setting::MaxOutputTokens),
    ("num_predict", Setting::MaxOutputTokens),
    ("reasoning_effort", Setting::Effort),
    ("reasoning", Setting::Effort),
    ("effort", Setting::Effort),
    ("thinking", Setting::Effort),
    ("think", Setting::Effort),
    ("thinking_config", Setting::Effort),
    ("thinking_budget", Setting::Effort),
    ("thinking_level", Setting::Effort),
    ("budget_tokens", Setting::Effort),
    ("num_ctx", Setting::ContextTokens),
    ("stream", Setting::Streaming),
    ("stream_options", Setting::Streaming),
    ("include_usage", Setting::Streaming),
    ("response_format", Setting::JsonSchema),
    ("json_schema", Setting::JsonSchema),
    ("response_json_schema", Setting::JsonSchema),
    ("response_schema", Setting::JsonSchema),
    ("response_mime_type", Setting::JsonSchema),
    ("output_format", Setting::JsonSchema),
    ("format", Setting::JsonSchema),
];

/// Ways of saying that something is not taken, in lower case.
const REFUSALS: [&str; 20] = [
    "not supported",
    "unsupported",
    "not support",
    "doesn't support",
    "deprecated",
    "not permitted",
    "extra_forbidden",
    "unrecognized",
    "unknown name",
    "unknown parameter",
    "unknown field",
    "unexpected keyword",
    "invalid parameter",
    "not allowed",
    "not enabled",
    "only the default",
    "may only be set",
    "too large",
    "maximum allowed",
    "cannot be set",
];

/// Phrases that name a setting without its field's name, in lower case.
const PHRASES: [(&str, Setting); 13] = [
    ("does not support thinking", Setting::Effort),
    ("does not support the effort parameter", Setting::Effort),
    ("thinking is not supported", Setting::Effort),
    ("thinking level is not supported", Setting::Effort),
    ("thinking budget is not supported", Setting::Effort),
    ("only works in thinking mode", Setting::Effort),
    ("must be verified to stream", Setting::Streaming),
    ("streaming is not supported", Setting::Streaming),
    ("json mode is not enabled", Setting::JsonSchema),
    ("does not support response format", Setting::JsonSchema),
    ("does not support output format", Setting::JsonSchema),
    ("does not support structured output", Setting::JsonSchema),
    ("structured outputs are not supported", Setting::JsonSchema),
];

/// How far into a message it is read, in bytes; what comes later is more likely a quotation.
const MAX_READ: usize = 400;
/// How far from a setting's name its refusal may stand, in bytes.
const MAX_DISTANCE: usize = 80;

/// The setting that an error with this status complains about, if it is one of ours. Whoever asks again without it makes
/// sure first that it was sent.
pub(super) fn setting(status: u16, error: &ErrorBody) -> Option<Setting> {
    if !matches!(status, 400 | 422) {
        return None;
    }
    let is_about_size = [
        "context_length_exceeded",
        "integer_below_min_value",
        "greater_than",
        "greater_than_equal",
    ]
    .iter()
    .any(|kind| error.kind.split(' ').any(|word| word == *kind));
    if is_about_size {
        return None;
    }
    let message = lower_start(&error.message);
    // Google names no more than the object that the field stands in.
    let is_vague = matches!(error.param.as_str(), "" | "generation_config" | "generationConfig");
    let found = if is_vague { in_message(&message) } else { in_param(&error.param) };
    // A limit that is too low is the person's to mend: without it the answers would cost more than they allowed.
    let is_too_low = ["at least", "minimum", "greater than", ">= ", "must be positive"]
        .iter()
        .any(|words| message.contains(words));
    found.filter(|setting| *setting != Setting::MaxOutputTokens || !is_too_low)
}

fn lower_start(message: &str) -> String {
    let mut end = message.len().min(MAX_READ);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.get(..end).unwrap_or_default().to_ascii_lowercase()
}

/// The setting that a path such as `text.format.schema` or `generationConfig.temperature` leads to.
fn in_param(param: &str) -> Option<Setting> {
    let mut segments =
        param.split(['.', '[', ']', '/', '\'']).filter(|part| !part.is_empty()).map(snake_case);
    let first = segments.next()?;
    // Whatever stands in the conversation is no setting.
    if matches!(first.as_str(), "messages" | "contents" | "input" | "system" | "instructions") {
        return None;
    }
    std::iter::once(first).chain(segments).find_map(|segment| named(&segment))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

fn named(name: &str) -> Option<Setting> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, setting)| *setting)
}

fn in_message(message: &str) -> Option<Setting> {
    // "output_config.format: Extra inputs are not permitted" names its field as well as any.
    let is_path = |path: &&str| {
        !path.is_empty()
            && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
    };
    if let Some((path, after)) = message.split_once(':').filter(|(path, _)| is_path(path))
        && REFUSALS.iter().any(|words| after.contains(words))
    {
        return in_param(path);
    }
    let by_phrase = PHRASES.iter().find(|(phrase, _)| message.contains(phrase));
    if let Some((_, setting)) = by_phrase {
        return Some(*setting);
    }
    // The first name in the message is the one complained about: "'max_tokens' … use 'max_completion_tokens' instead".
    NAMES
        .iter()
        .filter_map(|(name, setting)| Some((place_of(message, name)?, *setting)))
        .min_by_key(|(place, _)| *place)
        .map(|(_, setting)| setting)
}

/// Where a message names a field as refused: in quotes, at the start, or by a name that is no word of a language.
fn place_of(message: &str, name: &str) -> Option<usize> {
    message.match_indices(name).map(|(start, _)| start).find(|start| {
        let before = message.get(..*start).unwrap_or_default();
        let after = message.get(start + name.len()..).unwrap_or_default();
        let is_word_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if before.ends_with(is_word_part) || after.starts_with(is_word_part) {
            return false;
        }
        let is_quote = |c: char| matches!(c, '\'' | '"' | '`');
        let is_quoted = before.ends_with(is_quote) && after.starts_with(is_quote);
        let leads = before.is_empty() && (after.starts_with(" is "));
        if !(is_quoted || leads || name.contains('_')) {
            return false;
        }
        REFUSALS.iter().any(|words| {
            after.find(words).is_some_and(|distance| distance <= MAX_DISTANCE)
                || before
                    .rfind(words)
                    .is_some_and(|at| before.len() - at - words.len() <= MAX_DISTANCE)
        })
    })
}

#[cfg(test)]
mod tests;
