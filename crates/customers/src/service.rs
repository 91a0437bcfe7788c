//! One method per business verb.

use base::{Actor, CustomerId, DepartmentId, Error, Event, Message, Page, PageSize, Permission, Scope, UserId};
use db::{Db, Tx, audit, outbox};
use serde_json::json;

use crate::assess::{Assessed, assess};
use crate::customer::{Model, Stage};
use crate::forms::{CustomerDraft, InteractionDraft};
use crate::interaction::{self, InteractionId};
use crate::rules::{self, Refusal};
use crate::store::{self, Filter, touches};
use crate::{address, assessment, people};

#[derive(Clone, Debug)]
pub struct Customers {
    db: Db,
}

/// A customer with what belongs to its file.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CustomerFile {
    #[serde(flatten)]
    pub customer: Model,
    pub tags: Vec<String>,
    pub addresses: Vec<address::Model>,
    pub assessments: Vec<assessment::Model>,
}

impl Customers {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(&self, actor: &Actor, filter: &Filter, size: PageSize) -> Result<Page<Model>, Error> {
        actor.require(crate::VIEW)?;
        store::list(self.db.read(), actor, filter, size).await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn count(&self, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
        actor.require(crate::VIEW)?;
        store::count(self.db.read(), actor, filter).await
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's scope.
    pub async fn file(&self, actor: &Actor, id: &CustomerId) -> Result<CustomerFile, Error> {
        actor.require(crate::VIEW)?;
        let db = self.db.read();
        Ok(CustomerFile {
            customer: store::get(db, actor, crate::VIEW, id).await?,
            tags: store::tags_of(db, id).await?,
            addresses: store::addresses_of(db, id).await?,
            assessments: store::assessments_of(db, id).await?,
        })
    }

    /// For imports: exact name or credit code.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn find_by_name_or_code(&self, actor: &Actor, text: &str) -> Result<Vec<Model>, Error> {
        actor.require(crate::VIEW)?;
        store::by_name_or_code(self.db.read(), actor, text).await
    }

    /// # Errors
    /// `Invalid` field by field, `Refused` when the code is taken or the owner out of reach.
    pub async fn create(&self, actor: &Actor, draft: CustomerDraft) -> Result<Model, Error> {
        actor.require(crate::CREATE)?;
        let tx = self.db.begin().await?;
        let customer = create_in(&tx, actor, draft).await?;
        self.db.commit(tx).await?;
        Ok(customer)
    }

    /// # Errors
    /// `Conflict` when somebody changed the customer since `version`; `Invalid`, `Refused` and `NotFound` as usual.
    pub async fn change(
        &self,
        actor: &Actor,
        id: &CustomerId,
        version: i64,
        draft: CustomerDraft,
    ) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db.begin().await?;
        let before = store::get(&tx, actor, crate::EDIT, id).await?;
        let draft = rules::checked(draft).map_err(Error::Invalid)?;
        refuse_taken_code(&tx, &draft, Some(id)).await?;
        let department = match draft.owner_id == before.owner_id {
            true => before.department_id.clone(),
            false => department_for(&tx, actor, crate::EDIT, draft.owner_id.as_ref()).await?,
        };
        let after = Model { updated_at: actor.now, department_id: department, ..filled(before.clone(), &draft) };
        store::save(&tx, &after, version).await?;
        store::replace_parts(&tx, id, &draft.tags, addresses(id, &draft)).await?;
        let detail = difference(&before, &after)?;
        audit::record(&tx, actor, "customer.changed", "customer", id.as_str(), detail).await?;
        outbox::add(&tx, actor.now, Event::new("customers.changed", json!({"customer": id}))).await?;
        self.db.commit(tx).await
    }

