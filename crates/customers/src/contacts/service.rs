//! One method per business verb about contacts. Whoever sees a customer sees its contacts, masked; whoever may change
//! it may change them.

use base::{Actor, CustomerId, Error, Event};
use db::{Tx, audit, outbox};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::birthday::Birthday;
use super::change::{blank, difference, filled};
use super::forms::{ConsentDraft, ContactDraft, RoleDraft};
use super::rules::{self, Refusal};
use super::store;
use crate::contact::{ContactId, Model};
use crate::service::Customers;
use crate::store as customers;
use crate::{consent, contact_role};

/// What the audit calls it that somebody saw a contact's numbers.
const REVEALED: &str = "contact.revealed";

/// A contact with what belongs to it.
#[derive(Clone, Debug)]
pub struct ContactFile {
    pub contact: Model,
    pub roles: Vec<contact_role::Model>,
    /// What counts now, one of each purpose that was ever asked about.
    pub consents: Vec<consent::Model>,
}

/// What is masked elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RevealedContact)]
pub struct Revealed {
    pub mobile: String,
    pub phone: String,
    pub email: String,
    pub wechat: String,
    pub birthday: Option<Birthday>,
}

impl Customers {
    /// A customer's contacts by name; those who left the firm come last.
    ///
    /// # Errors
    /// `NotFound` when the customer is out of the actor's reach.
    pub async fn contacts(&self, actor: &Actor, id: &CustomerId) -> Result<Vec<ContactFile>, Error> {
        actor.require(crate::VIEW)?;
        let db = self.db().read();
        customers::get(db, actor, crate::VIEW, id).await?;
        let mut contacts = store::of_customer(db, id).await?;
        contacts.sort_by_key(|contact| contact.archived_at.is_some());
        self.files_of(contacts).await
    }

    /// # Errors
    /// `NotFound` when there is none or its customer is out of the actor's reach.
    pub async fn contact(&self, actor: &Actor, id: &ContactId) -> Result<ContactFile, Error> {
        let contact = self.seen(actor, id).await?;
        self.files_of(vec![contact]).await?.pop().ok_or(Error::NotFound)
    }

    async fn seen(&self, actor: &Actor, id: &ContactId) -> Result<Model, Error> {
        actor.require(crate::VIEW)?;
        let contact = store::get(self.db().read(), id).await?;
        customers::get(self.db().read(), actor, crate::VIEW, &contact.customer_id).await?;
        Ok(contact)
    }

    async fn files_of(&self, contacts: Vec<Model>) -> Result<Vec<ContactFile>, Error> {
        let db = self.db().read();
        let ids: Vec<String> = contacts.iter().map(|contact| contact.id.clone()).collect();
        let mut roles = store::roles_of(db, &ids).await?;
        let mut consents = store::consents_of(db, &ids).await?;
        let file = |contact: Model| ContactFile {
            roles: roles.remove(&contact.id).unwrap_or_default(),
            consents: consents.remove(&contact.id).unwrap_or_default(),
            contact,
        };
        Ok(contacts.into_iter().map(file).collect())
    }

