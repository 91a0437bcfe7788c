//! Who somebody is, and the acts about people and their rights.

mod codes;
mod departments;
mod granting;
mod keys;
mod people;
mod roles;
mod sign_in;
mod tries;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use base::{Actor, ActorKind, Error, Instant, Language, Permission, Scope};
use db::Db;
use module::RecordNames;
use texts::Texts;

pub use codes::HALF_WAY;
pub use keys::NewKey;
pub use people::{NewUser, UserChange};
pub use sign_in::Entry;

use crate::named::{Namers, Names};
use crate::passwords::Passwords;
use crate::role::Reach;
use crate::rules;
use crate::seal::Key;
use crate::store::{people as people_store, roles as role_store, sign_in as store};
use crate::{api_key, secrets, session, user};

/// Users, departments, roles, sessions and sign-in.
#[derive(Clone, Debug)]
pub struct Access {
    db: Db,
    /// All permissions of all modules; told once at start.
    known: Arc<OnceLock<Vec<Permission>>>,
    key: Key,
    passwords: Passwords,
    password_checks: Arc<AtomicU64>,
    namers: Namers,
}

impl Access {
    /// `key` seals the secrets of authenticator apps: `seal::key_file`.
    pub fn new(db: Db, key: Key) -> Self {
        Self {
            db,
            known: Arc::new(OnceLock::new()),
            key,
            passwords: Passwords::default(),
            password_checks: Arc::default(),
            namers: Namers::default(),
        }
    }

    /// Tells how all modules name their records, once at start.
    pub fn name_records(&self, all: Vec<Arc<dyn RecordNames>>) {
        self.namers.set(all);
    }

    /// Tells which permissions exist, once at start. A stored permission that no module has any more gives nothing.
    pub fn know(&self, permissions: impl IntoIterator<Item = Permission>) {
        let _ = self.known.set(permissions.into_iter().collect());
    }

    pub fn known(&self) -> &[Permission] {
        self.known.get().map_or(crate::PERMISSIONS.as_slice(), Vec::as_slice)
    }

    /// Who the cookie is, if anybody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn identify_session(&self, token: &str, now: Instant) -> Result<Option<Actor>, Error> {
        let token_hash = secrets::hash(token);
        let Some((session, user)) = store::living_session(self.db.read(), &token_hash, now).await? else {
            return Ok(None);
        };
        if now - session.last_seen_at >= session::SEEN_EVERY {
            let tx = self.db.begin().await?;
            store::see_session(&tx, &token_hash, now).await?;
            self.db.commit(tx).await?;
        }
        let kind = ActorKind::User { id: user.id.clone(), session: token_hash };
        Ok(Some(self.actor_of(user, kind, now).await?))
    }

    /// Who the bearer of a key is, if anybody: its user, with those of his rights that the key names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn identify_key(&self, bearer: &str, now: Instant) -> Result<Option<Actor>, Error> {
        let Some((key, user)) = store::living_key(self.db.read(), &secrets::hash(bearer), now).await? else {
            return Ok(None);
        };
        if key.last_used_at.is_none_or(|last| now - last >= api_key::USED_EVERY) {
            let tx = self.db.begin().await?;
            store::use_key(&tx, &key.id, now).await?;
            self.db.commit(tx).await?;
        }
        let scopes = key.scope_names();
        let kind = ActorKind::Key { id: key.id.0, user: user.id.clone() };
        let mut actor = self.actor_of(user, kind, now).await?;
        actor.permissions.retain(|permission, _| scopes.iter().any(|scope| scope == permission.0));
        Ok(Some(actor))
    }

    /// Newest first, from before an entry on.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn audit(
        &self,
        actor: &Actor,
        before: Option<(Instant, String)>,
        words: &str,
        rows: u64,
    ) -> Result<Vec<db::audit::Model>, Error> {
        actor.require(crate::AUDIT)?;
        db::audit::latest(self.db.read(), before, words, rows).await
    }

    /// What the records of these entries are called, as far as the actor may see them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn names_of(
        &self,
        actor: &Actor,
        texts: &Texts,
        entries: &[db::audit::Model],
    ) -> Result<Names, Error> {
        let records = entries.iter().map(|entry| (entry.object.as_str(), entry.object_id.as_str()));
        self.namers.of(&self.db, actor, texts, records).await
    }

    async fn actor_of(&self, user: user::Model, kind: ActorKind, now: Instant) -> Result<Actor, Error> {
        let roles = role_store::of_user(self.db.read(), &user.id.clone()).await?;
        let rights = role_store::rights(self.db.read(), &roles).await?;
        let below = match &user.department_id {
            Some(own) if rights.values().any(|reach| *reach == Reach::Department) => {
                rules::with_below(&people_store::all_departments(self.db.read()).await?, own)
            }
            _ => Vec::new(),
        };
        let scope = |reach: Reach| match reach {
            Reach::Own => Scope::Own,
            Reach::Department => Scope::Departments(below.clone()),
            Reach::All => Scope::All,
        };
        let permissions: BTreeMap<Permission, Scope> = (self.known().iter())
            .filter_map(|known| rights.get(known.0).map(|reach| (*known, scope(*reach))))
            .collect();
        Ok(Actor {
            kind,
            name: user.name,
            department: user.department_id,
            permissions,
            language: Language::from_code(&user.language).unwrap_or_default(),
            now,
        })
    }
}
