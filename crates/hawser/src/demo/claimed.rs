//! What customers of the textbook case asked to be paid for: one paid and partly recovered, one that waits for approval,
//! one to be decided, one refused.

use attachments::Attachments;
use base::{Actor, ActorKind, Currency, Error, PageSize, Scope};
use chrono::Duration;
use claims::Claims;
use claims::claim::{Decision, Model, Status};
use claims::forms::{BlameDraft, ClaimDraft, DecisionDraft, PaymentDraft, RecoveredDraft, RecoveryDraft};
use customers::Found;
use db::Db;
use exceptions::exception::{Kind, Liable};
use serde::Deserialize;
use shipments::{Filter, ListFilter, Shipments};

use super::book::Owners;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    customer: String,
    /// Login of who handles it.
    owner: String,
    hours_ago: i64,
    kind: Kind,
    what: String,
    value: String,
    asked: String,
    decision: Option<Decision>,
    /// Of a part.
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
    liable: Option<Liable>,
    /// Once it is promised; empty: it is not paid yet.
    #[serde(default)]
    paid: String,
    /// Who is asked to make good for it, and what came back.
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    recovered: String,
}

/// Writes the claims and what was done about them, each on the newest shipment of its month.
///
/// # Errors
/// When the database refuses; a broken `demo.toml` is our mistake.
pub async fn fill(
    db: &Db,
    attachments: &Attachments,
    actor: &Actor,
    owners: &Owners,
    all: &[Claim],
) -> Result<(), Error> {
    let claims = Claims::new(db.clone(), attachments.clone());
    for told in all {
        let found = customers::find_many(db.read(), std::slice::from_ref(&told.customer)).await?.remove(&told.customer);
        let Some(Found::One(customer)) = found else { return Err(missing(&told.customer)) };
        let now = actor.now - Duration::hours(told.hours_ago);
        let to_month = Some(Actor::day_of(now).format("%Y-%m").to_string());
        let which = Filter { customer: Some(customer.clone()), to_month, ..Filter::default() };
        let filter = ListFilter { which, ..ListFilter::default() };
        let shipments = Shipments::new(db.clone()).list(actor, &filter, PageSize(1)).await?.rows;
        let waybill = shipments.into_iter().next().ok_or_else(|| missing("shipment"))?.shipment.waybill;
        let (id, name) = owners.get(&told.owner).ok_or_else(|| missing(&told.owner))?;
        // By the agent himself, so that his authority counts.
        let needed = [customers::VIEW, shipments::VIEW, claims::VIEW, claims::RAISE, claims::HANDLE, claims::PAY];
        let then = Actor {
            kind: ActorKind::User { id: id.clone(), session: String::new() },
            name: name.clone(),
            permissions: needed.into_iter().map(|permission| (permission, Scope::All)).collect(),
            now,
            ..actor.clone()
        };
        let draft = ClaimDraft {
            customer: Some(customer),
            waybill,
            kind: Some(told.kind),
            what: told.what.clone(),
            value: told.value.clone(),
            asked: told.asked.clone(),
            currency: Some(Currency::CNY),
            ..ClaimDraft::default()
        };
        let new = claims.raise(&then, &draft).await?;
        handled(&claims, then, told, new).await?;
    }
    Ok(())
}

fn missing(what: &str) -> Error {
    Error::Bug(format!("the demo has no {what}"))
}

/// What follows, an hour apart.
async fn handled(claims: &Claims, mut actor: Actor, told: &Claim, new: Model) -> Result<(), Error> {
    let mut now = new;
    let mut later = || {
        actor.now += Duration::hours(1);
        actor.clone()
    };
    if let Some(decision) = told.decision {
        let draft = DecisionDraft { decision, amount: told.amount.clone(), reason: told.reason.clone() };
        now = claims.decide(&later(), &now.id, now.version, &draft).await?;
    }
    if let Some(liable) = told.liable {
        now = claims.blame(&later(), &now.id, now.version, &BlameDraft { liable }).await?;
    }
    if !told.paid.is_empty() && now.status == Status::Approved {
        let draft = PaymentDraft { on: None, reference: told.paid.clone() };
        now = claims.pay(&later(), &now.id, now.version, &draft).await?;
    }
    if !told.carrier.is_empty() {
        let amount = now.decided().unwrap_or_else(|| now.asked()).amount();
        let draft = RecoveryDraft { from: told.carrier.clone(), amount, on: None };
        now = claims.ask_carrier(&later(), &now.id, now.version, &draft).await?;
    }
    if !told.recovered.is_empty() {
        let draft = RecoveredDraft { amount: told.recovered.clone(), on: None };
        now = claims.recovered(&later(), &now.id, now.version, &draft).await?;
    }
    if now.status == Status::Refused {
        claims.close(&later(), &now.id, now.version).await?;
    }
    Ok(())
}
