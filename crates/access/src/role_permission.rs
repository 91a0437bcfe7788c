use sea_orm::entity::prelude::*;

use crate::role::{Reach, RoleId};

/// One right of a role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_permissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: RoleId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub permission: String,
    pub scope: Reach,
}

impl ActiveModelBehavior for ActiveModel {}
