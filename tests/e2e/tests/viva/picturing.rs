//! Owns the tests of the pictures of results: that each can be read in every light and on every width, by keyboard and as
//! a table, and that what is saved is what was shown.

use std::path::PathBuf;

use serde_json::Value;
use viva_e2e::app::Viva;
use viva_e2e::browser::{Media, Page, Scheme, css, label, role};
use viva_e2e::place::{Scratch, shared_data, target};
use viva_e2e::results::file_with_everything;
use viva_e2e::{Result, run};

use crate::{Stage, ensure};

/// Every figure that the run with everything has.
const FIGURES: [&str; 14] = [
    "dangers",
    "leaderboard",
    "outcomes",
    "thousand",
    "differences",
    "ranks",
    "resampled",
    "categories",
    "cost",
    "shared-errors",
    "robustness",
    "repeats",
    "coverage",
    "planning",
];

/// The texts and marks that reach beyond their picture, and the pictures that reach beyond the page.
const FAULTS: &str = "(() => {
    const faults = [];
    for (const svg of document.querySelectorAll('svg.chart')) {
        const name = svg.closest('figure').id;
        const box = svg.viewBox.baseVal;
        for (const one of svg.querySelectorAll('text, rect, circle, path, line')) {
            const its = one.getBBox();
            const slack = 0.75;
            if (its.x < -slack || its.y < -slack || box.width + slack < its.x + its.width || box.height + slack < its.y + its.height)
                faults.push(`${name}: ${one.tagName} “${one.textContent}” from ${its.x.toFixed(1)}, ${its.y.toFixed(1)} to ${(its.x + its.width).toFixed(1)}, ${(its.y + its.height).toFixed(1)} of ${box.width} × ${box.height}`);
        }
        const region = svg.closest('.scroll-x');
        const room = (region ?? document.documentElement).getBoundingClientRect().width;
        if (!region && room + 1 < svg.getBoundingClientRect().width) faults.push(`${name} is wider than the page`);
    }
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (0 < over) faults.push(`the page is ${over} px too wide`);
    return faults;
})()";

/// Texts of a picture that stand on each other.
const OVERLAPS: &str = "[...document.querySelectorAll('svg.chart')].flatMap(svg => {
    const texts = [...svg.querySelectorAll('text')].map(one => [one, one.getBBox()]);
    const found = [];
    texts.forEach(([one, a], at) => texts.slice(at + 1).forEach(([other, b]) => {
        const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
        const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
        if (2 < wide && 5 < high) found.push(`${svg.closest('figure').id}: “${one.textContent}” and “${other.textContent}”`);
    }));
    return found;
})";

/// The stage with the run that has everything.
async fn furnished(scratch: &Scratch) -> Result<Stage> {
    let file = scratch.write("run.json", file_with_everything())?;
    let stage = Stage::new().await?;
    stage.viva.open_results(&[&file], 7).await?;
    drawn(&stage.viva.page).await?;
    Ok(stage)
}

/// Waits until every figure is drawn.
async fn drawn(page: &Page) -> Result<()> {
    page.wait_until("performance.getEntriesByName('viva-drawn').length > 0").await?;
    page.wait_until("document.querySelectorAll('.figure--coming').length === 0").await
}

