//! What keeps going wrong: found by itself, planned for, closed with what was done.

use std::collections::BTreeMap;

use base::{Actor, Cursor, DepartmentId, Error, Page, PageSize, UserId};
use chrono::Duration;
use db::{Tx, audit, outbox, settings};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Complaints, Listed, named};
use crate::complaint::{self, ComplaintId};
use crate::forms::{QualityDone, QualityPlan};
use crate::policy::{Policy, SETTINGS};
use crate::quality_event::{Group, GroupedBy, Model, QualityEventId, QualityStatus, run_of};
use crate::rules::{self, Refusal};
use crate::store::{people, quality_events as store};
use crate::words::Cause;
use crate::{OVERSEE, events};

/// What the audit calls it.
pub(crate) const OBJECT: &str = "quality_event";

/// A quality event as a list shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QualityEventListed)]
pub struct QualityListed {
    #[serde(flatten)]
    pub event: Model,
    /// Of which department; empty when it is grouped by lane.
    pub department_name: String,
    pub owner_name: String,
    /// Of how many complaints it is made, also those that the reader may not see.
    pub complaints: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QualityFile {
    #[serde(flatten)]
    pub listed: QualityListed,
    /// Those that the reader may see, the last received first.
    pub made_of: Vec<Listed>,
}

impl Complaints {
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn quality_events(
        &self,
        actor: &Actor,
        status: Option<QualityStatus>,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<QualityListed>, Error> {
        actor.require(crate::VIEW)?;
        let page = store::list(self.db.read(), actor, status, after, size).await?;
        Ok(Page { rows: self.quality_named(page.rows).await?, next: page.next })
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's reach.
    pub async fn quality_file(&self, actor: &Actor, id: &QualityEventId) -> Result<QualityFile, Error> {
        actor.require(crate::VIEW)?;
        let event = store::get(self.db.read(), actor, crate::VIEW, id).await?;
        let complaints = store::complaints_of(self.db.read(), actor, id).await?;
        let made_of = named(self.db.read(), actor, complaints).await?;
        let listed = self.quality_named(vec![event]).await?.pop().ok_or(Error::NotFound)?;
        Ok(QualityFile { listed, made_of })
    }

    async fn quality_named(&self, rows: Vec<Model>) -> Result<Vec<QualityListed>, Error> {
        let db = self.db.read();
        let ids: Vec<QualityEventId> = rows.iter().map(|row| row.id.clone()).collect();
        let sizes = store::sizes(db, &ids).await?;
        let owners = people::names(db, rows.iter().filter_map(|row| row.owner_id.clone())).await?;
        let departments: BTreeMap<DepartmentId, String> =
            people::departments(db).await?.into_iter().map(|one| (one.id, one.name)).collect();
        let listed = |event: Model| QualityListed {
            department_name: event
                .department_id
                .as_ref()
                .and_then(|id| departments.get(id))
                .cloned()
                .unwrap_or_default(),
            owner_name: event.owner_id.as_ref().and_then(|id| owners.get(id)).cloned().unwrap_or_default(),
            complaints: sizes.get(&event.id).copied().unwrap_or_default(),
            event,
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// What is to be done until when, and by whom.
    ///
    /// # Errors
    /// `Refused` when it is closed, `Invalid` field by field.
    pub async fn plan_quality(
        &self,
        actor: &Actor,
        id: &QualityEventId,
        version: i64,
        plan: &QualityPlan,
    ) -> Result<Model, Error> {
        let tx = self.db.begin().await?;
        let mut event = open(&tx, actor, id, version).await?;
        let correction = rules::said("correction", &plan.correction)?;
        let mut problems: Vec<_> =
            customers::rules::year_problem("correction_due", Some(plan.correction_due)).into_iter().collect();
        if let Some(owner) = &plan.owner
            && event.owner_id.as_ref() != Some(owner)
            && !possible(&tx).await?.iter().any(|(known, _)| known == owner)
        {
            problems.push(rules::wrong("owner", "complaint-out_of_reach"));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        (event.correction, event.correction_due) = (correction, plan.correction_due);
        event.owner_id.clone_from(&plan.owner);
        let detail = json!({"correction": event.correction, "due": event.correction_due, "owner": event.owner_id});
        self.keep(tx, actor, event, "quality_event.planned", detail).await
    }

    /// Nothing is closed by waiting: only with what was done.
    ///
    /// # Errors
    /// `Refused` when it is closed already, `Invalid` without what was done.
    pub async fn close_quality(
        &self,
        actor: &Actor,
        id: &QualityEventId,
        version: i64,
        done: &QualityDone,
    ) -> Result<Model, Error> {
        let tx = self.db.begin().await?;
        let mut event = open(&tx, actor, id, version).await?;
        event.done = rules::said("done", &done.done)?;
        event.status = QualityStatus::Closed;
        event.closed_at = Some(actor.now);
        event.closed_by.clone_from(&actor.name);
        outbox::add(&tx, actor.now, events::of_quality(events::QUALITY_CLOSED, &event)).await?;
        let detail = json!({"done": event.done});
        self.keep(tx, actor, event, "quality_event.closed", detail).await
    }

    async fn keep(
        &self,
        tx: Tx,
        actor: &Actor,
        mut event: Model,
        action: &str,
        detail: serde_json::Value,
    ) -> Result<Model, Error> {
        let version = event.version;
        event.version = version + 1;
        event.updated_at = actor.now;
        store::save(&tx, &event, version).await?;
        audit::record(&tx, actor, action, OBJECT, event.id.as_str(), detail).await?;
        self.db.commit(tx).await?;
        Ok(event)
    }

    /// Who may be given a quality event, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn possible_quality_owners(&self) -> Result<Vec<(UserId, String)>, Error> {
        possible(self.db.read()).await
    }
}

/// # Errors
/// `NotFound` out of reach, `Conflict` when somebody changed it since, `Refused` when it is closed.
async fn open(tx: &Tx, actor: &Actor, id: &QualityEventId, version: i64) -> Result<Model, Error> {
    actor.require(crate::HANDLE)?;
    let event = store::get(tx, actor, crate::HANDLE, id).await?;
    if event.version != version {
        return Err(Error::Conflict);
    }
    match event.status {
        QualityStatus::Open => Ok(event),
        QualityStatus::Closed => Err(Error::refused(Refusal::QualityClosed)),
    }
}

/// Whoever handles complaints of all customers or of some department.
async fn possible(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<(UserId, String)>, Error> {
    let reaches = access::Reaches::of(db, crate::HANDLE).await?;
    let people = people::active(db).await?;
    let own = |one: &access::user::Model| reaches.reach(&one.id, None, one.department_id.as_ref());
    Ok(people.into_iter().filter(own).map(|one| (one.id, one.name)).collect())
}

/// Runs in the transaction that writes a complaint's cause, or what it is about. Each complaint counts once in each of
/// its groups, so whoever writes the same again makes nothing new.
///
/// # Errors
/// When the database refuses the write.
pub(super) async fn look(tx: &Tx, actor: &Actor, complaint: &complaint::Model) -> Result<(), Error> {
    let groups = store::groups_of(tx, complaint).await?;
    store::leave_others(tx, &complaint.id, &groups).await?;
    let policy: Policy = settings::get(tx, SETTINGS).await?;
    for group in groups {
        count(tx, actor, &policy, complaint, &group).await?;
    }
    Ok(())
}

async fn count(
    tx: &Tx,
    actor: &Actor,
    policy: &Policy,
    complaint: &complaint::Model,
    group: &Group,
) -> Result<(), Error> {
    let (key, days) = (group.key(), i64::from(policy.quality_days));
    store::hold(tx, &key).await?;
    let fresh = store::uncounted(tx, group, complaint.received_at, days).await?;
    let Some(own) = fresh.iter().position(|(id, _)| *id == complaint.id) else { return Ok(()) };
    // While somebody works on it, more of the same is no other event.
    if let Some(open) = store::open_of(tx, &key).await?
        && complaint.received_at >= open.first_received_at - Duration::days(days)
    {
        return store::add(tx, &open.id, std::slice::from_ref(&complaint.id)).await;
    }
    let received: Vec<i64> = fresh.iter().map(|(_, at)| *at).collect();
    let least = usize::try_from(policy.quality_least).unwrap_or(usize::MAX);
    let Some(run) = run_of(&received, own, store::span_of(days), least) else { return Ok(()) };
    let made_of: Vec<ComplaintId> = fresh[run.clone()].iter().map(|(id, _)| id.clone()).collect();
    let event = fresh_event(tx, actor, policy, complaint, group, received[*run.start()]).await?;
    store::insert(tx, &event).await?;
    store::add(tx, &event.id, &made_of).await?;
    let detail = json!({"cause": event.cause, "complaints": made_of, "owner": event.owner_id});
    audit::record(tx, actor, "quality_event.opened", OBJECT, event.id.as_str(), detail).await?;
    outbox::add(tx, actor.now, events::of_quality(events::QUALITY_OPENED, &event)).await
}

async fn fresh_event(
    tx: &Tx,
    actor: &Actor,
    policy: &Policy,
    complaint: &complaint::Model,
    group: &Group,
    first: i64,
) -> Result<Model, Error> {
    let (grouped_by, origin, destination, department): (_, _, _, Option<DepartmentId>) = match group.clone() {
        Group::Lane { origin, destination, .. } => (GroupedBy::Lane, origin, destination, None),
        Group::Department { department, .. } => (GroupedBy::Department, String::new(), String::new(), Some(department)),
    };
    let responsible =
        department.as_ref().or(complaint.cause_department_id.as_ref()).unwrap_or(&complaint.department_id);
    let cause: Cause = group.cause();
    Ok(Model {
        id: QualityEventId::new(actor.now),
        grouped_by,
        cause,
        origin,
        destination,
        group_key: group.key(),
        first_received_at: chrono::DateTime::from_timestamp_micros(first).unwrap_or(complaint.received_at),
        opened_at: actor.now,
        owner_id: owner_of(tx, responsible, complaint).await?,
        department_id: department,
        correction: String::new(),
        correction_due: actor.today() + Duration::days(i64::from(policy.quality_due_days)),
        status: QualityStatus::Open,
        done: String::new(),
        closed_at: None,
        closed_by: String::new(),
        updated_at: actor.now,
        version: 1,
    })
}

/// The responsible department's manager: who oversees complaints and works there; else who oversees them for that
/// department; else who handles the complaint at hand.
async fn owner_of(tx: &Tx, department: &DepartmentId, complaint: &complaint::Model) -> Result<Option<UserId>, Error> {
    let reaches = access::Reaches::of(tx, OVERSEE).await?;
    let people = people::active(tx).await?;
    let overseers: Vec<_> = people.into_iter().filter(|one| reaches.reach(&one.id, None, Some(department))).collect();
    let there = overseers.iter().find(|one| one.department_id.as_ref() == Some(department));
    // Whoever belongs to no department looks after the program rather than the business.
    let elsewhere = || overseers.iter().find(|one| one.department_id.is_some());
    let found = there.or_else(elsewhere).or(overseers.first()).map(|one| one.id.clone());
    Ok(found.or_else(|| complaint.owner_id.clone()))
}
