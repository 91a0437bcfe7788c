//! How often the customer was told before he asked.

use base::{Actor, CustomerId, Error};
use db::dialect::sum_of;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

use super::visible_to;
use crate::exception::{Column, Status};

base::words! {
    /// What the rows are.
    #[derive(Default)]
    By as "ToldFirstBy", "exception-by-" { #[default] Month = "month", Owner = "owner", Lane = "lane" }
}

/// Of the exceptions that were told or should have been by now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ToldFirstRow)]
pub struct Row {
    /// The month, the owner's id (empty: nobody) or `origin → destination`.
    pub key: String,
    /// Told, or not told although the time was up.
    pub due: i64,
    /// Told in time and before the customer asked.
    pub told_first: i64,
}

impl Row {
    pub fn rate(&self) -> f64 {
        // Counts are far below what a float holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52")]
        let rate = self.told_first as f64 / self.due.max(1) as f64;
        rate
    }
}

/// Most rows that one report shows.
const MOST: u64 = 500;

/// From one month to another, both included; the rows with the most misses first, months in order.
///
/// # Errors
/// When the database does not answer.
pub async fn told_first(
    db: &impl ConnectionTrait,
    actor: &Actor,
    by: By,
    months: (&str, &str),
    customer: Option<&CustomerId>,
) -> Result<Vec<Row>, Error> {
    let keys: &[Column] = match by {
        By::Month => &[Column::Month],
        By::Owner => &[Column::OwnerId],
        By::Lane => &[Column::Origin, Column::Destination],
    };
    let counted = Condition::any().add(Column::ToldFirst.is_not_null()).add(Column::TellBy.lt(actor.now));
    let mut query = visible_to(actor)
        .filter(Column::Month.gte(months.0))
        .filter(Column::Month.lte(months.1))
        .filter(Column::Status.ne(Status::Void))
        .filter(counted)
        .select_only();
    if let Some(customer) = customer {
        query = query.filter(Column::CustomerId.eq(customer.clone()));
    }
    for key in keys {
        query = query.column(*key).group_by(*key).order_by_asc(*key);
    }
    query = query.column_as(Column::Id.count(), "due").column_as(sum_of(db, "told_first"), "first").limit(MOST);
    let mut rows: Vec<Row> = match by {
        By::Lane => {
            let rows: Vec<(String, String, i64, i64)> = query.into_tuple().all(db).await?;
            let lane = |from: &str, to: &str| if from.is_empty() { String::new() } else { format!("{from} → {to}") };
            rows.into_iter().map(|(from, to, due, told_first)| Row { key: lane(&from, &to), due, told_first }).collect()
        }
        By::Month | By::Owner => {
            let rows: Vec<(Option<String>, i64, i64)> = query.into_tuple().all(db).await?;
            let row = |(key, due, told_first): (Option<String>, i64, i64)| Row {
                key: key.unwrap_or_default(),
                due,
                told_first,
            };
            rows.into_iter().map(row).collect()
        }
    };
    if by != By::Month {
        rows.sort_by_key(|row| std::cmp::Reverse(row.due - row.told_first));
    }
    Ok(rows)
}
