use base::{Currency, CustomerId, Money};
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// One line of a shipment: what goes where, when, and for how much.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ShipmentLine)]
#[sea_orm(table_name = "shipment_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub shipment_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: String,
    /// Repeated from the shipment, for reports.
    #[serde(skip)]
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    pub origin: String,
    pub destination: String,
    /// A word of `Mode`, or empty.
    pub mode: String,
    /// What the line says itself, otherwise the planned `signed` of its shipment; so with the times and the delivery,
    /// which comes from the actual `signed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub promised_on: Option<Date>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub promised_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = Date)]
    pub delivered_on: Option<Date>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<DateTimeUtc>,
    pub pieces: Option<i64>,
    pub weight_grams: Option<i64>,
    pub volume_cm3: Option<i64>,
    pub teu_hundredths: Option<i64>,
    pub goods_value_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub goods_value_currency: Option<Currency>,
    pub revenue_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub revenue_currency: Option<Currency>,
    pub cost_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub cost_currency: Option<Currency>,
    /// Field to the text that stood where a number was expected.
    #[schema(value_type = Object)]
    pub unknown_texts: Json,
    /// Of the promised day, `2026-11`; empty without one.
    #[serde(skip)]
    pub month: String,
    /// 1 on time, 0 late by `Clock::Day`.
    #[serde(skip)]
    pub on_time_by_day: Option<i64>,
    /// 1 on time, 0 late by `Clock::Timestamp`.
    #[serde(skip)]
    pub on_time_by_timestamp: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn goods_value(&self) -> Option<Money> {
        Some(Money::new(self.goods_value_minor?, self.goods_value_currency?))
    }

    pub fn revenue(&self) -> Option<Money> {
        Some(Money::new(self.revenue_minor?, self.revenue_currency?))
    }

    pub fn cost(&self) -> Option<Money> {
        Some(Money::new(self.cost_minor?, self.cost_currency?))
    }
}
