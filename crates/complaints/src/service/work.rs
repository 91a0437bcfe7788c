//! A complaint while somebody changes it: loaded and locked, changed, then written with all that the change causes.

use base::{Actor, Error, Permission};
use calendar::Calendar;
use db::{Tx, audit, outbox, settings};
use serde_json::{Value, json};

use super::{Complaints, quality_events};
use crate::complaint::{ComplaintId, Model};
use crate::policy::{Policy, SETTINGS};
use crate::words::EntryKind;
use crate::{clocks, entry, events, store};

pub(super) struct Work {
    pub complaint: Model,
    /// As it was loaded.
    pub before: Model,
    pub calendar: Calendar,
    pub policy: Policy,
    entries: Vec<entry::Model>,
    events: Vec<&'static str>,
    audits: Vec<(&'static str, Value)>,
}

impl Work {
    /// `version`: the one that the actor has read; `None` for the program's own jobs.
    ///
    /// # Errors
    /// `NotFound` out of reach, `Conflict` when somebody changed it since.
    pub async fn open(
        tx: &Tx,
        actor: &Actor,
        permission: Permission,
        id: &ComplaintId,
        version: Option<i64>,
    ) -> Result<Self, Error> {
        actor.require(permission)?;
        // Whoever may not see it learns nothing of what else he may do.
        let seen = store::lock(tx, actor, crate::VIEW, id).await?;
        let complaint = match permission == crate::VIEW {
            true => seen,
            false => store::get(tx, actor, permission, id).await?,
        };
        if version.is_some_and(|version| version != complaint.version) {
            return Err(Error::Conflict);
        }
        let calendar = store::people::calendar(tx, &complaint.department_id).await?;
        let policy = settings::get(tx, SETTINGS).await?;
        let before = complaint.clone();
        Ok(Self { complaint, before, calendar, policy, entries: Vec::new(), events: Vec::new(), audits: Vec::new() })
    }

    /// A line of the history.
    pub fn enter(&mut self, actor: &Actor, kind: EntryKind, text: &str) -> &mut entry::Model {
        let line = entry_of(actor, &self.complaint, kind, text);
        self.entries.push(line);
        let last = self.entries.len() - 1;
        &mut self.entries[last]
    }

    pub fn happened(&mut self, event: &'static str) {
        self.events.push(event);
    }

    pub fn audit(&mut self, action: &'static str, detail: Value) {
        self.audits.push((action, detail));
    }

    /// Writes all of it. The version that the complaint has then.
    ///
    /// # Errors
    /// When the database refuses the write.
    pub async fn save(mut self, tx: &Tx, actor: &Actor) -> Result<Model, Error> {
        let version = self.before.version;
        clocks::settle(&mut self.complaint, &self.calendar, &self.policy, actor.now)?;
        self.complaint.version = version + 1;
        self.complaint.updated_at = actor.now;
        store::save(tx, &self.complaint, version).await?;
        for line in &mut self.entries {
            line.version = version + 1;
            line.round = self.complaint.round;
        }
        let id = self.complaint.id.clone();
        // What it is counted by is its cause and its shipments, and two of the same count once.
        let counted_anew = self.entries.iter().any(|line| {
            matches!(line.kind, EntryKind::Cause | EntryKind::Shipments | EntryKind::Merged | EntryKind::TookIn)
        });
        store::add_entries(tx, &id, self.entries).await?;
        for (action, detail) in self.audits {
            audit::record(tx, actor, action, "complaint", id.as_str(), detail).await?;
        }
        for event in self.events {
            outbox::add(tx, actor.now, events::of(event, &self.complaint)).await?;
        }
        if counted_anew {
            quality_events::look(tx, actor, &self.complaint).await?;
        }
        Ok(self.complaint)
    }
}

pub(crate) fn entry_of(actor: &Actor, complaint: &Model, kind: EntryKind, text: &str) -> entry::Model {
    entry::Model {
        complaint_id: complaint.id.clone(),
        no: 0,
        version: complaint.version,
        round: complaint.round,
        kind,
        step: None,
        at: actor.now,
        by_id: actor.user_id().cloned(),
        by_name: actor.name.clone(),
        text: text.trim().to_owned(),
        told: String::new(),
        told_at: None,
        told_how: None,
        took: None,
    }
}

impl Complaints {
    /// Opens, changes and saves a complaint in one transaction.
    pub(super) async fn change(
        &self,
        actor: &Actor,
        permission: Permission,
        id: &ComplaintId,
        version: i64,
        change: impl FnOnce(&mut Work) -> Result<(), Error>,
    ) -> Result<Model, Error> {
        let tx = self.db.begin().await?;
        let mut work = Work::open(&tx, actor, permission, id, Some(version)).await?;
        change(&mut work)?;
        let saved = work.save(&tx, actor).await?;
        self.db.commit(tx).await?;
        Ok(saved)
    }
}

/// What the audit keeps of a change without more to say.
pub(super) fn of(complaint: &Model) -> Value {
    json!({"number": complaint.number, "status": complaint.status})
}
