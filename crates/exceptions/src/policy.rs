use module::{Setting, SettingField, SettingShape};
use serde::{Deserialize, Serialize};

/// Where the policy is kept among the settings.
pub const SETTINGS: &str = "exceptions";

/// What an administrator may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Minutes after the plan that are fine where no threshold says otherwise.
    pub tolerance_minutes: i64,
    /// The customer is told within so many minutes of working time.
    pub tell_within_minutes: i64,
    /// Days: what was planned earlier is history and raises nothing.
    pub raise_days: i64,
    /// Days: a step that was done late longer ago is history too, so that the first import of old shipments does not
    /// ask for a hundred calls that come too late.
    pub raise_done_days: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { tolerance_minutes: 120, tell_within_minutes: 120, raise_days: 30, raise_done_days: 7 }
    }
}

/// Most minutes of tolerance: 30 days.
pub const MOST_MINUTES: i64 = 43_200;

const FIELDS: &[SettingField] = &[
    SettingField { name: "tolerance_minutes", shape: SettingShape::Whole { least: 0, most: MOST_MINUTES } },
    SettingField { name: "tell_within_minutes", shape: SettingShape::Whole { least: 5, most: 10_080 } },
    SettingField { name: "raise_days", shape: SettingShape::Whole { least: 1, most: 365 } },
    SettingField { name: "raise_done_days", shape: SettingShape::Whole { least: 1, most: 365 } },
];

pub fn setting() -> Setting {
    Setting { key: SETTINGS, fields: FIELDS, default: serde_json::to_value(Policy::default()).unwrap_or_default() }
}
