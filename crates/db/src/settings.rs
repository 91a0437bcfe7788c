//! What an administrator may change: one JSON value a module's `Policy`.

use base::{Actor, Error};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub value: Json,
    pub changed_at: DateTimeUtc,
    pub changed_by: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// The stored policy, or the default when nobody has changed it.
///
/// # Errors
/// When the database does not answer. A stored value that no longer fits the type counts as unchanged.
pub async fn get<P: DeserializeOwned + Default>(db: &impl ConnectionTrait, key: &str) -> Result<P, Error> {
    let stored = Entity::find_by_id(key).one(db).await?;
    Ok(stored.and_then(|row| serde_json::from_value(row.value).ok()).unwrap_or_default())
}

/// # Errors
/// When the database refuses the write.
pub async fn put<P: Serialize>(tx: &impl ConnectionTrait, actor: &Actor, key: &str, policy: &P) -> Result<(), Error> {
    let value = serde_json::to_value(policy).map_err(|error| Error::Bug(error.to_string()))?;
    let row = ActiveModel {
        key: Set(key.into()),
        value: Set(value),
        changed_at: Set(actor.now),
        changed_by: Set(actor.name.clone()),
    };
    let replace = sea_orm::sea_query::OnConflict::column(Column::Key)
        .update_columns([Column::Value, Column::ChangedAt, Column::ChangedBy])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}
