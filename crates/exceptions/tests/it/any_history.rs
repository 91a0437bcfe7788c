//! Whatever is told of shipments, in whatever order and however often: what stands in the end follows from them alone.

use std::collections::BTreeMap;

use base::{Actor, Instant};
use chrono::Duration;
use db::{Db, db_tests, outbox};
use exceptions::exception::Status;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{MONDAY, all, at, customer, manager, planned, record, tick};

/// Which waybill, its plan in hours from now, and when it happened in hours after the plan, if it did.
type Told = (u8, i64, Option<i64>);

/// When it happened; nobody tells of the future.
fn actual_of(plan: i64, actual: Option<i64>) -> Option<i64> {
    actual.filter(|actual| plan + actual < 0)
}

/// What was last told of each waybill decides.
fn late(told: &[Told]) -> BTreeMap<u8, bool> {
    let late = |plan: i64, actual| match actual_of(plan, actual) {
        Some(actual) => actual > 2,
        None => -plan > 2,
    };
    // Exactly two hours are fine, and a few minutes have passed since.
    let at_the_edge = |plan: i64, actual| actual_of(plan, actual).is_none() && plan == -2;
    told.iter().map(|(waybill, plan, actual)| (*waybill, late(*plan, *actual) || at_the_edge(*plan, *actual))).collect()
}

/// All that was delivered is delivered once more, as after a restore.
async fn repeat_events(db: &Db) {
    let again = outbox::Entity::update_many()
        .col_expr(outbox::Column::DeliveredAt, Expr::value(Option::<Instant>::None))
        .filter(outbox::Column::Kind.eq("shipments.changed"));
    again.exec(db.writer()).await.unwrap();
}

/// By waybill, whether an exception stands; never two.
async fn told(db: &Db, prefix: &str, history: &[Told], often: bool) -> BTreeMap<u8, bool> {
    let ming = customer(db, &manager(), prefix).await;
    let mut ids = BTreeMap::new();
    for (second, (waybill, plan, actual)) in (0..).zip(history) {
        let now = at(MONDAY) + Duration::seconds(second);
        let happened = actual_of(*plan, *actual);
        let plan = at(MONDAY) + Duration::hours(*plan);
        let draft =
            planned(&ming, &format!("{prefix}{waybill}"), plan, happened.map(|hours| plan + Duration::hours(hours)));
        ids.insert(*waybill, record(db, &Actor { now, ..manager() }, draft).await);
        if often {
            tick(db, now).await;
        }
    }
    if often {
        repeat_events(db).await;
    }
    tick(db, at(MONDAY) + Duration::minutes(6)).await;
    let all = all(db).await;
    let stands = |id: &String| {
        let own: Vec<_> = all.iter().filter(|one| one.shipment_id == *id).collect();
        assert!(own.len() < 2, "{own:?}");
        own.iter().any(|one| one.status == Status::Open)
    };
    ids.iter().map(|(waybill, id)| (*waybill, stands(id))).collect()
}

db_tests! {
    async fn what_stands_in_the_end_follows_from_the_shipments_alone(db: Db) {
        let any = proptest::collection::vec((0..4_u8, -40..10_i64, proptest::option::of(-3..6_i64)), 1..10);
        for case in 0..12 {
            let history: Vec<Told> = any.new_tree(&mut TestRunner::default()).unwrap().current();
            for often in [false, true] {
                let prefix = format!("{}{case}-", if often { "often" } else { "once" });
                assert_eq!(told(&db, &prefix, &history, often).await, late(&history), "{history:?}, {prefix}");
            }
        }
    }
}
