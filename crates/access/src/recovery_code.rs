use base::UserId;
use sea_orm::entity::prelude::*;

/// Stands in for a code of a lost authenticator app; gone once it is used.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// SHA-256, hexadecimal; the code has 80 random bits, so no slow hash is needed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// How many a user gets at once.
pub const AT_ONCE: usize = 10;
