//! How much each customer ships, kept ready.

use std::collections::BTreeMap;

use base::{Actor, Currency, CustomerId, Day, Error, UserId};
use chrono::Duration;
use customers::figures::{Order, ValueBasis};
use db::dialect::{self, rows_per_insert};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, OnConflict, Query};
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, Iterable, QueryOrder, QuerySelect, QueryTrait};

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
) -> Result<Vec<(CustomerId, i64, ValueBasis)>, Error> {
    let mut all = Vec::new();
    for some in customers.chunks(super::MOST_IN_ONE_QUERY) {
        let fresh = Entity::find()
            .select_only()
            .columns([Column::CustomerId, Column::ValueMinor, Column::ValueBasis])
            .filter(dialect::is_among(db, "customer_id", some.iter().map(CustomerId::as_str)))
            .filter(Column::AsOf.eq(today))
            .filter(Column::ValueMinor.is_not_null())
            .filter(Column::ValueCurrency.eq(currency));
        all.extend(fresh.into_tuple::<(CustomerId, i64, ValueBasis)>().all(db).await?);
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

/// Customers that the actor may see and who ship less than chance explains, each with his owner.
///
/// # Errors
/// When the database does not answer.
pub async fn all_dropped(
    db: &impl ConnectionTrait,
    actor: &Actor,
    owner: Option<&UserId>,
) -> Result<Vec<(Model, Option<UserId>)>, Error> {
    let owned = super::late::owned(actor, owner).select_only().column(customers::customer::Column::Id);
    let query =
        Entity::find().filter(Column::Dropped.eq(true)).filter(Column::CustomerId.in_subquery(owned.into_query()));
    let rows = query.order_by_asc(Column::CustomerId).all(db).await?;
    let ids: Vec<String> = rows.iter().map(|row| row.customer_id.clone()).collect();
    let mut owners = super::late::owners_of(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| (owners.remove(&row.customer_id).flatten(), row))
        .map(|(who, row)| (row, who))
        .collect())
}
