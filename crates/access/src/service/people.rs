use base::{Actor, DepartmentId, Error, FieldProblem, Instant, Language, Message, PageSize, UserId};
use serde_json::json;

use super::Access;
use super::granting::{is_unlimited, may_act_as, may_place};
use super::tries::{ANYWHERE, tries_of};
use crate::role::RoleId;
use crate::rules::{self, Refusal};
use crate::store::{people as store, roles, sign_in, tries};
use crate::{USERS, department, user, user_role};

/// Somebody new, without a password: he comes in by a link.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    pub name: String,
    pub login: String,
    pub department: Option<DepartmentId>,
    pub roles: Vec<RoleId>,
    pub language: Language,
}

/// A user as he shall be; `version` is the one that was looked at.
#[derive(Clone, Debug)]
pub struct UserChange {
    pub version: i64,
    pub name: String,
    pub login: String,
    pub department: Option<DepartmentId>,
    pub roles: Vec<RoleId>,
    pub status: user::Status,
}

impl Access {
    /// By name, each with the roles held by anybody.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn users(&self, actor: &Actor) -> Result<(Vec<user::Model>, Vec<user_role::Model>), Error> {
        actor.require(USERS)?;
        Ok((store::all_users(self.db.read()).await?, roles::all_held(self.db.read()).await?))
    }

    /// In the order they were created, from after a user on; one row more than the page, each with his roles.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn users_page(
        &self,
        actor: &Actor,
        after: Option<String>,
        size: PageSize,
    ) -> Result<Vec<(user::Model, Vec<RoleId>)>, Error> {
        actor.require(USERS)?;
        let users = store::users_after(self.db.read(), after.as_deref(), size.0 + 1).await?;
        let held = roles::all_held(self.db.read()).await?;
        let of = |user: &user::Model| -> Vec<RoleId> {
            held.iter().filter(|pair| pair.user_id == user.id).map(|pair| pair.role_id.clone()).collect()
        };
        Ok(users.into_iter().map(|user| (user.clone(), of(&user))).collect())
    }

    /// Names of all users, for lists of sessions and owners.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_names(&self) -> Result<Vec<(UserId, String)>, Error> {
        let all = store::all_users(self.db.read()).await?;
        Ok(all.into_iter().map(|user| (user.id, user.name)).collect())
    }

    /// # Errors
    /// `Forbidden` without the permission, `NotFound`.
    pub async fn user(&self, actor: &Actor, id: &UserId) -> Result<(user::Model, Vec<RoleId>), Error> {
        actor.require(USERS)?;
        Ok((store::user(self.db.read(), id).await?, roles::of_user(self.db.read(), id).await?))
    }

    /// # Errors
    /// `Invalid` field by field, a refusal when the roles exceed the actor's own rights.
    pub async fn create_user(&self, actor: &Actor, new: NewUser) -> Result<UserId, Error> {
        actor.require(USERS)?;
        let (name, login) = (new.name.trim().to_owned(), new.login.trim().to_lowercase());
        let tx = self.db.begin().await?;
        check(&tx, None, &name, &login, new.department.as_ref(), &new.roles).await?;
        may_place(&tx, actor, &new.roles, new.department.as_ref()).await?;
        let id = UserId::new(actor.now);
        store::add_user(&tx, fresh_user(id.clone(), &name, &login, new.department, new.language, actor.now)).await?;
        roles::set_of_user(&tx, &id, &new.roles).await?;
        let detail = json!({ "name": name, "login": login, "roles": new.roles });
        db::audit::record(&tx, actor, "user.created", "user", id.as_str(), detail).await?;
        self.db.commit(tx).await?;
        Ok(id)
    }

    /// Changes a user. Other roles or a disabled status end his sessions in the same transaction, a disabled status his
    /// keys too.
    ///
    /// # Errors
    /// `Invalid`, `Conflict`, or a refusal: the last administrator stays, and nobody touches somebody with more rights.
    pub async fn change_user(&self, actor: &Actor, id: &UserId, change: UserChange) -> Result<(), Error> {
        actor.require(USERS)?;
        let (name, login) = (change.name.trim().to_owned(), change.login.trim().to_lowercase());
        let tx = self.db.begin().await?;
        let before = store::user(&tx, id).await?;
        check(&tx, Some(id), &name, &login, change.department.as_ref(), &change.roles).await?;
        let mut held = roles::of_user(&tx, id).await?;
        let mut wanted = change.roles;
        held.sort();
        wanted.sort();
        wanted.dedup();
        let disabled = change.status == user::Status::Disabled;
        keep_an_administrator(&tx, id, &wanted, disabled).await?;
        let after = user::Model {
            name,
            login,
            department_id: change.department,
            status: change.status,
            version: change.version,
            ..before.clone()
        };
        may_become(&tx, actor, (&before, &held), (&after, &wanted)).await?;
        store::change_user(&tx, &after).await?;
        if held != wanted {
            roles::set_of_user(&tx, id, &wanted).await?;
        }
        if held != wanted || disabled {
            sign_in::end_all_of(&tx, id, actor.now).await?;
        }
        if disabled {
            sign_in::end_keys_of(&tx, id, actor.now).await?;
        }
        let detail = json!({ "before": seen(&before, &held), "after": seen(&after, &wanted) });
        db::audit::record(&tx, actor, "user.changed", "user", id.as_str(), detail).await?;
        self.db.commit(tx).await
    }

    /// Sets the actor's own password and ends all his sessions, this one too.
    ///
    /// # Errors
    /// `Invalid` for a wrong old password and for a new one that is too short, too long or among the most used ones;
    /// `TooMany`.
    pub async fn set_own_password(&self, actor: &Actor, old: String, new: String) -> Result<(), Error> {
        let base::ActorKind::User { id, .. } = &actor.kind else {
            return Err(Error::Forbidden);
        };
        let mut user = store::user(self.db.read(), id).await?;
        if let Some(problem) = rules::password_problem(&new, &user.login) {
            return Err(Error::invalid("password", problem));
        }
        if user.password_hash.is_some() {
            // Whoever finds a session left open must not guess until it fits.
            self.count_try(&tries_of(id), ANYWHERE, actor.now).await?;
            if !self.passwords.fits(old, user.password_hash.clone()).await? {
                return Err(Error::invalid("old_password", Message::new("access-old_password_wrong")));
            }
        }
        user.password_hash = Some(self.passwords.hash(new).await?);
        user.password_changed_at = Some(actor.now);
        let tx = self.db.begin().await?;
        store::change_user(&tx, &user).await?;
        sign_in::end_all_of(&tx, id, actor.now).await?;
        tries::forget(&tx, &tries_of(id), ANYWHERE).await?;
        db::audit::record(&tx, actor, "user.password_set", "user", id.as_str(), json!({})).await?;
        self.db.commit(tx).await
    }

    /// # Errors
    /// `Forbidden` for a program.
    pub async fn set_own_language(&self, actor: &Actor, language: Language) -> Result<(), Error> {
        let base::ActorKind::User { id, .. } = &actor.kind else {
            return Err(Error::Forbidden);
        };
        let tx = self.db.begin().await?;
        let mut user = store::user(&tx, id).await?;
        user.language = language.code().into();
        store::change_user(&tx, &user).await?;
        let detail = json!({ "language": language.code() });
        db::audit::record(&tx, actor, "user.language_set", "user", id.as_str(), detail).await?;
        self.db.commit(tx).await
    }

    /// Whether the actor has a password to be asked for.
    ///
    /// # Errors
    /// `Forbidden` for a program.
    pub async fn has_password(&self, actor: &Actor) -> Result<bool, Error> {
        let id = actor.user_id().ok_or(Error::Forbidden)?;
        Ok(store::user(self.db.read(), id).await?.password_hash.is_some())
    }
}

