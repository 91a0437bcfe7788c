//! Every query; those that depend on who asks go through the customers that he may see.

pub mod first_weeks;
pub mod of_complaints;

use base::{Actor, Cursor, CustomerId, Day, Error, Instant, Page, PageSize, Permission, Scope, UserId};
use chrono::Datelike;
use customers::interaction;
use db::dialect::is_among;
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait, Select};
use serde::Deserialize;

use crate::follow_up::{Column, Entity, FollowUpId, Kind, Model, Status};

/// Which follow-ups a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FollowUpWhich)]
pub enum Which {
    /// Today or before.
    #[default]
    Due,
    /// Later.
    Planned,
    Done,
    Skipped,
}

/// Follow-ups of customers whom the permission reaches.
pub fn visible_to(actor: &Actor, permission: Permission) -> Select<Entity> {
    let all = |permission| actor.scope(permission) == Some(Scope::All);
    if all(permission) && all(customers::VIEW) {
        return Entity::find();
    }
    let reached = customers::store::reached_by(actor, permission);
    let ids = reached.select_only().column(customers::customer::Column::Id).into_query();
    Entity::find().filter(Column::CustomerId.in_subquery(ids))
}

/// # Errors
/// `NotFound` when there is none or it is out of reach.
pub async fn get(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &FollowUpId,
) -> Result<Model, Error> {
    // PostgreSQL refuses to look for a NUL; no record has one.
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    visible_to(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// Those of these that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn among(db: &impl ConnectionTrait, actor: &Actor, ids: &[String]) -> Result<Vec<Model>, Error> {
    let some = is_among(db, "id", ids.iter().map(String::as_str));
    Ok(visible_to(actor, crate::VIEW).filter(some).all(db).await?)
}

fn of_which(query: Select<Entity>, which: Which, today: Day) -> Select<Entity> {
    let today = i64::from(today.num_days_from_ce());
    match which {
        Which::Due => query.filter(Column::Status.eq(Status::Planned)).filter(Column::ListOrder.lte(today)),
        Which::Planned => query.filter(Column::Status.eq(Status::Planned)).filter(Column::ListOrder.gt(today)),
        Which::Done => query.filter(Column::Status.eq(Status::Done)),
        Which::Skipped => query.filter(Column::Status.eq(Status::Skipped)),
    }
}

/// What is planned by its day, everything else the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    which: Which,
    kind: Option<Kind>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Page<Model>, Error> {
    let mut query = of_which(visible_to(actor, crate::VIEW), which, actor.today());
    if let Some(kind) = kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(after) = after {
        // A made-up place shows nothing.
        let (key, id) = (after.key.parse().unwrap_or(i64::MAX), after.id.replace('\0', ""));
        let same = Condition::all().add(Column::ListOrder.eq(key)).add(Column::Id.gt(id));
        query = query.filter(Condition::any().add(Column::ListOrder.gt(key)).add(same));
    }
    let rows = query.order_by_asc(Column::ListOrder).order_by_asc(Column::Id).limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: row.list_order.to_string(), id: row.id.0.clone() }))
}

/// # Errors
/// When the database does not answer.
pub async fn count(db: &impl ConnectionTrait, actor: &Actor, which: Which) -> Result<u64, Error> {
    Ok(of_which(visible_to(actor, crate::VIEW), which, actor.today()).count(db).await?)
}

/// What was done or skipped with one customer, newest first.
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
    let over = own.filter(Column::DoneAt.lt(before)).filter(Column::Status.is_in([Status::Done, Status::Skipped]));
    Ok(over.order_by_desc(Column::DoneAt).order_by_desc(Column::Id).limit(most).all(db).await?)
}

/// The one of this kind and object of a customer; `mark`: what its reason on the worklist carries.
///
/// # Errors
/// When the database does not answer.
pub async fn first_week_of(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    mark: &str,
) -> Result<Option<Model>, Error> {
    let own = Entity::find().filter(Column::Kind.eq(Kind::FirstWeek)).filter(Column::CustomerId.eq(customer.clone()));
    Ok(own.filter(Column::ObjectId.eq(mark)).one(db).await?)
}

/// What somebody should do, with the owner of its customer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ToDo {
    pub id: FollowUpId,
    pub customer: CustomerId,
    pub owner: Option<UserId>,
    pub person: Option<UserId>,
    pub kind: Kind,
    pub object_id: String,
    pub planned_on: Day,
    pub latest_on: Day,
}

