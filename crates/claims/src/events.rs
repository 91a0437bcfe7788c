//! What other modules may learn.

use base::Event;
use serde_json::json;

use crate::claim::Model;

pub const RAISED: &str = "claim.raised";
/// Accepted or refused; what is accepted may still wait for approval.
pub const DECIDED: &str = "claim.decided";
pub const PAID: &str = "claim.paid";
pub const CLOSED: &str = "claim.closed";

/// Ids only: amounts are for those who may see them.
pub fn of(kind: &str, claim: &Model) -> Event {
    let payload = json!({
        "claim": claim.id, "number": claim.number, "customer": claim.customer_id, "shipment": claim.shipment_id,
        "exception": claim.exception_id, "owner": claim.owner_id, "status": claim.status,
    });
    Event::new(kind, payload)
}
