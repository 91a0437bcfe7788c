//! Ready records for tests and the demo.

use base::{CustomerId, Day};

use crate::forms::{LineDraft, ShipmentDraft};
use crate::words::Mode;

/// A shipment of one line by truck from Shanghai to Chengdu, promised and delivered on this day.
pub fn shipment(customer: &CustomerId, waybill: &str, day: Day) -> ShipmentDraft {
    ShipmentDraft {
        customer: customer.clone(),
        source: "tms".into(),
        waybill: waybill.into(),
        booked_on: None,
        payment_term: None,
        transport_reference: String::new(),
        customer_reference: String::new(),
        bill_of_lading: String::new(),
        container: String::new(),
        booking_number: String::new(),
        lines: vec![line(day)],
        milestones: Vec::new(),
    }
}

/// The only line, promised and delivered on this day.
pub fn line(day: Day) -> LineDraft {
    LineDraft {
        origin: "上海".into(),
        destination: "成都".into(),
        mode: Some(Mode::Truck),
        promised_on: Some(day),
        delivered_on: Some(day),
        ..LineDraft::default()
    }
}
