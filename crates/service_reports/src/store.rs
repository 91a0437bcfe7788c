//! What the report asks of the tables of others; here they are only read.

use base::{Actor, CustomerId, Error, Instant};
use complaints::complaint;
use exceptions::exception::{self, Kind, Status};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect};

use crate::month::Month;

/// Rows that are read; a report shows fewer and tells how many more there are.
const MOST: u64 = 2000;

/// Received in the month, merged ones left out: they stand on the one that they were merged into.
pub async fn complaints_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    month: Month,
) -> Result<Vec<complaint::Model>, Error> {
    use complaint::Column;
    let (from, to) = month.bounds();
    let own = complaints::store::reached_by(actor, complaints::VIEW)
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::MergedInto.is_null())
        .filter(Column::ReceivedOrder.gte(from.timestamp_micros()))
        .filter(Column::ReceivedOrder.lt(to.timestamp_micros()));
    Ok(own.order_by_asc(Column::ReceivedOrder).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// Promised by the end of the month and not verified before it began.
pub async fn corrections_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    (from, to): (Instant, Instant),
) -> Result<Vec<complaint::Model>, Error> {
    use complaint::Column;
    let still =
        Condition::any().add(Column::CorrectionVerifiedAt.is_null()).add(Column::CorrectionVerifiedAt.gte(from));
    let own = complaints::store::reached_by(actor, complaints::VIEW)
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::Correction.ne(""))
        .filter(Column::ReceivedOrder.lt(to.timestamp_micros()))
        .filter(still);
    Ok(own.order_by_asc(Column::ReceivedOrder).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// Found in the month and no mistake.
pub async fn exceptions_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    month: Month,
) -> Result<Vec<exception::Model>, Error> {
    use exception::Column;
    let own = exceptions::store::visible_to(actor)
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::Month.eq(month.code()))
        .filter(Column::Status.ne(Status::Void));
    Ok(own.order_by_asc(Column::HappenedAt).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// Goods came to harm.
pub fn is_harm(kind: Kind) -> bool {
    matches!(kind, Kind::Damage | Kind::Loss | Kind::Shortage | Kind::Misdelivery)
}

/// Waybill of each of these shipments.
pub async fn waybills(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = String>,
) -> Result<std::collections::BTreeMap<String, String>, Error> {
    use shipments::shipment::{Column, Entity};
    let some = Entity::find().filter(Column::Id.is_in(ids)).select_only().columns([Column::Id, Column::Waybill]);
    Ok(some.into_tuple::<(String, String)>().all(db).await?.into_iter().collect())
}
