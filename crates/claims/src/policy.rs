//! What an administrator may change.

use module::{Setting, SettingField, SettingShape};
use serde::{Deserialize, Serialize};

/// Where the policy is kept among the settings.
pub const SETTINGS: &str = "claims";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Working days until a claim is decided.
    pub decide_days: u32,
    /// Working days until what was approved is paid.
    pub pay_days: u32,
    /// Days before the last one on which it stands on the worklist.
    pub warn_days: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { decide_days: 7, pay_days: 5, warn_days: 2 }
    }
}

const fn whole(name: &'static str, least: i64, most: i64) -> SettingField {
    SettingField { name, shape: SettingShape::Whole { least, most } }
}

const FIELDS: &[SettingField] = &[whole("decide_days", 1, 90), whole("pay_days", 1, 90), whole("warn_days", 0, 30)];

pub(crate) fn setting() -> Setting {
    Setting { key: SETTINGS, fields: FIELDS, default: serde_json::to_value(Policy::default()).unwrap_or_default() }
}
