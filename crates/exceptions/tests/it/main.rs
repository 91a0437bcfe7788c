#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod acts;
mod any_history;
mod pages;
mod raising;

use base::{Actor, ActorKind, CustomerId, Instant, Language, Permission, Scope, UserId};
use chrono::Duration;
use db::Db;
use exceptions::Exceptions;
use exceptions::exception::{Entity, Model, Status};
use sea_orm::{EntityTrait, QueryOrder};
use shipments::forms::{MilestoneDraft, ShipmentDraft};
use shipments::{MilestoneKind, Shipments};

/// Monday 23 November 2026, 10:00 in China: the firm has been open for an hour.
pub const MONDAY: &str = "2026-11-23T02:00:00Z";

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Somebody with every permission of this reach.
pub fn person(id: &str, scope: Scope) -> Actor {
    let all: [Permission; 9] = [
        customers::VIEW,
        customers::CREATE,
        customers::EDIT,
        customers::LOG,
        shipments::VIEW,
        shipments::EDIT,
        exceptions::VIEW,
        exceptions::HANDLE,
        exceptions::RULES,
    ];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: None,
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: at(MONDAY),
    }
}

pub fn manager() -> Actor {
    person("manager", Scope::All)
}

pub fn later(actor: &Actor, minutes: i64) -> Actor {
    Actor { now: actor.now + Duration::minutes(minutes), ..actor.clone() }
}

/// Whoever creates a customer owns him here.
pub async fn customer(db: &Db, actor: &Actor, name: &str) -> CustomerId {
    let owner_id = actor.user_id().cloned();
    let draft = customers::forms::CustomerDraft { owner_id, ..customers::samples::draft(name) };
    let tx = db.begin().await.unwrap();
    let customer = customers::create_in(&tx, actor, draft).await.unwrap();
    db.commit(tx).await.unwrap();
    customer.customer_id()
}

/// A shipment to be signed for at this time.
pub fn planned(customer: &CustomerId, waybill: &str, plan: Instant, actual: Option<Instant>) -> ShipmentDraft {
    let step =
        MilestoneDraft { kind: MilestoneKind::Signed, planned_at: Some(plan), estimated_at: None, actual_at: actual };
    let mut draft = shipments::samples::shipment(customer, waybill, Actor::day_of(plan));
    draft.lines[0].promised_on = None;
    draft.lines[0].delivered_on = None;
    draft.milestones = vec![step];
    draft
}

pub async fn record(db: &Db, actor: &Actor, draft: ShipmentDraft) -> String {
    Shipments::new(db.clone()).record(&Actor { now: actor.now, ..manager() }, draft, None).await.unwrap().id.0
}

/// What the program does with waiting events.
pub async fn deliver(db: &Db, now: Instant) {
    let module = exceptions::module(Exceptions::new(db.clone()));
    module::deliver(db, &module.listeners, now).await.unwrap();
}

/// What the program does each minute.
pub async fn tick(db: &Db, now: Instant) {
    deliver(db, now).await;
    let module = exceptions::module(Exceptions::new(db.clone()));
    for job in module.jobs {
        job.run(&Actor::system("exceptions.watch", now)).await.unwrap();
    }
}

pub async fn all(db: &Db) -> Vec<Model> {
    Entity::find().order_by_asc(exceptions::exception::Column::Id).all(db.read()).await.unwrap()
}

pub async fn the_only(db: &Db) -> Model {
    let all = all(db).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// Waybills' ids with the status of their exceptions.
pub async fn statuses(db: &Db) -> Vec<(String, Status)> {
    let mut found: Vec<_> = all(db).await.into_iter().map(|one| (one.shipment_id, one.status)).collect();
    found.sort();
    found
}
