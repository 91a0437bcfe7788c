use base::{DepartmentId, Error, Instant, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use crate::{department, user};

/// # Errors
/// `NotFound`, or when the database does not answer.
pub async fn user(db: &impl ConnectionTrait, id: &UserId) -> Result<user::Model, Error> {
    user::Entity::find_by_id(id.clone()).one(db).await?.ok_or(Error::NotFound)
}

/// # Errors
/// When the database does not answer.
pub async fn user_of_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<user::Model>, Error> {
    Ok(user::Entity::find().filter(user::Column::Login.eq(login)).one(db).await?)
}

/// By name.
///
/// # Errors
/// When the database does not answer.
pub async fn all_users(db: &impl ConnectionTrait) -> Result<Vec<user::Model>, Error> {
    Ok(user::Entity::find().order_by_asc(user::Column::Name).order_by_asc(user::Column::Id).all(db).await?)
}

/// By id, which is the order of creation.
///
/// # Errors
/// When the database does not answer.
pub async fn users_after(db: &impl ConnectionTrait, after: Option<&str>, rows: u64) -> Result<Vec<user::Model>, Error> {
    let mut query = user::Entity::find().order_by_asc(user::Column::Id).limit(rows);
    if let Some(after) = after {
        query = query.filter(user::Column::Id.gt(after));
    }
    Ok(query.all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn is_anybody_there(db: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(user::Entity::find().limit(1).one(db).await?.is_some())
}

/// # Errors
/// When the database refuses the write.
pub async fn add_user(tx: &impl ConnectionTrait, user: user::Model) -> Result<(), Error> {
    let row = user::ActiveModel::from(user).reset_all();
    user::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// `Conflict` when somebody else was first.
pub async fn change_user(tx: &impl ConnectionTrait, user: &user::Model) -> Result<(), Error> {
    let row = user::ActiveModel {
        name: Set(user.name.clone()),
        login: Set(user.login.clone()),
        department_id: Set(user.department_id.clone()),
        language: Set(user.language.clone()),
        status: Set(user.status),
        password_hash: Set(user.password_hash.clone()),
        password_changed_at: Set(user.password_changed_at),
        version: Set(user.version + 1),
        ..Default::default()
    };
    let done = user::Entity::update_many()
        .set(row)
        .filter(user::Column::Id.eq(user.id.as_str()))
        .filter(user::Column::Version.eq(user.version))
        .exec(tx)
        .await?;
    one(done.rows_affected)
}

/// # Errors
/// When the database refuses the write.
pub async fn note_sign_in(tx: &impl ConnectionTrait, id: &UserId, now: Instant) -> Result<(), Error> {
    user::Entity::update_many()
        .col_expr(user::Column::SignedInAt, Expr::value(now))
        .filter(user::Column::Id.eq(id.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// When the database does not answer.
pub async fn all_departments(db: &impl ConnectionTrait) -> Result<Vec<department::Model>, Error> {
    use department::{Column, Entity};
    Ok(Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?)
}

/// # Errors
/// When the database refuses the write.
pub async fn add_department(tx: &impl ConnectionTrait, department: department::Model) -> Result<(), Error> {
    let row = department::ActiveModel::from(department).reset_all();
    department::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// `Conflict` when somebody else was first.
pub async fn change_department(
    tx: &impl ConnectionTrait,
    id: &DepartmentId,
    version: i64,
    name: &str,
    parent: Option<DepartmentId>,
) -> Result<(), Error> {
    let row = department::ActiveModel {
        name: Set(name.into()),
        parent_id: Set(parent),
        version: Set(version + 1),
        ..Default::default()
    };
    let done = department::Entity::update_many()
        .set(row)
        .filter(department::Column::Id.eq(id.as_str()))
        .filter(department::Column::Version.eq(version))
        .exec(tx)
        .await?;
    one(done.rows_affected)
}

pub(super) fn one(rows: u64) -> Result<(), Error> {
    match rows {
        0 => Err(Error::Conflict),
        _ => Ok(()),
    }
}
