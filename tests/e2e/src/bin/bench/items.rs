//! Measures the table of items: 100,000 rows from the file to the first paint, sorting, searching, scrolling; and of 1,000 rows
//! how soon an item is open and a search is done.

use std::fmt::Write;
use std::path::PathBuf;

use viva_e2e::Result;
use viva_e2e::app::Viva;
use viva_e2e::browser::{Browser, css};
use viva_e2e::place::Scratch;
use viva_e2e::site::Site;

use super::figures::Table;

/// Notes every task of the main thread that lasts 50 ms or more.
const WATCH: &str = "globalThis.vivaLongest = 0, new PerformanceObserver(list => {
    for (const entry of list.getEntries()) globalThis.vivaLongest = Math.max(globalThis.vivaLongest, entry.duration);
}).observe({ entryTypes: ['longtask'] }), 0";

/// Waits for two frames: what was asked for is painted then.
const PAINTED: &str =
    "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));";

/// Recorded answers of two models to made-up questions.
fn tables(scratch: &Scratch, n: usize) -> Result<Vec<PathBuf>> {
    let mut paths = vec![];
    for (model, step) in [("first", 3), ("second", 5)] {
        let mut csv = String::from(
            "sample_id,question,rationale,options_len,answer,A,B,C,D,E,model_prompt,outputs,preds,correct\n",
        );
        for idx in 0..n {
            let (letter, is_right) = if idx % step == 0 { ("A", "False") } else { ("B", "True") };
            let place = (idx * 7_919) % n;
            let _ = writeln!(
                csv,
                "{idx},\"A person of {age} with complaint {place} asks for advice on day {idx}; which step comes first?\",,4,B,wait,treat {place},test,refer,,,\"Answer: {letter}, as case {idx} shows\",{letter},{is_right}",
                age = 20 + idx % 70,
            );
        }
        paths.push(scratch.write(&format!("{model}.csv"), csv)?);
    }
    Ok(paths)
}

/// Runs a script in the page that returns milliseconds.
async fn timed(viva: &Viva, script: &str) -> Result<f64> {
    let script = format!(
        "(async () => {{ const start = performance.now(); {script} return performance.now() - start; }})()"
    );
    Ok(viva.page.eval(&script).await?.as_f64().unwrap_or(f64::NAN))
}

fn select(id: &str, value: &str) -> String {
    format!(
        "const field = document.getElementById('{id}'); field.value = '{value}';
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); field.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    )
}

/// Waits until the text that counts listed rows says this.
fn counted(text: &str) -> String {
    format!(
        "while (!document.getElementById('items-count').innerText.startsWith('{text}')) await new Promise(done => setTimeout(done)); {PAINTED}"
    )
}

/// Adds the figures.
pub(crate) async fn measure(site: &Site, repeats: usize, table: &mut Table) -> Result<()> {
    for n in [1_000, 100_000] {
        measure_of(site, n, repeats.min(5), table).await?;
    }
    Ok(())
}

async fn measure_of(site: &Site, n: usize, repeats: usize, table: &mut Table) -> Result<()> {
    let scratch = Scratch::new("bench-items")?;
    let paths = tables(&scratch, n)?;
    let paths: Vec<_> = paths.iter().map(PathBuf::as_path).collect();
    let mut figures: Vec<(&str, Vec<f64>)> = vec![];
    for _ in 0..repeats {
        let context = Browser::shared().await?.context().await?;
        let viva = Viva::open(&context, site).await?.with_limit(std::time::Duration::from_mins(2));
        viva.go("#/results").await?;
        viva.page.eval(WATCH).await?;
        viva.page
            .eval("addEventListener('change', () => globalThis.vivaStart = performance.now(), { capture: true, once: true }), 0")
            .await?;
        viva.open_results(&paths, 2).await?;
        viva.page.wait_for(css(".item-row").nth(0)).await?;
        let mut add =
            |name: &'static str, value: f64| match figures.iter_mut().find(|(own, _)| *own == name)
            {
                Some((_, values)) => values.push(value),
                None => figures.push((name, vec![value])),
            };
        add(
            "files to the table",
            viva.page.eval("performance.now() - vivaStart").await?.as_f64().unwrap_or_default(),
        );
        add("largest block while opening", longest(&viva).await?);
        let all = grouped(n);
        add("sort by question", timed(&viva, &(select("item-sort", "question") + PAINTED)).await?);
        add("sort by length", timed(&viva, &(select("item-sort", "length-down") + PAINTED)).await?);
        add("sort by a model", timed(&viva, &(select("item-sort", "model-1") + PAINTED)).await?);
        add("group by category", timed(&viva, &(select("item-group", "right") + PAINTED)).await?);
        viva.page
            .eval(&format!(
                "(() => {{ {} {} }})(), 0",
                select("item-group", ""),
                select("item-sort", "")
                    .replace("const field", "const other")
                    .replace("field.", "other.")
            ))
            .await?;
        add("largest block while sorting", longest(&viva).await?);
        add(
            "filter: disagreement",
            timed(&viva, &(select("item-filter", "differ") + PAINTED)).await?,
        );
        viva.page.eval(&format!("(() => {{ {} }})(), 0", select("item-filter", ""))).await?;
        let word = "complaint 17 asks";
        add(
            "first search, texts read",
            timed(&viva, &(select("item-search", word) + &counted("1 of"))).await?,
        );
        viva.page
            .eval(&format!("(async () => {{ {} {} }})()", select("item-search", ""), counted(&all)))
            .await?;
        add("search", timed(&viva, &(select("item-search", word) + &counted("1 of"))).await?);
        viva.page
            .eval(&format!("(async () => {{ {} {} }})()", select("item-search", ""), counted(&all)))
            .await?;
        add("largest block while searching", longest(&viva).await?);
        add("item opened", timed(&viva, &format!("document.querySelector('.item-row button').click(); while (!document.getElementById('item-heading')) await new Promise(done => setTimeout(done)); {PAINTED}")).await?);
        let (late, of) = scrolled(&viva).await?;
        add("frames dropped of 120 while scrolling", late);
        add("slowest frame while scrolling", of);
        add("largest block while scrolling", longest(&viva).await?);
    }
    for (name, values) in figures {
        let name = format!("{} rows: {name}", grouped(n));
        if name.contains("frames dropped") {
            table.counts(&name, &values);
        } else {
            table.millis(&name, &values);
        }
    }
    Ok(())
}

async fn longest(viva: &Viva) -> Result<f64> {
    let longest = viva.page.eval("new Promise(done => setTimeout(() => { const was = vivaLongest; vivaLongest = 0; done(was); }, 100))");
    Ok(longest.await?.as_f64().unwrap_or_default())
}

/// Scrolls through the whole table in 120 frames; how many came later than twice the usual time, and the slowest.
async fn scrolled(viva: &Viva) -> Result<(f64, f64)> {
    let script = "(async () => {
        const window = document.querySelector('.window');
        const step = (window.scrollHeight - window.clientHeight) / 120;
        const times = [];
        let last = await new Promise(requestAnimationFrame);
        for (let n = 1; n <= 120; n++) {
            window.scrollTop = n * step;
            const now = await new Promise(requestAnimationFrame);
            times.push(now - last);
            last = now;
        }
        return [times.filter(time => 33.4 < time).length, Math.max(...times)];
    })()";
    let found = viva.page.eval(script).await?;
    Ok((found[0].as_f64().unwrap_or_default(), found[1].as_f64().unwrap_or_default()))
}

fn grouped(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}
