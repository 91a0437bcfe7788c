use chrono::{SubsecRound, Utc};

use crate::Instant;

/// The wall clock, cut to the microseconds that both databases keep.
///
/// Called only where an act begins: by the web layer for a request, by the program for a command or a job.
/// Everything below receives the time in `Actor::now`.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Instant {
    Utc::now().trunc_subsecs(6)
}
