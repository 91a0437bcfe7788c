//! Whatever stands in a file and however it is cut into chunks: the preview is what the commit does.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, Scope};
use customers::Customers;
use db::{Db, db_tests};
use module::{ImportKind, Options, Record, Seen, Value, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shipments::ShipmentImport;

use crate::{customer, day, manager, person};

/// Two spellings of one who is stored and of one who is not, and somebody else's.
const NAMES: [&str; 5] = ["老客户", "老 客户", "新客户", "新 客户", "别人的客户"];

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn at(hour: i64) -> Value {
    let first = day("2026-11-05").and_hms_opt(0, 0, 0).unwrap().and_utc();
    Value::Moment { at: first + chrono::Duration::hours(hour), has_time: true }
}

/// Few waybills and fewer values, so that nearly every file contradicts itself.
fn any_record() -> impl Strategy<Value = BTreeMap<&'static str, Value>> {
    let whose = prop_oneof![6 => 0_usize..2, 2 => 2_usize..4, 1 => Just(4_usize)];
    let key = (whose, 0_usize..3, proptest::option::of(1_usize..5));
    let seldom =
        |one: Value, other: Value| proptest::option::weighted(0.3, prop_oneof![4 => Just(one), 1 => Just(other)]);
    let shared = [
        ("container", text("CSQU3054383"), text("MSKU0000006")),
        ("bill_of_lading", text("B1"), text("B2")),
        // On two days in China.
        ("booked", at(3), at(20)),
        ("actual_picked_up", at(3), at(4)),
        ("planned_signed", at(30), at(31)),
    ];
    let shared = shared.map(|(field, one, other)| seldom(one, other).prop_map(move |value| Some((field, value?))));
    (key, shared, proptest::option::of(3_i64..60)).prop_map(|((whose, waybill, line), shared, delivered)| {
        let mut values: BTreeMap<_, _> = shared.into_iter().flatten().collect();
        values.insert("customer", text(NAMES[whose]));
        values.insert("waybill", text(&format!("YD{waybill}")));
        values.extend(line.map(|line| ("line", text(&line.to_string()))));
        values.extend(delivered.map(|hour| ("delivered", at(hour))));
        values
    })
}

/// As the importer gives it: no two rows with the same waybill and line. Customers are called otherwise in each case.
fn any_file(case: u64, runner: &mut TestRunner) -> Vec<Record> {
    let rows = proptest::collection::vec(any_record(), 1..14).new_tree(runner).unwrap().current();
    let mut keys = BTreeSet::new();
    let records = (2..).zip(rows).map(|(row, values)| {
        let mut record = Record { row, values };
        let named = text(&format!("{case} {}", record.text("customer").unwrap()));
        record.values.insert("customer", named);
        record
    });
    let key = |record: &Record| {
        ShipmentImport.key().iter().map(|key| record.text(key).map(str::to_owned)).collect::<Vec<_>>()
    };
    records.filter(|record| keys.insert(key(record))).collect()
}

async fn planned(db: &Db, actor: &Actor, file: &[Record], options: &Options, chunk: usize) -> (Vec<Verdict>, i64) {
    let (mut seen, mut verdicts) = (Seen::default(), Vec::new());
    for some in file.chunks(chunk) {
        verdicts.extend(ShipmentImport.plan(db, actor, some, options, &mut seen).await.unwrap());
    }
    (verdicts, i64::try_from(seen.new_customers.len()).unwrap())
}

async fn write(db: &Db, actor: &Actor, file: &[Record], verdicts: &[Verdict], options: &Options, chunk: usize) {
    let tx = db.begin().await.unwrap();
    for (records, verdicts) in file.chunks(chunk).zip(verdicts.chunks(chunk)) {
        let pairs = records.iter().zip(verdicts);
        let told: Vec<_> = pairs.filter(|(_, told)| matches!(told, Verdict::New | Verdict::Changed(_))).collect();
        ShipmentImport.write(&tx, actor, &told, options).await.unwrap();
    }
    ShipmentImport.finish(&tx, actor).await.unwrap();
    db.commit(tx).await.unwrap();
}

fn contradicts(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Refused(problems) if problems[0].message.key == "shipment-lines_contradict")
}

fn refused(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Refused(_))
}

db_tests! {
    async fn a_commit_does_what_the_preview_said_for_any_file_and_any_chunks(db: Db) {
        let mut runner = TestRunner::deterministic();
        let everyone = async || Customers::new(db.clone()).count(&manager(), &Default::default()).await.unwrap();
        let (mut contradictions, mut changed) = (0, 0);
        for case in 0..40 {
            let mut actor = person("zhang", Scope::Own);
            let options = Options { create_customers: true, source: format!("tms {case}") };
            customer(&db, &actor, &format!("{case} {}", NAMES[0])).await;
            customer(&db, &person("li", Scope::Own), &format!("{case} {}", NAMES[4])).await;
            for import in 0..3 {
                actor.now += chrono::Duration::hours(1);
                let file = any_file(case, &mut runner);
                let mut size = || (1_usize..8).new_tree(&mut runner).unwrap().current();
                let (verdicts, created) = planned(&db, &actor, &file, &options, file.len()).await;
                let in_chunks = planned(&db, &actor, &file, &options, size()).await;
                assert_eq!(in_chunks, (verdicts.clone(), created), "case {case}, import {import}: {file:#?}");
                let before = everyone().await;
                write(&db, &actor, &file, &verdicts, &options, size()).await;
                assert_eq!(everyone().await - before, created, "case {case}, import {import}: {file:#?}");
                let (again, _) = planned(&db, &actor, &file, &options, size()).await;
                for ((told, again), record) in verdicts.iter().zip(again).zip(&file) {
                    assert!(refused(told) || again == Verdict::Unchanged, "{case}, {import}: {again:?} {record:?} of {file:#?}");
                }
                contradictions += verdicts.iter().filter(|told| contradicts(told)).count();
                changed += verdicts.iter().filter(|told| matches!(told, Verdict::Changed(_))).count();
            }
        }
        assert!(contradictions > 30 && changed > 50, "the files are too tame: {contradictions}, {changed}");
    }
}
