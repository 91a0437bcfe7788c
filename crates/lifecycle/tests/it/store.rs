use base::{Actor, ActorKind, CustomerId, Day, DepartmentId, Error, Event, Instant, Language, Scope, UserId};
use customers::customer::{Model, Stage};
use customers::{CREATE, Customers, EDIT, samples};
use db::dialect::statement;
use db::{Db, db_tests, outbox, settings};
use lifecycle::{Lifecycle, Policy, StageListener, StageRow, VIEW};
use module::Listener;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::sync::Arc;

use crate::{day, days};

fn noon(on: &str) -> Instant {
    format!("{on}T04:00:00Z").parse().unwrap()
}

fn system(on: &str) -> Actor {
    Actor::system("test", noon(on))
}

fn person(name: &str, scope: Scope, on: &str) -> Actor {
    let all = [customers::VIEW, CREATE, EDIT, VIEW, shipments::VIEW];
    Actor {
        kind: ActorKind::User { id: UserId(name.into()), session: "s".into() },
        name: name.into(),
        department: Some(DepartmentId("south".into())),
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: noon(on),
    }
}

async fn customer(db: &Db, actor: &Actor, name: &str) -> CustomerId {
    Customers::new(db.clone()).create(actor, samples::draft(name)).await.unwrap().customer_id()
}

/// Writes shipments of these days and the event that an import writes with them.
async fn import(db: &Db, actor: &Actor, customer: &CustomerId, days: &[Day]) {
    const INSERT: &str = "insert into shipments (id, customer_id, source, waybill, shipped_on, payment_term, \
        transport_reference, customer_reference, bill_of_lading, container, booking_number, created_at, updated_at, \
        version) values ($1, $2, 'test', $1, $3, '', '', '', '', '', '', $4, $4, 1)";
    let tx = db.begin().await.unwrap();
    for day in days {
        let id = base::Id::new(actor.now).into_text();
        let values = [id.into(), customer.to_string().into(), (*day).into(), actor.now.into()];
        tx.execute_raw(statement(&tx, INSERT, values)).await.unwrap();
    }
    outbox::add(&tx, actor.now, Event::new("shipments.changed", json!({"customers": [customer]}))).await.unwrap();
    db.commit(tx).await.unwrap();
}

async fn deliver(db: &Db, on: &str) {
    let listeners: [Arc<dyn Listener>; 1] = [Arc::new(StageListener)];
    module::deliver(db, &listeners, noon(on)).await.unwrap();
}

async fn stored(db: &Db, id: &CustomerId) -> Model {
    Customers::new(db.clone()).file(&system("2026-11-23"), id).await.unwrap().customer
}

/// Stage, begin, reasons and the day of the next look.
fn answer(customer: Model) -> (Stage, Option<Day>, serde_json::Value, Option<Day>) {
    (customer.stage, customer.stage_since, customer.stage_reason, customer.stage_review_on)
}

/// Shipment days in the two years before the test's day, some of them after it.
fn history() -> impl Strategy<Value = Vec<Day>> {
    let back = prop_oneof![3 => -20_i64..200, 1 => 200_i64..700];
    let from = |back: i64| day("2026-11-23") - chrono::Duration::days(back);
    proptest::collection::vec(back.prop_map(from), 1..12)
}

