//! Interactions written in an open transaction, by people and by imports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Actor, CustomerId, Error, Event, Instant, Refusal as _, UserId};
use chrono::SubsecRound;
use db::{Tx, audit, outbox};
use module::CustomerPanel;
use serde_json::json;

use crate::customer::Model;
use crate::forms::{Author, InteractionDraft};
use crate::interaction::{self, InteractionId};
use crate::rules::{self, Refusal};
use crate::store::{self, touches};

/// Logs an interaction in an open transaction, for other modules. Nobody is here to say whose a shipment is, so a draft
/// that names some is refused.
///
/// # Errors
/// As `Customers::log`.
pub async fn log_in(tx: &Tx, actor: &Actor, id: &CustomerId, draft: InteractionDraft) -> Result<InteractionId, Error> {
    log_about(tx, actor, id, draft, &[]).await
}

/// The panels know which shipments are the customer's.
pub(super) async fn log_about(
    tx: &Tx,
    actor: &Actor,
    id: &CustomerId,
    draft: InteractionDraft,
    panels: &[Arc<dyn CustomerPanel>],
) -> Result<InteractionId, Error> {
    let customer = store::hold(tx, actor, crate::LOG, id).await?;
    rules::checked_interaction(&draft, actor.now).map_err(Error::Invalid)?;
    refuse_unknown_person(tx, actor, draft.next_step_by.as_ref()).await?;
    let shipments: BTreeSet<String> = draft.shipments.iter().cloned().collect();
    refuse_strange_shipments(tx, actor, id, &shipments, panels).await?;
    let row = told(actor, id, draft);
    touches::insert(tx, &row, &shipments).await?;
    if rules::is_contact(row.outcome) {
        store::advance_contact(tx, &contacted(customer, row.happened_at)).await?;
    }
    let told = json!({"customer": id, "interaction": row.id, "kind": row.kind, "direction": row.direction});
    audit::record(tx, actor, "interaction.logged", "interaction", &row.id, told.clone()).await?;
    outbox::add(tx, actor.now, Event::new("customers.interaction_logged", told)).await?;
    Ok(InteractionId(row.id))
}

/// Logs interactions that are checked, with customers that the actor reaches, by id.
pub(crate) async fn log_many(
    tx: &Tx,
    actor: &Actor,
    customers: &BTreeMap<String, Model>,
    rows: &[interaction::Model],
) -> Result<(), Error> {
    touches::insert_many(tx, rows).await?;
    let mut last: BTreeMap<&str, Instant> = BTreeMap::new();
    for row in rows.iter().filter(|row| rules::is_contact(row.outcome)) {
        let last = last.entry(row.customer_id.as_str()).or_insert(row.happened_at);
        *last = row.happened_at.max(*last);
    }
    for (id, last) in last {
        if let Some(customer) = customers.get(id).filter(|customer| customer.last_contact_at < Some(last)) {
            store::advance_contact(tx, &contacted(customer.clone(), last)).await?;
        }
    }
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.customer_id.as_str()).collect();
    let told = json!({"customers": ids, "interactions": rows.len()});
    audit::record(tx, actor, "interactions.imported", "interaction", "", told.clone()).await?;
    outbox::add(tx, actor.now, Event::new("customers.interactions_imported", told)).await
}

/// A checked draft as it is kept.
pub(crate) fn told(actor: &Actor, id: &CustomerId, draft: InteractionDraft) -> interaction::Model {
    let step = Some(draft.next_step.trim().to_owned()).filter(|step| !step.is_empty());
    let (source, source_key) = draft.origin.unzip();
    let author = draft.author.unwrap_or_else(|| Author { name: actor.name.clone(), id: actor.user_id().cloned() });
    interaction::Model {
        id: InteractionId::new(actor.now).0,
        customer_id: id.clone(),
        kind: draft.kind,
        direction: draft.direction,
        // What both databases keep.
        happened_at: draft.happened_at.unwrap_or(actor.now).trunc_subsecs(6),
        outcome: draft.outcome,
        mood: draft.mood,
        text: draft.text.trim().into(),
        next_step_by: step.as_ref().and_then(|_| draft.next_step_by.or_else(|| author.id.clone())),
        next_step: step,
        next_step_on: draft.next_step_on,
        next_step_done_at: None,
        no_next_step: draft.no_next_step,
        by_id: author.id,
        by_name: author.name,
        created_at: actor.now,
        version: 1,
        source,
        source_key,
    }
}

