use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::forms::AddressDraft;

base::words! {
    AddressKind, "customer-address-" { Office = "office", Pickup = "pickup", Invoice = "invoice" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "customer_addresses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub customer_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i32,
    pub kind: AddressKind,
    pub country: String,
    pub province: String,
    pub city: String,
    /// Street and number.
    pub line: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn draft(&self) -> AddressDraft {
        AddressDraft {
            kind: self.kind,
            country: self.country.clone(),
            province: self.province.clone(),
            city: self.city.clone(),
            line: self.line.clone(),
        }
    }
}
