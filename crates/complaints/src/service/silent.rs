//! Who was served badly, ships less and says nothing.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, Error, UserId};
use chrono::Duration;
use db::{Db, settings};
use shipments::store::lately;

use super::Complaints;
use crate::figures::beginning;
use crate::policy::{Policy, SETTINGS};
use crate::silent::{Silent, SilentList, has_dropped};
use crate::store::{people, silent as store};

/// Shipments of a customer that went badly.
#[derive(Default)]
struct Bad {
    late: BTreeSet<String>,
    damaged: BTreeSet<String>,
}

impl Bad {
    fn count(&self) -> u64 {
        self.late.union(&self.damaged).count() as u64
    }
}

impl Complaints {
    /// Of the customers that the actor may see; one person's, when he is given.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn silent(&self, actor: &Actor, owner: Option<&UserId>) -> Result<SilentList, Error> {
        silent(&self.db, actor, owner).await
    }
}

/// The few with bad shipments are found first, by indexes that hold nothing else; all else is asked of them alone.
pub(crate) async fn silent(db: &Db, actor: &Actor, owner: Option<&UserId>) -> Result<SilentList, Error> {
    actor.require(crate::VIEW)?;
    let db = db.read();
    let policy: Policy = settings::get(db, SETTINGS).await?;
    let days = i64::from(policy.silent_days);
    let (to, from) = (actor.today(), actor.today() - Duration::days(days - 1));
    let mut bad: BTreeMap<CustomerId, Bad> = BTreeMap::new();
    for (customer, shipment) in lately::late_between(db, actor, owner, (from, to)).await? {
        bad.entry(customer).or_default().late.insert(shipment);
    }
    for (customer, shipment) in store::damaged_since(db, actor, beginning(from)).await? {
        bad.entry(customer).or_default().damaged.insert(shipment);
    }
    bad.retain(|_, bad| bad.count() >= u64::from(policy.silent_least));
    let ids: Vec<CustomerId> = bad.keys().cloned().collect();
    let complained = store::complained_since(db, &ids, beginning(from)).await?;
    let ids: Vec<CustomerId> = ids.into_iter().filter(|id| !complained.contains(id)).collect();
    let now = lately::counts_between(db, &ids, (from, to)).await?;
    let before = (from - Duration::days(days), from - Duration::days(1));
    let before = lately::counts_between(db, &ids, before).await?;
    let count = |counts: &BTreeMap<CustomerId, i64>, id: &CustomerId| counts.get(id).copied().unwrap_or_default();
    let dropped = |id: &CustomerId| has_dropped(count(&now, id), count(&before, id), policy.silent_drop);
    let ids: Vec<CustomerId> = ids.into_iter().filter(dropped).collect();
    let reached = store::reached(db, actor, &ids).await?;
    let mut known = customers::briefly(db, actor, &ids).await?;
    known.retain(|id, brief| reached.contains(id) && owner.is_none_or(|owner| brief.owner_id.as_ref() == Some(owner)));
    let people = people::names(db, known.values().filter_map(|brief| brief.owner_id.clone())).await?;
    let row = |(customer_id, brief): (CustomerId, customers::Brief)| {
        let bad = bad.get(&customer_id)?;
        Some(Silent {
            late: bad.late.len() as u64,
            damaged: bad.damaged.len() as u64,
            bad: bad.count(),
            shipments: count(&now, &customer_id),
            shipments_before: count(&before, &customer_id),
            owner_name: brief.owner_id.as_ref().and_then(|id| people.get(id)).cloned().unwrap_or_default(),
            customer_name: brief.name,
            owner_id: brief.owner_id,
            customer_id,
        })
    };
    let mut rows: Vec<Silent> = known.into_iter().filter_map(row).collect();
    rows.sort_by(Silent::order);
    Ok(SilentList { rows, days: policy.silent_days, least: policy.silent_least, drop: policy.silent_drop })
}
