//! Why a customer stands on today's worklist.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use db::Db;
use module::{Reason, ReasonSource};

use crate::store::{self, touches};

/// A next step that is due, and silence beyond the rhythm agreed for the customer.
#[derive(Debug)]
pub struct CustomerReasons;

#[async_trait]
impl ReasonSource for CustomerReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        let mut all = Vec::new();
        for step in touches::steps_due(db.read(), actor, person).await? {
            let (Some(promised), Some(due)) = (step.next_step, step.next_step_on) else { continue };
            all.push(Reason {
                customer: step.customer_id,
                person: step.next_step_by,
                kind: "next_step_due",
                mark: step.id,
                reason: Message::new("customer-reason-next_step_due").with("day", due),
                act: Message::new("customer-act-next_step").with("step", promised),
                evidence: Message::new("customer-evidence-next_step")
                    .with("who", step.by_name)
                    .with("day", Actor::day_of(step.happened_at)),
                evidence_href: String::new(),
                due,
            });
        }
        for customer in store::silent(db.read(), actor, person).await? {
            let (Some(due), Some(days)) = (customer.contact_due_on, customer.rhythm_days) else { continue };
            let evidence = match customer.last_contact_at {
                Some(last) => Message::new("customer-evidence-last_contact").with("day", Actor::day_of(last)),
                None => Message::new("customer-evidence-never_contacted"),
            };
            all.push(Reason {
                customer: customer.customer_id(),
                person: customer.owner_id,
                kind: "silent_beyond_rhythm",
                mark: due.to_string(),
                reason: Message::new("customer-reason-silent").with("days", days),
                act: Message::new("customer-act-contact"),
                evidence,
                evidence_href: String::new(),
                due,
            });
        }
        Ok(all)
    }
}
