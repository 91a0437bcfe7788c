//! A complaint comes in.

use base::{Actor, DepartmentId, Error, FieldProblem, Message, UserId};
use calendar::{Clock, calendar_of};
use chrono::Datelike;
use customers::customer;
use db::{Tx, audit, outbox, settings};
use sea_orm::{Set, TryIntoModel};
use serde_json::json;

use super::Complaints;
use super::work::entry_of;
use crate::complaint::{ActiveModel, ComplaintId, Model};
use crate::forms::ComplaintDraft;
use crate::policy::{Policy, SETTINGS};
use crate::words::{EntryKind, Escalation, Status, Step};
use crate::{clocks, events, link, rules, store};

impl Complaints {
    /// # Errors
    /// `NotFound` for a customer out of reach, `Invalid` field by field.
    pub async fn log(&self, actor: &Actor, draft: ComplaintDraft) -> Result<Model, Error> {
        let tx = self.db.begin().await?;
        let complaint = log_in(&tx, actor, draft).await?;
        self.db.commit(tx).await?;
        Ok(complaint)
    }
}

/// Logs a complaint in an open transaction.
///
/// # Errors
/// As `Complaints::log`.
pub async fn log_in(tx: &Tx, actor: &Actor, draft: ComplaintDraft) -> Result<Model, Error> {
    actor.require(crate::LOG)?;
    let customer = customers::store::get(tx, actor, crate::LOG, &draft.customer).await?;
    let mut problems = rules::draft_problems(&draft, actor.now);
    let department = department(tx, actor, draft.department.as_ref()).await.map_err(|error| kept(error, &mut problems));
    let owner = owner(tx, actor, &customer, draft.owner.as_ref()).await.map_err(|error| kept(error, &mut problems));
    let shipments = store::waybills::of_customer(tx, actor, &draft.customer, &draft.waybills).await;
    let shipments = shipments.map_err(|error| kept(error, &mut problems));
    if let Some(contact) = &draft.contact
        && store::people::contact(tx, &draft.customer, contact).await?.is_none()
    {
        problems.push(rules::wrong("contact", "complaint-no_such_contact"));
    }
    let repeat_of = repeat_of(tx, actor, &draft).await.map_err(|error| kept(error, &mut problems));
    let (Ok(department), Ok(owner), Ok(shipments), Ok(repeat_of)) = (department, owner, shipments, repeat_of) else {
        return Err(Error::Invalid(problems));
    };
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let policy: Policy = settings::get(tx, SETTINGS).await?;
    let calendar = calendar_of(tx, Some(&department.id)).await?;
    let year = i64::from(actor.today().year());
    let no = store::next_number(tx, &department.id, year).await?;
    let mut complaint = fresh(actor, draft, &policy)?;
    complaint.number = format!("{}-{year}-{no:04}", department.name);
    (complaint.number_year, complaint.number_no) = (year, no);
    (complaint.department_id, complaint.owner_id, complaint.repeat_of) = (department.id, owner, repeat_of);
    clocks::settle(&mut complaint, &calendar, &policy, actor.now)?;
    store::insert(tx, &complaint).await?;
    let links = shipments.into_iter().map(|(shipment_id, waybill)| link::Model {
        complaint_id: complaint.id.clone(),
        shipment_id,
        waybill,
    });
    store::link(tx, links.collect()).await?;
    let first = entry_of(actor, &complaint, EntryKind::Logged, "");
    store::add_entries(tx, &complaint.id, vec![first]).await?;
    let detail = json!({"number": complaint.number, "customer": complaint.customer_id, "words": complaint.words});
    audit::record(tx, actor, "complaint.logged", "complaint", complaint.id.as_str(), detail).await?;
    outbox::add(tx, actor.now, events::of(events::LOGGED, &complaint)).await?;
    Ok(complaint)
}

/// Problems of one field are told with those of the others; any other error ends the act as one of these.
fn kept(error: Error, problems: &mut Vec<FieldProblem>) {
    match error {
        Error::Invalid(more) => problems.extend(more),
        other => problems.push(FieldProblem::new("form", other.message())),
    }
}

/// Whose number it gets.
async fn department(tx: &Tx, actor: &Actor, wanted: Option<&DepartmentId>) -> Result<access::department::Model, Error> {
    let missing = || Error::invalid("department", Message::new("complaint-department_missing"));
    let id = wanted.or(actor.department.as_ref()).ok_or_else(missing)?;
    store::people::department(tx, id).await?.ok_or_else(missing)
}

