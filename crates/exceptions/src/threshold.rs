//! How much later than planned is still fine.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use shipments::MilestoneKind;
use utoipa::ToSchema;

base::ids! { ThresholdId }

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = LateThreshold)]
#[sea_orm(table_name = "late_thresholds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Empty: all customers.
    pub customer_id: String,
    /// Both empty: on all lanes.
    pub origin: String,
    pub destination: String,
    pub milestone: MilestoneKind,
    /// After the plan.
    pub minutes: i64,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: DateTimeUtc,
    pub changed_by: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
