//! Owns a class as a run: recorded models and students are its participants, so that all figures are those of any run.

use super::gather::Hall;
use super::paper::{Recorded, Witness};
use crate::dataset::{self, Item};
use crate::people::exam::record::{entry_of, unsealed};
use crate::prompt::Prompting;
use crate::provider::{Class, Completion, ModelSpec, Seat};
use crate::report::{Comparison, State};
use crate::run::chain::seal;
use crate::run::{Attempt, AttemptResult, Body, Journal, Plan, PlannedDataset, TrialId};
use crate::score::Outcome;

/// Longest text of a model's answer that is revealed, in characters.
const MAX_TEXT: usize = 400;

/// What recorded models answered to these items, from runs that are at hand. Of repeats the first is taken that has ended.
pub fn witnesses(items: &[Item], journals: &[&Journal]) -> Vec<Witness> {
    let asked = asked(items);
    let all: Vec<&Journal> = std::iter::once(&asked).chain(journals.iter().copied()).collect();
    let grid = Comparison::of(&all).grid;
    let mut found = vec![];
    for (model, participant) in grid.models.iter().enumerate().filter(|(_, p)| p.run != 0) {
        let Some(journal) = all.get(participant.run) else { continue };
        // The first rows of the grid are the items of the first journal, in their order.
        let answers: Vec<Option<Recorded>> = (0..items.len().min(grid.items.len()))
            .map(|item| {
                let cell = grid
                    .trials(model, item)
                    .iter()
                    .find(|cell| matches!(cell.state, State::Ended(_)))?;
                let State::Ended(outcome) = cell.state else { return None };
                let text = cell.completion(journal).map(|completion| completion.text.as_str());
                let text = if cell.choice.is_some() { "" } else { text.unwrap_or_default() };
                let text = text.trim().chars().take(MAX_TEXT).collect();
                Some(Recorded { outcome, choice: cell.choice, text })
            })
            .collect();
        if answers.iter().any(Option::is_some) {
            found.push(Witness {
                name: participant.name.clone(),
                class: participant.class,
                answers,
            });
        }
    }
    found
}

/// A run of these items that nobody was asked.
fn asked(items: &[Item]) -> Journal {
    let plan = plan_of("asked", "", items, vec![]);
    Journal { plan, entries: vec![] }
}

fn plan_of(run_id: &str, title: &str, items: &[Item], models: Vec<ModelSpec>) -> Plan {
    Plan {
        run_id: run_id.to_owned(),
        title: title.to_owned(),
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        datasets: vec![PlannedDataset {
            id: run_id.to_owned(),
            title: title.to_owned(),
            version: String::new(),
            licence: String::new(),
            fingerprint: dataset::fingerprint(items),
            n_available: items.len(),
            n_sampled: items.len(),
            seed: None,
            selection: None,
            variants: vec![],
            do_not_show: false,
        }],
        items: items.to_vec(),
        assigned: vec![None; models.len()],
        models,
        n_repeats: 1,
        prompting: Prompting::default(),
        budget: None,
        judging: None,
    }
}

/// The class as a run: models first, then students in the order in which they handed in.
pub fn journal(
    run_id: &str,
    title: &str,
    items: &[Item],
    models: &[Witness],
    hall: &Hall,
) -> Journal {
    let mut specs: Vec<ModelSpec> = models
        .iter()
        .map(|model| ModelSpec::new(&model.name, model.class, Seat::Recorded))
        .collect();
    let is_model = |name: &str| models.iter().any(|model| model.name == name);
    specs.extend(hall.taken.iter().map(|taken| {
        let name = &taken.name;
        let name = if is_model(name) { format!("{name} (student)") } else { name.clone() };
        ModelSpec::new(&name, Class::Person, Seat::Person)
    }));
    let mut entries = vec![];
    for (model, witness) in (0..).zip(models) {
        for (item, recorded) in (0..).zip(&witness.answers) {
            let Some(recorded) = recorded else { continue };
            let trial = TrialId { model, item, repeat: 0 };
            let result = result_of(recorded);
            let attempt = Attempt { trial, n: 1, took_millis: 0, result, cost: None, reused: None };
            entries.push(unsealed(0, Body::Attempt(attempt)));
        }
    }
    let n_models = u16::try_from(models.len()).unwrap_or(u16::MAX);
    for (student, taken) in (n_models..).zip(&hall.taken) {
        let given = taken.hand_in.answers.iter().enumerate();
        let given = given.filter_map(|(idx, given)| Some((idx, given.as_ref()?)));
        entries.extend(given.map(|(idx, given)| entry_of(student, idx, given)));
    }
    // What was not reached stays unasked.
    let at_millis = hall.taken.iter().map(|taken| taken.at_millis).max().unwrap_or(0);
    entries.push(unsealed(at_millis, Body::Cancelled));
    let mut journal = Journal { plan: plan_of(run_id, title, items, specs), entries };
    seal(&mut journal);
    journal
}

fn result_of(recorded: &Recorded) -> AttemptResult {
    let text = match recorded.choice {
        Some(idx) => format!("Answer: {}", crate::dataset::Choice::letter(idx)),
        None => recorded.text.clone(),
    };
    let completion = Completion { text, ..Completion::default() };
    let choice = recorded.choice;
    match recorded.outcome {
        // A model that gave no answer at all has none to be told.
        Outcome::Failed => {
            AttemptResult::Recorded { completion, choice: None, outcome: Outcome::Failed }
        }
        outcome => AttemptResult::Recorded { completion, choice, outcome },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::class::code::HandIn;
    use crate::people::class::gather::Taken;
    use crate::people::exam::{Answer, Given};
    use crate::report::{Grid, Opened, Unanswered, leaderboard, open};
    use crate::run::fixture;

    #[test]
    fn models_and_students_stand_in_one_run_that_can_be_opened_again() {
        let models = fixture::journal("m", &[("GPT", Class::GeneralPurpose, &["ci-"])]);
        let items = models.plan.items.clone();
        let found = witnesses(&items, &[&models]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].answers[1].as_ref().unwrap().choice, Some(2));
        assert_eq!(found[0].answers[2], None);
        let given = |option| {
            Some(Given {
                answer: Answer::One(option),
                confidence: None,
                took_millis: 3_000,
                at_millis: 8,
            })
        };
        let taken = |name: &str, answers| Taken {
            code: String::new(),
            hand_in: HandIn { sitting: [0; 6], name: name.to_owned(), answers },
            name: name.to_owned(),
            at_millis: 8,
        };
        let hall = Hall {
            taken: vec![
                taken("Ana", vec![given(1), given(1), None]),
                taken("GPT", vec![given(0), given(1), given(1)]),
            ],
        };
        let journal = journal("class-1", "Class", &items, &found, &hall);
        let text = crate::report::export::run_json(&journal, "0");
        let Opened::Run { journal: again, broken: None } = open("x.json", text.as_bytes()).unwrap()
        else {
            panic!("not a whole run")
        };
        assert_eq!(again, journal);
        let board = leaderboard(&Grid::of(&journal), Unanswered::CountedWrong);
        let line = |name: &str| {
            let row = board.iter().find(|row| row.name == name).unwrap();
            (row.tally.correct, row.tally.incorrect, row.tally.not_asked)
        };
        assert_eq!(line("GPT"), (1, 1, 1));
        assert_eq!(line("Ana"), (2, 0, 1));
        assert_eq!(line("GPT (student)"), (2, 1, 0));
    }
}
