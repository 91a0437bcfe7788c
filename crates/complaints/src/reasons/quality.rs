//! Quality events on the worklist of whoever owns them; those that nobody owns, on that of whoever oversees complaints.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Message, UserId};
use db::Db;
use module::{Reason, ReasonSource};

use crate::quality_event::{Model, QualityStatus};
use crate::store::quality_events as store;
use crate::{HANDLE, OVERSEE};

/// Something keeps going wrong: what is to be done about it is missing, or is due.
#[derive(Debug)]
pub struct QualityReasons;

#[async_trait]
impl ReasonSource for QualityReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        let read = db.read();
        let mut events = match actor.has(HANDLE) {
            true => store::open(read, actor, HANDLE, person).await?,
            false => Vec::new(),
        };
        if actor.has(OVERSEE) && person.is_some_and(|person| actor.user_id() == Some(person)) {
            events.extend(store::unowned(read, actor, OVERSEE).await?);
        }
        events.retain(|event| event.correction.is_empty() || event.correction_due <= actor.today());
        let mut all = Vec::new();
        for event in events {
            // The worklist speaks of customers: this one complained last.
            let last = store::complaints_of(read, actor, &event.id).await?.into_iter().next();
            if let Some(last) = last {
                let person = event.owner_id.clone().or_else(|| person.cloned());
                all.push(reason(&event, last.customer_id, person, actor));
            }
        }
        Ok(all)
    }
}

fn reason(event: &Model, customer: CustomerId, person: Option<UserId>, actor: &Actor) -> Reason {
    debug_assert_eq!(event.status, QualityStatus::Open, "closed ones are nobody's work");
    let planned = !event.correction.is_empty();
    let (reason, act, due) = match planned {
        false => ("quality_event-reason-new", "quality_event-reason-act_plan", actor.today()),
        true => ("quality_event-reason-due", "quality_event-reason-act_close", event.correction_due),
    };
    Reason {
        customer,
        person,
        kind: "quality_event",
        // Planned is another piece of work than closed.
        mark: format!("{} {}", event.id, if planned { event.correction_due.to_string() } else { String::new() }),
        reason: Message::new(reason).with("cause", event.cause).with("due", event.correction_due),
        act: Message::new(act),
        evidence: Message::new("quality_event-reason-evidence").with("day", Actor::day_of(event.opened_at)),
        evidence_href: format!("/complaints/quality-events/{}", event.id),
        due,
    }
}
