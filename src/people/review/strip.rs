//! Owns taking out of an answer what gives its model away: names, stock phrases, and the look of its Markdown. What was taken
//! out is kept beside it.

use serde::{Deserialize, Serialize};

use crate::text::markdown;

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    /// Headings, bold, lists and tables become plain lines.
    pub markdown: Taking,
    /// Names of models and their makers, and phrases such as “As an AI language model”.
    pub names: Taking,
}

/// Whether something is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taking {
    /// It is.
    #[default]
    Out,
    /// It stays.
    Left,
}

impl Default for Strip {
    fn default() -> Self {
        Self { markdown: Taking::Out, names: Taking::Out }
    }
}

/// Something that was taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// What sort of thing.
    pub what: What,
    /// As it stood there; empty for the look of the whole.
    pub text: String,
}

/// What sort of thing was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Marks of Markdown.
    Markdown,
    /// A name of a model or a maker.
    Name,
    /// A stock phrase.
    Phrase,
}

/// What stands in place of a name.
pub const NAME_MARK: &str = "[name]";

/// Names that answers give themselves, and their makers'. Compared without regard to case, as whole words.
const NAMES: [&str; 42] = [
    "openai",
    "chatgpt",
    "gpt",
    "anthropic",
    "claude",
    "google deepmind",
    "deepmind",
    "google ai",
    "google",
    "gemini",
    "bard",
    "med-gemini",
    "medgemma",
    "gemma",
    "med-palm",
    "palm 2",
    "meta ai",
    "meta llama",
    "llama",
    "mistral ai",
    "mistral",
    "mixtral",
    "magistral",
    "deepseek",
    "qwen",
    "alibaba cloud",
    "xai",
    "grok",
    "microsoft copilot",
    "copilot",
    "cohere",
    "command r",
    "perplexity",
    "openrouter",
    "openevidence",
    "openbiollm",
    "uptodate",
    "expert ai",
    "amboss gpt",
    "moonshot ai",
    "kimi",
    "phi-4",
];

/// Beginnings of phrases that only name what speaks; they end at the next comma.
const OPENINGS: [&str; 8] = [
    "as an ai",
    "as an artificial intelligence",
    "as a large language model",
    "as a language model",
    "as a medical ai",
    "as your ai",
    "being an ai",
    "como modelo de lenguaje",
];

/// Beginnings of sentences that introduce what speaks, where a known name follows at once.
const INTRODUCTIONS: [&str; 6] = ["i am ", "i'm ", "i’m ", "my name is ", "this is ", "soy "];

/// A longer phrase is not taken for a stock one: it may say something.
const MAX_PHRASE_CHARS: usize = 120;

/// An answer without what gives its model away, and what was taken out. `names` are further names, such as those of the
/// models of the review.
pub fn strip(text: &str, how: Strip, names: &[String]) -> (String, Vec<Removed>) {
    let mut removed = vec![];
    let mut text = text.trim().to_owned();
    if how.names == Taking::Out {
        let names = all_names(names);
        text = without_phrases(&text, &names, &mut removed);
        text = without_names(&text, &names, &mut removed);
    }
    if how.markdown == Taking::Out {
        let plain = markdown::plain(&text);
        if plain != text {
            removed.push(Removed { what: What::Markdown, text: String::new() });
            text = plain;
        }
    }
    (text, removed)
}

/// All names in lower case, the longest first. A participant's name also counts in its parts before a bracket or slash.
fn all_names(own: &[String]) -> Vec<String> {
    let mut names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    for name in own {
        let name = name.trim().to_lowercase();
        names.extend(
            name.split(['(', '/', ':']).map(|part| part.trim_end_matches(')').trim().to_owned()),
        );
        names.push(name);
    }
    // A letter alone, as of “Model A”, is in every text.
    names.retain(|name| 2 < name.chars().count());
    names.sort_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
    names.dedup();
    names
}

