//! Owns the report for people who were not there: one HTML file that holds all it shows and loads nothing.
//!
//! The file is written through [`Html`], which lets text in only escaped. It has no scripts, and its policy allows none.

use std::fmt::Write;

use super::conclusion::{Sentence, Topic, conclusion};
use super::figure::{Figure, Twin, Value};
use super::gallery::Basis;
use super::grid::Grid;
use super::methods::{Audit, Paragraph, audit, methods};
use super::open_report::{has_outcomes, open_report};
use super::rule::Unanswered;
use super::share::Head;
use super::svg::{self, escaped};
use super::wording;
use crate::run::Journal;

/// All that a report says.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// The question that was asked of the examination, in the person's words; empty for none.
    pub question: String,
    /// Who was examined.
    pub systems: Twin,
    /// What can be concluded.
    pub conclusions: Vec<Sentence>,
    /// Pictures and tables, what is dangerous first.
    pub figures: Vec<Figure>,
    /// What was done.
    pub methods: Vec<Paragraph>,
    /// What lets others check it.
    pub audit: Vec<Audit>,
    /// For professionals: where the report answers the topics of TRIPOD-LLM that apply.
    pub reporting: Twin,
}

impl Document {
    /// The report of a grid. `journals` are those that it was made from.
    pub fn of(grid: &Grid, journals: &[&Journal], rule: Unanswered, title: &str) -> Self {
        let basis = Basis::of(grid, rule);
        let figures = figures(grid, journals, &basis);
        Self::with(grid, journals, &basis, title, figures)
    }

    /// The report with the [figures](Basis::draw) of a grid, which take long to draw: a page does so step by step.
    pub fn with(
        grid: &Grid,
        journals: &[&Journal],
        basis: &Basis,
        title: &str,
        figures: Vec<Figure>,
    ) -> Self {
        let (standings, pairs) = (&basis.standings, &basis.pairs);
        let open = open_report(journals);
        let has_outcomes = has_outcomes(grid, journals);
        let mut systems = Twin::with(&["System", "Kind", "Questions asked"]);
        for standing in standings {
            systems.row(vec![
                Value::text(&standing.name),
                Value::text(wording::class(standing.class)),
                Value::Count(if has_outcomes {
                    standing.tally.asked()
                } else {
                    grid.trials_of(standing.model).flatten().count()
                }),
            ]);
        }
        let mut methods = methods(grid, journals, (standings, pairs), basis.rule);
        let mut conclusions = conclusion(grid, basis);
        let mut figures = figures;
        if !has_outcomes {
            figures.clear();
            // What is graded by criteria is neither right nor wrong.
            methods.retain(|one| !matches!(one.heading, "Scoring" | "Statistics"));
            conclusions.retain(|one| one.topic == Topic::Limits || open.sentences.is_empty());
        }
        figures.extend(open.figures);
        methods.extend(open.methods);
        let sentence = |text| Sentence { topic: Topic::OpenAnswers, text };
        conclusions.extend(open.sentences.into_iter().map(sentence));
        Self {
            title: title.to_owned(),
            question: String::new(),
            systems,
            conclusions,
            figures: figures.into_iter().map(for_paper).collect(),
            methods,
            audit: audit(grid, journals),
            reporting: reporting(),
        }
    }

    /// The same of a result that came in a link: what was done is not in it, and nothing can be checked.
    #[must_use]
    pub fn as_claim(self, head: &Head) -> Self {
        let mut document = Self { title: wording::name(&head.title), ..self };
        let dates = head.dates.as_ref().map_or_else(String::new, |(first, last)| {
            format!(" It names {} to {} as its days.", wording::name(first), wording::name(last))
        });
        let sets: Vec<String> = head
            .datasets
            .iter()
            .map(|set| {
                let [id, version, fingerprint] =
                    [&set.id, &set.version, &set.fingerprint].map(|one| wording::name(one));
                format!("{id} {version}, SHA-256 of those taken {fingerprint}")
            })
            .collect();
        let sets = if sets.is_empty() { "none named".to_owned() } else { sets.join("; ") };
        let paragraph = |heading, text: String| Paragraph { heading, text };
        document.methods = vec![
            paragraph(
                "A claim",
                format!(
                    "This result came in a link, which tells how each answer ended and nothing more. It is what somebody says: \
                     the answers themselves are not in it, so that their scores cannot be checked. The figures were computed \
                     anew from it.{dates}"
                ),
            ),
            paragraph("Questions", format!("As the link names them: {sets}.")),
        ];
        document.audit.clear();
        document
    }

    /// The audit trail as a table.
    pub fn audit_table(&self) -> Twin {
        let mut table = Twin::with(&["Run", "Item", "Value"]);
        for run in &self.audit {
            let dates = run.dates.as_ref();
            let dates =
                dates.map_or_else(String::new, |(first, last)| format!("{first} to {last}"));
            let chain = run.broken_at.map_or_else(
                || "whole".to_owned(),
                |seq| format!("does not hold from entry {seq} on: changed after the run"),
            );
            for (name, value) in [
                ("id", run.run_id.as_str()),
                ("dates (UTC)", &dates),
                ("program", &run.app_version),
                ("entries", &wording::count(run.n_entries)),
                ("SHA-256 of the plan", &run.plan_hash),
                ("SHA-256 of the last entry", &run.last_hash),
                ("chain", &chain),
            ] {
                table.row(vec![Value::text(&run.title), Value::text(name), Value::text(value)]);
            }
        }
        table
    }

