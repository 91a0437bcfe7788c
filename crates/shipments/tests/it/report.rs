//! The figures that the database adds up are those of the rule.

use std::collections::BTreeMap;

use base::{Cursor, CustomerId, Day, Error, PageSize, Scope};
use chrono::{Days, Duration, NaiveTime};
use db::{Db, db_tests};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shipments::forms::{LineDraft, ShipmentDraft};
use shipments::{
    By, Clock, Filter, Grain, LineFacts, Mode, Only, Report, Shipments, cells, lines_behind, on_time, report_on_time,
    samples, trend,
};

use crate::{customer, day, manager, person};

const NAMES: [&str; 3] = ["明为公司", "迅捷物流", "红木家具厂"];
const GRAINS: [Grain; 2] = [Grain::Line, Grain::Shipment];
const CLOCKS: [Clock; 2] = [Clock::Day, Clock::Timestamp];

/// Days from 1 January 2026 and perhaps an hour of it.
fn moment() -> impl Strategy<Value = Option<(u64, Option<i64>)>> {
    proptest::option::weighted(0.85, (0_u64..60, proptest::option::of(0_i64..24)))
}

fn any_line() -> impl Strategy<Value = LineDraft> {
    let places = (0_usize..2, 0_usize..2, proptest::option::of(0_usize..3));
    (places, moment(), moment()).prop_map(|((origin, destination, mode), promised, delivered)| {
        let day = |at: Option<(u64, Option<i64>)>| at.map(|(days, _)| day("2026-01-01") + Days::new(days));
        let time = |at: Option<(u64, Option<i64>)>| {
            let hour = at?.1?;
            Some(day(at)?.and_time(NaiveTime::MIN).and_utc() - Duration::hours(8) + Duration::hours(hour))
        };
        LineDraft {
            origin: ["上海", "广州"][origin].into(),
            destination: ["成都", ""][destination].into(),
            mode: mode.map(|mode| [Mode::Air, Mode::Truck, Mode::NotStated][mode]),
            promised_on: day(promised),
            promised_at: time(promised),
            delivered_on: day(delivered),
            delivered_at: time(delivered),
            ..LineDraft::default()
        }
    })
}

fn any_shipment() -> impl Strategy<Value = (usize, Vec<LineDraft>)> {
    (0_usize..NAMES.len(), proptest::collection::vec(any_line(), 0..4))
}

fn facts(customer: &str, waybill: &str, line: &LineDraft) -> LineFacts {
    LineFacts {
        shipment: waybill.into(),
        customer: customer.into(),
        origin: line.origin.clone(),
        destination: line.destination.clone(),
        mode: line.mode.map(|mode| mode.word().to_owned()).unwrap_or_default(),
        promised_on: line.promised_on,
        promised_at: line.promised_at,
        delivered_on: line.delivered_on,
        delivered_at: line.delivered_at,
    }
}

/// Without ids, in the order of the pure report.
fn plain(mut report: Report) -> Report {
    report.rows.iter_mut().for_each(|row| row.customer = None);
    report
}

async fn customers(db: &Db) -> Vec<CustomerId> {
    let mut all = Vec::new();
    for name in NAMES {
        all.push(customer(db, &manager(), name).await);
    }
    all
}

fn numbered(customer: &CustomerId, waybill: &str, lines: Vec<LineDraft>) -> ShipmentDraft {
    let number = |(at, line): (usize, LineDraft)| LineDraft { line: (at + 1).to_string(), ..line };
    let lines = lines.into_iter().enumerate().map(number).collect();
    ShipmentDraft { lines, ..samples::shipment(customer, waybill, Day::MIN) }
}

