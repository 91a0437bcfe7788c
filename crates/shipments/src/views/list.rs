//! A shipment as a row.

use texts::format;
use web::Ui;

use crate::Listed;
use crate::views::{lane, mode_name};

pub struct RowView {
    pub id: String,
    pub waybill: String,
    pub customer_id: String,
    pub customer: String,
    pub lane: String,
    pub mode: String,
    pub shipped_on: String,
    pub promised_on: String,
    pub delivered_on: String,
    pub lines: usize,
    pub verdict: String,
    pub tone: &'static str,
}

impl RowView {
    pub fn of(ui: &Ui, row: Listed) -> Self {
        let (verdict, tone) = verdict(&row);
        Self {
            lane: lane(&row.origin, &row.destination),
            mode: mode_name(ui, &row.mode),
            shipped_on: format::day(row.shipment.shipped_on),
            promised_on: row.promised_on.map(format::day).unwrap_or_default(),
            delivered_on: row.delivered_on.map(format::day).unwrap_or_default(),
            verdict: ui.t(verdict),
            tone,
            lines: row.lines,
            customer: row.customer_name,
            customer_id: row.shipment.customer_id.0,
            waybill: row.shipment.waybill,
            id: row.shipment.id,
        }
    }
}

/// Key and tone of what is to be said about it.
pub fn verdict(row: &Listed) -> (&'static str, &'static str) {
    match (row.on_time, row.delivered_on, row.promised_on) {
        (Some(true), ..) => ("shipment-verdict-on_time", "good"),
        (Some(false), Some(_), _) => ("shipment-verdict-late", "risk"),
        (Some(false), None, _) => ("shipment-verdict-overdue", "risk"),
        (None, None, Some(_)) => ("shipment-verdict-under_way", "info"),
        _ => ("shipment-verdict-undated", "neutral"),
    }
}
