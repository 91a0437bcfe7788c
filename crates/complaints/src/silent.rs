//! Customers whom we have served badly, who ship less, and who say nothing: most who leave never complain.

use base::{CustomerId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A customer who should be called before he is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SilentCustomer)]
pub struct Silent {
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    pub customer_name: String,
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    pub owner_name: String,
    /// Shipments promised within the days that came late or have not come.
    pub late: u64,
    /// Shipments whose damage was found within the days.
    pub damaged: u64,
    /// Shipments that were the one or the other; one that was both counts once.
    pub bad: u64,
    /// What he shipped within the days, in shipments.
    pub shipments: i64,
    /// The same in as many days before.
    pub shipments_before: i64,
}

/// Those customers, and what they were looked for by.
#[derive(Clone, Debug)]
pub struct SilentList {
    /// Who ships the least of what he did comes first.
    pub rows: Vec<Silent>,
    pub days: u32,
    pub least: u32,
    pub drop: u32,
}

/// At least so many percent fewer. Who shipped nothing before has nothing to lose.
pub fn has_dropped(now: i64, before: i64, percent: u32) -> bool {
    before > 0 && now * 100 <= before * (100 - i64::from(percent.min(100)))
}

impl Silent {
    /// Who ships the least of what he did comes first, then who shipped the most.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let left = |one: &Self, of: &Self| one.shipments * of.shipments_before;
        left(self, other)
            .cmp(&left(other, self))
            .then(other.shipments_before.cmp(&self.shipments_before))
            .then(self.customer_id.cmp(&other.customer_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_percentage_is_enough_and_a_shipment_more_is_not() {
        assert!(has_dropped(8, 10, 20));
        assert!(!has_dropped(9, 11, 20));
        assert!(has_dropped(0, 1, 100));
        assert!(!has_dropped(0, 0, 20), "who shipped nothing has lost nothing");
    }
}
