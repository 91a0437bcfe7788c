use base::UserId;
use chrono::Duration;
use sea_orm::entity::prelude::*;

/// A link that signs one user in once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_links")]
pub struct Model {
    /// SHA-256 of the token, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

pub const LIFE: Duration = Duration::minutes(30);
/// The first start may happen the evening before somebody opens the page.
pub const SETUP_LIFE: Duration = Duration::hours(24);
