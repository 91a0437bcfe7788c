//! How complaints come in, why, where, and how fast we are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base::{Actor, DepartmentId, Error, Instant};
use calendar::Calendar;
use chrono::Duration;
use sea_orm::ConnectionTrait;

use super::Complaints;
use crate::figures::{Complainer, Complainers, Figures, Filter, Times, by_lane, pareto, weeks};
use crate::policy::Policy;
use crate::store::figures::{self as store, Days, Handled};
use crate::store::people;
use crate::words::Cause;

/// Repeat complainers that one page names.
const MOST_COMPLAINERS: usize = 100;

impl Complaints {
    /// Of the complaints that the actor may see.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn figures(&self, actor: &Actor, filter: &Filter) -> Result<Figures, Error> {
        actor.require(crate::VIEW)?;
        let (db, policy) = (self.db.read(), self.policy().await?);
        let days = Days { from: filter.window.from(actor.today()), to: actor.today() };
        let received = store::answered(db, actor, filter, days).await?;
        let closed = store::closed(db, actor, filter, days).await?;
        let lanes = store::lanes(db, actor, filter, days).await?;
        let calendars = calendars(db, received.iter().chain(&closed)).await?;
        let whole = |count: i64| u64::try_from(count).unwrap_or_default();
        let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
        for cause in received.iter().filter_map(|one| one.cause) {
            *causes.entry(cause).or_default() += 1;
        }
        let came: Vec<Instant> = received.iter().map(|one| one.received).collect();
        let went: Vec<Instant> = closed.iter().filter_map(|one| one.done).collect();
        let lanes = lanes.into_iter().map(|(from, to, category, count)| (from, to, category, whole(count)));
        Ok(Figures {
            from: days.from,
            to: days.to,
            received: received.len() as u64,
            closed: closed.len() as u64,
            weeks: weeks(days.from, filter.window.weeks(), &came, &went),
            causes: pareto(causes.into_iter().collect()),
            unexplained: count(&received, |one| one.cause.is_none()),
            response: times(&received, &calendars),
            unanswered: count(&received, |one| one.done.is_none()),
            closing: times(&closed, &calendars),
            lanes: by_lane(lanes.collect()),
            repeats: count(&received, |one| one.repeats),
            complainers: complainers(db, actor, filter, &policy).await?,
        })
    }
}

fn count(all: &[Handled], that: impl Fn(&Handled) -> bool) -> u64 {
    all.iter().filter(|one| that(one)).count() as u64
}

async fn calendars(
    db: &impl ConnectionTrait,
    handled: impl Iterator<Item = &Handled>,
) -> Result<BTreeMap<DepartmentId, Calendar>, Error> {
    let mut all = BTreeMap::new();
    for one in handled {
        if !all.contains_key(&one.department) {
            all.insert(one.department.clone(), people::calendar(db, &one.department).await?);
        }
    }
    Ok(all)
}

fn times(handled: &[Handled], calendars: &BTreeMap<DepartmentId, Calendar>) -> Times {
    let seconds = |one: &Handled| {
        let calendar = calendars.get(&one.department)?;
        Some(calendar.between(one.received, one.done?, &[]).answer.num_seconds())
    };
    Times::of(handled.iter().filter_map(seconds).collect())
}

async fn complainers(
    db: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    policy: &Policy,
) -> Result<Complainers, Error> {
    let to = actor.today();
    let days = Days { from: to - Duration::days(i64::from(policy.repeat_days) - 1), to };
    let all = store::complainers(db, actor, filter, days).await?;
    let customers = all.len() as u64;
    let mut again: Vec<_> =
        all.into_iter().filter(|(_, complaints, _)| *complaints >= i64::from(policy.repeat_least)).collect();
    let repeat_customers = again.len() as u64;
    again.sort_by(|one, other| {
        (Reverse(one.1), Reverse(one.2), &one.0).cmp(&(Reverse(other.1), Reverse(other.2), &other.0))
    });
    again.truncate(MOST_COMPLAINERS);
    let ids: Vec<_> = again.iter().map(|(customer, _, _)| customer.clone()).collect();
    let known = customers::briefly(db, actor, &ids).await?;
    let row = |(customer_id, complaints, last_received_at)| {
        let brief = known.get(&customer_id);
        Complainer {
            customer_name: brief.map(|brief| brief.name.clone()).unwrap_or_default(),
            owner_id: brief.and_then(|brief| brief.owner_id.clone()),
            complaints: u64::try_from(complaints).unwrap_or_default(),
            customer_id,
            last_received_at,
        }
    };
    let rows = again.into_iter().map(row).collect();
    Ok(Complainers { days: policy.repeat_days, least: policy.repeat_least, customers, repeat_customers, rows })
}
