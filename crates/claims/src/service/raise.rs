//! A claim comes in.

use base::{Actor, CustomerId, Error, FieldProblem, Message, UserId};
use chrono::Datelike;
use customers::customer;
use db::{Tx, audit, outbox, settings};
use exceptions::exception::{self, ExceptionId, Kind, Liable};
use sea_orm::{ConnectionTrait, Set, TryIntoModel};
use serde_json::json;

use super::work::{OBJECT, line, workday};
use super::{Claims, customer_of};
use crate::claim::{ActiveModel, ClaimId, Model, Recovery, Status};
use crate::entry::EntryKind;
use crate::forms::{AmountsDraft, ClaimDraft};
use crate::policy::{Policy, SETTINGS};
use crate::rules::{self, Amounts, Refusal};
use crate::{HANDLE, RAISE, events, store};

/// What a claim is about.
#[derive(Clone, Debug)]
struct Origin {
    customer: customer::Model,
    shipment: String,
    waybill: String,
    exception: Option<exception::Model>,
}

/// What was typed, read.
struct Read {
    kind: Kind,
    liable: Liable,
    what: String,
    amounts: Amounts,
    owner: Option<UserId>,
}

impl Claims {
    /// # Errors
    /// `NotFound` for a customer out of reach; `Invalid` field by field: an exception or a waybill that is unknown or
    /// another customer's, no words, no amount; `Refused` when the exception has a claim already.
    pub async fn raise(&self, actor: &Actor, draft: &ClaimDraft) -> Result<Model, Error> {
        actor.require(RAISE)?;
        let reporting = self.reporting().await?;
        let tx = self.db.begin().await?;
        let origin = origin(&tx, actor, draft).await?;
        let mut problems = Vec::new();
        let currency = draft.currency.unwrap_or(reporting);
        let typed = AmountsDraft { value: draft.value.clone(), asked: draft.asked.clone() };
        let what = kept(rules::said("what", &draft.what), &mut problems);
        let amounts = kept(rules::amounts(&typed, currency), &mut problems);
        let kind = draft.kind.or(origin.exception.as_ref().map(|one| one.kind));
        if kind.is_none() {
            problems.push(FieldProblem::new("kind", Message::new("claim-choose_one")));
        }
        let (Some(kind), Some(what), Some(amounts), true) = (kind, what, amounts, problems.is_empty()) else {
            return Err(Error::Invalid(problems));
        };
        let liable = draft.liable.or(origin.exception.as_ref().map(|one| one.liable)).unwrap_or(Liable::Open);
        let owner = owner(&tx, actor, &origin.customer).await?;
        let claim = fresh(&tx, actor, &origin, Read { kind, liable, what, amounts, owner }).await?;
        if !store::insert(&tx, &claim).await? {
            return Err(Error::refused(Refusal::ThereAlready));
        }
        let mut first = line(actor, &claim, EntryKind::Raised, &claim.what);
        first.minor = Some(claim.asked_minor);
        store::add_entries(&tx, &claim.id, vec![first]).await?;
        let detail = json!({
            "number": claim.number, "customer": claim.customer_id, "shipment": claim.shipment_id,
            "exception": claim.exception_id, "asked": claim.asked(), "value": amounts.value, "what": claim.what,
        });
        audit::record(&tx, actor, "claim.raised", OBJECT, claim.id.as_str(), detail).await?;
        outbox::add(&tx, actor.now, events::of(events::RAISED, &claim)).await?;
        self.db.commit(tx).await?;
        Ok(claim)
    }
}

async fn origin(db: &impl ConnectionTrait, actor: &Actor, draft: &ClaimDraft) -> Result<Origin, Error> {
    if let Some(id) = draft.exception.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        return of_exception(db, actor, id, draft.customer.as_ref()).await;
    }
    let missing = || Error::invalid("customer", Message::new("claim-customer_missing"));
    let customer = customer_of(db, actor, draft.customer.as_ref().ok_or_else(missing)?).await?;
    let shipment = store::by_waybill(db, actor, &customer.customer_id(), draft.waybill.trim()).await?;
    Ok(Origin { customer, shipment: shipment.id, waybill: shipment.waybill, exception: None })
}

