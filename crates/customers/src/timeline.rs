//! Interactions on the customer's timeline.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::Texts;

use crate::interaction::{Model, Mood, Outcome};
use crate::store::touches;

#[derive(Debug)]
pub struct InteractionTimeline;

#[async_trait]
impl TimelineSource for InteractionTimeline {
    async fn before(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &Texts,
        customer: &CustomerId,
        before: Instant,
        rows: u64,
    ) -> Result<Vec<TimelineRow>, Error> {
        let interactions = touches::before(db.read(), customer, before, rows).await?;
        Ok(interactions.into_iter().map(|interaction| row(actor, texts, interaction)).collect())
    }
}

/// How it was, how it went and how the customer felt in one line; what was said, and what follows, below.
fn row(actor: &Actor, texts: &Texts, interaction: Model) -> TimelineRow {
    let say = |key: &str| texts.get(actor.language, key);
    let head = [Some(interaction.kind.key()), interaction.outcome.map(Outcome::key), interaction.mood.map(Mood::key)];
    let mut text = interaction.text;
    if let (Some(step), Some(day)) = (interaction.next_step, interaction.next_step_on) {
        let key = match interaction.next_step_done_at {
            Some(_) => "customer-timeline_step_done",
            None => "customer-timeline_step",
        };
        let day = texts::format::day(day);
        text = format!("{text}\n{}", texts.with(actor.language, key, &[("step", &step), ("day", &day)]));
    }
    TimelineRow {
        at: interaction.happened_at,
        id: interaction.id,
        kind: head.into_iter().flatten().map(say).collect::<Vec<_>>().join(" · "),
        icon: interaction.kind.icon(),
        who: texts.who(actor.language, &interaction.by_name),
        text,
        href: String::new(),
    }
}
