//! Every query about shipments; those that depend on who asks go through the customers that he may see.

pub mod figures;
pub mod late;
pub mod lately;
pub mod rates;
pub mod report;
pub mod upsert;
pub mod worth;

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, Cursor, CustomerId, Day, Error, Page, PageSize};
use db::dialect::{days_of, is_among};
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait};

use crate::filter::{Filter, ListFilter};
use crate::{line, milestone, rules, shipment};

/// How many values one query asks for.
pub(crate) const IN_ONE_QUERY: usize = 1000;
/// The same where they are one list and not a value each.
const MOST_IN_ONE_QUERY: usize = 20_000;

/// Ids of the customers whose shipments the actor may see; `None`: all.
pub fn customers_seen_by(actor: &Actor) -> Option<SelectStatement> {
    customers::store::select_ids(actor, crate::VIEW)
}

/// Shipments that the actor may see.
pub fn visible_to(actor: &Actor) -> Select<shipment::Entity> {
    match customers_seen_by(actor) {
        Some(seen) => shipment::Entity::find().filter(shipment::Column::CustomerId.in_subquery(seen)),
        None => shipment::Entity::find(),
    }
}

/// Id and waybill number of those of these shipments that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn waybills(
    db: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[String],
) -> Result<Vec<(String, String)>, Error> {
    use shipment::Column;
    let some = visible_to(actor).filter(Column::Id.is_in(ids));
    Ok(some.select_only().columns([Column::Id, Column::Waybill]).into_tuple().all(db).await?)
}

/// Those of these customers whose shipments the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn seen_among(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customers: &[CustomerId],
) -> Result<Vec<CustomerId>, Error> {
    use customers::customer::Column;
    if !actor.has(crate::VIEW) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for some in customers.chunks(MOST_IN_ONE_QUERY) {
        let seen = customers::store::reached_by(actor, crate::VIEW);
        let seen = seen.filter(is_among(db, "id", some.iter().map(CustomerId::as_str)));
        let query = seen.select_only().column(Column::Id).into_query();
        all.extend(packed::rows::<(CustomerId,)>(db, query, &["id"]).await?.into_iter().map(|(id,)| id));
    }
    Ok(all)
}

/// Those of these ids that are shipments of the customer which the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn ids_among(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: &CustomerId,
    ids: &[String],
) -> Result<Vec<String>, Error> {
    use shipment::Column;
    if !actor.has(crate::VIEW) {
        return Ok(Vec::new());
    }
    let own = visible_to(actor).filter(Column::CustomerId.eq(customer.clone())).filter(Column::Id.is_in(ids));
    Ok(own.select_only().column(Column::Id).into_tuple().all(db).await?)
}

/// # Errors
/// `NotFound` when there is none or it is out of the actor's scope.
pub async fn get(db: &impl ConnectionTrait, actor: &Actor, id: &str) -> Result<shipment::Model, Error> {
    visible_to(actor).filter(shipment::Column::Id.eq(id)).one(db).await?.ok_or(Error::NotFound)
}

/// # Errors
/// When the database does not answer.
pub async fn lines_of(db: &impl ConnectionTrait, shipments: &[String]) -> Result<Vec<line::Model>, Error> {
    let mut all = Vec::new();
    for some in shipments.chunks(IN_ONE_QUERY) {
        let lines = line::Entity::find().filter(is_among(db, "shipment_id", some.iter().map(String::as_str)));
        all.extend(lines.order_by_asc(line::Column::ShipmentId).order_by_asc(line::Column::Line).all(db).await?);
    }
    Ok(all)
}

/// # Errors
/// When the database does not answer.
pub async fn milestones_of(db: &impl ConnectionTrait, shipments: &[String]) -> Result<Vec<milestone::Model>, Error> {
    let mut all = Vec::new();
    for some in shipments.chunks(IN_ONE_QUERY) {
        let some = is_among(db, "shipment_id", some.iter().map(String::as_str));
        let milestones = milestone::Entity::find().filter(some);
        all.extend(milestones.all(db).await?);
    }
    Ok(all)
}

/// Late by `Clock::Day`: delivered after the promised day, or promised before today and not delivered.
pub fn late(today: Day) -> Condition {
    Condition::any().add(line::Column::OnTimeByDay.eq(0)).add(overdue(today))
}

/// Promised before today and not delivered.
pub fn overdue(today: Day) -> Expr {
    line::Column::DeliveredOn.is_null().and(line::Column::PromisedOn.lt(today))
}

/// What the filter says of lines.
pub fn lines_that(filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(customer) = &filter.customer {
        all = all.add(line::Column::CustomerId.eq(customer.clone()));
    }
    if let Some(origin) = &filter.origin {
        all = all.add(line::Column::Origin.eq(origin));
    }
    if let Some(destination) = &filter.destination {
        all = all.add(line::Column::Destination.eq(destination));
    }
    if let Some(mode) = &filter.mode {
        all = all.add(line::Column::Mode.eq(mode));
    }
    if let Some(month) = &filter.month {
        all = all.add(line::Column::Month.eq(month));
    }
    if let Some(from) = &filter.from_month {
        all = all.add(line::Column::Month.gte(from));
    }
    if let Some(to) = &filter.to_month {
        // An empty month is one that nobody knows; it lies before all others.
        all = all.add(line::Column::Month.lte(to));
    }
    all
}

