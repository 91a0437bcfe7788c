//! What the program finds by itself: steps behind their plan.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, DepartmentId, Error, Event, Instant, UserId};
use calendar::{Calendar, calendar_of};
use chrono::Duration;
use db::{Tx, audit, outbox, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shipments::{MilestoneKind, line, milestone, shipment};

use crate::exception::{ExceptionId, FoundBy, Kind, Liable, Model, Status};
use crate::policy::{Policy, SETTINGS};
use crate::rules::{self, Tolerances, Verdict};
use crate::store;

/// Shipments that are looked at together.
pub const AT_ONCE: usize = 500;

/// What the firm has set.
#[derive(Clone, Debug)]
pub struct Measure {
    pub policy: Policy,
    pub tolerances: Tolerances,
}

impl Measure {
    /// # Errors
    /// When the database does not answer.
    pub async fn of(db: &impl ConnectionTrait) -> Result<Self, Error> {
        let policy: Policy = settings::get(db, SETTINGS).await?;
        let thresholds = store::thresholds::all(db).await?;
        Ok(Self { policy, tolerances: Tolerances::new(policy.tolerance_minutes, thresholds) })
    }

    /// What was planned earlier raises nothing.
    pub fn oldest(&self, now: Instant) -> Instant {
        rules::oldest_plan(now, self.policy.raise_days)
    }

    /// Whether a late step that nobody knew of is news.
    fn is_news(&self, step: &milestone::Model, now: Instant) -> bool {
        let done = rules::oldest_plan(now, self.policy.raise_done_days);
        step.planned_at >= Some(self.oldest(now)) && step.actual_at.is_none_or(|at| at >= done)
    }
}

/// Until when the customers of departments are to be told of what is found now.
#[derive(Debug, Default)]
pub struct Deadlines(BTreeMap<Option<DepartmentId>, Calendar>);

impl Deadlines {
    /// # Errors
    /// When the database does not answer.
    pub async fn tell_by(
        &mut self,
        db: &impl ConnectionTrait,
        department: Option<&DepartmentId>,
        found: Instant,
        policy: &Policy,
    ) -> Result<Instant, Error> {
        let within = Duration::minutes(policy.tell_within_minutes);
        let key = department.cloned();
        if !self.0.contains_key(&key) {
            let calendar = match calendar_of(db, department).await {
                // A department that is gone goes by the firm's hours.
                Err(Error::NotFound) => calendar_of(db, None).await?,
                other => other?,
            };
            self.0.insert(key.clone(), calendar);
        }
        let due = self.0.get(&key).and_then(|calendar| calendar.after(found, within, &[]).answer);
        Ok(due.unwrap_or(found + within))
    }
}

/// A shipment with what is needed to judge it.
struct Way<'a> {
    shipment: &'a shipment::Model,
    origin: String,
    destination: String,
    owner: Option<UserId>,
    department: Option<DepartmentId>,
}

/// Judges the steps of these shipments anew: raises what is missing, takes back what was none, keeps times up to date.
/// However often and in whatever order it is called, what stands in the end follows from the shipments alone.
///
/// # Errors
/// `Conflict` when somebody wrote one of the exceptions at the same time; then all is undone and tried again.
pub async fn look_at(tx: &Tx, actor: &Actor, measure: &Measure, shipments: &[String]) -> Result<(), Error> {
    for some in shipments.chunks(AT_ONCE) {
        look_at_some(tx, actor, measure, some).await?;
    }
    Ok(())
}

async fn look_at_some(tx: &Tx, actor: &Actor, measure: &Measure, ids: &[String]) -> Result<(), Error> {
    let shipments = store::shipments(tx, ids).await?;
    let mut lines: BTreeMap<String, Vec<line::Model>> = BTreeMap::new();
    for line in shipments::store::lines_of(tx, ids).await? {
        lines.entry(line.shipment_id.clone()).or_default().push(line);
    }
    let mut steps: BTreeMap<String, Vec<milestone::Model>> = BTreeMap::new();
    for step in shipments::store::milestones_of(tx, ids).await? {
        steps.entry(step.shipment_id.clone()).or_default().push(step);
    }
    let known = store::of_steps(tx, ids).await?.into_iter();
    let mut known: BTreeMap<(String, Option<MilestoneKind>), Model> =
        known.map(|one| ((one.shipment_id.clone(), one.milestone), one)).collect();
    let customers: Vec<&str> = shipments.iter().map(|shipment| shipment.customer_id.as_str()).collect();
    let owners = store::owners(tx, &customers).await?;
    let (mut deadlines, mut new) = (Deadlines::default(), Vec::new());
    for shipment in &shipments {
        let way = Way::of(shipment, lines.get(&shipment.id).map_or(&[], Vec::as_slice), &owners);
        let own = steps.remove(&shipment.id).unwrap_or_default();
        for step in &own {
            let minutes = measure.tolerances.minutes(way.customer().as_str(), &way.origin, &way.destination, step.kind);
            let verdict = rules::judge(step, &own, minutes, actor.now);
            match known.remove(&(shipment.id.clone(), Some(step.kind))) {
                Some(known) => keep(tx, actor, measure, &mut deadlines, (&way, &known), (step, verdict)).await?,
                None => {
                    if let (Verdict::Late(since), true) = (verdict, measure.is_news(step, actor.now)) {
                        let policy = &measure.policy;
                        let by = deadlines.tell_by(tx, way.department.as_ref(), actor.now, policy).await?;
                        new.push(way.late(actor, step, minutes, (since, by)));
                    }
                }
            }
        }
    }
    raise(tx, actor, new).await
}

