//! How some days went for customers: whose shipments were late, and how many there were.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, Error, UserId};
use db::dialect::{self, is_among};
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{SelectStatement, UnionType};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QuerySelect, QueryTrait};

use super::IN_ONE_QUERY;
use super::late::owned;
use crate::{line, shipment};

/// Shipments with a line that was promised from one day to another, both included, and was late by `Clock::Day` or has
/// not come yet; each once, by customer. Of the customers that the actor may see; one person's, when he is given.
///
/// # Errors
/// When the database does not answer.
pub async fn late_between(
    db: &impl ConnectionTrait,
    actor: &Actor,
    owner: Option<&UserId>,
    days: (Day, Day),
) -> Result<Vec<(CustomerId, String)>, Error> {
    // As it stands in the indexes, or they are not thought of.
    let delivered = Condition::all().add(Expr::cust("shipment_lines.on_time_by_day = 0"));
    let overdue = Condition::all().add(super::overdue(actor.today()));
    let mut query = missed(actor, owner, days, delivered);
    query.union(UnionType::All, missed(actor, owner, days, overdue));
    let mut late: Vec<(CustomerId, String)> = packed::rows(db, query, &["customer_id", "shipment_id"]).await?;
    late.sort();
    late.dedup();
    Ok(late)
}

fn missed(actor: &Actor, owner: Option<&UserId>, days: (Day, Day), missed: Condition) -> SelectStatement {
    use line::Column::{CustomerId as Customer, PromisedOn, ShipmentId};
    let lines = line::Entity::find()
        .select_only()
        .columns([Customer, ShipmentId])
        .filter(PromisedOn.gte(days.0))
        .filter(PromisedOn.lte(days.1))
        .filter(missed);
    let ids = |owner| owned(actor, owner).select_only().column(customers::customer::Column::Id).into_query();
    let own = match (owner, super::customers_seen_by(actor)) {
        (None, None) => lines,
        // One person's lines are found by his customers; of a department or more, all late lines are fewer than all.
        (Some(owner), _) => lines.filter(Customer.in_subquery(ids(Some(owner)))),
        (None, Some(_)) => lines.filter(dialect::unsought("shipment_lines.customer_id").in_subquery(ids(None))),
    };
    own.into_query()
}

/// How many shipments each of these customers shipped from one day to another, both included; those without any are
/// left out. The caller has seen to it that the actor may know them.
///
/// # Errors
/// When the database does not answer.
pub async fn counts_between(
    db: &impl ConnectionTrait,
    customers: &[CustomerId],
    days: (Day, Day),
) -> Result<BTreeMap<CustomerId, i64>, Error> {
    use shipment::Column::{CustomerId as Customer, Id, ShippedOn};
    let mut counts = BTreeMap::new();
    for some in customers.chunks(IN_ONE_QUERY) {
        let rows: Vec<(CustomerId, i64)> = shipment::Entity::find()
            .select_only()
            .column(Customer)
            .column_as(Id.count(), "shipments")
            .filter(is_among(db, "customer_id", some.iter().map(CustomerId::as_str)))
            .filter(ShippedOn.gte(days.0))
            .filter(ShippedOn.lte(days.1))
            .group_by(Customer)
            .into_tuple()
            .all(db)
            .await?;
        counts.extend(rows);
    }
    Ok(counts)
}
