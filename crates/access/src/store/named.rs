//! Id and name of records, for lists of something else.

use base::Error;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};

use crate::{api_key, department, role, user};

/// # Errors
/// When the database does not answer.
pub async fn users(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
    use user::{Column, Entity};
    let some = Entity::find().filter(Column::Id.is_in(ids.iter().map(String::as_str)));
    Ok(some.select_only().columns([Column::Id, Column::Name]).into_tuple().all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn departments(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
    use department::{Column, Entity};
    let some = Entity::find().filter(Column::Id.is_in(ids.iter().map(String::as_str)));
    Ok(some.select_only().columns([Column::Id, Column::Name]).into_tuple().all(db).await?)
}

/// # Errors
/// When the database does not answer.
pub async fn keys(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
    use api_key::{Column, Entity};
    let some = Entity::find().filter(Column::Id.is_in(ids.iter().map(String::as_str)));
    Ok(some.select_only().columns([Column::Id, Column::Name]).into_tuple().all(db).await?)
}

/// With the key of those that come with the program.
///
/// # Errors
/// When the database does not answer.
pub async fn roles(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<(String, String, Option<String>)>, Error> {
    use role::{Column, Entity};
    let some = Entity::find().filter(Column::Id.is_in(ids.iter().map(String::as_str)));
    Ok(some.select_only().columns([Column::Id, Column::Name, Column::BuiltIn]).into_tuple().all(db).await?)
}
