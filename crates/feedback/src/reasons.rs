//! What was answered and not yet told.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use db::{Db, Tx};
use module::{Doing, Reason, ReasonSource};

use crate::note::{NoteId, Status};
use crate::store::Untold;
use crate::{VIEW, service, store};

const UNTOLD: &str = "feedback_untold";

/// Whoever said something is told what came of it, by the owner.
#[derive(Debug)]
pub struct AnsweredFeedback;

#[async_trait]
impl ReasonSource for AnsweredFeedback {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        Ok(store::untold(db.read(), actor, person).await?.into_iter().map(reason).collect())
    }

    async fn done(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        let Some(note) = meant(tx, actor, reason).await? else { return Ok(()) };
        match note.status {
            Status::Answered => {
                let note = service::told_by(note, actor, reason.interaction);
                service::save(tx, actor, &note, "feedback.told").await
            }
            _ => Ok(()),
        }
    }

    async fn undone(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        let Some(mut note) = meant(tx, actor, reason).await? else { return Ok(()) };
        if note.interaction_id.as_deref() != Some(reason.interaction) {
            return Ok(());
        }
        note.status = Status::Answered;
        (note.told_at, note.told_by, note.interaction_id) = (None, String::new(), None);
        service::save(tx, actor, &note, "feedback.untold").await
    }
}

async fn meant(tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<Option<crate::note::Model>, Error> {
    if reason.kind != UNTOLD {
        return Ok(None);
    }
    match store::get(tx, actor, VIEW, &NoteId(reason.mark.into())).await {
        Ok(note) if note.customer_id.as_ref() == Some(reason.customer) => Ok(Some(note)),
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn reason(untold: Untold) -> Reason {
    let answered = Actor::day_of(untold.answered_at);
    Reason {
        evidence_href: format!("/feedback/{}", untold.id),
        customer: untold.customer,
        person: untold.owner,
        kind: UNTOLD,
        mark: untold.id,
        reason: Message::new("feedback-reason-untold").with("words", shortened(&untold.words)),
        act: Message::new("feedback-act-tell"),
        evidence: Message::new("feedback-evidence-untold")
            .with("who", untold.answered_by)
            .with("answer", shortened(&untold.answer)),
        due: answered.succ_opt().unwrap_or(answered),
    }
}

/// What fits into a row of a list.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().nth(MOST) {
        Some(_) => line.chars().take(MOST).chain(['…']).collect(),
        None => line,
    }
}
