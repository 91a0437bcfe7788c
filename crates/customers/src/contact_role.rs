//! What a contact has to say in the customer's buying.

use sea_orm::entity::prelude::*;

base::words! {
    /// A part in the buying centre.
    BuyingRole, "contact-role-" {
        Initiates = "initiates",
        Influences = "influences",
        Decides = "decides",
        Approves = "approves",
        Buys = "buys",
        Uses = "uses",
        KeepsGate = "keeps_gate",
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: BuyingRole,
    /// Empty together with `destination`: on all lanes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub origin: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub destination: String,
}

impl ActiveModelBehavior for ActiveModel {}
