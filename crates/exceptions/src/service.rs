//! One method per business verb.

mod by_hand;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use access::Reaches;
use base::{Actor, CustomerId, DepartmentId, Error, Event, Instant, Message, Page, PageSize, UserId};
use calendar::{WorkingTime, calendar_of};
use db::{Db, Tx, audit, outbox};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::exception::{ExceptionId, Liable, Model, VoidCause};
use crate::rules::{self, Refusal};
use crate::store::{self, figures, list};
use crate::{HANDLE, VIEW, raise, tell};

pub use by_hand::ExceptionDraft;
pub use settings::{ThresholdDraft, ThresholdListed};

/// Exceptions that one act may handle.
pub const MOST_TOGETHER: usize = 200;

#[derive(Clone, Debug)]
pub struct Exceptions {
    db: Db,
}

/// An exception with what is said about it.
#[derive(Clone, Debug)]
pub struct File {
    pub exception: Model,
    pub customer: String,
    pub waybill: String,
    pub owner: String,
    /// Working time until the customer must have been told; negative when it is over. `None` when he was.
    pub left: Option<WorkingTime>,
    /// Years of which the calendar knows no holidays.
    pub unknown_years: Vec<i32>,
}

/// A row of the list: the first of its group, and how many there are.
#[derive(Clone, Debug)]
pub struct Listed {
    pub file: File,
    pub count: u64,
}

/// Which one, as it stood when whoever acts has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub id: ExceptionId,
    pub version: i64,
}

impl Exceptions {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(&self, actor: &Actor, filter: &list::Filter, size: PageSize) -> Result<Page<Listed>, Error> {
        actor.require(VIEW)?;
        let page = list::list(self.db.read(), actor, filter, size).await?;
        let next = page.next.clone();
        let (models, counts): (Vec<_>, Vec<_>) = page.rows.into_iter().unzip();
        let files = self.files(actor, models).await?;
        let rows = files.into_iter().zip(counts).map(|(file, count)| Listed { file, count }).collect();
        Ok(Page { rows, next })
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's scope.
    pub async fn file(&self, actor: &Actor, id: &ExceptionId) -> Result<File, Error> {
        actor.require(VIEW)?;
        let one = store::get(self.db.read(), actor, id).await?;
        self.files(actor, vec![one]).await?.pop().ok_or(Error::NotFound)
    }

    /// What is open of a group, the first due first.
    ///
    /// # Errors
    /// `NotFound` when there is nothing, or nothing that the actor may see.
    pub async fn group(&self, actor: &Actor, key: &str) -> Result<Vec<File>, Error> {
        actor.require(VIEW)?;
        let all = list::group(self.db.read(), actor, key, MOST_TOGETHER as u64).await?;
        if all.is_empty() {
            return Err(Error::NotFound);
        }
        self.files(actor, all).await
    }

    /// With names and clocks; in the same order.
    pub(crate) async fn files(&self, actor: &Actor, all: Vec<Model>) -> Result<Vec<File>, Error> {
        let db = self.db.read();
        let customers: BTreeSet<CustomerId> = all.iter().map(|one| one.customer_id.clone()).collect();
        let ids: Vec<&str> = customers.iter().map(CustomerId::as_str).collect();
        let names = shipments::store::names_of(db, customers.iter().cloned()).await?;
        let owners = store::owners(db, &ids).await?;
        let waybills = all.iter().map(|one| one.shipment_id.clone()).collect();
        let waybills = shipments::store::waybills_of(db, waybills).await?;
        let people: BTreeSet<UserId> = all.iter().filter_map(|one| one.owner_id.clone()).collect();
        let people = customers::store::people(db, people.into_iter().collect()).await?;
        let people: BTreeMap<String, String> = people.into_iter().map(|one| (one.id, one.name)).collect();
        let mut calendars = BTreeMap::new();
        let mut files = Vec::with_capacity(all.len());
        for exception in all {
            let department: Option<DepartmentId> =
                owners.get(&exception.customer_id).and_then(|(_, department)| department.clone());
            let (left, unknown_years) = match exception.is_untold() {
                true => {
                    if !calendars.contains_key(&department) {
                        let calendar = match calendar_of(db, department.as_ref()).await {
                            Err(Error::NotFound) => calendar_of(db, None).await?,
                            other => other?,
                        };
                        calendars.insert(department.clone(), calendar);
                    }
                    calendars.get(&department).map_or_else(Default::default, |calendar| {
                        let (now, due) = (actor.now, exception.tell_by);
                        let told = calendar.between(now.min(due), now.max(due), &[]);
                        let left = if now <= due { told.answer } else { -told.answer };
                        (Some(WorkingTime::from(left)), told.unknown_years)
                    })
                }
                false => Default::default(),
            };
            files.push(File {
                customer: names.get(&exception.customer_id).cloned().unwrap_or_default(),
                waybill: waybills.get(&exception.shipment_id).cloned().unwrap_or_default(),
                owner: exception.owner_id.as_ref().and_then(|id| people.get(id.as_str())).cloned().unwrap_or_default(),
                left,
                unknown_years,
                exception,
            });
        }
        Ok(files)
    }

