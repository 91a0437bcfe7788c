//! How much each customer ships, kept ready.

use std::collections::BTreeMap;

use base::{Actor, Currency, CustomerId, Day, Error, UserId};
use chrono::Duration;
use customers::figures::{Amounts, Order, UnreadableAmounts, ValueBasis};
use db::dialect::{self, rows_per_insert};
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, OnConflict, Query};
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, Iterable, QueryOrder, QuerySelect, QueryTrait};
use serde::Deserialize;

use crate::figures::{self, Column, Entity, Model, dropped};
use crate::{shipment, stake};

/// Counts anew as of this day; customers without a shipment up to it have no figures.
///
/// # Errors
/// When the database refuses the write.
pub async fn refresh(tx: &impl ConnectionTrait, customers: &[CustomerId], today: Day) -> Result<(), Error> {
    for some in customers.chunks(super::IN_ONE_QUERY) {
        let mut rows = counted(tx, some, today).await?;
        value(tx, &mut rows, today).await?;
        Entity::delete_many().filter(Column::CustomerId.is_in(some.iter().map(CustomerId::as_str))).exec(tx).await?;
        for some in rows.chunks(rows_per_insert(Column::iter().count())) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            // Another node may count the same customer at this moment; both counts are right.
            let keep = OnConflict::column(Column::CustomerId).do_nothing().to_owned();
            Entity::insert_many(rows).on_conflict(keep).exec_without_returning(tx).await?;
        }
        customers::put_figures(tx, &orders(some, &rows)).await?;
    }
    Ok(())
}

/// Has everybody's figures counted anew by the job, because amounts are converted otherwise from now on.
///
/// # Errors
/// When the database refuses the write.
pub async fn outdate(tx: &impl ConnectionTrait) -> Result<(), Error> {
    Entity::update_many().col_expr(Column::AsOf, Expr::value(Day::default())).exec(tx).await?;
    Ok(())
}

/// What is at stake in this currency, of those of these customers of whom it was counted as of this day.
///
/// # Errors
/// When the database does not answer.
pub async fn values(
    db: &impl ConnectionTrait,
    customers: &[CustomerId],
    today: Day,
    currency: Currency,
) -> Result<Vec<(CustomerId, i64, ValueBasis, Amounts)>, Error> {
    let mut all = Vec::new();
    for some in customers.chunks(super::MOST_IN_ONE_QUERY) {
        let fresh = Entity::find()
            .select_only()
            .columns([Column::CustomerId, Column::ValueMinor, Column::ValueBasis, Column::ValueApart])
            .filter(dialect::is_among(db, "customer_id", some.iter().map(CustomerId::as_str)))
            .filter(Column::AsOf.eq(today))
            .filter(Column::ValueMinor.is_not_null())
            .filter(Column::ValueCurrency.eq(currency));
        let names = ["customer_id", "value_minor", "value_basis", "value_apart"];
        let rows: Vec<(CustomerId, i64, ValueBasis, String)> = packed::rows(db, fresh.into_query(), &names).await?;
        for (id, minor, basis, apart) in rows {
            let apart = apart.parse().map_err(|error: UnreadableAmounts| Error::Bug(error.to_string()))?;
            all.push((id, minor, basis, apart));
        }
    }
    Ok(all)
}

async fn value(db: &impl ConnectionTrait, rows: &mut [Model], today: Day) -> Result<(), Error> {
    let ids: Vec<CustomerId> = rows.iter().map(|row| CustomerId(row.customer_id.clone())).collect();
    let mut at_stake = stake::at_stake(db, &ids, today).await?;
    for row in rows {
        let at_stake = at_stake.remove(&CustomerId(row.customer_id.clone())).unwrap_or_default();
        row.value_minor = at_stake.value.map(|value| value.minor);
        row.value_currency = at_stake.value.map(|value| value.currency);
        row.value_basis = at_stake.basis.into();
        row.value_apart = at_stake.apart;
    }
    Ok(())
}

/// Also of those who have no figures any more.
fn orders(customers: &[CustomerId], rows: &[Model]) -> Vec<Order> {
    let counted: BTreeMap<&str, &Model> = rows.iter().map(|row| (row.customer_id.as_str(), row)).collect();
    let order = |customer: &CustomerId| {
        let row = counted.get(customer.as_str());
        let (shipments_30, value) = row.map_or((0, None), |row| (row.shipments_30, row.value_minor));
        Order { customer: customer.clone(), shipments_30, value }
    };
    customers.iter().map(order).collect()
}

