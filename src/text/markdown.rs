//! Owns reading Markdown of models: into a few safe kinds of blocks that a view can draw, or into plain lines. HTML in it
//! stays text, images become their description, and links keep their address only where it is https or http.

use std::fmt::Write;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading, whatever its rank.
    Heading(Vec<Inline>),
    /// Points; with the first number where they are numbered.
    List {
        /// The number of the first point; `None` for dots.
        start: Option<u64>,
        /// Each point's blocks.
        points: Vec<Vec<Block>>,
    },
    /// Somebody else's words.
    Quote(Vec<Block>),
    /// Text as it stands, such as a program.
    Code(String),
    /// Rows of cells; the first row names the columns.
    Table(Vec<Vec<Vec<Inline>>>),
    /// A line across.
    Rule,
}

/// A part of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain.
    Text(String),
    /// Stressed.
    Emphasis(Vec<Inline>),
    /// Strongly stressed.
    Strong(Vec<Inline>),
    /// As it stands.
    Code(String),
    /// A link with its address; only https and http.
    Link {
        /// Where to.
        url: String,
        /// What is shown.
        content: Vec<Inline>,
    },
    /// A new line.
    Break,
}

/// Deeper nesting is read as plain text, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 24;

/// The blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader { events: Parser::new_ext(text, Options::ENABLE_TABLES) };
    reader.blocks(0).0
}

/// The text without marks: headings and paragraphs as lines with a blank line between them, points with a dash or their
/// number, tables as lines.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    write_blocks(&blocks(text), "", &mut out);
    out.trim().to_owned()
}

struct Reader<'a> {
    events: Parser<'a>,
}

impl Reader<'_> {
    /// Blocks up to the end of what holds them; text that stands there without a block becomes a paragraph.
    fn blocks(&mut self, depth: usize) -> (Vec<Block>, bool) {
        let mut blocks = vec![];
        let mut loose: Vec<Inline> = vec![];
        while let Some(event) = self.events.next() {
            let block = match event {
                Event::Start(tag) => match self.block(tag, depth) {
                    Ok(block) => block,
                    Err(inline) => {
                        loose.extend(inline);
                        continue;
                    }
                },
                Event::End(_) => {
                    flush(&mut loose, &mut blocks);
                    return (blocks, true);
                }
                Event::Rule => Some(Block::Rule),
                other => {
                    loose.extend(leaf(other));
                    continue;
                }
            };
            flush(&mut loose, &mut blocks);
            blocks.extend(block);
        }
        flush(&mut loose, &mut blocks);
        (blocks, false)
    }

    /// The block of a tag, or the inline text that it is.
    fn block(&mut self, tag: Tag<'_>, depth: usize) -> Result<Option<Block>, Vec<Inline>> {
        if MAX_DEPTH < depth {
            let mut text = String::new();
            self.skip(&mut text);
            return Err(vec![Inline::Text(text)]);
        }
        Ok(match tag {
            Tag::Paragraph => Some(Block::Paragraph(self.inlines(depth + 1))),
            Tag::Heading { .. } => Some(Block::Heading(self.inlines(depth + 1))),
            Tag::BlockQuote(_) => Some(Block::Quote(self.blocks(depth + 1).0)),
            Tag::CodeBlock(_) => {
                let mut text = String::new();
                self.skip(&mut text);
                Some(Block::Code(text))
            }
            Tag::HtmlBlock => {
                let mut text = String::new();
                self.skip(&mut text);
                Some(Block::Paragraph(vec![Inline::Text(text.trim().to_owned())]))
            }
            Tag::List(start) => {
                let mut points = vec![];
                while let Some(Event::Start(_)) = self.events.next() {
                    points.push(self.blocks(depth + 1).0);
                }
                Some(Block::List { start, points })
            }
            Tag::Table(_) => Some(Block::Table(self.rows(depth + 1))),
            inline => return Err(self.inline(inline, depth)),
        })
    }

    fn rows(&mut self, depth: usize) -> Vec<Vec<Vec<Inline>>> {
        let mut rows: Vec<Vec<Vec<Inline>>> = vec![];
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(vec![]),
                Event::Start(Tag::TableCell) => {
                    let cell = self.inlines(depth);
                    if let Some(row) = rows.last_mut() {
                        row.push(cell);
                    }
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        rows
    }

    /// Inline text up to the end of what holds it.
    fn inlines(&mut self, depth: usize) -> Vec<Inline> {
        let mut inlines = vec![];
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) => inlines.extend(self.inline(tag, depth)),
                other => inlines.extend(leaf(other)),
            }
        }
        inlines
    }

    fn inline(&mut self, tag: Tag<'_>, depth: usize) -> Vec<Inline> {
        if MAX_DEPTH < depth {
            let mut text = String::new();
            self.skip(&mut text);
            return vec![Inline::Text(text)];
        }
        let content = self.inlines(depth + 1);
        match tag {
            Tag::Emphasis => vec![Inline::Emphasis(content)],
            Tag::Strong => vec![Inline::Strong(content)],
            Tag::Link { dest_url, .. } => match safe_url(&dest_url) {
                Some(url) => vec![Inline::Link { url, content }],
                None => content,
            },
            // An image would fetch something from somewhere; its description says what it shows.
            _ => content,
        }
    }

    /// The text of everything up to the end of what was begun.
    fn skip(&mut self, text: &mut String) {
        let mut n_open = 1_usize;
        for event in self.events.by_ref() {
            match event {
                Event::Start(_) => n_open += 1,
                Event::End(_) => {
                    n_open -= 1;
                    if n_open == 0 {
                        return;
                    }
                }
                other => leaf(other).iter().for_each(|inline| write_inline(inline, text)),
            }
        }
    }
}

