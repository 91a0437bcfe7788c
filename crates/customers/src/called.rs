use sea_orm::entity::prelude::*;
use serde::Deserialize;

base::words! {
    /// By what a customer is called; the first that fits counts.
    Called, "customer-called-" {
        Code = "code",
        Name = "name",
        Short = "short",
        Former = "former",
        English = "english",
    }
}

/// One name or the credit code of a customer, written like `name_key`: finds many customers by one query.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "customer_names")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Called,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_key: String,
}

impl ActiveModelBehavior for ActiveModel {}