    /// # Errors
    /// `Refused` for a stage that shipments decide or without a reason.
    pub async fn set_stage_by_hand(
        &self,
        actor: &Actor,
        id: &CustomerId,
        stage: Stage,
        reason: &str,
    ) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        rules::stage_by_hand(stage, reason).map_err(Error::refused)?;
        let tx = self.db.begin().await?;
        let before = store::get(&tx, actor, crate::EDIT, id).await?;
        let why = Message::new("customer-stage-by_hand").with("who", &actor.name).with("reason", reason.trim());
        let found = Assessed {
            kind: "stage",
            value: stage.word().into(),
            score: None,
            reasons: vec![why],
            as_of: actor.today(),
            review_on: None,
        };
        assess(&tx, actor, id, found).await?;
        let detail = json!({"before": before.stage, "after": stage, "reason": reason.trim()});
        audit::record(&tx, actor, "customer.stage_set", "customer", id.as_str(), detail).await?;
        self.db.commit(tx).await
    }

    /// # Errors
    /// `Invalid` without text, or without a next step that is not explicitly none.
    pub async fn log(&self, actor: &Actor, id: &CustomerId, draft: InteractionDraft) -> Result<InteractionId, Error> {
        actor.require(crate::LOG)?;
        let tx = self.db.begin().await?;
        let logged = log_in(&tx, actor, id, draft).await?;
        self.db.commit(tx).await?;
        Ok(logged)
    }

    /// # Errors
    /// `Refused` when there is no open next step.
    pub async fn finish_next_step(&self, actor: &Actor, id: &InteractionId) -> Result<CustomerId, Error> {
        actor.require(crate::LOG)?;
        let tx = self.db.begin().await?;
        let interaction = touches::get(&tx, id).await?;
        store::get(&tx, actor, crate::LOG, &interaction.customer_id).await?;
        if !touches::finish_step(&tx, &interaction, actor.now).await? {
            return Err(Error::refused(Refusal::NoOpenStep));
        }
        audit::record(&tx, actor, "interaction.step_finished", "interaction", id.as_str(), json!({})).await?;
        self.db.commit(tx).await?;
        Ok(interaction.customer_id)
    }

    /// Those whom the actor may make owner: himself, or more by his scope.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn possible_owners(&self, actor: &Actor, permission: Permission) -> Result<Vec<people::Model>, Error> {
        let all = store::possible_owners(self.db.read()).await?;
        let scope = actor.scope(permission).unwrap_or_default();
        let reached = |person: &people::Model| match &scope {
            Scope::All => true,
            Scope::Departments(some) => person.department_id.as_ref().is_some_and(|own| some.contains(own)),
            Scope::Own => actor.user_id().is_some_and(|own| own.as_str() == person.id),
        };
        Ok(all.into_iter().filter(reached).collect())
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn names_of(&self, ids: Vec<UserId>) -> Result<std::collections::BTreeMap<UserId, String>, Error> {
        let people = store::people(self.db.read(), ids).await?;
        Ok(people.into_iter().map(|person| (UserId(person.id), person.name)).collect())
    }
}

/// Creates a customer in an open transaction, for imports.
///
/// # Errors
/// As `Customers::create`.
pub async fn create_in(tx: &Tx, actor: &Actor, draft: CustomerDraft) -> Result<Model, Error> {
    let mut draft = rules::checked(draft).map_err(Error::Invalid)?;
    if draft.owner_id.is_none() && actor.scope(crate::CREATE) == Some(Scope::Own) {
        draft.owner_id = actor.user_id().cloned();
    }
    refuse_taken_code(tx, &draft, None).await?;
    let department_id = department_for(tx, actor, crate::CREATE, draft.owner_id.as_ref()).await?;
    let id = CustomerId::new(actor.now);
    let empty = Model {
        id: id.to_string(),
        name: String::new(),
        name_key: String::new(),
        search_key: String::new(),
        short_name: String::new(),
        former_names: json!([]),
        english_name: String::new(),
        credit_code: None,
        industry: String::new(),
        size: None,
        relation_type: draft.relation_type,
        source: String::new(),
        stage: Stage::NonCustomer,
        stage_since: None,
        stage_reason: json!([]),
        stage_review_on: None,
        owner_id: None,
        department_id,
        rhythm_days: None,
        last_contact_at: None,
        last_contact_order: 0,
        contact_due_on: None,
        notes: String::new(),
        created_at: actor.now,
        created_by: actor.name.clone(),
        updated_at: actor.now,
        version: 1,
    };
    let customer = filled(empty, &draft);
    store::insert(tx, &customer).await?;
    store::replace_parts(tx, &id, &draft.tags, addresses(&id, &draft)).await?;
    audit::record(tx, actor, "customer.created", "customer", id.as_str(), json!({"name": customer.name})).await?;
    outbox::add(tx, actor.now, Event::new("customers.created", json!({"customer": id}))).await?;
    Ok(customer)
}

