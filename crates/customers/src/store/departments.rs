//! Departments that customers belong to. The table belongs to `access`.

use base::{CustomerId, DepartmentId, Error};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use crate::{customer, department};

/// By name.
///
/// # Errors
/// When the database does not answer.
pub async fn departments(db: &impl ConnectionTrait) -> Result<Vec<department::Model>, Error> {
    Ok(department::Entity::find().order_by_asc(department::Column::Name).limit(500).all(db).await?)
}

/// The department of a customer, whoever may see him: what is said about him goes there.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(db: &impl ConnectionTrait, id: &CustomerId) -> Result<Option<DepartmentId>, Error> {
    let one = customer::Entity::find_by_id(id.as_str()).select_only().column(customer::Column::DepartmentId);
    Ok(one.into_tuple::<Option<DepartmentId>>().one(db).await?.flatten())
}
