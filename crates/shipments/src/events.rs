//! What other modules learn.

use base::{Actor, CustomerId, Error, Event, Instant};
use db::{Tx, outbox};
use serde::{Deserialize, Serialize};

/// Shipments of these customers are new or different.
pub const CHANGED: &str = "shipments.changed";

/// Most customers that one event names.
const IN_ONE_EVENT: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub customers: Vec<CustomerId>,
    /// Their `updated_at` since: with the customers it says which shipments.
    #[serde(default)]
    pub written_at: Option<Instant>,
}

impl Changed {
    /// `None` when the event is another one.
    pub fn of(event: &Event) -> Option<Self> {
        if event.kind != CHANGED {
            return None;
        }
        serde_json::from_value(event.payload.clone()).ok()
    }
}

/// # Errors
/// When the database refuses the write.
pub(crate) async fn tell_changed(tx: &Tx, actor: &Actor, customers: &[CustomerId]) -> Result<(), Error> {
    for some in customers.chunks(IN_ONE_EVENT) {
        let payload = serde_json::json!({ "customers": some, "written_at": actor.now });
        outbox::add(tx, actor.now, Event::new(CHANGED, payload)).await?;
    }
    Ok(())
}
