//! What other modules may learn.

use base::{CustomerId, Event};
use serde::{Deserialize, Serialize};

use crate::approval::{ApprovalId, Model, Status};

pub const ASKED: &str = "approval.asked";
/// Approved or refused: the module that asked goes on.
pub const DECIDED: &str = "approval.decided";
pub const WITHDRAWN: &str = "approval.withdrawn";

/// What each of these events carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub id: ApprovalId,
    pub kind: String,
    pub object: String,
    pub object_id: String,
    pub customer_id: Option<CustomerId>,
    pub status: Status,
}

/// What came of a question; `None` for any other event.
pub fn decided(event: &Event) -> Option<Told> {
    (event.kind == DECIDED).then(|| Told::deserialize(&event.payload).ok()).flatten()
}

pub(crate) fn told(approval: &Model) -> Event {
    let kind = match approval.status {
        Status::Waiting => ASKED,
        Status::Approved | Status::Refused => DECIDED,
        Status::Withdrawn => WITHDRAWN,
    };
    let told = Told {
        id: approval.id.clone(),
        kind: approval.kind.clone(),
        object: approval.object.clone(),
        object_id: approval.object_id.clone(),
        customer_id: approval.customer_id.clone(),
        status: approval.status,
    };
    Event::new(kind, serde_json::to_value(told).unwrap_or_default())
}
