//! What makes a follow-up necessary, and what makes it void. Each looks at how things stand now, so that events may come
//! twice, late or in any order.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, DepartmentId, Error, UserId};
use calendar::{Calendar, calendar_of};
use chrono::Days;
use complaints::complaint::{self, ComplaintId};
use complaints::words::Status as Stands;
use customers::contact::ContactId;
use db::{Db, Tx, audit, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::follow_up::{FollowUpId, Kind, Model, Occasion, Status, VoidReason};
use crate::policy::{self, Policy};
use crate::rules;
use crate::store::first_weeks::{self, NewCustomer};
use crate::store::{self, of_complaints};

/// Customers whose first weeks are planned in one transaction.
const AT_ONCE: usize = 200;

/// What a new follow-up is about.
struct Need {
    kind: Kind,
    customer: CustomerId,
    contact: Option<ContactId>,
    object: Occasion,
    object_id: String,
    round: i64,
    person: Option<UserId>,
    department: Option<DepartmentId>,
    from: Day,
}

/// Plans what follows a complaint, and takes back what no longer does.
///
/// # Errors
/// When the database refuses.
pub async fn after_complaint(tx: &Tx, actor: &Actor, id: &ComplaintId) -> Result<(), Error> {
    let complaint = match complaints::store::lock(tx, actor, complaints::VIEW, id).await {
        Err(Error::NotFound) => return Ok(()),
        found => found?,
    };
    for follow_up in of_complaints::planned(tx, &complaint).await? {
        if let Some(why) = rules::void_reason(&follow_up, &complaint) {
            make_void(tx, actor, follow_up, why).await?;
        }
    }
    let resolved = match complaint.status {
        Stands::Resolved | Stands::Closed => complaint.resolved_at.or(complaint.closed_at),
        _ => None,
    };
    let Some(resolved) = resolved else { return Ok(()) };
    let policy: Policy = settings::get(tx, policy::KEY).await?;
    let calendar = calendar_of(tx, Some(&complaint.department_id)).await?;
    for kind in [Kind::AfterResolution, Kind::Revisit] {
        let need = about(&complaint, kind, calendar.day_of(resolved));
        add(tx, actor, need, &policy, &calendar).await?;
    }
    Ok(())
}

fn about(complaint: &complaint::Model, kind: Kind, from: Day) -> Need {
    Need {
        kind,
        customer: complaint.customer_id.clone(),
        contact: complaint.contact_id.clone(),
        object: Occasion::Complaint,
        object_id: complaint.id.0.clone(),
        round: complaint.round,
        person: complaint.owner_id.clone(),
        department: Some(complaint.department_id.clone()),
        from,
    }
}

/// Plans the first weeks of these customers in an open transaction.
///
/// # Errors
/// When the database refuses.
pub async fn first_weeks_of(tx: &Tx, actor: &Actor, customers: &[CustomerId]) -> Result<(), Error> {
    let policy: Policy = settings::get(tx, policy::KEY).await?;
    let planned = first_weeks::planned(tx, Some(customers)).await?;
    for (follow_up, why) in outdated(tx, actor, planned).await? {
        make_void(tx, actor, follow_up, why).await?;
    }
    let (from, until) = lately(actor, &policy);
    let new = first_weeks::unasked(tx, actor, Some(customers), from, until).await?;
    plan_first_weeks(tx, actor, &new, &policy).await
}

/// Plans the first weeks of everybody, so many at a time: also of those who shipped before this program planned any.
///
/// # Errors
/// When the database refuses.
pub async fn all_first_weeks(db: &Db, actor: &Actor) -> Result<usize, Error> {
    let policy: Policy = settings::get(db.read(), policy::KEY).await?;
    let planned = first_weeks::planned(db.read(), None).await?;
    let outdated = outdated(db.read(), actor, planned).await?;
    for some in outdated.chunks(AT_ONCE) {
        let tx = db.begin().await?;
        for (follow_up, why) in some {
            make_void(&tx, actor, follow_up.clone(), *why).await?;
        }
        db.commit(tx).await?;
    }
    let (from, until) = lately(actor, &policy);
    let new = first_weeks::unasked(db.read(), actor, None, from, until).await?;
    for some in new.chunks(AT_ONCE) {
        let tx = db.begin().await?;
        plan_first_weeks(&tx, actor, some, &policy).await?;
        db.commit(tx).await?;
    }
    Ok(outdated.len() + new.len())
}

/// Follow-ups of complaints that were merged.
///
/// # Errors
/// When the database refuses.
pub async fn merged_complaints(db: &Db, actor: &Actor) -> Result<usize, Error> {
    let merged = of_complaints::merged(db.read()).await?;
    for complaint in &merged {
        let tx = db.begin().await?;
        after_complaint(&tx, actor, complaint).await?;
        db.commit(tx).await?;
    }
    Ok(merged.len())
}

fn lately(actor: &Actor, policy: &Policy) -> (Day, Day) {
    let today = actor.today();
    (today.checked_sub_days(Days::new(policy.first_latest.into())).unwrap_or(today), today)
}

/// First weeks that nobody needs to ask about any more, and why.
async fn outdated(
    db: &impl ConnectionTrait,
    actor: &Actor,
    planned: Vec<Model>,
) -> Result<Vec<(Model, VoidReason)>, Error> {
    if planned.is_empty() {
        return Ok(Vec::new());
    }
    let customers: Vec<_> = planned.iter().map(|one| one.customer_id.clone()).collect();
    let first = first_weeks::first_days(db, &customers).await?;
    let why = |one: &Model| match first.get(&one.customer_id) {
        Some(first) if first.to_string() != one.object_id => Some(VoidReason::ShippedBefore),
        _ if one.latest_on < actor.today() => Some(VoidReason::TooLate),
        _ => None,
    };
    Ok(planned.into_iter().filter_map(|one| why(&one).map(|why| (one, why))).collect())
}

async fn plan_first_weeks(tx: &Tx, actor: &Actor, new: &[NewCustomer], policy: &Policy) -> Result<(), Error> {
    let mut calendars: BTreeMap<Option<DepartmentId>, Calendar> = BTreeMap::new();
    for customer in new {
        let department = customer.department.clone();
        if !calendars.contains_key(&department) {
            calendars.insert(department.clone(), calendar_of(tx, department.as_ref()).await?);
        }
        let Some(calendar) = calendars.get(&department) else { continue };
        let need = Need {
            kind: Kind::FirstWeek,
            customer: customer.id.clone(),
            contact: None,
            object: Occasion::FirstShipment,
            object_id: customer.first_shipped_on.to_string(),
            round: 1,
            person: None,
            department,
            from: customer.first_shipped_on,
        };
        add(tx, actor, need, policy, calendar).await?;
    }
    Ok(())
}

async fn add(tx: &Tx, actor: &Actor, need: Need, policy: &Policy, calendar: &Calendar) -> Result<(), Error> {
    let (planned_on, latest_on) = rules::plan(need.kind, need.from, policy, calendar);
    let follow_up = Model {
        id: FollowUpId::new(actor.now),
        kind: need.kind,
        customer_id: need.customer,
        contact_id: need.contact,
        object: need.object,
        object_id: need.object_id,
        round: need.round,
        planned_on,
        latest_on,
        person_id: need.person,
        department_id: need.department,
        status: Status::Planned,
        list_order: rules::list_order(Status::Planned, planned_on, None),
        tries: 0,
        tried_on: None,
        answers: json!({}),
        result: String::new(),
        mood: None,
        satisfied: None,
        remark: String::new(),
        skip_reason: String::new(),
        void_reason: None,
        reopening: None,
        interaction_id: None,
        done_at: None,
        done_by: String::new(),
        created_at: actor.now,
        version: 1,
    };
    if store::insert(tx, &follow_up).await? {
        let told = json!({"kind": follow_up.kind, "planned_on": planned_on, "customer": follow_up.customer_id});
        audit::record(tx, actor, "follow_up.planned", "follow_up", follow_up.id.as_str(), told).await?;
    }
    Ok(())
}

async fn make_void(tx: &Tx, actor: &Actor, mut follow_up: Model, why: VoidReason) -> Result<(), Error> {
    follow_up.status = Status::Void;
    follow_up.void_reason = Some(why);
    follow_up.done_at = Some(actor.now);
    follow_up.done_by.clone_from(&actor.name);
    follow_up.list_order = rules::list_order(follow_up.status, follow_up.planned_on, follow_up.done_at);
    match store::save(tx, &follow_up).await {
        // Somebody has just done it.
        Err(Error::Conflict) => return Ok(()),
        saved => saved?,
    }
    let told = json!({"reason": why, "customer": follow_up.customer_id});
    audit::record(tx, actor, "follow_up.void", "follow_up", follow_up.id.as_str(), told).await
}