fn flush(loose: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    if !loose.is_empty() {
        blocks.push(Block::Paragraph(std::mem::take(loose)));
    }
}

/// What has no inside.
fn leaf(event: Event<'_>) -> Option<Inline> {
    match event {
        Event::Text(text)
        | Event::Html(text)
        | Event::InlineHtml(text)
        | Event::InlineMath(text)
        | Event::DisplayMath(text)
        | Event::FootnoteReference(text) => Some(Inline::Text(text.into_string())),
        Event::Code(text) => Some(Inline::Code(text.into_string())),
        Event::SoftBreak | Event::HardBreak => Some(Inline::Break),
        Event::Start(_) | Event::End(_) | Event::Rule | Event::TaskListMarker(_) => None,
    }
}

/// An address that may be linked.
fn safe_url(url: &str) -> Option<String> {
    let lower = url.trim().to_ascii_lowercase();
    let is_safe = lower.starts_with("https://") || lower.starts_with("http://");
    is_safe.then(|| url.trim().to_owned())
}

fn write_blocks(blocks: &[Block], indent: &str, out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(content) | Block::Heading(content) => {
                let mut text = String::new();
                write_inlines(content, &mut text);
                out.push_str(&text.trim().replace('\n', &format!("\n{indent}")));
                out.push_str("\n\n");
                out.push_str(indent);
            }
            Block::List { start, points } => {
                for (idx, point) in points.iter().enumerate() {
                    let mark = start.map_or_else(
                        || "- ".to_owned(),
                        |start| format!("{}. ", start + idx as u64),
                    );
                    let mut text = String::new();
                    let deeper = format!("{indent}  ");
                    write_blocks(point, &deeper, &mut text);
                    out.push_str(&mark);
                    out.push_str(&text.trim().replace("\n\n", "\n"));
                    out.push('\n');
                    out.push_str(indent);
                }
                out.push('\n');
                out.push_str(indent);
            }
            Block::Quote(inside) => write_blocks(inside, indent, out),
            Block::Code(text) => {
                out.push_str(text.trim_end());
                out.push_str("\n\n");
            }
            Block::Table(rows) => {
                for row in rows {
                    let cells = row.iter().map(|cell| {
                        let mut text = String::new();
                        write_inlines(cell, &mut text);
                        text
                    });
                    out.push_str(&cells.collect::<Vec<_>>().join(" | "));
                    out.push('\n');
                }
                out.push('\n');
            }
            Block::Rule => {}
        }
    }
}

fn write_inlines(content: &[Inline], out: &mut String) {
    for inline in content {
        write_inline(inline, out);
    }
}

fn write_inline(inline: &Inline, out: &mut String) {
    match inline {
        Inline::Text(text) | Inline::Code(text) => out.push_str(text),
        Inline::Emphasis(content) | Inline::Strong(content) => {
            write_inlines(content, out);
        }
        Inline::Link { url, content } => {
            let start = out.len();
            write_inlines(content, out);
            if out.get(start..) != Some(url.as_str()) {
                let _ = write!(out, " ({url})");
            }
        }
        Inline::Break => out.push('\n'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_blocks() {
        let read =
            blocks("# A\n\nb **c** `d`\n\n1. e\n2. f\n   - g\n\n| h | i |\n|---|---|\n| j | k |");
        assert_eq!(read.len(), 4);
        assert_eq!(read[0], Block::Heading(vec![Inline::Text("A".into())]));
        let Block::List { start: Some(1), points } = &read[2] else { panic!("{read:?}") };
        assert_eq!(points.len(), 2);
        assert!(matches!(points[1][1], Block::List { start: None, .. }));
        let Block::Table(rows) = &read[3] else { panic!("{read:?}") };
        assert_eq!((rows.len(), rows[1].len()), (2, 2));
    }

    #[test]
    fn nothing_dangerous_comes_through() {
        let read = blocks(
            "[x](javascript:alert(1)) <script>alert(2)</script> ![pic](https://t.example/p.png)",
        );
        let Block::Paragraph(content) = &read[0] else { panic!("{read:?}") };
        assert!(content.iter().all(|inline| matches!(inline, Inline::Text(_))), "{content:?}");
        assert!(content.contains(&Inline::Text("pic".into())));
        assert!(matches!(
            &blocks("[x](https://example.org)")[..],
            [Block::Paragraph(content)] if matches!(content[0], Inline::Link { .. })
        ));
        let deep = "> ".repeat(5_000) + "x";
        let _ = blocks(&deep);
        let _ = plain(&("- ".repeat(2_000) + "*".repeat(3_000).as_str()));
    }

    #[test]
    fn plain_text_keeps_its_lines() {
        assert_eq!(
            plain("# A\n\nb **c**\n\n- d\n- e\n  1. f\n\ng"),
            "A\n\nb c\n\n- d\n- e\n  1. f\n\ng"
        );
        assert_eq!(plain("a\nb"), "a\nb");
        assert_eq!(plain("| a | b |\n|---|---|\n| 1 | 2 |"), "a | b\n1 | 2");
    }
}
