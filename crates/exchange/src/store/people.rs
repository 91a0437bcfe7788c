//! Who brought a file in, as he stands now.

use access::rules::Rights;
use access::{api_key, role_permission, user, user_role};
use base::{Error, UserId};
use db::Tx;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// Until the transaction ends, nobody else changes him.
///
/// # Errors
/// When the database does not answer.
pub async fn person(tx: &Tx, id: &UserId) -> Result<Option<user::Model>, Error> {
    Ok(user::Entity::find_by_id(id.clone()).lock_shared().one(tx).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn key(tx: &Tx, id: &str) -> Result<Option<api_key::Model>, Error> {
    Ok(api_key::Entity::find_by_id(api_key::KeyId(id.into())).one(tx).await?)
}

/// The widest reach of each.
///
/// # Errors
/// When the database does not answer.
pub async fn rights(tx: &Tx, id: &UserId) -> Result<Rights, Error> {
    let roles = Query::select()
        .column(user_role::Column::RoleId)
        .from(user_role::Entity)
        .and_where(user_role::Column::UserId.eq(id.as_str()))
        .to_owned();
    let held = role_permission::Entity::find().filter(role_permission::Column::RoleId.in_subquery(roles));
    let mut rights = Rights::new();
    for row in held.all(tx).await? {
        let reach = rights.entry(row.permission).or_default();
        *reach = (*reach).max(row.scope);
    }
    Ok(rights)
}
