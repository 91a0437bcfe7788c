use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// From this day on, one unit of `currency` is worth `rate` units of `into_currency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ExchangeRate)]
#[sea_orm(table_name = "exchange_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// ISO 4217 code, as `currency` is one.
    pub into_currency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    #[schema(value_type = String, format = Date)]
    pub on_day: Date,
    /// Plain decimal text.
    pub rate: String,
}

impl ActiveModelBehavior for ActiveModel {}