    /// As one HTML file in English. `css` are the page's own rules for text, tables and [`super::figure::Look`]s.
    pub fn html(&self, css: &str) -> String {
        let mut html = Html::default();
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
        html.raw(
            "style-src 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
        );
        html.element("title", &self.title);
        html.raw("<style>");
        html.0.push_str(&svg::style(css));
        html.raw("</style>\n</head>\n<body class=\"report\">\n<main>\n");
        html.element("h1", &self.title);
        if !self.question.is_empty() {
            html.section("What was asked", |html| html.element("p", &self.question));
        }
        html.section("Who was examined", |html| html.table("", &self.systems));
        html.section("What can be concluded", |html| {
            html.raw("<ul>\n");
            let found = self.conclusions.iter().filter(|one| one.topic != Topic::Limits);
            found.for_each(|one| html.element("li", &one.text));
            html.raw("</ul>\n");
        });
        for figure in &self.figures {
            html.section(&figure.title, |html| html.figure(figure));
        }
        html.section("What this does not show", |html| {
            let limits = self.conclusions.iter().filter(|one| one.topic == Topic::Limits);
            limits.for_each(|one| html.element("p", &one.text));
        });
        html.section("How it was done", |html| {
            for paragraph in &self.methods {
                html.element("h3", paragraph.heading);
                html.element("p", &paragraph.text);
            }
        });
        if !self.audit.is_empty() {
            html.section("Audit trail", |html| html.table(AUDIT, &self.audit_table()));
        }
        html.section("For professionals", |html| html.table(REPORTING, &self.reporting));
        html.raw("</main>\n</body>\n</html>\n");
        html.0
    }
}

/// What a chain of hashes shows, and what it does not.
pub const AUDIT: &str = "Each entry of a run’s record is hashed together with the one before it. The chain shows damage and careless \
                     edits; it is no signature.";

/// What the table of topics is.
pub const REPORTING: &str = "The topics of TRIPOD-LLM (Gallifant and others, Nature Medicine 2025) that apply to an examination of \
                         finished models, and where this report answers them. What only the people behind it know is left to \
                         them. This is not the checklist itself: fill that in for a publication.";

fn reporting() -> Twin {
    let mut table = Twin::with(&["Topic", "Where"]);
    for (topic, place) in [
        ("Title and objectives", "title, “What was asked”"),
        (
            "Data: source, size, dates, selection",
            "“How it was done”: questions; fingerprints there",
        ),
        ("Models: name, version, access, settings", "“How it was done”: systems"),
        ("Prompting", "“How it was done”: asking; exact texts in the run’s file"),
        ("Outcomes and how they are scored", "“How it was done”: scoring"),
        (
            "Annotation and assessment by people",
            "none, unless the plan names people as participants",
        ),
        (
            "Missing answers",
            "“How the answers ended”, departures, and both rules in “Who did better”",
        ),
        (
            "Analysis, sample size, uncertainty",
            "“How it was done”: statistics; “Would more questions tell?”",
        ),
        ("Performance, by group", "“Who did better”, “Model against model”, “By category”"),
        (
            "Robustness and repeats",
            "“When the questions are changed”, “From one repeat to the next”, where asked",
        ),
        ("Limitations", "“What this does not show”, and the text under each figure"),
        ("Open science: protocol, data, code", "the run’s file and its hashes in the audit trail"),
        (
            "Ethics, funding, interests, involvement of the public",
            "to be told by the people behind the report",
        ),
    ] {
        table.row(vec![Value::text(topic), Value::text(place)]);
    }
    table
}

/// Rows of a table that a report has at most: a list of questions goes on for pages otherwise.
const MAX_ROWS: usize = 20;

fn for_paper(mut figure: Figure) -> Figure {
    let n_rows = figure.table.rows.len();
    if MAX_ROWS < n_rows {
        figure.table.rows.truncate(MAX_ROWS);
        let _ = write!(
            figure.caption,
            " The table has the first {MAX_ROWS} of {} rows; the page of results has all.",
            wording::count(n_rows)
        );
    }
    figure
}

/// The figures of the page, in its order.
fn figures(grid: &Grid, journals: &[&Journal], basis: &Basis) -> Vec<Figure> {
    let plates = basis.plates(grid, journals).into_iter();
    plates.flat_map(|plate| basis.draw(grid, journals, plate)).collect()
}

/// HTML under way.
#[derive(Default)]
struct Html(String);

impl Html {
    /// Text of this file, known when it was compiled.
    fn raw(&mut self, text: &'static str) {
        self.0.push_str(text);
    }

    /// An element with text of any origin.
    fn element(&mut self, name: &'static str, text: &str) {
        let _ = writeln!(self.0, "<{name}>{}</{name}>", escaped(text));
    }

