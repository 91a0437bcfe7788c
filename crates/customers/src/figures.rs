//! What a customer's shipments add up to. `shipments` counts it; here it is shown, and the list is sorted by it.

use base::{Currency, CustomerId, Error, Money};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::choices::choices;
use crate::store;

choices! {
    /// What the value of the last 365 days is made of.
    #[derive(Default)]
    ValueBasis, "customer-value-" {
        /// Revenue less cost.
        Margin = "margin",
        /// The cost is unknown.
        Revenue = "revenue",
        /// Margin where the cost is known, revenue elsewhere.
        Mixed = "mixed",
        /// No revenue is known, or nothing of it can be converted.
        #[default]
        Unknown = "unknown",
    }
}

/// The columns of `customer_figures` that the list shows.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "customer_figures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: String,
    /// In the last 30 days.
    pub shipments_30: i64,
    /// In the 30 days before those.
    pub shipments_prior_30: i64,
    /// Minor units.
    pub value_minor: Option<i64>,
    /// The reporting currency of the day it was counted.
    pub value_currency: Option<Currency>,
    pub value_basis: ValueBasis,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// `None` when it is unknown.
    pub fn value(&self) -> Option<Money> {
        Some(Money::new(self.value_minor?, self.value_currency?))
    }
}

/// What the list of customers is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub customer: CustomerId,
    pub shipments_30: i64,
    /// Minor units of the reporting currency.
    pub value: Option<i64>,
}

/// Keeps the order of the list in step with the figures, in the transaction that counts them.
///
/// # Errors
/// When the database refuses the write.
pub async fn put_figures(tx: &impl ConnectionTrait, orders: &[Order]) -> Result<(), Error> {
    store::figures::put_orders(tx, orders).await
}
