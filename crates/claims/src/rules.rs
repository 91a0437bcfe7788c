//! What may be done with a claim, and what follows. Pure.

use base::{Actor, Currency, Day, Error, FieldProblem, Instant, Message, Money, UserId};
use chrono::Datelike;
use exceptions::exception::Liable;

use crate::claim::{Decision, Model, Recovery, Status};
use crate::forms::{AmountsDraft, DecisionDraft};

/// The longest text that somebody may write, in characters.
pub const MOST_TEXT: usize = 2000;
/// The longest name or reference.
const MOST_LINE: usize = 200;
/// Most of one amount, minor units, so that sums of them fit.
const MOST_MINOR: i64 = 1_000_000_000_000_000;
/// No money went or came before.
const FIRST_YEAR: i32 = 1990;

/// Places of a list behind everything that is due.
pub const SETTLED: i64 = 9_000_000;
pub const CLOSED: i64 = 9_100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("claim-closed")]
    Closed,
    #[error("claim-paid_already")]
    PaidAlready,
    #[error("claim-not_open")]
    NotOpen,
    #[error("claim-not_approved")]
    NotApproved,
    #[error("claim-not_settled")]
    NotSettled,
    #[error("claim-liability_open")]
    LiabilityOpen,
    #[error("claim-recovery_runs")]
    RecoveryRuns,
    #[error("claim-recovery_none")]
    NoRecovery,
    #[error("claim-recovery_done")]
    RecoveryDone,
    #[error("claim-there_already")]
    ThereAlready,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        Message::new(self.to_string())
    }
}

/// What the customer asks for, and what the goods are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    pub value: Option<Money>,
    pub asked: Money,
}

/// # Errors
/// `Invalid`, field by field.
pub fn amounts(draft: &AmountsDraft, currency: Currency) -> Result<Amounts, Error> {
    let mut problems = Vec::new();
    let value = match draft.value.trim() {
        "" => None,
        typed => taken(amount("value", typed, currency), &mut problems),
    };
    let asked = taken(amount("asked", &draft.asked, currency), &mut problems);
    match asked {
        Some(asked) if problems.is_empty() => Ok(Amounts { value, asked }),
        _ => Err(Error::Invalid(problems)),
    }
}

