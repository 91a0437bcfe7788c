use base::CustomerId;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

base::ids! { ShipmentId }

/// What all lines of a waybill share.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = Shipment)]
#[sea_orm(table_name = "shipments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// Where the shipment comes from, for example `tms`; with the waybill unique.
    pub source: String,
    pub waybill: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub booked_on: Option<Date>,
    /// The day that counts: booked, else the first actual milestone or delivery, else first promised, else the day it became known.
    #[schema(value_type = String, format = Date)]
    pub shipped_on: Date,
    /// A word of `PaymentTerm`, or empty.
    pub payment_term: String,
    pub transport_reference: String,
    pub customer_reference: String,
    pub bill_of_lading: String,
    pub container: String,
    pub booking_number: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: DateTimeUtc,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
