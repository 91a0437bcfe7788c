//! Shipments and lines written by the hundred.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, Error, Instant};
use db::dialect::{rows_per_insert, statement};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, Iterable, QueryOrder, QuerySelect, SqlErr};

use super::IN_ONE_QUERY;
use crate::words::MilestoneKind;
use crate::{line, milestone, shipment};

/// What is stored of some waybills.
#[derive(Debug, Default)]
pub struct Stored {
    /// By waybill.
    pub shipments: BTreeMap<String, shipment::Model>,
    /// By shipment and line.
    pub lines: BTreeMap<(String, String), line::Model>,
    /// By shipment.
    pub milestones: BTreeMap<String, Vec<milestone::Model>>,
}

impl Stored {
    pub fn milestone(&self, shipment: &str, kind: MilestoneKind) -> Option<milestone::Model> {
        self.milestones.get(shipment)?.iter().find(|milestone| milestone.kind == kind).cloned()
    }
}

/// # Errors
/// When the database does not answer.
pub async fn stored(db: &impl ConnectionTrait, source: &str, waybills: &BTreeSet<&str>) -> Result<Stored, Error> {
    let mut found = Stored::default();
    let waybills: Vec<&str> = waybills.iter().copied().collect();
    for some in waybills.chunks(IN_ONE_QUERY) {
        let shipments = shipment::Entity::find()
            .filter(shipment::Column::Source.eq(source))
            .filter(shipment::Column::Waybill.is_in(some.iter().copied()))
            .all(db)
            .await?;
        let ids: Vec<String> = shipments.iter().map(|shipment| shipment.id.clone()).collect();
        let lines = super::lines_of(db, &ids).await?;
        for milestone in super::milestones_of(db, &ids).await? {
            found.milestones.entry(milestone.shipment_id.clone()).or_default().push(milestone);
        }
        found.lines.extend(lines.into_iter().map(|line| ((line.shipment_id.clone(), line.line.clone()), line)));
        found.shipments.extend(shipments.into_iter().map(|shipment| (shipment.waybill.clone(), shipment)));
    }
    Ok(found)
}

/// Writes shipments whole. Each carries the version that it gets: 1 for a new one, one more than stored for a known one.
///
/// # Errors
/// `Conflict` when somebody else wrote one of them since it was read.
pub async fn put_shipments(tx: &impl ConnectionTrait, shipments: Vec<shipment::Model>) -> Result<(), Error> {
    use shipment::Column;
    let columns = Column::iter().filter(|column| !matches!(column, Column::Id | Column::CreatedAt));
    let mut replace = OnConflict::column(Column::Id);
    replace
        .update_columns(columns)
        .action_and_where(Expr::col((shipment::Entity, Column::Version)).eq(Expr::cust("excluded.version - 1")));
    for some in shipments.chunks(rows_per_insert(Column::iter().count())) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        let insert = shipment::Entity::insert_many(rows).on_conflict(replace.clone());
        let written = insert.exec_without_returning(tx).await.map_err(taken)?;
        if written != some.len() as u64 {
            return Err(Error::Conflict);
        }
    }
    Ok(())
}

/// Two people may record the same waybill at the same time; the unique index decides.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict,
        _ => error.into(),
    }
}

/// Writes lines whole, new or changed. Their shipments are written in the same transaction and guard them.
///
/// # Errors
/// When the database refuses the write.
pub async fn put_lines(tx: &impl ConnectionTrait, lines: Vec<line::Model>) -> Result<(), Error> {
    use line::Column::{self, Line, ShipmentId};
    let columns = Column::iter().filter(|column| !matches!(column, ShipmentId | Line));
    let replace = OnConflict::columns([ShipmentId, Line]).update_columns(columns).to_owned();
    for some in lines.chunks(rows_per_insert(Column::iter().count())) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        line::Entity::insert_many(rows).on_conflict(replace.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Writes milestones whole, new or changed.
///
/// # Errors
/// When the database refuses the write.
pub async fn put_milestones(tx: &impl ConnectionTrait, milestones: Vec<milestone::Model>) -> Result<(), Error> {
    use milestone::Column::{ActualAt, EstimatedAt, Kind, PlannedAt, ShipmentId};
    let replace = OnConflict::columns([ShipmentId, Kind]).update_columns([PlannedAt, EstimatedAt, ActualAt]).to_owned();
    for some in milestones.chunks(rows_per_insert(milestone::Column::iter().count())) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        milestone::Entity::insert_many(rows).on_conflict(replace.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The customer of all lines follows his shipment.
///
/// # Errors
/// When the database refuses the write.
pub async fn hand_lines(tx: &impl ConnectionTrait, shipment: &str, customer: &CustomerId) -> Result<(), Error> {
    line::Entity::update_many()
        .col_expr(line::Column::CustomerId, Expr::value(customer.clone()))
        .filter(line::Column::ShipmentId.eq(shipment))
        .exec(tx)
        .await?;
    Ok(())
}

/// The day that counts, from all lines of the shipments written at this instant, whatever order they came in.
const SHIPPED_ON: &str = "update shipments set shipped_on = coalesce(booked_on, \
    (select min(promised_on) from shipment_lines where shipment_id = shipments.id), \
    (select min(delivered_on) from shipment_lines where shipment_id = shipments.id), shipped_on) \
    where updated_at = $1";

/// # Errors
/// When the database refuses the write.
pub async fn settle_shipped_on(tx: &impl ConnectionTrait, written: Instant) -> Result<(), Error> {
    tx.execute_raw(statement(tx, SHIPPED_ON, [written.into()])).await?;
    Ok(())
}

/// Customers of the shipments written at this instant.
///
/// # Errors
/// When the database does not answer.
pub async fn customers_touched(tx: &impl ConnectionTrait, written: Instant) -> Result<Vec<CustomerId>, Error> {
    let query = shipment::Entity::find().select_only().column(shipment::Column::CustomerId).distinct();
    Ok(query
        .filter(shipment::Column::UpdatedAt.eq(written))
        .order_by_asc(shipment::Column::CustomerId)
        .into_tuple()
        .all(tx)
        .await?)
}

/// Those of these customers whose shipments the actor may write.
///
/// # Errors
/// When the database does not answer.
pub async fn reached(
    db: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl IntoIterator<Item = CustomerId>,
) -> Result<BTreeSet<CustomerId>, Error> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.0).collect();
    let found = customers::store::reached(db, actor, crate::EDIT, &ids).await?;
    Ok(found.into_iter().map(|customer| customer.customer_id()).collect())
}
