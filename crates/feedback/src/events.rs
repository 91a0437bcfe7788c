//! What others may learn.

use base::Event;
use serde_json::json;

use crate::note::Model;

pub const NOTED: &str = "feedback.noted";
pub const ANSWERED: &str = "feedback.answered";
pub const TOLD: &str = "feedback.told";

pub fn of(kind: &str, note: &Model) -> Event {
    Event::new(kind, json!({"feedback": note.id, "customer": note.customer_id, "department": note.department_id}))
}