/// What is due, and every first week that is planned. `person` narrows to one person's.
///
/// # Errors
/// When the database does not answer.
pub async fn to_do(db: &impl ConnectionTrait, actor: &Actor, person: Option<&UserId>) -> Result<Vec<ToDo>, Error> {
    use customers::customer;
    let of = |column: Column| Expr::col((Entity, column));
    let of_customer = |column: customer::Column| Expr::col((customer::Entity, column));
    let mut query = customers::store::reached_by(actor, crate::VIEW).select_only().into_query();
    let now = of(Column::PlannedOn).lte(actor.today()).or(of(Column::Kind).eq(Kind::FirstWeek));
    query
        .expr_as(of(Column::Id), "id")
        .expr_as(of(Column::CustomerId), "customer")
        .expr_as(of_customer(customer::Column::OwnerId), "owner")
        .expr_as(of(Column::PersonId), "person")
        .expr_as(of(Column::Kind), "kind")
        .expr_as(of(Column::ObjectId), "object_id")
        .expr_as(of(Column::PlannedOn), "planned_on")
        .expr_as(of(Column::LatestOn), "latest_on")
        .inner_join(Entity, of(Column::CustomerId).equals((customer::Entity, customer::Column::Id)))
        .and_where(of(Column::Status).eq(Status::Planned))
        .and_where(now);
    if let Some(person) = person {
        let as_owner = of_customer(customer::Column::OwnerId).eq(person.clone());
        let own = of(Column::PersonId).is_null().and(as_owner);
        query.and_where(of(Column::PersonId).eq(person.clone()).or(own));
    }
    let names = ["id", "customer", "owner", "person", "kind", "object_id", "planned_on", "latest_on"];
    let mut all: Vec<ToDo> = packed::rows(db, query, &names).await?;
    all.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(all)
}

/// What was said with a customer, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn last_said(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    most: u64,
) -> Result<Vec<interaction::Model>, Error> {
    use interaction::Column::{CustomerId as Of, HappenedAt, Id};
    let own = interaction::Entity::find().filter(Of.eq(customer.clone()));
    Ok(own.order_by_desc(HappenedAt).order_by_desc(Id).limit(most).all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn interaction(db: &impl ConnectionTrait, id: &str) -> Result<Option<interaction::Model>, Error> {
    Ok(interaction::Entity::find_by_id(id).one(db).await?)
}

/// Writes one unless there is one of the same already; tells whether it did.
///
/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, follow_up: &Model) -> Result<bool, Error> {
    let once = [Column::Kind, Column::CustomerId, Column::Object, Column::ObjectId, Column::Round];
    let keep = OnConflict::columns(once).do_nothing().to_owned();
    let row = follow_up.clone().into_active_model();
    Ok(Entity::insert(row).on_conflict(keep).exec_without_returning(tx).await? > 0)
}

/// Writes everything that may change.
///
/// # Errors
/// `Conflict` when somebody changed it since.
pub async fn save(tx: &impl ConnectionTrait, follow_up: &Model) -> Result<(), Error> {
    let now = follow_up.clone();
    let done = Entity::update_many()
        .col_expr(Column::PlannedOn, Expr::value(now.planned_on))
        .col_expr(Column::Status, Expr::value(now.status))
        .col_expr(Column::ListOrder, Expr::value(now.list_order))
        .col_expr(Column::Tries, Expr::value(now.tries))
        .col_expr(Column::TriedOn, Expr::value(now.tried_on))
        .col_expr(Column::Answers, Expr::value(now.answers))
        .col_expr(Column::Result, Expr::value(now.result))
        .col_expr(Column::Mood, Expr::value(now.mood))
        .col_expr(Column::Satisfied, Expr::value(now.satisfied))
        .col_expr(Column::Remark, Expr::value(now.remark))
        .col_expr(Column::SkipReason, Expr::value(now.skip_reason))
        .col_expr(Column::VoidReason, Expr::value(now.void_reason))
        .col_expr(Column::Reopening, Expr::value(now.reopening))
        .col_expr(Column::InteractionId, Expr::value(now.interaction_id))
        .col_expr(Column::DoneAt, Expr::value(now.done_at))
        .col_expr(Column::DoneBy, Expr::value(now.done_by))
        .col_expr(Column::Version, Expr::value(now.version + 1))
        .filter(Column::Id.eq(now.id))
        .filter(Column::Version.eq(now.version))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}
