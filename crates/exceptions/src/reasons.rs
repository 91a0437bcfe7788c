//! Why a customer stands on today's worklist.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use db::{Db, Tx};
use module::{Doing, Reason, ReasonSource};

use crate::exception::{Kind, Model};
use crate::store::told;
use crate::{VIEW, tell};

const UNTOLD: &str = "exception_untold";
/// What `shipments` says of a delay that the customer does not know of.
const LATE_UNTOLD: &str = "late_untold";

/// Something went wrong and the customer does not know.
#[derive(Debug)]
pub struct ExceptionReasons;

#[async_trait]
impl ReasonSource for ExceptionReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        let untold = told::untold(db.read(), actor, person).await?;
        let shipments: BTreeSet<String> = untold.iter().map(|one| one.shipment_id.clone()).collect();
        let waybills = shipments::store::waybills_of(db.read(), shipments).await?;
        // One a shipment: whoever tells of it tells of all. The first due comes first.
        let mut by_shipment: BTreeMap<(String, Option<UserId>), Vec<Model>> = BTreeMap::new();
        for one in untold {
            by_shipment.entry((one.shipment_id.clone(), one.owner_id.clone())).or_default().push(one);
        }
        let reasons = by_shipment.into_iter().filter_map(|((shipment, owner), all)| {
            let waybill = waybills.get(&shipment).map_or("", String::as_str);
            reason(waybill, owner, &all)
        });
        Ok(reasons.collect())
    }

    fn instead_of(&self, reason: &Reason) -> Option<(&'static str, String)> {
        (reason.kind == UNTOLD).then(|| (LATE_UNTOLD, shipment_of(&reason.mark).to_owned()))
    }

    async fn done(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        if reason.kind != UNTOLD {
            return Ok(());
        }
        let shipment = shipment_of(reason.mark).to_owned();
        shipments::store::late::link(tx, reason.interaction, &shipment).await?;
        let Some(row) = told::interaction(tx, reason.interaction).await? else { return Ok(()) };
        for exception in told::untold_of(tx, &shipment, reason.customer).await? {
            tell::by_interaction(tx, actor, exception, &row).await?;
        }
        Ok(())
    }

    async fn undone(&self, tx: &Tx, actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        if reason.kind != UNTOLD {
            return Ok(());
        }
        shipments::store::late::unlink(tx, reason.interaction, shipment_of(reason.mark)).await?;
        for exception in told::told_in(tx, reason.interaction).await?.into_iter().filter(|one| !one.is_closed()) {
            tell::take_back(tx, actor, exception).await?;
        }
        Ok(())
    }
}

/// Marks name the shipment and the last that was found: what is done about one does not hide the next.
fn shipment_of(mark: &str) -> &str {
    mark.split_once('/').map_or(mark, |(shipment, _)| shipment)
}

fn reason(waybill: &str, owner: Option<UserId>, all: &[Model]) -> Option<Reason> {
    let first = all.first()?;
    let last = all.iter().map(|one| one.id.as_str()).max()?;
    let (key, evidence) = match first.kind {
        Kind::Late => ("exception-reason-late", "exception-evidence-late"),
        _ => ("exception-reason-other", "exception-evidence-other"),
    };
    let planned = first.planned_at.unwrap_or(first.happened_at);
    Some(Reason {
        customer: first.customer_id.clone(),
        person: owner,
        kind: UNTOLD,
        mark: format!("{}/{last}", first.shipment_id),
        reason: Message::new(key).with("waybill", waybill).with("kind", first.kind),
        act: Message::new("exception-act-tell").with("waybill", waybill),
        evidence: Message::new(evidence)
            .with("planned", texts::format::time(planned))
            .with("by", texts::format::time(first.tell_by)),
        evidence_href: format!("/exceptions/{}", first.id),
        due: Actor::day_of(first.tell_by),
    })
}