db_tests! {
    async fn the_same_shipments_in_any_order_or_split_give_the_same_stage_date_and_reasons(db: Db) {
        let on = "2026-11-23";
        let mut runner = TestRunner::deterministic();
        for case in 0..12 {
            let all = history().new_tree(&mut runner).unwrap().current();
            let mixed = Just(all.clone()).prop_shuffle().new_tree(&mut runner).unwrap().current();
            let at_once = customer(&db, &system(on), &format!("at once {case}")).await;
            let split = customer(&db, &system(on), &format!("split {case}")).await;
            import(&db, &system(on), &at_once, &all).await;
            for part in mixed.chunks(1 + case % 4) {
                import(&db, &system(on), &split, part).await;
                deliver(&db, on).await;
            }
            deliver(&db, on).await;
            assert_eq!(answer(stored(&db, &split).await), answer(stored(&db, &at_once).await), "{all:?}");
        }
        assert_eq!(Lifecycle::new(db).recompute_all(&system(on)).await.unwrap(), 0);
    }

    async fn a_stage_is_dated_by_the_shipments_and_not_by_the_import(db: Db) {
        let id = customer(&db, &system("2026-11-23"), "明为公司").await;
        import(&db, &system("2026-11-23"), &id, &days(&["2026-11-02", "2026-10-05"])).await;
        deliver(&db, "2026-11-23").await;
        let found = stored(&db, &id).await;
        assert_eq!((found.stage, found.stage_since), (Stage::Repeat, Some(day("2026-11-02"))));
        import(&db, &system("2026-11-23"), &id, &days(&["2026-09-01"])).await;
        deliver(&db, "2026-11-23").await;
        assert_eq!(stored(&db, &id).await.stage_since, Some(day("2026-10-05")));
    }

    async fn a_new_customer_is_a_prospect(db: Db) {
        let id = customer(&db, &system("2026-11-23"), "明为公司").await;
        deliver(&db, "2026-11-23").await;
        assert_eq!(stored(&db, &id).await.stage, Stage::Prospect);
    }

    async fn silence_becomes_a_loss_on_its_day_without_new_data(db: Db) {
        let id = customer(&db, &system("2026-08-01"), "明为公司").await;
        import(&db, &system("2026-08-01"), &id, &days(&["2026-07-30"])).await;
        deliver(&db, "2026-08-01").await;
        let lifecycle = Lifecycle::new(db.clone());
        lifecycle.review(&system("2026-10-28")).await.unwrap();
        assert_eq!(stored(&db, &id).await.stage, Stage::FirstTime);
        assert_eq!(lifecycle.review(&system("2026-10-29")).await.unwrap(), 1);
        let lost = stored(&db, &id).await;
        assert_eq!((lost.stage, lost.stage_since), (Stage::Lost, Some(day("2026-10-29"))));
    }

    async fn a_changed_policy_is_applied_to_everybody_by_the_next_run_of_the_job(db: Db) {
        let id = customer(&db, &system("2026-11-23"), "明为公司").await;
        import(&db, &system("2026-11-23"), &id, &days(&["2026-11-01"])).await;
        deliver(&db, "2026-11-23").await;
        let tx = db.begin().await.unwrap();
        let strict = Policy { lost_after_days: 10, ..Policy::default() };
        settings::put(&tx, &system("2026-11-23"), "lifecycle", &strict).await.unwrap();
        outbox::add(&tx, noon("2026-11-23"), Event::new("settings.changed", json!({"key": "lifecycle"}))).await.unwrap();
        db.commit(tx).await.unwrap();
        deliver(&db, "2026-11-23").await;
        Lifecycle::new(db.clone()).review(&system("2026-11-23")).await.unwrap();
        let lost = stored(&db, &id).await;
        assert_eq!((lost.stage, lost.stage_since), (Stage::Lost, Some(day("2026-11-12"))));
    }

    async fn a_stage_given_by_hand_holds_with_its_giver_until_the_first_shipment(db: Db) {
        let zhang = person("zhang", Scope::Own, "2026-11-01");
        let customers = Customers::new(db.clone());
        let id = customer(&db, &zhang, "明为公司").await;
        deliver(&db, "2026-11-01").await;
        customers.set_stage_by_hand(&zhang, &id, Stage::Target, "展会认识").await.unwrap();
        deliver(&db, "2026-11-10").await;
        Lifecycle::new(db.clone()).recompute_all(&system("2026-11-20")).await.unwrap();
        let held = stored(&db, &id).await;
        assert_eq!((held.stage, held.stage_since), (Stage::Target, Some(day("2026-11-01"))));
        assert!(held.stage_reason.to_string().contains("zhang"));
        import(&db, &system("2026-11-20"), &id, &days(&["2026-10-20"])).await;
        deliver(&db, "2026-11-20").await;
        assert_eq!(stored(&db, &id).await.stage, Stage::FirstTime);
    }

    async fn a_stage_against_the_shipments_is_refused(db: Db) {
        let zhang = person("zhang", Scope::Own, "2026-11-01");
        let id = customer(&db, &zhang, "明为公司").await;
        import(&db, &zhang, &id, &days(&["2026-10-20"])).await;
        deliver(&db, "2026-11-01").await;
        let refused = Customers::new(db.clone()).set_stage_by_hand(&zhang, &id, Stage::NonCustomer, "试试").await;
        assert_eq!(refused.unwrap_err().code(), "customer-stage_not_by_hand");
        deliver(&db, "2026-11-01").await;
        let found = stored(&db, &id).await;
        assert_eq!((found.stage, found.stage_since), (Stage::FirstTime, Some(day("2026-10-20"))));
    }

    async fn what_a_person_said_holds_again_when_the_shipment_turns_out_to_be_somebody_elses(db: Db) {
        let zhang = person("zhang", Scope::Own, "2026-11-01");
        let id = customer(&db, &zhang, "明为公司").await;
        Customers::new(db.clone()).set_stage_by_hand(&zhang, &id, Stage::Target, "展会认识").await.unwrap();
        import(&db, &zhang, &id, &days(&["2026-10-20"])).await;
        deliver(&db, "2026-11-02").await;
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared("delete from shipments").await.unwrap();
        db.commit(tx).await.unwrap();
        Lifecycle::new(db.clone()).recompute_all(&system("2026-11-03")).await.unwrap();
        let held = stored(&db, &id).await;
        assert_eq!((held.stage, held.stage_since), (Stage::Target, Some(day("2026-11-01"))));
    }

    async fn everybody_counts_only_the_customers_he_may_see(db: Db) {
        let on = "2026-11-23";
        let (zhang, li) = (person("zhang", Scope::Own, on), person("li", Scope::Own, on));
        let id = customer(&db, &zhang, "明为公司").await;
        import(&db, &zhang, &id, &days(&["2026-11-02", "2026-10-05"])).await;
        customer(&db, &li, "红木家具厂").await;
        deliver(&db, on).await;
        let count = |rows: Vec<StageRow>, key| rows.into_iter().find(|row| row.key == key).unwrap().customers;
        assert_eq!(count(lifecycle::report(&db, &zhang).await.unwrap(), Stage::Repeat), 1);
        assert_eq!(count(lifecycle::report(&db, &li).await.unwrap(), Stage::Repeat), 0);
        assert_eq!(count(lifecycle::report(&db, &li).await.unwrap(), Stage::Prospect), 1);
        let moves = Lifecycle::new(db.clone()).stages(&zhang).await.unwrap().moves;
        let expected = [((Stage::Prospect, Stage::FirstTime), 1), ((Stage::FirstTime, Stage::Repeat), 1)];
        assert_eq!(moves, expected.into_iter().collect());
        let nobody = Actor { permissions: Default::default(), ..zhang };
        assert!(matches!(lifecycle::report(&db, &nobody).await, Err(Error::Forbidden)));
    }
}
