use sea_orm::entity::prelude::*;

/// A year of which we know something: somebody has set a day of it, or a file has told the whole year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_years")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i64,
    pub version: i64,
    /// When a file told the whole year; until then clocks that run into it say that they do not know its holidays.
    pub loaded_at: Option<DateTimeUtc>,
    pub loaded_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
