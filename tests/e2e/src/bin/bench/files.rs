//! Measures how a large file of questions opens: the time from the choice of the file until the page lists it, the longest
//! task of the page meanwhile, and the memory of its process; beside what the browser's own `JSON.parse` takes for the same.

mod memory;
mod parquet;
mod rows;
mod text;
mod xlsx;

use std::path::Path;
use std::time::Duration;

use viva_e2e::app::Viva;
use viva_e2e::browser::{Browser, Page};
use viva_e2e::place::Scratch;
use viva_e2e::site::Site;
use viva_e2e::{Error, Result};

use super::figures::Table;
use memory::Memory;

/// As many as the training part of `MedMCQA` has, about.
pub(crate) const N_ROWS: usize = 190_000;

/// Makes a file of so many rows.
type Write = fn(usize) -> Vec<u8>;

/// How long one file may take: far more than any does.
const LIMIT: Duration = Duration::from_mins(1);

/// From the choice of a file until the page has listed its questions, by the page's own clock, and the longest task of the
/// page's thread meanwhile. The observer is told of tasks after they have ended, so that the last one is waited for.
const WATCH: &str = "globalThis.vivaListed = new Promise(done => {
    let start, longest = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
    }).observe({ entryTypes: ['longtask'] });
    addEventListener('change', () => start = performance.now(), { capture: true, once: true });
    new MutationObserver((_, observer) => {
        if (!document.body.innerText.includes(' will be asked.')) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => {
            const took = performance.now() - start;
            setTimeout(() => done([took, longest]), 300);
        }));
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}), 0";

/// The lines of a file as `JSON.parse` reads them, all kept: from the choice of the file to the last of them.
const PARSE: &str = "globalThis.vivaParsed = new Promise(done => {
    let longest = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
    }).observe({ entryTypes: ['longtask'] });
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'parsed';
    input.onchange = async () => {
        const start = performance.now();
        const rows = globalThis.vivaRows = [];
        const take = line => { if (line !== '') rows.push(JSON.parse(line)); };
        READ
        const took = performance.now() - start;
        setTimeout(() => done([took, longest, rows.length]), 300);
    };
    document.body.append(input);
}), 0";

/// Piece by piece, as a page does that wants to stay alive.
const STREAMED: &str = "let rest = '';
    const pieces = input.files[0].stream().pipeThrough(new TextDecoderStream()).getReader();
    for (let piece; piece = await pieces.read(), !piece.done;) {
        const lines = (rest + piece.value).split('\\n');
        rest = lines.pop();
        lines.forEach(take);
    }
    take(rest);";

const WHOLE: &str = "(await input.files[0].text()).split('\\n').forEach(take);";

/// What one opening came to.
struct Measured {
    took_millis: f64,
    longest_task_millis: f64,
    memory: Memory,
}

/// Adds the figures of a file of each format.
pub(crate) async fn measure(site: &Site, repeats: usize, table: &mut Table) -> Result<()> {
    let scratch = Scratch::new("files")?;
    let jsonl = scratch.write("rows.jsonl", text::jsonl(N_ROWS))?;
    let n_bytes = size(&jsonl)?;
    let mut parse_millis = f64::NAN;
    table.bytes(&format!("{N_ROWS} rows as JSON Lines"), n_bytes);
    for (name, read) in [("whole", WHOLE), ("streamed", STREAMED)] {
        let mut all = vec![];
        for _ in 0..repeats {
            all.push(parse(site, &jsonl, &PARSE.replace("READ", read)).await?);
        }
        let what = format!("  JSON.parse per line, {name}");
        parse_millis = tell(table, &what, &all, n_bytes, None);
    }
    let formats: [(&str, Write); 3] =
        [("csv", text::csv), ("parquet", parquet::file), ("xlsx", xlsx::file)];
    open(site, &jsonl, repeats, parse_millis, table).await?;
    for (extension, write) in formats {
        let path = scratch.write(&format!("rows.{extension}"), write(N_ROWS))?;
        table.bytes(&format!("{N_ROWS} rows as {extension}"), size(&path)?);
        open(site, &path, repeats, parse_millis, table).await?;
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

async fn open(
    site: &Site,
    path: &Path,
    repeats: usize,
    parse_millis: f64,
    table: &mut Table,
) -> Result<()> {
    let mut all = vec![];
    for _ in 0..repeats {
        all.push(open_once(site, path).await?);
    }
    tell(table, "  opened, checked and listed", &all, size(path)?, Some(parse_millis));
    Ok(())
}

/// Adds the rows of one way to read a file; the median of its times.
fn tell(
    table: &mut Table,
    what: &str,
    all: &[Measured],
    n_bytes: u64,
    parse_millis: Option<f64>,
) -> f64 {
    let of = |figure: &dyn Fn(&Measured) -> f64| all.iter().map(figure).collect::<Vec<_>>();
    let median = table.millis(what, &of(&|one| one.took_millis));
    if let Some(parse_millis) = parse_millis {
        let ratios = of(&|one| one.took_millis / parse_millis);
        table.ratios("    of JSON.parse per line, streamed", &ratios);
    }
    table.millis("    longest task of the page", &of(&|one| one.longest_task_millis));
    let file = n_bytes as f64;
    table.ratios("    memory at the most, of the file", &of(&|one| one.memory.peak() / file));
    table.ratios("    memory when listed, of the file", &of(&|one| one.memory.kept() / file));
    median
}

async fn parse(site: &Site, path: &Path, script: &str) -> Result<Measured> {
    let browser = Browser::launch().await?;
    let page = browser.context().await?.page().await?.with_limit(LIMIT);
    page.goto(&site.url()).await?;
    page.wait_until("document.body?.dataset.ready === 'true'").await?;
    page.wait_quiet().await?;
    page.eval(script).await?;
    let mut memory = Memory::watch(&browser).await?;
    page.set_files("#parsed", &[path]).await?;
    let answer = page.eval("vivaParsed").await?;
    memory.read()?;
    if answer[2].as_u64() != u64::try_from(N_ROWS).ok() {
        return Err(Error::new(format!("JSON.parse gave {} rows", answer[2])));
    }
    measured(&answer, memory)
}

async fn open_once(site: &Site, path: &Path) -> Result<Measured> {
    // A browser of its own: what others before it left behind would be in the memory of its process.
    let browser = Browser::launch().await?;
    let viva = Viva::open(&browser.context().await?, site).await?.with_limit(LIMIT);
    viva.go("#/questions").await?;
    viva.page.wait_quiet().await?;
    viva.page.eval(WATCH).await?;
    let mut memory = Memory::watch(&browser).await?;
    viva.page.set_files("main input[type=file]", &[path]).await?;
    let answer = viva.page.eval("vivaListed").await?;
    memory.read()?;
    is_listed(&viva.page).await?;
    measured(&answer, memory)
}

/// Whether every row is there.
async fn is_listed(page: &Page) -> Result<()> {
    let shown = page.eval_text("document.querySelector('main').innerText").await?;
    if shown.contains("190,000 questions") && !shown.contains("entries not used") {
        return Ok(());
    }
    Err(Error::new(format!("the page does not list {N_ROWS} questions: {shown}")))
}

fn measured(answer: &serde_json::Value, memory: Memory) -> Result<Measured> {
    let number = |idx: usize| answer[idx].as_f64();
    let (Some(took_millis), Some(longest_task_millis)) = (number(0), number(1)) else {
        return Err(Error::new(format!("the page told {answer}")));
    };
    Ok(Measured { took_millis, longest_task_millis, memory })
}

fn size(path: &Path) -> Result<u64> {
    Ok(std::fs::metadata(path)?.len())
}