fn contacted(customer: Model, last: Instant) -> Model {
    Model {
        last_contact_at: Some(last),
        last_contact_order: last.timestamp_micros(),
        contact_due_on: rules::contact_due_on(customer.rhythm_days, Some(last), customer.created_at),
        ..customer
    }
}

/// Works the last contact out anew, after an interaction went or changed.
pub(crate) async fn recount_contact(tx: &Tx, customer: Model) -> Result<(), Error> {
    let last = touches::last_contact(tx, &customer.customer_id()).await?;
    let due = rules::contact_due_on(customer.rhythm_days, last, customer.created_at);
    let order = last.map_or(0, |last| last.timestamp_micros());
    let counted = Model { last_contact_at: last, last_contact_order: order, contact_due_on: due, ..customer };
    store::save_contact(tx, &counted).await
}

/// What was said to one customer must not count as said to another.
async fn refuse_strange_shipments(
    tx: &Tx,
    actor: &Actor,
    id: &CustomerId,
    shipments: &BTreeSet<String>,
    panels: &[Arc<dyn CustomerPanel>],
) -> Result<(), Error> {
    if shipments.is_empty() {
        return Ok(());
    }
    let asked: Vec<String> = shipments.iter().cloned().collect();
    let mut own = BTreeSet::new();
    for panel in panels {
        own.extend(panel.shipments_among(tx, actor, id, &asked).await?);
    }
    match shipments.is_subset(&own) {
        true => Ok(()),
        false => Err(Error::refused(Refusal::StrangeShipment)),
    }
}

/// A next step that nobody can be asked for would stand on nobody's worklist.
async fn refuse_unknown_person(tx: &Tx, actor: &Actor, person: Option<&UserId>) -> Result<(), Error> {
    let Some(person) = person.filter(|person| actor.user_id() != Some(person)) else { return Ok(()) };
    let found = match store::askable(person.as_str()) {
        true => store::people(tx, vec![person.clone()]).await?,
        false => Vec::new(),
    };
    match found.first().is_some_and(|found| found.status == "active") {
        true => Ok(()),
        false => Err(Error::invalid("next_step_by", Refusal::NobodyThere.message())),
    }
}

/// Takes back an interaction of the last hours and gives what it was, so that it can be told anew.
///
/// # Errors
/// As `unlog_in`, and `Refused` when it stands as it was logged.
pub(super) async fn take_back(tx: &Tx, actor: &Actor, id: &InteractionId) -> Result<interaction::Model, Error> {
    let row = touches::get(tx, id).await?;
    // Whoever may not see it learns nothing of it.
    store::get(tx, actor, crate::LOG, &row.customer_id).await?;
    rules::may_take_back(&row, actor).map_err(Error::refused)?;
    unlog_in(tx, actor, id.as_str()).await?;
    Ok(row)
}

/// Takes back an interaction that the actor logged, in an open transaction; the last contact is then the one before.
///
/// # Errors
/// `NotFound` when there is none, somebody else logged it or the customer is out of reach.
pub async fn unlog_in(tx: &Tx, actor: &Actor, interaction: &str) -> Result<(), Error> {
    let row = touches::get(tx, &InteractionId(interaction.into())).await?;
    if row.by_id.as_ref() != actor.user_id() {
        return Err(Error::NotFound);
    }
    let customer = store::hold(tx, actor, crate::LOG, &row.customer_id).await?;
    touches::reopen_steps_of(tx, &row).await?;
    touches::delete(tx, &row).await?;
    recount_contact(tx, customer).await?;
    let told = json!({"customer": row.customer_id, "interaction": row.id, "kind": row.kind});
    audit::record(tx, actor, "interaction.taken_back", "interaction", &row.id, told.clone()).await?;
    outbox::add(tx, actor.now, Event::new("customers.interaction_taken_back", told)).await
}