fn list(found: &Value) -> Vec<String> {
    let found = found.as_array().into_iter().flatten();
    found.filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

async fn sound(page: &Page, what: &str) -> Result<()> {
    for question in [FAULTS, OVERLAPS] {
        let found = list(&page.eval(question).await?);
        ensure(found.is_empty(), &format!("{what}:\n{}", found.join("\n")))?;
    }
    Ok(())
}

async fn picture(viva: &Viva, name: &str) -> Result<()> {
    viva.page.full_screenshot().await?.save(&folder()?.join(format!("{name}.png")))
}

/// Where pictures of the page are put to be looked at.
fn folder() -> Result<PathBuf> {
    let folder = target().join("screenshots");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[test]
fn every_picture_can_be_read_in_every_light_and_on_every_width() {
    run(async {
        let scratch = Scratch::new("pictures")?;
        let stage = furnished(&scratch).await?;
        let page = &stage.viva.page;
        for id in FIGURES {
            ensure(
                page.count(css(&format!("#figure-{id}"))).await? == 1,
                &format!("no figure {id}"),
            )?;
        }
        let text = page.visible_text().await?;
        let (dangers, conclusion) =
            (text.find("Dangerous errors"), text.find("What can I conclude?"));
        ensure(dangers.is_some() && dangers < conclusion, "what is dangerous comes first")?;
        let (light, dark) = ((Scheme::Light, "light"), (Scheme::Dark, "dark"));
        // A4 is 794 pixels wide.
        for (width, device, print, lights) in [
            (360, "phone", false, vec![light, dark]),
            (1440, "wide", false, vec![light, dark]),
            (794, "a4", true, vec![(Scheme::Light, "print")]),
        ] {
            page.viewport(width, 900).await?;
            for (scheme, light) in lights {
                page.media(Media { scheme, print, ..Media::default() }).await?;
                let what = format!("pictures-{device}-{light}");
                picture(&stage.viva, &what).await?;
                sound(page, &what).await?;
                if !print {
                    page.accessible().await.map_err(|error| error.and(&format!(" on {what}")))?;
                }
            }
        }
        stage.clean(&[])
    });
}

#[test]
fn the_keyboard_goes_from_mark_to_mark_and_each_says_what_it_is() {
    run(async {
        let scratch = Scratch::new("marks")?;
        let stage = furnished(&scratch).await?;
        let page = &stage.viva.page;
        let stops = page
            .eval("[...document.querySelectorAll('svg.chart')].map(svg => svg.querySelectorAll('[tabindex=\"0\"]').length).filter(n => n !== 1).length")
            .await?;
        ensure(stops == 0, "each picture is one stop of the keyboard")?;
        page.eval("document.querySelector('#figure-leaderboard [data-mark]').focus()").await?;
        let first = page.focused().await?.map(|node| node.name).unwrap_or_default();
        ensure(first.starts_with("gpt-large") && first.contains("95 % range"), &first)?;
        for key in ["ArrowDown", "ArrowRight", "End", "ArrowLeft"] {
            page.press(key).await?;
        }
        let at = page.eval("document.activeElement.dataset.mark").await?;
        ensure(at == "5", &format!("the mark before the last, not {at}"))?;
        let name = page.focused().await?.map(|node| node.name).unwrap_or_default();
        let told = page.text("#figure-leaderboard .figure__told").await?;
        ensure(told == name && told != first, &format!("{told} is told, {name} has the focus"))?;
        // Where the person left a picture, they come back to.
        let left = page
            .eval("document.querySelector('#figure-leaderboard [tabindex=\"0\"]').dataset.mark")
            .await?;
        ensure(left == "5", "the stop goes with the focus")?;
        stage.clean(&[])
    });
}

#[test]
fn what_is_saved_of_a_figure_is_what_was_shown() {
    run(async {
        let scratch = Scratch::new("saved-figures")?;
        let stage = furnished(&scratch).await?;
        let page = &stage.viva.page;
        page.media(Media { scheme: Scheme::Dark, ..Media::default() }).await?;
        let title = "How the answers ended";
        let svg =
            page.download(page.click(role("button", format!("SVG of “{title}”").as_str()))).await?;
        ensure(svg.name == "viva-outcomes.svg", &svg.name)?;
        let text = svg.text()?;
        let n_shown = page.count("#figure-outcomes rect").await?;
        // The page's own policy forbids the rules that stand in the file, even where it is only parsed.
        let bare = stage.context.page().await?;
        bare.goto("about:blank").await?;
        let facts = bare
            .eval(&format!(
                "(() => {{
                    const file = new DOMParser().parseFromString({}, 'image/svg+xml');
                    return [file.querySelectorAll('parsererror').length, file.documentElement.tagName,
                        file.querySelectorAll('rect').length];
                }})()",
                Value::from(text.as_str())
            ))
            .await?;
        ensure(facts == serde_json::json!([0, "svg", n_shown]), &facts.to_string())?;
        ensure(
            !text.contains("var(") && !text.contains("light-dark("),
            "colours stand as they are",
        )?;
        ensure(text.contains("WWWWW"), "names are in it")?;

        let png =
            page.download(page.click(role("button", format!("PNG of “{title}”").as_str()))).await?;
        let bytes = png.bytes()?;
        ensure(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "it is a PNG")?;
        let side = |at: usize| {
            bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes)
        };
        ensure(side(16) == Some(1_080), &format!("{:?} × {:?}", side(16), side(20)))?;
        ensure(20_000 < bytes.len(), &format!("{} bytes are hardly a picture", bytes.len()))?;
        std::fs::write(folder()?.join("saved-outcomes.png"), &bytes)?;

        let saved =
            page.download(page.click(role("button", format!("CSV of “{title}”").as_str()))).await?;
        page.click(css("#outcomes-heading ~ details summary")).await?;
        page.wait_for("#outcomes tbody tr").await?;
        let shown = stage.viva.cells("#outcomes tbody tr").await?;
        let text = saved.text()?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let saved: Vec<Vec<String>> = reader
            .records()
            .filter_map(|record| Some(record.ok()?.iter().map(str::to_owned).collect()))
            .collect();
        let plain = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(|cell| cell.replace(',', "")).collect()).collect()
        };
        ensure(
            shown.len() == 7 && plain(&shown) == plain(&saved),
            &format!("{shown:?}\n{saved:?}"),
        )?;
        stage.clean(&[])
    });
}

