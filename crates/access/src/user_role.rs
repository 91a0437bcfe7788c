use base::UserId;
use sea_orm::entity::prelude::*;

use crate::role::RoleId;

/// A user has a role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: RoleId,
}

impl ActiveModelBehavior for ActiveModel {}
