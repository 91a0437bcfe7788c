use std::collections::BTreeSet;

use base::{Error, Permission, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use super::people::one;
use crate::role::{ADMINISTRATOR, Reach, RoleId};
use crate::rules::Rights;
use crate::{role, role_permission, user, user_role};

/// In the order they were made.
///
/// # Errors
/// When the database does not answer.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<role::Model>, Error> {
    Ok(role::Entity::find().order_by_asc(role::Column::CreatedAt).order_by_asc(role::Column::Id).all(db).await?)
}

/// # Errors
/// `NotFound`, or when the database does not answer.
pub async fn role(db: &impl ConnectionTrait, id: &RoleId) -> Result<role::Model, Error> {
    role::Entity::find_by_id(id.clone()).one(db).await?.ok_or(Error::NotFound)
}

/// # Errors
/// When the database does not answer.
pub async fn built_in(db: &impl ConnectionTrait, key: &str) -> Result<Option<role::Model>, Error> {
    Ok(role::Entity::find().filter(role::Column::BuiltIn.eq(key)).one(db).await?)
}

/// # Errors
/// When the database refuses the write.
pub async fn add(tx: &impl ConnectionTrait, role: role::Model) -> Result<(), Error> {
    let row = role::ActiveModel::from(role).reset_all();
    role::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// `Conflict` when somebody else was first.
pub async fn rename(tx: &impl ConnectionTrait, id: &RoleId, version: i64, name: &str) -> Result<(), Error> {
    let row = role::ActiveModel { name: Set(name.into()), version: Set(version + 1), ..Default::default() };
    let done = role::Entity::update_many()
        .set(row)
        .filter(role::Column::Id.eq(id.clone()))
        .filter(role::Column::Version.eq(version))
        .exec(tx)
        .await?;
    one(done.rows_affected)
}

/// What these roles permit together, the widest reach of each.
///
/// # Errors
/// When the database does not answer.
pub async fn rights(db: &impl ConnectionTrait, roles: &[RoleId]) -> Result<Rights, Error> {
    let rows = role_permission::Entity::find()
        .filter(role_permission::Column::RoleId.is_in(roles.iter().cloned()))
        .all(db)
        .await?;
    let mut rights = Rights::new();
    for row in rows {
        let reach = rights.entry(row.permission).or_default();
        *reach = (*reach).max(row.scope);
    }
    Ok(rights)
}

/// # Errors
/// When the database refuses the write.
pub async fn set_rights(tx: &impl ConnectionTrait, role: &RoleId, rights: &Rights) -> Result<(), Error> {
    use role_permission::{ActiveModel, Column, Entity};
    Entity::delete_many().filter(Column::RoleId.eq(role.clone())).exec(tx).await?;
    for (permission, scope) in rights {
        let row = ActiveModel { role_id: Set(role.clone()), permission: Set(permission.clone()), scope: Set(*scope) };
        Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// # Errors
/// When the database does not answer.
pub async fn of_user(db: &impl ConnectionTrait, user: &UserId) -> Result<Vec<RoleId>, Error> {
    let rows = user_role::Entity::find().filter(user_role::Column::UserId.eq(user.as_str())).all(db).await?;
    Ok(rows.into_iter().map(|row| row.role_id).collect())
}

/// The roles that grant a permission, and how far.
///
/// # Errors
/// When the database does not answer.
pub async fn granting(db: &impl ConnectionTrait, permission: Permission) -> Result<Vec<(RoleId, Reach)>, Error> {
    let rows = role_permission::Entity::find().filter(role_permission::Column::Permission.eq(permission.0));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.role_id, row.scope)).collect())
}

/// Every pair of user and role.
///
/// # Errors
/// When the database does not answer.
pub async fn all_held(db: &impl ConnectionTrait) -> Result<Vec<user_role::Model>, Error> {
    Ok(user_role::Entity::find().all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn holders(db: &impl ConnectionTrait, role: &RoleId) -> Result<Vec<UserId>, Error> {
    let rows = user_role::Entity::find().filter(user_role::Column::RoleId.eq(role.clone())).all(db).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// # Errors
/// When the database does not answer.
pub async fn how_many_hold(db: &impl ConnectionTrait, role: &RoleId) -> Result<u64, Error> {
    Ok(user_role::Entity::find().filter(user_role::Column::RoleId.eq(role.clone())).count(db).await?)
}

/// # Errors
/// When the database refuses the write.
pub async fn set_of_user(tx: &impl ConnectionTrait, user: &UserId, roles: &[RoleId]) -> Result<(), Error> {
    use user_role::{ActiveModel, Column, Entity};
    Entity::delete_many().filter(Column::UserId.eq(user.as_str())).exec(tx).await?;
    for role in roles {
        let row = ActiveModel { user_id: Set(user.clone()), role_id: Set(role.clone()) };
        Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Users who can sign in and manage everything. Locks the role, so that two administrators cannot demote each other at
/// the same moment.
///
/// # Errors
/// When the database does not answer.
pub async fn active_administrators(tx: &impl ConnectionTrait) -> Result<BTreeSet<UserId>, Error> {
    let sql = format!("select id from roles where built_in = $1{}", db::dialect::for_update(tx));
    tx.query_one_raw(db::dialect::statement(tx, &sql, [ADMINISTRATOR.into()])).await?;
    let Some(role) = built_in(tx, ADMINISTRATOR).await? else {
        return Ok(BTreeSet::new());
    };
    let holders = holders(tx, &role.id).await?;
    let active = user::Entity::find()
        .filter(user::Column::Id.is_in(holders.iter().map(UserId::as_str)))
        .filter(user::Column::Status.eq(user::Status::Active))
        .all(tx)
        .await?;
    Ok(active.into_iter().map(|user| user.id).collect())
}
