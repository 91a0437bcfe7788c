//! What an administrator may change.

use calendar::WorkingTime;
use module::{Setting, SettingField, SettingShape};
use serde::{Deserialize, Serialize};

use crate::words::Severity;

/// Where the policy is kept among the settings.
pub const SETTINGS: &str = "complaints";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Working minutes until the first response, by severity.
    pub response_low: u32,
    pub response_normal: u32,
    pub response_high: u32,
    pub response_critical: u32,
    /// Working hours until the solution, by severity.
    pub resolution_low: u32,
    pub resolution_normal: u32,
    pub resolution_high: u32,
    pub resolution_critical: u32,
    /// With less than so many working minutes left, the first response is running out.
    pub soon_minutes: u32,
    /// Working hours after the due time until the manager is told.
    pub manager_after: u32,
    /// Working hours after that until it is a high risk.
    pub risk_after: u32,
    /// Calendar days that the law gives (Provisional Regulations on Express Delivery, article 28).
    pub legal_days: u32,
    /// From this day on it is shown red.
    pub legal_red_day: u32,
    /// So many complaints of one cause on one lane, or by one department, make a quality event.
    pub quality_least: u32,
    /// Days within which they have to come.
    pub quality_days: u32,
    /// Days until what is done about it is due.
    pub quality_due_days: u32,
    /// Who complains so often is a repeat complainer.
    pub repeat_least: u32,
    /// Days within which.
    pub repeat_days: u32,
    /// Shipments late or damaged from which on a customer who says nothing is looked at.
    pub silent_least: u32,
    /// Days within which; his shipments are compared with those of as many days before.
    pub silent_days: u32,
    /// Percent fewer shipments.
    pub silent_drop: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            response_low: 240,
            response_normal: 120,
            response_high: 60,
            response_critical: 30,
            resolution_low: 40,
            resolution_normal: 24,
            resolution_high: 16,
            resolution_critical: 8,
            soon_minutes: 30,
            manager_after: 4,
            risk_after: 8,
            legal_days: 7,
            legal_red_day: 5,
            quality_least: 3,
            quality_days: 30,
            quality_due_days: 14,
            repeat_least: 2,
            repeat_days: 90,
            silent_least: 2,
            silent_days: 60,
            silent_drop: 20,
        }
    }
}

impl Policy {
    /// The customer's grade will narrow it once there is one.
    pub fn respond_within(&self, severity: Severity) -> WorkingTime {
        WorkingTime::minutes(match severity {
            Severity::Low => self.response_low,
            Severity::Normal => self.response_normal,
            Severity::High => self.response_high,
            Severity::Critical => self.response_critical,
        })
    }

    /// As `respond_within`.
    pub fn resolve_within(&self, severity: Severity) -> WorkingTime {
        WorkingTime::hours(match severity {
            Severity::Low => self.resolution_low,
            Severity::Normal => self.resolution_normal,
            Severity::High => self.resolution_high,
            Severity::Critical => self.resolution_critical,
        })
    }
}

const fn whole(name: &'static str, least: i64, most: i64) -> SettingField {
    SettingField { name, shape: SettingShape::Whole { least, most } }
}

const FIELDS: &[SettingField] = &[
    whole("response_low", 1, 10_000),
    whole("response_normal", 1, 10_000),
    whole("response_high", 1, 10_000),
    whole("response_critical", 1, 10_000),
    whole("resolution_low", 1, 2000),
    whole("resolution_normal", 1, 2000),
    whole("resolution_high", 1, 2000),
    whole("resolution_critical", 1, 2000),
    whole("soon_minutes", 1, 1000),
    whole("manager_after", 1, 500),
    whole("risk_after", 1, 500),
    whole("legal_days", 1, 90),
    whole("legal_red_day", 1, 90),
    whole("quality_least", 2, 1000),
    whole("quality_days", 1, 365),
    whole("quality_due_days", 1, 365),
    whole("repeat_least", 2, 1000),
    whole("repeat_days", 1, 365),
    whole("silent_least", 1, 1000),
    whole("silent_days", 7, 365),
    whole("silent_drop", 1, 100),
];

pub(crate) fn setting() -> Setting {
    let default = serde_json::to_value(Policy::default()).unwrap_or_default();
    Setting { key: SETTINGS, fields: FIELDS, default }
}
