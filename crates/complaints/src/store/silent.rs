//! What is looked at to find the customers who say nothing. The tables belong to others; here they are only read.

use std::collections::BTreeSet;

use base::{Actor, CustomerId, Error, Instant};
use db::dialect::is_among;
use db::packed;
use exceptions::exception;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect, QueryTrait};

use crate::complaint::{Column, Entity};

/// How many customers one query asks for.
const MOST: usize = 5000;

/// Shipments whose damage was found since, by customer.
///
/// # Errors
/// When the database does not answer.
pub async fn damaged_since(
    db: &impl ConnectionTrait,
    actor: &Actor,
    since: Instant,
) -> Result<Vec<(CustomerId, String)>, Error> {
    use exception::Column::{CustomerId as Customer, FoundAt, ShipmentId, Status};
    let found = exceptions::store::visible_to(actor)
        // As it stands in the index, or it is not thought of.
        .filter(Expr::cust("shipment_exceptions.kind = 'damage'"))
        .filter(FoundAt.gte(since))
        .filter(FoundAt.lte(actor.now))
        .filter(Status.ne(exception::Status::Void))
        .select_only()
        .columns([Customer, ShipmentId]);
    packed::rows(db, found.into_query(), &["customer_id", "shipment_id"]).await
}

/// Those of these customers whom a permission to see complaints reaches.
///
/// # Errors
/// When the database does not answer.
pub async fn reached(
    db: &impl ConnectionTrait,
    actor: &Actor,
    among: &[CustomerId],
) -> Result<BTreeSet<CustomerId>, Error> {
    use customers::customer::Column::Id;
    let mut all = BTreeSet::new();
    for some in among.chunks(MOST) {
        let seen = customers::store::reached_by(actor, crate::VIEW);
        let seen = seen.filter(is_among(db, "id", some.iter().map(CustomerId::as_str)));
        let query = seen.select_only().column(Id).into_query();
        all.extend(packed::rows::<(CustomerId,)>(db, query, &["id"]).await?.into_iter().map(|(id,)| id));
    }
    Ok(all)
}

/// Those of these customers who have complained since, whoever may see it.
///
/// # Errors
/// When the database does not answer.
pub async fn complained_since(
    db: &impl ConnectionTrait,
    among: &[CustomerId],
    since: Instant,
) -> Result<BTreeSet<CustomerId>, Error> {
    let mut all = BTreeSet::new();
    for some in among.chunks(MOST) {
        let own = Entity::find()
            .filter(is_among(db, "customer_id", some.iter().map(CustomerId::as_str)))
            .filter(Column::ReceivedOrder.gte(since.timestamp_micros()));
        let own = own.select_only().distinct().column(Column::CustomerId);
        all.extend(own.into_tuple::<CustomerId>().all(db).await?);
    }
    Ok(all)
}
