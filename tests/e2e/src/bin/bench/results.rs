//! Measures results as a person meets them: 20 models on 1,273 items from files to every figure drawn, how long the page
//! was held up meanwhile, and the resampling of all pairs against numpy.

use std::path::{Path, PathBuf};
use std::process::Command;

use viva_e2e::app::Viva;
use viva_e2e::browser::Browser;
use viva_e2e::place::Scratch;
use viva_e2e::results::per_item_files;
use viva_e2e::site::Site;
use viva_e2e::{Error, Result};

use super::figures::Table;

const N_MODELS: usize = 20;
const N_ITEMS: usize = 1_273;
/// With it a file is about as large as the published ones with as many items.
const N_CHARS: usize = 2_400;

/// The page's own clock, from the choice of the files to the frames that show the leaderboard and the last figure, and the
/// longest task from the leaderboard on: what opening files takes is measured elsewhere.
const WATCH: &str = "globalThis.vivaResults = new Promise(done => {
    let start, board, longest = 0;
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) if (board !== undefined) longest = Math.max(longest, task.duration);
    }).observe({ entryTypes: ['longtask'] });
    addEventListener('change', () => start = performance.now(), { capture: true, once: true });
    const after_frame = then => requestAnimationFrame(() => setTimeout(then));
    new MutationObserver((_, observer) => {
        if (document.querySelectorAll('#leaderboard tbody tr').length !== 20) return;
        observer.disconnect();
        after_frame(() => board = performance.now() - start);
    }).observe(document.body, { childList: true, subtree: true });
    const wait = () => {
        if (board === undefined || performance.getEntriesByName('viva-drawn').length === 0) return setTimeout(wait, 4);
        after_frame(() => setTimeout(() => done([board, performance.now() - start, longest,
            performance.getEntriesByName('viva-resampling').reduce((sum, one) => sum + one.duration, 0)]), 100));
    };
    wait();
}), 0";

/// The same in numpy, as fast as it is known to do it: indices, counts, one matrix product, all pairs, both quantiles.
const NUMPY: &str = "
import sys, time
import numpy as np
n, models, samples = 1273, 20, 10_000
random = np.random.default_rng(1)
scores = (random.random((n, models)) < np.linspace(0.55, 0.95, models)).astype(float)
first, second = np.triu_indices(models, 1)
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    drawn = random.integers(0, n, (samples, n)) + np.arange(samples)[:, None] * n
    counts = np.bincount(drawn.ravel(), minlength=samples * n).reshape(samples, n).astype(float)
    counted = time.perf_counter()
    means = counts @ scores / n
    differences = means[:, first] - means[:, second]
    multiplied = time.perf_counter()
    np.percentile(differences, [2.5, 97.5], axis=0)
    print((time.perf_counter() - start) * 1e3, (multiplied - counted) * 1e3)
";

/// Adds the figures.
pub(crate) async fn measure(site: &Site, repeats: usize, table: &mut Table) -> Result<()> {
    let scratch = Scratch::new("bench-results")?;
    let files = per_item_files(N_MODELS, N_ITEMS, N_CHARS);
    let paths: Result<Vec<PathBuf>> =
        files.iter().map(|(name, text)| scratch.write(name, text)).collect();
    let paths = paths?;
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let mut measured: [Vec<f64>; 4] = Default::default();
    for _ in 0..repeats {
        let context = Browser::shared().await?.context().await?;
        let viva = Viva::open(&context, site).await?;
        viva.go("#/results").await?;
        viva.page.eval(WATCH).await?;
        viva.open_results(&paths, N_MODELS).await?;
        let found = viva.page.eval("vivaResults").await?;
        for (all, idx) in measured.iter_mut().zip(0_usize..) {
            let one = found[idx].as_f64();
            all.push(one.ok_or_else(|| Error::new(format!("the page measured {found}")))?);
        }
    }
    let [board, drawn, longest, resampling] = &measured;
    table.millis("20 models × 1,273 items: files to board", board);
    table.millis("  files to every figure drawn", drawn);
    let from_board: Vec<f64> = drawn.iter().zip(board).map(|(all, board)| all - board).collect();
    table.millis("  board to every figure drawn", &from_board);
    table.millis("  longest task from the board on (0: < 50)", longest);
    table.millis("10,000 resamples, 190 pairs, in the page", resampling);
    against_numpy(repeats, table)
}

/// Adds numpy's figures, or says that it is not there. `VIVA_PYTHON` names another Python than `python3`.
fn against_numpy(repeats: usize, table: &mut Table) -> Result<()> {
    let python = std::env::var("VIVA_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python).args(["-c", NUMPY, &repeats.to_string()]).output();
    let output = match output {
        Ok(output) if output.status.success() => output,
        _ => {
            eprintln!("SKIPPED: {python} has no numpy to measure against");
            return Ok(());
        }
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers = |line: &str| -> Option<(f64, f64)> {
        let (all, product) = line.split_once(' ')?;
        Some((all.parse().ok()?, product.trim().parse().ok()?))
    };
    let measured: Option<Vec<(f64, f64)>> = text.lines().map(numbers).collect();
    let measured = measured.ok_or_else(|| Error::new(format!("numpy's script says {text}")))?;
    table.millis("  the same in numpy", &measured.iter().map(|one| one.0).collect::<Vec<_>>());
    let product: Vec<f64> = measured.iter().map(|one| one.1).collect();
    table.millis("  of it the product and the differences", &product);
    Ok(())
}
