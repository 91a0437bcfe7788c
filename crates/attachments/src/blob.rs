use sea_orm::entity::prelude::*;

/// Bytes that lie in the data folder. Whoever puts them there or takes them away holds this row, so that no two do at
/// once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment_blobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    pub bytes: i64,
    /// When a file of these bytes was last added or removed.
    pub touched_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
