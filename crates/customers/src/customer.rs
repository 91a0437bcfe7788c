//! The customer and its closed sets of words.

use base::{CustomerId, Day, DepartmentId, UserId};
use sea_orm::entity::prelude::*;
use serde::Serialize;

base::words! {
    /// How far the relationship is. The first three are set by hand, the others come from shipments.
    Stage, "customer-stage-" {
        NonCustomer = "non_customer",
        Prospect = "prospect",
        Target = "target",
        FirstTime = "first_time",
        Repeat = "repeat",
        Loyal = "loyal",
        Lost = "lost",
    }
}

impl Stage {
    pub const BY_HAND: [Stage; 3] = [Stage::Target, Stage::Prospect, Stage::NonCustomer];

    /// Class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            Stage::Loyal | Stage::Repeat => "good",
            Stage::Lost => "risk",
            Stage::FirstTime | Stage::Target => "info",
            Stage::Prospect | Stage::NonCustomer => "neutral",
        }
    }
}

base::words! {
    /// What the customer is to the firm.
    #[derive(Default)]
    RelationType, "customer-relation-" {
        #[default]
        General = "general",
        Enterprise = "enterprise",
        Internal = "internal",
        Channel = "channel",
        Distributor = "distributor",
        Agent = "agent",
    }
}

base::words! {
    Size, "customer-size-" { Micro = "micro", Small = "small", Medium = "medium", Large = "large" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Full registered name, as typed.
    pub name: String,
    /// The name for comparing and sorting: NFKC, lower-case, without blanks.
    #[serde(skip)]
    pub name_key: String,
    /// All names and the credit code, written like `name_key`, one a line.
    #[serde(skip)]
    pub search_key: String,
    /// Where the name stands in a list; see `texts::pinyin::sort_key`.
    #[serde(skip)]
    pub sort_name: String,
    pub short_name: String,
    /// Names it had before, a list of texts.
    pub former_names: Json,
    pub english_name: String,
    /// Unified social credit code, upper-case and checked; no two customers have the same.
    pub credit_code: Option<String>,
    pub industry: String,
    pub size: Option<Size>,
    pub relation_type: RelationType,
    /// Where the customer was found.
    pub source: String,
    pub stage: Stage,
    pub stage_since: Option<Date>,
    /// Why the stage is what it is: a list of messages (key and arguments).
    pub stage_reason: Json,
    /// When the stage may change by time alone.
    pub stage_review_on: Option<Date>,
    pub owner_id: Option<UserId>,
    /// The owner's department when he was made owner; decides who sees the customer.
    pub department_id: Option<DepartmentId>,
    /// Days between two contacts, agreed for this customer.
    pub rhythm_days: Option<i64>,
    /// The last interaction in which somebody was reached.
    pub last_contact_at: Option<DateTimeUtc>,
    /// `last_contact_at` in microseconds since 1970, 0 for never: sorts alike on both databases.
    #[serde(skip)]
    pub last_contact_order: i64,
    pub contact_due_on: Option<Date>,
    /// The earliest open next step, `NO_STEP` without one: a list is sorted by it.
    #[serde(skip)]
    pub next_step_due: Date,
    /// Shipments of the last 30 days, as `put_figures` was told: a list is sorted by them.
    #[serde(skip)]
    pub shipments_30: i64,
    /// What the last 365 days brought in minor units of the reporting currency, `UNKNOWN_VALUE` when nobody knows.
    #[serde(skip)]
    pub value_order: i64,
    pub notes: String,
    pub created_at: DateTimeUtc,
    pub created_by: String,
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// After every day on which something can be due.
pub const NO_STEP: Day = match Day::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => Day::MAX,
};

/// Below every amount: unknown comes last.
pub const UNKNOWN_VALUE: i64 = -1_000_000_000_000_000_000;

impl Model {
    pub fn customer_id(&self) -> CustomerId {
        CustomerId(self.id.clone())
    }

    /// Names it had before.
    pub fn former(&self) -> Vec<String> {
        serde_json::from_value(self.former_names.clone()).unwrap_or_default()
    }
}
