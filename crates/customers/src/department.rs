//! Departments' names. The table belongs to `access`; here it is only read.

use base::DepartmentId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "departments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartmentId,
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
