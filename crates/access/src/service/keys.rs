//! Keys of programs. Rights are read at each request, so a key never outlives its user's.

use base::{Actor, ActorKind, Day, Error, FieldProblem, Instant, Message, UserId};
use chrono::{Days, Duration, NaiveTime};
use serde_json::json;

use super::Access;
use super::granting::may_act_as;
use crate::api_key::{self, KeyId, PREFIX};
use crate::rules::{self, Refusal};
use crate::store::{people, roles, sign_in as store};
use crate::{KEYS, USERS, secrets, user};

/// A fresh key; the secret is shown once.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub id: KeyId,
    pub secret: String,
}

impl Access {
    /// A key for a program: one's own, or anybody's with the permission for users. It has those of its user's rights that `scopes`
    /// names.
    ///
    /// # Errors
    /// `Invalid` field by field, `Forbidden`, `NotFound`, or a refusal when the user has more rights than the actor or
    /// fewer than `scopes`.
    pub async fn create_key(
        &self,
        actor: &Actor,
        user: &UserId,
        name: &str,
        scopes: &[&str],
        last_day: Day,
    ) -> Result<NewKey, Error> {
        // A key that made keys would live longer than its end.
        if matches!(actor.kind, ActorKind::Key { .. }) {
            return Err(Error::Forbidden);
        }
        let own = actor.user_id() == Some(user);
        actor.require(if own { KEYS } else { USERS })?;
        let name = name.trim();
        let mut problems: Vec<FieldProblem> =
            rules::name_problem(name).into_iter().chain(rules::last_day_problem(last_day, actor.today())).collect();
        if scopes.is_empty() {
            problems.push(FieldProblem::new("scope", Message::new("access-key_scopes")));
        }
        if let Some(unknown) = scopes.iter().find(|scope| !self.known().iter().any(|known| known.0 == **scope)) {
            let message = Message::new("access-unknown_permission").with("permission", unknown);
            problems.push(FieldProblem::new("scope", message));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let tx = self.db.begin().await?;
        let person = people::user(&tx, user).await?;
        if person.status != user::Status::Active {
            return Err(Refusal::UserDisabled.into());
        }
        let held = roles::of_user(&tx, user).await?;
        if !own {
            may_act_as(&tx, actor, &person, &held).await?;
        }
        let rights = roles::rights(&tx, &held).await?;
        if !scopes.iter().all(|scope| rights.contains_key(*scope)) {
            return Err(Refusal::GrantsMore.into());
        }
        let secret = format!("{PREFIX}{}", secrets::token()?);
        let key = api_key::Model {
            id: KeyId::new(actor.now),
            name: name.into(),
            user_id: user.clone(),
            secret_hash: secrets::hash(&secret),
            scopes: json!(scopes),
            created_at: actor.now,
            expires_at: end_of(last_day),
            ended_at: None,
            last_used_at: None,
        };
        let detail = json!({ "name": name, "user": user.as_str(), "scopes": scopes });
        db::audit::record(&tx, actor, "key.created", "key", key.id.as_str(), detail).await?;
        let id = key.id.clone();
        store::add_key(&tx, key).await?;
        self.db.commit(tx).await?;
        Ok(NewKey { id, secret })
    }

    /// One's own, or with the permission everybody's, newest first; those that are over too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self, actor: &Actor) -> Result<Vec<api_key::Model>, Error> {
        match (actor.has(USERS), actor.user_id()) {
            (true, _) => store::keys(self.db.read(), None).await,
            (false, Some(own)) => store::keys(self.db.read(), Some(own)).await,
            (false, None) => Err(Error::Forbidden),
        }
    }

    /// Ends a key: one's own, or anybody's with the permission.
    ///
    /// # Errors
    /// `NotFound` for somebody else's key without the permission.
    pub async fn end_key(&self, actor: &Actor, id: &KeyId) -> Result<(), Error> {
        let tx = self.db.begin().await?;
        let key = store::key(&tx, id).await?;
        if actor.user_id() != Some(&key.user_id) && !actor.has(USERS) {
            return Err(Error::NotFound);
        }
        store::end_key(&tx, id, actor.now).await?;
        db::audit::record(&tx, actor, "key.ended", "key", id.as_str(), json!({ "name": key.name })).await?;
        self.db.commit(tx).await
    }
}

/// Midnight after the firm's day; at either end of the calendar as near as it goes.
fn end_of(day: Day) -> Instant {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc();
    next.checked_sub_signed(Duration::hours(8)).unwrap_or(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_china_and_the_calendar_without_a_fall() {
        let end = |day: &str| end_of(day.parse().unwrap()).to_rfc3339();
        assert_eq!(end("2026-11-23"), "2026-11-23T16:00:00+00:00");
        assert_eq!(end("9999-12-31"), "9999-12-31T16:00:00+00:00");
        assert!(end_of(Day::MAX) > end_of(Day::MIN));
    }
}
