use base::{CustomerId, UserId};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::kind::Kind;

base::ids! {
    /// One file that somebody added to something.
    AttachmentId,
}

/// A file as somebody added it. The same bytes may stand behind several.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    /// What it was added to: `complaint`, `claim`, `exception`.
    pub object: String,
    pub object_id: String,
    pub customer_id: Option<CustomerId>,
    /// As whoever added it called it, without path; nothing on the disk is called so.
    pub name: String,
    pub kind: Kind,
    pub bytes: i64,
    /// Hexadecimal; where the bytes lie.
    pub sha256: String,
    pub added_by: String,
    pub added_by_id: Option<UserId>,
    pub added_at: DateTimeUtc,
    /// Taken away by somebody; the record stays.
    pub removed_at: Option<DateTimeUtc>,
    /// Empty while it is there.
    pub removed_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
