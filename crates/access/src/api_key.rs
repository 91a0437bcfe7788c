use base::UserId;
use sea_orm::entity::prelude::*;

/// What a program signs in with; acts for a user within the key's scopes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub user_id: UserId,
    /// SHA-256, hexadecimal; the secret has 256 random bits, so no slow hash is needed.
    pub secret_hash: String,
    /// Names of permissions; the key has no other, even when its user does.
    pub scopes: Json,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub last_used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