/// One that nobody knows, one that is gone and one that is hidden are alike.
async fn of_exception(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: &str,
    customer: Option<&CustomerId>,
) -> Result<Origin, Error> {
    let wrong = |key: &str| Err(Error::invalid("exception", Message::new(key)));
    if !actor.has(exceptions::VIEW) {
        return wrong("claim-no_such_exception");
    }
    let found = match exceptions::store::get(db, actor, &ExceptionId(id.to_owned())).await {
        Err(Error::NotFound) => return wrong("claim-no_such_exception"),
        other => other?,
    };
    if customer.is_some_and(|customer| *customer != found.customer_id) {
        return wrong("claim-exception_of_another");
    }
    if found.status == exception::Status::Void {
        return wrong("claim-exception_void");
    }
    let customer = match customer_of(db, actor, &found.customer_id).await {
        Err(Error::NotFound) => return wrong("claim-no_such_exception"),
        other => other?,
    };
    let shipments = std::iter::once(found.shipment_id.clone()).collect();
    let waybill = shipments::store::waybills_of(db, shipments).await?.remove(&found.shipment_id);
    Ok(Origin {
        customer,
        shipment: found.shipment_id.clone(),
        waybill: waybill.unwrap_or_default(),
        exception: Some(found),
    })
}

/// Who sees to it: whoever raises it, when he may; else who looks after the customer, when he may.
async fn owner(tx: &Tx, actor: &Actor, customer: &customer::Model) -> Result<Option<UserId>, Error> {
    let reaches = access::Reaches::of(tx, HANDLE).await?;
    let owner = customer.owner_id.as_ref();
    let may = |id: &UserId| reaches.reach(id, owner, customer.department_id.as_ref());
    let own = actor.user_id().filter(|id| actor.has(HANDLE) || may(id));
    Ok(own.or(owner.filter(|id| may(id))).cloned())
}

async fn fresh(tx: &Tx, actor: &Actor, origin: &Origin, read: Read) -> Result<Model, Error> {
    let policy: Policy = settings::get(tx, SETTINGS).await?;
    let calendar = store::calendar(tx, origin.customer.department_id.as_ref()).await?;
    let decide_on = workday(&calendar, actor.today(), policy.decide_days);
    let year = i64::from(actor.today().year());
    let no = store::next_number(tx, year).await?;
    let claim = ActiveModel {
        id: Set(ClaimId::new(actor.now)),
        number: Set(format!("LP-{year}-{no:04}")),
        number_year: Set(year),
        number_no: Set(no),
        customer_id: Set(origin.customer.customer_id()),
        shipment_id: Set(origin.shipment.clone()),
        waybill: Set(origin.waybill.clone()),
        exception_id: Set(origin.exception.as_ref().map(|one| one.id.clone())),
        kind: Set(read.kind),
        what: Set(read.what),
        currency: Set(read.amounts.asked.currency),
        value_minor: Set(read.amounts.value.map(|value| value.minor)),
        asked_minor: Set(read.amounts.asked.minor),
        liable: Set(read.liable),
        status: Set(Status::Open),
        owner_id: Set(read.owner),
        decide_on: Set(decide_on),
        due_order: Set(rules::order_of(decide_on)),
        created_at: Set(actor.now),
        created_by: Set(actor.name.clone()),
        updated_at: Set(actor.now),
        version: Set(1),
        ..nothing_yet()
    };
    Ok(claim.try_into_model()?)
}

/// All that nobody knows of a claim that has just come in.
fn nothing_yet() -> ActiveModel {
    ActiveModel {
        decision: Set(None),
        decided_minor: Set(None),
        decided_reason: Set(String::new()),
        decided_at: Set(None),
        decided_by: Set(String::new()),
        approval_id: Set(None),
        approved_by: Set(String::new()),
        approved_at: Set(None),
        pay_on: Set(None),
        paid_minor: Set(None),
        paid_on: Set(None),
        payment_reference: Set(String::new()),
        recovery: Set(Recovery::None),
        recovery_from: Set(String::new()),
        recovery_asked_minor: Set(None),
        recovery_asked_on: Set(None),
        recovered_minor: Set(0),
        recovered_on: Set(None),
        recovery_reason: Set(String::new()),
        closed_at: Set(None),
        closed_by: Set(String::new()),
        close_reason: Set(String::new()),
        ..ActiveModel::default()
    }
}

/// Problems of one field are told with those of the others; any other error ends the act as one of these.
fn kept<T>(read: Result<T, Error>, problems: &mut Vec<FieldProblem>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(Error::Invalid(more)) => {
            problems.extend(more);
            None
        }
        Err(other) => {
            problems.push(FieldProblem::new("form", other.message()));
            None
        }
    }
}
