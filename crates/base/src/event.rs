use serde::{Deserialize, Serialize};

/// Something that happened, written in the transaction that caused it, for modules further down the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// `module.thing_happened`, for example `shipments.changed`.
    pub kind: String,
    pub payload: serde_json::Value,
}

impl Event {
    pub fn new(kind: &str, payload: serde_json::Value) -> Self {
        Self { kind: kind.into(), payload }
    }
}
