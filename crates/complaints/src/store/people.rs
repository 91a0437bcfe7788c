//! Names of departments, people and contacts. The tables belong to `access` and `customers`; here they are only read.

use std::collections::BTreeMap;

use access::{department, user};
use base::{Actor, CustomerId, DepartmentId, Error, UserId};
use calendar::{Calendar, calendar_of};
use customers::contact;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

/// People that one form offers.
const MOST: u64 = 500;

/// By name.
///
/// # Errors
/// When the database does not answer.
pub async fn departments(db: &impl ConnectionTrait) -> Result<Vec<department::Model>, Error> {
    Ok(department::Entity::find().order_by_asc(department::Column::Name).limit(MOST).all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn department(db: &impl ConnectionTrait, id: &DepartmentId) -> Result<Option<department::Model>, Error> {
    if id.as_str().contains('\0') {
        return Ok(None);
    }
    Ok(department::Entity::find_by_id(id.clone()).one(db).await?)
}

/// The calendar of a department; of one that is gone, the firm's.
///
/// # Errors
/// When the database does not answer.
pub async fn calendar(db: &impl ConnectionTrait, id: &DepartmentId) -> Result<Calendar, Error> {
    match calendar_of(db, Some(id)).await {
        Err(Error::NotFound) => calendar_of(db, None).await,
        found => found,
    }
}

/// Active users, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn active(db: &impl ConnectionTrait) -> Result<Vec<user::Model>, Error> {
    let active = user::Entity::find().filter(user::Column::Status.eq(user::Status::Active));
    Ok(active.order_by_asc(user::Column::Name).limit(MOST).all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, String>, Error> {
    let ids: Vec<UserId> = ids.into_iter().collect();
    let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|user| (user.id, user.name)).collect())
}

/// Those who work for the customer, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn contacts(db: &impl ConnectionTrait, customer: &CustomerId) -> Result<Vec<contact::Model>, Error> {
    use contact::Column::{ArchivedAt, CustomerId, Id, SortName};
    let own = contact::Entity::find().filter(CustomerId.eq(customer.clone())).filter(ArchivedAt.is_null());
    Ok(own.order_by_asc(SortName).order_by_asc(Id).limit(MOST).all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn contact(
    db: &impl ConnectionTrait,
    customer: &CustomerId,
    id: &contact::ContactId,
) -> Result<Option<contact::Model>, Error> {
    if id.as_str().contains('\0') {
        return Ok(None);
    }
    let one = contact::Entity::find_by_id(id.as_str()).filter(contact::Column::CustomerId.eq(customer.clone()));
    Ok(one.one(db).await?)
}

/// Customers of exactly this name whose complaints the actor may log; two are enough to tell that it is not clear.
///
/// # Errors
/// When the database does not answer.
pub async fn customers_called(db: &impl ConnectionTrait, actor: &Actor, name: &str) -> Result<Vec<CustomerId>, Error> {
    use customers::customer::Column;
    if name.is_empty() || name.contains('\0') {
        return Ok(Vec::new());
    }
    let called = customers::store::reached_by(actor, crate::LOG).filter(Column::Name.eq(name));
    Ok(called.limit(2).all(db).await?.into_iter().map(|one| one.customer_id()).collect())
}
