//! Exceptions on the customer's timeline, when they were found; that he was told is an interaction.

use std::collections::BTreeSet;

use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Instant};
use db::Db;
use module::{TimelineRow, TimelineSource};
use texts::Texts;

use crate::exception::Kind;
use crate::{VIEW, store};

#[derive(Debug)]
pub struct ExceptionTimeline;

#[async_trait]
impl TimelineSource for ExceptionTimeline {
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
        let all = store::of_customer(db.read(), actor, customer, before, rows).await?;
        let shipments: BTreeSet<String> = all.iter().map(|one| one.shipment_id.clone()).collect();
        let waybills = shipments::store::waybills_of(db.read(), shipments).await?;
        let t = |key: &str| texts.get(actor.language, key);
        let row = |one: crate::exception::Model| {
            let what = match (one.kind, one.milestone) {
                (Kind::Late, Some(step)) => t(step.key()),
                _ => one.what.clone(),
            };
            let args = [
                ("waybill", waybills.get(&one.shipment_id).cloned().unwrap_or_default()),
                ("kind", t(one.kind.key())),
                ("what", what),
                ("status", t(one.status.key())),
            ];
            TimelineRow {
                at: one.found_at,
                kind: t("exception-timeline_kind"),
                icon: "warning",
                who: one.created_by.clone(),
                text: texts.with(actor.language, "exception-timeline_text", &args),
                href: format!("/exceptions/{}", one.id),
                id: one.id,
            }
        };
        Ok(all.into_iter().map(row).collect())
    }
}
