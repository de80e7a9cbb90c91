//! Owns cutting a reply into words and marks, without its Markdown, LaTeX and HTML.

use std::ops::Range;

use super::lexicon::Set;
use crate::text;

/// Marks beyond ASCII that can mean something.
const TELLING: &str = "≤≥↑↓→↔±°×✓✔✅☑❌✗✘✖";

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of letters and digits; numbers keep an inner point, English contractions their apostrophe.
    Word,
    /// A single other character.
    Mark(char),
    /// The end of a line.
    Line,
    /// What opens a field for the answer: `\boxed{` or `<answer>`.
    Field,
}

/// One word or mark.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Lower case without accents; empty for what is not a word.
    pub(super) text: String,
    /// The lists of words that it is in.
    pub(super) lists: Set,
    /// The letter, when the word is a single ASCII letter, in its case.
    pub(super) letter: Option<char>,
    /// Whether the word begins with a capital.
    pub(super) capital: bool,
    /// Whether no white space parts it from the token before.
    pub(super) glued: bool,
    /// Bytes of the folded text.
    pub(super) at: Range<usize>,
}

impl Token {
    /// Whether it is this mark.
    pub(super) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// Whether it is one of these marks.
    pub(super) fn is_one_of(&self, marks: &str) -> bool {
        matches!(self.kind, Kind::Mark(mark) if marks.contains(mark))
    }
}

/// Cuts one part of a folded text into tokens and adds them.
pub(super) fn cut(text: &str, part: Range<usize>, tokens: &mut Vec<Token>) {
    let mut cutter = Cutter { text, at: part.start, end: part.end, gap: true, tokens };
    while cutter.at < cutter.end {
        cutter.step();
    }
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    gap: bool,
    tokens: &'a mut Vec<Token>,
}

