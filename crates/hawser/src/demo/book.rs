//! The customers of the textbook case, as `demo/demo.toml` tells them.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Error, UserId};
use chrono::Duration;
use customers::address::AddressKind;
use customers::consent::{Basis, ConsentAnswer, Purpose};
use customers::contact::Channel;
use customers::contacts::forms::{ConsentDraft, ContactDraft};
use customers::contacts::{create_contact_in, record_consent_in, verify_contact_in};
use customers::customer::Stage;
use customers::forms::{AddressDraft, Author, CustomerDraft, InteractionDraft};
use customers::interaction::{Direction, InteractionKind, Mood, Outcome};
use db::Tx;
use serde::Deserialize;

use super::freight::Lane;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    pub name: String,
    #[serde(default)]
    pub short_name: String,
    #[serde(default)]
    pub english_name: String,
    #[serde(default)]
    pub credit_code: String,
    pub industry: String,
    pub city: String,
    /// Login of the salesperson; customers that nobody owns are a manager's exception.
    pub owner: Option<String>,
    pub rhythm_days: Option<i64>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub notes: String,
    #[serde(default)]
    pub contacts: Vec<ContactDraft>,
    /// Names of the contacts whose facts somebody has verified.
    #[serde(default)]
    pub verified: Vec<String>,
    #[serde(default)]
    pub consents: Vec<Consent>,
    #[serde(default)]
    pub interactions: Vec<Interaction>,
    #[serde(default)]
    pub lanes: Vec<Lane>,
    /// Given by hand, with the reason.
    pub stage: Option<(Stage, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interaction {
    pub days_ago: i64,
    pub kind: InteractionKind,
    pub mood: Mood,
    pub text: String,
    pub next_step: Option<String>,
    pub next_in_days: Option<i64>,
    /// Login of whoever promised it, when it is not the owner.
    pub next_by: Option<String>,
}

/// What the contact of this name said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub name: String,
    pub purpose: Purpose,
    pub answer: ConsentAnswer,
    pub basis: Option<Basis>,
    pub channel: Channel,
    #[serde(default)]
    pub evidence: String,
}

/// Who the customers belong to, by login.
pub type Owners = BTreeMap<String, (UserId, String)>;

/// Writes a customer with what was said with him.
///
/// # Errors
/// When the database refuses; a broken `demo.toml` is our mistake.
pub async fn write(tx: &Tx, actor: &Actor, owners: &Owners, customer: &Customer) -> Result<CustomerId, Error> {
    let owner = customer.owner.as_ref().and_then(|login| owners.get(login));
    let draft = CustomerDraft {
        short_name: customer.short_name.clone(),
        english_name: customer.english_name.clone(),
        credit_code: customer.credit_code.clone(),
        industry: customer.industry.clone(),
        owner_id: owner.map(|(id, _)| id.clone()),
        rhythm_days: customer.rhythm_days,
        notes: customer.notes.clone(),
        tags: customer.tags.clone(),
        addresses: vec![AddressDraft {
            kind: AddressKind::Office,
            country: "中国".into(),
            province: String::new(),
            city: customer.city.clone(),
            line: String::new(),
        }],
        ..CustomerDraft::named(&customer.name)
    };
    let id = customers::create_in(tx, actor, draft).await?.customer_id();
    contacts(tx, actor, &id, customer).await?;
    for said in &customer.interactions {
        let happened_at = actor.now - Duration::days(said.days_ago);
        let by = said.next_by.as_ref().and_then(|login| owners.get(login));
        let next_step = said.next_step.clone().unwrap_or_default();
        let draft = InteractionDraft {
            kind: said.kind,
            direction: Direction::Outgoing,
            happened_at: Some(happened_at),
            outcome: Some(Outcome::Reached),
            mood: Some(said.mood),
            text: said.text.clone(),
            no_next_step: next_step.is_empty(),
            next_step_on: said.next_in_days.map(|days| actor.today() + Duration::days(days)),
            next_step,
            next_step_by: by.or(owner).map(|(id, _)| id.clone()),
            shipments: Vec::new(),
            origin: None,
            author: owner.map(|(id, name)| Author { name: name.clone(), id: Some(id.clone()) }),
        };
        customers::log_in(tx, actor, &id, draft).await?;
    }
    Ok(id)
}

async fn contacts(tx: &Tx, actor: &Actor, id: &CustomerId, customer: &Customer) -> Result<(), Error> {
    for draft in &customer.contacts {
        let contact = create_contact_in(tx, actor, id, draft.clone()).await?.contact_id();
        if customer.verified.contains(&draft.name) {
            verify_contact_in(tx, actor, &contact).await?;
        }
        for said in customer.consents.iter().filter(|said| said.name == draft.name) {
            let told = ConsentDraft {
                purpose: said.purpose,
                answer: said.answer,
                basis: said.basis,
                channel: said.channel,
                evidence: said.evidence.clone(),
            };
            record_consent_in(tx, actor, &contact, told).await?;
        }
    }
    Ok(())
}
