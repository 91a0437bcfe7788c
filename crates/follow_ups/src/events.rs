//! What others may learn.

use base::Event;
use serde_json::json;

use crate::follow_up::Model;

pub const DONE: &str = "follow_up.done";
pub const SKIPPED: &str = "follow_up.skipped";
/// Done, and the customer is not content.
pub const UNHAPPY: &str = "follow_up.unhappy";

pub fn of(kind: &str, follow_up: &Model) -> Event {
    let Model { id, customer_id, object, object_id, .. } = follow_up;
    let payload = json!({
        "follow_up": id, "kind": follow_up.kind, "customer": customer_id, "object": object, "object_id": object_id,
    });
    Event::new(kind, payload)
}
