//! One method per business verb.

mod figures;
mod job;
mod log;
pub(crate) mod quality;
pub(crate) mod quality_events;
mod sheet;
pub(crate) mod silent;
mod steps;
mod together;
mod work;

use std::collections::BTreeMap;

use approvals::Approvals;
use base::{Actor, Currency, Error, Page, PageSize, UserId};
use db::{Db, audit, settings};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::complaint::{ComplaintId, Model};
use crate::evidence::Desk;
use crate::policy::{Policy, SETTINGS};
use crate::store::{self, list};
use crate::told::{self, Wordings};
use crate::{entry, link};

pub use log::log_in;
pub use quality_events::{QualityFile, QualityListed};
pub(crate) use work::entry_of;

#[derive(Clone, Debug)]
pub struct Complaints {
    db: Db,
    approvals: Approvals,
    desk: Option<Desk>,
}

/// A complaint with what belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComplaintFile {
    #[serde(flatten)]
    pub complaint: Model,
    pub customer_name: String,
    pub owner_name: String,
    pub department_name: String,
    pub shipments: Vec<link::Model>,
    /// The newest first.
    pub entries: Vec<entry::Model>,
}

/// A complaint as a list shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ComplaintListed)]
pub struct Listed {
    #[serde(flatten)]
    pub complaint: Model,
    pub customer_name: String,
    pub owner_name: String,
}

impl Complaints {
    pub fn new(db: Db) -> Self {
        Self { approvals: Approvals::new(db.clone()), db, desk: None }
    }

    /// For the pages; without it nothing can be attached and no card be read.
    #[must_use]
    pub fn with(self, desk: Desk) -> Self {
        Self { desk: Some(desk), ..self }
    }

    pub(crate) fn desk(&self) -> Result<&Desk, Error> {
        self.desk.as_ref().ok_or_else(|| Error::Unavailable("complaints have no desk".into()))
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn policy(&self) -> Result<Policy, Error> {
        settings::get(self.db.read(), SETTINGS).await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(&self, actor: &Actor, filter: &list::Filter, size: PageSize) -> Result<Page<Listed>, Error> {
        actor.require(crate::VIEW)?;
        let page = list::list(self.db.read(), actor, filter, size).await?;
        let next = page.next;
        let rows = named(self.db.read(), actor, page.rows).await?;
        Ok(Page { rows, next })
    }

    /// The open ones by status: how many, and what is due first.
    ///
    /// # Errors
    /// As `list`.
    pub async fn board(
        &self,
        actor: &Actor,
        filter: &list::Filter,
    ) -> Result<Vec<(list::InStatus, Vec<Listed>)>, Error> {
        actor.require(crate::VIEW)?;
        let mut columns = Vec::new();
        for mut column in list::board(self.db.read(), actor, filter).await? {
            let rows = named(self.db.read(), actor, std::mem::take(&mut column.rows)).await?;
            columns.push((column, rows));
        }
        Ok(columns)
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's reach.
    pub async fn file(&self, actor: &Actor, id: &ComplaintId) -> Result<ComplaintFile, Error> {
        actor.require(crate::VIEW)?;
        let db = self.db.read();
        let complaint = store::get(db, actor, crate::VIEW, id).await?;
        let department = store::people::department(db, &complaint.department_id).await?;
        let shipments = store::shipments_of(db, id).await?;
        let entries = store::entries_of(db, id).await?;
        let Some(listed) = named(db, actor, vec![complaint]).await?.pop() else { return Err(Error::NotFound) };
        Ok(ComplaintFile {
            department_name: department.map(|one| one.name).unwrap_or_default(),
            customer_name: listed.customer_name,
            owner_name: listed.owner_name,
            complaint: listed.complaint,
            shipments,
            entries,
        })
    }

    /// What the customer is told at each step.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn wordings(&self) -> Result<Wordings, Error> {
        settings::get(self.db.read(), told::SETTINGS).await
    }

    /// Changes what the customer is told. `wordings.version`: the one that was read.
    ///
    /// # Errors
    /// `Invalid` for a field that nobody knows, `Conflict` when somebody changed the texts first.
    pub async fn set_wordings(&self, actor: &Actor, wordings: Wordings) -> Result<(), Error> {
        actor.require(crate::TEXTS)?;
        let both = [("zh", &wordings.chinese), ("en", &wordings.english)];
        let problems: Vec<_> = both
            .into_iter()
            .flat_map(|(language, texts)| texts.iter().map(move |(step, text)| (format!("{step}_{language}"), text)))
            .filter_map(|(field, text)| told::problem(&field, text))
            .collect();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let tx = self.db.begin().await?;
        let before: Wordings = settings::get(&tx, told::SETTINGS).await?;
        if before.version != wordings.version {
            return Err(Error::Conflict);
        }
        let after = Wordings { version: before.version + 1, ..wordings };
        settings::put(&tx, actor, told::SETTINGS, &after).await?;
        let detail = json!({"before": before, "after": after});
        audit::record(&tx, actor, "complaint.texts_changed", "settings", told::SETTINGS, detail).await?;
        self.db.commit(tx).await
    }

    /// The firm's own currency.
    pub(crate) async fn reporting(&self) -> Result<Currency, Error> {
        self.approvals.reporting().await
    }

    /// Those who may be given a complaint of this customer: who reaches it, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn possible_owners(&self, customer: &customers::customer::Model) -> Result<Vec<(UserId, String)>, Error> {
        let db = self.db.read();
        let reaches = access::Reaches::of(db, crate::HANDLE).await?;
        let people = store::people::active(db).await?;
        let reached = |id: &UserId| reaches.reach(id, customer.owner_id.as_ref(), customer.department_id.as_ref());
        Ok(people.into_iter().filter(|one| reached(&one.id)).map(|one| (one.id, one.name)).collect())
    }
}

/// With the names of customer and owner, in the same order.
async fn named(db: &impl ConnectionTrait, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Listed>, Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.customer_id.clone()).collect();
    let customers = customers::briefly(db, actor, &ids).await?;
    let owners: BTreeMap<UserId, String> =
        store::people::names(db, rows.iter().filter_map(|row| row.owner_id.clone())).await?;
    let listed = |complaint: Model| Listed {
        customer_name: customers.get(&complaint.customer_id).map(|brief| brief.name.clone()).unwrap_or_default(),
        owner_name: complaint.owner_id.as_ref().and_then(|id| owners.get(id)).cloned().unwrap_or_default(),
        complaint,
    };
    Ok(rows.into_iter().map(listed).collect())
}
