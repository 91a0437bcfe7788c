//! What is late, and what may be done about it. Pure.

use std::collections::BTreeMap;

use base::{Actor, Error, FieldProblem, Instant, Message, UserId};
use chrono::Duration;
use customers::interaction::InteractionKind;
use shipments::{MilestoneKind, milestone};

use crate::exception::{Kind, Liable, Model, Status, VoidCause};
use crate::threshold;

/// The longest text that somebody may write, in characters.
pub const MOST_TEXT: usize = 2000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("exception-closed")]
    Closed,
    #[error("exception-told_already")]
    ToldAlready,
    #[error("exception-asked_already")]
    AskedAlready,
    #[error("exception-not_told")]
    NotTold,
    #[error("exception-solving_already")]
    SolvingAlready,
    #[error("exception-was_none")]
    WasNone,
    #[error("exception-not_one_group")]
    NotOneGroup,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

/// Whose steps may be how late.
#[derive(Clone, Debug, Default)]
pub struct Tolerances {
    usual: i64,
    /// By customer, lane and milestone; empty texts are all.
    apart: BTreeMap<(String, String, String, MilestoneKind), i64>,
}

impl Tolerances {
    pub fn new(usual: i64, thresholds: Vec<threshold::Model>) -> Self {
        let apart = thresholds
            .into_iter()
            .map(|one| ((one.customer_id, one.origin, one.destination, one.milestone), one.minutes))
            .collect();
        Self { usual, apart }
    }

    /// The closest one counts: the customer's on the lane, the customer's, the lane's, the usual one.
    pub fn minutes(&self, customer: &str, origin: &str, destination: &str, milestone: MilestoneKind) -> i64 {
        let asked = [(customer, origin, destination), (customer, "", ""), ("", origin, destination), ("", "", "")];
        let found = asked.into_iter().find_map(|(customer, origin, destination)| {
            self.apart.get(&(customer.to_owned(), origin.to_owned(), destination.to_owned(), milestone))
        });
        found.copied().unwrap_or(self.usual)
    }

