use chrono::Duration;
use sea_orm::entity::prelude::*;

base::ids! { SignInTryId }

/// A sign-in with a password that was tried; removed when it worked.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_tries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignInTryId,
    pub login: String,
    pub address: String,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Most tries of one login from one address within `WITHIN`. Counted with the address, so that a stranger cannot lock a
/// user out (trust.md S-08).
pub const MOST: u64 = 10;
pub const WITHIN: Duration = Duration::minutes(15);
