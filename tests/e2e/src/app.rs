//! Owns the ways through Viva's own page that its tests and its benchmark share: questions, models, run, results.

use std::path::Path;
use std::time::Duration;

use crate::browser::{Context, Page, contains, css, label, role, text};
use crate::site::Site;
use crate::{Error, Result};

/// Viva, open in a page.
#[derive(Debug)]
pub struct Viva {
    /// The page, for whatever this does not wrap.
    pub page: Page,
    address: String,
}

/// A model as a person enters it. What is empty is left as it stands in the form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entered<'a> {
    /// The preset's id, such as `openai`.
    pub preset: &'a str,
    /// The address, where it is another than the preset's.
    pub address: &'a str,
    /// The model's name.
    pub model: &'a str,
    /// The key.
    pub key: &'a str,
    /// Dollars per million tokens sent and received.
    pub price: Option<(&'a str, &'a str)>,
    /// How answers come: `streamed` or `batch`.
    pub delivery: &'a str,
}

/// A line of the leaderboard, as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The model's name.
    pub model: String,
    /// `general-purpose`, `clinical`, `baseline` or `person`.
    pub class: String,
    /// Share of right answers, such as `88.1 %`.
    pub accuracy: String,
    /// Its interval, such as `86.3 – 89.8 %`.
    pub interval: String,
    /// How often each outcome came, such as `1,122 right, 151 wrong`.
    pub outcomes: String,
    /// Accuracy and interval by the other rule for what was not answered.
    pub otherwise: String,
}

/// A line of the table of pairs, as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairLine {
    /// Both models.
    pub pair: String,
    /// What can be told.
    pub verdict: String,
    /// In percentage points.
    pub difference: String,
    /// Of the difference.
    pub interval: String,
    /// Adjusted.
    pub p: String,
    /// The exact value before the adjustment, as the cell's title gives it.
    pub exact_p: String,
    /// Both right, only the first, only the second, neither.
    pub table: String,
}

/// The heading of each view, by its fragment.
const VIEWS: [(&str, &str); 21] = [
    ("#/", "Examine the AI models that people ask about their health"),
    ("#/try", "Try it now"),
    ("#/questions", "Questions"),
    ("#/catalogue", "Published questions"),
    ("#/study", "The study"),
    ("#/judge-bench", "Measure a judge"),
    ("#/models", "Models"),
    ("#/run", "Run"),
    ("#/grade", "Grade open answers"),
    ("#/exam", "Sit the exam"),
    ("#/class", "Classroom"),
    ("#/case", "Your own case"),
    ("#/results", "Results"),
    ("#/review", "Blinded review"),
    ("#/review/organise", "Blinded review"),
    ("#/review/rate", "Blinded review"),
    ("#/review/merge", "Blinded review"),
    ("#/report", "Report"),
    ("#/ledger", "What left this page"),
    ("#/settings", "Keys and storage"),
    ("#/about", "About this page"),
];

impl Viva {
    /// Opens the start page of a site in a new page of a context, and waits until it can be used.
    pub async fn open(context: &std::sync::Arc<Context>, site: &Site) -> Result<Self> {
        Self::in_page(context.page().await?, &site.url()).await
    }

    /// Opens the start page in this page, and waits until it can be used.
    pub async fn in_page(page: Page, address: &str) -> Result<Self> {
        page.goto(address).await?;
        let viva = Self { page, address: address.to_owned() };
        viva.ready().await?;
        Ok(viva)
    }

    /// The same page with another limit for what is waited for.
    #[must_use]
    pub fn with_limit(&self, limit: Duration) -> Self {
        Self { page: self.page.with_limit(limit), address: self.address.clone() }
    }

    /// Waits until the page can be used.
    pub async fn ready(&self) -> Result<()> {
        self.page.wait_until("document.body?.dataset.ready === 'true'").await
    }

    /// Loads the page anew and waits until it can be used.
    pub async fn reload(&self) -> Result<()> {
        self.page.reload().await?;
        self.ready().await
    }

