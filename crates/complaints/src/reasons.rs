//! Why a complaint stands on somebody's worklist.

mod quality;
pub(crate) mod silent;

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use calendar::{Calendar, WorkingTime};
use chrono::Duration;
use db::{Db, settings};
use module::{Reason, ReasonSource};

use crate::complaint::Model;
use crate::policy::{Policy, SETTINGS};
use crate::store::{due, people};
use crate::words::Status;
use crate::{HANDLE, OVERSEE, clocks};

pub use quality::QualityReasons;
pub use silent::SilentReasons;

/// What runs out, what is overdue, the law's day; and for whoever oversees them, what went up.
#[derive(Debug)]
pub struct ComplaintReasons;

#[async_trait]
impl ReasonSource for ComplaintReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        let mut all = Vec::new();
        let read = db.read();
        if actor.has(HANDLE) {
            let policy: Policy = settings::get(read, SETTINGS).await?;
            let mut calendars = std::collections::BTreeMap::new();
            // Working time is never longer than the clock's: what is due later is not due soon.
            let by = actor.now + Duration::minutes(i64::from(policy.soon_minutes)) + Duration::days(14);
            for complaint in due::pressing(read, actor, HANDLE, person, by).await? {
                let department = complaint.department_id.clone();
                if !calendars.contains_key(&department) {
                    calendars.insert(department.clone(), people::calendar(read, &department).await?);
                }
                if let Some(calendar) = calendars.get(&department) {
                    all.extend(of_owner(&complaint, calendar, &policy, actor));
                }
            }
        }
        // Exceptions are the overseer's own work, whoever owns the complaint.
        if actor.has(OVERSEE) && person.is_some_and(|person| actor.user_id() == Some(person)) {
            let escalated = due::escalated(read, actor, OVERSEE).await?;
            all.extend(escalated.iter().map(|complaint| escalation(complaint, actor)));
        }
        Ok(all)
    }
}

fn of_owner(complaint: &Model, calendar: &Calendar, policy: &Policy, actor: &Actor) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Some(legal) = clocks::legal(complaint, calendar, policy, actor.now)
        && complaint.legal_order < clocks::NEVER
        && legal.day >= policy.legal_red_day
    {
        let reason = Message::new("complaint-reason-legal").with("number", &complaint.number).with("day", legal.day);
        let mark = format!("{} {}", complaint.id, complaint.round);
        reasons.push(of(complaint, "complaint_legal_clock", mark, reason, legal.last_day));
    }
    let Some(due) = clocks::due(complaint) else { return reasons };
    let mark = format!("{} {} {}", complaint.id, complaint.round, complaint.status);
    let (kind, key) = match (due <= actor.now, complaint.status) {
        (true, Status::Waiting) => ("complaint_response_overdue", "complaint-reason-response_overdue"),
        (true, _) => ("complaint_overdue", "complaint-reason-overdue"),
        (false, Status::Waiting) if runs_out(calendar, policy, actor, due) => {
            ("complaint_response_due", "complaint-reason-response_due")
        }
        (false, _) => return reasons,
    };
    let reason = Message::new(key).with("number", &complaint.number).with("time", texts::format::time(due));
    reasons.push(of(complaint, kind, mark, reason, Actor::day_of(due)));
    reasons
}

fn runs_out(calendar: &Calendar, policy: &Policy, actor: &Actor, due: base::Instant) -> bool {
    calendar.between(actor.now, due, &[]).answer <= WorkingTime::minutes(policy.soon_minutes).duration()
}

fn of(complaint: &Model, kind: &'static str, mark: String, reason: Message, due: base::Day) -> Reason {
    Reason {
        customer: complaint.customer_id.clone(),
        person: complaint.owner_id.clone(),
        kind,
        mark,
        reason,
        act: Message::new("complaint-reason-act"),
        evidence: Message::new("complaint-reason-evidence").with("number", &complaint.number),
        evidence_href: format!("/complaints/{}", complaint.id),
        due,
    }
}

fn escalation(complaint: &Model, actor: &Actor) -> Reason {
    let due = clocks::due(complaint).unwrap_or(actor.now);
    let reason = Message::new("complaint-reason-escalated").with("number", &complaint.number);
    let mark = format!("{} {} {}", complaint.id, complaint.round, complaint.escalation);
    let reason = of(complaint, "complaint_escalated", mark, reason, Actor::day_of(due));
    Reason { person: actor.user_id().cloned(), act: Message::new("complaint-reason-act_manager"), ..reason }
}
