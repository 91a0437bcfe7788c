use base::{Actor, Error, Instant, Message, Permission, Scope};
use serde_json::json;

use super::Access;
use super::granting::{may_change_for, may_give_roles, may_grant};
use crate::role::{BUILT_IN, Reach, RoleId};
use crate::rules::{self, Refusal, Rights};
use crate::store::{roles as store, sign_in};
use crate::{ROLES, role};

impl Access {
    /// Makes the roles that come with the program, called at each start. The administrator gets every new right; the
    /// others get theirs only when they are made, because the firm may have changed them.
    ///
    /// # Errors
    /// When the database refuses the write.
    pub async fn ensure_roles(&self, grants: &[(&str, Permission, Scope)], now: Instant) -> Result<(), Error> {
        let tx = self.db.begin().await?;
        for key in BUILT_IN {
            let wanted: Rights = (grants.iter())
                .filter(|(role, _, _)| *role == key)
                .map(|(_, permission, scope)| (permission.0.to_owned(), Reach::from(scope)))
                .collect();
            let known = store::built_in(&tx, key).await?;
            let role = self.built_in_role(&tx, key, now).await?;
            if (known.is_none() || role.is_administrator())
                && store::rights(&tx, std::slice::from_ref(&role.id)).await? != wanted
            {
                store::set_rights(&tx, &role.id, &wanted).await?;
            }
        }
        self.db.commit(tx).await
    }

    pub(super) async fn built_in_role(&self, tx: &db::Tx, key: &str, now: Instant) -> Result<role::Model, Error> {
        if let Some(known) = store::built_in(tx, key).await? {
            return Ok(known);
        }
        let role = role::Model {
            id: RoleId::new(now),
            name: crate::chinese_text(&format!("access-role-{key}"))?,
            built_in: Some(key.into()),
            version: 1,
            created_at: now,
        };
        store::add(tx, role.clone()).await?;
        Ok(role)
    }

    /// All roles, those of the program first, each with its rights. Open to everybody who is signed in: who may do what is no secret among colleagues.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn roles(&self) -> Result<Vec<(role::Model, Rights)>, Error> {
        let mut all = Vec::new();
        for role in store::all(self.db.read()).await? {
            let rights = store::rights(self.db.read(), std::slice::from_ref(&role.id)).await?;
            all.push((role, rights));
        }
        let place = |role: &role::Model| BUILT_IN.iter().position(|key| role.built_in.as_deref() == Some(*key));
        all.sort_by_key(|(role, _)| place(role).unwrap_or(BUILT_IN.len()));
        Ok(all)
    }

    /// One role and its rights.
    ///
    /// # Errors
    /// `NotFound`, or when the database does not answer.
    pub async fn role(&self, id: &RoleId) -> Result<(role::Model, Rights), Error> {
        let role = store::role(self.db.read(), id).await?;
        Ok((role, store::rights(self.db.read(), std::slice::from_ref(id)).await?))
    }

    /// How many users have the role.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn people_with(&self, id: &RoleId) -> Result<u64, Error> {
        store::how_many_hold(self.db.read(), id).await
    }

    /// # Errors
    /// `Invalid`, or a refusal when the role could do more than the actor or something that no module checks.
    pub async fn create_role(&self, actor: &Actor, name: &str, rights: &Rights) -> Result<RoleId, Error> {
        actor.require(ROLES)?;
        let name = named(name)?;
        self.all_known(rights)?;
        let tx = self.db.begin().await?;
        may_grant(&tx, actor, rights).await?;
        let id = RoleId::new(actor.now);
        let role =
            role::Model { id: id.clone(), name: name.clone(), built_in: None, version: 1, created_at: actor.now };
        store::add(&tx, role).await?;
        store::set_rights(&tx, &id, rights).await?;
        let detail = json!({ "name": name, "rights": rights });
        db::audit::record(&tx, actor, "role.created", "role", id.as_str(), detail).await?;
        self.db.commit(tx).await?;
        Ok(id)
    }

    /// Renames a role and sets what it may do; other rights end the sessions of everybody who has it.
    ///
    /// # Errors
    /// `Invalid`, `Conflict`, or a refusal: the administrator's rights are fixed, and nobody grants what he does not have.
    pub async fn change_role(
        &self,
        actor: &Actor,
        id: &RoleId,
        version: i64,
        name: &str,
        rights: &Rights,
    ) -> Result<(), Error> {
        actor.require(ROLES)?;
        let name = named(name)?;
        self.all_known(rights)?;
        let tx = self.db.begin().await?;
        let role = store::role(&tx, id).await?;
        let before = store::rights(&tx, std::slice::from_ref(id)).await?;
        if role.is_administrator() {
            return Err(Refusal::AdministratorRoleFixed.into());
        }
        may_give_roles(&tx, actor, std::slice::from_ref(id)).await?;
        may_grant(&tx, actor, rights).await?;
        let holders = store::holders(&tx, id).await?;
        if before != *rights {
            may_change_for(&tx, actor, &holders, (&before, rights)).await?;
        }
        store::rename(&tx, id, version, &name).await?;
        if before != *rights {
            store::set_rights(&tx, id, rights).await?;
            for holder in &holders {
                sign_in::end_all_of(&tx, holder, actor.now).await?;
            }
        }
        let detail = json!({ "before": before, "after": rights, "name": name });
        db::audit::record(&tx, actor, "role.changed", "role", id.as_str(), detail).await?;
        self.db.commit(tx).await
    }

    /// A made-up permission would wait in the role until some module gives it a meaning.
    fn all_known(&self, rights: &Rights) -> Result<(), Error> {
        let known = |name: &String| self.known().iter().any(|permission| permission.0 == name);
        match rights.keys().all(known) {
            true => Ok(()),
            false => Err(Error::Refused(Message::new("error-form_unreadable"))),
        }
    }
}

fn named(name: &str) -> Result<String, Error> {
    let name = name.trim();
    match rules::name_problem(name) {
        Some(problem) => Err(Error::Invalid(vec![problem])),
        None => Ok(name.to_owned()),
    }
}
