//! Owns the exact call behind an answer, and what came back, for whoever wants to see it.

use super::grid::Grid;
use crate::provider::{HttpRequest, Seat, capability};
use crate::run::{AttemptResult, Body, Journal, Plan, preview};

/// A call and what is kept of its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The call, without the key, which no record holds; `None` where nothing was sent from here.
    pub request: Option<HttpRequest>,
    /// The call's body, laid out for reading.
    pub body: Option<String>,
    /// What is kept of the reply: text, reasoning, why it ended, tokens and the model that answered, or the failure; as JSON,
    /// laid out for reading.
    pub reply: Option<String>,
}

/// The exchange that decided a trial. The call is made again by the functions that made it then, with the settings left out
/// that the model had refused by that time. `journals` are those that the grid was made from; indices are those of
/// [`Grid::models`] and [`Grid::items`].
pub fn exchange(
    grid: &Grid,
    journals: &[&Journal],
    (model, row): (usize, usize),
    repeat: usize,
) -> Option<Exchange> {
    let participant = grid.models.get(model)?;
    let journal = journals.get(participant.run)?;
    grid.items.get(row)?;
    let cell = grid.trials(model, row).get(repeat)?;
    let entry_idx = cell.entry?;
    let Body::Attempt(attempt) = &journal.entries.get(entry_idx)?.body else { return None };
    let mut plan_of_one =
        journal.plan.clone_for_one(participant.model, attempt.trial.item as usize)?;
    adapt(&mut plan_of_one, journal, (participant.model, entry_idx));
    let look = preview(&plan_of_one, 0, 0)?;
    let reply = match &attempt.result {
        AttemptResult::Answered(completion) | AttemptResult::Recorded { completion, .. } => {
            serde_json::to_string_pretty(completion)
        }
        AttemptResult::WillRetry { failure } | AttemptResult::GaveUp { failure } => {
            serde_json::to_string_pretty(failure)
        }
    };
    Some(Exchange { body: look.body(), request: look.request, reply: reply.ok() })
}

/// Leaves out what the model had refused before this entry.
fn adapt(plan: &mut Plan, journal: &Journal, (of, entry_idx): (usize, usize)) {
    let Some(Seat::Api(endpoint)) = plan.models.first_mut().map(|model| &mut model.seat) else {
        return;
    };
    for entry in journal.entries.iter().take(entry_idx) {
        if let Body::Adapted { model, setting, message } = &entry.body
            && usize::from(*model) == of
        {
            *endpoint = capability::without(endpoint, *setting, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Class, Setting};
    use crate::run::Entry;
    use crate::run::fixture::journal;

    #[test]
    fn the_call_is_the_one_that_was_made_without_what_was_refused() {
        let mut run = journal("a", &[("m", Class::Clinical, &["cf-"])]);
        let grid = Grid::of(&run);
        let found = exchange(&grid, &[&run], (0, 0), 0).unwrap();
        let body = found.body.unwrap();
        assert!(body.contains("Which one is it in q0?") && body.contains("temperature"), "{body}");
        assert!(found.request.unwrap().url.starts_with("https://api.example.org/"));
        assert!(found.reply.unwrap().contains("\"text\""));
        let failed = exchange(&grid, &[&run], (0, 1), 0).unwrap();
        assert!(failed.reply.is_some());
        assert_eq!(exchange(&grid, &[&run], (0, 2), 0), None);
        assert_eq!(exchange(&grid, &[&run], (7, 0), 0), None);
        run.entries.insert(
            0,
            Entry {
                body: Body::Adapted {
                    model: 0,
                    setting: Setting::Temperature,
                    message: "no".to_owned(),
                },
                ..run.entries[0].clone()
            },
        );
        let grid = Grid::of(&run);
        let body = exchange(&grid, &[&run], (0, 0), 0).unwrap().body.unwrap();
        assert!(!body.contains("temperature"), "{body}");
    }
}
