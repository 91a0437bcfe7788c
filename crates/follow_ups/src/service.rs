//! One method per business verb.

mod doing;

use std::collections::BTreeMap;

use base::{Actor, Cursor, CustomerId, Error, Page, PageSize, UserId};
use complaints::Complaints;
use complaints::complaint::ComplaintId;
use complaints::words::Status as Stands;
use customers::{Brief, Customers, interaction};
use db::Db;

use crate::follow_up::{FollowUpId, Kind, Model, Occasion, Status};
use crate::store::{self, Which, of_complaints};
use crate::{DO, VIEW, rules};

pub(crate) use doing::{done_with, open_again};

/// Complaints that one run of the job opens again.
const AT_ONCE: u64 = 100;
/// What was said before, on the page of one.
const LAST_SAID: u64 = 5;

#[derive(Clone, Debug)]
pub struct FollowUps {
    db: Db,
    complaints: Complaints,
}

/// A follow-up with whom it concerns.
#[derive(Clone, Debug)]
pub struct FollowUpFile {
    pub follow_up: Model,
    pub customer: Brief,
    /// Who should do it; empty: nobody owns the customer.
    pub person: String,
    /// The complaint's number, when the actor may see it.
    pub complaint: String,
    /// The newest first; in a list only that one.
    pub last_said: Vec<interaction::Model>,
    pub may_do: bool,
}

impl FollowUps {
    pub fn new(db: Db, complaints: Complaints) -> Self {
        Self { db, complaints }
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(
        &self,
        actor: &Actor,
        which: Which,
        kind: Option<Kind>,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<Page<FollowUpFile>, Error> {
        actor.require(VIEW)?;
        let found = store::list(self.db.read(), actor, which, kind, after, size).await?;
        let rows = self.files(actor, found.rows, 1).await?;
        Ok(Page { rows, next: found.next })
    }

    /// How many are due, and how many come later.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn counts(&self, actor: &Actor) -> Result<(u64, u64), Error> {
        actor.require(VIEW)?;
        let db = self.db.read();
        Ok((store::count(db, actor, Which::Due).await?, store::count(db, actor, Which::Planned).await?))
    }

    /// # Errors
    /// `Forbidden` without the permission, `NotFound` out of reach.
    pub async fn get(&self, actor: &Actor, id: &FollowUpId) -> Result<FollowUpFile, Error> {
        actor.require(VIEW)?;
        let follow_up = store::get(self.db.read(), actor, VIEW, id).await?;
        let customer = follow_up.customer_id.clone();
        let mut file = self.files(actor, vec![follow_up], LAST_SAID).await?.pop().ok_or(Error::NotFound)?;
        for permission in [DO, customers::LOG] {
            match customers::store::get(self.db.read(), actor, permission, &customer).await {
                Ok(_) => {}
                Err(Error::NotFound) => file.may_do = false,
                Err(error) => return Err(error),
            }
        }
        Ok(file)
    }

    /// Opens the complaints again whose customers said that they are not content. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reopen_waiting(&self, actor: &Actor) -> Result<usize, Error> {
        let waiting = of_complaints::to_reopen(self.db.read(), AT_ONCE).await?;
        for follow_up in &waiting {
            match self.reopen(actor, follow_up).await {
                // Whoever writes the complaint at the same moment is first; the next run tries again.
                Ok(()) | Err(Error::Conflict) => {}
                Err(error) => {
                    tracing::error!(follow_up.id = %follow_up.id, %error, "Complaint could not be opened again");
                }
            }
        }
        Ok(waiting.len())
    }

    /// Stopped between the two writes, the next run finds the complaint in a later round and only settles.
    async fn reopen(&self, actor: &Actor, follow_up: &Model) -> Result<(), Error> {
        let own = Actor::system("follow_ups", actor.now);
        let id = ComplaintId(follow_up.object_id.clone());
        let complaint = complaints::store::get(self.db.read(), &own, complaints::VIEW, &id).await?;
        let is_over = matches!(complaint.status, Stands::Resolved | Stands::Closed);
        if is_over && complaint.round == follow_up.round {
            // What was logged on the worklist may be longer than a complaint's reason.
            let reason: String = follow_up.result.chars().take(rules::LONGEST).collect();
            self.complaints.reopen(&own, &id, complaint.version, &reason).await?;
        }
        let tx = self.db.begin().await?;
        of_complaints::settle(&tx, follow_up).await?;
        self.db.commit(tx).await
    }

    async fn files(&self, actor: &Actor, rows: Vec<Model>, said: u64) -> Result<Vec<FollowUpFile>, Error> {
        let db = self.db.read();
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.customer_id.clone()).collect();
        let customers: BTreeMap<CustomerId, Brief> = customers::briefly(db, actor, &ids).await?;
        let owners = customers.values().filter_map(|brief| brief.owner_id.clone());
        let persons: Vec<UserId> = rows.iter().filter_map(|row| row.person_id.clone()).chain(owners).collect();
        let names = Customers::new(self.db.clone()).names_of(persons).await?;
        let about = |row: &&Model| row.object == Occasion::Complaint;
        let complaints: Vec<String> = rows.iter().filter(about).map(|row| row.object_id.clone()).collect();
        let mut numbers = BTreeMap::new();
        if actor.has(complaints::VIEW) {
            numbers.extend(complaints::store::numbers(db, actor, &complaints).await?);
        }
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(customer) = customers.get(&row.customer_id).cloned() else { continue };
            let person = row.person_id.as_ref().or(customer.owner_id.as_ref());
            files.push(FollowUpFile {
                person: person.and_then(|id| names.get(id)).cloned().unwrap_or_default(),
                complaint: numbers.get(&row.object_id).cloned().unwrap_or_default(),
                last_said: store::last_said(db, &row.customer_id, said).await?,
                may_do: row.status == Status::Planned && actor.has(DO),
                customer,
                follow_up: row,
            });
        }
        Ok(files)
    }
}
