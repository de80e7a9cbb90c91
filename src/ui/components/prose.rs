//! Owns how a model's text is shown: Markdown as elements of the page, never as HTML, with the part marked that the answer was
//! read from. What is very long is cut until the person asks for all of it.

use leptos::prelude::*;

use crate::text::markdown::{Block, Inline, blocks};
use crate::ui::words;

/// Where the marked part begins and ends, while the text is read as Markdown. Both are for private use in Unicode; a text that
/// has them loses them.
const MARK: char = '\u{f8f0}';
const END: char = '\u{f8f1}';

/// A text of more bytes is shown in part, and not as Markdown.
const LONG: usize = 20_000;
/// Characters shown of a long text at its start.
const N_AT_START: usize = 8_000;
/// Characters shown before and behind the marked part of a long text.
const N_AROUND: usize = 1_000;

/// A text in three parts, the middle one marked.
#[component]
pub(crate) fn Prose(text: [String; 3]) -> impl IntoView {
    let n_bytes: usize = text.iter().map(String::len).sum();
    if n_bytes <= LONG && text.iter().all(|part| is_tame(part)) {
        return view! { <Read text=text/> }.into_any();
    }
    let is_whole = RwSignal::new(false);
    let text = StoredValue::new(text);
    let shown =
        move || text.with_value(|text| if is_whole.get() { text.clone() } else { cut(text) });
    view! {
        {move || {
            let [before, marked, after] = shown();
            view! { <p class="as-is">{before}<mark>{marked}</mark>{after}</p> }
        }}
        {move || (!is_whole.get()).then(|| view! {
            <p class="no-print">
                <button class="button" on:click=move |_| is_whole.set(true)>
                    {format!("Show all of it ({})", words::bytes(n_bytes as u64))}
                </button>
            </p>
        })}
    }
    .into_any()
}

/// A text as it stands; of one that is very long only the start, until the person asks for all of it.
#[component]
pub(crate) fn Plain(text: String) -> impl IntoView {
    if text.len() <= LONG {
        return text.into_any();
    }
    let is_whole = RwSignal::new(false);
    let n_bytes = text.len() as u64;
    let text = StoredValue::new(text);
    let shown = move || {
        text.with_value(|text| {
            if is_whole.get() { text.clone() } else { words::shortened(text, N_AT_START) }
        })
    };
    view! {
        {shown}
        {move || (!is_whole.get()).then(|| view! {
            " "<button class="link no-print" on:click=move |_| is_whole.set(true)>
                {format!("Show all of it ({})", words::bytes(n_bytes))}
            </button>
        })}
    }
    .into_any()
}

/// Whether reading a text as Markdown is quick: no answer nests its quotes and lists this deep, or opens so many brackets and
/// stresses, and those that do are shown as they stand.
fn is_tame(text: &str) -> bool {
    let n_marks = text.bytes().filter(|byte| b"[*_`<!~".contains(byte)).count();
    let is_deep = |line: &str| {
        let start = line.bytes().take_while(|byte| b" >-+*\t".contains(byte));
        64 < start.filter(|byte| !byte.is_ascii_whitespace()).count()
    };
    n_marks <= 1_000 && !text.lines().any(is_deep)
}

/// A long text without its middles.
fn cut([before, marked, after]: &[String; 3]) -> [String; 3] {
    let start = |text: &str, n: usize| text.chars().take(n).collect::<String>();
    let is_longer = |text: &str, n: usize| text.chars().nth(n).is_some();
    let gap = "\n[…]\n";
    let before = if is_longer(before, N_AT_START + N_AROUND) {
        let end: Vec<char> = before.chars().rev().take(N_AROUND).collect();
        let end: String = end.into_iter().rev().collect();
        format!("{}{gap}{end}", start(before, N_AT_START))
    } else {
        before.clone()
    };
    let marked = if is_longer(marked, N_AROUND) {
        format!("{}{gap}", start(marked, N_AROUND))
    } else {
        marked.clone()
    };
    let n_after = if marked.is_empty() { N_AT_START } else { N_AROUND };
    let after = if is_longer(after, n_after) {
        format!("{}{gap}", start(after, n_after))
    } else {
        after.clone()
    };
    [before, marked, after]
}

