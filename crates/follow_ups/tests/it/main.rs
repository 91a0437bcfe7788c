#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod doing;
mod planning;
mod worklist;

use std::sync::Arc;

use access::department;
use base::{
    Actor, ActorKind, CustomerId, Day, DepartmentId, Error, Event, Instant, Language, PageSize, Permission, Scope,
    UserId,
};
use complaints::complaint::Model as Complaint;
use complaints::words::{Answer, Step};
use complaints::{Complaints, samples};
use customers::interaction::{InteractionKind, Mood};
use db::dialect::statement;
use db::{Db, outbox};
use follow_ups::follow_up::{Kind, Model};
use follow_ups::forms::DoneDraft;
use follow_ups::{FollowUpListener, FollowUps, Which};
use module::Listener;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::json;

/// Friday noon in Guangzhou.
pub const FRIDAY: &str = "2026-11-20T04:00:00Z";
/// Tuesday after it: the second workday.
pub const TUESDAY: &str = "2026-11-24T04:00:00Z";

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn service() -> DepartmentId {
    DepartmentId("service".into())
}

/// Somebody with every permission of this reach.
pub fn person(id: &str, scope: Scope, now: &str) -> Actor {
    let all: [Permission; 10] = [
        customers::VIEW,
        customers::CREATE,
        customers::EDIT,
        customers::LOG,
        complaints::VIEW,
        complaints::LOG,
        complaints::HANDLE,
        feedback::VIEW,
        follow_ups::VIEW,
        follow_ups::DO,
    ];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: Some(service()),
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: at(now),
    }
}

pub fn chen(now: &str) -> Actor {
    person("chen", Scope::All, now)
}

pub async fn house(db: &Db) -> FollowUps {
    let row = department::Model {
        id: service(),
        parent_id: None,
        name: "客服".into(),
        version: 1,
        created_at: at("2026-01-01T00:00:00Z"),
    };
    let tx = db.begin().await.unwrap();
    department::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
    db.commit(tx).await.unwrap();
    FollowUps::new(db.clone(), Complaints::new(db.clone()))
}

/// Owned by whoever creates him.
pub async fn customer(db: &Db, actor: &Actor, name: &str) -> CustomerId {
    let owner_id = actor.user_id().cloned();
    let draft = customers::forms::CustomerDraft { owner_id, ..customers::samples::draft(name) };
    let tx = db.begin().await.unwrap();
    let customer = customers::create_in(&tx, actor, draft).await.unwrap();
    db.commit(tx).await.unwrap();
    customer.customer_id()
}

/// Does the steps of a complaint that are left, this one included.
pub async fn steps(db: &Db, actor: &Actor, complaint: &Complaint, last: Step) -> Complaint {
    let complaints = Complaints::new(db.clone());
    let mut now = complaint.clone();
    while let Some(next) = now.next_step.filter(|next| *next <= last) {
        if next == Step::Resolve {
            now = complaints.propose(actor, &now.id, now.version, &samples::solution("")).await.unwrap();
        }
        let mut step = samples::step(next);
        if next == Step::Confirm {
            step.answer = Some(Answer::Agreed);
        }
        now = complaints.take_step(actor, &now.id, now.version, &step).await.unwrap();
    }
    now
}

/// A complaint that was resolved on Friday; nobody has delivered its events yet.
pub async fn resolved(db: &Db) -> (FollowUps, Complaint) {
    let follow_ups = house(db).await;
    let chen = chen(FRIDAY);
    let customer = customer(db, &chen, "红木家具厂").await;
    let draft = samples::draft(&customer, &service());
    let complaint = Complaints::new(db.clone()).log(&chen, draft).await.unwrap();
    let complaint = steps(db, &chen, &complaint, Step::Resolve).await;
    (follow_ups, complaint)
}

pub async fn deliver(db: &Db, now: &str) {
    let listeners: [Arc<dyn Listener>; 1] = [Arc::new(FollowUpListener)];
    module::deliver(db, &listeners, at(now)).await.unwrap();
}

/// As the event of this kind says it once more.
pub async fn tell_again(db: &Db, kind: &str, complaint: &Complaint, now: &str) {
    let tx = db.begin().await.unwrap();
    outbox::add(&tx, at(now), complaints::events::of(kind, complaint)).await.unwrap();
    db.commit(tx).await.unwrap();
    deliver(db, now).await;
}

/// All that were ever planned, in the order of kind and round.
pub async fn all(db: &Db) -> Vec<Model> {
    use follow_ups::follow_up::{Column, Entity};
    let all = Entity::find().order_by_asc(Column::Kind).order_by_asc(Column::Round).order_by_asc(Column::ObjectId);
    all.all(db.read()).await.unwrap()
}

pub async fn the_one(db: &Db, kind: Kind) -> Model {
    let found: Vec<_> = all(db).await.into_iter().filter(|one| one.kind == kind).collect();
    assert_eq!(found.len(), 1, "{kind}");
    found[0].clone()
}

/// Shipments of these days and the event that an import writes with them.
pub async fn ship(db: &Db, now: &str, customer: &CustomerId, days: &[&str]) {
    const INSERT: &str = "insert into shipments (id, customer_id, source, waybill, shipped_on, payment_term, \
        transport_reference, customer_reference, bill_of_lading, container, booking_number, created_at, updated_at, \
        version) values ($1, $2, 'test', $1, $3, '', '', '', '', '', '', $4, $4, 1)";
    let tx = db.begin().await.unwrap();
    for text in days {
        let id = base::Id::new(at(now)).into_text();
        let values = [id.into(), customer.to_string().into(), day(text).into(), at(now).into()];
        tx.execute_raw(statement(&tx, INSERT, values)).await.unwrap();
    }
    outbox::add(&tx, at(now), Event::new("shipments.changed", json!({"customers": [customer]}))).await.unwrap();
    db.commit(tx).await.unwrap();
}

pub fn content(result: &str) -> DoneDraft {
    DoneDraft {
        how: InteractionKind::Call,
        result: result.into(),
        mood: Mood::Pleased,
        satisfied: Some(5),
        answers: Default::default(),
        remark: String::new(),
        department: None,
        next_step: String::new(),
        next_step_on: None,
    }
}

pub fn annoyed(result: &str) -> DoneDraft {
    DoneDraft { mood: Mood::Annoyed, satisfied: Some(1), ..content(result) }
}

/// The ids of a list.
pub async fn listed(follow_ups: &FollowUps, actor: &Actor, which: Which) -> Vec<String> {
    let page = follow_ups.list(actor, which, None, None, PageSize(50)).await.unwrap();
    page.rows.into_iter().map(|file| file.follow_up.id.0).collect()
}

/// The field and key of what is wrong, or the key of a refusal.
pub fn why<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Refused(message) => message.key,
        Error::Invalid(problems) => format!("{}: {}", problems[0].field, problems[0].message.key),
        other => other.code().to_owned(),
    }
}
