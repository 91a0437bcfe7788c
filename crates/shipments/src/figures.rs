use base::Currency;
use customers::figures::{Amounts, ValueBasis};
use sea_orm::entity::prelude::*;
use serde::Serialize;

/// How much a customer ships, as of a day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "customer_figures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: String,
    pub first_shipped_on: Date,
    pub last_shipped_on: Date,
    /// In the 30 days that end with `as_of`.
    pub shipments_30: i64,
    /// In the 180 days before those.
    pub shipments_before: i64,
    /// In the 30 days before the last 30.
    pub shipments_prior_30: i64,
    /// Fewer than chance explains.
    pub dropped: bool,
    /// What is at stake, in minor units of `value_currency`; see `value_at_stake`.
    pub value_minor: Option<i64>,
    pub value_currency: Option<Currency>,
    pub value_basis: ValueBasis,
    /// What has no rate.
    pub value_apart: Amounts,
    pub as_of: Date,
}

impl ActiveModelBehavior for ActiveModel {}

/// Days that are looked at, up to today.
pub const LATELY: i64 = 30;
/// Days before those, with which they are compared.
pub const BEFORE: i64 = 180;
/// Fewest shipments in the 180 days from which anything can be told.
const FEWEST_BEFORE: i64 = 6;

/// Shipments to be expected in 30 days.
pub fn expected_30(shipments_before: i64) -> f64 {
    shipments_before as f64 * LATELY as f64 / BEFORE as f64
}

/// Whether the last 30 days lie below the 5 % point of a Poisson distribution with the mean of the 180 days before.
pub fn dropped(shipments_30: i64, shipments_before: i64) -> bool {
    let count = u64::try_from(shipments_30).unwrap_or(0);
    shipments_before >= FEWEST_BEFORE && models::below_five_percent(count, expected_30(shipments_before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_in_half_a_year_let_five_but_not_four_pass() {
        assert!(!dropped(5, 60));
        assert!(dropped(4, 60));
    }

    #[test]
    fn nothing_is_said_of_fewer_than_six() {
        assert!(!dropped(0, 5));
        // One a month is expected: none is no surprise.
        assert!(!dropped(0, 6));
        assert!(dropped(0, 18));
    }
}
