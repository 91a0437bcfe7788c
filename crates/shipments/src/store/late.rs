//! Late shipments that nobody has told the customer about.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, Error, Instant, UserId};
use customers::customer;
use customers::interaction::{self, Direction};
use customers::link;
use db::dialect::{self, is_among};
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, SelectStatement, UnionType};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, IntoActiveModel, QuerySelect, QueryTrait};
use serde::Deserialize;

use super::{IN_ONE_QUERY, MOST_IN_ONE_QUERY};
use crate::{line, shipment};

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

/// A line whose promise was missed, with what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LateLine {
    pub shipment: String,
    pub line: String,
    pub waybill: String,
    pub customer: CustomerId,
    pub owner: Option<UserId>,
    pub origin: String,
    pub destination: String,
    pub promised_on: Day,
    pub promised_at: Option<Instant>,
    pub delivered_on: Option<Day>,
}

const COLUMNS: [&str; 10] = [
    "shipment",
    "line",
    "waybill",
    "customer",
    "owner",
    "origin",
    "destination",
    "promised_on",
    "promised_at",
    "delivered_on",
];

/// From which day on a missed promise is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// Of what has not arrived: promised.
    pub open: Day,
    /// Of what has: delivered.
    pub delivered: Day,
    /// Of what has: promised. What is later than this is no delay any more, and an index begins here.
    pub promised: Day,
}

/// Lines whose promise was missed, by the promised day.
///
/// # Errors
/// When the database does not answer.
pub async fn late_since(
    db: &impl ConnectionTrait,
    actor: &Actor,
    owner: Option<&UserId>,
    since: Since,
) -> Result<Vec<LateLine>, Error> {
    // Two questions, because each has an index that holds nothing else; no line is an answer to both. As it stands in
    // the indexes, or they are not thought of.
    let lately = Expr::col((line::Entity, line::Column::DeliveredOn)).gte(since.delivered);
    let delivered = Condition::all().add(Expr::cust("shipment_lines.on_time_by_day = 0")).add(lately);
    let overdue = Condition::all().add(super::overdue(actor.today()));
    let mut query = lines(actor, owner, since.promised, delivered);
    query.union(UnionType::All, lines(actor, owner, since.open, overdue));
    let mut late: Vec<LateLine> = packed::rows(db, query, &COLUMNS).await?;
    late.sort_by(|one, other| {
        (one.promised_on, &one.shipment, &one.line).cmp(&(other.promised_on, &other.shipment, &other.line))
    });
    Ok(late)
}

fn lines(actor: &Actor, owner: Option<&UserId>, since: Day, missed: Condition) -> SelectStatement {
    use line::Column::{
        CustomerId as Customer, DeliveredOn, Destination, Line, Origin, PromisedAt, PromisedOn, ShipmentId,
    };
    let of_line = |column: line::Column| Expr::col((line::Entity, column));
    let of_shipment = |column: shipment::Column| Expr::col((shipment::Entity, column));
    let of_customer = |column: customer::Column| Expr::col((customer::Entity, column));
    let told = [
        of_line(ShipmentId),
        of_line(Line),
        of_shipment(shipment::Column::Waybill),
        of_line(Customer),
        of_customer(customer::Column::OwnerId),
        of_line(Origin),
        of_line(Destination),
        of_line(PromisedOn),
        of_line(PromisedAt),
        of_line(DeliveredOn),
    ];
    let mut query = owned(actor, owner).select_only().into_query();
    for (column, name) in told.into_iter().zip(COLUMNS) {
        query.expr_as(column, name);
    }
    // One person's lines are found by his customers; of a department or more, all late lines are fewer than all lines.
    let whose = match owner {
        Some(_) => of_line(Customer),
        None => dialect::unsought("shipment_lines.customer_id"),
    };
    query
        .inner_join(line::Entity, of_customer(customer::Column::Id).eq(whose))
        .inner_join(shipment::Entity, of_shipment(shipment::Column::Id).equals((line::Entity, ShipmentId)))
        .and_where(of_line(PromisedOn).gte(since))
        .cond_where(missed);
    query
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
    for some in shipments.chunks(MOST_IN_ONE_QUERY) {
        let links = link::Entity::find()
            .filter(link::Column::Object.eq(SHIPMENT))
            .filter(is_among(db, "object_id", some.iter().copied()))
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
            *last = std::cmp::max(*last, *at);
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
