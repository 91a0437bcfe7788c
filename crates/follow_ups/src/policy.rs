//! What an administrator may change.

use module::{Setting, SettingField, SettingShape};
use serde::{Deserialize, Serialize};

/// Where the policy is kept among the settings.
pub const KEY: &str = "follow_ups";

/// When customers are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Workdays after a complaint was resolved.
    pub resolved_workdays: u32,
    pub resolved_latest: u32,
    /// Days after a complaint was resolved.
    pub revisit_days: u32,
    pub revisit_latest: u32,
    /// Days after a customer's first shipment.
    pub first_days: u32,
    /// Asking makes no sense after these.
    pub first_latest: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            resolved_workdays: 2,
            resolved_latest: 3,
            revisit_days: 30,
            revisit_latest: 60,
            first_days: 7,
            first_latest: 30,
        }
    }
}

const fn whole(name: &'static str, least: i64, most: i64) -> SettingField {
    SettingField { name, shape: SettingShape::Whole { least, most } }
}

const FIELDS: &[SettingField] = &[
    whole("resolved_workdays", 1, 60),
    whole("resolved_latest", 1, 90),
    whole("revisit_days", 1, 365),
    whole("revisit_latest", 1, 730),
    whole("first_days", 1, 60),
    whole("first_latest", 1, 90),
];

pub(crate) fn setting() -> Setting {
    let default = serde_json::to_value(Policy::default()).unwrap_or_default();
    Setting { key: KEY, fields: FIELDS, default }
}
