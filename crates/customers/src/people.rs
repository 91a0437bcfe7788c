//! Owners' names. The table belongs to `access`; here it is only read.

use base::DepartmentId;
use sea_orm::entity::prelude::*;

/// How the command line is called as an actor.
pub(crate) const OPERATOR: &str = "command line";

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub login: String,
    pub status: String,
    pub department_id: Option<DepartmentId>,
}

impl ActiveModelBehavior for ActiveModel {}
