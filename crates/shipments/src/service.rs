//! One method per business verb.

mod whole;

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, Currency, Day, Error, FieldProblem, Message, Page, PageSize};
use customers::rules::year_problem;
use db::{Db, audit, settings};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::filter::ListFilter;
use crate::forms::ShipmentDraft;
use crate::on_time::{Clock, is_on_time};
use crate::policy::{Policy, SETTINGS};
use crate::rules::{self, Refusal};
use crate::shipment::ShipmentId;
use crate::store::{self, upsert, upsert::Stored};
use crate::{draft, events, line, milestone, rate, shipment};

/// Of everybody who writes one shipment at the same time, somebody is done with each try.
const MOST_TRIES: usize = 20;

#[derive(Clone, Debug)]
pub struct Shipments {
    db: Db,
}

/// A shipment with what belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShipmentFile {
    #[serde(flatten)]
    pub shipment: shipment::Model,
    pub customer_name: String,
    pub lines: Vec<line::Model>,
    /// In their usual order.
    pub milestones: Vec<milestone::Model>,
}

/// A shipment as the list shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShipmentListed)]
pub struct Listed {
    #[serde(flatten)]
    pub shipment: shipment::Model,
    pub customer_name: String,
    /// Of the lines; empty when they differ or nobody said it.
    pub origin: String,
    pub destination: String,
    pub mode: String,
    /// The first promise.
    #[schema(value_type = Option<String>, format = Date)]
    pub promised_on: Option<Day>,
    /// When the last line came; `None` while one is missing.
    #[schema(value_type = Option<String>, format = Date)]
    pub delivered_on: Option<Day>,
    /// By `Clock::Day`; a promise that has passed without delivery is late. `None`: cannot be judged yet.
    pub on_time: Option<bool>,
    pub lines: usize,
}

/// What recording a shipment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ShipmentOutcome)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    New,
    Changed,
    Unchanged,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ShipmentRecorded)]
pub struct Recorded {
    #[schema(value_type = String)]
    pub id: ShipmentId,
    pub version: i32,
    pub outcome: Outcome,
}

impl Shipments {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn list(&self, actor: &Actor, filter: &ListFilter, size: PageSize) -> Result<Page<Listed>, Error> {
        actor.require(crate::VIEW)?;
        let db = self.db.read();
        let page = store::list(db, actor, filter, size).await?;
        let ids: Vec<String> = page.rows.iter().map(|row| row.id.clone()).collect();
        let mut lines: BTreeMap<String, Vec<line::Model>> = BTreeMap::new();
        for line in store::lines_of(db, &ids).await? {
            lines.entry(line.shipment_id.clone()).or_default().push(line);
        }
        let names = store::names_of(db, page.rows.iter().map(|row| row.customer_id.clone())).await?;
        Ok(page.map(|shipment| {
            let name = names.get(&shipment.customer_id).cloned().unwrap_or_default();
            let lines = lines.remove(&shipment.id).unwrap_or_default();
            Listed::of(shipment, name, &lines, actor.today())
        }))
    }

    /// # Errors
    /// `NotFound` when there is none or it is out of the actor's scope.
    pub async fn file(&self, actor: &Actor, id: &ShipmentId) -> Result<ShipmentFile, Error> {
        actor.require(crate::VIEW)?;
        let db = self.db.read();
        let shipment = store::get(db, actor, id.as_str()).await?;
        let mut names = store::names_of(db, [shipment.customer_id.clone()]).await?;
        let mut milestones = store::milestones_of(db, std::slice::from_ref(&shipment.id)).await?;
        milestones.sort_by_key(|milestone| milestone.kind);
        Ok(ShipmentFile {
            customer_name: names.remove(&shipment.customer_id).unwrap_or_default(),
            lines: store::lines_of(db, std::slice::from_ref(&shipment.id)).await?,
            milestones,
            shipment,
        })
    }

