//! Every query; those that depend on who asks start from `visible_to`.

use std::collections::BTreeMap;

use base::{Actor, Cursor, CustomerId, DepartmentId, Error, Instant, Page, PageSize, Permission, Scope, UserId};
use db::dialect::is_among;
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Asterisk;
use sea_orm::{Condition, ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait, Select};
use serde::Deserialize;

use crate::note::{Column, Entity, Model, NoteId, Status};

/// Which notes a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeedbackWhich)]
pub enum Which {
    #[default]
    Waiting,
    Answered,
    Told,
    SetAside,
    /// Noted by whoever asks.
    Mine,
    All,
}

impl Which {
    fn status(self) -> Option<Status> {
        match self {
            Which::Waiting => Some(Status::Waiting),
            Which::Answered => Some(Status::Answered),
            Which::Told => Some(Status::Told),
            Which::SetAside => Some(Status::SetAside),
            Which::Mine | Which::All => None,
        }
    }
}

/// Own notes, notes of customers that the permission reaches, notes for departments that it reaches.
pub fn visible_to(actor: &Actor, permission: Permission) -> Select<Entity> {
    let own = || match actor.user_id() {
        Some(user) => Condition::any().add(Column::LoggedById.eq(user.clone())),
        None => Condition::any().add(Expr::value(false)),
    };
    let customers = || {
        let reached = customers::store::reached_by(actor, permission);
        Column::CustomerId.in_subquery(reached.select_only().column(customers::customer::Column::Id).into_query())
    };
    match actor.scope(permission) {
        Some(Scope::All) => Entity::find(),
        Some(Scope::Departments(departments)) => {
            Entity::find().filter(own().add(customers()).add(Column::DepartmentId.is_in(departments)))
        }
        Some(Scope::Own) => Entity::find().filter(own().add(customers())),
        None => Entity::find().filter(Expr::value(false)),
    }
}

/// # Errors
/// `NotFound` when there is none or it is out of reach.
pub async fn get(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &NoteId,
) -> Result<Model, Error> {
    // PostgreSQL refuses to look for a NUL; no record has one.
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    visible_to(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// Those of these notes that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn among(db: &impl ConnectionTrait, actor: &Actor, ids: &[String]) -> Result<Vec<Model>, Error> {
    let some = is_among(db, "id", ids.iter().map(String::as_str));
    Ok(visible_to(actor, crate::VIEW).filter(some).all(db).await?)
}

/// What waits by the moment it is due, everything else by its own, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    which: Which,
    department: Option<&DepartmentId>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let mut query = visible_to(actor, crate::VIEW);
    if let Some(status) = which.status() {
        query = query.filter(Column::Status.eq(status));
    }
    if which == Which::Mine {
        query = query.filter(Column::LoggedById.eq(actor.user_id().cloned()));
    }
    if let Some(department) = department {
        query = query.filter(Column::DepartmentId.eq(department.clone()));
    }
    let by_due = which == Which::Waiting;
    if let Some(after) = after {
        query = query.filter(behind(by_due, after));
    }
    let query = match by_due {
        true => query.order_by_asc(Column::DueOrder).order_by_asc(Column::Id),
        false => query.order_by_desc(Column::Id),
    };
    let rows = query.limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: row.due_order.to_string(), id: row.id.clone() }))
}

/// A made-up place shows nothing.
fn behind(by_due: bool, after: &Cursor) -> Condition {
    let (key, id) = (after.key.parse().unwrap_or(i64::MAX), after.id.replace('\0', ""));
    match by_due {
        true => Condition::any()
            .add(Column::DueOrder.gt(key))
            .add(Condition::all().add(Column::DueOrder.eq(key)).add(Column::Id.gt(id))),
        false => Condition::all().add(Column::Id.lt(id)),
    }
}

/// How many stand where.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(db: &impl ConnectionTrait, actor: &Actor) -> Result<BTreeMap<Status, i64>, Error> {
    let grouped = visible_to(actor, crate::VIEW)
        .select_only()
        .column(Column::Status)
        .column_as(Expr::col(Asterisk).count(), "count")
        .group_by(Column::Status);
    let rows: Vec<(Status, i64)> = grouped.into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

/// What one customer said, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    before: Instant,
    most: u64,
) -> Result<Vec<Model>, Error> {
    let own = visible_to(actor, crate::VIEW).filter(Column::CustomerId.eq(customer.clone()));
    let earlier = own.filter(Column::LoggedAt.lt(before)).order_by_desc(Column::LoggedAt).order_by_desc(Column::Id);
    Ok(earlier.limit(most).all(db).await?)
}

