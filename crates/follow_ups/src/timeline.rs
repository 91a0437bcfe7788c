//! What the customer answered, and what he was not asked, on his timeline.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::Texts;

use crate::follow_up::{Model, Status};
use crate::{VIEW, store};

#[derive(Debug)]
pub struct FollowUpTimeline;

#[async_trait]
impl TimelineSource for FollowUpTimeline {
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
        let over = store::of_customer(db.read(), actor, customer, before, rows).await?;
        Ok(over.into_iter().filter_map(|follow_up| row(actor, texts, follow_up)).collect())
    }
}

fn row(actor: &Actor, texts: &Texts, follow_up: Model) -> Option<TimelineRow> {
    let say = |key: &str| texts.get(actor.language, key);
    let points = |points: i64| texts.with(actor.language, "follow_up-points", &[("points", points.to_string())]);
    let mut head = vec![say("follow_up-one"), say(follow_up.kind.key()), say(follow_up.status.key())];
    head.extend(follow_up.satisfied.map(points));
    Some(TimelineRow {
        at: follow_up.done_at?,
        kind: head.join(" · "),
        icon: "phone",
        who: texts.who(actor.language, &follow_up.done_by),
        text: match follow_up.status {
            Status::Skipped => follow_up.skip_reason,
            _ => follow_up.result,
        },
        href: format!("/follow-ups/{}", follow_up.id),
        id: follow_up.id.0,
    })
}