fn taken<T>(read: Result<T, FieldProblem>, problems: &mut Vec<FieldProblem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

/// More than nothing.
///
/// # Errors
/// The problem of a text that is no amount.
pub fn amount(field: &str, typed: &str, currency: Currency) -> Result<Money, FieldProblem> {
    let plain = typed.trim().replace([',', '，', ' '], "");
    let read = Money::parse(&plain, currency).filter(|read| (1..=MOST_MINOR).contains(&read.minor));
    read.ok_or_else(|| FieldProblem::new(field, Message::new("claim-no_amount")))
}

/// # Errors
/// `Invalid` when it is empty or too long.
pub fn said(field: &str, typed: &str) -> Result<String, Error> {
    // No database keeps the empty character.
    let text = typed.trim().replace("\r\n", "\n").replace('\0', "");
    match text.chars().count() {
        0 => Err(Error::invalid(field, Message::new("claim-text_missing"))),
        1..=MOST_TEXT => Ok(text),
        _ => Err(Error::invalid(field, Message::new("claim-text_long").with("most", MOST_TEXT))),
    }
}

/// A line that may be empty.
///
/// # Errors
/// `Invalid` when it is too long.
pub fn line(field: &str, typed: &str) -> Result<String, Error> {
    let text = typed.trim();
    match text.chars().count() > MOST_LINE || text.contains(char::is_control) {
        true => Err(Error::invalid(field, Message::new("claim-line_long").with("most", MOST_LINE))),
        false => Ok(text.to_owned()),
    }
}

/// What is wrong with a field.
pub fn wrong(field: &str, key: &str) -> FieldProblem {
    FieldProblem::new(field, Message::new(key))
}

/// When money went or came.
///
/// # Errors
/// `Invalid` for a day to come, or one before there were claims.
pub fn past_day(field: &str, day: Option<Day>, today: Day) -> Result<Day, Error> {
    match day.unwrap_or(today) {
        day if day > today => Err(Error::invalid(field, Message::new("claim-in_future"))),
        day if day.year() < FIRST_YEAR => Err(Error::invalid(field, Message::new("claim-no_day"))),
        day => Ok(day),
    }
}

/// # Errors
/// Once it is decided: then a new decision comes first.
pub fn amend(claim: Model, amounts: Amounts) -> Result<Model, Refusal> {
    match claim.status {
        Status::Open => {
            Ok(Model { value_minor: amounts.value.map(|value| value.minor), asked_minor: amounts.asked.minor, ..claim })
        }
        closed if closed.is_closed() => Err(Refusal::Closed),
        _ => Err(Refusal::NotOpen),
    }
}

/// May be changed until money has gone.
///
/// # Errors
/// When it is paid or closed.
pub fn may_decide(claim: &Model) -> Result<(), Refusal> {
    match claim.status {
        Status::Open | Status::Waiting | Status::Approved | Status::Refused => Ok(()),
        Status::Paid => Err(Refusal::PaidAlready),
        Status::Closed | Status::Withdrawn => Err(Refusal::Closed),
    }
}

/// What is accepted of what was asked, and why; `None` when nothing is.
///
/// # Errors
/// `Invalid`: a part is more than nothing and less than all, and whoever does not accept all says why.
pub fn accepted(claim: &Model, draft: &DecisionDraft) -> Result<(Option<Money>, String), Error> {
    let reason = match (draft.decision, draft.reason.trim()) {
        (Decision::Full, "") => String::new(),
        (_, reason) => said("reason", reason)?,
    };
    match draft.decision {
        Decision::Full => Ok((Some(claim.asked()), reason)),
        Decision::Refused => Ok((None, reason)),
        Decision::Part => {
            let part = amount("amount", &draft.amount, claim.currency).map_err(|one| Error::Invalid(vec![one]))?;
            match part.minor < claim.asked_minor {
                true => Ok((Some(part), reason)),
                false => Err(Error::invalid("amount", Message::new("claim-not_a_part"))),
            }
        }
    }
}

/// What the decision leaves: refused, or accepted and to be approved.
pub fn decide(claim: Model, decision: Decision, accepted: Option<Money>, reason: String, actor: &Actor) -> Model {
    Model {
        status: if accepted.is_some() { Status::Waiting } else { Status::Refused },
        decision: Some(decision),
        decided_minor: accepted.map(|amount| amount.minor),
        decided_reason: reason,
        decided_at: Some(actor.now),
        decided_by: actor.name.clone(),
        approval_id: None,
        approved_by: String::new(),
        approved_at: None,
        pay_on: None,
        ..claim
    }
}

/// The second person, or the first within his own authority, lets it be paid by a day.
pub fn approve(claim: Model, by: &str, at: Instant, pay_on: Day) -> Model {
    Model {
        status: Status::Approved,
        approval_id: None,
        approved_by: by.to_owned(),
        approved_at: Some(at),
        pay_on: Some(pay_on),
        ..claim
    }
}

/// The second person refused, or nobody is asked any more: it is to be decided anew.
pub fn undecided(claim: Model) -> Model {
    Model {
        status: Status::Open,
        approval_id: None,
        decision: None,
        decided_minor: None,
        decided_at: None,
        decided_by: String::new(),
        ..claim
    }
}

/// # Errors
/// When it is not approved, or paid already.
pub fn pay(claim: Model, on: Day, reference: String) -> Result<Model, Refusal> {
    match claim.status {
        Status::Approved => Ok(Model {
            status: Status::Paid,
            paid_minor: claim.decided_minor,
            paid_on: Some(on),
            payment_reference: reference,
            ..claim
        }),
        Status::Paid => Err(Refusal::PaidAlready),
        closed if closed.is_closed() => Err(Refusal::Closed),
        _ => Err(Refusal::NotApproved),
    }
}

/// Blame later: until it is closed.
///
/// # Errors
/// When it is closed.
pub fn blame(claim: Model, liable: Liable) -> Result<Model, Refusal> {
    if claim.is_closed() { Err(Refusal::Closed) } else { Ok(Model { liable, ..claim }) }
}

/// May be asked anew, with another amount, while nothing is settled with him.
///
/// # Errors
/// When it is closed, or when recovery has ended.
pub fn ask_carrier(claim: Model, from: String, amount: Money, on: Day) -> Result<Model, Refusal> {
    match (claim.is_closed(), claim.recovery) {
        (true, _) => Err(Refusal::Closed),
        (false, Recovery::Recovered | Recovery::GivenUp) => Err(Refusal::RecoveryDone),
        (false, Recovery::None | Recovery::Asked) => Ok(Model {
            recovery: Recovery::Asked,
            recovery_from: from,
            recovery_asked_minor: Some(amount.minor),
            recovery_asked_on: Some(on),
            ..claim
        }),
    }
}

/// Adds what came back; recovery ends when all that was asked for is there.
///
/// # Errors
/// `Refused` when nobody was asked, `Invalid` for more than was asked for.
pub fn recovered(claim: Model, amount: Money, on: Day) -> Result<Model, Error> {
    recovering(&claim).map_err(Error::refused)?;
    let asked = claim.recovery_asked_minor.unwrap_or(0);
    let sum = claim.recovered_minor.saturating_add(amount.minor);
    if sum > asked {
        return Err(Error::invalid("amount", Message::new("claim-more_than_asked")));
    }
    let recovery = if sum == asked { Recovery::Recovered } else { Recovery::Asked };
    Ok(Model { recovery, recovered_minor: sum, recovered_on: Some(on), ..claim })
}

/// Nothing more comes back.
///
/// # Errors
/// When nobody was asked.
pub fn give_up(claim: Model, reason: String) -> Result<Model, Refusal> {
    recovering(&claim)?;
    Ok(Model { recovery: Recovery::GivenUp, recovery_reason: reason, ..claim })
}

fn recovering(claim: &Model) -> Result<(), Refusal> {
    match (claim.is_closed(), claim.recovery) {
        (true, _) => Err(Refusal::Closed),
        (false, Recovery::Asked) => Ok(()),
        (false, Recovery::None) => Err(Refusal::NoRecovery),
        (false, Recovery::Recovered | Recovery::GivenUp) => Err(Refusal::RecoveryDone),
    }
}

/// # Errors
/// When it is closed.
pub fn hand_over(claim: Model, to: UserId) -> Result<Model, Refusal> {
    if claim.is_closed() { Err(Refusal::Closed) } else { Ok(Model { owner_id: Some(to), ..claim }) }
}

/// The customer asks for nothing any more.
///
/// # Errors
/// When money has gone, or it is closed.
pub fn withdraw(claim: Model, reason: String, actor: &Actor) -> Result<Model, Refusal> {
    match claim.status {
        Status::Paid => Err(Refusal::PaidAlready),
        status if status.is_closed() => Err(Refusal::Closed),
        _ if claim.recovery == Recovery::Asked => Err(Refusal::RecoveryRuns),
        _ => Ok(Model { close_reason: reason, ..ended(claim, Status::Withdrawn, actor) }),
    }
}

/// Nothing is left to do: handled first, and by now it is clear who answers for it.
///
/// # Errors
/// Before it is paid or refused, while the carrier is asked, and while nobody has said who is liable for what was paid.
pub fn close(claim: Model, actor: &Actor) -> Result<Model, Refusal> {
    match claim.status {
        status if status.is_closed() => Err(Refusal::Closed),
        Status::Paid | Status::Refused if claim.recovery == Recovery::Asked => Err(Refusal::RecoveryRuns),
        Status::Paid if claim.liable == Liable::Open => Err(Refusal::LiabilityOpen),
        Status::Paid | Status::Refused => Ok(ended(claim, Status::Closed, actor)),
        _ => Err(Refusal::NotSettled),
    }
}

fn ended(claim: Model, status: Status, actor: &Actor) -> Model {
    Model { status, closed_at: Some(actor.now), closed_by: actor.name.clone(), ..claim }
}

/// The last day of what comes next; `None` when nothing runs.
pub fn due(claim: &Model) -> Option<Day> {
    match claim.status {
        Status::Open | Status::Waiting => Some(claim.decide_on),
        Status::Approved => claim.pay_on,
        Status::Refused | Status::Paid | Status::Closed | Status::Withdrawn => None,
    }
}

/// Where it stands in the list of what is due.
pub fn due_order(claim: &Model) -> i64 {
    match due(claim) {
        Some(day) => order_of(day),
        None if claim.is_closed() => CLOSED,
        None => SETTLED,
    }
}

pub fn order_of(day: Day) -> i64 {
    i64::from(day.num_days_from_ce())
}