#[test]
fn a_part_of_the_page_is_gone_to_by_list_and_by_link() {
    run(async {
        let scratch = Scratch::new("parts")?;
        let stage = furnished(&scratch).await?;
        let page = &stage.viva.page;
        page.click(css(".contents summary")).await?;
        page.click(css(".contents a").nth(6)).await?;
        page.wait_until("document.activeElement?.id === 'ranks-heading'").await?;
        let address = page.eval_text("location.hash").await?;
        ensure(address.contains("part=ranks"), &address)?;
        page.click(role("link", "Link to “What accuracy costs”")).await?;
        page.wait_until("document.activeElement?.id === 'cost-heading'").await?;
        // The figures stay as they are: only the place changes.
        ensure(page.count("#figure-cost").await? == 1, "the figures stay")?;
        stage.clean(&[])
    });
}

#[test]
fn two_models_are_chosen_and_a_number_of_ones_own_is_reckoned_with() {
    run(async {
        let names = ["gpt-4o", "claude-3-5-sonnet", "llama-3-70b", "openbiollm-70b"];
        let files: Option<Vec<PathBuf>> =
            names.iter().map(|name| shared_data(&format!("medqa-per-item/{name}.csv"))).collect();
        let Some(files) = files else {
            eprintln!("SKIPPED: the four per-item files are not there");
            return Ok(());
        };
        let files: Vec<_> = files.iter().map(PathBuf::as_path).collect();
        let stage = Stage::new().await?;
        let page = &stage.viva.page;
        stage.viva.open_results(&files, 4).await?;
        drawn(page).await?;
        page.wait_text(
            "gpt-4o would get about 49 more right than claude-3-5-sonnet (95 % range: 29 to 69)",
        )
        .await?;
        page.choose("#thousand-first", "openbiollm-70b").await?;
        page.wait_text("claude-3-5-sonnet would get about 167 more right than openbiollm-70b")
            .await?;
        page.fill(label("How many such questions arise where you are?"), "200").await?;
        page.wait_text("In 200 such questions, claude-3-5-sonnet would get about 33 more right than openbiollm-70b").await?;
        // The clinical model is behind every general-purpose one, under both rules, in the picture too.
        for rule in ["counted as wrong", "set aside: only readable answers count"] {
            page.click(label(rule)).await?;
            let is_redrawn = format!(
                "document.querySelector('#leaderboard tbody').innerText.includes({})",
                Value::from(if rule.starts_with("counted") { "66.6 %" } else { "73.6 %" })
            );
            page.wait_until(&is_redrawn).await?;
            let marks = "[...document.querySelectorAll('#figure-differences [data-mark]')].map(one => one.ariaLabel)";
            let general = format!(
                "{marks}.filter(text => text.includes('against openbiollm-70b') && text.includes('is ahead') && !text.includes('openbiollm-70b is ahead')).length === 3"
            );
            page.wait_until(&general).await?;
            let pairs = stage.viva.pairs().await?;
            let behind = pairs.iter().filter(|pair| pair.pair.ends_with("– openbiollm-70b"));
            ensure(
                behind.filter(|pair| pair.interval.starts_with('+')).count() == 3,
                &format!("{rule}: {pairs:?}"),
            )?;
        }
        stage.clean(&[])
    });
}
