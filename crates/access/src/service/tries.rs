//! Tries of passwords and codes: counted, held back, and seen in the audit.

use base::{Actor, Error, Instant, UserId};
use serde_json::json;

use super::Access;
use crate::rules::{Limit, Tried};
use crate::sign_in_try::{WITHIN, network};
use crate::store::{people, tries as store};

/// What somebody tries who is known already has no address: all places count together.
pub(super) const ANYWHERE: &str = "";
/// No login has a space.
const CODE: &str = "code ";

/// Whoever gets as far as a code knows the password, and whoever is asked for his password again is signed in.
pub(super) fn tries_of(id: &UserId) -> String {
    format!("{CODE}{id}")
}

impl Access {
    /// # Errors
    /// `TooMany` when there were too many tries of this login, or from there.
    pub(super) async fn count_try(&self, login: &str, address: &str, now: Instant) -> Result<(), Error> {
        let network = network(address);
        let tx = self.db.begin().await?;
        store::forget_old(&tx, now).await?;
        let before = store::tried(&tx, login, &network).await?;
        let limit = reached(&tx, before, login, &network).await?;
        match limit {
            None => store::add(&tx, login, &network, now).await?,
            Some(limit) => note_held_back(&tx, limit, login, &network, now).await?,
        }
        self.db.commit(tx).await?;
        // Tries at the same moment see each other only now.
        let after = store::tried(self.db.read(), login, &network).await?;
        let limit = match limit {
            None => reached(self.db.read(), after.before(), login, &network).await?,
            reached => reached,
        };
        match limit {
            None => Ok(()),
            Some(limit) => {
                tracing::warn!(limit = limit.name(), address = network, "Tries held back");
                Err(Error::TooMany { retry_after_seconds: WITHIN.num_seconds().unsigned_abs() })
            }
        }
    }

    /// Leaves a trace of a sign-in that failed. What was typed for a login is kept only where it is one, because people
    /// type their password there by mistake.
    pub(super) async fn note_failed(
        &self,
        user: Option<&UserId>,
        address: &str,
        by: &str,
        now: Instant,
    ) -> Result<(), Error> {
        let id = user.map_or("", |id| id.as_str());
        tracing::warn!(by, address, user.id = id, "Sign-in failed");
        let tx = self.db.begin().await?;
        let detail = json!({ "by": by, "address": address });
        db::audit::record(&tx, &Actor::system("sign_in", now), "user.sign_in_failed", "user", id, detail).await?;
        self.db.commit(tx).await
    }
}

async fn reached(
    db: &impl sea_orm::ConnectionTrait,
    tried: Tried,
    login: &str,
    network: &str,
) -> Result<Option<Limit>, Error> {
    match tried.limit() {
        Some(Limit::Address | Limit::Login) if store::has_been_at(db, login, network).await? => Ok(None),
        limit => Ok(limit),
    }
}

/// One entry in the audit for each limit and each quarter of an hour, however long the flood.
async fn note_held_back(tx: &db::Tx, limit: Limit, login: &str, network: &str, now: Instant) -> Result<(), Error> {
    let (login, network) = match limit {
        Limit::Here => (login, network),
        Limit::Address => ("", network),
        Limit::Login => (login, ""),
    };
    let mark = format!("held back {login} {network}");
    if store::tried(tx, &mark, ANYWHERE).await?.here > 0 {
        return Ok(());
    }
    store::add(tx, &mark, ANYWHERE, now).await?;
    let known = people::user_of_login(tx, login).await?.map(|user| user.id.to_string());
    let id = known.or_else(|| login.strip_prefix(CODE).filter(|_| network.is_empty()).map(str::to_owned));
    let detail = json!({ "limit": limit.name(), "address": network });
    let actor = Actor::system("sign_in", now);
    db::audit::record(tx, &actor, "user.sign_in_held_back", "user", &id.unwrap_or_default(), detail).await
}
