//! Claims on the customer's timeline: what he asked for, what he was promised or refused, and what he was paid.

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::{Texts, format};

use crate::claim::Model;
use crate::{entry, store};

#[derive(Debug)]
pub struct ClaimTimeline;

#[async_trait]
impl TimelineSource for ClaimTimeline {
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
        let told = store::told_before(db.read(), customer, before, rows).await?;
        Ok(told.into_iter().map(|(line, claim)| row(actor, texts, &line, &claim)).collect())
    }
}

fn row(actor: &Actor, texts: &Texts, line: &entry::Model, claim: &Model) -> TimelineRow {
    let parts = [
        claim.number.clone(),
        claim.waybill.clone(),
        line.money().map(format::money).unwrap_or_default(),
        line.text.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let head = [texts.get(actor.language, "claim-one"), texts.get(actor.language, line.kind.key())];
    TimelineRow {
        at: line.at,
        id: format!("{}/{:06}", line.claim_id, line.no),
        kind: head.join(" · "),
        icon: "claim",
        who: texts.who(actor.language, &line.by_name),
        text: parts.join(" · "),
        href: format!("/claims/{}", claim.id),
    }
}
