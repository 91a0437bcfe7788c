#![expect(clippy::unwrap_used, reason = "a test that cannot get what it needs has failed")]

mod dates;
mod money;
mod scms;

use base::Day;
use shipments::LineFacts;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A line promised for 5 January and delivered on that day.
pub fn line(shipment: &str) -> LineFacts {
    LineFacts {
        shipment: shipment.into(),
        customer: "明为公司".into(),
        origin: "上海".into(),
        destination: "成都".into(),
        mode: "truck".into(),
        promised_on: Some(day("2026-01-05")),
        promised_at: None,
        delivered_on: Some(day("2026-01-05")),
        delivered_at: None,
    }
}

pub fn late(shipment: &str) -> LineFacts {
    LineFacts { delivered_on: Some(day("2026-01-06")), ..line(shipment) }
}

pub fn undated(shipment: &str) -> LineFacts {
    LineFacts { delivered_on: None, ..line(shipment) }
}
