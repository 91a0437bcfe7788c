//! Customers written in an open transaction, by people and by imports.

use base::{Actor, CustomerId, DepartmentId, Error, Event, Permission, Refusal as _, Scope, UserId};
use db::{Tx, audit, outbox};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::CustomerFile;
use crate::customer::{Model, NO_STEP, Stage, UNKNOWN_VALUE};
use crate::forms::CustomerDraft;
use crate::people;
use crate::rules::{self, Refusal};
use crate::store::{self, parts};

/// Creates a customer in an open transaction, for imports.
///
/// # Errors
/// As `Customers::create`.
pub async fn create_in(tx: &Tx, actor: &Actor, draft: CustomerDraft) -> Result<Model, Error> {
    let mut draft = rules::checked(draft).map_err(Error::Invalid)?;
    own(actor, &mut draft);
    // Before the code: whoever may not do this learns nothing about codes.
    let department_id = department_for(tx, actor, crate::CREATE, draft.owner_id.as_ref()).await?;
    refuse_taken_code(tx, &draft, None).await?;
    let customer = new(actor, &draft, department_id);
    store::insert(tx, &customer).await?;
    parts::add(tx, &[(&customer.id, &draft)]).await?;
    audit::record(tx, actor, "customer.created", "customer", &customer.id, json!({"name": customer.name})).await?;
    outbox::add(tx, actor.now, Event::new("customers.created", json!({"customer": customer.id}))).await?;
    Ok(customer)
}

/// Creates customers whose drafts are checked and whose departments are known.
pub(crate) async fn create_many(
    tx: &Tx,
    actor: &Actor,
    drafts: Vec<(CustomerDraft, Option<DepartmentId>)>,
) -> Result<Vec<Model>, Error> {
    let one = |(draft, department): &(CustomerDraft, Option<DepartmentId>)| new(actor, draft, department.clone());
    let customers: Vec<Model> = drafts.iter().map(one).collect();
    store::insert_many(tx, &customers).await?;
    let belonging: Vec<_> =
        customers.iter().zip(&drafts).map(|(customer, (draft, _))| (customer.id.as_str(), draft)).collect();
    parts::add(tx, &belonging).await?;
    if !customers.is_empty() {
        let ids: Vec<&str> = customers.iter().map(|customer| customer.id.as_str()).collect();
        let told = json!({"customers": ids});
        audit::record(tx, actor, "customers.imported", "customer", "", told.clone()).await?;
        outbox::add(tx, actor.now, Event::new("customers.imported", told)).await?;
    }
    Ok(customers)
}

/// Whoever reaches only his own customers owns those that he creates.
pub(crate) fn own(actor: &Actor, draft: &mut CustomerDraft) {
    if draft.owner_id.is_none() && actor.scope(crate::CREATE) == Some(Scope::Own) {
        draft.owner_id = actor.user_id().cloned();
    }
}

fn new(actor: &Actor, draft: &CustomerDraft, department_id: Option<DepartmentId>) -> Model {
    let empty = Model {
        id: CustomerId::new(actor.now).0,
        name: String::new(),
        name_key: String::new(),
        search_key: String::new(),
        sort_name: String::new(),
        short_name: String::new(),
        former_names: json!([]),
        english_name: String::new(),
        credit_code: None,
        industry: String::new(),
        size: None,
        relation_type: draft.relation_type,
        source: String::new(),
        stage: Stage::Prospect,
        stage_since: None,
        stage_reason: json!([rules::not_judged()]),
        stage_review_on: None,
        owner_id: None,
        department_id,
        rhythm_days: None,
        last_contact_at: None,
        last_contact_order: 0,
        contact_due_on: None,
        next_step_due: NO_STEP,
        shipments_30: 0,
        value_order: UNKNOWN_VALUE,
        notes: String::new(),
        created_at: actor.now,
        created_by: actor.name.clone(),
        updated_at: actor.now,
        version: 1,
    };
    filled(empty, draft)
}

/// Changes a customer in an open transaction.
///
/// # Errors
/// As `Customers::change`.
pub async fn change_in(
    tx: &Tx,
    actor: &Actor,
    id: &CustomerId,
    version: i64,
    draft: CustomerDraft,
) -> Result<(), Error> {
    let customer = store::hold(tx, actor, crate::EDIT, id).await?;
    let draft = rules::checked(draft).map_err(Error::Invalid)?;
    let department = match draft.owner_id == customer.owner_id {
        true => customer.department_id.clone(),
        false => department_for(tx, actor, crate::EDIT, draft.owner_id.as_ref()).await?,
    };
    if version != customer.version {
        return Err(Error::Conflict);
    }
    refuse_taken_code(tx, &draft, Some(id)).await?;
    let before = CustomerFile {
        tags: parts::tags_of(tx, id).await?,
        addresses: parts::addresses_of(tx, id).await?,
        assessments: Vec::new(),
        customer: Model { version, ..customer },
    };
    write_change(tx, actor, before, &draft, department).await
}

