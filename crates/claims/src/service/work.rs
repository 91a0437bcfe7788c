//! A claim while somebody changes it: loaded and locked, changed, then written with all that the change causes.

use base::{Actor, Day, Error, Money, Permission};
use db::{Tx, audit, outbox, settings};
use serde_json::{Value, json};

use super::Claims;
use crate::claim::{ClaimId, Model};
use crate::entry::{self, EntryKind};
use crate::policy::{Policy, SETTINGS};
use crate::{events, rules, store};

/// What attachments, approvals and the audit call a claim.
pub(crate) const OBJECT: &str = "claim";

pub(super) struct Work {
    pub claim: Model,
    version: i64,
    lines: Vec<entry::Model>,
    events: Vec<&'static str>,
    audits: Vec<(&'static str, Value)>,
}

impl Work {
    /// `version`: the one that the actor has read; `None` for what the program does itself.
    ///
    /// # Errors
    /// `NotFound` out of reach, `Conflict` when somebody changed it since.
    pub async fn open(
        tx: &Tx,
        actor: &Actor,
        permission: Permission,
        id: &ClaimId,
        version: Option<i64>,
    ) -> Result<Self, Error> {
        actor.require(permission)?;
        // Whoever may not see it learns nothing of what else he may do.
        let claim = store::lock(tx, actor, crate::VIEW, id).await?;
        if permission != crate::VIEW {
            store::get(tx, actor, permission, id).await?;
        }
        if version.is_some_and(|version| version != claim.version) {
            return Err(Error::Conflict);
        }
        Ok(Self { version: claim.version, claim, lines: Vec::new(), events: Vec::new(), audits: Vec::new() })
    }

    /// A line of the history.
    pub fn enter(&mut self, actor: &Actor, kind: EntryKind, text: &str) -> &mut entry::Model {
        self.lines.push(line(actor, &self.claim, kind, text));
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// A line about money, on its day.
    pub fn enter_money(&mut self, actor: &Actor, kind: EntryKind, text: &str, money: Money, on: Option<Day>) {
        let line = self.enter(actor, kind, text);
        (line.minor, line.on_day) = (Some(money.minor), on);
    }

    pub fn happened(&mut self, event: &'static str) {
        self.events.push(event);
    }

    pub fn audit(&mut self, action: &'static str, detail: Value) {
        self.audits.push((action, detail));
    }

    /// The n-th working day of the customer's department from today on.
    pub async fn workday(&self, tx: &Tx, actor: &Actor, of: fn(&Policy) -> u32) -> Result<Day, Error> {
        let policy: Policy = settings::get(tx, SETTINGS).await?;
        let (_, department) = store::owner_of(tx, &self.claim.customer_id).await?;
        let calendar = store::calendar(tx, department.as_ref()).await?;
        Ok(workday(&calendar, actor.today(), of(&policy)))
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When the database refuses the write.
    pub async fn save(mut self, tx: &Tx, actor: &Actor) -> Result<Model, Error> {
        self.claim.version = self.version + 1;
        self.claim.updated_at = actor.now;
        self.claim.due_order = rules::due_order(&self.claim);
        store::save(tx, &self.claim).await?;
        let id = self.claim.id.clone();
        store::add_entries(tx, &id, self.lines).await?;
        for (action, detail) in self.audits {
            audit::record(tx, actor, action, OBJECT, id.as_str(), detail).await?;
        }
        for event in self.events {
            outbox::add(tx, actor.now, events::of(event, &self.claim)).await?;
        }
        Ok(self.claim)
    }
}

/// Without working days within ten years, so many days of the calendar: a claim is never without a last day.
pub(super) fn workday(calendar: &calendar::Calendar, from: Day, days: u32) -> Day {
    let plain = || from.checked_add_days(chrono::Days::new(u64::from(days))).unwrap_or(from);
    calendar.workday_after(from, days).answer.unwrap_or_else(plain)
}

pub(super) fn line(actor: &Actor, claim: &Model, kind: EntryKind, text: &str) -> entry::Model {
    entry::Model {
        claim_id: claim.id.clone(),
        no: 0,
        customer_id: claim.customer_id.clone(),
        kind,
        at: actor.now,
        by_id: actor.user_id().cloned(),
        by_name: actor.name.clone(),
        text: text.trim().to_owned(),
        minor: None,
        currency: claim.currency,
        on_day: None,
    }
}

/// What the audit keeps of a change without more to say.
pub(super) fn of(claim: &Model) -> Value {
    json!({"number": claim.number, "status": claim.status})
}

impl Claims {
    /// Opens, changes and saves a claim in one transaction.
    pub(super) async fn change(
        &self,
        actor: &Actor,
        permission: Permission,
        id: &ClaimId,
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
