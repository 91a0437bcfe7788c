//! Why a customer stands on today's worklist.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base::{Actor, Day, Error, Message, UserId};
use chrono::Duration;
use db::{Db, Tx, settings};
use module::{Doing, Reason, ReasonSource};

use crate::figures::expected_30;
use crate::policy::{Policy, SETTINGS};
use crate::rules;
use crate::store::figures::{Dropped, all_dropped};
use crate::store::late::{LateLine, Since, late_since, link, told_at, unlink};

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
        for customer in all_dropped(db.read(), actor, person).await? {
            all.push(dropped(customer, actor.today()));
        }
        Ok(all)
    }

    async fn done(&self, tx: &Tx, _actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        match reason.kind {
            LATE_UNTOLD => link(tx, reason.interaction, shipment_of(reason.mark)).await,
            _ => Ok(()),
        }
    }

    async fn undone(&self, tx: &Tx, _actor: &Actor, reason: &Doing<'_>) -> Result<(), Error> {
        match reason.kind {
            LATE_UNTOLD => unlink(tx, reason.interaction, shipment_of(reason.mark)).await,
            _ => Ok(()),
        }
    }
}

/// One reason a shipment, for the first promise of which the customer has not been told since it was missed: a word
/// about one late line says nothing of another that is missed later.
async fn late_untold(db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
    let db = db.read();
    let policy: Policy = settings::get(db, SETTINGS).await?;
    let ago = |days| actor.today() - Duration::days(days);
    let (open, delivered) = (ago(policy.open_days), ago(policy.late_days));
    let since = Since { open, delivered, promised: ago(policy.open_days + policy.late_days) };
    let lines = late_since(db, actor, person, since).await?;
    let whose = lines.iter().map(|line| (line.shipment.clone(), line.customer.clone())).collect();
    let told = told_at(db, &whose).await?;
    let told_of = |line: &LateLine| {
        let missed = rules::missed_at(line.promised_on, line.promised_at);
        told.get(&line.shipment).is_some_and(|told| missed.is_some_and(|missed| *told > missed))
    };
    let mut untold: BTreeMap<String, (LateLine, Day)> = BTreeMap::new();
    for line in lines.into_iter().filter(|line| !told_of(line)) {
        let last = line.promised_on;
        untold.entry(line.shipment.clone()).or_insert((line, last)).1 = last;
    }
    Ok(untold.into_values().filter_map(|(line, last)| late(line, last)).collect())
}

/// Marks name the shipment and the last missed day: what is done about one day does not hide the next.
fn mark(shipment: &str, last: Day) -> String {
    format!("{shipment}/{last}")
}

fn shipment_of(mark: &str) -> &str {
    mark.split_once('/').map_or(mark, |(shipment, _)| shipment)
}

/// `last`: the last promise of the shipment that was missed and not told.
fn late(line: LateLine, last: Day) -> Option<Reason> {
    let (promised, waybill) = (line.promised_on, &line.waybill);
    let reason = match line.delivered_on {
        Some(delivered) => Message::new("shipment-reason-late_delivered")
            .with("waybill", waybill)
            .with("days", (delivered - promised).num_days()),
        None => Message::new("shipment-reason-late_open").with("waybill", waybill).with("promised", promised),
    };
    let evidence = match line.delivered_on {
        Some(delivered) => Message::new("shipment-evidence-late_delivered").with("delivered", delivered),
        None => Message::new("shipment-evidence-late_open"),
    };
    Some(Reason {
        customer: line.customer,
        person: line.owner,
        kind: LATE_UNTOLD,
        reason,
        act: Message::new("shipment-act-tell_late").with("waybill", waybill),
        evidence: evidence.with("promised", promised).with("origin", line.origin).with("destination", line.destination),
        evidence_href: format!("/shipments/{}", line.shipment),
        mark: mark(&line.shipment, last),
        due: promised.succ_opt()?,
    })
}

/// The same drop is one piece of work a month.
fn dropped(dropped: Dropped, today: Day) -> Reason {
    Reason {
        evidence_href: format!("/shipments?customer={}", dropped.customer),
        customer: dropped.customer,
        person: dropped.owner,
        kind: VOLUME_DROP,
        mark: today.format("%Y-%m").to_string(),
        reason: Message::new("shipment-reason-volume_drop")
            .with("count", dropped.shipments_30)
            .with("expected", format!("{:.1}", expected_30(dropped.shipments_before))),
        act: Message::new("shipment-act-volume_drop"),
        evidence: Message::new("shipment-evidence-volume_drop")
            .with("before", dropped.shipments_before)
            .with("last", dropped.last_shipped_on),
        due: today,
    }
}
