//! Owns the section on methods: what was done, in sentences made from the plan, the journal and the figures, so that none can
//! say what was not so.

use std::collections::BTreeSet;

use super::grid::Grid;
use super::pairs::{Detail, Pair};
use super::ranking::RESAMPLING;
use super::rule::{Tally, Unanswered};
use super::{Standing, wording};
use crate::dataset::civil_date;
use crate::provider::{ModelSpec, Seat};
use crate::run::chain::{plan_hash, verify};
use crate::run::{AttemptResult, Body, Journal, PlanRecord, PlannedDataset};

/// A paragraph under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// One word or two.
    pub heading: &'static str,
    /// Plain sentences.
    pub text: String,
}

/// What was done. `journals` are those that the grid was made from, in its order; `standings` and `pairs` those that are
/// shown, under the rule.
pub fn methods(
    grid: &Grid,
    journals: &[&Journal],
    (standings, pairs): (&[Standing], &[Pair]),
    rule: Unanswered,
) -> Vec<Paragraph> {
    let paragraph = |heading, sentences: Vec<String>| Paragraph {
        heading,
        text: sentences.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
    };
    let used = used(grid, journals);
    vec![
        paragraph("Questions", questions(grid, &used)),
        paragraph("Systems", systems(grid, journals)),
        paragraph("Asking", asking(&used)),
        paragraph("Scoring", scoring(&used, rule)),
        paragraph("Statistics", statistics(grid, pairs)),
        paragraph("Departures", departures(&used, standings)),
        paragraph("Software", software(&used)),
    ]
}

/// The journals that a model of the grid comes from, each once.
fn used<'a>(grid: &Grid, journals: &[&'a Journal]) -> Vec<&'a Journal> {
    let runs: BTreeSet<usize> = grid.models.iter().map(|model| model.run).collect();
    runs.into_iter().filter_map(|run| journals.get(run).copied()).collect()
}

fn questions(grid: &Grid, used: &[&Journal]) -> Vec<String> {
    let mut sentences = vec![format!(
        "Figures are computed from {}.",
        wording::counted(grid.n_counted(), "question", "questions")
    )];
    let mut told: Vec<&PlannedDataset> = Vec::new();
    for set in used.iter().flat_map(|journal| &journal.plan.datasets) {
        if !told.contains(&set) {
            sentences.push(dataset(set));
            told.push(set);
        }
    }
    sentences
}

fn dataset(set: &PlannedDataset) -> String {
    let version =
        if set.version.is_empty() { String::new() } else { format!(", version {}", set.version) };
    let licence =
        if set.licence.is_empty() { String::new() } else { format!(", licence {}", set.licence) };
    let taken = if set.n_sampled == set.n_available {
        format!("all {}", wording::counted(set.n_available, "question", "questions"))
    } else {
        let seed = set.seed.map_or_else(String::new, |seed| format!(", drawn with seed {seed}"));
        format!(
            "{} of {}{seed}",
            wording::count(set.n_sampled),
            wording::counted(set.n_available, "question", "questions")
        )
    };
    let variants: Vec<String> = set
        .variants
        .iter()
        .map(|added| {
            let without = if added.n_items_without == 0 {
                String::new()
            } else {
                format!("; none could be made of {}", wording::count(added.n_items_without))
            };
            format!("{} ({}{without})", added.family.title(), wording::count(added.n_made))
        })
        .collect();
    let variants = if variants.is_empty() {
        String::new()
    } else {
        format!(" Changed forms were asked besides: {}.", variants.join("; "))
    };
    format!(
        "{}{version}{licence}: {taken}; SHA-256 of those taken {}.{variants}",
        set.title, set.fingerprint
    )
}

fn systems(grid: &Grid, journals: &[&Journal]) -> Vec<String> {
    grid.models
        .iter()
        .enumerate()
        .filter_map(|(idx, model)| {
            let journal = journals.get(model.run)?;
            let spec = journal.plan.models.get(model.model)?;
            let answered: Vec<String> = answered_by(grid, journal, idx).into_iter().collect();
            let answered = if answered.is_empty() {
                String::new()
            } else {
                format!("; answers came from {}", answered.join(", "))
            };
            let class = wording::class(model.class);
            Some(format!("{} ({class}): {}{answered}.", model.name, seat(spec)))
        })
        .collect()
}

