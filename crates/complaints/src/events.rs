//! What other modules may learn.

use base::Event;
use serde_json::json;

use crate::complaint::Model;

pub const LOGGED: &str = "complaint.logged";
pub const RESOLVED: &str = "complaint.resolved";
pub const CLOSED: &str = "complaint.closed";
pub const REOPENED: &str = "complaint.reopened";
pub const ESCALATED: &str = "complaint.escalated";

/// Something happened to a complaint; its ids only, because what it says is for those who may see it.
pub fn of(kind: &str, complaint: &Model) -> Event {
    let owner = complaint.owner_id.as_ref();
    let payload = json!({
        "complaint": complaint.id, "customer": complaint.customer_id, "owner": owner, "round": complaint.round,
        "number": complaint.number,
    });
    Event::new(kind, payload)
}