impl Cutter<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let at = self.at..self.at + len;
        let raw = self.text.get(at.clone()).unwrap_or_default();
        let mut text = String::new();
        let mut letter = None;
        if kind == Kind::Word {
            raw.chars().for_each(|c| text::lower_unaccented(c, &mut text));
            let mut chars = raw.chars();
            letter = chars.next().filter(|c| c.is_ascii_alphabetic() && chars.next().is_none());
        }
        let lists = Set::of(&text);
        let capital = raw.chars().next().is_some_and(char::is_uppercase);
        self.tokens.push(Token { kind, text, lists, letter, capital, glued: !self.gap, at });
        self.at += len;
        self.gap = kind == Kind::Line;
    }

    fn skip(&mut self, len: usize) {
        self.at += len;
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else {
            self.at = self.end;
            return;
        };
        if c.is_alphanumeric() || text::is_combining(c) {
            let len = word_len(rest);
            return self.push(Kind::Word, len);
        }
        match c {
            '\n' => self.push(Kind::Line, 1),
            _ if c.is_whitespace() => {
                self.gap = true;
                self.skip(c.len_utf8());
            }
            '~' => {
                let struck = self.struck_out();
                self.skip(struck);
            }
            '*' | '_' | '`' | '$' | '#' => self.skip(1),
            '\\' => self.backslash(),
            '<' => self.tag(),
            '[' if self.citation() > 0 => {
                let cited = self.citation();
                self.skip(cited);
            }
            // Emoji, daggers and other ornaments part words and mean nothing.
            _ if !c.is_ascii() && !TELLING.contains(c) => {
                self.gap = true;
                self.skip(c.len_utf8());
            }
            _ => self.push(Kind::Mark(c), c.len_utf8()),
        }
    }

    /// The bytes of a passage between double tildes, which its writer struck out; else of the tilde.
    fn struck_out(&self) -> usize {
        let line = self.rest().lines().next().unwrap_or_default();
        line.strip_prefix("~~").and_then(|struck| Some(struck.find("~~")? + 4)).unwrap_or(1)
    }

    /// The bytes of a reference such as `[1]` or `[2, 3]` after a word; none for anything else.
    fn citation(&self) -> usize {
        let inner = self.rest().strip_prefix('[').unwrap_or_default();
        let len = inner
            .bytes()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b' ' | b'-'))
            .count();
        let cites = inner.as_bytes().get(len) == Some(&b']')
            && inner.starts_with(|c: char| c.is_ascii_digit());
        let follows = self
            .tokens
            .last()
            .is_some_and(|token| token.kind != Kind::Line && !token.is_one_of(":="));
        if cites && follows { len + 2 } else { 0 }
    }

    /// LaTeX: a box is a field, other commands vanish and leave what they wrap.
    fn backslash(&mut self) {
        let rest = self.rest();
        let command: &str = rest.get(1..).unwrap_or_default();
        let name_len = command.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name = command.get(..name_len).unwrap_or_default();
        let braced = command.get(name_len..).is_some_and(|after| after.starts_with('{'));
        let len = 1 + name_len + usize::from(braced);
        match name {
            "boxed" | "fbox" | "framebox" => self.push(Kind::Field, len),
            // A line end that was escaped once too often.
            _ if name.starts_with('n')
                && !name.get(1..2).is_some_and(|c| c.chars().all(|c| c.is_ascii_lowercase())) =>
            {
                self.push(Kind::Line, 2);
            }
            "" => self.skip(
                1 + command
                    .chars()
                    .next()
                    .filter(|c| "()[],; !".contains(*c))
                    .map_or(0, char::len_utf8),
            ),
            _ => self.skip(len),
        }
    }

    /// HTML and XML: a tag named for the answer opens a field, `<br>` ends a line, other tags vanish.
    fn tag(&mut self) {
        let rest = self.rest();
        let inner = rest.get(1..).unwrap_or_default();
        // A model's own end mark, such as `<|eot_id|>`.
        if inner.starts_with('|')
            && let Some(len) = text::head(inner, 40).find("|>")
        {
            return self.skip(len + 3);
        }
        let is_close = inner.starts_with('/');
        let named = inner.strip_prefix('/').unwrap_or(inner);
        let name_len = named
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        let name = named.get(..name_len).unwrap_or_default();
        let after = named.get(name_len..).unwrap_or_default();
        let closes = text::head(after, 80).find('>').filter(|at| {
            let attributes = after.get(..*at).unwrap_or_default();
            !attributes.contains(['\n', '<'])
                && (attributes.is_empty() || attributes.starts_with([' ', '/']))
        });
        let is_letter = name_len == 1 && name.bytes().all(|b| b.is_ascii_uppercase());
        let starts_right = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        let (Some(closes), true, false) = (closes, starts_right, is_letter) else {
            return self.push(Kind::Mark('<'), 1);
        };
        let len = 1 + usize::from(is_close) + name_len + closes + 1;
        match name.to_ascii_lowercase().as_str() {
            "answer" | "final_answer" | "final-answer" | "finalanswer" | "final" | "choice"
            | "option"
                if !is_close =>
            {
                self.push(Kind::Field, len);
            }
            "answer" | "final_answer" | "final-answer" | "finalanswer" | "final" | "choice"
            | "option" | "br" | "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3" | "h4" => {
                self.push(Kind::Line, len);
            }
            _ => self.skip(len),
        }
    }
}

/// The bytes of the word that a text begins with.
fn word_len(text: &str) -> usize {
    let run = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_alphanumeric() && !text::is_combining(c)).unwrap_or(rest.len())
    };
    let mut len = run(0);
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or(b' ');
    while len > 0
        && byte(len - 1).is_ascii_digit()
        && matches!(byte(len), b'.' | b',')
        && byte(len + 1).is_ascii_digit()
    {
        len += 1 + run(len + 1);
    }
    if byte(len) == b'\'' {
        let tail_len = run(len + 1);
        let tail = text.get(len + 1..len + 1 + tail_len).unwrap_or_default();
        if ["t", "s", "d", "ll", "re", "ve", "m"]
            .iter()
            .any(|known| tail.eq_ignore_ascii_case(known))
        {
            len += 1 + tail_len;
        }
    }
    len
}
