//! Gathers the reasons, and records what was done about them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use base::{Actor, CustomerId, Day as OnDay, Error, Id, Instant, UserId};
use chrono::{Duration, NaiveTime};
use customers::forms::InteractionDraft;
use db::{Db, Tx, settings};
use futures::future::try_join_all;
use module::{Doing, Reason, ReasonSource};
use serde_json::json;

use crate::day::{Day, Row};
use crate::mark::{self, State};
use crate::rules::{self, Policy, Refusal};
use crate::{OWN, TEAM, store};

pub struct Worklist {
    db: Db,
    /// Told once at start, when all modules are known.
    sources: OnceLock<Vec<Arc<dyn ReasonSource>>>,
}

/// What somebody has left, for his manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// `None`: customers that nobody owns.
    pub person: Option<UserId>,
    pub name: String,
    pub left: usize,
    pub overdue: usize,
    pub done: usize,
    /// Customers without an owner, or whose owner has left: somebody must take them over.
    pub handover: i64,
}

/// One thing done, and how to take it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub id: String,
    pub customer: CustomerId,
}

impl Worklist {
    pub fn new(db: Db) -> Self {
        Self { db, sources: OnceLock::new() }
    }

    /// Tells the reasons of all modules, once at start.
    pub fn gather_from(&self, sources: Vec<Arc<dyn ReasonSource>>) {
        let _ = self.sources.set(sources);
    }

    fn sources(&self) -> &[Arc<dyn ReasonSource>] {
        self.sources.get().map_or(&[], Vec::as_slice)
    }

    /// The actor's own day; `whole` with those who can wait.
    ///
    /// # Errors
    /// `Forbidden`, or when the database does not answer.
    pub async fn today(&self, actor: &Actor, whole: bool) -> Result<Day, Error> {
        actor.require(OWN)?;
        let policy = self.policy().await?;
        let done = store::done_since(self.db.read(), midnight(actor), actor.user_id()).await?.len();
        let mut rows = self.rows(actor, actor.user_id()).await?;
        let room = if whole { rows.len() } else { rules::room(&policy, done) };
        let more = rows.len().saturating_sub(room);
        rows.truncate(room);
        let overdue = rows.iter().filter(|row| row.due() < actor.today()).count();
        Ok(Day { today: actor.today(), rows, more, done, overdue })
    }

    /// Who has what left among the records that the manager may see; customers without an owner come first.
    ///
    /// # Errors
    /// `Forbidden`, or when the database does not answer.
    pub async fn team(&self, actor: &Actor) -> Result<(Vec<Load>, Vec<Row>), Error> {
        actor.require(TEAM)?;
        let rows = self.rows(actor, None).await?;
        let mut loads: BTreeMap<Option<UserId>, (usize, usize, usize)> = BTreeMap::new();
        for row in &rows {
            let persons: HashSet<_> = row.reasons.iter().map(|reason| reason.person.clone()).collect();
            for person in persons {
                let load = loads.entry(person).or_default();
                load.0 += 1;
                load.1 += usize::from(row.due() < actor.today());
            }
        }
        for (person, _) in store::done_since(self.db.read(), midnight(actor), None).await? {
            if let Some(load) = loads.get_mut(&person) {
                load.2 += 1;
            }
        }
        let behind = customers::Customers::new(self.db.clone()).left_behind(actor).await?;
        for person in behind.keys() {
            loads.entry(person.clone()).or_default();
        }
        let names = self.names_of(loads.keys().flatten().cloned().collect()).await?;
        let loads = loads
            .into_iter()
            .map(|(person, (left, overdue, done))| {
                let name = person.as_ref().and_then(|id| names.get(id)).cloned().unwrap_or_default();
                let handover = behind.get(&person).copied().unwrap_or(0);
                Load { person, name, left, overdue, done, handover }
            })
            .collect();
        let exceptions = rows
            .into_iter()
            .filter(|row| behind.contains_key(&row.owner) || row.due() < actor.today())
            .take(self.policy().await?.acts_a_day)
            .collect();
        Ok((loads, exceptions))
    }

    /// Logs what was done and takes the customer's reasons off the list; somebody who was not reached comes back on
    /// the day of the next step, tomorrow without one.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid`, or a refusal when nothing is left to do.
    pub async fn done(&self, actor: &Actor, id: &CustomerId, draft: InteractionDraft) -> Result<Act, Error> {
        actor.require(OWN)?;
        let reasons = self.reasons_of(actor, id).await?;
        let back_on = rules::back_on(&draft, actor.today());
        let tx = self.db.begin().await?;
        let interaction = customers::log_in(&tx, actor, id, draft).await?;
        let state = if back_on.is_some() { State::Later } else { State::Done };
        let act = self.mark(&tx, actor, &reasons, state, back_on, Some(interaction.as_str())).await?;
        if back_on.is_none() {
            for reason in &reasons {
                let doing =
                    Doing { kind: reason.kind, mark: &reason.mark, customer: id, interaction: interaction.as_str() };
                for source in self.sources() {
                    source.done(&tx, actor, &doing).await?;
                }
            }
        }
        self.db.commit(tx).await?;
        Ok(Act { id: act, customer: id.clone() })
    }

    /// Hides the customer's reasons until a day.
    ///
    /// # Errors
    /// As `done`, and a refusal for a day that is not in the future.
    pub async fn later(&self, actor: &Actor, id: &CustomerId, until: OnDay) -> Result<Act, Error> {
        actor.require(OWN)?;
        rules::may_put_off(until, actor.today()).map_err(Error::refused)?;
        let reasons = self.reasons_of(actor, id).await?;
        let tx = self.db.begin().await?;
        let act = self.mark(&tx, actor, &reasons, State::Later, Some(until), None).await?;
        self.db.commit(tx).await?;
        Ok(Act { id: act, customer: id.clone() })
    }

