//! Interactions of customers.

use base::{Actor, CustomerId, Error, Instant, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait};

use crate::interaction::{Column, Entity, InteractionId, Model};
use crate::{customer, link};

/// # Errors
/// When the database refuses the write.
pub async fn insert(tx: &impl ConnectionTrait, interaction: &Model, shipments: &[String]) -> Result<(), Error> {
    Entity::insert(interaction.clone().into_active_model()).exec_without_returning(tx).await?;
    for shipment in shipments {
        let row = link::Model {
            interaction_id: interaction.id.clone(),
            object: "shipment".into(),
            object_id: shipment.clone(),
        };
        link::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// # Errors
/// `NotFound` when there is none.
pub async fn get(db: &impl ConnectionTrait, id: &InteractionId) -> Result<Model, Error> {
    Entity::find_by_id(id.as_str()).one(db).await?.ok_or(Error::NotFound)
}

/// False when it had been finished before.
///
/// # Errors
/// When the database refuses the write.
pub async fn finish_step(tx: &impl ConnectionTrait, interaction: &Model, now: Instant) -> Result<bool, Error> {
    let done = Entity::update_many()
        .col_expr(Column::NextStepDoneAt, Expr::value(now))
        .col_expr(Column::Version, Expr::value(interaction.version + 1))
        .filter(Column::Id.eq(interaction.id.clone()))
        .filter(Column::NextStepOn.is_not_null())
        .filter(Column::NextStepDoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A customer's interactions before a time, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn before(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    before: Instant,
    rows: u64,
) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::HappenedAt.lt(before))
        .order_by_desc(Column::HappenedAt)
        .order_by_desc(Column::Id)
        .limit(rows)
        .all(db)
        .await?)
}

/// A customer's open next steps, the earliest first.
///
/// # Errors
/// When the database does not answer.
pub async fn open_steps_of(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::NextStepOn.is_not_null())
        .filter(Column::NextStepDoneAt.is_null())
        .order_by_asc(Column::NextStepOn)
        .order_by_asc(Column::Id)
        .limit(50)
        .all(db)
        .await?)
}

/// Next steps of visible customers due on or before the actor's day.
///
/// # Errors
/// When the database does not answer.
pub async fn steps_due(db: &impl ConnectionTrait, actor: &Actor, by: Option<&UserId>) -> Result<Vec<Model>, Error> {
    let seen = super::visible_to(actor).select_only().column(customer::Column::Id);
    let mut query = Entity::find()
        .filter(Column::NextStepOn.lte(actor.today()))
        .filter(Column::NextStepDoneAt.is_null())
        .filter(Column::CustomerId.in_subquery(seen.into_query()));
    if let Some(by) = by {
        query = query.filter(Column::NextStepBy.eq(by.clone()));
    }
    Ok(query.order_by_asc(Column::NextStepOn).order_by_asc(Column::Id).all(db).await?)
}
