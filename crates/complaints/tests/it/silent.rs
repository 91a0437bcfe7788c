//! Who was served badly, ships less and says nothing.

use base::{Actor, CustomerId, Day, Scope};
use chrono::Duration;
use complaints::{SilentReasons, samples};
use db::{Db, db_tests};
use exceptions::exception::{FoundBy, Kind};
use exceptions::{ExceptionDraft, Exceptions};
use module::ReasonSource;
use shipments::Shipments;

use crate::{chen, customer, person, service, with_department};

/// With the exceptions' permissions too.
fn who(id: &str, scope: Scope) -> Actor {
    let mut actor = person(id, scope.clone());
    actor.permissions.extend([exceptions::VIEW, exceptions::HANDLE].map(|permission| (permission, scope.clone())));
    actor
}

fn ago(days: i64) -> Day {
    chen().today() - Duration::days(days)
}

/// Shipments booked and delivered on these days ago; `late` of them a day after the promise.
async fn ships(db: &Db, customer: &CustomerId, days_ago: &[i64], late: usize) {
    for (no, days) in days_ago.iter().enumerate() {
        let waybill = format!("{}-{days}-{no}", &customer.as_str()[customer.as_str().len() - 12..]);
        let mut draft = shipments::samples::shipment(customer, &waybill, ago(*days));
        draft.booked_on = Some(ago(*days));
        if no < late {
            draft.lines[0].delivered_on = Some(ago(*days) + Duration::days(1));
        }
        Shipments::new(db.clone()).record(&chen(), draft, None).await.unwrap();
    }
}

/// Five shipments of the sixty days before, and so many since, of which so many late.
async fn dropped(db: &Db, owner: &Actor, name: &str, since: usize, late: usize) -> CustomerId {
    let customer = customer(db, owner, name).await;
    ships(db, &customer, &[60, 70, 80, 90, 119], 0).await;
    ships(db, &customer, &[1, 20, 40, 59, 30, 31][..since], late).await;
    customer
}

async fn names(db: &Db, actor: &Actor) -> Vec<String> {
    let complaints = complaints::Complaints::new(db.clone());
    complaints.silent(actor, None).await.unwrap().rows.into_iter().map(|one| one.customer_name).collect()
}

db_tests! {
    async fn two_late_and_a_fifth_fewer_without_a_word_stands_on_the_list(db: Db) {
        let complaints = with_department(&db).await;
        let chen = who("chen", Scope::All);
        dropped(&db, &chen, "红木家具厂", 4, 2).await;
        dropped(&db, &chen, "一次延误", 4, 1).await;
        dropped(&db, &chen, "照样发货", 5, 3).await;
        let loud = dropped(&db, &chen, "说出来的", 3, 3).await;
        dropped(&db, &chen, "几乎不发了", 2, 2).await;
        complaints.log(&chen, samples::draft(&loud, &service())).await.unwrap();
        assert_eq!(names(&db, &chen).await, ["几乎不发了", "红木家具厂"]);
        let found = complaints.silent(&chen, None).await.unwrap();
        let last = &found.rows[1];
        assert_eq!((last.late, last.damaged, last.bad, last.shipments, last.shipments_before), (2, 0, 2, 4, 5));
        assert_eq!((found.days, found.least, found.drop), (60, 2, 20));
    }

    async fn damage_counts_too_and_a_shipment_that_was_both_counts_once(db: Db) {
        with_department(&db).await;
        let chen = who("chen", Scope::All);
        let customer = dropped(&db, &chen, "红木家具厂", 4, 1).await;
        let damage = |waybill: String| ExceptionDraft {
            shipment: None,
            source: Some("tms".into()),
            waybill: Some(waybill),
            customer: Some(customer.clone()),
            line: String::new(),
            kind: Kind::Damage,
            found_by: FoundBy::Us,
            happened_at: None,
            what: "箱子破了".into(),
            customer_asked_at: None,
        };
        let waybill = |days: i64, no: usize| format!("{}-{days}-{no}", &customer.as_str()[customer.as_str().len() - 12..]);
        let exceptions = Exceptions::new(db.clone());
        exceptions.log(&chen, damage(waybill(1, 0))).await.unwrap();
        assert!(names(&db, &chen).await.is_empty(), "the late one itself was damaged");
        exceptions.log(&chen, damage(waybill(20, 1))).await.unwrap();
        let complaints = complaints::Complaints::new(db.clone());
        let found = complaints.silent(&chen, None).await.unwrap().rows;
        assert_eq!((found[0].late, found[0].damaged, found[0].bad), (1, 2, 2));
    }

    async fn what_has_not_come_is_late_and_what_was_promised_before_is_forgotten(db: Db) {
        with_department(&db).await;
        let chen = who("chen", Scope::All);
        let waits = customer(&db, &chen, "还没到").await;
        ships(&db, &waits, &[60, 61, 62], 0).await;
        for no in 0..2 {
            let mut draft = shipments::samples::shipment(&waits, &format!("OPEN{no}"), ago(5));
            draft.booked_on = Some(ago(5));
            draft.lines[0].delivered_on = None;
            Shipments::new(db.clone()).record(&chen, draft, None).await.unwrap();
        }
        let past = customer(&db, &chen, "旧账").await;
        ships(&db, &past, &[60, 61, 62], 3).await;
        assert_eq!(names(&db, &chen).await, ["还没到"]);
    }

    async fn the_owner_is_asked_to_call_and_sees_nobody_elses(db: Db) {
        let complaints = with_department(&db).await;
        let (zhang, lin) = (who("zhang", Scope::Own), who("lin", Scope::Own));
        dropped(&db, &zhang, "明为公司", 3, 2).await;
        dropped(&db, &lin, "迅捷物流", 3, 2).await;
        assert_eq!(names(&db, &zhang).await, ["明为公司"]);
        assert_eq!(names(&db, &who("chen", Scope::All)).await.len(), 2);
        let reasons = SilentReasons.reasons(&db, &zhang, zhang.user_id()).await.unwrap();
        assert_eq!(reasons.len(), 1);
        let told: Vec<_> = reasons[0].reason.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!((reasons[0].kind, told.join(" ")), ("silent_customer", "late=2 damaged=0 fewer=40".to_owned()));
        let mine = complaints.silent(&who("chen", Scope::All), lin.user_id()).await.unwrap().rows;
        assert_eq!(mine.iter().map(|one| one.customer_name.as_str()).collect::<Vec<_>>(), ["迅捷物流"]);
        let mut blind = zhang.clone();
        blind.permissions.remove(&complaints::VIEW);
        assert!(SilentReasons.reasons(&db, &blind, blind.user_id()).await.unwrap().is_empty());
        assert!(complaints.silent(&blind, None).await.is_err());
    }

    async fn the_numbers_are_settings(db: Db) {
        let complaints = with_department(&db).await;
        let chen = who("chen", Scope::All);
        dropped(&db, &chen, "一次延误", 4, 1).await;
        assert!(names(&db, &chen).await.is_empty());
        let policy = complaints::Policy { silent_least: 1, ..complaints.policy().await.unwrap() };
        let tx = db.begin().await.unwrap();
        db::settings::put(&tx, &chen, complaints::SETTINGS, &policy).await.unwrap();
        db.commit(tx).await.unwrap();
        assert_eq!(names(&db, &chen).await, ["一次延误"]);
    }
}
