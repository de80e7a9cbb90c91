//! Owns the removal of a model's reasoning from its reply.

use std::ops::Range;

const NAMES: [&str; 7] =
    ["think", "thinking", "thought", "thoughts", "reasoning", "scratchpad", "reflection"];
const BRACKETS: [(char, char); 2] = [('<', '>'), ('[', ']')];

/// The parts of a reply that are not reasoning, in order. Reasoning that was begun and not ended reaches to the end; one
/// that was ended and not begun (some servers swallow the opening) reaches back to the start.
pub(in crate::score) fn visible(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    if lower.contains("<|channel|>") {
        // The raw form of OpenAI's open models: what counts is in the last message of the channel `final`.
        const FINAL: &str = "<|channel|>final<|message|>";
        match lower.rfind(FINAL) {
            Some(at) => from = at + FINAL.len(),
            None => return Vec::new(),
        }
    }
    let mut visible = Vec::new();
    let mut start = from;
    for tag in tags(&lower, from) {
        match tag {
            Tag::Open(open) if start <= open.start => {
                visible.push(start..open.start);
                start = usize::MAX;
            }
            Tag::Open(_) => {}
            Tag::Close(close) => {
                if start != usize::MAX {
                    visible.clear();
                }
                start = close.end;
            }
        }
    }
    if start < text.len() {
        visible.push(start..text.len());
    }
    visible
}

enum Tag {
    Open(Range<usize>),
    Close(Range<usize>),
}

fn tags(lower: &str, from: usize) -> Vec<Tag> {
    let mut tags = Vec::new();
    for (at, c) in lower.char_indices().skip_while(|(at, _)| *at < from) {
        let Some((_, closing)) = BRACKETS.into_iter().find(|(opening, _)| *opening == c) else {
            continue;
        };
        let inner = lower.get(at + 1..).unwrap_or_default();
        let (is_close, name) = match inner.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, inner),
        };
        let found = NAMES.into_iter().find(|known| {
            name.strip_prefix(known)
                .is_some_and(|rest| rest.trim_start_matches(' ').starts_with(closing))
        });
        if found.is_some() {
            let end = lower
                .get(at..)
                .and_then(|rest| rest.find(closing))
                .map_or(lower.len(), |n| at + n + 1);
            tags.push(if is_close { Tag::Close(at..end) } else { Tag::Open(at..end) });
        }
    }
    tags
}
