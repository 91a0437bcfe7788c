//! Codes of an authenticator app, asked for after the link or the password.

use base::{Actor, ActorKind, Error, Instant, Message, UserId};
use chrono::Duration;
use serde_json::json;

use super::granting::may_act_as;
use super::tries::{ANYWHERE, tries_of};
use super::{Access, sign_in::start_session};
use crate::rules::Refusal;
use crate::store::{codes as store, people, roles, sign_in, tries};
use crate::totp::{self, Offer};
use crate::{USERS, recovery_code, secrets, user};

/// How long somebody who came by link or password may take for the code.
pub const HALF_WAY: Duration = Duration::minutes(5);
/// What the token in between is sealed for, so that no other sealed text passes for one.
const HALF_WAY_PURPOSE: &str = "sign-in half way";

impl Access {
    /// Whether the actor is asked for a code at sign-in.
    ///
    /// # Errors
    /// `Forbidden` for a program.
    pub async fn asks_code(&self, actor: &Actor) -> Result<bool, Error> {
        Ok(people::user(self.db.read(), person(actor)?).await?.asks_code())
    }

    /// Makes a secret for the actor's app; it counts once a code confirms it.
    ///
    /// # Errors
    /// `Forbidden` for a program, a refusal when codes are asked for already.
    pub async fn offer_code(&self, actor: &Actor) -> Result<(), Error> {
        let id = person(actor)?;
        let tx = self.db.begin().await?;
        if people::user(&tx, id).await?.asks_code() {
            return Err(Refusal::CodeAlready.into());
        }
        let sealed = self.key.seal(&purpose(id), &totp::fresh_secret())?;
        store::set_totp(&tx, id, Some(sealed)).await?;
        db::audit::record(&tx, actor, "user.code_offered", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await
    }

    /// The secret that waits for its first code, if any.
    ///
    /// # Errors
    /// `Forbidden` for a program.
    pub async fn offered_code(&self, actor: &Actor) -> Result<Option<Offer>, Error> {
        let user = people::user(self.db.read(), person(actor)?).await?;
        match user.asks_code() || user.totp_secret.is_none() {
            true => Ok(None),
            false => Ok(Some(totp::offer(&self.secret_of(&user)?, &user.login)?)),
        }
    }

    /// From now on a code is asked for, also of whoever is signed in elsewhere. Gives the recovery codes, which nobody
    /// can read again.
    ///
    /// # Errors
    /// `Invalid` for a wrong code, `TooMany`, `Forbidden` for a program.
    pub async fn confirm_code(&self, actor: &Actor, code: &str) -> Result<Vec<String>, Error> {
        let ActorKind::User { id, session } = &actor.kind else {
            return Err(Error::Forbidden);
        };
        self.count_try(&tries_of(id), ANYWHERE, actor.now).await?;
        let tx = self.db.begin().await?;
        let user = people::user(&tx, id).await?;
        if user.asks_code() {
            return Err(Refusal::CodeAlready.into());
        }
        self.use_code(&tx, &user, code, actor.now).await?;
        let codes = (0..recovery_code::AT_ONCE).map(|_| secrets::recovery_code()).collect::<Result<Vec<_>, _>>()?;
        store::set_recovery(&tx, id, codes.iter().map(|code| secrets::recovery_hash(code)).collect()).await?;
        sign_in::end_others_of(&tx, id, session, actor.now).await?;
        db::audit::record(&tx, actor, "user.code_on", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await?;
        Ok(codes)
    }

    /// How many recovery codes the actor has left.
    ///
    /// # Errors
    /// `Forbidden` for a program.
    pub async fn recovery_codes_left(&self, actor: &Actor) -> Result<u64, Error> {
        store::recovery_left(self.db.read(), person(actor)?).await
    }

    /// No code is asked for any more. Proven by a code, or where that is empty by the password, because a session that
    /// somebody left open is no proof.
    ///
    /// # Errors
    /// `Invalid` for a wrong code or password, `TooMany`, `Forbidden` for a program.
    pub async fn stop_code(&self, actor: &Actor, code: &str, password: String) -> Result<(), Error> {
        let id = person(actor)?;
        self.count_try(&tries_of(id), ANYWHERE, actor.now).await?;
        let by_password = code.trim().is_empty();
        let stored = people::user(self.db.read(), id).await?.password_hash;
        let fits = by_password && stored.is_some() && self.passwords.fits(password, stored.clone()).await?;
        let tx = self.db.begin().await?;
        let user = people::user(&tx, id).await?;
        match by_password {
            false => self.use_code(&tx, &user, code, actor.now).await?,
            true if fits && user.password_hash == stored => tries::forget(&tx, &tries_of(id), ANYWHERE).await?,
            true => return Err(Error::invalid("current_password", Message::new("access-code_proof"))),
        }
        forget_code(&tx, id).await?;
        db::audit::record(&tx, actor, "user.code_off", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await
    }

    /// For somebody who lost his device: no code is asked for any more, and his sessions end.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, a refusal when the user has more rights than the actor.
    pub async fn reset_code(&self, actor: &Actor, id: &UserId) -> Result<(), Error> {
        actor.require(USERS)?;
        let tx = self.db.begin().await?;
        let user = people::user(&tx, id).await?;
        may_act_as(&tx, actor, &user, &roles::of_user(&tx, id).await?).await?;
        forget_code(&tx, id).await?;
        sign_in::end_all_of(&tx, id, actor.now).await?;
        db::audit::record(&tx, actor, "user.code_reset", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await
    }

    /// The second half of a sign-in: the token of a new session.
    ///
    /// # Errors
    /// A refusal for a token that is over, `Invalid` for a wrong code, `TooMany`.
    pub async fn finish_with_code(
        &self,
        half_way: &str,
        code: &str,
        now: Instant,
        address: &str,
        agent: &str,
    ) -> Result<String, Error> {
        let (id, version, by) = self.read_half_way(half_way, now)?;
        self.count_try(&tries_of(&id), ANYWHERE, now).await?;
        let tx = self.db.begin().await?;
        let user = people::user(&tx, &id).await?;
        // A new password, a disabled status or other roles in between end what was begun before.
        if user.status != user::Status::Active || user.version != version || !user.asks_code() {
            return Err(Refusal::CodeOver.into());
        }
        if let Err(error) = self.use_code(&tx, &user, code, now).await {
            tx.rollback().await?;
            if matches!(error, Error::Invalid(_)) {
                self.note_failed(Some(&id), address, "code", now).await?;
            }
            return Err(error);
        }
        let token = start_session(&tx, &user, now, address, agent, &format!("{by}+code")).await?;
        self.db.commit(tx).await?;
        Ok(token)
    }

    /// What stands between the first and the second half: sealed, so nobody can make one.
    pub(super) fn half_way(&self, user: &user::Model, now: Instant, by: &str) -> Result<String, Error> {
        let until = (now + HALF_WAY).timestamp();
        let plain = json!([user.id, user.version, by, until]).to_string();
        self.key.seal(HALF_WAY_PURPOSE, &plain)
    }

    fn read_half_way(&self, token: &str, now: Instant) -> Result<(UserId, i64, String), Error> {
        let plain = self.key.open(HALF_WAY_PURPOSE, token).ok_or(Refusal::CodeOver)?;
        let (id, version, by, until): (UserId, i64, String, i64) =
            serde_json::from_str(&plain).map_err(|error| Error::Bug(error.to_string()))?;
        match now.timestamp() < until {
            true => Ok((id, version, by)),
            false => Err(Refusal::CodeOver.into()),
        }
    }

    /// A code of the app, or one of the recovery codes once the app is confirmed.
    async fn use_code(&self, tx: &db::Tx, user: &user::Model, code: &str, now: Instant) -> Result<(), Error> {
        let wrong = || Error::invalid("code", Message::new("access-code_wrong"));
        if user.totp_secret.is_none() {
            return Err(wrong());
        }
        let used = match totp::step_of(&self.secret_of(user)?, code, user.totp_step, now)? {
            Some(step) => store::use_step(tx, &user.id, step).await?,
            None if user.asks_code() => store::use_recovery(tx, &user.id, &secrets::recovery_hash(code)).await?,
            None => false,
        };
        match used {
            true => tries::forget(tx, &tries_of(&user.id), ANYWHERE).await,
            false => Err(wrong()),
        }
    }

    fn secret_of(&self, user: &user::Model) -> Result<String, Error> {
        let sealed = user.totp_secret.as_deref().unwrap_or_default();
        let opened = self.key.open(&purpose(&user.id), sealed);
        opened.ok_or_else(|| Error::Unavailable("a sealed secret does not open: another secret.key?".into()))
    }
}

async fn forget_code(tx: &db::Tx, id: &UserId) -> Result<(), Error> {
    store::set_totp(tx, id, None).await?;
    store::set_recovery(tx, id, Vec::new()).await
}

/// Codes belong to people at a browser.
fn person(actor: &Actor) -> Result<&UserId, Error> {
    match &actor.kind {
        ActorKind::User { id, .. } => Ok(id),
        _ => Err(Error::Forbidden),
    }
}

fn purpose(id: &UserId) -> String {
    format!("totp {id}")
}