/// Where a text of ASCII letters begins in `text` at a byte, without regard to case; its end.
fn matches_at(text: &str, at: usize, wanted: &str) -> Option<usize> {
    let end = at + wanted.len();
    let found = text.get(at..end)?;
    (found.to_lowercase() == wanted).then_some(end)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// The name that stands at a byte, with a version that follows it (`-4o`, ` 3.5 Sonnet`).
fn name_at(text: &str, at: usize, names: &[String]) -> Option<usize> {
    let is_start = text[..at].chars().next_back().is_none_or(|before| !is_word(before));
    if !is_start {
        return None;
    }
    let end = names.iter().find_map(|name| {
        let end = matches_at(text, at, name)?;
        let next = text[end..].chars().next();
        // Letters that follow make it another word; digits are its version.
        next.is_none_or(|next| !next.is_alphabetic()).then_some(end)
    })?;
    Some(end + version_length(&text[end..]))
}

/// Length of what follows a name and belongs to it.
fn version_length(after: &str) -> usize {
    const WORDS: [&str; 11] = [
        "sonnet", "opus", "haiku", "pro", "flash", "preview", "turbo", "mini", "ultra", "instruct",
        "large",
    ];
    let mut length = 0;
    loop {
        let rest = &after[length..];
        let Some(mark) = rest
            .chars()
            .next()
            .filter(|mark| matches!(mark, '-' | ' ' | '.') || mark.is_ascii_digit())
        else {
            return length;
        };
        let skip = usize::from(!mark.is_ascii_digit());
        let word: &str =
            rest[skip..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_number = word.starts_with(|c: char| c.is_ascii_digit())
            && (mark != ' ' || word.len() < 3)
            && (mark != ' ' || word.chars().all(|c| c.is_ascii_digit()));
        if !is_number && !WORDS.contains(&word.to_lowercase().as_str()) {
            return length;
        }
        length += skip + word.len();
    }
}

fn without_names(text: &str, names: &[String], removed: &mut Vec<Removed>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some(end) = name_at(text, at, names) {
            removed.push(Removed { what: What::Name, text: text[at..end].to_owned() });
            out.push_str(NAME_MARK);
            at = end;
        } else {
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

/// Takes out openings and introductions, where a sentence begins with them.
fn without_phrases(text: &str, names: &[String], removed: &mut Vec<Removed>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut is_start = true;
    let mut raises = false;
    while let Some(c) = text[at..].chars().next() {
        if is_start
            && !c.is_whitespace()
            && let Some(end) = opening_at(text, at).or_else(|| introduction_at(text, at, names))
        {
            removed.push(Removed { what: What::Phrase, text: text[at..end].trim().to_owned() });
            at = end + text[end..].len() - text[end..].trim_start_matches(' ').len();
            raises = true;
            continue;
        }
        if raises && !c.is_whitespace() {
            out.extend(c.to_uppercase());
            raises = false;
        } else {
            out.push(c);
        }
        if !c.is_whitespace() {
            is_start = matches!(c, '.' | '!' | '?' | ':' | '>' | '*' | '#' | '-');
        } else if c == '\n' {
            is_start = true;
        }
        at += c.len_utf8();
    }
    out.trim().to_owned()
}

fn opening_at(text: &str, at: usize) -> Option<usize> {
    let begun = OPENINGS.iter().find_map(|opening| matches_at(text, at, opening))?;
    if text[begun..].starts_with(is_word) {
        return None;
    }
    let rest: String = text[begun..].chars().take(MAX_PHRASE_CHARS).collect();
    let comma = rest.find([',', '.', '\n']).filter(|end| rest[*end..].starts_with(','))?;
    Some(begun + comma + 1)
}

fn introduction_at(text: &str, at: usize, names: &[String]) -> Option<usize> {
    let begun = INTRODUCTIONS.iter().find_map(|intro| matches_at(text, at, intro))?;
    name_at(text, begun, names)?;
    let rest: String = text[begun..].chars().take(MAX_PHRASE_CHARS).collect();
    let ends = rest.char_indices().find(|(idx, c)| {
        matches!(c, '!' | '?' | '\n')
            || (*c == '.' && rest[idx + 1..].chars().next().is_none_or(char::is_whitespace))
    });
    let (end, last) = ends?;
    Some(begun + end + if last == '\n' { 0 } else { last.len_utf8() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> String {
        strip(text, Strip::default(), &["MedBrain X (own)".to_owned(), "nyu/hippo-7b".to_owned()]).0
    }

    #[test]
    fn names_and_stock_phrases_go_and_the_rest_stays() {
        for (text, left) in [
            ("As an AI language model by OpenAI, I suggest rest.", "I suggest rest."),
            ("I'm Claude, an AI assistant made by Anthropic. Drink water.", "Drink water."),
            ("I am sure that it is a cold.", "I am sure that it is a cold."),
            ("GPT-4o and Gemini 3.1 Pro agree.", "[name] and [name] agree."),
            ("Ask MedBrain X twice; hippo-7b too.", "Ask [name] twice; [name] too."),
            (
                "Intermittent claudication and meta-analysis.",
                "Intermittent claudication and meta-analysis.",
            ),
            (
                "See https://x.org/?utm_source=openai now",
                "See https://x.org/?utm_source=[name] now",
            ),
            ("As an aid, take a rail, and stand.", "As an aid, take a rail, and stand."),
            ("Use the grokster, not Grok.", "Use the grokster, not [name]."),
            ("Claude 3.5 Sonnet gave 500 mg.", "[name] gave 500 mg."),
            ("Gemini 500 mg is no drug.", "[name] 500 mg is no drug."),
        ] {
            assert_eq!(stripped(text), left);
        }
    }

    #[test]
    fn the_look_of_markdown_goes_and_what_went_is_told() {
        let (text, removed) = strip("## Plan\n\n- **Rest**\n- See *GPT-4*", Strip::default(), &[]);
        assert_eq!(text, "Plan\n\n- Rest\n- See [name]");
        assert_eq!(removed.len(), 2);
        assert_eq!(removed[0], Removed { what: What::Name, text: "GPT-4".into() });
        let left = Strip { markdown: Taking::Left, names: Taking::Left };
        assert_eq!(strip("**GPT**", left, &[]), ("**GPT**".to_owned(), vec![]));
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for text in ["", "İ am GPT", "as an ai", "as an ai,", "I’m Claude", "😀gpt😀", "-", "GPT-"]
        {
            let _ = stripped(text);
        }
        assert_eq!(stripped("😀 gpt 😀"), "😀 [name] 😀");
    }
}
