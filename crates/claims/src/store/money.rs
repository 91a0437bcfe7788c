//! What claims cost: every payment and everything that came back, each on its own day.

use base::{CustomerId, Day, Error, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};

use crate::entry::{Column, Entity, EntryKind};

/// Of a customer; what came back is below zero.
///
/// # Errors
/// When the database does not answer.
pub async fn moved(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<Vec<(Money, Day)>, Error> {
    let rows: Vec<(EntryKind, Option<i64>, base::Currency, Option<Day>)> = Entity::find()
        .filter(Column::CustomerId.eq(customer.clone()))
        .filter(Column::Kind.is_in([EntryKind::Paid, EntryKind::Recovered]))
        .select_only()
        .columns([Column::Kind, Column::Minor, Column::Currency, Column::OnDay])
        .into_tuple()
        .all(db)
        .await?;
    let signed = |kind, minor: i64| if kind == EntryKind::Recovered { minor.saturating_neg() } else { minor };
    let moved = rows.into_iter().filter_map(|(kind, minor, currency, day)| {
        let money = Money::new(signed(kind, minor?), currency);
        Some((money, day?))
    });
    Ok(moved.collect())
}
