//! Who has been told, and who still waits.

use base::{Actor, Error, Instant, UserId};
use customers::interaction::{self, Direction, InteractionId, Outcome};
use customers::link;
use db::dialect::is_among;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use super::visible_to;
use crate::exception::{Column, Entity, Kind, Model};

/// What an interaction told of: itself and its shipments, when it told the customer anything.
///
/// # Errors
/// When the database does not answer.
pub async fn told_of(
    db: &impl ConnectionTrait,
    id: &InteractionId,
) -> Result<Option<(interaction::Model, Vec<String>)>, Error> {
    let Some(row) = interaction(db, id.as_str()).await? else { return Ok(None) };
    if row.direction != Direction::Outgoing || row.outcome == Some(Outcome::NotReached) {
        return Ok(None);
    }
    let shipments: Vec<String> = link::Entity::find()
        .select_only()
        .column(link::Column::ObjectId)
        .filter(link::Column::InteractionId.eq(id.as_str()))
        .filter(link::Column::Object.eq("shipment"))
        .into_tuple()
        .all(db)
        .await?;
    Ok((!shipments.is_empty()).then_some((row, shipments)))
}

/// # Errors
/// When the database does not answer.
pub async fn interaction(db: &impl ConnectionTrait, id: &str) -> Result<Option<interaction::Model>, Error> {
    Ok(interaction::Entity::find_by_id(id).one(db).await?)
}

/// Delays of these shipments that began before this instant and of which the customer does not know.
///
/// # Errors
/// When the database does not answer.
pub async fn late_untold(
    db: &impl ConnectionTrait,
    shipments: &[String],
    customer: &base::CustomerId,
    before: Instant,
) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(is_among(db, "shipment_id", shipments.iter().map(String::as_str)))
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::Kind.eq(Kind::Late))
        .filter(Column::ClosedAt.is_null())
        .filter(Column::ToldAt.is_null())
        .filter(Column::HappenedAt.lte(before))
        .all(db)
        .await?)
}

/// Those of which the customer was told in this interaction.
///
/// # Errors
/// When the database does not answer.
pub async fn told_in(db: &impl ConnectionTrait, interaction: &str) -> Result<Vec<Model>, Error> {
    let told = Entity::find().filter(Column::InteractionId.is_not_null());
    Ok(told.filter(Column::InteractionId.eq(interaction)).all(db).await?)
}

/// Everything that the actor may see of which the customer does not know, the first due first.
///
/// # Errors
/// When the database does not answer.
pub async fn untold(db: &impl ConnectionTrait, actor: &Actor, owner: Option<&UserId>) -> Result<Vec<Model>, Error> {
    let mut query = visible_to(actor).filter(Column::ClosedAt.is_null()).filter(Column::ToldAt.is_null());
    if let Some(owner) = owner {
        query = query.filter(Column::OwnerId.eq(owner.clone()));
    }
    Ok(query.order_by_asc(Column::TellBy).order_by_asc(Column::Id).all(db).await?)
}

/// Everything of a shipment of which this customer does not know.
///
/// # Errors
/// When the database does not answer.
pub async fn untold_of(
    db: &impl ConnectionTrait,
    shipment: &str,
    customer: &base::CustomerId,
) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::ShipmentId.eq(shipment)).filter(Column::CustomerId.eq(customer.clone()));
    Ok(own.filter(Column::ClosedAt.is_null()).filter(Column::ToldAt.is_null()).all(db).await?)
}