/// What is known is kept up to date; what was taken back and is late again is found anew.
async fn keep(
    tx: &Tx,
    actor: &Actor,
    measure: &Measure,
    deadlines: &mut Deadlines,
    (way, known): (&Way<'_>, &Model),
    (step, verdict): (&milestone::Model, Verdict),
) -> Result<(), Error> {
    let times = (actor.now, measure.oldest(actor.now));
    let mut after = rules::again(known, step, verdict, times).unwrap_or_else(|| known.clone());
    if !known.touched && known.customer_id != *way.customer() {
        // The waybill was another customer's after all.
        after.customer_id = way.customer().clone();
        after.owner_id.clone_from(&way.owner);
    }
    if after == *known {
        return Ok(());
    }
    let reopened = known.is_closed() && !after.is_closed();
    if reopened {
        let department = way.department.as_ref();
        after.tell_by = deadlines.tell_by(tx, department, actor.now, &measure.policy).await?;
    }
    let after = Model { version: known.version + 1, updated_at: actor.now, ..after };
    store::save(tx, &after).await?;
    let action = match (reopened, after.is_closed() && !known.is_closed()) {
        (true, _) => "exception.raised",
        (_, true) => "exception.voided",
        _ => "exception.kept",
    };
    let detail = json!({
        "planned_at": after.planned_at, "actual_at": after.actual_at, "status": after.status, "cause": after.void_cause,
    });
    audit::record(tx, actor, action, "exception", &after.id, detail).await?;
    if reopened { tell_raised(tx, actor, &after).await } else { Ok(()) }
}

/// Writes new ones; of two who find the same at once, one writes it.
async fn raise(tx: &Tx, actor: &Actor, mut new: Vec<Model>) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    // Two who write in the same order wait for each other; in different orders they would wait for ever.
    new.sort_by(|one, other| (&one.shipment_id, one.milestone).cmp(&(&other.shipment_id, other.milestone)));
    let written = store::raise(tx, new.clone()).await?;
    for raised in new.iter().filter(|one| written.contains(&one.id)) {
        let detail = json!({
            "shipment": raised.shipment_id, "customer": raised.customer_id, "milestone": raised.milestone,
            "planned_at": raised.planned_at, "actual_at": raised.actual_at, "owner": raised.owner_id,
        });
        audit::record(tx, actor, "exception.raised", "exception", &raised.id, detail).await?;
        tell_raised(tx, actor, raised).await?;
    }
    Ok(())
}

/// # Errors
/// When the database refuses the write.
pub async fn tell_raised(tx: &Tx, actor: &Actor, raised: &Model) -> Result<(), Error> {
    outbox::add(tx, actor.now, Event::new("exception.raised", told(raised))).await
}

/// What events say of an exception.
pub fn told(exception: &Model) -> serde_json::Value {
    json!({
        "exception": exception.id,
        "shipment": exception.shipment_id,
        "customer": exception.customer_id,
        "kind": exception.kind,
        "owner": exception.owner_id,
    })
}

impl<'a> Way<'a> {
    fn of(
        shipment: &'a shipment::Model,
        lines: &[line::Model],
        owners: &BTreeMap<CustomerId, (Option<UserId>, Option<DepartmentId>)>,
    ) -> Self {
        let (origin, destination) = lane(lines);
        let (owner, department) = owners.get(&shipment.customer_id).cloned().unwrap_or_default();
        Self { shipment, origin, destination, owner, department }
    }

    fn customer(&self) -> &CustomerId {
        &self.shipment.customer_id
    }

    fn late(&self, actor: &Actor, step: &milestone::Model, minutes: i64, (since, by): (Instant, Instant)) -> Model {
        Model {
            milestone: Some(step.kind),
            planned_at: step.planned_at,
            actual_at: step.actual_at,
            tolerance_minutes: Some(minutes),
            happened_at: since,
            ..found(actor, self.shipment, (Kind::Late, FoundBy::Program), by, self.owner.clone())
        }
        .on_lane(&self.origin, &self.destination)
    }
}

impl Model {
    pub(crate) fn on_lane(self, origin: &str, destination: &str) -> Self {
        Self { origin: origin.into(), destination: destination.into(), ..self }
    }
}

/// Where all lines go; empty where they differ.
pub fn lane(lines: &[line::Model]) -> (String, String) {
    let same = |text: fn(&line::Model) -> &String| match lines.first().map(text) {
        Some(first) if lines.iter().all(|line| text(line) == first) => first.clone(),
        _ => String::new(),
    };
    (same(|line| &line.origin), same(|line| &line.destination))
}

/// An exception as it is when it has just been found.
pub fn found(
    actor: &Actor,
    shipment: &shipment::Model,
    (kind, found_by): (Kind, FoundBy),
    tell_by: Instant,
    owner_id: Option<UserId>,
) -> Model {
    let id = ExceptionId::new(actor.now).0;
    Model {
        group_key: rules::group_key(kind, &shipment.transport_reference, &shipment.id),
        id,
        shipment_id: shipment.id.clone(),
        customer_id: shipment.customer_id.clone(),
        line: String::new(),
        origin: String::new(),
        destination: String::new(),
        kind,
        found_by,
        status: Status::Open,
        milestone: None,
        planned_at: None,
        actual_at: None,
        tolerance_minutes: None,
        happened_at: actor.now,
        found_at: actor.now,
        tell_by,
        owner_id,
        what: String::new(),
        transport_reference: shipment.transport_reference.clone(),
        touched: false,
        customer_asked_at: None,
        told_at: None,
        told_how: None,
        told_text: String::new(),
        told_by: String::new(),
        interaction_id: None,
        told_first: None,
        liable: Liable::Open,
        solution: String::new(),
        closed_by: String::new(),
        closed_at: None,
        void_cause: None,
        month: rules::month_of(actor.now),
        created_at: actor.now,
        created_by: actor.name.clone(),
        updated_at: actor.now,
        version: 1,
    }
}
