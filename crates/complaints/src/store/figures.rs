//! What the figures are counted from.

use base::{Actor, CustomerId, Day, DepartmentId, Error, Instant};
use chrono::{DateTime, Duration};
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, QuerySelect, QueryTrait};
use shipments::line;

use super::reached_by;
use crate::complaint::{Column, Entity};
use crate::figures::{Filter, beginning};
use crate::link;
use crate::words::{Category, Cause, Status};

/// When one was received and when something was done about it, by whose hours, and why it came.
#[derive(Clone, Debug)]
pub struct Handled {
    pub department: DepartmentId,
    pub received: Instant,
    pub done: Option<Instant>,
    pub cause: Option<Cause>,
    /// It is about the same as an earlier one.
    pub repeats: bool,
}

/// From the first of these days to the end of the last.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub from: Day,
    pub to: Day,
}

impl Days {
    fn micros(self) -> (i64, i64) {
        (beginning(self.from).timestamp_micros(), self.end().timestamp_micros())
    }

    fn end(self) -> Instant {
        beginning(self.to + Duration::days(1))
    }
}

/// Those that count, of those that the actor may see.
fn counted(actor: &Actor, filter: &Filter) -> Select<Entity> {
    let mut query = reached_by(actor, crate::VIEW).filter(Column::Status.ne(Status::Merged));
    if let Some(department) = &filter.department {
        query = query.filter(Column::DepartmentId.eq(department.clone()));
    }
    if let Some(category) = filter.category {
        query = query.filter(Column::Category.eq(category));
    }
    query
}

fn received(actor: &Actor, filter: &Filter, days: Days) -> Select<Entity> {
    let (from, until) = days.micros();
    counted(actor, filter).filter(Column::ReceivedOrder.gte(from)).filter(Column::ReceivedOrder.lt(until))
}

/// Those received, with their first response.
///
/// # Errors
/// When the database does not answer.
pub async fn answered(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    days: Days,
) -> Result<Vec<Handled>, Error> {
    handled(db, received(actor, filter, days), Column::RespondedAt).await
}

/// Those closed.
///
/// # Errors
/// When the database does not answer.
pub async fn closed(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    days: Days,
) -> Result<Vec<Handled>, Error> {
    let query = counted(actor, filter)
        .filter(Column::ClosedAt.is_not_null())
        .filter(Column::ClosedAt.gte(beginning(days.from)))
        .filter(Column::ClosedAt.lt(days.end()));
    handled(db, query, Column::ClosedAt).await
}

async fn handled(db: &impl ConnectionTrait, query: Select<Entity>, done: Column) -> Result<Vec<Handled>, Error> {
    const NAMES: [&str; 5] = ["department_id", "received_order", "done", "cause", "repeat_of"];
    let told = [Column::DepartmentId, Column::ReceivedOrder, Column::Cause, Column::RepeatOf];
    let query = query.select_only().columns(told).column_as(done, "done");
    type Row = (DepartmentId, i64, Option<Instant>, Option<Cause>, Option<String>);
    let rows: Vec<Row> = packed::rows(db, query.into_query(), &NAMES).await?;
    let row = |(department, received, done, cause, repeat_of): Row| Handled {
        department,
        received: instant(received),
        done,
        cause,
        repeats: repeat_of.is_some(),
    };
    Ok(rows.into_iter().map(row).collect())
}

fn instant(micros: i64) -> Instant {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

/// Of those received, how many are about shipments over which lane, by category. Empty places: no lane is known.
///
/// # Errors
/// When the database does not answer.
pub async fn lanes(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    days: Days,
) -> Result<Vec<(String, String, Category, i64)>, Error> {
    const NAMES: [&str; 4] = ["from_place", "to_place", "about", "complaints"];
    let own = |column: Column| Expr::col((Entity, column));
    let place = |name: &str| Expr::cust(format!("coalesce(shipment_lines.{name}, '')"));
    let mut query: SelectStatement = received(actor, filter, days).select_only().into_query();
    query
        .expr_as(place("origin"), NAMES[0])
        .expr_as(place("destination"), NAMES[1])
        .expr_as(own(Column::Category), NAMES[2])
        .expr_as(Expr::cust("count(distinct complaints.id)"), NAMES[3])
        .left_join(link::Entity, Expr::col((link::Entity, link::Column::ComplaintId)).equals((Entity, Column::Id)))
        .left_join(
            line::Entity,
            Expr::col((line::Entity, line::Column::ShipmentId)).equals((link::Entity, link::Column::ShipmentId)),
        )
        .add_group_by([place("origin"), place("destination"), own(Column::Category)]);
    packed::rows(db, query, &NAMES).await
}

/// Every customer who complained, how often and when last.
///
/// # Errors
/// When the database does not answer.
pub async fn complainers(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    days: Days,
) -> Result<Vec<(CustomerId, i64, Instant)>, Error> {
    const NAMES: [&str; 3] = ["customer_id", "complaints", "last"];
    let query = received(actor, filter, days)
        .select_only()
        .column(Column::CustomerId)
        .column_as(Column::Id.count(), NAMES[1])
        .column_as(Column::ReceivedOrder.max(), NAMES[2])
        .group_by(Column::CustomerId)
        .into_query();
    let rows: Vec<(CustomerId, i64, i64)> = packed::rows(db, query, &NAMES).await?;
    Ok(rows.into_iter().map(|(customer, complaints, last)| (customer, complaints, instant(last))).collect())
}
