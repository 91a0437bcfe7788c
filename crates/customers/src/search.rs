use sea_orm::entity::prelude::*;

/// What a customer is found by, apart from his record: a search reads all of them, and they must be short.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_search")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: String,
    /// See `rules::search_key`.
    pub words: String,
    /// How the names are read; see `rules::spoken_key`.
    pub spoken: String,
}

impl ActiveModelBehavior for ActiveModel {}