async fn counted(db: &impl ConnectionTrait, customers: &[CustomerId], today: Day) -> Result<Vec<Model>, Error> {
    use shipment::Column::{CustomerId as Customer, ShippedOn};
    let shipped = Expr::col(ShippedOn);
    let month_ago = today - Duration::days(figures::LATELY);
    let month_before = month_ago - Duration::days(figures::LATELY);
    let half_year_before = month_ago - Duration::days(figures::BEFORE);
    // Days come in as the second subquery's columns so that the sums are the same text on both databases.
    let mut days = Query::select();
    days.column(Customer)
        .column(ShippedOn)
        .expr_as(one_if(shipped.clone().gt(month_ago)), "lately")
        .expr_as(one_if(shipped.clone().lte(month_ago).and(shipped.clone().gt(half_year_before))), "before")
        .expr_as(one_if(shipped.clone().lte(month_ago).and(shipped.clone().gt(month_before))), "prior")
        .from(shipment::Entity)
        .and_where(Expr::col(Customer).is_in(customers.to_vec()))
        .and_where(shipped.clone().lte(today));
    let mut query = Query::select();
    query
        .column(Customer)
        .expr(shipped.clone().min())
        .expr(shipped.max())
        .expr(dialect::sum_of(db, "lately"))
        .expr(dialect::sum_of(db, "before"))
        .expr(dialect::sum_of(db, "prior"))
        .from_subquery(days, "days")
        .group_by_col(Customer);
    let rows = db.query_all(&query).await?;
    let model = |row: &QueryResult| -> Result<Model, Error> {
        let (shipments_30, shipments_before) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        Ok(Model {
            customer_id: row.try_get_by_index(0)?,
            first_shipped_on: row.try_get_by_index(1)?,
            last_shipped_on: row.try_get_by_index(2)?,
            shipments_30,
            shipments_before,
            shipments_prior_30: row.try_get_by_index(5)?,
            value_minor: None,
            value_currency: None,
            value_basis: ValueBasis::Unknown,
            value_apart: Amounts::default(),
            dropped: dropped(shipments_30, shipments_before),
            as_of: today,
        })
    };
    rows.iter().map(model).collect()
}

fn one_if(condition: Expr) -> Expr {
    CaseStatement::new().case(condition, Expr::value(1_i64)).finally(Expr::value(0_i64)).into()
}

/// Shippers whose figures are not of this day, by id.
///
/// # Errors
/// When the database does not answer.
pub async fn stale(
    db: &impl ConnectionTrait,
    today: Day,
    after: Option<&CustomerId>,
    most: u64,
) -> Result<Vec<CustomerId>, Error> {
    use shipment::Column::CustomerId as Customer;
    let fresh = Entity::find().select_only().column(Column::CustomerId).filter(Column::AsOf.eq(today));
    let mut query = shipment::Entity::find()
        .select_only()
        .column(Customer)
        .distinct()
        .filter(Customer.not_in_subquery(fresh.into_query()))
        .order_by_asc(Customer);
    if let Some(after) = after {
        query = query.filter(Customer.gt(after.clone()));
    }
    Ok(query.limit(most).into_tuple().all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn of_customer(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(customer.as_str()).one(db).await?)
}

/// A customer who ships less than chance explains.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Dropped {
    pub customer: CustomerId,
    pub owner: Option<UserId>,
    pub shipments_30: i64,
    pub shipments_before: i64,
    pub last_shipped_on: Day,
}

/// Those of the customers that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn all_dropped(
    db: &impl ConnectionTrait,
    actor: &Actor,
    owner: Option<&UserId>,
) -> Result<Vec<Dropped>, Error> {
    use customers::customer;
    let of = |column: Column| Expr::col((Entity, column));
    let of_customer = |column: customer::Column| Expr::col((customer::Entity, column));
    let mut query = super::late::owned(actor, owner).select_only().into_query();
    query
        .expr_as(of(Column::CustomerId), "customer")
        .expr_as(of_customer(customer::Column::OwnerId), "owner")
        .expr_as(of(Column::Shipments30), "shipments_30")
        .expr_as(of(Column::ShipmentsBefore), "shipments_before")
        .expr_as(of(Column::LastShippedOn), "last_shipped_on")
        .inner_join(Entity, of(Column::CustomerId).equals((customer::Entity, customer::Column::Id)))
        .and_where(of(Column::Dropped).eq(true));
    let names = ["customer", "owner", "shipments_30", "shipments_before", "last_shipped_on"];
    let mut all: Vec<Dropped> = packed::rows(db, query, &names).await?;
    all.sort_by(|one, other| one.customer.cmp(&other.customer));
    Ok(all)
}
