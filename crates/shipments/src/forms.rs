//! What comes in, from people and from programs.

use base::{Currency, CustomerId, Day, Instant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::{MilestoneKind, Mode, PaymentTerm};

/// A shipment as its source tells it. What all lines share is taken as it stands here; lines and milestones that are
/// not named stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipmentDraft {
    #[schema(value_type = String)]
    pub customer: CustomerId,
    /// Where it comes from, for example `tms`; with the waybill unique.
    pub source: String,
    pub waybill: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub booked_on: Option<Day>,
    #[serde(default)]
    pub payment_term: Option<PaymentTerm>,
    /// Voyage, flight or vehicle.
    #[serde(default)]
    pub transport_reference: String,
    /// The customer's own number.
    #[serde(default)]
    pub customer_reference: String,
    #[serde(default)]
    pub bill_of_lading: String,
    #[serde(default)]
    pub container: String,
    #[serde(default)]
    pub booking_number: String,
    #[serde(default)]
    pub lines: Vec<LineDraft>,
    #[serde(default)]
    pub milestones: Vec<MilestoneDraft>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShipmentLineDraft)]
#[serde(deny_unknown_fields, default)]
pub struct LineDraft {
    /// Empty: the only line, `1`.
    pub line: String,
    pub origin: String,
    pub destination: String,
    pub mode: Option<Mode>,
    /// May be left out when `promised_at` says it.
    #[schema(value_type = Option<String>, format = Date)]
    pub promised_on: Option<Day>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub promised_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = Date)]
    pub delivered_on: Option<Day>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Instant>,
    pub pieces: Option<i64>,
    pub weight_grams: Option<i64>,
    pub volume_cm3: Option<i64>,
    /// 40-foot container: 200.
    pub teu_hundredths: Option<i64>,
    /// Minor units of the currency.
    pub goods_value_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub goods_value_currency: Option<Currency>,
    pub revenue_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub revenue_currency: Option<Currency>,
    pub cost_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub cost_currency: Option<Currency>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneDraft {
    pub kind: MilestoneKind,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub planned_at: Option<Instant>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub estimated_at: Option<Instant>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub actual_at: Option<Instant>,
}
