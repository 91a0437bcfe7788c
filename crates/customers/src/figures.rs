//! What a customer's shipments add up to. `shipments` counts it; here it is shown, and the list is sorted by it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use base::{Currency, CustomerId, Error, Language, Money};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use texts::format;

use crate::store;

base::words! {
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
    /// Revenue that is in no value because it, or its cost, has no rate.
    pub value_apart: Amounts,
}

/// Amounts that are not added up because there is no rate: minor units by currency. Kept as `JPY 500000,USD 120000`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, DeriveValueType)]
#[sea_orm(value_type = "String")]
#[serde(transparent)]
pub struct Amounts(pub BTreeMap<Currency, i128>);

/// The stored amounts cannot be read: a newer program wrote them, or somebody by hand.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not amounts by currency")]
pub struct UnreadableAmounts;

impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amounts: Vec<String> = self.0.iter().map(|(currency, minor)| format!("{currency} {minor}")).collect();
        f.write_str(&amounts.join(","))
    }
}

impl FromStr for Amounts {
    type Err = UnreadableAmounts;

    fn from_str(text: &str) -> Result<Self, UnreadableAmounts> {
        let amount = |text: &str| {
            let (currency, minor) = text.split_once(' ')?;
            Some((currency.parse().ok()?, minor.parse().ok()?))
        };
        let amounts = text.split(',').filter(|text| !text.is_empty());
        amounts.map(|text| amount(text).ok_or(UnreadableAmounts)).collect::<Result<_, _>>().map(Self)
    }
}

impl Amounts {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `JPY 500,000 + USD 1,200.00`.
    pub fn words(&self, language: Language) -> String {
        let amount = |(currency, minor): (&Currency, &i128)| match i64::try_from(*minor) {
            Ok(minor) => format::amount(Money::new(minor, *currency), language),
            Err(_) => format!("{currency} …"),
        };
        self.0.iter().map(amount).collect::<Vec<_>>().join(" + ")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_without_a_rate_are_read_as_they_were_written() {
        let amounts = Amounts([(Currency::JPY, 500_000), (Currency::USD, -120_050)].into());
        assert_eq!(amounts.to_string().parse(), Ok(amounts.clone()));
        assert_eq!(amounts.words(Language::English), "JPY 500,000 + USD -1,200.50");
        assert_eq!("".parse(), Ok(Amounts::default()));
        assert_eq!("JPY".parse::<Amounts>(), Err(UnreadableAmounts));
    }
}
