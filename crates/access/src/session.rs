use base::UserId;
use chrono::Duration;
use sea_orm::entity::prelude::*;

/// A signed-in browser.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// SHA-256 of the cookie's token, hexadecimal: who reads the table cannot sign in with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// Silent longer than this, a session is over.
pub const IDLE: Duration = Duration::hours(12);
/// Longest life of a session.
pub const LONGEST: Duration = Duration::days(7);
/// `last_seen_at` is written at most this often, because each write costs the disk.
pub const SEEN_EVERY: Duration = Duration::minutes(1);
