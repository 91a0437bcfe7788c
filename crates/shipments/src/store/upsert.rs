//! Shipments and lines written by the hundred.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, Error, Instant};
use db::bulk;
use db::dialect::is_among;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, ExprTrait, Iterable, QueryOrder, QuerySelect, SqlErr};

use super::IN_ONE_QUERY;
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

/// # Errors
/// When the database does not answer.
pub async fn stored(db: &impl ConnectionTrait, source: &str, waybills: &BTreeSet<&str>) -> Result<Stored, Error> {
    let mut found = Stored::default();
    let waybills: Vec<&str> = waybills.iter().copied().collect();
    for some in waybills.chunks(IN_ONE_QUERY) {
        // By the waybill alone: of a source that is new to it, PostgreSQL believes that there is one shipment and would
        // compare each of them with the whole list.
        let mut shipments =
            shipment::Entity::find().filter(is_among(db, "waybill", some.iter().copied())).all(db).await?;
        shipments.retain(|shipment| shipment.source == source);
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

/// Sources that are looked for one after the other, in the order of the index; a firm has few.
const MOST_SOURCES: usize = 20;

/// Every source that shipments came from, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn sources(db: &impl ConnectionTrait) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = Vec::new();
    while found.len() < MOST_SOURCES {
        let mut next = shipment::Entity::find().select_only().column(shipment::Column::Source);
        if let Some(last) = found.last() {
            next = next.filter(shipment::Column::Source.gt(last.as_str()));
        }
        match next.order_by_asc(shipment::Column::Source).into_tuple::<String>().one(db).await? {
            Some(source) => found.push(source),
            None => break,
        }
    }
    Ok(found)
}

/// Which of these waybills the actor sees under other sources than this one, by source.
///
/// # Errors
/// When the database does not answer.
pub async fn elsewhere(
    db: &impl ConnectionTrait,
    actor: &Actor,
    source: &str,
    waybills: &[&str],
) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for some in waybills.chunks(IN_ONE_QUERY) {
        let known: Vec<(String, String)> = super::visible_to(actor)
            .select_only()
            .columns([shipment::Column::Source, shipment::Column::Waybill])
            .filter(is_among(db, "waybill", some.iter().copied()))
            .filter(shipment::Column::Source.ne(source))
            .into_tuple()
            .all(db)
            .await?;
        for (source, waybill) in known {
            found.entry(source).or_default().insert(waybill);
        }
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
    let wanted = shipments.len() as u64;
    let written = bulk::put::<shipment::Entity>(tx, shipments, replace).await.map_err(taken)?;
    if written == wanted { Ok(()) } else { Err(Error::Conflict) }
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
    bulk::put::<line::Entity>(tx, lines, replace).await?;
    Ok(())
}

/// Writes milestones whole, new or changed.
///
/// # Errors
/// When the database refuses the write.
pub async fn put_milestones(tx: &impl ConnectionTrait, milestones: Vec<milestone::Model>) -> Result<(), Error> {
    use milestone::Column::{ActualAt, EstimatedAt, Kind, PlannedAt, ShipmentId};
    let replace = OnConflict::columns([ShipmentId, Kind]).update_columns([PlannedAt, EstimatedAt, ActualAt]).to_owned();
    bulk::put::<milestone::Entity>(tx, milestones, replace).await?;
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
    Ok(customers::store::ids_reached(db, actor, crate::EDIT, &ids).await?.into_iter().collect())
}