    /// Goes to a view by its fragment, such as `#/models`, without loading anything, and waits until it is drawn and has
    /// taken the focus: a focus that came later would push aside what a test does next.
    pub async fn go(&self, fragment: &str) -> Result<()> {
        self.page.goto(&format!("{}{fragment}", self.address)).await?;
        let path = fragment.split('?').next().unwrap_or_default();
        if let Some((_, heading)) = VIEWS.iter().find(|(known, _)| *known == path) {
            self.page.wait_for(role("heading", *heading)).await?;
        }
        let two_frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        self.page.eval(two_frames).await.map(drop)
    }

    /// Puts the bundled questions on the shelf.
    pub async fn use_bundled(&self) -> Result<()> {
        self.go("#/questions").await?;
        self.page.click(role("button", "Use the bundled questions")).await?;
        self.page.wait_text("will be asked").await
    }

    /// Opens files of questions by the button, and waits until so many questions in all are to be asked.
    pub async fn open_questions(&self, files: &[&Path], n_asked: &str) -> Result<()> {
        self.go("#/questions").await?;
        self.page.set_files("main input[type=file]", files).await?;
        self.page.wait_text(&format!("{n_asked} questions will be asked")).await
    }

    /// Adds a model behind an address.
    pub async fn add_model(&self, base_url: &str, model: &str, key: &str) -> Result<()> {
        self.go("#/models").await?;
        self.page.fill(label("Address"), base_url).await?;
        self.page.fill(label("Model"), model).await?;
        self.page.fill(label("Key"), key).await?;
        self.page.click(role("button", "Add this model")).await?;
        self.page.wait_for(role("button", format!("Remove {model}").as_str())).await
    }

    /// Fills in the form for a model.
    pub async fn enter(&self, entered: &Entered<'_>) -> Result<()> {
        let Entered { preset, address, model, key, price, delivery } = *entered;
        let page = &self.page;
        self.go("#/models").await?;
        page.choose("#preset", preset).await?;
        for (field, filling) in [("#base-url", address), ("#model-id", model), ("#api-key", key)] {
            if !filling.is_empty() {
                page.fill(field, filling).await?;
            }
        }
        if (price.is_some() || !delivery.is_empty()) && !page.shows("#price-in").await? {
            page.click(text("Settings and price of this model")).await?;
        }
        if let Some((sent, received)) = price {
            page.fill("#price-in", sent).await?;
            page.fill("#price-out", received).await?;
        }
        if !delivery.is_empty() {
            page.choose("#delivery", delivery).await?;
        }
        Ok(())
    }

    /// Fills in the form for a model and adds it.
    pub async fn enlist(&self, entered: &Entered<'_>) -> Result<()> {
        self.enter(entered).await?;
        self.page.click("#add-model").await?;
        let remove = format!("Remove {}", entered.model);
        self.page.wait_for(role("button", remove.as_str())).await
    }

    /// Types into fields of the run that is planned, by their ids such as `#max-tokens`.
    pub async fn set_run(&self, fields: &[(&str, &str)]) -> Result<()> {
        self.go("#/run").await?;
        if !self.page.shows("#in-flight").await? {
            self.page.click(text("More settings")).await?;
        }
        for (field, filling) in fields {
            self.page.fill(*field, filling).await?;
            self.page.press("Tab").await?;
        }
        Ok(())
    }

    /// Has the answers of the run that is planned come in pieces.
    pub async fn have_streamed(&self) -> Result<()> {
        self.set_run(&[]).await?;
        self.page.click(label(contains("Receive answers in pieces"))).await
    }

    /// Goes from a run to the plan of the next.
    pub async fn plan_another(&self) -> Result<()> {
        self.go("#/run").await?;
        self.page.click(role("button", "Plan another run")).await?;
        self.page.wait_for("#start-run").await
    }

