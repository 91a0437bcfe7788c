//! Which column was what the last time.

use base::Error;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, IntoActiveModel};

use crate::remembered::{Column, Entity, Model};

/// # Errors
/// When the database does not answer.
pub async fn last_used(db: &impl ConnectionTrait, kind: &str, fingerprint: &str) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id((kind.to_owned(), fingerprint.to_owned())).one(db).await?)
}

/// In place of what was said before.
///
/// # Errors
/// When the database refuses the write.
pub async fn put(tx: &impl ConnectionTrait, row: Model) -> Result<(), Error> {
    let mut replace = OnConflict::columns([Column::Kind, Column::Fingerprint]);
    replace.update_columns([Column::Mapping, Column::Source, Column::ByName, Column::UsedAt]);
    let row = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}
