//! Every query about approvals; those that depend on who asks start from `visible_to`.

use std::collections::BTreeMap;

use access::{RoleId, role, user_role};
use base::{Actor, Cursor, Error, Page, PageSize, Scope, UserId};
use db::dialect::is_among;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait, Select, Set};

use crate::approval::{ActiveModel, ApprovalId, Column, Entity, Model, Status};
use crate::{DECIDE, limit};

/// Nobody has more of them open at once than he can look through.
const MOST_WAITING: u64 = 500;

/// What the actor asked himself, and what he may answer: of customers whom his permission reaches, or, where there is no
/// customer, of colleagues in his departments.
fn visible_to(actor: &Actor) -> Select<Entity> {
    let mut any = Condition::any().add(Column::AskedById.eq(crate::service::id_of(actor)));
    if let Some(scope) = actor.scope(DECIDE) {
        let reached = customers::store::reached_by(actor, DECIDE).select_only().column(customers::customer::Column::Id);
        any = any.add(Column::CustomerId.in_subquery(reached.into_query()));
        any = match scope {
            Scope::All => any.add(Column::CustomerId.is_null()),
            Scope::Departments(all) => any.add(Column::CustomerId.is_null().and(Column::DepartmentId.is_in(all))),
            Scope::Own => any,
        };
    }
    Entity::find().filter(any)
}

/// # Errors
/// `NotFound` also when it is out of the actor's reach.
pub async fn get(db: &impl ConnectionTrait, actor: &Actor, id: &ApprovalId) -> Result<Model, Error> {
    visible_to(actor).filter(Column::Id.eq(id.clone())).one(db).await?.ok_or(Error::NotFound)
}

/// Those of these that the actor may see.
pub async fn seen_among(db: &impl ConnectionTrait, actor: &Actor, ids: &[ApprovalId]) -> Result<Vec<Model>, Error> {
    let some = is_among(db, "id", ids.iter().map(ApprovalId::as_str));
    Ok(visible_to(actor).filter(some).all(db).await?)
}

/// Longest waiting first.
pub async fn waiting(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Model>, Error> {
    let waiting = visible_to(actor).filter(Column::Status.eq(Status::Waiting));
    Ok(waiting.order_by_asc(Column::AskedAt).order_by_asc(Column::Id).limit(MOST_WAITING).all(db).await?)
}

/// Last decided first.
pub async fn decided(
    db: &impl ConnectionTrait,
    actor: &Actor,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let mut query = visible_to(actor).filter(Column::Status.ne(Status::Waiting));
    if let Some(after) = after {
        let at = after.moment().ok_or_else(web::api::unknown_place)?;
        let older = Column::DecidedAt.lt(at).or(Column::DecidedAt.eq(at).and(Column::Id.lt(after.id.clone())));
        query = query.filter(older);
    }
    let rows = query.order_by_desc(Column::DecidedAt).order_by_desc(Column::Id).limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor {
        key: row.decided_at.unwrap_or(row.asked_at).to_rfc3339(),
        id: row.id.0.clone(),
    }))
}

/// By id; what does not exist is left out.
pub async fn by_ids(db: &impl ConnectionTrait, ids: &[ApprovalId]) -> Result<BTreeMap<ApprovalId, Model>, Error> {
    let some = is_among(db, "id", ids.iter().map(ApprovalId::as_str));
    let rows = Entity::find().filter(some).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}

/// Last asked first.
pub async fn of(db: &impl ConnectionTrait, object: &str, object_id: &str) -> Result<Vec<Model>, Error> {
    let all = Entity::find().filter(Column::Object.eq(object)).filter(Column::ObjectId.eq(object_id));
    Ok(all.order_by_desc(Column::AskedAt).order_by_desc(Column::Id).all(db).await?)
}

/// False when the same question waits for an answer already.
pub async fn insert(tx: &impl ConnectionTrait, row: Model) -> Result<bool, Error> {
    let once = OnConflict::column(Column::WaitingFor).do_nothing().to_owned();
    let rows = Entity::insert(ActiveModel::from(row).reset_all()).on_conflict(once).exec_without_returning(tx).await?;
    Ok(rows == 1)
}

/// # Errors
/// `Conflict` when somebody else was first.
pub async fn save(tx: &impl ConnectionTrait, row: Model) -> Result<Model, Error> {
    let saved = Model { version: row.version + 1, ..row.clone() };
    let change = ActiveModel {
        status: Set(saved.status),
        waiting_for: Set(saved.waiting_for.clone()),
        decided_at: Set(saved.decided_at),
        decided_by: Set(saved.decided_by.clone()),
        decided_by_id: Set(saved.decided_by_id.clone()),
        note: Set(saved.note.clone()),
        version: Set(saved.version),
        ..Default::default()
    };
    let done = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(row.id))
        .filter(Column::Version.eq(row.version))
        .exec(tx)
        .await?;
    match done.rows_affected {
        0 => Err(Error::Conflict),
        _ => Ok(saved),
    }
}

/// In the order they were made.
pub async fn roles(db: &impl ConnectionTrait) -> Result<Vec<role::Model>, Error> {
    use role::Column::{CreatedAt, Id};
    Ok(role::Entity::find().order_by_asc(CreatedAt).order_by_asc(Id).all(db).await?)
}

pub async fn roles_of(db: &impl ConnectionTrait, user: &UserId) -> Result<Vec<role::Model>, Error> {
    let held = user_role::Entity::find().filter(user_role::Column::UserId.eq(user.clone())).all(db).await?;
    let ids: Vec<RoleId> = held.into_iter().map(|row| row.role_id).collect();
    Ok(role::Entity::find().filter(role::Column::Id.is_in(ids)).all(db).await?)
}

/// What was set, by role and kind.
pub async fn limits(db: &impl ConnectionTrait) -> Result<BTreeMap<(RoleId, String), Option<i64>>, Error> {
    let rows = limit::Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| ((row.role_id, row.kind), row.most)).collect())
}

pub async fn put_limit(tx: &impl ConnectionTrait, row: limit::Model) -> Result<(), Error> {
    use limit::Column::{Kind, Most, RoleId};
    let replace = OnConflict::columns([RoleId, Kind]).update_column(Most).to_owned();
    let row = limit::ActiveModel::from(row).reset_all();
    limit::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}
