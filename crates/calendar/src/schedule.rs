use sea_orm::entity::prelude::*;

/// Whose hours the firm's are.
pub const FIRM: &str = "firm";

/// The working hours of the firm, or of a department that has its own.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "working_hours")]
pub struct Model {
    /// `firm`, or the id of a department.
    #[sea_orm(primary_key, auto_increment = false)]
    pub holder: String,
    /// Name of the IANA time zone, such as `Asia/Shanghai`.
    pub zone: String,
    /// `Hours`.
    pub hours: Json,
    pub version: i64,
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