fn seat(spec: &ModelSpec) -> String {
    match &spec.seat {
        Seat::Api(endpoint) => {
            let told = endpoint.settings.told();
            let settings = if told.is_empty() {
                "settings left to the provider".to_owned()
            } else {
                told.join(", ")
            };
            let withheld: Vec<&str> =
                endpoint.withheld.iter().map(|one| one.reason.as_str()).collect();
            let withheld = if withheld.is_empty() {
                String::new()
            } else {
                format!("; not sent: {}", withheld.join(" ").trim_end_matches('.'))
            };
            format!("{} at {}, {settings}{withheld}", endpoint.model, endpoint.base_url)
        }
        Seat::BrowserModel => {
            "the browser’s own model, whose version nobody tells; its answers cannot be reproduced"
                .to_owned()
        }
        Seat::Baseline { seed, .. } => {
            format!("a rule without knowledge, computed in the page with seed {seed}")
        }
        Seat::Person => "a person who answered in the page".to_owned(),
        Seat::Paste => "a system to which a person carried prompts by copy and paste".to_owned(),
        Seat::Recorded => {
            "answers recorded by another program, with the settings that program used".to_owned()
        }
    }
}

/// The model ids that the provider told with the answers that count.
pub fn answered_by(grid: &Grid, journal: &Journal, model: usize) -> BTreeSet<String> {
    grid.trials_of(model)
        .flatten()
        .filter_map(|cell| cell.completion(journal)?.answered_by.clone())
        .collect()
}

fn asking(used: &[&Journal]) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for journal in used {
        let plan = &journal.plan;
        if plan.models.iter().all(|model| model.seat == Seat::Recorded) {
            sentences
                .push(format!("{}: not asked here; answers were read from a file.", plan.title));
            continue;
        }
        let prompting = &plan.prompting;
        let shots = match prompting.shots.len() {
            0 => "no examples".to_owned(),
            n => {
                let seed = prompting.shots_seed.map(|seed| format!(" drawn with seed {seed}"));
                let seed = seed.unwrap_or_default();
                format!("{}{seed}", wording::counted(n, "example", "examples"))
            }
        };
        let system = if prompting.system.is_some() {
            "a standing instruction"
        } else {
            "no standing instruction"
        };
        let repeats = match plan.n_repeats {
            0 | 1 => "each question once".to_owned(),
            n => format!("each question {n} times"),
        };
        let dates = dates(journal).map_or_else(String::new, |(first, last)| {
            if first == last {
                format!(", on {first}")
            } else {
                format!(", from {first} to {last}")
            }
        });
        sentences.push(format!(
            "{}: template {}, {system}, {shots}, {repeats}{dates}.",
            plan.title,
            prompting.name()
        ));
    }
    sentences
}

/// The first and the last day on which something happened, in UTC.
pub fn dates(journal: &Journal) -> Option<(String, String)> {
    let times = || journal.entries.iter().map(|entry| entry.at_millis).filter(|at| *at > 0);
    let day = |millis: u64| civil_date(i64::try_from(millis / 86_400_000).unwrap_or_default());
    Some((day(times().min()?), day(times().max()?)))
}

fn scoring(used: &[&Journal], rule: Unanswered) -> Vec<String> {
    let is_recorded = |journal: &&Journal| {
        let mut entries = journal.entries.iter();
        entries.any(|entry| match &entry.body {
            Body::Attempt(attempt) => matches!(attempt.result, AttemptResult::Recorded { .. }),
            _ => false,
        })
    };
    let recorded: Vec<String> =
        used.iter().filter(|journal| is_recorded(journal)).map(|j| j.plan.title.clone()).collect();
    let mut sentences = vec![
        "An answer is right or wrong only where one final choice can be read from it by rule; refusals, unreadable, cut-off \
         and failed answers are outcomes of their own."
            .to_owned(),
    ];
    if !recorded.is_empty() {
        let sets = wording::list(&recorded);
        sentences
            .push(format!("The scores of {sets} are those of the program that recorded them."));
    }
    sentences.push(match rule {
        Unanswered::CountedWrong => {
            "In the figures shown, such answers count as wrong; the leaderboard has the other rule beside it.".to_owned()
        }
        Unanswered::SetAside => {
            "In the figures shown, such answers are set aside; the leaderboard has the other rule beside it.".to_owned()
        }
    });
    sentences.push("Questions not asked or not scored are left out under both rules.".to_owned());
    sentences
}

