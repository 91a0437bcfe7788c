//! Interactions on the customer's timeline.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};

use crate::store::touches;

#[derive(Debug)]
pub struct InteractionTimeline;

#[async_trait]
impl TimelineSource for InteractionTimeline {
    async fn before(
        &self,
        db: &Db,
        actor: &Actor,
        texts: &texts::Texts,
        customer: &CustomerId,
        before: Instant,
        rows: u64,
    ) -> Result<Vec<TimelineRow>, Error> {
        let interactions = touches::before(db.read(), customer, before, rows).await?;
        let row = |interaction: crate::interaction::Model| TimelineRow {
            at: interaction.happened_at,
            id: interaction.id,
            kind: texts.get(actor.language, interaction.kind.key()),
            icon: interaction.kind.icon(),
            who: interaction.by_name,
            text: interaction.text,
            href: String::new(),
        };
        Ok(interactions.into_iter().map(row).collect())
    }
}
