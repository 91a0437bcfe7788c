#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answering;
mod limits;
mod pages;

use access::{RoleId, role, user_role};
use approvals::{Answer, ApprovalId, Approvals, Ask, DECIDE, Kind, LIMITS};
use base::{Actor, ActorKind, Currency, CustomerId, Error, Language, Message, Money, Scope, UserId};
use db::Db;
use sea_orm::{ActiveModelTrait, EntityTrait};

pub const COMPENSATION: Kind = Kind { name: "compensation", title_key: "approval-what" };

/// Somebody who sees all customers, with this permission for all of them. It is noon in Shanghai.
pub fn person(login: &str, permissions: &[base::Permission]) -> Actor {
    let all = permissions.iter().chain([&customers::VIEW, &customers::CREATE]);
    Actor {
        kind: ActorKind::User { id: UserId(login.into()), session: "s".into() },
        name: login.into(),
        department: None,
        permissions: all.map(|permission| (*permission, Scope::All)).collect(),
        language: Language::Chinese,
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

pub fn asker() -> Actor {
    person("chen", &[])
}

pub fn manager() -> Actor {
    person("wang", &[DECIDE])
}

pub fn boss() -> Actor {
    person("admin", &[DECIDE, LIMITS])
}

/// Whoever reaches only his own customers.
pub fn narrow(actor: Actor) -> Actor {
    let permissions = actor.permissions.keys().map(|permission| (*permission, Scope::Own)).collect();
    Actor { permissions, ..actor }
}

pub fn yuan(amount: i64) -> Money {
    Money::new(amount * 100, Currency::CNY)
}

/// The manager and the administrator have their roles, the asker has that of customer service.
pub async fn house(db: &Db) -> Approvals {
    let tx = db.begin().await.unwrap();
    for (built_in, login) in [("manager", "wang"), ("administrator", "admin"), ("customer_service", "chen")] {
        let id = RoleId(format!("role-{built_in}"));
        let row = role::Model {
            id: id.clone(),
            name: built_in.into(),
            built_in: Some(built_in.into()),
            version: 1,
            created_at: asker().now,
        };
        role::Entity::insert(role::ActiveModel::from(row).reset_all()).exec_without_returning(&tx).await.unwrap();
        let held = user_role::Model { user_id: UserId(login.into()), role_id: id };
        let held = user_role::ActiveModel::from(held).reset_all();
        user_role::Entity::insert(held).exec_without_returning(&tx).await.unwrap();
    }
    db.commit(tx).await.unwrap();
    let approvals = Approvals::new(db.clone());
    approvals.know([COMPENSATION]);
    approvals
}

/// A customer of somebody's.
pub async fn customer_of(db: &Db, owner: &Actor, name: &str) -> CustomerId {
    let tx = db.begin().await.unwrap();
    let id = customers::create_in(&tx, owner, customers::forms::CustomerDraft::named(name)).await.unwrap();
    db.commit(tx).await.unwrap();
    id.customer_id()
}

pub async fn ask_for(
    db: &Db,
    approvals: &Approvals,
    actor: &Actor,
    (object_id, customer): (&str, Option<&CustomerId>),
    amount: Option<Money>,
) -> Result<ApprovalId, Error> {
    let tx = db.begin().await.unwrap();
    let ask = Ask {
        kind: COMPENSATION,
        object: "complaint",
        object_id,
        customer,
        amount,
        reason: Message::new("approval-own_request"),
        href: format!("/complaints/{object_id}"),
    };
    let id = approvals.ask(&tx, actor, ask).await?;
    db.commit(tx).await.unwrap();
    Ok(id)
}

pub async fn approve(approvals: &Approvals, actor: &Actor, id: &ApprovalId) -> Result<(), String> {
    said(approvals.decide(actor, id, Answer::Approve, "").await)
}

/// The code of what went wrong.
pub fn said<T>(result: Result<T, Error>) -> Result<(), String> {
    match result {
        Ok(_) => Ok(()),
        Err(Error::Invalid(problems)) => Err(problems[0].message.key.clone()),
        Err(error) => Err(error.code().to_owned()),
    }
}

pub fn refused(code: &str) -> Result<(), String> {
    Err(code.into())
}
