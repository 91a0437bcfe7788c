//! Why a claim stands on somebody's worklist.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use chrono::Days;
use db::{Db, settings};
use module::{Reason, ReasonSource};
use texts::format;

use crate::claim::{Model, Status};
use crate::policy::{Policy, SETTINGS};
use crate::store::due;
use crate::{VIEW, rules};

/// The decision runs out, or what was promised is not paid.
#[derive(Debug)]
pub struct ClaimReasons;

#[async_trait]
impl ReasonSource for ClaimReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        let policy: Policy = settings::get(db.read(), SETTINGS).await?;
        let today = actor.today();
        let day = today.checked_add_days(Days::new(u64::from(policy.warn_days))).unwrap_or(today);
        let due = due::by(db.read(), actor, VIEW, person, day).await?;
        Ok(due.iter().filter_map(reason).collect())
    }
}

fn reason(claim: &Model) -> Option<Reason> {
    let due = rules::due(claim)?;
    let (kind, reason, act) = match claim.status {
        Status::Approved => ("claim_unpaid", "claim-reason-unpaid", "claim-reason-pay"),
        Status::Waiting => ("claim_unapproved", "claim-reason-unapproved", "claim-reason-remind"),
        _ => ("claim_undecided", "claim-reason-undecided", "claim-reason-decide"),
    };
    let amount = claim.decided().unwrap_or_else(|| claim.asked());
    Some(Reason {
        customer: claim.customer_id.clone(),
        person: claim.owner_id.clone(),
        kind,
        // Decided anew or promised anew, it is another piece of work.
        mark: format!("{} {} {due}", claim.id, claim.status),
        reason: Message::new(reason).with("number", &claim.number).with("day", format::day(due)),
        act: Message::new(act),
        evidence: Message::new("claim-reason-evidence")
            .with("number", &claim.number)
            .with("waybill", &claim.waybill)
            .with("amount", format::money(amount)),
        evidence_href: format!("/claims/{}", claim.id),
        due,
    })
}
