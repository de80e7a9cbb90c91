//! Checks of filters and search.

use super::*;
use crate::provider::Class;
use crate::run::Journal;
use crate::run::fixture::journal;

fn run() -> Journal {
    journal(
        "a",
        &[("a", Class::GeneralPurpose, &["cciiu--"]), ("b", Class::GeneralPurpose, &["cicirf-"])],
    )
}

#[test]
fn filters_pass_what_they_say_under_either_rule() {
    let grid = Grid::of(&run());
    let shown = |filter, rule| filtered(&grid, filter, None, rule);
    let (counted, set_aside) = (Unanswered::CountedWrong, Unanswered::SetAside);
    assert_eq!(shown(Filter::All, counted), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(shown(Filter::AllRight, counted), [0]);
    assert_eq!(shown(Filter::AllWrong, counted), [3, 4, 5]);
    assert_eq!(shown(Filter::AllWrong, set_aside), [3]);
    assert_eq!(shown(Filter::Disagreement, counted), [1, 2]);
    assert_eq!(shown(Filter::RightWrong { right: 0, wrong: 1 }, counted), [1]);
    assert_eq!(shown(Filter::RightWrong { right: 1, wrong: 0 }, set_aside), [2]);
    let refused = State::Ended(Outcome::Refused);
    assert_eq!(shown(Filter::InState { model: 1, state: refused }, counted), [4]);
    let open = State::NotAsked;
    assert_eq!(shown(Filter::InState { model: 0, state: open }, counted), [5, 6]);
    assert_eq!(filtered(&grid, Filter::All, Some(1), counted), [1, 3, 5]);
}

#[test]
fn two_different_wrong_options_are_a_disagreement() {
    let mut journal =
        journal("a", &[("a", Class::GeneralPurpose, &["i"]), ("b", Class::GeneralPurpose, &["-"])]);
    let other = crate::run::fixture::attempt(
        crate::run::fixture::trial(1, 0, 0),
        1,
        crate::run::fixture::answered("D"),
    );
    crate::run::fixture::push(&mut journal, other);
    let grid = Grid::of(&journal);
    assert_eq!(filtered(&grid, Filter::Disagreement, None, Unanswered::SetAside), [0]);
    assert_eq!(filtered(&grid, Filter::AllWrong, None, Unanswered::SetAside), [0]);
}

#[test]
fn a_mark_sums_up_repeats() {
    let grid = Grid::of(&journal("a", &[("a", Class::GeneralPurpose, &["cci-", "cii-", "ccr-"])]));
    let all_right = mark(&grid, 0, 0);
    assert_eq!((all_right.n_right, all_right.n_trials, all_right.varies), (3, 3, false));
    assert_eq!(all_right.choice, Some(1));
    let mixed = mark(&grid, 0, 1);
    assert_eq!(mixed.state, State::Ended(Outcome::Correct));
    assert_eq!((mixed.n_right, mixed.choice, mixed.varies), (2, None, true));
    let mostly_wrong = mark(&grid, 0, 2);
    assert_eq!(mostly_wrong.state, State::Ended(Outcome::Incorrect));
    assert_eq!((mostly_wrong.choice, mostly_wrong.varies), (Some(2), true));
    assert_eq!(mark(&grid, 0, 3).state, State::NotAsked);
    let counted = Unanswered::CountedWrong;
    assert_eq!(filtered(&grid, Filter::AllRight, None, counted), [0]);
}

#[test]
fn search_finds_every_word_in_any_text_of_an_item_whatever_its_case() {
    let mut run = run();
    run.plan.items[2].question = "ÉPILEPSIE chez l'enfant".to_owned();
    run.plan.items[3].context = vec!["An abstract about warfarin.".to_owned()];
    let grid = Grid::of(&run);
    let index = SearchIndex::of(&grid, &[&run]);
    assert_eq!(index.find("épilepsie ENFANT"), [2]);
    assert_eq!(index.find("Warfarin"), [3]);
    assert_eq!(index.find("q4"), [4]);
    assert_eq!(index.find("cannot say"), [4]);
    assert_eq!(index.find("  "), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(index.find("even fourth").len(), 4);
    assert!(index.find("warfarin épilepsie").is_empty());
    assert!(index.find("even odd").is_empty());
}

#[test]
fn a_hundred_thousand_rows_are_filtered_and_searched_by_index() {
    let letters: String = (0..100_000).map(|idx| if idx % 3 == 0 { 'c' } else { 'i' }).collect();
    let mut run = journal("a", &[("a", Class::GeneralPurpose, &["-"])]);
    let item = run.plan.items[0].clone();
    run.plan.items = (0..letters.len())
        .map(|idx| crate::dataset::Item {
            id: crate::dataset::ItemId(format!("item-{idx:06}")),
            ..item.clone()
        })
        .collect();
    let grid = Grid::of(&run);
    assert_eq!(filtered(&grid, Filter::All, None, Unanswered::SetAside).len(), 100_000);
    let index = SearchIndex::of(&grid, &[&run]);
    assert_eq!(index.find("item-0999").len(), 100);
    assert_eq!(index.find("which fourth").len(), 100_000);
}

#[test]
fn a_mark_of_very_many_repeats_takes_no_longer_than_they_are_many() {
    // Counted again for each repeat, these would take minutes.
    let outcomes = [Outcome::Incorrect, Outcome::Correct].map(State::Ended);
    let states = outcomes.iter().cycle().take(2 * usize::from(u16::MAX));
    let cells: Vec<Cell> = states.map(|state| Cell { state: *state, ..Cell::UNASSIGNED }).collect();
    let mark = mark_of(&cells);
    assert_eq!(mark.state, State::Ended(Outcome::Incorrect), "of two as many, the first");
    assert_eq!((mark.n_right, mark.n_trials, mark.varies), (65_535, 131_070, true));
}