/// Logs an interaction in an open transaction, for imports.
///
/// # Errors
/// As `Customers::log`.
pub async fn log_in(tx: &Tx, actor: &Actor, id: &CustomerId, draft: InteractionDraft) -> Result<InteractionId, Error> {
    let customer = store::get(tx, actor, crate::LOG, id).await?;
    rules::checked_interaction(&draft, actor.now).map_err(Error::Invalid)?;
    let happened_at = draft.happened_at.unwrap_or(actor.now);
    let step = Some(draft.next_step.trim().to_owned()).filter(|step| !step.is_empty());
    let (source, source_key) = draft.origin.clone().unzip();
    let row = interaction::Model {
        id: InteractionId::new(actor.now).0,
        customer_id: id.clone(),
        kind: draft.kind,
        direction: draft.direction,
        happened_at,
        outcome: draft.outcome,
        mood: draft.mood,
        text: draft.text.trim().into(),
        next_step_by: step.as_ref().and_then(|_| draft.next_step_by.or_else(|| actor.user_id().cloned())),
        next_step: step,
        next_step_on: draft.next_step_on,
        next_step_done_at: None,
        no_next_step: draft.no_next_step,
        by_id: actor.user_id().cloned(),
        by_name: actor.name.clone(),
        created_at: actor.now,
        version: 1,
        source,
        source_key,
    };
    touches::insert(tx, &row, &draft.shipments).await?;
    if rules::is_contact(draft.outcome) && customer.last_contact_at.is_none_or(|last| last < happened_at) {
        store::save_contact(
            tx,
            &Model {
                last_contact_at: Some(happened_at),
                last_contact_order: happened_at.timestamp_micros(),
                contact_due_on: rules::contact_due_on(customer.rhythm_days, Some(happened_at), customer.created_at),
                ..customer
            },
        )
        .await?;
    }
    let told = json!({"customer": id, "interaction": row.id, "kind": row.kind, "direction": row.direction});
    audit::record(tx, actor, "interaction.logged", "interaction", &row.id, told.clone()).await?;
    outbox::add(tx, actor.now, Event::new("customers.interaction_logged", told)).await?;
    Ok(InteractionId(row.id))
}

fn filled(customer: Model, draft: &CustomerDraft) -> Model {
    Model {
        name: draft.name.clone(),
        name_key: rules::name_key(&draft.name),
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

fn addresses(id: &CustomerId, draft: &CustomerDraft) -> Vec<address::Model> {
    let numbered = (1..).zip(&draft.addresses);
    numbered
        .map(|(no, address)| address::Model {
            customer_id: id.to_string(),
            no,
            kind: address.kind,
            country: address.country.trim().into(),
            province: address.province.trim().into(),
            city: address.city.trim().into(),
            line: address.line.trim().into(),
        })
        .collect()
}

async fn refuse_taken_code(tx: &Tx, draft: &CustomerDraft, but: Option<&CustomerId>) -> Result<(), Error> {
    if !draft.credit_code.is_empty() && store::code_taken(tx, &draft.credit_code, but).await? {
        let taken = base::Refusal::message(&Refusal::CreditCodeTaken);
        return Err(Error::invalid("credit_code", taken));
    }
    Ok(())
}

/// The department that sees the customer: its owner's.
async fn department_for(
    tx: &Tx,
    actor: &Actor,
    permission: Permission,
    owner: Option<&UserId>,
) -> Result<Option<DepartmentId>, Error> {
    if owner.is_none() && actor.scope(permission) == Some(Scope::Own) {
        return Err(Error::invalid("owner_id", base::Refusal::message(&Refusal::OwnerOutOfReach)));
    }
    let Some(owner) = owner.filter(|owner| actor.user_id() != Some(owner)) else {
        return Ok(actor.department.clone());
    };
    let department = store::people(tx, vec![owner.clone()]).await?.pop().map(|person| person.department_id);
    let reached = match (&department, actor.scope(permission)) {
        (Some(_), Some(Scope::All)) => true,
        (Some(Some(own)), Some(Scope::Departments(some))) => some.contains(own),
        _ => false,
    };
    match reached {
        true => Ok(department.flatten()),
        false => Err(Error::invalid("owner_id", base::Refusal::message(&Refusal::OwnerOutOfReach))),
    }
}

/// The fields that differ, before and after.
fn difference(before: &Model, after: &Model) -> Result<serde_json::Value, Error> {
    let bug = |error: serde_json::Error| Error::Bug(error.to_string());
    let (before, after) = (serde_json::to_value(before).map_err(bug)?, serde_json::to_value(after).map_err(bug)?);
    let mut changed = serde_json::Map::new();
    for (field, value) in after.as_object().into_iter().flatten() {
        if before.get(field) != Some(value) && field != "updated_at" {
            changed.insert(field.clone(), json!({"before": before.get(field), "after": value}));
        }
    }
    Ok(changed.into())
}
