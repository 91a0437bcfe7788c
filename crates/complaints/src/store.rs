//! Every query about complaints; those that depend on who asks go through the customers that he may see.

pub mod due;
pub mod figures;
pub mod list;
pub mod people;
pub mod quality_events;
pub mod silent;
pub mod waybills;

use base::{Actor, CustomerId, DepartmentId, Error, Permission};
use db::dialect::unsought;
use sea_orm::ActiveValue::NotSet;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect, Set};

use crate::complaint::{ActiveModel, Column, ComplaintId, Entity, Model};
use crate::{entry, link, number};

/// Lines of a complaint's history that are read at once.
const MOST_ENTRIES: u64 = 500;

/// Ids of the customers whose complaints a permission of the actor reaches; `None`: all.
pub fn customers_reached(actor: &Actor, permission: Permission) -> Option<SelectStatement> {
    customers::store::select_ids(actor, permission)
}

/// Complaints that a permission of the actor reaches.
pub fn reached_by(actor: &Actor, permission: Permission) -> Select<Entity> {
    match customers_reached(actor, permission) {
        Some(seen) => Entity::find().filter(Column::CustomerId.in_subquery(seen)),
        None => Entity::find(),
    }
}

/// The same, found in the order of the list: to gather those of each of his customers first, and sort them then, takes a
/// hundred times as long where there are many.
fn in_order(actor: &Actor, permission: Permission) -> Select<Entity> {
    match customers_reached(actor, permission) {
        Some(seen) => Entity::find().filter(unsought("customer_id").in_subquery(seen)),
        None => Entity::find(),
    }
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's reach.
pub async fn get(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &ComplaintId,
) -> Result<Model, Error> {
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    reached_by(actor, permission).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// As `get`, and nobody else writes it until the transaction ends.
///
/// # Errors
/// As `get`.
pub async fn lock(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: &ComplaintId,
) -> Result<Model, Error> {
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    let one = reached_by(actor, permission).filter(Column::Id.eq(id.as_str()));
    one.lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// The department's next number of the year. Whoever asks next waits until this transaction ends; one that is rolled
/// back gives its number back.
///
/// # Errors
/// When the database refuses the write.
pub async fn next_number(tx: &impl ConnectionTrait, department: &DepartmentId, year: i64) -> Result<i64, Error> {
    let first = number::ActiveModel { department_id: Set(department.clone()), year: Set(year), last: Set(0) };
    let keep = OnConflict::columns([number::Column::DepartmentId, number::Column::Year]).do_nothing().to_owned();
    number::Entity::insert(first).on_conflict(keep).exec_without_returning(tx).await?;
    let counter = number::Entity::find_by_id((department.clone(), year)).lock_exclusive().one(tx).await?;
    let next = counter.ok_or_else(|| Error::Bug("a counter is gone".into()))?.last + 1;
    number::Entity::update_many()
        .col_expr(number::Column::Last, Expr::value(next))
        .filter(number::Column::DepartmentId.eq(department.as_str()))
        .filter(number::Column::Year.eq(year))
        .exec(tx)
        .await?;
    Ok(next)
}

/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, complaint: &Model) -> Result<(), Error> {
    Entity::insert(complaint.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes all but what the customer said, which nothing ever changes.
///
/// # Errors
/// `Conflict` when somebody changed it since `version`.
pub async fn save(tx: &impl ConnectionTrait, complaint: &Model, version: i64) -> Result<(), Error> {
    let active = ActiveModel {
        number: NotSet,
        number_year: NotSet,
        number_no: NotSet,
        customer_id: NotSet,
        channel: NotSet,
        words: NotSet,
        wish: NotSet,
        received_at: NotSet,
        received_order: NotSet,
        created_at: NotSet,
        created_by: NotSet,
        ..complaint.clone().into_active_model().reset_all()
    };
    let done = Entity::update_many()
        .set(active)
        .filter(Column::Id.eq(complaint.id.as_str()))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Adds lines to the history, after those that there are.
///
/// # Errors
/// When the database refuses the write.
pub async fn add_entries(
    tx: &impl ConnectionTrait,
    complaint: &ComplaintId,
    entries: Vec<entry::Model>,
) -> Result<(), Error> {
    let last = entry::Entity::find()
        .filter(entry::Column::ComplaintId.eq(complaint.as_str()))
        .order_by_desc(entry::Column::No)
        .one(tx)
        .await?;
    let first = last.map_or(0, |last| last.no) + 1;
    for (no, entry) in (first..).zip(entries) {
        let row = entry::Model { no, ..entry };
        entry::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn entries_of(db: &impl ConnectionTrait, id: &ComplaintId) -> Result<Vec<entry::Model>, Error> {
    let own = entry::Entity::find().filter(entry::Column::ComplaintId.eq(id.as_str()));
    Ok(own.order_by_desc(entry::Column::No).limit(MOST_ENTRIES).all(db).await?)
}

/// By waybill.
///
/// # Errors
/// When the database does not answer.
pub async fn shipments_of(db: &impl ConnectionTrait, id: &ComplaintId) -> Result<Vec<link::Model>, Error> {
    let own = link::Entity::find().filter(link::Column::ComplaintId.eq(id.as_str()));
    Ok(own.order_by_asc(link::Column::Waybill).order_by_asc(link::Column::ShipmentId).all(db).await?)
}

/// What is linked already stays.
///
/// # Errors
/// When the database refuses the write.
pub async fn link(tx: &impl ConnectionTrait, links: Vec<link::Model>) -> Result<(), Error> {
    use link::Column::{ComplaintId, ShipmentId};
    if links.is_empty() {
        return Ok(());
    }
    let keep = OnConflict::columns([ComplaintId, ShipmentId]).do_nothing().to_owned();
    let rows = links.into_iter().map(IntoActiveModel::into_active_model);
    link::Entity::insert_many::<link::ActiveModel, _>(rows).on_conflict(keep).exec_without_returning(tx).await?;
    Ok(())
}

/// The customer's other complaints, the last received first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(db: &impl ConnectionTrait, id: &CustomerId, rows: u64) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::CustomerId.eq(id.clone()));
    let order = own.order_by_desc(Column::ReceivedOrder).order_by_desc(Column::Id);
    Ok(order.limit(rows).all(db).await?)
}

/// Those that were merged into this one, by number.
///
/// # Errors
/// When the database does not answer.
pub async fn merged_into(db: &impl ConnectionTrait, complaint: &Model) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::CustomerId.eq(complaint.customer_id.clone()));
    Ok(own.filter(Column::MergedInto.eq(complaint.id.clone())).order_by_asc(Column::Number).all(db).await?)
}

/// The complaint of this number that the actor may handle.
///
/// # Errors
/// When the database does not answer.
pub async fn by_number(db: &impl ConnectionTrait, actor: &Actor, number: &str) -> Result<Option<ComplaintId>, Error> {
    if number.contains('\0') {
        return Ok(None);
    }
    let found = reached_by(actor, crate::HANDLE).filter(Column::Number.eq(number)).one(db).await?;
    Ok(found.map(|one| one.id))
}

/// Writes what the calendar alone decides.
///
/// # Errors
/// When the database refuses the write.
pub async fn save_clocks(tx: &impl ConnectionTrait, complaint: &Model) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::ResponseDue, Expr::value(complaint.response_due))
        .col_expr(Column::ResolutionDue, Expr::value(complaint.resolution_due))
        .col_expr(Column::LegalDue, Expr::value(complaint.legal_due))
        .col_expr(Column::DueOrder, Expr::value(complaint.due_order))
        .col_expr(Column::LegalOrder, Expr::value(complaint.legal_order))
        .col_expr(Column::EscalateOrder, Expr::value(complaint.escalate_order))
        .col_expr(Column::ClocksStale, Expr::value(false))
        .filter(Column::Id.eq(complaint.id.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How often it happened again: complaints of the same cause and department that came in after the correction was
/// verified.
///
/// # Errors
/// When the database does not answer.
pub async fn recurred(db: &impl ConnectionTrait, complaint: &Model) -> Result<u64, Error> {
    let (Some(verified), Some(cause), Some(department)) =
        (complaint.correction_verified_at, complaint.cause, &complaint.cause_department_id)
    else {
        return Ok(0);
    };
    let since = Entity::find().filter(Column::ReceivedOrder.gt(verified.timestamp_micros()));
    let same = since.filter(Column::Cause.eq(cause)).filter(Column::CauseDepartmentId.eq(department.clone()));
    let ids = same.select_only().column(Column::Id).limit(MOST_ENTRIES).into_tuple::<ComplaintId>().all(db).await?;
    Ok(ids.len() as u64)
}

/// Whether the actor may see the customer's complaints.
///
/// # Errors
/// When the database does not answer.
pub async fn reaches(db: &impl ConnectionTrait, actor: &Actor, customer: &CustomerId) -> Result<bool, Error> {
    if !actor.has(crate::VIEW) {
        return Ok(false);
    }
    match customers::store::get(db, actor, crate::VIEW, customer).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Those that came in before, the last first.
///
/// # Errors
/// When the database does not answer.
pub async fn received_before(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    before: base::Instant,
    rows: u64,
) -> Result<Vec<Model>, Error> {
    let own = Entity::find()
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::ReceivedOrder.lt(before.timestamp_micros()));
    Ok(own.order_by_desc(Column::ReceivedOrder).order_by_desc(Column::Id).limit(rows).all(db).await?)
}

/// Id and number of those of these complaints that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn numbers(db: &impl ConnectionTrait, actor: &Actor, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
    let ids = ids.iter().filter(|id| !id.contains('\0')).map(String::as_str);
    let some = reached_by(actor, crate::VIEW).filter(Column::Id.is_in(ids));
    Ok(some.select_only().columns([Column::Id, Column::Number]).into_tuple().all(db).await?)
}
