//! What is due when: the first response, the solution, the law's day, and the next rung of the escalation. Pure.

use base::{Error, Instant};
use calendar::{Calendar, Clock, LegalClock, LegalReading, WorkingTime};

use crate::complaint::Model;
use crate::policy::Policy;
use crate::words::{Escalation, Status};

/// Places of a list behind everything that is due.
pub const HELD: i64 = 4_000_000_000_000_000_000;
pub const RESOLVED: i64 = 5_000_000_000_000_000_000;
pub const CLOSED: i64 = 6_000_000_000_000_000_000;
/// Nothing follows by time alone.
pub const NEVER: i64 = CLOSED;

/// Works out anew all that follows from the clocks, the status and the calendar.
///
/// # Errors
/// When a clock in the table is none of ours.
pub fn settle(complaint: &mut Model, calendar: &Calendar, policy: &Policy, now: Instant) -> Result<(), Error> {
    let open = complaint.status.is_open();
    complaint.response_due = complaint.response()?.read(calendar, now).due_at;
    complaint.resolution_due = complaint.resolution()?.read(calendar, now).due_at;
    complaint.legal_due = legal(complaint, calendar, policy, now).map(|read| read.due_at);
    let unresolved = open && complaint.resolved_at.is_none();
    complaint.legal_order = match complaint.legal_due {
        Some(due) if unresolved => due.timestamp_micros(),
        _ => NEVER,
    };
    complaint.due_order = match complaint.status {
        Status::Waiting | Status::Handling => due(complaint).map_or(HELD, |due| due.timestamp_micros()),
        Status::OnHold => HELD,
        Status::Resolved => RESOLVED,
        Status::Closed | Status::Merged => CLOSED,
    };
    complaint.escalate_order = next_rung(complaint, calendar, policy).map_or(NEVER, |at| at.timestamp_micros());
    complaint.clocks_stale = false;
    Ok(())
}

/// What is due first; `None` while nothing runs.
pub fn due(complaint: &Model) -> Option<Instant> {
    match complaint.status {
        Status::Waiting => [complaint.response_due, complaint.resolution_due].into_iter().flatten().min(),
        Status::Handling => complaint.resolution_due,
        _ => None,
    }
}

/// The law's clock; `None` when the law gives none.
pub fn legal(complaint: &Model, calendar: &Calendar, policy: &Policy, now: Instant) -> Option<LegalReading> {
    let clock = LegalClock { received: complaint.received_at, days: policy.legal_days };
    complaint.express.then(|| clock.read(calendar.zone(), now))
}

/// When the next rung is reached: the owner at the due time, the manager so many working hours later, and so on.
fn next_rung(complaint: &Model, calendar: &Calendar, policy: &Policy) -> Option<Instant> {
    let due = due(complaint)?;
    let later = |hours: u32| calendar.after(due, WorkingTime::hours(hours).duration(), &[]).answer;
    match complaint.escalation {
        Escalation::None => Some(due),
        Escalation::Owner => later(policy.manager_after),
        Escalation::Manager => later(policy.manager_after.saturating_add(policy.risk_after)),
        Escalation::HighRisk => None,
    }
}

/// The rung above.
pub fn above(rung: Escalation) -> Escalation {
    match rung {
        Escalation::None => Escalation::Owner,
        Escalation::Owner => Escalation::Manager,
        Escalation::Manager | Escalation::HighRisk => Escalation::HighRisk,
    }
}

/// Climbs one rung when its time has come; says whether it did.
///
/// # Errors
/// As `settle`.
pub fn climb(complaint: &mut Model, calendar: &Calendar, policy: &Policy, now: Instant) -> Result<bool, Error> {
    settle(complaint, calendar, policy, now)?;
    if complaint.escalate_order > now.timestamp_micros() {
        return Ok(false);
    }
    complaint.escalation = above(complaint.escalation);
    if complaint.escalation == Escalation::HighRisk {
        complaint.high_risk_at = Some(now);
    }
    settle(complaint, calendar, policy, now)?;
    Ok(true)
}

/// # Errors
/// Never in practice: a clock is plain data.
pub fn stored(clock: &Clock) -> Result<serde_json::Value, Error> {
    serde_json::to_value(clock).map_err(|error| Error::Bug(error.to_string()))
}