    /// Writes down that customers were told, each in his own words. All or none; several must be of one group.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Conflict` when somebody changed one since it was read, `Invalid` for a time in the
    /// future or a text that is missing, or a refusal.
    pub async fn tell(
        &self,
        actor: &Actor,
        way: tell::Way,
        tellings: Vec<(Seen, String)>,
    ) -> Result<Vec<Model>, Error> {
        actor.require(HANDLE)?;
        actor.require(customers::LOG)?;
        let at = rules::past("at", way.at, actor.now)?;
        let texts: BTreeMap<ExceptionId, String> = tellings
            .iter()
            .map(|(seen, text)| Ok((seen.id.clone(), rules::text("text", text)?)))
            .collect::<Result<_, Error>>()?;
        let seen: Vec<Seen> = tellings.into_iter().map(|(seen, _)| seen).collect();
        let tx = self.db.begin().await?;
        let all = held(&tx, actor, &seen).await?;
        one_group(&all)?;
        let all = all.into_iter().map(|one| {
            let text = texts.get(&one.exception_id()).cloned().unwrap_or_default();
            (one, text)
        });
        let told = tell::tell(&tx, actor, tell::Way { at, ..way }, all.collect()).await?;
        self.db.commit(tx).await?;
        Ok(told)
    }

    /// The customer asked before we had told him.
    ///
    /// # Errors
    /// As `tell`.
    pub async fn asked(&self, actor: &Actor, seen: &Seen, at: Instant) -> Result<Model, Error> {
        let at = rules::past("at", at, actor.now)?;
        self.change(actor, seen, "exception.customer_asked", |one| rules::asked(one, at)).await
    }

    /// # Errors
    /// As `tell`.
    pub async fn start(&self, actor: &Actor, seen: &Seen) -> Result<Model, Error> {
        self.change(actor, seen, "exception.solving", rules::start).await
    }

    /// Who answers for it, also after it was solved.
    ///
    /// # Errors
    /// As `tell`.
    pub async fn blame(&self, actor: &Actor, seen: &Seen, liable: Liable) -> Result<Model, Error> {
        self.change(actor, seen, "exception.blamed", |one| rules::blame(one, liable)).await
    }

    /// It was none.
    ///
    /// # Errors
    /// As `tell`.
    pub async fn void(&self, actor: &Actor, seen: &Seen, why: &str) -> Result<Model, Error> {
        let why = rules::text("why", why)?;
        self.change(actor, seen, "exception.voided", |one| rules::void(one, VoidCause::ByHand, why, actor)).await
    }

    /// Gives it to somebody else who may handle it.
    ///
    /// # Errors
    /// As `tell`, and `Invalid` for somebody who may not.
    pub async fn hand_over(&self, actor: &Actor, seen: &Seen, to: &UserId) -> Result<Model, Error> {
        actor.require(HANDLE)?;
        let one = store::get(self.db.read(), actor, &seen.id).await?;
        if self.possible_owners(&one).await?.iter().all(|(id, _)| id != to) {
            return Err(Error::invalid("owner", Message::new("exception-owner_cannot")));
        }
        self.change(actor, seen, "exception.handed_over", |one| rules::hand_over(one, to.clone())).await
    }

    /// Id and name of everybody who may handle it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn possible_owners(&self, exception: &Model) -> Result<Vec<(UserId, String)>, Error> {
        let db = self.db.read();
        let reaches = Reaches::of(db, HANDLE).await?;
        let owners = store::owners(db, &[exception.customer_id.as_str()]).await?;
        let (owner, department) = owners.get(&exception.customer_id).cloned().unwrap_or_default();
        let all = customers::store::possible_owners(db).await?.into_iter();
        let reached = all.map(|person| (UserId(person.id), person.name));
        Ok(reached.filter(|(id, _)| reaches.reach(id, owner.as_ref(), department.as_ref())).collect())
    }