    /// Writes a shipment as its source tells it, new or changed. `version`: only if nobody changed it since.
    ///
    /// # Errors
    /// `Invalid` field by field, `Conflict` when somebody changed it, `Refused` when the waybill belongs to a customer
    /// who is out of reach.
    pub async fn record(&self, actor: &Actor, draft: ShipmentDraft, version: Option<i32>) -> Result<Recorded, Error> {
        actor.require(crate::EDIT)?;
        let draft = rules::checked(draft, actor.today()).map_err(Error::Invalid)?;
        let mut tries = 0;
        loop {
            tries += 1;
            match self.record_once(actor, &draft, version).await {
                // Whoever names no version wants it taken as it stands, whatever was written meanwhile.
                Err(Error::Conflict) if version.is_none() && tries < MOST_TRIES => {}
                recorded => return recorded,
            }
        }
    }

    async fn record_once(&self, actor: &Actor, draft: &ShipmentDraft, version: Option<i32>) -> Result<Recorded, Error> {
        let tx = self.db.begin().await?;
        let stored = upsert::stored(&tx, &draft.source, &BTreeSet::from([draft.waybill.as_str()])).await?;
        let known = stored.shipments.get(&draft.waybill).cloned();
        let customers = [Some(draft.customer.clone()), known.as_ref().map(|known| known.customer_id.clone())];
        let reached = upsert::reached(&tx, actor, customers.into_iter().flatten()).await?;
        if !reached.contains(&draft.customer) {
            let message = Message::new("shipment-no_such_customer");
            return Err(Error::Invalid(vec![FieldProblem::new("customer", message)]));
        }
        let hidden = known.as_ref().is_some_and(|known| !reached.contains(&known.customer_id));
        let expected = known.as_ref().filter(|_| !hidden).map(|known| known.version);
        if version.is_some() && version != expected {
            // A waybill that nobody knows and one that is hidden are alike.
            return Err(Error::Conflict);
        }
        if hidden {
            return Err(Error::refused(Refusal::OtherCustomer));
        }
        let recorded = write(&tx, actor, draft, known, stored).await?;
        self.db.commit(tx).await?;
        Ok(recorded)
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn policy(&self) -> Result<Policy, Error> {
        settings::get(self.db.read(), SETTINGS).await
    }

    /// Changes what figures are told in and how far back reasons look.
    ///
    /// # Errors
    /// `Forbidden` without the permission, `Invalid` for days out of range.
    pub async fn set_policy(&self, actor: &Actor, policy: Policy) -> Result<(), Error> {
        actor.require(crate::RATES)?;
        let days =
            [("late_days", policy.late_days), ("open_days", policy.open_days), ("worth_days", policy.worth_days)];
        for (field, days) in days {
            if !(1..=3660).contains(&days) {
                return Err(Error::invalid(field, Message::new("shipment-out_of_range")));
            }
        }
        let tx = self.db.begin().await?;
        let before: Policy = settings::get(&tx, SETTINGS).await?;
        settings::put(&tx, actor, SETTINGS, &policy).await?;
        store::figures::outdate(&tx).await?;
        let detail = json!({"before": before, "after": policy});
        audit::record(&tx, actor, "shipments.policy_changed", "settings", SETTINGS, detail).await?;
        self.db.commit(tx).await
    }

    /// Rates into the reporting currency, by currency, the newest first.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn rates(&self, actor: &Actor) -> Result<Vec<rate::Model>, Error> {
        actor.require(crate::VIEW)?;
        store::rates::all_into(self.db.read(), self.policy().await?.reporting).await
    }

    /// From this day on, one unit of the currency is worth so many units of the reporting currency.
    ///
    /// # Errors
    /// `Invalid` when the rate is no number above 0, `Refused` for the reporting currency itself.
    pub async fn set_rate(&self, actor: &Actor, currency: Currency, on: Day, rate: &str) -> Result<rate::Model, Error> {
        actor.require(crate::RATES)?;
        let tx = self.db.begin().await?;
        let policy: Policy = settings::get(&tx, SETTINGS).await?;
        let into = policy.reporting;
        let rate = rules::rate(rate, currency, into)?;
        if let Some(problem) = year_problem("on", Some(on)) {
            return Err(Error::Invalid(vec![problem]));
        }
        let before = store::rates::get(&tx, into, currency, on).await?.map(|rate| rate.rate);
        let row = rate::Model { into_currency: into.to_string(), currency: currency.to_string(), on_day: on, rate };
        store::rates::put(&tx, row.clone()).await?;
        store::figures::outdate(&tx).await?;
        let detail = json!({"into": into, "before": before, "after": row.rate});
        audit::record(&tx, actor, "rate.set", "rate", &format!("{currency} {on}"), detail).await?;
        self.db.commit(tx).await?;
        Ok(row)
    }

