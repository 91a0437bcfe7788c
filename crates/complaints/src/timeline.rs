//! Complaints on the customer's timeline: when he complained, and when it was closed.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::Texts;

use crate::complaint::Model;
use crate::store;
use crate::views::excerpt;

/// Characters of the customer's words.
const WORDS: usize = 120;

#[derive(Debug)]
pub struct ComplaintTimeline;

#[async_trait]
impl TimelineSource for ComplaintTimeline {
    async fn before(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        before: Instant,
        rows: u64,
    ) -> Result<Vec<TimelineRow>, Error> {
        if !store::reaches(db.read(), actor, customer).await? {
            return Ok(Vec::new());
        }
        let complaints = store::received_before(db.read(), customer, before, rows).await?;
        Ok(complaints.into_iter().map(|complaint| row(actor, texts, complaint)).collect())
    }
}

fn row(actor: &Actor, texts: &Texts, complaint: Model) -> TimelineRow {
    let say = |key: &str| texts.get(actor.language, key);
    let head = [say("complaint-one"), say(complaint.category.key()), say(complaint.status.key())];
    TimelineRow {
        at: complaint.received_at,
        kind: head.join(" · "),
        icon: "complaint",
        who: texts.who(actor.language, &complaint.created_by),
        text: format!("{} {}", complaint.number, excerpt(&complaint.words, WORDS)),
        href: format!("/complaints/{}", complaint.id),
        id: complaint.id.0,
    }
}