pub(super) fn fresh_user(
    id: UserId,
    name: &str,
    login: &str,
    department: Option<DepartmentId>,
    language: Language,
    now: Instant,
) -> user::Model {
    user::Model {
        id,
        name: name.into(),
        login: login.into(),
        department_id: department,
        language: language.code().into(),
        status: user::Status::Active,
        password_hash: None,
        password_changed_at: None,
        totp_secret: None,
        totp_step: None,
        signed_in_at: None,
        version: 1,
        created_at: now,
    }
}

/// Whether the user may leave the administrators, if he is about to.
async fn keep_an_administrator(tx: &db::Tx, id: &UserId, wanted: &[RoleId], disabled: bool) -> Result<(), Error> {
    let Some(role) = roles::built_in(tx, crate::role::ADMINISTRATOR).await? else {
        return Ok(());
    };
    if disabled || !wanted.contains(&role.id) {
        rules::keeps_an_administrator(&roles::active_administrators(tx).await?, id)?;
    }
    Ok(())
}

/// Nobody touches somebody with more rights, makes more of him than he is himself, or moves his own desk to where there
/// is more to see.
async fn may_become(
    tx: &db::Tx,
    actor: &Actor,
    (before, held): (&user::Model, &[RoleId]),
    (after, wanted): (&user::Model, &[RoleId]),
) -> Result<(), Error> {
    let moves = before.department_id != after.department_id;
    if moves && actor.user_id() == Some(&before.id) && !is_unlimited(tx, actor).await? {
        return Err(Refusal::OwnDepartment.into());
    }
    may_place(tx, actor, held, before.department_id.as_ref()).await?;
    may_place(tx, actor, wanted, after.department_id.as_ref()).await?;
    if !moves {
        return Ok(());
    }
    may_act_as(tx, actor, before, held).await?;
    may_act_as(tx, actor, after, wanted).await
}

async fn check(
    tx: &db::Tx,
    id: Option<&UserId>,
    name: &str,
    login: &str,
    department: Option<&DepartmentId>,
    wanted: &[RoleId],
) -> Result<(), Error> {
    let mut problems: Vec<FieldProblem> =
        rules::name_problem(name).into_iter().chain(rules::login_problem(login)).collect();
    if store::user_of_login(tx, login).await?.is_some_and(|other| Some(&other.id) != id) {
        problems.push(FieldProblem::new("login", Message::new("access-login_taken")));
    }
    if let Some(department) = department {
        known_department(&store::all_departments(tx).await?, department)?;
    }
    for role in wanted {
        roles::role(tx, role).await?;
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

pub(super) fn known_department(all: &[department::Model], id: &DepartmentId) -> Result<(), Error> {
    all.iter().any(|department| department.id == *id).then_some(()).ok_or(Error::NotFound)
}

fn seen(user: &user::Model, roles: &[RoleId]) -> serde_json::Value {
    let department = user.department_id.as_ref().map(DepartmentId::as_str);
    json!({
        "name": user.name, "login": user.login, "department": department, "status": user.status, "roles": roles,
    })
}

impl From<&user::Model> for UserChange {
    fn from(user: &user::Model) -> Self {
        Self {
            version: user.version,
            name: user.name.clone(),
            login: user.login.clone(),
            department: user.department_id.clone(),
            roles: Vec::new(),
            status: user.status,
        }
    }
}
