use sea_orm::entity::prelude::*;

/// The one row that every commit of an import locks.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_turns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub taken: i64,
}

impl ActiveModelBehavior for ActiveModel {}