    /// # Errors
    /// `Invalid` field by field; `Refused` when the customer has too many.
    pub async fn create_contact(&self, actor: &Actor, of: &CustomerId, draft: ContactDraft) -> Result<Model, Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db().begin().await?;
        let contact = create_contact_in(&tx, actor, of, draft).await?;
        self.db().commit(tx).await?;
        Ok(contact)
    }

    /// # Errors
    /// `Conflict` when somebody changed the contact since `version`; `Refused` when he has left the firm.
    pub async fn change_contact(
        &self,
        actor: &Actor,
        id: &ContactId,
        version: i64,
        draft: ContactDraft,
    ) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db().begin().await?;
        let before = held(&tx, actor, id).await?;
        if before.version != version {
            return Err(Error::Conflict);
        }
        there(&before)?;
        let draft = rules::checked(draft, Some(&before), actor.today()).map_err(Error::Invalid)?;
        let roles = store::roles_of(&tx, std::slice::from_ref(&before.id)).await?.remove(&before.id);
        let roles = roles.unwrap_or_default().iter().map(role_draft).collect::<Vec<_>>();
        let after = Model { updated_at: actor.now, ..filled(before.clone(), &draft) };
        let mut detail = difference(&before, &after);
        if roles != draft.roles {
            detail.insert("roles".into(), json!({"before": roles, "after": draft.roles}));
        }
        detail.insert("version".into(), json!({"before": version, "after": version + 1}));
        store::save(&tx, &after, version).await?;
        store::replace_roles(&tx, &after.id, &draft.roles).await?;
        tell(&tx, actor, "changed", &after, detail.into()).await?;
        self.db().commit(tx).await
    }

    /// Somebody made sure that everything about the contact is still so.
    ///
    /// # Errors
    /// `Refused` when he has left the firm.
    pub async fn verify_contact(&self, actor: &Actor, id: &ContactId) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db().begin().await?;
        verify_contact_in(&tx, actor, id).await?;
        self.db().commit(tx).await
    }

    /// The contact has left the firm. He stays on file, and can be brought back.
    ///
    /// # Errors
    /// `Refused` when he has left already.
    pub async fn archive_contact(&self, actor: &Actor, id: &ContactId) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db().begin().await?;
        let contact = held(&tx, actor, id).await?;
        there(&contact)?;
        let left = Model { archived_at: Some(actor.now), archived_by: actor.name.clone(), ..contact };
        store::save(&tx, &left, left.version).await?;
        tell(&tx, actor, "archived", &left, json!({})).await?;
        self.db().commit(tx).await
    }

    /// # Errors
    /// `Refused` when he never left.
    pub async fn restore_contact(&self, actor: &Actor, id: &ContactId) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db().begin().await?;
        let contact = held(&tx, actor, id).await?;
        if contact.archived_at.is_none() {
            return Err(Error::refused(Refusal::IsThere));
        }
        let back = Model { archived_at: None, archived_by: String::new(), ..contact };
        store::save(&tx, &back, back.version).await?;
        tell(&tx, actor, "restored", &back, json!({})).await?;
        self.db().commit(tx).await
    }

    /// Writes down what a contact said about one use of his data, also of one who has left: he may still withdraw.
    ///
    /// # Errors
    /// `Invalid` field by field.
    pub async fn record_consent(&self, actor: &Actor, id: &ContactId, draft: ConsentDraft) -> Result<(), Error> {
        actor.require(crate::EDIT)?;
        let tx = self.db().begin().await?;
        record_consent_in(&tx, actor, id, draft).await?;
        self.db().commit(tx).await
    }

    /// All that a contact ever said, newest first.
    ///
    /// # Errors
    /// `NotFound` as of the contact.
    pub async fn consents(&self, actor: &Actor, id: &ContactId) -> Result<Vec<consent::Model>, Error> {
        self.seen(actor, id).await?;
        store::told_by(self.db().read(), id).await
    }

    /// Shows what is masked. Each time is written down, and nobody sees it at will.
    ///
    /// # Errors
    /// `TooMany` for whoever has seen too many within the hour.
    pub async fn reveal_contact(&self, actor: &Actor, id: &ContactId) -> Result<Revealed, Error> {
        let contact = self.seen(actor, id).await?;
        let tx = self.db().begin().await?;
        let detail = json!({"contact": contact.id, "customer": contact.customer_id});
        match actor.user_id() {
            Some(person) => {
                store::hold_person(&tx, person).await?;
                crate::service::within_limit(&tx, actor, person, REVEALED).await?;
                audit::record(&tx, actor, REVEALED, "user", person.as_str(), detail).await?;
            }
            None => audit::record(&tx, actor, REVEALED, "contact", &contact.id, detail).await?,
        }
        self.db().commit(tx).await?;
        Ok(Revealed {
            birthday: contact.birthday(),
            mobile: contact.mobile,
            phone: contact.phone,
            email: contact.email,
            wechat: contact.wechat,
        })
    }

    /// What was done to a contact, newest first.
    pub(crate) async fn contact_history(&self, actor: &Actor, id: &ContactId) -> Result<Vec<audit::Model>, Error> {
        self.seen(actor, id).await?;
        store::history(self.db().read(), id).await
    }
}

