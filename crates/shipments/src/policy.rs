use base::Currency;
use serde::{Deserialize, Serialize};

/// Where the policy is kept among the settings.
pub const SETTINGS: &str = "shipments";

/// What an administrator may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Figures about money are told in this currency.
    pub reporting: Currency,
    /// Somebody is to call about a late delivery for this many days after it.
    pub late_days: i64,
    /// Somebody is to call about what has not arrived for this many days after the promise.
    pub open_days: i64,
    /// What a customer is worth is looked at over this many days.
    pub worth_days: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { reporting: Currency::CNY, late_days: 30, open_days: 365, worth_days: 365 }
    }
}