/// Writes a checked draft over the version that `before` has.
pub(crate) async fn write_change(
    tx: &Tx,
    actor: &Actor,
    before: CustomerFile,
    draft: &CustomerDraft,
    department_id: Option<DepartmentId>,
) -> Result<(), Error> {
    let (id, version) = (before.customer.customer_id(), before.customer.version);
    let mut detail = difference(&before.draft(), draft)?;
    let after = Model { updated_at: actor.now, department_id, ..filled(before.customer, draft) };
    store::save(tx, &after, version).await?;
    parts::replace(tx, &id, draft).await?;
    detail.insert("version".into(), json!({"before": version, "after": version + 1}));
    audit::record(tx, actor, "customer.changed", "customer", id.as_str(), detail.into()).await?;
    outbox::add(tx, actor.now, Event::new("customers.changed", json!({"customer": id}))).await
}

fn filled(customer: Model, draft: &CustomerDraft) -> Model {
    let name_key = rules::name_key(&draft.name);
    Model {
        name: draft.name.clone(),
        sort_name: texts::pinyin::sort_key(&name_key),
        name_key,
        search_key: rules::search_key(draft),
        short_name: draft.short_name.clone(),
        former_names: json!(draft.former_names),
        english_name: draft.english_name.clone(),
        credit_code: Some(draft.credit_code.clone()).filter(|code| !code.is_empty()),
        industry: draft.industry.clone(),
        size: draft.size,
        relation_type: draft.relation_type,
        source: draft.source.clone(),
        owner_id: draft.owner_id.clone(),
        rhythm_days: draft.rhythm_days,
        contact_due_on: rules::contact_due_on(draft.rhythm_days, customer.last_contact_at, customer.created_at),
        notes: draft.notes.clone(),
        ..customer
    }
}

async fn refuse_taken_code(tx: &Tx, draft: &CustomerDraft, but: Option<&CustomerId>) -> Result<(), Error> {
    if !draft.credit_code.is_empty() && store::code_taken(tx, &draft.credit_code, but).await? {
        return Err(Error::invalid("credit_code", Refusal::CreditCodeTaken.message()));
    }
    Ok(())
}

/// The department that sees the customer: its owner's.
async fn department_for(
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    owner: Option<&UserId>,
) -> Result<Option<DepartmentId>, Error> {
    let person = match owner.filter(|owner| actor.user_id() != Some(owner)) {
        Some(owner) => store::people(db, vec![owner.clone()]).await?.pop(),
        None => None,
    };
    department_of(actor, permission, owner, person.as_ref())
        .ok_or_else(|| Error::invalid("owner_id", Refusal::OwnerOutOfReach.message()))
}

/// `None` when the actor may not make him owner. `person` is who stands behind `owner`.
pub(crate) fn department_of(
    actor: &Actor,
    permission: Permission,
    owner: Option<&UserId>,
    person: Option<&people::Model>,
) -> Option<Option<DepartmentId>> {
    match (owner, person, actor.scope(permission)) {
        (None, _, Some(Scope::Own)) => None,
        (None, ..) => Some(actor.department.clone()),
        (Some(owner), ..) if actor.user_id() == Some(owner) => Some(actor.department.clone()),
        (Some(_), Some(person), Some(Scope::All)) => Some(person.department_id.clone()),
        (Some(_), Some(person), Some(Scope::Departments(some))) => {
            let own = person.department_id.clone().filter(|own| some.contains(own))?;
            Some(Some(own))
        }
        _ => None,
    }
}

/// The fields that differ, before and after.
pub(crate) fn difference(
    before: &CustomerDraft,
    after: &CustomerDraft,
) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    let bug = |error: serde_json::Error| Error::Bug(error.to_string());
    let (before, after) = (serde_json::to_value(before).map_err(bug)?, serde_json::to_value(after).map_err(bug)?);
    let mut changed = serde_json::Map::new();
    for (field, value) in after.as_object().into_iter().flatten() {
        if before.get(field) != Some(value) {
            changed.insert(field.clone(), json!({"before": before.get(field), "after": value}));
        }
    }
    Ok(changed)
}
