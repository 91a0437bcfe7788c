//! What an actor may hand on; nothing limits an administrator or the program itself.

use base::{Actor, ActorKind, DepartmentId, Error, UserId};

use crate::role::{ADMINISTRATOR, Reach, RoleId};
use crate::rules::{self, Rights};
use crate::store::{people, roles as store};
use crate::{department, user};

/// # Errors
/// A refusal when the rights go beyond the actor's.
pub(super) async fn may_grant(tx: &db::Tx, actor: &Actor, given: &Rights) -> Result<(), Error> {
    if is_unlimited(tx, actor).await? {
        return Ok(());
    }
    let own = actor.permissions.iter().map(|(permission, scope)| (permission.0.to_owned(), Reach::from(scope)));
    Ok(rules::may_grant(&own.collect(), given)?)
}

/// The same for whole roles. What an administrator may do is not all in his rights, so only administrators make more.
///
/// # Errors
/// A refusal when the roles go beyond the actor's rights.
pub(super) async fn may_give_roles(tx: &db::Tx, actor: &Actor, roles: &[RoleId]) -> Result<(), Error> {
    match given(tx, actor, roles).await? {
        Some(rights) => may_grant(tx, actor, &rights).await,
        None => Ok(()),
    }
}

/// The same for everybody who holds a role: its rights count in the department of each, so there the actor must reach
/// what the role gave before and what it is to give.
///
/// # Errors
/// A refusal when a holder reaches, or would reach, rows that the actor does not.
pub(super) async fn may_change_for(
    tx: &db::Tx,
    actor: &Actor,
    holders: &[UserId],
    (before, after): (&Rights, &Rights),
) -> Result<(), Error> {
    if is_unlimited(tx, actor).await? {
        return Ok(());
    }
    for holder in holders {
        let department = people::user(tx, holder).await?.department_id;
        rules::may_place(&actor.permissions, before, department.as_ref())?;
        rules::may_place(&actor.permissions, after, department.as_ref())?;
    }
    Ok(())
}

/// The same for somebody in a department, where the roles reach what the actor reaches too.
///
/// # Errors
/// A refusal when the roles go beyond the actor's rights or his rows.
pub(super) async fn may_place(
    tx: &db::Tx,
    actor: &Actor,
    roles: &[RoleId],
    department: Option<&DepartmentId>,
) -> Result<(), Error> {
    match given(tx, actor, roles).await? {
        Some(rights) => Ok(rules::may_place(&actor.permissions, &rights, department)?),
        None => Ok(()),
    }
}

/// Whether the actor may come to act as this user: by a link, a key, or by where he puts him.
///
/// # Errors
/// A refusal when the user reaches what the actor does not.
pub(super) async fn may_act_as(tx: &db::Tx, actor: &Actor, user: &user::Model, roles: &[RoleId]) -> Result<(), Error> {
    match given(tx, actor, roles).await? {
        Some(rights) if actor.user_id() == Some(&user.id) => {
            Ok(rules::may_place(&actor.permissions, &rights, user.department_id.as_ref())?)
        }
        Some(rights) => Ok(rules::may_act_as(&actor.permissions, &rights, user.department_id.as_ref())?),
        None => Ok(()),
    }
}

/// Everybody in and above the new parent comes to see the rows of the department; the actor must see them with the
/// same rights.
///
/// # Errors
/// A refusal when somebody would reach more than the actor.
pub(super) async fn may_reparent(
    tx: &db::Tx,
    actor: &Actor,
    all: &[department::Model],
    moved: &department::Model,
    parent: Option<&DepartmentId>,
) -> Result<(), Error> {
    if is_unlimited(tx, actor).await? {
        return Ok(());
    }
    let before = rules::with_above(all, moved.parent_id.as_ref());
    let gaining: Vec<_> = rules::with_above(all, parent).into_iter().filter(|one| !before.contains(one)).collect();
    let mut gained = Rights::new();
    for user in people::all_users(tx)
        .await?
        .iter()
        .filter(|user| user.department_id.as_ref().is_some_and(|own| gaining.contains(own)))
    {
        let rights = store::rights(tx, &store::of_user(tx, &user.id).await?).await?;
        gained.extend(rights.into_iter().filter(|(_, reach)| *reach == Reach::Department));
    }
    Ok(rules::may_place(&actor.permissions, &gained, Some(&moved.id))?)
}

/// What the roles give, when that matters: `None` for an actor without limits.
async fn given(tx: &db::Tx, actor: &Actor, roles: &[RoleId]) -> Result<Option<Rights>, Error> {
    if is_unlimited(tx, actor).await? {
        return Ok(None);
    }
    if let Some(administrator) = store::built_in(tx, ADMINISTRATOR).await?
        && roles.contains(&administrator.id)
    {
        return Err(rules::Refusal::GrantsMore.into());
    }
    store::rights(tx, roles).await.map(Some)
}

pub(super) async fn is_unlimited(tx: &db::Tx, actor: &Actor) -> Result<bool, Error> {
    match &actor.kind {
        ActorKind::System(_) => Ok(true),
        // A key never has more than it names.
        ActorKind::Key { .. } => Ok(false),
        ActorKind::User { id, .. } => match store::built_in(tx, ADMINISTRATOR).await? {
            Some(administrator) => Ok(store::of_user(tx, id).await?.contains(&administrator.id)),
            None => Ok(false),
        },
    }
}
