use base::UserId;
use chrono::Duration;
use sea_orm::entity::prelude::*;

base::ids! { KeyId }

/// What a program signs in with; acts for a user within the key's scopes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyId,
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

impl Model {
    /// Names of the permissions it may use.
    pub fn scope_names(&self) -> Vec<String> {
        serde_json::from_value(self.scopes.clone()).unwrap_or_default()
    }

    /// The firm's last day on which it works.
    pub fn last_day(&self) -> base::Day {
        base::Actor::day_of(self.expires_at - Duration::seconds(1))
    }

    pub fn lives(&self, now: base::Instant) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

/// What each secret begins with, so that scanners of public code recognise one.
pub const PREFIX: &str = "hk_";
pub const LONGEST: Duration = Duration::days(365);
/// `last_used_at` is written at most this often, because each write costs the disk.
pub const USED_EVERY: Duration = Duration::hours(1);