#[component]
fn Read(text: [String; 3]) -> impl IntoView {
    let [before, marked, after] = text.map(|part| part.replace([MARK, END], ""));
    let joined = if marked.is_empty() {
        format!("{before}{after}")
    } else {
        format!("{before}{MARK}{marked}{END}{after}")
    };
    let mut pen = Pen { is_marked: false };
    blocks(&joined).iter().map(|block| pen.block(block)).collect::<Vec<_>>()
}

/// What draws blocks one after another, and knows whether it is within the marked part.
struct Pen {
    is_marked: bool,
}

impl Pen {
    fn blocks(&mut self, blocks: &[Block]) -> Vec<AnyView> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: &Block) -> AnyView {
        match block {
            Block::Paragraph(content) => view! { <p>{self.inlines(content)}</p> }.into_any(),
            // Headings of an answer are none of the page.
            Block::Heading(content) => {
                view! { <p><strong>{self.inlines(content)}</strong></p> }.into_any()
            }
            Block::List { start, points } => {
                let points: Vec<_> =
                    points.iter().map(|point| view! { <li>{self.blocks(point)}</li> }).collect();
                match start {
                    Some(start) => view! { <ol start=start.to_string()>{points}</ol> }.into_any(),
                    None => view! { <ul>{points}</ul> }.into_any(),
                }
            }
            Block::Quote(inside) => {
                view! { <blockquote>{self.blocks(inside)}</blockquote> }.into_any()
            }
            Block::Code(text) => view! { <pre>{self.text(text)}</pre> }.into_any(),
            Block::Table(rows) => {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|row| {
                        let cells: Vec<_> = row
                            .iter()
                            .map(|cell| view! { <td>{self.inlines(cell)}</td> })
                            .collect();
                        view! { <tr>{cells}</tr> }
                    })
                    .collect();
                view! {
                    <div class="scroll-x" tabindex="0" role="region" aria-label="Table in the answer">
                        <table><tbody>{rows}</tbody></table>
                    </div>
                }
                .into_any()
            }
            Block::Rule => view! { <hr/> }.into_any(),
        }
    }

    fn inlines(&mut self, content: &[Inline]) -> Vec<AnyView> {
        content.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&mut self, inline: &Inline) -> AnyView {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Code(text) => view! { <code>{self.text(text)}</code> }.into_any(),
            Inline::Emphasis(content) => view! { <em>{self.inlines(content)}</em> }.into_any(),
            Inline::Strong(content) => {
                view! { <strong>{self.inlines(content)}</strong> }.into_any()
            }
            // Nothing that a model wrote is one click away: its address is told, and can be copied.
            Inline::Link { url, content } => {
                let url = format!(" ({})", words::shortened(url, 300));
                view! { {self.inlines(content)}<span class="quiet">{url}</span> }.into_any()
            }
            Inline::Break => "\n".into_any(),
        }
    }

    /// A text with what of it is marked.
    fn text(&mut self, text: &str) -> AnyView {
        let mut parts: Vec<AnyView> = vec![];
        for part in text.split_inclusive([MARK, END]) {
            let shown = part.trim_end_matches([MARK, END]).to_owned();
            if !shown.is_empty() {
                parts.push(if self.is_marked {
                    view! { <mark>{shown}</mark> }.into_any()
                } else {
                    shown.into_any()
                });
            }
            match part.chars().next_back() {
                Some(MARK) => self.is_marked = true,
                Some(END) => self.is_marked = false,
                _ => {}
            }
        }
        parts.into_any()
    }
}
