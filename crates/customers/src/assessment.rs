use sea_orm::entity::prelude::*;
use serde::Serialize;

/// What a rule found out about a customer, with its reasons and the date of its data.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "assessments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub customer_id: String,
    /// `stage`, `grade`, `churn_risk`, …
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    pub value: String,
    pub score: Option<f64>,
    /// A list of messages (key and arguments).
    pub reasons: Json,
    pub as_of: Date,
    pub review_on: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
