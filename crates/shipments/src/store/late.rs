//! Late shipments that nobody has told the customer about.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, Error, Instant, UserId};
use customers::customer;
use customers::interaction::{self, Direction};
use customers::link;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait};

use super::IN_ONE_QUERY;
use crate::line;

/// What a link to a shipment says it is.
const SHIPMENT: &str = "shipment";

/// Customers whose shipments the actor may see; one person's, when it is given.
pub(super) fn owned(actor: &Actor, owner: Option<&UserId>) -> Select<customer::Entity> {
    let seen = customers::store::reached_by(actor, crate::VIEW);
    match owner {
        Some(owner) => seen.filter(customer::Column::OwnerId.eq(owner.clone())),
        None => seen,
    }
}

/// By customer id.
pub(super) async fn owners_of(
    db: &impl ConnectionTrait,
    ids: &[String],
) -> Result<BTreeMap<String, Option<UserId>>, Error> {
    use customer::Column;
    let mut owners = BTreeMap::new();
    for some in ids.chunks(IN_ONE_QUERY) {
        let rows: Vec<(String, Option<UserId>)> = customer::Entity::find()
            .select_only()
            .columns([Column::Id, Column::OwnerId])
            .filter(Column::Id.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        owners.extend(rows);
    }
    Ok(owners)
}

/// Lines whose promise was missed from `since` on, each with the customer's owner.
///
/// # Errors
/// When the database does not answer.
pub async fn late_since(
    db: &impl ConnectionTrait,
    actor: &Actor,
    owner: Option<&UserId>,
    since: Day,
) -> Result<Vec<(line::Model, Option<UserId>)>, Error> {
    let owned = owned(actor, owner).select_only().column(customer::Column::Id);
    let lines = line::Entity::find()
        .filter(line::Column::PromisedOn.gte(since))
        .filter(super::late(actor.today()))
        .filter(line::Column::CustomerId.in_subquery(owned.into_query()))
        .order_by_asc(line::Column::PromisedOn)
        .order_by_asc(line::Column::ShipmentId)
        .order_by_asc(line::Column::Line)
        .all(db)
        .await?;
    let mut ids: Vec<String> = lines.iter().map(|line| line.customer_id.0.clone()).collect();
    ids.sort();
    ids.dedup();
    let owners = owners_of(db, &ids).await?;
    let whose = |line: &line::Model| owners.get(line.customer_id.as_str()).cloned().flatten();
    Ok(lines.into_iter().map(|line| (whose(&line), line)).map(|(who, line)| (line, who)).collect())
}

/// When the customer of each of these shipments was last told about it from our side; `whose` has the customers by
/// shipment. What was said to anybody else does not count.
///
/// # Errors
/// When the database does not answer.
pub async fn told_at(
    db: &impl ConnectionTrait,
    whose: &BTreeMap<String, CustomerId>,
) -> Result<BTreeMap<String, Instant>, Error> {
    let shipments: Vec<&str> = whose.keys().map(String::as_str).collect();
    let mut told: BTreeMap<String, Instant> = BTreeMap::new();
    for some in shipments.chunks(IN_ONE_QUERY) {
        let links = link::Entity::find()
            .filter(link::Column::Object.eq(SHIPMENT))
            .filter(link::Column::ObjectId.is_in(some.iter().copied()))
            .all(db)
            .await?;
        let ids: Vec<&str> = links.iter().map(|link| link.interaction_id.as_str()).collect();
        let mut said: BTreeMap<String, (CustomerId, Instant)> = BTreeMap::new();
        for some in ids.chunks(IN_ONE_QUERY) {
            use interaction::Column;
            let rows: Vec<(String, CustomerId, Instant)> = interaction::Entity::find()
                .select_only()
                .columns([Column::Id, Column::CustomerId, Column::HappenedAt])
                .filter(Column::Id.is_in(some.iter().copied()))
                .filter(Column::Direction.eq(Direction::Outgoing))
                .into_tuple()
                .all(db)
                .await?;
            said.extend(rows.into_iter().map(|(id, customer, at)| (id, (customer, at))));
        }
        for link in links {
            let Some((customer, at)) = said.get(&link.interaction_id) else { continue };
            if whose.get(&link.object_id) != Some(customer) {
                continue;
            }
            let last = told.entry(link.object_id).or_insert(*at);
            *last = (*last).max(*at);
        }
    }
    Ok(told)
}

/// The interaction told about the shipment.
///
/// # Errors
/// When the database refuses the write.
pub async fn link(tx: &impl ConnectionTrait, interaction: &str, shipment: &str) -> Result<(), Error> {
    use link::Column::{InteractionId, Object, ObjectId};
    let row = link::Model { interaction_id: interaction.into(), object: SHIPMENT.into(), object_id: shipment.into() };
    let keep = OnConflict::columns([InteractionId, Object, ObjectId]).do_nothing().to_owned();
    link::Entity::insert(row.into_active_model()).on_conflict(keep).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn unlink(tx: &impl ConnectionTrait, interaction: &str, shipment: &str) -> Result<(), Error> {
    link::Entity::delete_by_id((interaction.to_owned(), SHIPMENT.to_owned(), shipment.to_owned())).exec(tx).await?;
    Ok(())
}
