//! What the firm stands to lose with a customer.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, Error, Money};
use chrono::Duration;
use customers::figures::{Amounts, ValueBasis};
use db::{Db, settings};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use crate::policy::{Policy, SETTINGS};
use crate::store::{figures, rates, seen_among, worth};
use crate::{Rates, Worth, worth as worth_of};

/// What the value is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Revenue less cost.
    Margin,
    /// The cost is unknown.
    Revenue,
    /// Margin where the cost is known, revenue elsewhere.
    Mixed,
    /// No revenue is known, or nothing of it can be converted.
    #[default]
    Unknown,
}

/// What a customer's shipments of the last 365 days brought, in the reporting currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtStake {
    pub value: Option<Money>,
    pub basis: Basis,
    pub apart: Amounts,
    /// Lines of unknown revenue.
    pub unknown_lines: i64,
}

/// Customers who shipped nothing in that time are left out, and so are those whose shipments the actor may not see.
///
/// # Errors
/// When the database does not answer.
pub async fn value_at_stake(
    db: &Db,
    actor: &Actor,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, AtStake>, Error> {
    let ids = seen_among(db.read(), actor, ids).await?;
    at_stake(db.read(), &ids, actor.today()).await
}

/// Value and basis of many customers at once, for lists: as they were last counted when that was today, which spares
/// adding up a year of lines; otherwise counted now.
///
/// # Errors
/// When the database does not answer.
pub async fn values_at_stake(
    db: &Db,
    actor: &Actor,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, AtStake>, Error> {
    let ids = seen_among(db.read(), actor, ids).await?;
    let policy: Policy = settings::get(db.read(), SETTINGS).await?;
    let ready = figures::values(db.read(), &ids, actor.today(), policy.reporting).await?;
    let value = |(id, minor, basis, apart): (CustomerId, i64, ValueBasis, Amounts)| {
        let value = Some(Money::new(minor, policy.reporting));
        (id, AtStake { value, basis: basis.into(), apart, unknown_lines: 0 })
    };
    let mut all: BTreeMap<CustomerId, AtStake> = ready.into_iter().map(value).collect();
    let others: Vec<CustomerId> = ids.into_iter().filter(|id| !all.contains_key(id)).collect();
    all.extend(at_stake(db.read(), &others, actor.today()).await?);
    Ok(all)
}

/// The same, whoever may see it.
pub(crate) async fn at_stake(
    db: &impl ConnectionTrait,
    ids: &[CustomerId],
    today: Day,
) -> Result<BTreeMap<CustomerId, AtStake>, Error> {
    let policy: Policy = settings::get(db, SETTINGS).await?;
    let rates = rates::into(db, policy.reporting).await?;
    let days = (today - Duration::days(policy.worth_days), today);
    let mut all: BTreeMap<CustomerId, AtStake> = BTreeMap::new();
    for added in worth::added(db, ids, days, policy.reporting).await? {
        all.entry(added.customer_id.clone()).or_default().add(&added, &rates, today);
    }
    Ok(all)
}

impl From<ValueBasis> for Basis {
    fn from(basis: ValueBasis) -> Self {
        match basis {
            ValueBasis::Margin => Basis::Margin,
            ValueBasis::Revenue => Basis::Revenue,
            ValueBasis::Mixed => Basis::Mixed,
            ValueBasis::Unknown => Basis::Unknown,
        }
    }
}

impl From<Basis> for ValueBasis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Margin => ValueBasis::Margin,
            Basis::Revenue => ValueBasis::Revenue,
            Basis::Mixed => ValueBasis::Mixed,
            Basis::Unknown => ValueBasis::Unknown,
        }
    }
}

impl AtStake {
    fn add(&mut self, added: &worth::Added, rates: &Rates, today: Day) {
        let on = added.on_day.unwrap_or(today);
        let revenue = added.revenue_currency.map(|currency| Money::new(added.revenue, currency));
        let cost = added.cost_currency.map(|currency| Money::new(added.cost, currency));
        let (more, basis) = match worth_of(revenue, cost, on, rates) {
            Worth::Margin(more) => (more, Basis::Margin),
            Worth::Revenue(more) => (more, Basis::Revenue),
            Worth::Unknown => {
                self.unknown_lines += added.lines;
                return;
            }
            Worth::Unconverted => return self.put_apart(revenue),
        };
        let sum = self.value.map_or(Some(more), |value| value.plus(more));
        let Some(sum) = sum else { return self.put_apart(revenue) };
        self.basis = match (self.value, self.basis == basis) {
            (None, _) | (_, true) => basis,
            _ => Basis::Mixed,
        };
        self.value = Some(sum);
    }

    fn put_apart(&mut self, revenue: Option<Money>) {
        if let Some(revenue) = revenue {
            *self.apart.0.entry(revenue.currency).or_default() += i128::from(revenue.minor);
        }
    }
}
