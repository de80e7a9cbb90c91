//! Checks of the leaderboard.

use super::*;
use crate::run::fixture::journal;

const GENERAL: Class = Class::GeneralPurpose;

fn board(models: &[(&str, Class, &[&str])], rule: Unanswered) -> Vec<Standing> {
    leaderboard(&Grid::of(&journal("a", models)), rule)
}

#[track_caller]
fn close(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() < 1e-9, "{ours} is not {theirs}");
}

#[test]
fn unanswered_trials_are_wrong_or_set_aside_and_missing_ones_are_neither() {
    let standings = board(&[("m", GENERAL, &["ccciprutfx-"])], Unanswered::CountedWrong);
    let standing = &standings[0];
    let tally = &standing.tally;
    assert_eq!(
        (tally.planned(), tally.asked(), tally.answered(), tally.unanswered()),
        (11, 10, 5, 4)
    );
    let counted = standing.counted_wrong.unwrap();
    assert_eq!((counted.n_right, counted.n), (3, 9));
    let set_aside = standing.set_aside.unwrap();
    assert_eq!((set_aside.n_right, set_aside.n), (3, 5));
    assert_eq!(set_aside.method, IntervalMethod::Wilson);
    close(set_aside.interval.low, 0.230_724_281_276);
    close(set_aside.interval.high, 0.882_379_225_767);
}

#[test]
fn the_order_is_by_accuracy_under_the_rule_then_by_name_and_the_unasked_come_last() {
    let models: [(&str, Class, &[&str]); 4] = [
        ("unasked", GENERAL, &["----"]),
        ("zeta", GENERAL, &["ccii"]),
        ("shy", GENERAL, &["crrr"]),
        ("alpha", GENERAL, &["iicc"]),
    ];
    let names = |rule| -> Vec<String> {
        board(&models, rule).into_iter().map(|standing| standing.name).collect()
    };
    assert_eq!(names(Unanswered::CountedWrong), ["alpha", "zeta", "shy", "unasked"]);
    assert_eq!(names(Unanswered::SetAside), ["shy", "alpha", "zeta", "unasked"]);
    assert!(board(&models, Unanswered::SetAside)[3].set_aside.is_none());
}

#[test]
fn repeats_that_agree_say_no_more_than_one_answer_per_item() {
    let once = board(&[("m", GENERAL, &["cccccciiii"])], Unanswered::CountedWrong);
    let thrice = board(&[("m", GENERAL, &["cccccciiii"; 3])], Unanswered::CountedWrong);
    let (once, thrice) = (once[0].counted_wrong.unwrap(), thrice[0].counted_wrong.unwrap());
    assert_eq!((thrice.n, thrice.n_items, thrice.method), (30, 10, IntervalMethod::WilsonByItems));
    close(thrice.value, once.value);
    let width = |accuracy: Accuracy| accuracy.interval.high - accuracy.interval.low;
    assert!(width(thrice) >= width(once), "{thrice:?} {once:?}");
}

#[test]
fn repeats_that_vary_freely_narrow_the_interval_but_never_below_that_of_the_trials() {
    let repeats =
        ["ciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciciic"; 1];
    let turned: String = repeats[0].chars().map(|c| if c == 'c' { 'i' } else { 'c' }).collect();
    let standings = board(&[("m", GENERAL, &[repeats[0], &turned])], Unanswered::CountedWrong);
    let accuracy = standings[0].counted_wrong.unwrap();
    let plain = proportion::wilson(accuracy.n_right as u64, accuracy.n as u64, CONFIDENCE);
    assert!(accuracy.interval.low <= plain.low && accuracy.interval.high >= plain.high);
    let once = proportion::wilson(41, 82, CONFIDENCE);
    assert!(accuracy.interval.low > once.low);
}

#[test]
fn all_right_in_every_repeat_is_as_sure_as_that_many_items() {
    let standings = board(&[("m", GENERAL, &["cccccccccc"; 4])], Unanswered::CountedWrong);
    let interval = standings[0].counted_wrong.unwrap().interval;
    close(interval.high, 1.0);
    assert!(interval.low < 0.722_467_200_1 && interval.low > 0.6, "{interval:?}");
    let single = board(&[("m", GENERAL, &["c"; 4])], Unanswered::CountedWrong);
    let interval = single[0].counted_wrong.unwrap().interval;
    close(interval.low, 0.0);
}

#[test]
fn categories_have_leaderboards_of_their_own() {
    let grid = Grid::of(&journal("a", &[("m", GENERAL, &["cicic"]), ("n", GENERAL, &["icici"])]));
    let boards = by_category(&grid, Unanswered::CountedWrong);
    let told: Vec<(usize, usize, &str)> = boards
        .iter()
        .map(|board| (board.category, board.n_items, board.standings[0].name.as_str()))
        .collect();
    assert_eq!(told, [(0, 3, "m"), (1, 2, "n")]);
    close(boards[0].standings[0].counted_wrong.unwrap().value, 1.0);
}