fn statistics(grid: &Grid, pairs: &[Pair]) -> Vec<String> {
    let mut sentences = Vec::new();
    sentences.push(if grid.n_repeats == 1 {
        "Shares right have Wilson’s 95 % interval.".to_owned()
    } else {
        "Shares right have Wilson’s 95 % interval with the effective number of answers, questions being the clusters (Korn and \
         Graubard 1998; Dean and Pagano 2015)."
            .to_owned()
    });
    if pairs.is_empty() {
        return sentences;
    }
    let n = wording::counted(pairs.len(), "pair", "pairs");
    let is_once = pairs.iter().any(|pair| matches!(pair.detail, Detail::Once { .. }));
    sentences.push(if is_once {
        "Models are compared in pairs on the questions that both have: the difference of their shares with Newcombe’s 95 % \
         interval for paired data (1998, method 10), and McNemar’s exact test."
            .to_owned()
    } else {
        let is_exact =
            pairs.iter().all(|pair| matches!(pair.detail, Detail::Repeated { exact: true, .. }));
        let counted = if is_exact { "all patterns counted" } else { "or its normal approximation" };
        format!(
            "Models are compared in pairs on the questions that both have: the mean over questions of the difference of their \
             shares with Student’s 95 % interval, and the sign-flip test over questions, {counted}."
        )
    });
    sentences.push(format!(
        "p values are two-sided, adjusted for {n} by Holm’s method; a difference is told from chance below 0.05."
    ));
    sentences.push(format!(
        "Ranks are given with the ranges that those comparisons leave open, and from {} samples of the questions drawn anew \
         (seed {}).",
        wording::count(RESAMPLING.n_resamples),
        RESAMPLING.seed
    ));
    sentences
}

fn departures(used: &[&Journal], standings: &[Standing]) -> Vec<String> {
    let mut sentences = Vec::new();
    for journal in used {
        let (mut n_retried, mut n_paused, mut n_overruled) = (0, 0, 0);
        for entry in &journal.entries {
            match &entry.body {
                Body::Adapted { model, setting, .. } => {
                    let name = journal.plan.models.get(usize::from(*model));
                    let name = name.map_or("A model", |model| model.name.as_str());
                    sentences.push(format!(
                        "{name} refused a setting and was asked without it: {}.",
                        setting.name()
                    ));
                }
                Body::Cancelled => {
                    sentences
                        .push(format!("{} was ended before all was asked.", journal.plan.title));
                }
                Body::Retried { trials } => n_retried += trials.len(),
                Body::JudgementsRetried { judgements } => n_retried += judgements.len(),
                Body::Paused => n_paused += 1,
                Body::Overruled(_) => n_overruled += 1,
                Body::Attempt(_)
                | Body::Judgement(_)
                | Body::Resumed
                | Body::BudgetSet { .. }
                | Body::BatchSent { .. }
                | Body::BatchEnded { .. } => {}
            }
        }
        if 0 < n_retried {
            let calls = wording::counted(n_retried, "failed answer was", "failed answers were");
            sentences.push(format!("{calls} asked for anew in {}.", journal.plan.title));
        }
        if 0 < n_overruled {
            let grades = wording::counted(n_overruled, "grade was", "grades were");
            sentences.push(format!("{grades} changed by a person in {}.", journal.plan.title));
        }
        if 0 < n_paused {
            let times = wording::counted(n_paused, "time", "times");
            sentences.push(format!("{} was paused {times}.", journal.plan.title));
        }
    }
    for standing in standings {
        let Tally { not_asked, unscored, .. } = standing.tally;
        if 0 < not_asked + unscored {
            sentences.push(format!(
                "{}: {} not asked, {} not scored.",
                standing.name,
                wording::count(not_asked),
                wording::count(unscored)
            ));
        }
    }
    if sentences.is_empty() {
        sentences.push("None: all that was planned was asked and scored.".to_owned());
    }
    sentences
}

fn software(used: &[&Journal]) -> Vec<String> {
    let versions: BTreeSet<&str> =
        used.iter().map(|journal| journal.plan.app_version.as_str()).collect();
    let versions: Vec<String> = versions.into_iter().map(str::to_owned).collect();
    vec![
        format!("Viva {}.", wording::list(&versions)),
        "Everything shown is computed from the plan and the record of what happened; the same record gives the same figures on \
         any machine."
            .to_owned(),
    ]
}

