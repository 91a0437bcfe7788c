//! Who may own customers. The table belongs to `access`.

use base::{Actor, Error, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Asterisk;
use sea_orm::{Condition, ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait};

use super::IN_ONE_QUERY;
use crate::{customer, people};

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

/// How many of the customers that the actor may see have no owner (`None`) or one who has left, by owner.
///
/// # Errors
/// When the database does not answer.
pub async fn left_behind(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<(Option<UserId>, i64)>, Error> {
    use customer::Column::OwnerId;
    let gone =
        people::Entity::find().select_only().column(people::Column::Id).filter(people::Column::Status.ne("active"));
    let counted = super::visible_to(actor)
        .select_only()
        .column(OwnerId)
        .column_as(Expr::col(Asterisk).count(), "count")
        .filter(OwnerId.is_null().or(OwnerId.in_subquery(gone.into_query())))
        .group_by(OwnerId);
    Ok(counted.into_tuple().all(db).await?)
}
