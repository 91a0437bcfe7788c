use std::sync::atomic::Ordering;

use base::{Actor, ActorKind, Error, Instant, Language, PageSize, UserId};
use chrono::Duration;
use serde_json::json;

use super::Access;
use super::granting::may_act_as;
use crate::role::ADMINISTRATOR;
use crate::rules::Refusal;
use crate::sign_in_try::network;
use crate::store::{people, roles, sign_in as store, tries};
use crate::{SESSIONS, USERS, secrets, session, sign_in_link, user};

/// Of whoever sets the program up.
const FIRST_LOGIN: &str = "admin";
/// What is longer cannot fit, but takes the same work.
const MOST_PASSWORD: usize = 1024;

/// How far somebody came with a link or a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The token of a new session.
    In(String),
    /// A code is asked for; the token goes to `finish_with_code`.
    AsksCode(String),
}

impl Entry {
    /// The token of the session, when no code is asked for.
    pub fn session(self) -> Option<String> {
        match self {
            Entry::In(token) => Some(token),
            Entry::AsksCode(_) => None,
        }
    }
}

impl Access {
    /// A token that signs the user in once within half an hour.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, a refusal for a disabled user.
    pub async fn create_link(&self, actor: &Actor, id: &UserId) -> Result<String, Error> {
        actor.require(USERS)?;
        let tx = self.db.begin().await?;
        let user = people::user(&tx, id).await?;
        if user.status != user::Status::Active {
            return Err(Refusal::UserDisabled.into());
        }
        // A link signs in with all rights of its user, so making one for another is granting them.
        let held = roles::of_user(&tx, id).await?;
        may_act_as(&tx, actor, &user, &held).await?;
        let token = add_link(&tx, id, actor.now, sign_in_link::LIFE).await?;
        db::audit::record(&tx, actor, "user.link_created", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await?;
        Ok(token)
    }

    /// Creates the first administrator and his set-up link when there is no user yet. As long as he is the only one and has
    /// never come in, each start gives a new link, and the one before is over.
    ///
    /// # Errors
    /// When the database refuses the write.
    pub async fn first_setup(&self, now: Instant) -> Result<Option<String>, Error> {
        let actor = Actor::system("setup", now);
        let tx = self.db.begin().await?;
        if people::is_anybody_there(&tx).await? {
            return self.setup_again(tx, &actor).await;
        }
        let id = UserId::new(now);
        let name = crate::chinese_text("access-first_name")?;
        people::add_user(
            &tx,
            super::people::fresh_user(id.clone(), &name, FIRST_LOGIN, None, Language::default(), now),
        )
        .await?;
        let role = self.built_in_role(&tx, ADMINISTRATOR, now).await?;
        roles::set_of_user(&tx, &id, &[role.id]).await?;
        let token = add_link(&tx, &id, now, sign_in_link::SETUP_LIFE).await?;
        db::audit::record(&tx, &actor, "user.created", "user", id.as_str(), json!({ "name": name })).await?;
        self.db.commit(tx).await?;
        Ok(Some(token))
    }

    async fn setup_again(&self, tx: db::Tx, actor: &Actor) -> Result<Option<String>, Error> {
        let everybody = people::all_users(&tx).await?;
        let [only] = everybody.as_slice() else {
            return Ok(None);
        };
        if only.login != FIRST_LOGIN || !only.never_came() {
            return Ok(None);
        }
        store::end_links_of(&tx, &only.id, actor.now).await?;
        let token = add_link(&tx, &only.id, actor.now, sign_in_link::SETUP_LIFE).await?;
        db::audit::record(&tx, actor, "user.link_created", "user", only.id.as_str(), json!({})).await?;
        self.db.commit(tx).await?;
        Ok(Some(token))
    }

    /// Whose link this is; the link stays unused, because mail scanners open what they find.
    ///
    /// # Errors
    /// A refusal for a link that is used, expired or not ours.
    pub async fn link_owner(&self, token: &str, now: Instant) -> Result<user::Model, Error> {
        let owner = store::open_link(self.db.read(), &secrets::hash(token), now).await?;
        owner.ok_or_else(|| Refusal::LinkOver.into())
    }

    /// Uses the link up.
    ///
    /// # Errors
    /// A refusal for a link that is used, expired or not ours.
    pub async fn redeem_link(&self, token: &str, now: Instant, address: &str, agent: &str) -> Result<Entry, Error> {
        let token_hash = secrets::hash(token);
        let tx = self.db.begin().await?;
        let Some(user) = store::open_link(&tx, &token_hash, now).await? else {
            tracing::warn!(by = "link", address, "Sign-in failed");
            return Err(Refusal::LinkOver.into());
        };
        if !store::use_link(&tx, &token_hash, now).await? {
            return Err(Refusal::LinkOver.into());
        }
        let entry = self.enter(&tx, &user, now, address, agent, "link").await?;
        self.db.commit(tx).await?;
        Ok(entry)
    }

    /// By password. The answer, and its time, is the same for a wrong password, an unknown login and
    /// a disabled user.
    ///
    /// # Errors
    /// `TooMany` after too many tries, otherwise one refusal for everything.
    pub async fn sign_in(
        &self,
        login: &str,
        password: String,
        now: Instant,
        address: &str,
        agent: &str,
    ) -> Result<Entry, Error> {
        let login: String = login.trim().to_lowercase().chars().take(64).collect();
        self.count_try(&login, address, now).await?;
        let user = people::user_of_login(self.db.read(), &login).await?;
        let user = user.filter(|user| user.status == user::Status::Active);
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        self.password_checks.fetch_add(1, Ordering::Relaxed);
        let fits = self.passwords.fits(password.chars().take(MOST_PASSWORD).collect(), stored.clone()).await?;
        let id = user.as_ref().map(|user| user.id.clone());
        let Some(user) = user.filter(|_| fits) else {
            self.note_failed(id.as_ref(), address, "password", now).await?;
            return Err(Refusal::WrongSignIn.into());
        };
        let tx = self.db.begin().await?;
        // The user may have been disabled, or the password changed, while it was being checked.
        let still = people::user(&tx, &user.id.clone()).await?;
        if still.status != user::Status::Active || still.password_hash != stored {
            return Err(Refusal::WrongSignIn.into());
        }
        tries::forget(&tx, &login, &network(address)).await?;
        let entry = self.enter(&tx, &still, now, address, agent, "password").await?;
        self.db.commit(tx).await?;
        Ok(entry)
    }

    /// How many passwords were checked since the start, those of unknown logins too.
    pub fn password_checks(&self) -> u64 {
        self.password_checks.load(Ordering::Relaxed)
    }

    async fn enter(
        &self,
        tx: &db::Tx,
        user: &user::Model,
        now: Instant,
        address: &str,
        agent: &str,
        by: &str,
    ) -> Result<Entry, Error> {
        match user.asks_code() {
            true => Ok(Entry::AsksCode(self.half_way(user, now, by)?)),
            false => Ok(Entry::In(start_session(tx, user, now, address, agent, by).await?)),
        }
    }

    /// Ends the actor's own session.
    ///
    /// # Errors
    /// When the database refuses the write.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Error> {
        let ActorKind::User { id, session } = &actor.kind else {
            return Ok(());
        };
        let tx = self.db.begin().await?;
        store::end_session(&tx, session, actor.now).await?;
        db::audit::record(&tx, actor, "user.signed_out", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await
    }

    /// # Errors
    /// `Forbidden` for a program.
    pub async fn own_sessions(&self, actor: &Actor) -> Result<Vec<session::Model>, Error> {
        let ActorKind::User { id, .. } = &actor.kind else {
            return Err(Error::Forbidden);
        };
        store::living_sessions(self.db.read(), Some(id), actor.now).await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn all_sessions(&self, actor: &Actor) -> Result<Vec<session::Model>, Error> {
        actor.require(SESSIONS)?;
        store::living_sessions(self.db.read(), None, actor.now).await
    }

    /// Last seen first, from before a session on; one row more than the page.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn sessions_page(
        &self,
        actor: &Actor,
        before: Option<(Instant, String)>,
        size: PageSize,
    ) -> Result<Vec<session::Model>, Error> {
        actor.require(SESSIONS)?;
        store::living_sessions_before(self.db.read(), before, size.0 + 1, actor.now).await
    }

    /// Ends a session: one's own, or anybody's with the permission.
    ///
    /// # Errors
    /// `NotFound` for somebody else's session without the permission.
    pub async fn end_session(&self, actor: &Actor, token_hash: &str) -> Result<(), Error> {
        let tx = self.db.begin().await?;
        let session = store::session(&tx, token_hash).await?;
        if actor.user_id() != Some(&session.user_id) && !actor.has(SESSIONS) {
            return Err(Error::NotFound);
        }
        store::end_session(&tx, token_hash, actor.now).await?;
        db::audit::record(&tx, actor, "session.ended", "user", session.user_id.as_str(), json!({})).await?;
        self.db.commit(tx).await
    }
}

async fn add_link(tx: &db::Tx, user: &UserId, now: Instant, life: Duration) -> Result<String, Error> {
    let token = secrets::token()?;
    let link = sign_in_link::Model {
        token_hash: secrets::hash(&token),
        user_id: user.clone(),
        created_at: now,
        expires_at: now + life,
        used_at: None,
    };
    store::add_link(tx, link).await?;
    Ok(token)
}

pub(super) async fn start_session(
    tx: &db::Tx,
    user: &user::Model,
    now: Instant,
    address: &str,
    agent: &str,
    by: &str,
) -> Result<String, Error> {
    let token = secrets::token()?;
    let token_hash = secrets::hash(&token);
    let started = session::Model {
        token_hash: token_hash.clone(),
        user_id: user.id.clone(),
        created_at: now,
        last_seen_at: now,
        expires_at: now + session::LONGEST,
        ended_at: None,
        address: address.into(),
        agent: agent.chars().take(300).collect(),
    };
    store::add_session(tx, started).await?;
    people::note_sign_in(tx, &user.id.clone(), now).await?;
    let mut actor = Actor::system("sign_in", now);
    actor.kind = ActorKind::User { id: user.id.clone(), session: token_hash };
    actor.name.clone_from(&user.name);
    let detail = json!({ "by": by, "address": address });
    db::audit::record(tx, &actor, "user.signed_in", "user", user.id.as_str(), detail).await?;
    Ok(token)
}