/// Creates a contact in an open transaction, for the demo and imports.
///
/// # Errors
/// As `Customers::create_contact`.
pub async fn create_contact_in(tx: &Tx, actor: &Actor, of: &CustomerId, draft: ContactDraft) -> Result<Model, Error> {
    let customer = customers::hold(tx, actor, crate::EDIT, of).await?;
    let draft = rules::checked(draft, None, actor.today()).map_err(Error::Invalid)?;
    if store::count_of(tx, of).await? >= rules::MOST_OF_CUSTOMER {
        return Err(Error::refused(Refusal::TooManyContacts));
    }
    let contact = filled(blank(actor, customer.customer_id()), &draft);
    store::insert(tx, &contact).await?;
    store::replace_roles(tx, &contact.id, &draft.roles).await?;
    tell(tx, actor, "created", &contact, json!({"name": contact.name})).await?;
    Ok(contact)
}

/// Verifies a contact in an open transaction, for the demo and imports.
///
/// # Errors
/// As `Customers::verify_contact`.
pub async fn verify_contact_in(tx: &Tx, actor: &Actor, id: &ContactId) -> Result<(), Error> {
    let contact = held(tx, actor, id).await?;
    there(&contact)?;
    store::save_verified(tx, actor, &contact.id).await?;
    tell(tx, actor, "verified", &contact, json!({"before": contact.verified_at})).await
}

/// Records a consent in an open transaction, for the demo and imports.
///
/// # Errors
/// As `Customers::record_consent`.
pub async fn record_consent_in(tx: &Tx, actor: &Actor, id: &ContactId, draft: ConsentDraft) -> Result<(), Error> {
    let contact = held(tx, actor, id).await?;
    let last = store::last_told(tx, id, draft.purpose).await?;
    let draft = rules::checked_consent(draft, last.as_ref().map(|last| last.answer)).map_err(Error::Invalid)?;
    let row = consent::Model {
        contact_id: contact.id.clone(),
        purpose: draft.purpose,
        no: last.map_or(0, |last| last.no) + 1,
        answer: draft.answer,
        basis: draft.basis,
        channel: draft.channel,
        evidence: draft.evidence,
        recorded_at: actor.now,
        recorded_by: actor.name.clone(),
        recorded_by_id: actor.user_id().cloned(),
    };
    let detail = json!({"purpose": row.purpose, "answer": row.answer, "basis": row.basis, "no": row.no});
    store::add_consent(tx, row).await?;
    tell(tx, actor, "consent_recorded", &contact, detail).await
}

/// The contact as it is now, and nobody else writes it until the transaction ends.
async fn held(tx: &Tx, actor: &Actor, id: &ContactId) -> Result<Model, Error> {
    let contact = store::get(tx, id).await?;
    customers::hold(tx, actor, crate::EDIT, &contact.customer_id).await?;
    // Read again: whoever held the customer before may have changed it.
    store::get(tx, id).await
}

fn there(contact: &Model) -> Result<(), Error> {
    match contact.archived_at {
        None => Ok(()),
        Some(_) => Err(Error::refused(Refusal::HasLeft)),
    }
}

async fn tell(tx: &Tx, actor: &Actor, act: &str, contact: &Model, detail: Value) -> Result<(), Error> {
    audit::record(tx, actor, &format!("contact.{act}"), "contact", &contact.id, detail).await?;
    let who = json!({"customer": contact.customer_id, "contact": contact.id});
    outbox::add(tx, actor.now, Event::new(&format!("contacts.{act}"), who)).await
}

pub(super) fn role_draft(row: &contact_role::Model) -> RoleDraft {
    RoleDraft { role: row.role, origin: row.origin.clone(), destination: row.destination.clone() }
}