/// What lets others check a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The run's name.
    pub title: String,
    /// Its id.
    pub run_id: String,
    /// First and last day, in UTC.
    pub dates: Option<(String, String)>,
    /// Version of the program that planned it.
    pub app_version: String,
    /// SHA-256 of the plan, where the chain begins.
    pub plan_hash: String,
    /// SHA-256 of the last entry, which holds for all before it.
    pub last_hash: String,
    /// Entries of the record.
    pub n_entries: usize,
    /// The first entry that does not fit the chain, if one does not.
    pub broken_at: Option<u64>,
}

/// The audit trail of each run that a model of the grid comes from.
pub fn audit(grid: &Grid, journals: &[&Journal]) -> Vec<Audit> {
    used(grid, journals)
        .into_iter()
        .map(|journal| {
            let plan_hash = plan_hash(&PlanRecord::from(&journal.plan));
            let last_hash = journal.entries.last().map(|entry| entry.hash.clone());
            Audit {
                title: journal.plan.title.clone(),
                run_id: journal.plan.run_id.clone(),
                dates: dates(journal),
                app_version: journal.plan.app_version.clone(),
                last_hash: last_hash.unwrap_or_else(|| plan_hash.clone()),
                plan_hash,
                n_entries: journal.entries.len(),
                broken_at: verify(journal).err().map(|broken| broken.seq),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Class;
    use crate::report::{leaderboard, pairs};
    use crate::run::fixture::journal;

    fn told(journal: &Journal) -> Vec<Paragraph> {
        let grid = Grid::of(journal);
        let rule = Unanswered::CountedWrong;
        let (standings, pairs) = (leaderboard(&grid, rule), pairs(&grid, rule));
        methods(&grid, &[journal], (&standings, &pairs), rule)
    }

    fn text<'a>(paragraphs: &'a [Paragraph], heading: &str) -> &'a str {
        &paragraphs.iter().find(|one| one.heading == heading).unwrap().text
    }

    #[test]
    fn numbers_seeds_and_settings_are_those_of_the_plan() {
        let general = Class::GeneralPurpose;
        let mut run = journal("a", &[("m", general, &["cic"]), ("n", Class::Clinical, &["cc-"])]);
        run.plan.datasets[0].n_available = 1_273;
        run.plan.datasets[0].seed = Some(62);
        let paragraphs = told(&run);
        let questions = text(&paragraphs, "Questions");
        assert!(questions.contains("3 of 1,273 questions, drawn with seed 62"), "{questions}");
        assert!(questions.contains(&"f".repeat(64)));
        let systems = text(&paragraphs, "Systems");
        assert!(
            systems.contains("m (general-purpose): m at https://api.example.org/v1, temperature 0.7, at most 1024 tokens"),
            "{systems}"
        );
        let asking = text(&paragraphs, "Asking");
        assert_eq!(
            asking,
            "Run a: template plain, no standing instruction, no examples, each question once, on 1970-01-01."
        );
        let statistics = text(&paragraphs, "Statistics");
        assert!(statistics.contains("exact test") && statistics.contains("1 pair by Holm"));
        assert_eq!(text(&paragraphs, "Departures"), "n: 1 not asked, 0 not scored.");
    }

    #[test]
    fn with_repeats_and_without_pairs_other_methods_are_told() {
        let run = journal("a", &[("m", Class::Clinical, &["cc", "ci"])]);
        let paragraphs = told(&run);
        let statistics = text(&paragraphs, "Statistics");
        assert!(statistics.contains("clusters") && !statistics.contains("McNemar"), "{statistics}");
        assert!(text(&paragraphs, "Asking").contains("each question 2 times"));
        assert!(text(&paragraphs, "Departures").starts_with("None"));
    }

    #[test]
    fn a_changed_record_shows_in_the_audit() {
        let mut run = journal("a", &[("m", Class::Clinical, &["cc"])]);
        let grid = Grid::of(&run);
        let whole = audit(&grid, &[&run]);
        assert_eq!((whole[0].n_entries, whole[0].broken_at), (2, None));
        assert_eq!(whole[0].last_hash, run.entries[1].hash);
        run.entries[1].at_millis += 1;
        assert_eq!(audit(&grid, &[&run])[0].broken_at, Some(2));
    }
}
