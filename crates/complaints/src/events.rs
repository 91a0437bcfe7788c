//! What other modules may learn.

use base::Event;
use serde_json::json;

use crate::complaint::Model;
use crate::quality_event;

pub const LOGGED: &str = "complaint.logged";
pub const RESOLVED: &str = "complaint.resolved";
pub const CLOSED: &str = "complaint.closed";
pub const REOPENED: &str = "complaint.reopened";
pub const ESCALATED: &str = "complaint.escalated";
/// The same has gone wrong so often that it needs more than an apology.
pub const QUALITY_OPENED: &str = "quality_event.opened";
pub const QUALITY_CLOSED: &str = "quality_event.closed";

/// Something happened to a quality event.
pub fn of_quality(kind: &str, event: &quality_event::Model) -> Event {
    Event::new(kind, json!({"quality_event": event.id, "owner": event.owner_id, "cause": event.cause}))
}

/// Something happened to a complaint; its ids only, because what it says is for those who may see it.
pub fn of(kind: &str, complaint: &Model) -> Event {
    let owner = complaint.owner_id.as_ref();
    let payload = json!({
        "complaint": complaint.id, "customer": complaint.customer_id, "owner": owner, "round": complaint.round,
        "number": complaint.number,
    });
    Event::new(kind, payload)
}
