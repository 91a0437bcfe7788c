use base::Instant;
use shipments::{By, Clock, Grain, LineFacts, SEVERAL, is_on_time, on_time};

use crate::{late, line, undated};

fn at(text: &str) -> Option<Instant> {
    Some(text.parse().unwrap())
}

#[test]
fn a_line_on_the_promised_day_is_on_time_and_a_day_later_is_not() {
    assert_eq!(is_on_time(&line("1"), Clock::Day), Some(true));
    assert_eq!(is_on_time(&late("1"), Clock::Day), Some(false));
    assert_eq!(is_on_time(&undated("1"), Clock::Day), None);
}

#[test]
fn two_hours_late_on_the_promised_day_is_late_only_by_timestamp() {
    let timed =
        LineFacts { promised_at: at("2026-01-05T01:00:00Z"), delivered_at: at("2026-01-05T03:00:00Z"), ..line("1") };
    assert_eq!(is_on_time(&timed, Clock::Day), Some(true));
    assert_eq!(is_on_time(&timed, Clock::Timestamp), Some(false));
    let half_timed = LineFacts { promised_at: None, ..timed };
    assert_eq!(is_on_time(&half_timed, Clock::Timestamp), Some(true));
}

#[test]
fn a_shipment_is_on_time_when_all_its_lines_are() {
    let lines = [line("1"), late("1"), line("2"), line("2")];
    let by_line = on_time(&lines, None, Grain::Line, Clock::Day).all.unwrap();
    let by_shipment = on_time(&lines, None, Grain::Shipment, Clock::Day).all.unwrap();
    assert_eq!((by_line.on_time, by_line.total), (3, 4));
    assert_eq!((by_shipment.on_time, by_shipment.total), (1, 2));
}

#[test]
fn what_cannot_be_judged_is_counted_apart() {
    let lines = [line("1"), undated("2")];
    for grain in [Grain::Line, Grain::Shipment] {
        let report = on_time(&lines, Some(By::Mode), grain, Clock::Day);
        assert_eq!((report.rows[0].total, report.undated), (1, 1));
    }
    assert_eq!(on_time(&[undated("1")], Some(By::Mode), Grain::Line, Clock::Day).all, None);
}

#[test]
fn an_undated_line_leaves_a_shipment_open_unless_another_is_late() {
    let lines = [line("1"), undated("1"), undated("2"), late("2")];
    let report = on_time(&lines, None, Grain::Shipment, Clock::Day);
    let all = report.all.unwrap();
    assert_eq!((all.on_time, all.total, report.undated), (0, 1, 1));
}

#[test]
fn a_shipment_over_two_lanes_counts_once_under_several() {
    let elsewhere = LineFacts { destination: "重庆".into(), ..line("1") };
    let lines = [line("1"), elsewhere, line("2")];
    let report = on_time(&lines, Some(By::Lane), Grain::Shipment, Clock::Day);
    let keys: Vec<_> = report.rows.iter().map(|row| (row.key.as_str(), row.total)).collect();
    assert_eq!(keys, [(SEVERAL, 1), ("上海 → 成都", 1)]);
    assert_eq!(on_time(&lines, Some(By::Mode), Grain::Shipment, Clock::Day).rows.len(), 1);
}

#[test]
fn programs_get_the_rate_as_a_fraction_with_its_interval() {
    let report = on_time(&[line("1"), late("2")], Some(By::Month), Grain::Line, Clock::Day);
    let json = serde_json::to_value(&report.rows[0]).unwrap();
    assert_eq!((&json["key"], &json["rate"]), (&"2026-01".into(), &0.5.into()));
    assert!(json["low"].as_f64().unwrap() < 0.1 && json["high"].as_f64().unwrap() > 0.9);
}
