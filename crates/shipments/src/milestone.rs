use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::MilestoneKind;

/// One step of a shipment: when it was planned, is expected, and happened.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = Milestone)]
#[sea_orm(table_name = "milestones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub shipment_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: MilestoneKind,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub planned_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub estimated_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub actual_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