fn listed(actor: &Actor, filter: &ListFilter) -> Select<shipment::Entity> {
    use shipment::Column;
    let mut query = visible_to(actor);
    if let Some(customer) = &filter.which.customer {
        query = query.filter(Column::CustomerId.eq(customer.clone()));
    }
    if !filter.waybill.is_empty() {
        let wanted = filter.waybill.trim();
        // Written so that each of them is found by its index, which leaves out the many that are empty.
        let others = [Column::CustomerReference, Column::BillOfLading, Column::Container, Column::BookingNumber];
        let filled = |column: Column| column.eq(wanted).and(Expr::cust(format!("{} <> ''", column.as_str())));
        query = query.filter(others.into_iter().map(filled).fold(Column::Waybill.eq(wanted), ExprTrait::or));
    }
    let about_lines = Filter { customer: None, ..filter.which.clone() };
    if about_lines != Filter::default() || filter.late {
        let mut some = Condition::all()
            .add(Expr::col((line::Entity, line::Column::ShipmentId)).equals((shipment::Entity, Column::Id)))
            .add(lines_that(&about_lines));
        if filter.late {
            some = some.add(late(actor.today()));
        }
        let lines = Query::select().expr(Expr::value(1)).from(line::Entity).cond_where(some).to_owned();
        query = query.filter(Expr::exists(lines));
    }
    query
}

/// The last shipped first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &ListFilter,
    size: PageSize,
) -> Result<Page<shipment::Model>, Error> {
    use shipment::Column;
    let mut query = listed(actor, filter);
    if let Some(after) = &filter.after {
        // A cursor that holds no day is one that somebody made up: it shows nothing.
        let older = after.key.parse::<Day>().ok().filter(|day| rules::is_possible(*day)).map(|day| {
            let older = Column::ShippedOn.lt(day).or(Column::ShippedOn.eq(day).and(Column::Id.lt(after.id.as_str())));
            // Says nothing new, but an index can begin there.
            Column::ShippedOn.lte(day).and(older)
        });
        query = query.filter(older.unwrap_or_else(|| Expr::value(false)));
    }
    let rows = query.order_by_desc(Column::ShippedOn).order_by_desc(Column::Id).limit(size.0 + 1).all(db).await?;
    Ok(Page::cut(rows, size, |row| Cursor { key: row.shipped_on.to_string(), id: row.id.clone() }))
}

/// A customer's shipments up to a day, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    until: Day,
    rows: u64,
) -> Result<Vec<shipment::Model>, Error> {
    Ok(shipment::Entity::find()
        .filter(shipment::Column::CustomerId.eq(customer.clone()))
        .filter(shipment::Column::ShippedOn.lte(until))
        .order_by_desc(shipment::Column::ShippedOn)
        .order_by_desc(shipment::Column::Id)
        .limit(rows)
        .all(db)
        .await?)
}

/// One day a shipment, by customer, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn shipment_days(
    db: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Vec<Day>>, Error> {
    let mut days: BTreeMap<CustomerId, Vec<Day>> = BTreeMap::new();
    for some in customers.chunks(IN_ONE_QUERY) {
        let rows: Vec<(CustomerId, String)> = shipment::Entity::find()
            .select_only()
            .column(shipment::Column::CustomerId)
            .column_as(days_of(db, "shipped_on"), "days")
            .filter(is_among(db, "customer_id", some.iter().map(CustomerId::as_str)))
            .group_by(shipment::Column::CustomerId)
            .into_tuple()
            .all(db)
            .await?;
        for (customer, text) in rows {
            let mut own: Vec<Day> = text.split(',').filter_map(|day| day.parse().ok()).collect();
            own.sort_unstable();
            days.insert(customer, own);
        }
    }
    Ok(days)
}

/// Names of these customers, by id. The caller has seen to it that the actor may know them.
///
/// # Errors
/// When the database does not answer.
pub async fn names_of(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = CustomerId>,
) -> Result<BTreeMap<CustomerId, String>, Error> {
    use customers::customer::{Column, Entity};
    let ids: Vec<String> = ids.into_iter().map(|id| id.0).collect::<BTreeSet<_>>().into_iter().collect();
    let mut names = BTreeMap::new();
    for some in ids.chunks(MOST_IN_ONE_QUERY) {
        let some = Entity::find().filter(is_among(db, "id", some.iter().map(String::as_str)));
        let query = some.select_only().columns([Column::Id, Column::Name]).into_query();
        names.extend(packed::rows::<(CustomerId, String)>(db, query, &["id", "name"]).await?);
    }
    Ok(names)
}

/// Waybills of these shipments, by shipment. The caller has seen to it that the actor may know them.
///
/// # Errors
/// When the database does not answer.
pub async fn waybills_of(db: &impl ConnectionTrait, ids: BTreeSet<String>) -> Result<BTreeMap<String, String>, Error> {
    use shipment::Column;
    let ids: Vec<String> = ids.into_iter().collect();
    let mut waybills = BTreeMap::new();
    for some in ids.chunks(MOST_IN_ONE_QUERY) {
        let rows: Vec<(String, String)> = shipment::Entity::find()
            .select_only()
            .columns([Column::Id, Column::Waybill])
            .filter(is_among(db, "id", some.iter().map(String::as_str)))
            .into_tuple()
            .all(db)
            .await?;
        waybills.extend(rows);
    }
    Ok(waybills)
}
