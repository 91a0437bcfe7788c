//! Tolerances that people set.

use base::{Actor, Error};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect, SqlErr};

use crate::threshold::{Column, Entity, Model};

/// Most thresholds that a page shows.
const MOST: u64 = 2000;

/// # Errors
/// When the database does not answer.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().all(db).await?)
}

/// Those of customers that the actor may see, and those of all customers.
///
/// # Errors
/// When the database does not answer.
pub async fn seen_by(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Model>, Error> {
    Ok(ordered(visible_to(actor)).all(db).await?)
}

fn visible_to(actor: &Actor) -> Select<Entity> {
    match super::customers_seen_by(actor) {
        Some(seen) => Entity::find()
            .filter(Condition::any().add(Column::CustomerId.eq("")).add(Column::CustomerId.in_subquery(seen))),
        None => Entity::find(),
    }
}

fn ordered(query: Select<Entity>) -> Select<Entity> {
    let query = query.order_by_asc(Column::CustomerId).order_by_asc(Column::Origin).order_by_asc(Column::Destination);
    query.order_by_asc(Column::Milestone).limit(MOST)
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's scope.
pub async fn get(db: &impl ConnectionTrait, actor: &Actor, id: &str) -> Result<Model, Error> {
    if id.contains('\0') {
        return Err(Error::NotFound);
    }
    visible_to(actor).filter(Column::Id.eq(id)).one(db).await?.ok_or(Error::NotFound)
}

/// # Errors
/// `Conflict` when there is one of the same customer, lane and step.
pub async fn insert(tx: &impl ConnectionTrait, row: &Model) -> Result<(), Error> {
    let written = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await;
    written.map(drop).map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict,
        _ => error.into(),
    })
}

/// # Errors
/// `Conflict` when somebody else changed it since it was read.
pub async fn save(tx: &impl ConnectionTrait, row: &Model) -> Result<(), Error> {
    let stored = Column::Id.eq(row.id.as_str()).and(Column::Version.eq(row.version - 1));
    let done = Entity::update_many().set(row.clone().into_active_model().reset_all()).filter(stored).exec(tx).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// # Errors
/// `Conflict` when somebody else changed it since it was read.
pub async fn remove(tx: &impl ConnectionTrait, row: &Model, version: i64) -> Result<(), Error> {
    let stored = Column::Id.eq(row.id.as_str()).and(Column::Version.eq(version));
    let done = Entity::delete_many().filter(stored).exec(tx).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}
