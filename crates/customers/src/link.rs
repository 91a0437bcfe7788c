use sea_orm::entity::prelude::*;

/// What an interaction told about, for example a late shipment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interaction_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub interaction_id: String,
    /// `shipment`, …
    #[sea_orm(primary_key, auto_increment = false)]
    pub object: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub object_id: String,
}

impl ActiveModelBehavior for ActiveModel {}