    /// Adds a participant by the name of its button, such as `Add “Longest option”` or `Add a person`.
    pub async fn add_by_button(&self, button: &str) -> Result<()> {
        self.go("#/models").await?;
        let before = self.page.count(role("button", contains("Remove "))).await?;
        self.page.click(role("button", button)).await?;
        self.page
            .poll("another participant", async || {
                let now = self.page.count(role("button", contains("Remove "))).await?;
                Ok((before < now).then_some(()))
            })
            .await
    }

    /// Sets how many calls to one model may be under way at the same time.
    pub async fn set_in_flight(&self, n: u32) -> Result<()> {
        self.go("#/run").await?;
        if !self.page.shows("#in-flight").await? {
            self.page.click(text("More settings")).await?;
        }
        self.page.fill("#in-flight", &n.to_string()).await?;
        self.page.press("Tab").await
    }

    /// Starts the run that was planned.
    pub async fn start_run(&self) -> Result<()> {
        self.go("#/run").await?;
        self.page.click(role("button", "Start the run")).await?;
        self.page.wait_for(".lane").await
    }

    /// Waits until every question of the run has ended.
    pub async fn wait_finished(&self) -> Result<()> {
        self.page.wait_text("Finished: every question has ended").await
    }

    /// Goes from the run to its results.
    pub async fn see_results(&self) -> Result<()> {
        self.page.click(role("link", "See the results")).await?;
        // Answers that a rubric grades alone have figures of their own.
        self.page.wait_for("#leaderboard, #open-answers-0").await
    }

    /// Waits until all parts of the program are fetched: from then on pages open without a network.
    pub async fn wait_whole(&self) -> Result<()> {
        let is_whole = "performance.getEntriesByName('viva-whole').length > 0";
        let is_there = async || Ok((self.page.eval(is_whole).await? == true).then_some(()));
        self.page.poll("all parts of the program", is_there).await
    }

    /// Opens files of results, and waits until so many participants are compared.
    pub async fn open_results(&self, files: &[&Path], n_participants: usize) -> Result<()> {
        self.go("#/results").await?;
        self.page.set_files("main input[type=file]", files).await?;
        let rows = css("#leaderboard tbody tr");
        self.page
            .poll(&format!("{n_participants} participants in the leaderboard"), async || {
                Ok((self.page.count(&rows).await? == n_participants).then_some(()))
            })
            .await
    }

    /// The leaderboard.
    pub async fn standings(&self) -> Result<Vec<Standing>> {
        let rows = self.cells("#leaderboard tbody tr").await?;
        rows.into_iter()
            .map(|cells| match <[String; 6]>::try_from(cells) {
                Ok([model, class, accuracy, interval, outcomes, otherwise]) => {
                    Ok(Standing { model, class, accuracy, interval, outcomes, otherwise })
                }
                Err(cells) => {
                    Err(Error::new(format!("the leaderboard has other columns: {cells:?}")))
                }
            })
            .collect()
    }

    /// The table of pairs.
    pub async fn pairs(&self) -> Result<Vec<PairLine>> {
        let titles = self
            .page
            .eval("[...document.querySelectorAll('#pairs tbody td[title]')].map(one => one.title)");
        let titles = titles.await?;
        let rows = self.cells("#pairs tbody tr").await?;
        rows.into_iter()
            .enumerate()
            .map(|(row, cells)| match <[String; 6]>::try_from(cells) {
                Ok([pair, verdict, difference, interval, p, table]) => {
                    let exact_p = titles[row].as_str().unwrap_or_default().to_owned();
                    Ok(PairLine { pair, verdict, difference, interval, p, exact_p, table })
                }
                Err(cells) => Err(Error::new(format!("the pairs have other columns: {cells:?}"))),
            })
            .collect()
    }

    /// The texts of all cells of these rows; of a list, what is chosen.
    pub async fn cells(&self, rows: &str) -> Result<Vec<Vec<String>>> {
        let read = format!(
            "[...document.querySelectorAll({})].map(row => [...row.cells].map(cell =>
                (cell.querySelector('select')?.selectedOptions[0]?.text ?? cell.innerText).trim()))",
            serde_json::Value::from(rows)
        );
        Ok(serde_json::from_value(self.page.eval(&read).await?)?)
    }
}
