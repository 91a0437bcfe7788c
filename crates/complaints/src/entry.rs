use base::UserId;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::complaint::ComplaintId;
use crate::words::{Channel, EntryKind, Step};

/// One line of what happened to a complaint; only ever added to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ComplaintEntry)]
#[sea_orm(table_name = "complaint_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub complaint_id: ComplaintId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    /// The complaint's version after it.
    pub version: i64,
    pub round: i64,
    pub kind: EntryKind,
    pub step: Option<Step>,
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTimeUtc,
    #[schema(value_type = Option<String>)]
    pub by_id: Option<UserId>,
    pub by_name: String,
    /// What was done, or why.
    pub text: String,
    /// What the customer was told.
    pub told: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub told_at: Option<DateTimeUtc>,
    pub told_how: Option<Channel>,
    /// Working seconds since the step before.
    pub took: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
