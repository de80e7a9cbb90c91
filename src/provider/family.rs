//! Owns telling by its name which family a model is of, whoever serves it.

/// Major and minor number of a model.
pub(super) type Version = (u32, u32);

/// A family of models whose settings are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// OpenAI's o1, o3, o4-mini and what may follow.
    OpenAiO,
    /// OpenAI's GPT with its version.
    Gpt(Version, GptKind),
    /// OpenAI's open weights, which many serve.
    GptOss,
    /// Anthropic's Claude; without a version where the name tells none.
    Claude(Option<Version>),
    /// Google's Gemini; without a version where the name tells none, such as `gemini-flash-latest`.
    Gemini(Option<Version>),
    /// Google's Gemma, MedGemma among them.
    Gemma,
    /// Any other.
    Other,
}

/// Kinds of GPT that differ in what they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GptKind {
    /// It thinks first: from version 5 on.
    Reasoning,
    /// It answers at once: before version 5, and the variants named `chat`.
    Chat,
    /// It searches the web.
    Search,
}

impl Family {
    /// The family of a model id in any of the forms in use: `gpt-5.2`, `openai/gpt-5.2`, `ft:gpt-4o:org::1`,
    /// `anthropic.claude-opus-4-6-v1:0`, `models/gemini-2.5-pro`, `gpt-oss:20b`.
    pub(super) fn of(model: &str) -> Self {
        let lower = model.to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or_default();
        let name = name.strip_prefix("ft:").unwrap_or(name);
        let name = name.split([':', '@']).next().unwrap_or_default();
        if name.contains("gpt-oss") {
            return Self::GptOss;
        }
        if let Some(rest) = name.strip_prefix("gpt-") {
            return gpt(rest, name);
        }
        if name.starts_with("chatgpt-") {
            return Self::Gpt((4, 0), GptKind::Chat);
        }
        let after_o = name.strip_prefix('o').unwrap_or_default();
        let n_digits = after_o.chars().take_while(char::is_ascii_digit).count();
        if n_digits > 0 && matches!(after_o.chars().nth(n_digits), None | Some('-')) {
            return Self::OpenAiO;
        }
        if let Some((_, rest)) = name.split_once("claude") {
            return Self::Claude(version_in(rest));
        }
        if let Some(rest) = name.strip_prefix("gemini") {
            return Self::Gemini(version_in(rest));
        }
        if name.contains("gemma") {
            return Self::Gemma;
        }
        Self::Other
    }

    /// Whether it is one of OpenAI's that think before they answer.
    pub(super) fn is_openai_reasoning(self) -> bool {
        matches!(self, Self::OpenAiO | Self::Gpt(_, GptKind::Reasoning))
    }
}

fn gpt(rest: &str, name: &str) -> Family {
    let version = match version_in(rest) {
        // Azure's spelling of 3.5.
        Some((35, _)) => (3, 5),
        Some(version) => version,
        None => return Family::Other,
    };
    let kind = if name.contains("-search") {
        GptKind::Search
    } else if version.0 < 5 || name.contains("-chat") {
        GptKind::Chat
    } else {
        GptKind::Reasoning
    };
    Family::Gpt(version, kind)
}

/// The first number of one or two digits with the one after it; a date such as `20250514` is none.
fn version_in(rest: &str) -> Option<Version> {
    let mut words = rest.split(['-', '.', '_']).filter(|word| !word.is_empty());
    let major = words.find_map(leading_number)?;
    let minor = words.next().filter(|word| word.chars().all(|c| c.is_ascii_digit()));
    Some((major, minor.and_then(leading_number).unwrap_or(0)))
}

fn leading_number(word: &str) -> Option<u32> {
    let n_digits = word.chars().take_while(char::is_ascii_digit).count();
    if n_digits > 2 { None } else { word.get(..n_digits)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_are_told_apart() {
        use Family::{Claude, Gemini, Gemma, Gpt, GptOss, OpenAiO, Other};
        for (model, expected) in [
            ("o1", OpenAiO),
            ("o3-mini-2025-01-31", OpenAiO),
            ("openai/o4-mini", OpenAiO),
            ("olmo-2", Other),
            ("o1js", Other),
            ("gpt-4o-2024-08-06", Gpt((4, 0), GptKind::Chat)),
            ("gpt-4.1-mini", Gpt((4, 1), GptKind::Chat)),
            ("gpt-35-turbo", Gpt((3, 5), GptKind::Chat)),
            ("gpt-3.5-turbo", Gpt((3, 5), GptKind::Chat)),
            ("ft:gpt-4o-mini-2024-07-18:org::1", Gpt((4, 0), GptKind::Chat)),
            ("gpt-4o-search-preview", Gpt((4, 0), GptKind::Search)),
            ("gpt-5", Gpt((5, 0), GptKind::Reasoning)),
            ("gpt-5-2025-08-07", Gpt((5, 0), GptKind::Reasoning)),
            ("openai/gpt-5.2", Gpt((5, 2), GptKind::Reasoning)),
            ("gpt-5-chat-latest", Gpt((5, 0), GptKind::Chat)),
            ("gpt-6-nano", Gpt((6, 0), GptKind::Reasoning)),
            ("gpt-oss:20b", GptOss),
            ("openai/gpt-oss-120b", GptOss),
            ("claude-3-5-haiku-20241022", Claude(Some((3, 5)))),
            ("claude-3-opus-20240229", Claude(Some((3, 0)))),
            ("claude-opus-4-20250514", Claude(Some((4, 0)))),
            ("claude-opus-4-6", Claude(Some((4, 6)))),
            ("anthropic/claude-opus-4.7", Claude(Some((4, 7)))),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Claude(Some((4, 5)))),
            ("claude-sonnet-5", Claude(Some((5, 0)))),
            ("claude-next", Claude(None)),
            ("models/gemini-2.5-flash-preview-09-2025", Gemini(Some((2, 5)))),
            ("gemini-3-pro-preview", Gemini(Some((3, 0)))),
            ("gemini-3.1-pro", Gemini(Some((3, 1)))),
            ("gemini-flash-latest", Gemini(None)),
            ("medgemma:27b", Gemma),
            ("google/medgemma-4b-it", Gemma),
            ("llama-3.3-70b", Other),
            ("", Other),
        ] {
            assert_eq!(Family::of(model), expected, "{model}");
        }
    }
}