    fn section(&mut self, heading: &str, inside: impl FnOnce(&mut Self)) {
        self.raw("<section>\n");
        self.element("h2", heading);
        inside(self);
        self.raw("</section>\n");
    }

    fn figure(&mut self, figure: &Figure) {
        self.raw("<figure>\n");
        let picture = &figure.picture;
        if !picture.shapes.is_empty() {
            self.0.push_str(&svg::element(picture, &figure.title, &figure.caption, None));
        }
        self.element("figcaption", &figure.caption);
        self.raw("</figure>\n");
        self.table("", &figure.table);
    }

    fn table(&mut self, caption: &str, table: &Twin) {
        self.raw("<table>\n");
        if !caption.is_empty() {
            self.element("caption", caption);
        }
        self.raw("<thead><tr>\n");
        for header in &table.headers {
            let _ = writeln!(self.0, "<th scope=\"col\">{}</th>", escaped(header));
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.raw("<tr>");
            for (idx, cell) in row.iter().enumerate() {
                let text = escaped(&cell.shown());
                let _ = match (idx, cell.is_number()) {
                    (0, _) => write!(self.0, "<th scope=\"row\">{text}</th>"),
                    (_, true) => write!(self.0, "<td class=\"number\">{text}</td>"),
                    (_, false) => write!(self.0, "<td>{text}</td>"),
                };
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::run::fixture::journal;

    const HOSTILE: &str =
        "<img src=x onerror=alert(1)>\"'&</table></style><script>1</script>\u{202e}";

    #[test]
    fn a_report_holds_all_it_shows_and_runs_and_loads_nothing() {
        let general = Class::GeneralPurpose;
        let mut run = journal(
            "a",
            &[(HOSTILE, general, &["cicc", "cccc"]), ("n", Class::Clinical, &["iici", "ciii"])],
        );
        run.plan.title = HOSTILE.to_owned();
        for item in &mut run.plan.items {
            item.category = format!("{HOSTILE}{}", item.category);
            item.tags.push("dosing".to_owned());
        }
        let grid = Grid::of(&run);
        let mut document = Document::of(&grid, &[&run], Unanswered::CountedWrong, HOSTILE);
        document.question = HOSTILE.to_owned();
        let html = document.html("body{}</style><script>");
        for word in ["<script", "<img", "\u{202e}", "src=\"", "href=", "url("] {
            assert!(!html.contains(word), "{word}");
        }
        assert_eq!(html.matches("<table>").count(), html.matches("</table>").count());
        assert_eq!(html.matches("<style>").count(), html.matches("</style>").count());
        assert_eq!(html.matches("<section>").count(), html.matches("</section>").count());
        assert!(html.contains("default-src 'none'"));
        assert!(html.contains("no clinical validation and no medical advice"));
        // Dangerous errors first.
        assert_eq!(document.figures[0].id, "dangers");
        assert!(document.figures.iter().any(|figure| figure.id == "repeats"));
    }

    /// The texts that the end-to-end test puts everywhere, in the files that leave the page.
    #[test]
    fn sixty_hostile_texts_stay_texts_in_report_and_pictures() {
        let texts: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../tests/data/hostile_texts.json")).unwrap();
        assert!(60 <= texts.len());
        for text in texts.iter().filter(|text| text.get("repeat").is_none()) {
            let text = text["text"].as_str().unwrap();
            let mut run = journal(
                "a",
                &[(text, Class::GeneralPurpose, &["cic"]), ("n", Class::Clinical, &["iic"])],
            );
            run.plan.title = text.to_owned();
            for item in &mut run.plan.items {
                item.category = format!("{} {text}", item.category);
                item.question = text.to_owned();
            }
            let grid = Grid::of(&run);
            let mut document = Document::of(&grid, &[&run], Unanswered::CountedWrong, text);
            document.question = text.to_owned();
            let mut files = vec![document.html("body{}")];
            files.extend(document.figures.iter().map(|figure| svg::file(figure, "body{}")));
            for file in files {
                // Each tag is one of ours, and no attribute of ours fetches or runs anything.
                for tag in file.split('<').skip(1) {
                    let tag = tag.split('>').next().unwrap();
                    let is_ours =
                        !tag.contains(" on") && !tag.contains("href") && !tag.contains("src=");
                    let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
                    let is_known = ![
                        "script",
                        "img",
                        "iframe",
                        "object",
                        "embed",
                        "base",
                        "form",
                        "link",
                        "video",
                        "audio",
                        "a",
                        "input",
                        "use",
                        "image",
                        "animate",
                        "template",
                        "math",
                        "marquee",
                        "body onload",
                    ]
                    .contains(&name);
                    assert!(is_ours && is_known, "{text:?} became {tag:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_there_has_no_section() {
        let run = journal("a", &[("m", Class::Clinical, &["ci"])]);
        let document = Document::of(&Grid::of(&run), &[&run], Unanswered::SetAside, "One model");
        let ids: Vec<&str> = document.figures.iter().map(|figure| figure.id.as_str()).collect();
        assert_eq!(ids, ["leaderboard", "outcomes", "categories"]);
    }
}
