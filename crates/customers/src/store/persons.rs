//! Who may own customers. The table belongs to `access`.

use base::{Error, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect};

use super::IN_ONE_QUERY;
use crate::people;

/// The people with these ids.
///
/// # Errors
/// When the database does not answer.
pub async fn people(db: &impl ConnectionTrait, ids: Vec<UserId>) -> Result<Vec<people::Model>, Error> {
    Ok(people::Entity::find().filter(people::Column::Id.is_in(ids.into_iter().map(|id| id.0))).all(db).await?)
}

/// Active users of these names or logins.
///
/// # Errors
/// When the database does not answer.
pub async fn people_called(db: &impl ConnectionTrait, names: &[String]) -> Result<Vec<people::Model>, Error> {
    let mut all = Vec::new();
    let names: Vec<&String> = names.iter().filter(|name| super::askable(name)).collect();
    for some in names.chunks(IN_ONE_QUERY) {
        let some = || some.iter().map(|name| name.as_str());
        let called = Condition::any().add(people::Column::Name.is_in(some())).add(people::Column::Login.is_in(some()));
        let active = people::Entity::find().filter(people::Column::Status.eq("active")).filter(called);
        all.extend(active.order_by_asc(people::Column::Id).all(db).await?);
    }
    Ok(all)
}

/// Those who may own customers, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn possible_owners(db: &impl ConnectionTrait) -> Result<Vec<people::Model>, Error> {
    let active = people::Entity::find().filter(people::Column::Status.eq("active"));
    Ok(active.order_by_asc(people::Column::Name).limit(500).all(db).await?)
}
