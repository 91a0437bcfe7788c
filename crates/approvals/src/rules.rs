//! Who may answer, and what an answer needs.

use base::{Instant, Message, UserId};

use crate::approval::{Answer, Model, Status};
use crate::limit::Authority;

/// What a manager may grant alone while nobody has set it, whole units of the reporting currency.
pub const MANAGERS_MOST: i64 = 20_000;
/// The same of a service agent, so that small things are settled at the desk.
pub const SERVICE_MOST: i64 = 1000;
pub const MOST_NOTE: usize = 2000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// One question at a time.
    #[error("waits already")]
    WaitsAlready,
    #[error("own request")]
    OwnRequest,
    #[error("decided already")]
    DecidedAlready { by: String, status: Status },
    #[error("withdrawn")]
    Withdrawn,
    /// The amount is above what he may grant; in words of the reporting currency.
    #[error("above authority")]
    AboveAuthority { most: String },
    /// No rate, so nobody knows whether it is above.
    #[error("amount not converted")]
    NotConverted { currency: String },
    #[error("not his request")]
    NotHisRequest,
}

impl base::Refusal for Refusal {
    fn message(&self) -> Message {
        match self {
            Refusal::WaitsAlready => Message::new("approval-waits_already"),
            Refusal::OwnRequest => Message::new("approval-own_request"),
            Refusal::DecidedAlready { by, status: Status::Approved } => {
                Message::new("approval-approved_already").with("by", by)
            }
            Refusal::DecidedAlready { by, .. } => Message::new("approval-refused_already").with("by", by),
            Refusal::Withdrawn => Message::new("approval-withdrawn_already"),
            Refusal::AboveAuthority { most } => Message::new("approval-above_authority").with("most", most),
            Refusal::NotConverted { currency } => Message::new("approval-not_converted").with("currency", currency),
            Refusal::NotHisRequest => Message::new("approval-not_his_request"),
        }
    }
}

/// Who answers, as the rule needs to know him.
#[derive(Clone, Debug)]
pub struct Decider<'a> {
    /// User id, or `system:name`, as `asked_by_id` has it.
    pub id: &'a str,
    pub user: Option<&'a UserId>,
    pub name: &'a str,
    pub authority: Authority,
}

/// # Errors
/// Refused for whoever asked, above his authority (also when he wants to refuse: then nobody takes a decision that is
/// not his), and once it has been decided.
pub fn decide(approval: Model, by: &Decider<'_>, answer: Answer, note: String, now: Instant) -> Result<Model, Refusal> {
    still_waits(&approval)?;
    if approval.asked_by_id == by.id {
        return Err(Refusal::OwnRequest);
    }
    within(&approval, by.authority)?;
    let status = match answer {
        Answer::Approve => Status::Approved,
        Answer::Refuse => Status::Refused,
    };
    Ok(Model { note, decided_by_id: by.user.cloned(), ..ended(approval, status, by.name, now) })
}

/// # Errors
/// Refused for anybody but whoever asked, and once it has been decided.
pub fn withdraw(approval: Model, by: &str, name: &str, now: Instant) -> Result<Model, Refusal> {
    still_waits(&approval)?;
    match approval.asked_by_id == by {
        true => Ok(ended(approval, Status::Withdrawn, name, now)),
        false => Err(Refusal::NotHisRequest),
    }
}

pub(crate) fn ended(approval: Model, status: Status, by: &str, now: Instant) -> Model {
    Model { status, waiting_for: None, decided_at: Some(now), decided_by: by.to_owned(), ..approval }
}

/// # Errors
/// When the amount is above the authority, or nobody knows what it is in the reporting currency. What has no amount is
/// within any.
pub fn within(approval: &Model, authority: Authority) -> Result<(), Refusal> {
    let Some(amount) = approval.amount() else { return Ok(()) };
    match (authority, approval.worth()) {
        (authority, worth) if authority.covers(worth) => Ok(()),
        (Authority::UpTo(most), Some(worth)) if worth.currency == most.currency => {
            Err(Refusal::AboveAuthority { most: texts::format::money(most) })
        }
        _ => Err(Refusal::NotConverted { currency: amount.currency.to_string() }),
    }
}

fn still_waits(approval: &Model) -> Result<(), Refusal> {
    match approval.status {
        Status::Waiting => Ok(()),
        Status::Withdrawn => Err(Refusal::Withdrawn),
        status => Err(Refusal::DecidedAlready { by: approval.decided_by.clone(), status }),
    }
}