    /// Solved the same way; several must be of one group. All or none.
    ///
    /// # Errors
    /// As `tell`.
    pub async fn solve(
        &self,
        actor: &Actor,
        seen: &[Seen],
        solution: &str,
        liable: Option<Liable>,
    ) -> Result<Vec<Model>, Error> {
        actor.require(HANDLE)?;
        let solution = rules::text("solution", solution)?;
        let tx = self.db.begin().await?;
        let all = held(&tx, actor, seen).await?;
        one_group(&all)?;
        let mut solved = Vec::new();
        for before in all {
            let after = rules::solve(before.clone(), solution.clone(), actor).map_err(Error::refused)?;
            let after = Model { liable: liable.unwrap_or(after.liable), ..after };
            let after = save(&tx, actor, &before, after, "exception.solved").await?;
            outbox::add(&tx, actor.now, Event::new("exception.solved", raise::told(&after))).await?;
            solved.push(after);
        }
        self.db.commit(tx).await?;
        Ok(solved)
    }

    /// How often customers were told before they asked; months are `2026-11`, both included.
    ///
    /// # Errors
    /// `Forbidden` without the permission, `Invalid` for a month that is none.
    pub async fn told_first(
        &self,
        actor: &Actor,
        by: figures::By,
        months: (&str, &str),
        customer: Option<&CustomerId>,
    ) -> Result<Vec<figures::Row>, Error> {
        actor.require(VIEW)?;
        for (field, month) in [("from", months.0), ("to", months.1)] {
            if format!("{month}-01").parse::<base::Day>().is_err() || month.len() != 7 {
                return Err(Error::invalid(field, Message::new("exception-month_unreadable")));
            }
        }
        figures::told_first(self.db.read(), actor, by, months, customer).await
    }

    async fn change(
        &self,
        actor: &Actor,
        seen: &Seen,
        action: &str,
        rule: impl FnOnce(Model) -> Result<Model, Refusal>,
    ) -> Result<Model, Error> {
        actor.require(HANDLE)?;
        let tx = self.db.begin().await?;
        let before = held(&tx, actor, std::slice::from_ref(seen)).await?.pop().ok_or(Error::NotFound)?;
        let after = rule(before.clone()).map_err(Error::refused)?;
        let after = save(&tx, actor, &before, after, action).await?;
        self.db.commit(tx).await?;
        Ok(after)
    }
}

/// As they were when whoever acts has read them.
///
/// # Errors
/// `NotFound` for what the actor may not see, `Forbidden` for what he may not handle, `Conflict` for what has changed.
async fn held(tx: &Tx, actor: &Actor, seen: &[Seen]) -> Result<Vec<Model>, Error> {
    if seen.is_empty() || seen.len() > MOST_TOGETHER {
        let many = Message::new("exception-choose").with("most", MOST_TOGETHER);
        return Err(Error::invalid("exceptions", many));
    }
    let versions: BTreeMap<&str, i64> = seen.iter().map(|seen| (seen.id.as_str(), seen.version)).collect();
    let ids: Vec<String> = versions.keys().map(|id| (*id).to_owned()).collect();
    let found = match ids.iter().any(|id| id.contains('\0')) {
        true => Vec::new(),
        false => store::some(tx, actor, &ids).await?,
    };
    if found.len() != versions.len() {
        return Err(Error::NotFound);
    }
    may_handle(tx, actor, found.iter().map(|one| one.customer_id.clone())).await?;
    match found.iter().all(|one| versions.get(one.id.as_str()) == Some(&one.version)) {
        true => Ok(found),
        false => Err(Error::Conflict),
    }
}

/// # Errors
/// `Forbidden` when one of these customers is beyond the actor's reach for handling.
async fn may_handle(
    tx: &impl ConnectionTrait,
    actor: &Actor,
    customers: impl Iterator<Item = CustomerId>,
) -> Result<(), Error> {
    let asked: BTreeSet<String> = customers.map(String::from).collect();
    let asked: Vec<String> = asked.into_iter().collect();
    let reached = customers::store::ids_reached(tx, actor, HANDLE, &asked).await?;
    if reached.len() == asked.len() { Ok(()) } else { Err(Error::Forbidden) }
}

fn one_group(all: &[Model]) -> Result<(), Error> {
    match all.windows(2).all(|pair| pair[0].group_key == pair[1].group_key) {
        true => Ok(()),
        false => Err(Error::refused(Refusal::NotOneGroup)),
    }
}

async fn save(tx: &Tx, actor: &Actor, before: &Model, after: Model, action: &str) -> Result<Model, Error> {
    let after = Model { version: before.version + 1, updated_at: actor.now, ..after };
    store::save(tx, &after).await?;
    let detail = json!({
        "before": {"status": before.status, "owner": before.owner_id, "liable": before.liable},
        "after": {
            "status": after.status, "owner": after.owner_id, "liable": after.liable, "solution": after.solution,
            "customer_asked_at": after.customer_asked_at,
        },
    });
    audit::record(tx, actor, action, "exception", &after.id, detail).await?;
    Ok(after)
}
