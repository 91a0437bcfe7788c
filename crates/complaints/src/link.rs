use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::complaint::ComplaintId;

/// A shipment that a complaint is about.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ComplaintShipment)]
#[sea_orm(table_name = "complaint_shipments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub complaint_id: ComplaintId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub shipment_id: String,
    pub waybill: String,
}

impl ActiveModelBehavior for ActiveModel {}
