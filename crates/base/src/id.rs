use uuid::{NoContext, Timestamp, Uuid};

use crate::Instant;

/// A UUIDv7: sorts by the time of the act, needs no sequence shared between nodes.
pub struct Id(Uuid);

impl Id {
    pub fn new(now: Instant) -> Self {
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Self(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
    }

    pub fn into_text(self) -> String {
        self.0.to_string()
    }
}
