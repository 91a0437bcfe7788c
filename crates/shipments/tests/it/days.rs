//! The days of shipments from files, however they come in.

use std::collections::BTreeMap;

use base::{Actor, Day, PageSize};
use chrono::Duration;
use db::{Db, db_tests};
use module::{ImportKind, Options, Record, Value, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shipments::forms::LineDraft;
use shipments::{By, Clock, Filter, Grain, ListFilter, Listed, ShipmentFile, ShipmentId, ShipmentImport, Shipments};
use shipments::{report_on_time, samples};

use crate::{customer, day, import, manager, plan};

/// A time of day in China, or a day without one.
fn at(text: &str) -> Value {
    let time = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok();
    let (local, has_time) = match time(text) {
        Some(local) => (local, true),
        None => (time(&format!("{text} 00:00")).unwrap(), false),
    };
    Value::Moment { at: local.and_utc() - Duration::hours(8), has_time }
}

fn row<const N: usize>(row: u64, waybill: &str, line: &str, values: [(&'static str, Value); N]) -> Record {
    let text = |text: &str| Value::Text(text.into());
    let key = [("customer", text("甲")), ("waybill", text(waybill)), ("line", text(line))];
    Record { row, values: key.into_iter().chain(values).collect() }
}

fn options() -> Options {
    Options { create_customers: true, source: "tms".into() }
}

fn later(hours: i64) -> Actor {
    let actor = manager();
    Actor { now: actor.now + Duration::hours(hours), ..actor }
}

/// Soon enough to be on the same day.
fn minutes(minutes: i64) -> Actor {
    let actor = manager();
    Actor { now: actor.now + Duration::minutes(minutes), ..actor }
}

async fn listed(db: &Db) -> Vec<Listed> {
    Shipments::new(db.clone()).list(&manager(), &ListFilter::default(), PageSize(50)).await.unwrap().rows
}

async fn only(db: &Db) -> ShipmentFile {
    let id = listed(db).await[0].shipment.id.clone();
    Shipments::new(db.clone()).file(&manager(), &ShipmentId(id)).await.unwrap()
}

fn refusal(verdict: &Verdict) -> (&str, &str, Vec<String>) {
    match verdict {
        Verdict::Refused(problems) => {
            let args = problems[0].message.args.iter().map(|(_, value)| value.to_string()).collect();
            (problems[0].field.as_str(), problems[0].message.key.as_str(), args)
        }
        other => panic!("is {other:?}"),
    }
}

/// The row of a file that knows nothing but milestones.
fn told_by_milestones() -> Record {
    let values = [
        ("actual_booked", at("2025-03-01 08:00")),
        ("actual_picked_up", at("2025-03-01 09:30")),
        ("planned_signed", at("2025-03-05")),
        ("actual_signed", at("2025-03-06 10:00")),
    ];
    let mut record = row(2, "MS1", "1", values);
    record.values.remove("line");
    record
}

/// Number, promised, delivered, on time.
type Line = (String, Option<Day>, Option<Day>, Option<i64>);

/// Everything that figures are made of, by waybill.
async fn whole(db: &Db) -> BTreeMap<String, (Day, String, Vec<Line>)> {
    let mut all = BTreeMap::new();
    for row in listed(db).await {
        let id = ShipmentId(row.shipment.id.clone());
        let file = Shipments::new(db.clone()).file(&manager(), &id).await.unwrap();
        let line = |line: &shipments::line::Model| {
            (line.line.clone(), line.promised_on, line.delivered_on, line.on_time_by_timestamp)
        };
        let lines = file.lines.iter().map(line).collect();
        all.insert(row.shipment.waybill, (row.shipment.shipped_on, row.shipment.container, lines));
    }
    all
}

/// As `whole`, of one source.
async fn of_source(db: &Db, source: &str) -> Vec<(String, Day, String, Vec<Line>)> {
    let waybills: std::collections::BTreeSet<&str> = ["YD0", "YD1", "YD2"].into();
    let stored = shipments::store::upsert::stored(db.read(), source, &waybills).await.unwrap();
    let lines = |id: &str| {
        let own = stored.lines.values().filter(|line| line.shipment_id == id);
        own.map(|line| (line.line.clone(), line.promised_on, line.delivered_on, line.on_time_by_timestamp)).collect()
    };
    let told = stored.shipments.values();
    told.map(|it| (it.waybill.clone(), it.shipped_on, it.container.clone(), lines(&it.id))).collect()
}

/// What is true of a shipment; rows tell parts of it.
type Truth = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, bool);

fn any_truth() -> impl Strategy<Value = Truth> {
    let days = |range| proptest::option::of(range);
    (days(0_i64..3), days(3_i64..6), days(6_i64..20), days(6_i64..20), any::<bool>())
}

/// One line: its own promise and delivery, and which of the shipment's fields its row tells.
type Told = ((Option<i64>, Option<i64>), [bool; 5]);

fn any_line() -> impl Strategy<Value = Told> {
    ((proptest::option::of(6_i64..20), proptest::option::of(6_i64..20)), any::<[bool; 5]>())
}

/// Rows that never contradict each other.
fn any_rows(runner: &mut TestRunner) -> Vec<Record> {
    let shipment = (any_truth(), proptest::collection::vec(any_line(), 1..4));
    let shipments = proptest::collection::vec(shipment, 1..4).new_tree(runner).unwrap().current();
    let on = |days: i64, hour: u32| at(&format!("{} {hour:02}:30", day("2026-10-01") + Duration::days(days)));
    let mut rows = Vec::new();
    for (number, ((booked, picked_up, planned, actual, container), lines)) in shipments.into_iter().enumerate() {
        for (line, ((promised, delivered), tells)) in lines.into_iter().enumerate() {
            let shared = [
                ("booked", booked.map(|days| on(days, 9))),
                ("actual_picked_up", picked_up.map(|days| on(days, 11))),
                ("planned_signed", planned.map(|days| on(days, 18))),
                ("actual_signed", actual.map(|days| on(days, 10))),
                ("container", container.then(|| Value::Text("CSQU3054383".into()))),
            ];
            let mut record = row(2 + rows.len() as u64, &format!("YD{number}"), &line.to_string(), []);
            let told = shared.into_iter().zip(tells).filter(|(_, tells)| *tells);
            record.values.extend(told.filter_map(|((field, value), _)| Some((field, value?))));
            let own = [("promised", promised), ("delivered", delivered)];
            record.values.extend(own.into_iter().filter_map(|(field, days)| Some((field, on(days?, 12)))));
            rows.push(record);
        }
    }
    rows
}

db_tests! {
    async fn a_shipment_known_by_its_milestones_was_shipped_then_and_is_judged(db: Db) {
        let told = import(&db, &manager(), &[told_by_milestones()], &options()).await;
        assert_eq!(told, [Verdict::New]);
        let file = only(&db).await;
        assert_eq!(file.shipment.shipped_on, day("2025-03-01"));
        let line = &file.lines[0];
        assert_eq!((line.promised_on, line.promised_at), (Some(day("2025-03-05")), None));
        assert_eq!((line.delivered_on, line.delivered_at.is_some()), (Some(day("2025-03-06")), true));
        let (grain, clock) = (Grain::Line, Clock::Day);
        let report = report_on_time(&db, &manager(), Some(By::Month), grain, clock, &Filter::default()).await.unwrap();
        assert_eq!((report.rows[0].key.as_str(), report.rows[0].on_time, report.rows[0].total), ("2025-03", 0, 1));
        assert_eq!(plan(&db, &later(1), &[told_by_milestones()], &options()).await, [Verdict::Unchanged]);
    }

    async fn a_promise_of_the_line_wins_over_the_milestone_and_a_corrected_milestone_moves_the_others(db: Db) {
        let own = row(3, "MS1", "2", [("promised", at("2025-03-07"))]);
        import(&db, &manager(), &[told_by_milestones(), own], &options()).await;
        let promised = async || only(&db).await.lines.iter().map(|line| line.promised_on.unwrap()).collect::<Vec<_>>();
        assert_eq!(promised().await, [day("2025-03-05"), day("2025-03-07")]);
        let mut moved = told_by_milestones();
        moved.values.insert("planned_signed", at("2025-03-06"));
        let told = import(&db, &later(1), &[moved.clone()], &options()).await;
        assert_eq!(told, [Verdict::Changed(vec!["promised".into(), "planned_signed".into()])]);
        assert_eq!(promised().await, [day("2025-03-06"), day("2025-03-07")]);
        assert_eq!(plan(&db, &later(2), &[moved], &options()).await, [Verdict::Unchanged]);
    }

    async fn the_shipped_day_is_the_delivery_then_the_promise_then_the_day_of_entry(db: Db) {
        let rows = [
            row(2, "YD1", "1", [("promised", at("2026-11-05")), ("delivered", at("2026-11-03"))]),
            row(3, "YD2", "1", [("promised", at("2026-11-05"))]),
            row(4, "YD3", "1", []),
        ];
        import(&db, &manager(), &rows, &options()).await;
        let days: BTreeMap<_, _> = whole(&db).await.into_iter().map(|(waybill, it)| (waybill, it.0)).collect();
        let wanted = [("YD1", "2026-11-03"), ("YD2", "2026-11-05"), ("YD3", "2026-11-23")];
        assert_eq!(days, wanted.map(|(waybill, on)| (waybill.to_owned(), day(on))).into());
    }

    async fn a_new_line_that_says_its_shipment_otherwise_is_refused_in_either_order(db: Db) {
        let cases = [
            ("booked", at("2026-11-01 10:00"), at("2026-11-02"), ["2026-11-01", "2026-11-02"]),
            ("container", Value::Text("A".into()), Value::Text("B".into()), ["A", "B"]),
            ("planned_signed", at("2026-11-09 10:00"), at("2026-11-10"), ["2026-11-09 10:00", "2026-11-10"]),
        ];
        for (field, one, other, [shown, other_shown]) in cases {
            let turns = [(&one, &other, [shown, other_shown]), (&other, &one, [other_shown, shown])];
            for (turn, (first, second, values)) in turns.into_iter().enumerate() {
                let options = Options { source: format!("{field} {turn}"), ..options() };
                import(&db, &manager(), &[row(2, "YD1", "1", [(field, first.clone())])], &options).await;
                let before = whole(&db).await;
                let told = import(&db, &later(1), &[row(2, "YD1", "2", [(field, second.clone())])], &options).await;
                let args = vec!["YD1".to_owned(), values[0].to_owned(), values[1].to_owned()];
                assert_eq!(refusal(&told[0]), (field, "shipment-stored_contradicts", args));
                assert_eq!(whole(&db).await, before);
            }
        }
    }

    async fn a_line_that_is_known_may_correct_its_shipment_and_a_new_one_may_agree_with_it(db: Db) {
        let booked = |number, line, on| row(number, "YD1", line, [("booked", at(on))]);
        import(&db, &manager(), &[booked(2, "1", "2026-11-01")], &options()).await;
        let file = [booked(2, "1", "2026-11-02"), booked(3, "2", "2026-11-02"), booked(4, "3", "2026-11-01")];
        let told = plan(&db, &later(1), &file, &options()).await;
        assert_eq!(told[..2], [Verdict::Changed(vec!["booked".into()]), Verdict::New]);
        assert_eq!(refusal(&told[2]).1, "shipment-lines_contradict");
        let shown = ShipmentImport.differences(&db, &manager(), &[&file[0]], &options()).await.unwrap();
        assert_eq!((shown[0][0].before.as_str(), shown[0][0].after.as_str()), ("2026-11-01", "2026-11-02"));
        import(&db, &later(1), &file, &options()).await;
        let file = only(&db).await;
        assert_eq!((file.shipment.booked_on, file.lines.len()), (Some(day("2026-11-02")), 2));
        let fills = row(2, "YD1", "4", [("container", Value::Text("A".into()))]);
        assert_eq!(plan(&db, &later(2), &[fills], &options()).await, [Verdict::New]);
    }

    async fn what_has_not_come_yet_cannot_have_happened(db: Db) {
        let actor = manager();
        let one = |field, on| [row(2, "YD1", "1", [(field, at(on))])];
        for field in ["booked", "delivered", "actual_picked_up", "actual_signed"] {
            for on in ["2026-11-25", "2026-11-25 00:30", "2031-01-01"] {
                let told = plan(&db, &actor, &one(field, on), &options()).await;
                assert_eq!((refusal(&told[0]).0, refusal(&told[0]).1), (field, "shipment-not_yet"), "{on}");
            }
            assert_eq!(plan(&db, &actor, &one(field, "2026-11-24 23:30"), &options()).await, [Verdict::New]);
        }
        for field in ["promised", "planned_signed", "estimated_picked_up"] {
            assert_eq!(plan(&db, &actor, &one(field, "2027-11-25"), &options()).await, [Verdict::New]);
        }
    }

    async fn nothing_is_delivered_before_it_was_booked(db: Db) {
        let actor = manager();
        let both = |booked, delivered| [row(2, "YD1", "1", [("booked", at(booked)), ("delivered", at(delivered))])];
        let told = plan(&db, &actor, &both("2026-11-05 09:00", "2026-11-04"), &options()).await;
        assert_eq!((refusal(&told[0]).0, refusal(&told[0]).1), ("delivered", "shipment-delivered_before_booked"));
        assert_eq!(refusal(&told[0]).2, ["2026-11-04", "2026-11-05"]);
        let same_day = both("2026-11-05 09:00", "2026-11-05 08:00");
        assert_eq!(import(&db, &actor, &same_day, &options()).await, [Verdict::New]);
        let early = row(2, "YD1", "1", [("delivered", at("2026-11-04"))]);
        let booked_later = row(2, "YD1", "1", [("booked", at("2026-11-06"))]);
        let signed_early = row(2, "YD1", "2", [("actual_signed", at("2026-11-04"))]);
        for (record, field) in [(early, "delivered"), (booked_later, "booked"), (signed_early, "actual_signed")] {
            let told = plan(&db, &later(1), &[record], &options()).await;
            assert_eq!((refusal(&told[0]).0, refusal(&told[0]).1), (field, "shipment-delivered_before_booked"));
        }
    }

    async fn the_same_rows_in_any_order_or_split_make_the_same_shipments(db: Db) {
        let mut runner = TestRunner::deterministic();
        let (mut refused, mut split) = (0, 0);
        for case in 0..25 {
            let rows = any_rows(&mut runner);
            let mut seen = Vec::new();
            for turn in 0..3 {
                let mut rows = rows.clone();
                if turn > 0 {
                    rows = Just(rows).prop_shuffle().new_tree(&mut runner).unwrap().current();
                }
                let cut = if turn == 0 { rows.len() } else { (0..=rows.len()).new_tree(&mut runner).unwrap().current() };
                let options = Options { source: format!("{case} {turn}"), ..options() };
                let mut told = import(&db, &minutes(6 * case + 2 * turn), &rows[..cut], &options).await;
                told.extend(import(&db, &minutes(6 * case + 2 * turn + 1), &rows[cut..], &options).await);
                refused += told.iter().filter(|told| matches!(told, Verdict::Refused(_))).count();
                split += usize::from(cut > 0 && cut < rows.len());
                seen.push(of_source(&db, &options.source).await);
            }
            assert_eq!(seen[0], seen[1], "case {case}: {rows:#?}");
            assert_eq!(seen[0], seen[2], "case {case}: {rows:#?}");
        }
        assert_eq!(refused, 0);
        assert!(split > 10, "{split}");
    }

    async fn a_booking_cannot_be_moved_behind_a_delivery_by_a_program_either(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let shipments = Shipments::new(db);
        let mut draft = samples::shipment(&ming, "YD1", day("2026-11-05"));
        shipments.record(&manager(), draft.clone(), None).await.unwrap();
        draft.booked_on = Some(day("2026-11-06"));
        draft.lines = vec![LineDraft { line: "2".into(), ..LineDraft::default() }];
        let Err(base::Error::Invalid(problems)) = shipments.record(&manager(), draft, None).await else {
            panic!("was recorded");
        };
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["booked_on"]);
    }
}
