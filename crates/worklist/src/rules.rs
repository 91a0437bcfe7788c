//! What stands on a day's list and in which order. Pure.

use std::cmp::Reverse;

use base::{Day, Instant, Message};
use chrono::Duration;
use customers::forms::InteractionDraft;
use customers::interaction::Outcome;
use module::{Reason, Urgency};
use serde::{Deserialize, Serialize};
use shipments::AtStake;

use crate::day::Row;
use crate::mark::{self, State};

/// Nobody is put off for good.
const MOST_DAYS_LATER: i64 = 366;

/// Where the policy is kept among the settings.
pub const SETTINGS: &str = "worklist";

/// What an administrator may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Most acts that one person is asked for in a day.
    pub acts_a_day: usize,
    /// How long an act can be taken back, in seconds.
    pub undo_seconds: i64,
}

impl Default for Policy {
    fn default() -> Self {
        // 12 acts: ux.md §3 rule 1; a list that cannot be finished is not read.
        Self { acts_a_day: 12, undo_seconds: 60 }
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else has done it, or the facts have changed.
    #[error("worklist-nothing_left")]
    NothingLeft,
    #[error("worklist-undo_over")]
    UndoOver,
    #[error("worklist-later_past")]
    LaterPast,
    #[error("worklist-later_far")]
    LaterFar,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

/// Whether a mark hides a reason today.
pub fn hides(mark: &mark::Model, reason: &Reason, today: Day) -> bool {
    let same = mark.customer_id == reason.customer && mark.kind == reason.kind && mark.mark == reason.mark;
    let in_force = match mark.state {
        State::Done => true,
        State::Later => mark.until.is_some_and(|until| today < until),
    };
    same && in_force && mark.undone_at.is_none()
}

pub fn urgency(due: Day, today: Day) -> Urgency {
    match due.cmp(&today) {
        std::cmp::Ordering::Less => Urgency::Overdue,
        std::cmp::Ordering::Equal => Urgency::Today,
        std::cmp::Ordering::Greater => Urgency::Soon,
    }
}

/// Most value at stake first, unknown value last; then the more urgent, then the older due day, then the name.
pub fn put_in_order(rows: &mut [Row], today: Day) {
    for row in rows.iter_mut() {
        row.reasons.sort_by_key(|reason| (reason.due, reason.kind));
    }
    rows.sort_by_cached_key(|row| {
        let due = row.due();
        (Reverse(minor_of(row.at_stake.as_ref())), urgency(due, today), due, row.name.clone())
    });
}

/// `None` sorts below every known amount.
fn minor_of(at_stake: Option<&AtStake>) -> Option<i64> {
    at_stake.and_then(|at_stake| at_stake.value).map(|value| value.minor)
}

/// How many rows a person still gets today.
pub fn room(policy: &Policy, done_today: usize) -> usize {
    policy.acts_a_day.saturating_sub(done_today)
}

/// When somebody who was not reached stands on the list again; `None` when he was.
pub fn back_on(draft: &InteractionDraft, today: Day) -> Option<Day> {
    let missed = draft.outcome == Some(Outcome::NotReached);
    missed.then(|| draft.next_step_on.filter(|day| *day > today).unwrap_or(today + Duration::days(1)))
}

/// # Errors
/// `UndoOver` when the act is too old.
pub fn may_undo(policy: &Policy, made_at: Instant, now: Instant) -> Result<(), Refusal> {
    match now - made_at <= Duration::seconds(policy.undo_seconds) {
        true => Ok(()),
        false => Err(Refusal::UndoOver),
    }
}

/// # Errors
/// `LaterPast` when the day is not after today, `LaterFar` when it is more than a year away.
pub fn may_put_off(until: Day, today: Day) -> Result<(), Refusal> {
    match (until - today).num_days() {
        ..=0 => Err(Refusal::LaterPast),
        1..=MOST_DAYS_LATER => Ok(()),
        _ => Err(Refusal::LaterFar),
    }
}
