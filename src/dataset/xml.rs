//! Owns the little of XML that a workbook needs: tags, attributes and text, one after another. Entities that a document defines
//! itself are not known, so that none can grow.

use std::borrow::Cow;

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A tag that opens, or that opens and closes.
    Open(Tag<'a>),
    /// A tag that closes; its name without prefix.
    Close(&'a str),
    /// Text between tags, with its escapes.
    Text(&'a str),
    /// Text without escapes.
    Literal(&'a str),
}

/// An opening tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Without prefix.
    pub(super) name: &'a str,
    attributes: &'a str,
    /// Whether it closes itself; no [`Event::Close`] follows.
    pub(super) is_empty: bool,
}

/// The pieces of a document. What is no XML gives text or nothing, and never fails.
pub(super) struct Events<'a> {
    rest: &'a str,
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Moves behind `end`, and gives what stands before it.
    fn until(&mut self, n_skipped: usize, end: &str) -> Option<&'a str> {
        let rest = self.rest.get(n_skipped..)?;
        let (inner, after) = rest.split_once(end)?;
        self.rest = after;
        Some(inner)
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            let rest = self.rest;
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                let n = rest.find('<').unwrap_or(rest.len());
                self.rest = &rest[n..];
                return Some(Event::Text(&rest[..n]));
            }
            if rest.starts_with("<!--") {
                self.until(4, "-->")?;
            } else if rest.starts_with("<![CDATA[") {
                return self.until(9, "]]>").map(Event::Literal);
            } else if rest.starts_with("<?") || rest.starts_with("<!") {
                self.until(2, ">")?;
            } else if rest.starts_with("</") {
                return self.until(2, ">").map(|name| Event::Close(local(name.trim_end())));
            } else {
                let n = end_of_tag(rest)?;
                self.rest = &rest[n + 1..];
                let inner = &rest[1..n];
                let is_empty = inner.ends_with('/');
                let inner = inner.strip_suffix('/').unwrap_or(inner);
                let n_name = inner.find(|char: char| char.is_ascii_whitespace());
                let (name, attributes) = inner.split_at(n_name.unwrap_or(inner.len()));
                return Some(Event::Open(Tag { name: local(name), attributes, is_empty }));
            }
        }
    }
}

/// Where the tag that begins the text ends; a `>` may stand in an attribute.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    text.bytes().position(|byte| {
        match quote {
            Some(open) if byte == open => quote = None,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
        quote.is_none() && byte == b'>'
    })
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, name)| name)
}

impl<'a> Tag<'a> {
    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes.trim_start();
        loop {
            let (found, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, after) = after[1..].split_once(quote)?;
            if local(found.trim()) == name {
                return Some(unescaped(value));
            }
            rest = after.trim_start();
        }
    }
}

/// Text without the escapes of XML.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known = after
            .split_once(';')
            .filter(|(name, _)| name.len() <= 8)
            .and_then(|(name, after)| Some((entity(name)?, after)));
        if let Some((char, after)) = known {
            out.push(char);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_attributes_and_text_come_one_after_another() {
        let text = r#"<?xml version="1.0"?><!-- x --><x:a r="1" n="a &gt; > b">t &amp;<b/><![CDATA[<&]]></x:a>"#;
        let events: Vec<Event> = Events::new(text).collect();
        let Event::Open(tag) = events[0] else { panic!() };
        assert_eq!((tag.name, tag.attribute("n").as_deref()), ("a", Some("a > > b")));
        assert_eq!(tag.attribute("m"), None);
        assert_eq!(events[1], Event::Text("t &amp;"));
        assert!(matches!(events[2], Event::Open(Tag { name: "b", is_empty: true, .. })));
        assert_eq!(&events[3..], [Event::Literal("<&"), Event::Close("a")]);
    }

    #[test]
    fn entities_that_are_not_known_stay_as_they_are() {
        assert_eq!(unescaped("&#65;&#x42;&lol;&;& &#xd800;"), "AB&lol;&;& &#xd800;");
    }

    proptest! {
        #[test]
        fn anything_ends_without_a_panic(text in "([<>&;='\"/!?-]|<a|</a|.){0,40}") {
            for event in Events::new(&text) {
                if let Event::Open(tag) = event {
                    let _ = tag.attribute("a");
                }
            }
            let _ = unescaped(&text);
        }
    }
}
