#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod attack;
mod evidence;
mod figure_pages;
mod figures;
mod numbers;
mod pages;
mod quality;
mod quality_events;
mod sheets;
mod silent;
mod steps;
mod time;
mod worklist;

use access::department;
use base::{Actor, ActorKind, CustomerId, DepartmentId, Error, Instant, Language, Permission, Scope, UserId};
use complaints::complaint::Model;
use complaints::words::Step;
use complaints::{Complaints, samples};
use db::Db;
use db::dialect::statement;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

pub const SERVICE: &str = "service";

/// Somebody with every permission of this reach; it is Monday, 23 November 2026, noon in Shanghai.
pub fn person(id: &str, scope: Scope) -> Actor {
    let all: [Permission; 12] = [
        customers::VIEW,
        customers::CREATE,
        customers::EDIT,
        customers::LOG,
        shipments::VIEW,
        shipments::EDIT,
        complaints::VIEW,
        complaints::LOG,
        complaints::HANDLE,
        approvals::DECIDE,
        complaints::OVERSEE,
        complaints::TEXTS,
    ];
    Actor {
        kind: ActorKind::User { id: UserId(id.into()), session: "s".into() },
        name: id.into(),
        department: Some(DepartmentId(SERVICE.into())),
        permissions: all.into_iter().map(|permission| (permission, scope.clone())).collect(),
        language: Language::Chinese,
        now: at("2026-11-23T04:00:00Z"),
    }
}

pub fn chen() -> Actor {
    person("chen", Scope::All)
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The same person at another time.
pub fn when(actor: &Actor, now: &str) -> Actor {
    Actor { now: at(now), ..actor.clone() }
}

pub fn service() -> DepartmentId {
    DepartmentId(SERVICE.into())
}

/// The customers' service department, as people call it.
pub async fn with_department(db: &Db) -> Complaints {
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
    Complaints::new(db.clone())
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

/// A role of its own lets somebody promise this much alone, whole yuan.
pub async fn with_limit(db: &Db, who: &str, most: i64) {
    const ROLE: &str = "insert into roles (id, name, version, created_at) values ($1, $1, 1, $2)";
    const HAS: &str = "insert into user_roles (user_id, role_id) values ($1, $1)";
    const LIMIT: &str = "insert into approval_limits (role_id, kind, most) values ($1, 'compensation', $2)";
    let tx = db.begin().await.unwrap();
    tx.execute_raw(statement(&tx, USER, [who.into(), chen().now.into()])).await.unwrap();
    tx.execute_raw(statement(&tx, ROLE, [who.into(), chen().now.into()])).await.unwrap();
    tx.execute_raw(statement(&tx, HAS, [who.into()])).await.unwrap();
    tx.execute_raw(statement(&tx, LIMIT, [who.into(), most.into()])).await.unwrap();
    db.commit(tx).await.unwrap();
}

const USER: &str = "insert into users (id, name, login, language, status, version, created_at) \
    values ($1, $1, $1, 'zh-CN', 'active', 1, $2)";

/// A complaint that has just come in.
pub async fn logged(db: &Db) -> (Complaints, Model) {
    let complaints = with_department(db).await;
    let customer = customer(db, &chen(), "红木家具厂").await;
    let complaint = complaints.log(&chen(), samples::draft(&customer, &service())).await.unwrap();
    (complaints, complaint)
}

/// Does the steps up to this one, not it itself.
pub async fn up_to(complaints: &Complaints, actor: &Actor, complaint: &Model, step: Step) -> Model {
    let mut now = complaint.clone();
    while let Some(next) = now.next_step.filter(|next| *next < step) {
        if next == Step::Resolve {
            now = complaints.propose(actor, &now.id, now.version, &samples::solution("")).await.unwrap();
        }
        now = complaints.take_step(actor, &now.id, now.version, &samples::step(next)).await.unwrap();
    }
    now
}

/// The key of a refusal, or of the first problem of a field.
pub fn why<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Refused(message) => message.key,
        Error::Invalid(problems) => format!("{}: {}", problems[0].field, problems[0].message.key),
        other => other.code().to_owned(),
    }
}
