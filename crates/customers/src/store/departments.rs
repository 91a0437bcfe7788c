//! Departments that customers belong to. The table belongs to `access`.

use base::Error;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use crate::department;

/// By name.
///
/// # Errors
/// When the database does not answer.
pub async fn departments(db: &impl ConnectionTrait) -> Result<Vec<department::Model>, Error> {
    Ok(department::Entity::find().order_by_asc(department::Column::Name).limit(500).all(db).await?)
}
