//! Why a customer stands on today's worklist.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use db::{Db, Tx, audit};
use module::{Doing, Reason, ReasonSource};
use serde_json::json;

use crate::interaction::{self, InteractionId};
use crate::people::OPERATOR;
use crate::store::{touches, waiting};

const STEP_DUE: &str = "next_step_due";

/// A next step that is due, and silence beyond the rhythm agreed for the customer.
#[derive(Debug)]
pub struct CustomerReasons;

#[async_trait]
impl ReasonSource for CustomerReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        let mut all = Vec::new();
        for (step, whose) in waiting::steps_due(db.read(), actor, person).await? {
            let Some(promised) = step.step else { continue };
            all.push(Reason {
                customer: step.customer,
                person: whose,
                kind: STEP_DUE,
                mark: step.id,
                reason: Message::new("customer-reason-next_step_due").with("day", step.due),
                act: Message::new("customer-act-next_step").with("step", promised),
                evidence: promised_by(step.by.is_some(), step.by_name).with("day", Actor::day_of(step.happened_at)),
                evidence_href: String::new(),
                due: step.due,
            });
        }
        for silent in waiting::silent(db.read(), actor, person).await? {
            let Some(days) = silent.rhythm_days else { continue };
            let evidence = match silent.last_contact_at {
                Some(last) => Message::new("customer-evidence-last_contact").with("day", Actor::day_of(last)),
                None => Message::new("customer-evidence-never_contacted"),
            };
            all.push(Reason {
                customer: silent.customer,
                person: silent.owner,
                kind: "silent_beyond_rhythm",
                mark: silent.due.to_string(),
                reason: Message::new("customer-reason-silent").with("days", days),
                act: Message::new("customer-act-contact"),
                evidence,
                evidence_href: String::new(),
                due: silent.due,
            });
        }
        Ok(all)
    }

    async fn done(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        let Some(step) = promised(tx, reason).await? else { return Ok(()) };
        if touches::finish_step(tx, &step, actor.now).await? {
            let how = json!({"by": reason.interaction});
            audit::record(tx, actor, "interaction.step_finished", "interaction", &step.id, how).await?;
        }
        Ok(())
    }

    async fn undone(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        let Some(step) = promised(tx, reason).await? else { return Ok(()) };
        // The step was finished in the transaction that logged this, at its moment.
        let logged = touches::get(tx, &InteractionId(reason.interaction.into())).await?;
        if touches::reopen_step(tx, &step, logged.created_at).await? {
            let how = json!({"by": reason.interaction});
            audit::record(tx, actor, "interaction.step_opened_again", "interaction", &step.id, how).await?;
        }
        Ok(())
    }
}

/// What came from a file without a name in it was logged by the program.
fn promised_by(somebody: bool, name: String) -> Message {
    match !somebody && name == OPERATOR {
        true => Message::new("customer-evidence-next_step_imported"),
        false => Message::new("customer-evidence-next_step").with("who", name),
    }
}

/// The interaction whose next step is the reason.
async fn promised(tx: &Tx, reason: &Doing<'_>) -> Result<Option<interaction::Model>, Error> {
    if reason.kind != STEP_DUE {
        return Ok(None);
    }
    match touches::get(tx, &InteractionId(reason.mark.into())).await {
        Ok(step) if step.customer_id == *reason.customer => Ok(Some(step)),
        // Taken back meanwhile: nothing is left to finish.
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
