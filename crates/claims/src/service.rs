//! One method per business verb.

mod decide;
mod files;
mod payout;
mod raise;
mod work;

use std::collections::BTreeMap;

use approvals::Approvals;
use attachments::Attachments;
use base::{Actor, Currency, Error, Instant, Page, PageSize, UserId};
use calendar::{Calendar, WorkingTime};
use chrono::{Duration, NaiveTime};
use customers::customer;
use db::{Db, settings};
use serde::Serialize;
use shipments::{Rates, Shipments, Sum};
use utoipa::ToSchema;

use crate::claim::{ClaimId, Model};
use crate::policy::{Policy, SETTINGS};
use crate::store::{self, list};
use crate::{HANDLE, VIEW, entry, rules};

pub(crate) use work::OBJECT;

/// The firm's clocks are at UTC+8.
const ZONE_HOURS: i64 = 8;

#[derive(Clone, Debug)]
pub struct Claims {
    db: Db,
    approvals: Approvals,
    attachments: Attachments,
}

/// A claim as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub claim: Model,
    pub customer_name: String,
    pub owner_name: String,
    /// Working time until it must be decided or paid; negative when that is over. `None` when nothing runs.
    pub left: Option<WorkingTime>,
    /// The last day is over.
    pub over: bool,
    /// Years of which the calendar knows no holidays.
    pub unknown_years: Vec<i32>,
}

/// A claim with its history, the newest first.
#[derive(Clone, Debug)]
pub struct ClaimFile {
    pub listed: Listed,
    pub entries: Vec<entry::Model>,
}

/// What claims cost us with a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerCost {
    /// Paid less recovered, minor units of the reporting currency, each at the rate of its day.
    pub minor: i64,
    #[schema(value_type = String)]
    pub currency: Currency,
    /// What has no rate and is not in it.
    pub apart: Vec<Apart>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ClaimCostApart)]
pub struct Apart {
    pub minor: i64,
    #[schema(value_type = String)]
    pub currency: Currency,
}

impl Claims {
    pub fn new(db: Db, attachments: Attachments) -> Self {
        Self { approvals: Approvals::new(db.clone()), attachments, db }
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    pub fn attachments(&self) -> &Attachments {
        &self.attachments
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn policy(&self) -> Result<Policy, Error> {
        settings::get(self.db.read(), SETTINGS).await
    }

    /// What is offered first in the form.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reporting(&self) -> Result<Currency, Error> {
        self.approvals.reporting().await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(&self, actor: &Actor, filter: &list::Filter, size: PageSize) -> Result<Page<Listed>, Error> {
        actor.require(VIEW)?;
        let page = list::list(self.db.read(), actor, filter, size).await?;
        let next = page.next;
        Ok(Page { rows: self.named(actor, page.rows).await?, next })
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's reach.
    pub async fn file(&self, actor: &Actor, id: &ClaimId) -> Result<ClaimFile, Error> {
        actor.require(VIEW)?;
        let claim = store::get(self.db.read(), actor, VIEW, id).await?;
        let entries = store::entries_of(self.db.read(), id).await?;
        let listed = self.named(actor, vec![claim]).await?.pop().ok_or(Error::NotFound)?;
        Ok(ClaimFile { listed, entries })
    }

    /// Everything that was paid to the customer, less all that came back.
    ///
    /// # Errors
    /// `NotFound` for a customer out of the actor's reach.
    pub async fn cost(&self, actor: &Actor, customer: &base::CustomerId) -> Result<CustomerCost, Error> {
        actor.require(VIEW)?;
        customers::store::get(self.db.read(), actor, VIEW, customer).await?;
        let rates = self.rates().await?;
        Ok(CustomerCost::from(rates.sum(store::money::moved(self.db.read(), customer).await?)))
    }

    async fn rates(&self) -> Result<Rates, Error> {
        let reporting = Shipments::new(self.db.clone()).policy().await?.reporting;
        shipments::store::rates::into(self.db.read(), reporting).await
    }

    /// Those who may be given a claim of this customer: who reaches it, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn possible_owners(&self, claim: &Model) -> Result<Vec<(UserId, String)>, Error> {
        let db = self.db.read();
        let reaches = access::Reaches::of(db, HANDLE).await?;
        let (owner, department) = store::owner_of(db, &claim.customer_id).await?;
        let all = customers::store::possible_owners(db).await?.into_iter();
        let people = all.map(|person| (UserId(person.id), person.name));
        Ok(people.filter(|(id, _)| reaches.reach(id, owner.as_ref(), department.as_ref())).collect())
    }

    /// With names and clocks, in the same order.
    async fn named(&self, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Listed>, Error> {
        let db = self.db.read();
        let ids: Vec<_> = rows.iter().map(|row| row.customer_id.clone()).collect();
        let names = shipments::store::names_of(db, ids.iter().cloned()).await?;
        let some: Vec<&str> = ids.iter().map(base::CustomerId::as_str).collect();
        let departments = exceptions::store::owners(db, &some).await?;
        let people: Vec<UserId> = rows.iter().filter_map(|row| row.owner_id.clone()).collect();
        let people = customers::store::people(db, people).await?;
        let people: BTreeMap<String, String> = people.into_iter().map(|one| (one.id, one.name)).collect();
        let mut calendars = BTreeMap::new();
        let mut all = Vec::with_capacity(rows.len());
        for claim in rows {
            let department = departments.get(&claim.customer_id).and_then(|(_, department)| department.clone());
            if !calendars.contains_key(&department) {
                calendars.insert(department.clone(), store::calendar(db, department.as_ref()).await?);
            }
            let (left, unknown_years) =
                calendars.get(&department).map(|calendar| left(&claim, calendar, actor.now)).unwrap_or_default();
            let owner = claim.owner_id.as_ref().and_then(|id| people.get(id.as_str())).cloned();
            all.push(Listed {
                customer_name: names.get(&claim.customer_id).cloned().unwrap_or_default(),
                owner_name: owner.unwrap_or_default(),
                over: rules::due(&claim).is_some_and(|day| actor.today() > day),
                left,
                unknown_years,
                claim,
            });
        }
        Ok(all)
    }
}

/// Working time until the end of the last day, and the years of which no holidays are known.
fn left(claim: &Model, calendar: &Calendar, now: Instant) -> (Option<WorkingTime>, Vec<i32>) {
    let Some(day) = rules::due(claim) else { return (None, Vec::new()) };
    let end = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN).and_utc();
    let end = end.checked_sub_signed(Duration::hours(ZONE_HOURS)).unwrap_or(end);
    let told = calendar.between(now.min(end), now.max(end), &[]);
    let left = if now < end { told.answer } else { -told.answer };
    (Some(WorkingTime::from(left)), told.unknown_years)
}

impl From<Sum> for CustomerCost {
    fn from(sum: Sum) -> Self {
        let apart = sum.apart.into_iter().filter(|(_, minor)| *minor != 0);
        let apart = apart.map(|(currency, minor)| Apart {
            minor: i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX }),
            currency,
        });
        Self { minor: sum.total.minor, currency: sum.total.currency, apart: apart.collect() }
    }
}

/// What a claim of this customer needs to be raised: who he is, and that the actor reaches him.
async fn customer_of(
    db: &impl sea_orm::ConnectionTrait,
    actor: &Actor,
    id: &base::CustomerId,
) -> Result<customer::Model, Error> {
    customers::store::get(db, actor, crate::RAISE, id).await
}