    /// Takes an act back: the reasons return, what was logged for it is removed.
    ///
    /// # Errors
    /// `NotFound` for another person's act, or a refusal when it is too old.
    pub async fn undo(&self, actor: &Actor, act: &str) -> Result<CustomerId, Error> {
        actor.require(OWN)?;
        let policy = self.policy().await?;
        let tx = self.db.begin().await?;
        let marks = store::of_act(&tx, act).await?;
        let first = marks.first().filter(|mark| mark.person.as_ref() == actor.user_id()).ok_or(Error::NotFound)?;
        rules::may_undo(&policy, first.made_at, actor.now).map_err(Error::refused)?;
        if !store::take_back(&tx, act, actor.now).await? {
            return Err(Error::NotFound);
        }
        if let Some(interaction) = &first.interaction_id {
            for mark in marks.iter().filter(|mark| mark.state == State::Done) {
                let doing = Doing { kind: &mark.kind, mark: &mark.mark, customer: &mark.customer_id, interaction };
                for source in self.sources() {
                    source.undone(&tx, actor, &doing).await?;
                }
            }
            customers::unlog_in(&tx, actor, interaction).await?;
        }
        db::audit::record(&tx, actor, "worklist.undone", "customer", first.customer_id.as_str(), json!({"act": act}))
            .await?;
        let customer = first.customer_id.clone();
        self.db.commit(tx).await?;
        Ok(customer)
    }

    async fn policy(&self) -> Result<Policy, Error> {
        settings::get(self.db.read(), rules::SETTINGS).await
    }

    /// Open reasons that no mark hides, of one person or of all that the actor may see.
    async fn reasons(&self, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        // Each asks the database by itself; on both databases they are answered side by side.
        let asked = self.sources().iter().map(|source| source.reasons(&self.db, actor, person));
        let mut all: Vec<Reason> = try_join_all(asked).await?.into_iter().flatten().collect();
        self.say_once(&mut all);
        let mut customers: Vec<_> = all.iter().map(|reason| reason.customer.clone()).collect();
        customers.sort();
        customers.dedup();
        let mut marks: HashMap<(CustomerId, String, String), Vec<mark::Model>> = HashMap::new();
        for mark in store::in_force(self.db.read(), &customers).await? {
            marks.entry((mark.customer_id.clone(), mark.kind.clone(), mark.mark.clone())).or_default().push(mark);
        }
        let today = actor.today();
        all.retain(|reason| {
            let key = (reason.customer.clone(), reason.kind.to_owned(), reason.mark.clone());
            !marks.get(&key).is_some_and(|marks| marks.iter().any(|mark| rules::hides(mark, reason, today)))
        });
        Ok(all)
    }

    /// Leaves out what another reason says better.
    fn say_once(&self, all: &mut Vec<Reason>) {
        let told = |reason: &Reason| self.sources().iter().find_map(|source| source.instead_of(reason));
        let said: HashSet<(&'static str, String)> = all.iter().filter_map(told).collect();
        let subject = |mark: &str| mark.split_once('/').map_or(mark, |(subject, _)| subject).to_owned();
        all.retain(|reason| said.is_empty() || !said.contains(&(reason.kind, subject(&reason.mark))));
    }

    async fn reasons_of(&self, actor: &Actor, id: &CustomerId) -> Result<Vec<Reason>, Error> {
        let mut reasons = self.reasons(actor, actor.user_id()).await?;
        reasons.retain(|reason| reason.customer == *id);
        match reasons.is_empty() {
            true => Err(Error::refused(Refusal::NothingLeft)),
            false => Ok(reasons),
        }
    }

    async fn rows(&self, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Row>, Error> {
        let mut by_customer: BTreeMap<CustomerId, Vec<Reason>> = BTreeMap::new();
        for reason in self.reasons(actor, person).await? {
            by_customer.entry(reason.customer.clone()).or_default().push(reason);
        }
        let ids: Vec<_> = by_customer.keys().cloned().collect();
        let mut known = customers::briefly(self.db.read(), actor, &ids).await?;
        let mut worth = shipments::values_at_stake(&self.db, actor, &ids).await?;
        let mut rows: Vec<Row> = by_customer
            .into_iter()
            .filter_map(|(customer, reasons)| {
                let brief = known.remove(&customer)?;
                let at_stake = worth.remove(&customer);
                Some(Row { customer, name: brief.name, owner: brief.owner_id, reasons, at_stake })
            })
            .collect();
        rules::put_in_order(&mut rows, actor.today());
        Ok(rows)
    }

    async fn names_of(&self, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>, Error> {
        customers::Customers::new(self.db.clone()).names_of(ids).await
    }

    async fn mark(
        &self,
        tx: &Tx,
        actor: &Actor,
        reasons: &[Reason],
        state: State,
        until: Option<OnDay>,
        interaction: Option<&str>,
    ) -> Result<String, Error> {
        let act = Id::new(actor.now).into_text();
        let marks = reasons
            .iter()
            .map(|reason| mark::Model {
                act_id: act.clone(),
                kind: reason.kind.into(),
                mark: reason.mark.clone(),
                customer_id: reason.customer.clone(),
                state,
                until,
                interaction_id: interaction.map(str::to_owned),
                person: actor.user_id().cloned(),
                made_at: actor.now,
                undone_at: None,
            })
            .collect();
        store::add(tx, marks).await?;
        Ok(act)
    }
}

/// When the firm's day began.
fn midnight(actor: &Actor) -> Instant {
    actor.today().and_time(NaiveTime::MIN).and_utc() - Duration::hours(8)
}
