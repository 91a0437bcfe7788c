//! Dated rates into one currency.

use base::{Currency, Day, Error};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, IntoActiveModel, QueryOrder};

use crate::Rates;
use crate::rate::{Column, Entity, Model};

/// By currency, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn all_into(db: &impl ConnectionTrait, into: Currency) -> Result<Vec<Model>, Error> {
    let own = Entity::find().filter(Column::IntoCurrency.eq(into.code()));
    Ok(own.order_by_asc(Column::Currency).order_by_desc(Column::OnDay).all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn into(db: &impl ConnectionTrait, into: Currency) -> Result<Rates, Error> {
    let rates = all_into(db, into).await?;
    Ok(rates.into_iter().fold(Rates::into_currency(into), |all, rate| {
        match (rate.currency.parse(), rate.rate.parse()) {
            (Ok(currency), Ok(number)) => all.with(currency, rate.on_day, number),
            _ => all,
        }
    }))
}

/// # Errors
/// When the database does not answer.
pub async fn get(
    db: &impl ConnectionTrait,
    into: Currency,
    currency: Currency,
    on: Day,
) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(key(into, currency, on)).one(db).await?)
}

/// # Errors
/// When the database refuses the write.
pub async fn put(tx: &impl ConnectionTrait, rate: Model) -> Result<(), Error> {
    let replace = OnConflict::columns([Column::IntoCurrency, Column::Currency, Column::OnDay])
        .update_column(Column::Rate)
        .to_owned();
    Entity::insert(rate.into_active_model()).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// False when there was none.
///
/// # Errors
/// When the database refuses the write.
pub async fn remove(tx: &impl ConnectionTrait, into: Currency, currency: Currency, on: Day) -> Result<bool, Error> {
    Ok(Entity::delete_by_id(key(into, currency, on)).exec(tx).await?.rows_affected == 1)
}

fn key(into: Currency, currency: Currency, on: Day) -> (String, String, Day) {
    (into.to_string(), currency.to_string(), on)
}
