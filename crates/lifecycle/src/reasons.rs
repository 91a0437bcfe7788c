//! A new customer's first week.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use chrono::Days;
use db::Db;
use module::{Reason, ReasonSource};

use crate::store::{self, NewCustomer};

/// The days after the first shipment by which a new customer has been asked how it went.
const ASK_WITHIN: u64 = 7;
/// The days after the first shipment for which asking still makes sense.
const ASK_UNTIL: u64 = 30;

/// Whoever shipped for the first time is asked how it went, within his first week.
#[derive(Debug)]
pub struct FirstWeek;

#[async_trait]
impl ReasonSource for FirstWeek {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(shipments::VIEW) {
            return Ok(Vec::new());
        }
        let today = actor.today();
        let from = today.checked_sub_days(Days::new(ASK_UNTIL)).unwrap_or(today);
        let new = store::new_customers(db.read(), actor, person, from, today).await?;
        Ok(new.into_iter().map(reason).collect())
    }
}

fn reason(new: NewCustomer) -> Reason {
    let first = new.first_shipped_on;
    Reason {
        evidence_href: format!("/shipments?customer={}", new.id),
        customer: new.id,
        person: new.owner,
        kind: "first_week",
        mark: first.to_string(),
        reason: Message::new("lifecycle-first_week").with("on", first),
        act: Message::new("lifecycle-first_week-act"),
        evidence: Message::new("lifecycle-first_week-evidence").with("shipments", new.shipments),
        due: first.checked_add_days(Days::new(ASK_WITHIN)).unwrap_or(first),
    }
}
