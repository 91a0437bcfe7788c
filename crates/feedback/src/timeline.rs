//! What the customer said, on his timeline.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::Texts;

use crate::note::Model;
use crate::{VIEW, store};

#[derive(Debug)]
pub struct FeedbackTimeline;

#[async_trait]
impl TimelineSource for FeedbackTimeline {
    async fn before(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        before: Instant,
        rows: u64,
    ) -> Result<Vec<TimelineRow>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        let notes = store::of_customer(db.read(), actor, customer, before, rows).await?;
        Ok(notes.into_iter().map(|note| row(actor, texts, note)).collect())
    }
}

fn row(actor: &Actor, texts: &Texts, note: Model) -> TimelineRow {
    let status = texts.get(actor.language, note.status.key());
    TimelineRow {
        at: note.logged_at,
        kind: texts.get(actor.language, "feedback-one"),
        icon: "message",
        who: note.logged_by,
        text: texts.with(actor.language, "feedback-timeline", &[("words", note.words), ("status", status)]),
        href: format!("/feedback/{}", note.id),
        id: note.id,
    }
}