/// Who sees to it: whoever is named and reaches the customer, else the writer.
pub(super) async fn owner(
    tx: &Tx,
    actor: &Actor,
    customer: &customer::Model,
    wanted: Option<&UserId>,
) -> Result<Option<UserId>, Error> {
    let Some(wanted) = wanted else { return Ok(actor.user_id().cloned()) };
    let reaches = access::Reaches::of(tx, crate::HANDLE).await?;
    let own = actor.user_id() == Some(wanted);
    match own || reaches.reach(wanted, customer.owner_id.as_ref(), customer.department_id.as_ref()) {
        true => Ok(Some(wanted.clone())),
        false => Err(Error::invalid("owner", Message::new("complaint-out_of_reach"))),
    }
}

/// An earlier complaint of the same customer.
async fn repeat_of(tx: &Tx, actor: &Actor, draft: &ComplaintDraft) -> Result<Option<ComplaintId>, Error> {
    let Some(id) = &draft.repeat_of else { return Ok(None) };
    match store::get(tx, actor, crate::LOG, id).await {
        Ok(earlier) if earlier.customer_id == draft.customer => Ok(Some(earlier.id)),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid("repeat_of", Message::new("complaint-repeat_unknown"))),
        Err(error) => Err(error),
    }
}

/// A new complaint without number, department and owner.
fn fresh(actor: &Actor, draft: ComplaintDraft, policy: &Policy) -> Result<Model, Error> {
    let received = draft.received_at.unwrap_or(actor.now);
    // What came in before it was written down has been waiting since.
    let response = Clock::starting(received, policy.respond_within(draft.severity));
    let resolution = Clock::starting(received, policy.resolve_within(draft.severity));
    let complaint = ActiveModel {
        id: Set(ComplaintId::new(actor.now)),
        customer_id: Set(draft.customer),
        contact_id: Set(draft.contact),
        channel: Set(draft.channel),
        category: Set(draft.category),
        severity: Set(draft.severity),
        express: Set(draft.express),
        words: Set(draft.words.trim().to_owned()),
        wish: Set(draft.wish.trim().to_owned()),
        received_at: Set(received),
        received_order: Set(received.timestamp_micros()),
        status: Set(Status::Waiting),
        round: Set(1),
        next_step: Set(Some(Step::Listen)),
        response_clock: Set(clocks::stored(&response)?),
        resolution_clock: Set(clocks::stored(&resolution)?),
        escalation: Set(Escalation::None),
        created_at: Set(actor.now),
        created_by: Set(actor.name.clone()),
        updated_at: Set(actor.now),
        version: Set(1),
        ..nothing_yet()
    };
    Ok(complaint.try_into_model()?)
}

/// All that nobody knows of a complaint that has just come in.
fn nothing_yet() -> ActiveModel {
    ActiveModel {
        number: Set(String::new()),
        number_year: Set(0),
        number_no: Set(0),
        department_id: Set(DepartmentId(String::new())),
        owner_id: Set(None),
        response_due: Set(None),
        responded_at: Set(None),
        resolution_due: Set(None),
        resolved_at: Set(None),
        legal_due: Set(None),
        due_order: Set(0),
        legal_order: Set(0),
        escalate_order: Set(0),
        high_risk_at: Set(None),
        clocks_stale: Set(false),
        hold_reason: Set(String::new()),
        solution: Set(String::new()),
        extra: Set(String::new()),
        compensation_minor: Set(None),
        compensation_currency: Set(None),
        compensation_by: Set(None),
        compensation_state: Set(None),
        compensation_approver: Set(None),
        answer: Set(None),
        answer_at: Set(None),
        answer_how: Set(None),
        close_reason: Set(String::new()),
        closed_at: Set(None),
        cause: Set(None),
        cause_text: Set(String::new()),
        cause_department_id: Set(None),
        correction: Set(String::new()),
        correction_due: Set(None),
        correction_done_at: Set(None),
        correction_done_by: Set(None),
        correction_verified_at: Set(None),
        correction_verified_by: Set(None),
        repeat_of: Set(None),
        merged_into: Set(None),
        ..ActiveModel::default()
    }
}
