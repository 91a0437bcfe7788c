//! Every query. Which exceptions an actor may see is decided in `visible_to`: those of customers that he reaches.

pub mod figures;
pub mod list;
pub mod thresholds;
pub mod told;
pub mod watch;

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Error, UserId};
use db::bulk;
use db::dialect::is_among;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect};

use crate::exception::{Column, Entity, ExceptionId, Model};

/// Ids of the customers whose exceptions the actor may see; `None`: all.
pub fn customers_seen_by(actor: &Actor) -> Option<SelectStatement> {
    customers::store::select_ids(actor, crate::VIEW)
}

/// Exceptions that the actor may see.
pub fn visible_to(actor: &Actor) -> Select<Entity> {
    match customers_seen_by(actor) {
        Some(seen) => Entity::find().filter(Column::CustomerId.in_subquery(seen)),
        None => Entity::find(),
    }
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's scope.
pub async fn get(db: &impl ConnectionTrait, actor: &Actor, id: &ExceptionId) -> Result<Model, Error> {
    if id.as_str().contains('\0') {
        return Err(Error::NotFound);
    }
    visible_to(actor).filter(Column::Id.eq(id.as_str())).one(db).await?.ok_or(Error::NotFound)
}

/// Those of these ids that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn some(db: &impl ConnectionTrait, actor: &Actor, ids: &[String]) -> Result<Vec<Model>, Error> {
    let some = is_among(db, "id", ids.iter().map(String::as_str));
    Ok(visible_to(actor).filter(some).order_by_asc(Column::TellBy).order_by_asc(Column::Id).all(db).await?)
}

/// Those that stand for steps of these shipments, whoever may see them.
///
/// # Errors
/// When the database does not answer.
pub async fn of_steps(db: &impl ConnectionTrait, shipments: &[String]) -> Result<Vec<Model>, Error> {
    let some = is_among(db, "shipment_id", shipments.iter().map(String::as_str));
    Ok(Entity::find().filter(some).filter(Column::Milestone.is_not_null()).all(db).await?)
}

/// Of one customer, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    before: base::Instant,
    rows: u64,
) -> Result<Vec<Model>, Error> {
    let own = visible_to(actor).filter(Column::CustomerId.eq(customer.clone())).filter(Column::FoundAt.lt(before));
    Ok(own.order_by_desc(Column::FoundAt).order_by_desc(Column::Id).limit(rows).all(db).await?)
}

/// Writes new ones; of a step that has one already nothing is written. Returns the ids of those that are new.
///
/// # Errors
/// When the database refuses the write.
pub async fn raise(tx: &impl ConnectionTrait, new: Vec<Model>) -> Result<Vec<String>, Error> {
    let ids: Vec<String> = new.iter().map(|one| one.id.clone()).collect();
    let keep = OnConflict::columns([Column::ShipmentId, Column::Milestone]).do_nothing().to_owned();
    bulk::put::<Entity>(tx, new, keep).await?;
    let written = Entity::find().select_only().column(Column::Id);
    Ok(written.filter(is_among(tx, "id", ids.iter().map(String::as_str))).into_tuple().all(tx).await?)
}

/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, exception: &Model) -> Result<(), Error> {
    Entity::insert(exception.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes it whole. `exception` carries the version that it gets, one more than the stored one.
///
/// # Errors
/// `Conflict` when somebody else changed it since it was read.
pub async fn save(tx: &impl ConnectionTrait, exception: &Model) -> Result<(), Error> {
    let row = exception.clone().into_active_model().reset_all();
    let stored = Column::Id.eq(exception.id.as_str()).and(Column::Version.eq(exception.version - 1));
    let done = Entity::update_many().set(row).filter(stored).exec(tx).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Whose work exceptions of these customers are: owner and department, by customer.
///
/// # Errors
/// When the database does not answer.
pub async fn owners(
    db: &impl ConnectionTrait,
    customers: &[&str],
) -> Result<BTreeMap<CustomerId, (Option<UserId>, Option<base::DepartmentId>)>, Error> {
    use customers::customer::{Column, Entity};
    let some = Entity::find().filter(is_among(db, "id", customers.iter().copied())).select_only();
    let rows: Vec<(CustomerId, Option<UserId>, Option<base::DepartmentId>)> =
        some.columns([Column::Id, Column::OwnerId, Column::DepartmentId]).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(id, owner, department)| (id, (owner, department))).collect())
}

/// Those of these shipments that exist.
///
/// # Errors
/// When the database does not answer.
pub async fn shipments(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<shipments::shipment::Model>, Error> {
    let some = is_among(db, "id", ids.iter().map(String::as_str));
    Ok(shipments::shipment::Entity::find().filter(some).all(db).await?)
}

/// The shipment of this source and number, if the actor may see it.
///
/// # Errors
/// When the database does not answer.
pub async fn by_waybill(
    db: &impl ConnectionTrait,
    actor: &Actor,
    source: &str,
    waybill: &str,
) -> Result<Option<shipments::shipment::Model>, Error> {
    use shipments::shipment::Column;
    let seen = shipments::store::visible_to(actor).filter(Column::Waybill.eq(waybill));
    Ok(seen.filter(Column::Source.eq(source)).one(db).await?)
}
