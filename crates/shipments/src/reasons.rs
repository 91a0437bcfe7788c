//! Why a customer stands on today's worklist.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Day, Error, Message, UserId};
use chrono::Duration;
use db::{Db, Tx, settings};
use module::{Doing, Reason, ReasonSource};

use crate::figures::{self, expected_30};
use crate::policy::{Policy, SETTINGS};
use crate::store::late::{late_since, link, told_at, unlink};
use crate::store::{figures::all_dropped, waybills_of};
use crate::{line, rules};

const LATE_UNTOLD: &str = "late_untold";
const VOLUME_DROP: &str = "volume_drop";

/// A late delivery that nobody told the customer about, and fewer shipments than chance explains.
#[derive(Debug)]
pub struct ShipmentReasons;

#[async_trait]
impl ReasonSource for ShipmentReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(crate::VIEW) {
            return Ok(Vec::new());
        }
        let mut all = late_untold(db, actor, person).await?;
        for (figures, owner) in all_dropped(db.read(), actor, person).await? {
            all.push(dropped(figures, owner, actor.today()));
        }
        Ok(all)
    }

    async fn done(&self, tx: &Tx, _actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        match reason.kind {
            LATE_UNTOLD => link(tx, reason.interaction, reason.mark).await,
            _ => Ok(()),
        }
    }

    async fn undone(&self, tx: &Tx, _actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        match reason.kind {
            LATE_UNTOLD => unlink(tx, reason.interaction, reason.mark).await,
            _ => Ok(()),
        }
    }
}

/// One reason a shipment, for the line that was promised first.
async fn late_untold(db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
    let db = db.read();
    let policy: Policy = settings::get(db, SETTINGS).await?;
    let since = actor.today() - Duration::days(policy.late_days);
    let mut first: BTreeMap<String, (line::Model, Option<UserId>)> = BTreeMap::new();
    for (line, owner) in late_since(db, actor, person, since).await? {
        first.entry(line.shipment_id.clone()).or_insert((line, owner));
    }
    let whose = first.iter().map(|(id, (line, _))| (id.clone(), line.customer_id.clone())).collect();
    let told = told_at(db, &whose).await?;
    first.retain(|id, (line, _)| {
        let missed = rules::missed_at(line);
        let told_after = |missed| told.get(id).is_some_and(|told| *told > missed);
        missed.is_some_and(|missed| !told_after(missed))
    });
    let waybills = waybills_of(db, first.keys().cloned().collect()).await?;
    let reason = |(id, (line, owner)): (String, (line::Model, Option<UserId>))| {
        let waybill = waybills.get(&id).cloned().unwrap_or_default();
        late(waybill, line, owner)
    };
    Ok(first.into_iter().filter_map(reason).collect())
}

fn late(waybill: String, line: line::Model, owner: Option<UserId>) -> Option<Reason> {
    let promised = line.promised_on?;
    let reason = match line.delivered_on {
        Some(delivered) => Message::new("shipment-reason-late_delivered")
            .with("waybill", &waybill)
            .with("days", (delivered - promised).num_days()),
        None => Message::new("shipment-reason-late_open").with("waybill", &waybill).with("promised", promised),
    };
    let evidence = match line.delivered_on {
        Some(delivered) => Message::new("shipment-evidence-late_delivered").with("delivered", delivered),
        None => Message::new("shipment-evidence-late_open"),
    };
    Some(Reason {
        customer: line.customer_id,
        person: owner,
        kind: LATE_UNTOLD,
        reason,
        act: Message::new("shipment-act-tell_late").with("waybill", &waybill),
        evidence: evidence.with("promised", promised).with("origin", line.origin).with("destination", line.destination),
        evidence_href: format!("/shipments/{}", line.shipment_id),
        mark: line.shipment_id,
        due: promised.succ_opt()?,
    })
}

/// The same drop is one piece of work a month.
fn dropped(figures: figures::Model, owner: Option<UserId>, today: Day) -> Reason {
    let customer = base::CustomerId(figures.customer_id);
    Reason {
        evidence_href: format!("/shipments?customer={customer}"),
        customer,
        person: owner,
        kind: VOLUME_DROP,
        mark: today.format("%Y-%m").to_string(),
        reason: Message::new("shipment-reason-volume_drop")
            .with("count", figures.shipments_30)
            .with("expected", format!("{:.1}", expected_30(figures.shipments_before))),
        act: Message::new("shipment-act-volume_drop"),
        evidence: Message::new("shipment-evidence-volume_drop")
            .with("before", figures.shipments_before)
            .with("last", figures.last_shipped_on),
        due: today,
    }
}
