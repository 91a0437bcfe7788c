//! Whom to ask today.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use db::{Db, Tx};
use module::{Doing, Reason, ReasonSource};

use crate::follow_up::{FollowUpId, Kind, Model, Status};
use crate::store::ToDo;
use crate::{VIEW, service, store};

const DUE: &str = "follow_up_due";
/// Its mark is the day of the first shipment.
const FIRST_WEEK: &str = "first_week";

/// Follow-ups that are due, and new customers' first weeks.
#[derive(Debug)]
pub struct FollowUpReasons;

#[async_trait]
impl ReasonSource for FollowUpReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        Ok(store::to_do(db.read(), actor, person).await?.into_iter().map(reason).collect())
    }

    async fn done(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        let Some(follow_up) = meant(tx, actor, reason).await? else { return Ok(()) };
        if follow_up.status != Status::Planned {
            return Ok(());
        }
        match store::interaction(tx, reason.interaction).await? {
            Some(said) => service::done_with(tx, actor, follow_up, said).await,
            None => Ok(()),
        }
    }

    async fn undone(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        match meant(tx, actor, reason).await? {
            Some(follow_up) if follow_up.interaction_id.as_deref() == Some(reason.interaction) => {
                service::open_again(tx, actor, follow_up).await
            }
            _ => Ok(()),
        }
    }
}

async fn meant(tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<Option<Model>, Error> {
    let found = match reason.kind {
        FIRST_WEEK => return store::first_week_of(tx, reason.customer, reason.mark).await,
        DUE => store::get(tx, actor, VIEW, &FollowUpId(reason.mark.into())).await,
        _ => return Ok(None),
    };
    match found {
        Ok(follow_up) if follow_up.customer_id == *reason.customer => Ok(Some(follow_up)),
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn reason(to_do: ToDo) -> Reason {
    let (kind, why, act) = match to_do.kind {
        Kind::FirstWeek => (FIRST_WEEK, "follow_up-reason-first_week", "follow_up-act-first_week"),
        Kind::AfterResolution => (DUE, "follow_up-reason-after_resolution", "follow_up-act-after_resolution"),
        Kind::Revisit => (DUE, "follow_up-reason-revisit", "follow_up-act-revisit"),
    };
    let why = match to_do.kind {
        Kind::FirstWeek => Message::new(why).with("on", &to_do.object_id),
        _ => Message::new(why),
    };
    Reason {
        evidence_href: format!("/follow-ups/{}", to_do.id),
        mark: if to_do.kind == Kind::FirstWeek { to_do.object_id } else { to_do.id.0 },
        customer: to_do.customer,
        person: to_do.person.or(to_do.owner),
        kind,
        reason: why,
        act: Message::new(act),
        evidence: Message::new("follow_up-evidence").with("on", to_do.planned_on).with("latest", to_do.latest_on),
        due: to_do.planned_on,
    }
}
