//! Every query of the imports.

pub mod mappings;
pub mod people;

use base::{Cursor, Error, Instant, Message, PageSize};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect};

use crate::batch::{BatchId, Column, Entity, Model, State};
use crate::turn;

/// Waits until no other import is being committed; the turn ends with the transaction.
pub(crate) async fn take_turn(tx: &impl ConnectionTrait) -> Result<(), Error> {
    turn::Entity::update_many()
        .col_expr(turn::Column::Taken, Expr::col(turn::Column::Taken).add(1))
        .filter(turn::Column::Id.eq(1))
        .exec(tx)
        .await?;
    Ok(())
}

pub(crate) async fn insert(tx: &impl ConnectionTrait, batch: Model) -> Result<(), Error> {
    Entity::insert(batch.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

/// The batch when it is this uploader's; anybody's when none is named.
pub(crate) async fn get(db: &impl ConnectionTrait, id: &BatchId, by: Option<&str>) -> Result<Model, Error> {
    let mut query = Entity::find_by_id(id.clone());
    if let Some(by) = by {
        query = query.filter(Column::ById.eq(by));
    }
    query.one(db).await?.ok_or(Error::NotFound)
}

/// Id and file of those of these batches that are this uploader's; anybody's when none is named.
pub(crate) async fn file_names(
    db: &impl ConnectionTrait,
    ids: &[String],
    by: Option<&str>,
) -> Result<Vec<(String, String)>, Error> {
    let mut query = Entity::find().filter(Column::Id.is_in(ids.iter().map(String::as_str)));
    if let Some(by) = by {
        query = query.filter(Column::ById.eq(by));
    }
    Ok(query.select_only().columns([Column::Id, Column::FileName]).into_tuple().all(db).await?)
}

/// Newest first; one row more than the page has, so that `Page::cut` knows whether there is a next one.
pub(crate) async fn latest(
    db: &impl ConnectionTrait,
    by: Option<&str>,
    after: Option<&Cursor>,
    size: PageSize,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(size.0 + 1);
    if let Some(by) = by {
        query = query.filter(Column::ById.eq(by));
    }
    if let Some(after) = after {
        let at = place(&after.key)?;
        query = query.filter(Column::CreatedAt.lt(at).or(Column::CreatedAt.eq(at).and(Column::Id.lt(&after.id))));
    }
    Ok(query.all(db).await?)
}

/// Where the page after this batch begins.
pub(crate) fn cursor(batch: &Model) -> Cursor {
    Cursor { key: batch.created_at.timestamp_micros().to_string(), id: batch.id.to_string() }
}

/// The year 10,000.
const LAST_MICROS: i64 = 253_402_300_800_000_000;

fn place(key: &str) -> Result<Instant, Error> {
    // The databases do not know all times that a number can say.
    let possible = |micros: &i64| (0..LAST_MICROS).contains(micros);
    let micros = key.parse().ok().filter(possible).and_then(Instant::from_timestamp_micros);
    micros.ok_or_else(|| Error::invalid("after", Message::new("error-after_unknown")))
}

/// Unfinished batches from before this time.
pub(crate) async fn left_behind(db: &impl ConnectionTrait, before: Instant) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::State.is_in([State::Uploaded, State::Previewed]))
        .filter(Column::CreatedAt.lt(before))
        .order_by_asc(Column::CreatedAt)
        .limit(1_000)
        .all(db)
        .await?)
}

/// Saves what may change after the upload.
pub(crate) async fn save(tx: &impl ConnectionTrait, batch: &Model) -> Result<Model, Error> {
    let next = Model { version: batch.version + 1, ..batch.clone() };
    let saved = Entity::update_many()
        .col_expr(Column::Mapping, Expr::value(next.mapping.clone()))
        .col_expr(Column::Options, Expr::value(next.options.clone()))
        .col_expr(Column::State, Expr::value(next.state))
        .col_expr(Column::Result, Expr::value(next.result.clone()))
        .col_expr(Column::Problem, Expr::value(next.problem.clone()))
        .col_expr(Column::EndedAt, Expr::value(next.ended_at))
        .col_expr(Column::Version, Expr::value(next.version))
        .filter(Column::Id.eq(batch.id.clone()))
        .filter(Column::Version.eq(batch.version))
        .exec(tx)
        .await?;
    match saved.rows_affected {
        0 => Err(Error::Conflict),
        _ => Ok(next),
    }
}
