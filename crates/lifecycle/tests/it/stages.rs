use lifecycle::{ByHand, HandStage, Move, Policy, Stage, Standing, moves, stage};

use crate::{day, days};

fn on(as_of: &str, shipments: &[&str]) -> Standing {
    stage(&days(shipments), None, &Policy::default(), day(as_of))
}

fn target() -> ByHand {
    ByHand { stage: HandStage::Target, since: day("2026-01-10"), reason: "展会认识".into() }
}

const LOYAL: [&str; 6] = ["2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05", "2026-04-06", "2026-04-07"];

#[test]
fn somebody_who_never_shipped_is_a_prospect() {
    let standing = on("2026-03-01", &[]);
    assert_eq!((standing.stage, standing.since, standing.review_on), (Stage::Prospect, None, None));
}

#[test]
fn a_person_decides_only_while_there_is_no_shipment() {
    let before = stage(&[], Some(&target()), &Policy::default(), day("2026-02-01"));
    assert_eq!((before.stage, before.since), (Stage::Target, Some(day("2026-01-10"))));
    assert_eq!(before.reasons[0].args[0].1, "展会认识");
    let after = stage(&days(&["2026-01-20"]), Some(&target()), &Policy::default(), day("2026-02-01"));
    assert_eq!((after.stage, after.since), (Stage::FirstTime, Some(day("2026-01-20"))));
}

#[test]
fn a_decision_for_a_later_day_waits_for_that_day() {
    let standing = stage(&[], Some(&target()), &Policy::default(), day("2026-01-09"));
    assert_eq!((standing.stage, standing.review_on), (Stage::Prospect, Some(day("2026-01-10"))));
}

#[test]
fn the_second_shipment_makes_a_repeat_customer() {
    assert_eq!(on("2026-03-01", &["2026-02-01"]).stage, Stage::FirstTime);
    let repeat = on("2026-03-01", &["2026-02-11", "2026-02-01"]);
    assert_eq!((repeat.stage, repeat.since), (Stage::Repeat, Some(day("2026-02-11"))));
    assert_eq!(on("2026-03-01", &["2026-02-01", "2026-02-01"]).stage, Stage::Repeat);
}

#[test]
fn a_shipment_after_the_as_of_day_does_not_count_yet() {
    let standing = on("2026-02-10", &["2026-02-01", "2026-02-11"]);
    assert_eq!((standing.stage, standing.review_on), (Stage::FirstTime, Some(day("2026-02-11"))));
}

#[test]
fn six_shipments_in_four_months_are_loyal_from_the_sixth_on() {
    assert_eq!(on("2026-04-06", &LOYAL).stage, Stage::Repeat);
    let loyal = on("2026-04-20", &LOYAL);
    assert_eq!((loyal.stage, loyal.since), (Stage::Loyal, Some(day("2026-04-07"))));
}

#[test]
fn six_shipments_in_three_months_are_not_loyal() {
    let shipments = ["2026-02-04", "2026-02-05", "2026-03-05", "2026-04-05", "2026-04-06", "2026-04-07"];
    assert_eq!(on("2026-04-20", &shipments).stage, Stage::Repeat);
}

#[test]
fn the_six_months_are_calendar_months_and_end_with_the_present_one() {
    // January is the first of the six in June and out in July; by then only five shipments in three months are left.
    assert_eq!(on("2026-06-30", &LOYAL).stage, Stage::Loyal);
    let july = on("2026-07-01", &LOYAL);
    assert_eq!((july.stage, july.since), (Stage::Repeat, Some(day("2026-07-01"))));
    assert_eq!(on("2026-06-29", &LOYAL).review_on, Some(day("2026-07-01")));
}

#[test]
fn ninety_days_of_silence_are_not_yet_lost_and_ninety_one_are() {
    let silent = on("2026-05-02", &["2026-02-01"]);
    assert_eq!((silent.stage, silent.review_on), (Stage::FirstTime, Some(day("2026-05-03"))));
    let lost = on("2026-08-01", &["2026-02-01"]);
    assert_eq!((lost.stage, lost.since, lost.review_on), (Stage::Lost, Some(day("2026-05-03")), None));
}

#[test]
fn who_ships_rarely_is_lost_only_after_three_of_his_own_gaps() {
    // Gaps of 59 and 61 days, median 60: silent for 180 days at most.
    let shipments = ["2026-01-01", "2026-03-01", "2026-05-01"];
    assert_eq!(on("2026-10-28", &shipments).stage, Stage::Repeat);
    let lost = on("2026-12-01", &shipments);
    assert_eq!((lost.stage, lost.since), (Stage::Lost, Some(day("2026-10-29"))));
}

#[test]
fn a_shipment_after_the_loss_wins_the_customer_back() {
    let standing = on("2026-07-10", &["2026-01-01", "2026-07-01"]);
    assert_eq!((standing.stage, standing.since), (Stage::Repeat, Some(day("2026-07-01"))));
    assert_eq!(standing.reasons[1].key, "lifecycle-reason-won_back");
}

#[test]
fn every_move_of_a_time_is_told_with_its_day() {
    let shipments = days(&["2026-01-20", "2026-02-20", "2026-08-01"]);
    let step = |on: &str, from, to| Move { on: day(on), from, to };
    let all = [
        step("2026-01-10", Stage::Prospect, Stage::Target),
        step("2026-01-20", Stage::Target, Stage::FirstTime),
        step("2026-02-20", Stage::FirstTime, Stage::Repeat),
        step("2026-05-25", Stage::Repeat, Stage::Lost),
        step("2026-08-01", Stage::Lost, Stage::Repeat),
    ];
    let told =
        |after: &str, until: &str| moves(&shipments, Some(&target()), &Policy::default(), day(after), day(until));
    assert_eq!(told("2025-12-31", "2026-08-01"), all);
    assert_eq!(told("2026-02-20", "2026-05-25"), all[3..4]);
    assert_eq!(told("2026-02-20", "2026-05-24"), []);
}
