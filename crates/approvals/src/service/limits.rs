//! How much the holders of each role may grant alone.

use std::collections::BTreeMap;

use access::{RoleId, role};
use base::{Actor, ActorKind, Currency, Error, Money};
use db::audit;
use sea_orm::ConnectionTrait;
use serde_json::json;
use shipments::Shipments;

use crate::limit::{self, Authority};
use crate::rules::{MANAGERS_MOST, SERVICE_MOST};
use crate::service::{Approvals, Kind};
use crate::{LIMITS, store};

/// What a role may grant of each kind.
#[derive(Clone, Debug)]
pub struct RoleLimits {
    pub role: role::Model,
    pub limits: Vec<LimitRow>,
}

#[derive(Clone, Copy, Debug)]
pub struct LimitRow {
    pub kind: Kind,
    /// Whole units of the reporting currency; `None`: without limit.
    pub most: Option<i64>,
}

impl Approvals {
    /// Every role with every kind.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn limits(&self, actor: &Actor) -> Result<Vec<RoleLimits>, Error> {
        actor.require(LIMITS)?;
        let set = store::limits(self.db().read()).await?;
        let limits = |role: &role::Model| {
            let row = |kind: Kind| LimitRow { kind, most: most_of(role, kind.name, &set) };
            self.kinds().into_iter().map(row).collect()
        };
        let roles = store::roles(self.db().read()).await?;
        Ok(roles.into_iter().map(|role| RoleLimits { limits: limits(&role), role }).collect())
    }

    /// `most`: whole units of the reporting currency, 0 for nothing, `None` for no limit.
    ///
    /// # Errors
    /// `Forbidden`, or `NotFound` for a role or a kind that does not exist.
    pub async fn set_limit(&self, actor: &Actor, role: &RoleId, kind: &str, most: Option<i64>) -> Result<(), Error> {
        actor.require(LIMITS)?;
        let known = self.kinds().into_iter().any(|one| one.name == kind);
        let tx = self.db().begin().await?;
        let role = store::roles(&tx).await?.into_iter().find(|one| one.id == *role && known).ok_or(Error::NotFound)?;
        let before = most_of(&role, kind, &store::limits(&tx).await?);
        store::put_limit(&tx, limit::Model { role_id: role.id.clone(), kind: kind.into(), most }).await?;
        let detail = json!({ "kind": kind, "before": before, "after": most });
        audit::record(&tx, actor, "role.approval_limit_set", "role", role.id.as_str(), detail).await?;
        self.db().commit(tx).await
    }

    /// The currency that limits are told in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reporting(&self) -> Result<Currency, Error> {
        Ok(Shipments::new(self.db().clone()).policy().await?.reporting)
    }

    /// The widest of the actor's roles counts.
    pub(super) async fn authority_for(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        kind: &str,
    ) -> Result<Authority, Error> {
        let user = match (&actor.kind, actor.user_id()) {
            (ActorKind::System(_), _) | (_, None) => return Ok(Authority::Unlimited),
            (_, Some(user)) => user,
        };
        let set = store::limits(db).await?;
        let reporting = self.reporting().await?;
        let mut widest = 0;
        for role in store::roles_of(db, user).await? {
            match most_of(&role, kind, &set) {
                None => return Ok(Authority::Unlimited),
                Some(most) => widest = widest.max(most),
            }
        }
        Ok(Authority::UpTo(Money::new(widest.saturating_mul(reporting.minor_per_unit()), reporting)))
    }
}

/// What was set, or what the roles that come with the program may grant while nobody has set anything.
fn most_of(role: &role::Model, kind: &str, set: &BTreeMap<(RoleId, String), Option<i64>>) -> Option<i64> {
    match set.get(&(role.id.clone(), kind.to_owned())) {
        Some(most) => *most,
        None if role.is_administrator() => None,
        None if role.built_in.as_deref() == Some("manager") => Some(MANAGERS_MOST),
        None if role.built_in.as_deref() == Some("customer_service") => Some(SERVICE_MOST),
        None => Some(0),
    }
}
