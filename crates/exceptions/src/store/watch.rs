//! Which shipments are to be looked at: by what is due, and by what was written.

use std::collections::BTreeSet;

use base::{CustomerId, Error, Instant};
use chrono::Duration;
use db::dialect::is_among;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QuerySelect};
use shipments::{milestone, shipment};

use crate::exception;

/// Days between booking and the last planned step that no shipment exceeds: what was booked earlier is not looked at.
const LONGEST_WAY: i64 = 400;

/// Shipments with a step that did not happen though it was planned from the one instant on and before the other.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting_between(
    db: &impl ConnectionTrait,
    from: Instant,
    until: Instant,
) -> Result<BTreeSet<String>, Error> {
    use milestone::Column;
    // As it stands in the index, or it is not thought of.
    let waiting = Condition::all().add(Column::ActualAt.is_null()).add(Column::PlannedAt.is_not_null());
    let rows: Vec<String> = milestone::Entity::find()
        .select_only()
        .column(Column::ShipmentId)
        .filter(waiting)
        .filter(Column::PlannedAt.gte(from))
        .filter(Column::PlannedAt.lt(until))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Of the shipments of these customers that were written at this instant: those with a step that is behind a plan
/// since `oldest`, and those that have an exception.
///
/// # Errors
/// When the database does not answer.
pub async fn written_at(
    db: &impl ConnectionTrait,
    written: Instant,
    customers: &[CustomerId],
    oldest: Instant,
    now: Instant,
) -> Result<BTreeSet<String>, Error> {
    use milestone::Column as Step;
    use shipment::Column;
    let written = || {
        shipment::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::UpdatedAt.eq(written))
            .filter(is_among(db, "shipments.customer_id", customers.iter().map(CustomerId::as_str)))
    };
    let known = Query::select()
        .expr(Expr::value(1))
        .from(exception::Entity)
        .and_where(Expr::col((exception::Entity, exception::Column::ShipmentId)).equals((shipment::Entity, Column::Id)))
        .and_where(exception::Column::Milestone.is_not_null())
        .to_owned();
    let of_step = |column: Step| Expr::col((milestone::Entity, column));
    let behind = Query::select()
        .expr(Expr::value(1))
        .from(milestone::Entity)
        .and_where(of_step(Step::ShipmentId).equals((shipment::Entity, Column::Id)))
        // Of one shipment there are few steps; among all, those of these weeks are many.
        .and_where(of_step(Step::PlannedAt).gt(oldest))
        .and_where(of_step(Step::PlannedAt).lt(now))
        .and_where(of_step(Step::ActualAt).is_null().or(of_step(Step::ActualAt).gt(of_step(Step::PlannedAt))))
        .to_owned();
    let lately = base::Actor::day_of(oldest) - Duration::days(LONGEST_WAY);
    let late = written().filter(Column::ShippedOn.gte(lately)).filter(Expr::exists(behind));
    let mut all: BTreeSet<String> = late.into_tuple::<String>().all(db).await?.into_iter().collect();
    all.extend(written().filter(Expr::exists(known)).into_tuple::<String>().all(db).await?);
    Ok(all)
}