    /// # Errors
    /// `NotFound` when there is no rate of that currency from that day on.
    pub async fn remove_rate(&self, actor: &Actor, currency: Currency, on: Day) -> Result<(), Error> {
        actor.require(crate::RATES)?;
        if !rules::is_possible(on) {
            return Err(Error::NotFound);
        }
        let tx = self.db.begin().await?;
        let policy: Policy = settings::get(&tx, SETTINGS).await?;
        let into = policy.reporting;
        let before = store::rates::get(&tx, into, currency, on).await?.ok_or(Error::NotFound)?;
        store::rates::remove(&tx, into, currency, on).await?;
        store::figures::outdate(&tx).await?;
        let detail = json!({"into": into, "before": before.rate});
        audit::record(&tx, actor, "rate.removed", "rate", &format!("{currency} {on}"), detail).await?;
        self.db.commit(tx).await
    }
}

async fn write(
    tx: &db::Tx,
    actor: &Actor,
    draft: &ShipmentDraft,
    known: Option<shipment::Model>,
    mut stored: Stored,
) -> Result<Recorded, Error> {
    let before = known.clone().unwrap_or_else(|| {
        let id = ShipmentId::new(actor.now).0;
        draft::empty_shipment(id, &draft.source, &draft.waybill, &draft.customer, actor)
    });
    let whole = whole::Whole::of(&before, draft, &mut stored);
    whole.check(draft)?;
    let (after, lines, milestones) = (whole.shipment, whole.changed_lines, whole.changed_milestones);
    let id = ShipmentId(after.id.clone());
    if known.is_some() && after == before && lines.is_empty() && milestones.is_empty() {
        return Ok(Recorded { id, version: before.version, outcome: Outcome::Unchanged });
    }
    let (outcome, action) = match known {
        Some(_) => (Outcome::Changed, "shipment.changed"),
        None => (Outcome::New, "shipment.recorded"),
    };
    let after = shipment::Model { version: before.version + 1, updated_at: actor.now, ..after };
    let detail = json!({"before": before, "after": after, "lines": lines, "milestones": milestones});
    let moved = after.customer_id != before.customer_id;
    let version = after.version;
    upsert::put_shipments(tx, vec![after.clone()]).await?;
    upsert::put_lines(tx, lines).await?;
    upsert::put_milestones(tx, milestones).await?;
    audit::record(tx, actor, action, "shipment", &after.id, detail).await?;
    let mut customers = vec![after.customer_id];
    if moved {
        customers.push(before.customer_id);
    }
    events::tell_changed(tx, actor, &customers).await?;
    Ok(Recorded { id, version, outcome })
}

impl Listed {
    fn of(shipment: shipment::Model, customer_name: String, lines: &[line::Model], today: Day) -> Self {
        let same = |text: fn(&line::Model) -> &String| match lines.first().map(text) {
            Some(first) if lines.iter().all(|line| text(line) == first) => first.clone(),
            _ => String::new(),
        };
        let missing = lines.iter().any(|line| line.delivered_on.is_none());
        let judge = |line: &line::Model| match (line.promised_on, line.delivered_on) {
            (Some(promised), None) if promised < today => Some(false),
            _ => is_on_time(&rules::facts(line), Clock::Day),
        };
        let verdicts: Vec<_> = lines.iter().map(judge).collect();
        let on_time = match verdicts.as_slice() {
            some if some.contains(&Some(false)) => Some(false),
            [] => None,
            some if some.contains(&None) => None,
            _ => Some(true),
        };
        Self {
            shipment,
            customer_name,
            origin: same(|line| &line.origin),
            destination: same(|line| &line.destination),
            mode: same(|line| &line.mode),
            promised_on: lines.iter().filter_map(|line| line.promised_on).min(),
            delivered_on: lines.iter().filter_map(|line| line.delivered_on).max().filter(|_| !missing),
            on_time,
            lines: lines.len(),
        }
    }
}