/// What was answered and not told, each with the owner of its customer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Untold {
    pub id: String,
    pub customer: CustomerId,
    pub owner: Option<UserId>,
    pub words: String,
    pub answer: String,
    pub answered_at: Instant,
    pub answered_by: String,
}

/// # Errors
/// When the database does not answer.
pub async fn untold(db: &impl ConnectionTrait, actor: &Actor, owner: Option<&UserId>) -> Result<Vec<Untold>, Error> {
    use customers::customer;
    let mut reached = customers::store::reached_by(actor, crate::VIEW);
    if let Some(owner) = owner {
        reached = reached.filter(customer::Column::OwnerId.eq(owner.clone()));
    }
    let of = |column: Column| Expr::col((Entity, column));
    let of_customer = |column: customer::Column| Expr::col((customer::Entity, column));
    let mut query = reached.select_only().into_query();
    query
        .expr_as(of(Column::Id), "id")
        .expr_as(of(Column::CustomerId), "customer")
        .expr_as(of_customer(customer::Column::OwnerId), "owner")
        .expr_as(of(Column::Words), "words")
        .expr_as(of(Column::Answer), "answer")
        .expr_as(of(Column::AnsweredAt), "answered_at")
        .expr_as(of(Column::AnsweredBy), "answered_by")
        .inner_join(Entity, of(Column::CustomerId).equals((customer::Entity, customer::Column::Id)))
        .and_where(of(Column::Status).eq(Status::Answered));
    let names = ["id", "customer", "owner", "words", "answer", "answered_at", "answered_by"];
    let mut all: Vec<Untold> = packed::rows(db, query, &names).await?;
    all.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(all)
}

/// How fast a department answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speed {
    pub department: Option<DepartmentId>,
    pub answered: usize,
    /// Working minutes, the middle one.
    pub median_minutes: i64,
}

/// Of the notes that were answered since, by department.
///
/// # Errors
/// When the database does not answer.
pub async fn speeds(db: &impl ConnectionTrait, actor: &Actor, since: Instant) -> Result<Vec<Speed>, Error> {
    let query = visible_to(actor, crate::VIEW)
        .filter(Column::AnsweredAt.gte(since))
        .filter(Column::AnsweredMinutes.is_not_null())
        .select_only()
        .columns([Column::DepartmentId, Column::AnsweredMinutes])
        .into_query();
    let rows: Vec<(Option<DepartmentId>, i64)> =
        packed::rows(db, query, &["department_id", "answered_minutes"]).await?;
    let mut by_department: BTreeMap<Option<DepartmentId>, Vec<i64>> = BTreeMap::new();
    for (department, minutes) in rows {
        by_department.entry(department).or_default().push(minutes);
    }
    Ok(by_department.into_iter().map(speed).collect())
}

fn speed((department, mut minutes): (Option<DepartmentId>, Vec<i64>)) -> Speed {
    minutes.sort_unstable();
    let median_minutes = minutes.get(minutes.len().saturating_sub(1) / 2).copied().unwrap_or_default();
    Speed { department, answered: minutes.len(), median_minutes }
}

/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, note: &Model) -> Result<(), Error> {
    Entity::insert(note.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes everything that may change; the words, who noted them and when stay.
///
/// # Errors
/// `Conflict` when somebody changed the note since.
pub async fn save(tx: &impl ConnectionTrait, note: &Model) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::CustomerId, Expr::value(note.customer_id.clone()))
        .col_expr(Column::DepartmentId, Expr::value(note.department_id.clone()))
        .col_expr(Column::DueAt, Expr::value(note.due_at))
        .col_expr(Column::DueOrder, Expr::value(note.due_order))
        .col_expr(Column::Status, Expr::value(note.status))
        .col_expr(Column::Answer, Expr::value(note.answer.clone()))
        .col_expr(Column::AnsweredAt, Expr::value(note.answered_at))
        .col_expr(Column::AnsweredBy, Expr::value(note.answered_by.clone()))
        .col_expr(Column::AnsweredMinutes, Expr::value(note.answered_minutes))
        .col_expr(Column::ToldAt, Expr::value(note.told_at))
        .col_expr(Column::ToldBy, Expr::value(note.told_by.clone()))
        .col_expr(Column::InteractionId, Expr::value(note.interaction_id.clone()))
        .col_expr(Column::Reason, Expr::value(note.reason.clone()))
        .col_expr(Column::Version, Expr::value(note.version + 1))
        .filter(Column::Id.eq(note.id.clone()))
        .filter(Column::Version.eq(note.version))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}
