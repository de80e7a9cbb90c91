//! Owns drawing Markdown of models: nodes out of blocks, never HTML out of a string.

use leptos::prelude::*;

use crate::text::markdown::{Block, Inline, blocks};

/// A text with its Markdown. Headings are drawn as strong lines, so that they do not upset the page's own.
#[component]
pub(crate) fn Markdown(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <div class="markdown" dir="auto">{of_blocks(blocks(&text))}</div> }
}

fn of_blocks(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block).collect()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(content) => view! { <p>{inlines(content)}</p> }.into_any(),
        Block::Heading(content) => {
            view! { <p class="markdown__heading">{inlines(content)}</p> }.into_any()
        }
        Block::List { start, points } => {
            let points: Vec<_> =
                points.into_iter().map(|point| view! { <li>{of_blocks(point)}</li> }).collect();
            match start {
                Some(start) => view! { <ol start=start.to_string()>{points}</ol> }.into_any(),
                None => view! { <ul>{points}</ul> }.into_any(),
            }
        }
        Block::Quote(inside) => view! { <blockquote>{of_blocks(inside)}</blockquote> }.into_any(),
        Block::Code(text) => view! { <pre><code>{text}</code></pre> }.into_any(),
        Block::Table(rows) => {
            let mut rows = rows.into_iter();
            let head: Vec<_> = rows
                .next()
                .unwrap_or_default()
                .into_iter()
                .map(|cell| view! { <th scope="col">{inlines(cell)}</th> })
                .collect();
            let body: Vec<_> = rows
                .map(|row| {
                    let cells: Vec<_> =
                        row.into_iter().map(|cell| view! { <td>{inlines(cell)}</td> }).collect();
                    view! { <tr>{cells}</tr> }
                })
                .collect();
            view! {
                <div class="scroll-x" tabindex="0" role="region" aria-label="Table in the answer">
                    <table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>
                </div>
            }
            .into_any()
        }
        Block::Rule => view! { <hr/> }.into_any(),
    }
}

fn inlines(content: Vec<Inline>) -> Vec<AnyView> {
    content.into_iter().map(inline).collect()
}

fn inline(part: Inline) -> AnyView {
    match part {
        Inline::Text(text) => text.into_any(),
        Inline::Emphasis(content) => view! { <em>{inlines(content)}</em> }.into_any(),
        Inline::Strong(content) => view! { <strong>{inlines(content)}</strong> }.into_any(),
        Inline::Code(text) => view! { <code>{text}</code> }.into_any(),
        Inline::Link { url, content } => view! {
            <a href=url target="_blank" rel="noopener noreferrer nofollow">{inlines(content)}</a>
        }
        .into_any(),
        Inline::Break => view! { <br/> }.into_any(),
    }
}
