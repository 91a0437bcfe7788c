use sea_orm::entity::prelude::*;

/// How many files something has: who adds one holds this row, so that two at once do not both take the last place.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment_counts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub object: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub object_id: String,
    pub files: i64,
}

impl ActiveModelBehavior for ActiveModel {}