db_tests! {
    async fn the_report_of_the_store_is_the_report_of_the_rule(db: Db) {
        let (actor, ids) = (manager(), customers(&db).await);
        let shipments = Shipments::new(db.clone());
        let mut runner = TestRunner::deterministic();
        let mut lines = Vec::new();
        for round in 0..6 {
            for number in 0..12 {
                let (who, drafts) = any_shipment().new_tree(&mut runner).unwrap().current();
                let waybill = format!("YD{round}-{number}");
                lines.extend(drafts.iter().map(|line| facts(NAMES[who], &waybill, line)));
                shipments.record(&actor, numbered(&ids[who], &waybill, drafts), None).await.unwrap();
            }
            for by in [None, Some(By::Mode), Some(By::Customer), Some(By::Lane), Some(By::Month)] {
                for (grain, clock) in GRAINS.into_iter().flat_map(|grain| CLOCKS.map(|clock| (grain, clock))) {
                    let stored = report_on_time(&db, &actor, by, grain, clock, &Filter::default()).await.unwrap();
                    assert_eq!(plain(stored), on_time(&lines, by, grain, clock), "{by:?} {grain:?} {clock:?}");
                }
            }
        }
    }

    async fn cells_and_the_lines_behind_them_add_up_to_the_report(db: Db) {
        let (actor, ids) = (manager(), customers(&db).await);
        let shipments = Shipments::new(db.clone());
        let mut runner = TestRunner::deterministic();
        for number in 0..20 {
            let (who, drafts) = any_shipment().new_tree(&mut runner).unwrap().current();
            shipments.record(&actor, numbered(&ids[who], &format!("YD{number}"), drafts), None).await.unwrap();
        }
        let (grain, clock) = (Grain::Line, Clock::Timestamp);
        let report = report_on_time(&db, &actor, None, grain, clock, &Filter::default()).await.unwrap();
        let all = cells(&db, &actor, grain, clock, &Filter::default()).await.unwrap();
        let total: u64 = all.iter().filter_map(|cell| cell.figure.as_ref()).map(|row| row.total).sum();
        let undated: u64 = all.iter().map(|cell| cell.undated).sum();
        assert_eq!((total, undated), (report.all.unwrap().total, report.undated));
        for cell in all {
            let filter = Filter {
                customer: Some(cell.customer),
                origin: Some(cell.origin),
                destination: Some(cell.destination),
                month: Some(cell.month),
                mode: Some(cell.mode),
                ..Filter::default()
            };
            let mut counts: BTreeMap<Option<bool>, u64> = BTreeMap::new();
            let mut after: Option<Cursor> = None;
            loop {
                let place = (after.as_ref(), PageSize(2));
                let page = lines_behind(&db, &actor, &filter, Only::All, clock, place).await.unwrap();
                page.rows.iter().for_each(|line| *counts.entry(line.on_time).or_default() += 1);
                let Some(next) = page.next else { break };
                after = Cursor::decode(&next);
            }
            let on_time = cell.figure.as_ref().map_or(0, |row| row.on_time);
            let late = cell.figure.as_ref().map_or(0, |row| row.total - row.on_time);
            let counted = [Some(true), Some(false), None].map(|key| counts.get(&key).copied().unwrap_or(0));
            assert_eq!(counted, [on_time, late, cell.undated]);
        }
    }

    async fn the_cells_of_the_worst_stand_first(db: Db) {
        let (actor, ids) = (manager(), customers(&db).await);
        let shipments = Shipments::new(db.clone());
        for number in 0..3 {
            let mut draft = samples::shipment(&ids[1], &format!("YD{number}"), day("2026-01-05"));
            draft.lines[0].delivered_on = Some(day("2026-01-06"));
            shipments.record(&actor, draft, None).await.unwrap();
        }
        shipments.record(&actor, samples::shipment(&ids[0], "YD9", day("2026-01-05")), None).await.unwrap();
        let all = cells(&db, &actor, Grain::Shipment, Clock::Day, &Filter::default()).await.unwrap();
        let names: Vec<_> = all.iter().map(|cell| (cell.name.as_str(), cell.month.as_str())).collect();
        assert_eq!(names, [("迅捷物流", "2026-01"), ("明为公司", "2026-01")]);
        let filter = Filter { customer: Some(ids[1].clone()), ..Filter::default() };
        let late = lines_behind(&db, &actor, &filter, Only::Late, Clock::Day, (None, PageSize(10))).await.unwrap();
        let waybills: Vec<_> = late.rows.iter().map(|line| line.waybill.as_str()).collect();
        assert_eq!(waybills.len(), 3);
    }

    async fn a_customers_months_stand_beside_those_of_all(db: Db) {
        let (actor, ids) = (manager(), customers(&db).await);
        let shipments = Shipments::new(db.clone());
        for (waybill, who, promised, delivered) in [
            ("YD1", 0, "2025-12-05", "2025-12-05"),
            ("YD2", 0, "2026-01-05", "2026-01-05"),
            ("YD3", 0, "2026-03-05", "2026-03-06"),
            ("YD4", 1, "2026-03-07", "2026-03-07"),
            ("YD5", 1, "2026-02-07", "2026-02-07"),
        ] {
            let mut draft = samples::shipment(&ids[who], waybill, day(promised));
            draft.lines[0].delivered_on = Some(day(delivered));
            shipments.record(&actor, draft, None).await.unwrap();
        }
        let months = trend(&db, &actor, &ids[0], Grain::Line, Clock::Day, 2).await.unwrap();
        let told: Vec<_> = months.iter().map(|point| (point.month.as_str(), point.own.rate, point.all.rate)).collect();
        assert_eq!(told, [("2026-01", 1.0, 1.0), ("2026-03", 0.0, 0.5)]);
    }

    async fn a_report_counts_only_what_its_reader_may_see(db: Db) {
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        let ming = customer(&db, &zhang, "明为公司").await;
        let shipments = Shipments::new(db.clone());
        shipments.record(&zhang, samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        let all = async |actor| {
            report_on_time(&db, actor, By::Customer, Grain::Line, Clock::Day, &Filter::default()).await.unwrap().all
        };
        assert_eq!(all(&zhang).await.unwrap().total, 1);
        assert_eq!(all(&li).await, None);
        assert!(matches!(trend(&db, &li, &ming, Grain::Line, Clock::Day, 12).await, Err(Error::NotFound)));
    }
}