    /// Every tolerance that may hold for something.
    pub fn all(&self) -> Vec<i64> {
        let mut all: Vec<i64> = self.apart.values().copied().chain([self.usual]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What a milestone says at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Since then.
    Late(Instant),
    InTime,
    /// Nobody wrote down when it happened, but what comes after it has happened.
    Passed,
    /// There is still time, or no plan.
    NotDue,
}

/// Of one step among those of its shipment. A step called exception is no step that is planned.
pub fn judge(step: &milestone::Model, all: &[milestone::Model], minutes: i64, now: Instant) -> Verdict {
    let further = |other: &milestone::Model| other.kind > step.kind && other.kind != MilestoneKind::Exception;
    let passed = all.iter().any(|other| further(other) && other.actual_at.is_some());
    let due = step.planned_at.and_then(|planned| planned.checked_add_signed(Duration::minutes(minutes)));
    match (due, step.actual_at) {
        _ if step.kind == MilestoneKind::Exception => Verdict::NotDue,
        (None, _) => Verdict::NotDue,
        (Some(due), Some(actual)) if actual > due => Verdict::Late(due),
        (Some(_), Some(_)) => Verdict::InTime,
        (Some(_), None) if passed => Verdict::Passed,
        (Some(due), None) if now > due => Verdict::Late(due),
        (Some(_), None) => Verdict::NotDue,
    }
}

/// What was planned earlier is history.
pub fn oldest_plan(now: Instant, raise_days: i64) -> Instant {
    now.checked_sub_signed(Duration::days(raise_days)).unwrap_or(now)
}

/// How exceptions are grouped: the same transport with the same kind; without one the steps of the same shipment, for
/// its customer is told once.
pub fn group_key(kind: Kind, transport_reference: &str, shipment: &str) -> String {
    match transport_reference {
        "" => format!("{kind}//{shipment}"),
        reference => format!("{kind}/{reference}"),
    }
}

/// `2026-11`, of the firm's day.
pub fn month_of(instant: Instant) -> String {
    Actor::day_of(instant).format("%Y-%m").to_string()
}

/// How and when the customer was told, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    pub at: Instant,
    pub how: InteractionKind,
    pub text: String,
    pub by: String,
    pub interaction: String,
}

/// # Errors
/// When he knows already, or it is closed.
pub fn may_tell(exception: &Model) -> Result<(), Refusal> {
    match exception {
        closed if closed.is_closed() => Err(Refusal::Closed),
        told if told.told_at.is_some() => Err(Refusal::ToldAlready),
        _ => Ok(()),
    }
}

/// # Errors
/// As `may_tell`.
pub fn tell(exception: Model, telling: Telling) -> Result<Model, Refusal> {
    may_tell(&exception)?;
    let status = if exception.status == Status::Open { Status::Told } else { exception.status };
    let told = Model {
        status,
        told_at: Some(telling.at),
        told_how: Some(telling.how),
        told_text: telling.text,
        told_by: telling.by,
        interaction_id: Some(telling.interaction),
        touched: true,
        ..exception
    };
    Ok(counted(told))
}

/// What was said of it was taken back. What is closed stays as it was.
pub fn untell(exception: Model) -> Model {
    if exception.is_closed() {
        return exception;
    }
    let status = if exception.status == Status::Told { Status::Open } else { exception.status };
    let untold = Model {
        status,
        told_at: None,
        told_how: None,
        told_text: String::new(),
        told_by: String::new(),
        interaction_id: None,
        ..exception
    };
    counted(untold)
}

/// The customer asked before we told him, or at least before we wrote down that we did.
///
/// # Errors
/// When it is closed or was written down before.
pub fn asked(exception: Model, at: Instant) -> Result<Model, Refusal> {
    match exception {
        closed if closed.is_closed() => Err(Refusal::Closed),
        asked if asked.customer_asked_at.is_some() => Err(Refusal::AskedAlready),
        exception => Ok(counted(Model { customer_asked_at: Some(at), touched: true, ..exception })),
    }
}

/// Whether he was told in time and before he asked.
fn counted(exception: Model) -> Model {
    let first = |told: Instant| {
        let unasked = exception.customer_asked_at.is_none_or(|asked| told < asked);
        i64::from(told <= exception.tell_by && unasked)
    };
    Model { told_first: exception.told_at.map(first), ..exception }
}

/// # Errors
/// When it is being solved already, or closed.
pub fn start(exception: Model) -> Result<Model, Refusal> {
    match exception.status {
        Status::Open | Status::Told => Ok(Model { status: Status::Solving, touched: true, ..exception }),
        Status::Solving => Err(Refusal::SolvingAlready),
        Status::Solved | Status::Void => Err(Refusal::Closed),
    }
}

/// Who answers for it may stay open: handled first.
///
/// # Errors
/// When it is closed, or the customer has not been told.
pub fn solve(exception: Model, solution: String, actor: &Actor) -> Result<Model, Refusal> {
    match exception {
        closed if closed.is_closed() => Err(Refusal::Closed),
        untold if untold.told_at.is_none() => Err(Refusal::NotTold),
        told => Ok(Model { status: Status::Solved, solution, ..closed(told, actor) }),
    }
}

/// # Errors
/// When it is closed.
pub fn void(exception: Model, cause: VoidCause, why: String, actor: &Actor) -> Result<Model, Refusal> {
    if exception.is_closed() {
        return Err(Refusal::Closed);
    }
    Ok(Model { status: Status::Void, void_cause: Some(cause), solution: why, ..closed(exception, actor) })
}

fn closed(exception: Model, actor: &Actor) -> Model {
    Model { closed_at: Some(actor.now), closed_by: actor.name.clone(), ..exception }
}

/// # Errors
/// When it is closed.
pub fn hand_over(exception: Model, to: UserId) -> Result<Model, Refusal> {
    if exception.is_closed() {
        return Err(Refusal::Closed);
    }
    Ok(Model { owner_id: Some(to), touched: true, ..exception })
}

/// Blame later: also when it is solved.
///
/// # Errors
/// When it was none.
pub fn blame(exception: Model, liable: Liable) -> Result<Model, Refusal> {
    if exception.status == Status::Void {
        return Err(Refusal::WasNone);
    }
    Ok(Model { liable, touched: true, ..exception })
}

/// # Errors
/// `Invalid` when it is empty or too long.
pub fn text(field: &str, typed: &str) -> Result<String, Error> {
    let text = typed.trim().replace("\r\n", "\n");
    match text.chars().count() {
        0 => Err(Error::invalid(field, Message::new("exception-text_missing"))),
        1..=MOST_TEXT => Ok(text),
        _ => Err(Error::invalid(field, Message::new("exception-text_long").with("most", MOST_TEXT))),
    }
}

/// Nothing that we handle happened before.
const FIRST_YEAR: i32 = 1990;

/// # Errors
/// `Invalid` for a time in the future or before there were shipments.
pub fn past(field: &str, at: Instant, now: Instant) -> Result<Instant, Error> {
    use chrono::Datelike;
    if at > now {
        return Err(Error::Invalid(vec![FieldProblem::new(field, Message::new("exception-in_future"))]));
    }
    if at.year() < FIRST_YEAR {
        return Err(Error::invalid(field, Message::new("exception-time_unreadable")));
    }
    Ok(at)
}

/// What the program says anew of an exception that stands for a step; `None`: as it stands. What somebody has done
/// something about keeps its status, only the times are kept up to date.
pub fn again(known: &Model, step: &milestone::Model, verdict: Verdict, now: (Instant, Instant)) -> Option<Model> {
    let (now, oldest) = now;
    let seen = Model { planned_at: step.planned_at, actual_at: step.actual_at, ..known.clone() };
    let by_program = seen.void_cause.is_some_and(|cause| cause != VoidCause::ByHand);
    let after = match verdict {
        Verdict::Late(since) if by_program && step.planned_at >= Some(oldest) => Model {
            status: Status::Open,
            void_cause: None,
            closed_at: None,
            closed_by: String::new(),
            happened_at: since,
            found_at: now,
            month: month_of(now),
            ..seen
        },
        Verdict::Late(since) if !seen.touched && !seen.is_closed() => Model { happened_at: since, ..seen },
        Verdict::Late(_) => seen,
        _ if seen.touched || seen.is_closed() => seen,
        Verdict::InTime => taken_back(seen, VoidCause::InTime, now),
        Verdict::Passed => taken_back(seen, VoidCause::Passed, now),
        // A clock that was set back makes nothing undone.
        Verdict::NotDue if step.planned_at == known.planned_at => seen,
        Verdict::NotDue => taken_back(seen, VoidCause::Replanned, now),
    };
    (after != *known).then_some(after)
}

fn taken_back(exception: Model, cause: VoidCause, now: Instant) -> Model {
    Model { status: Status::Void, void_cause: Some(cause), closed_at: Some(now), ..exception }
}
