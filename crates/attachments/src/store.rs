//! Every query about attachments and the bytes behind them.

use std::collections::BTreeMap;

use base::{Actor, Error, Instant};
use db::dialect::is_among;
use db::packed;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, QueryTrait, Set};

use crate::attachment::{AttachmentId, Column, Entity, Model};
use crate::service::Holder;
use crate::{blob, count};

/// What has not been removed, in the order in which it came.
pub async fn of(db: &impl ConnectionTrait, object: &str, object_id: &str) -> Result<Vec<Model>, Error> {
    let there = Entity::find()
        .filter(Column::Object.eq(object))
        .filter(Column::ObjectId.eq(object_id))
        .filter(Column::RemovedAt.is_null());
    Ok(there.order_by_asc(Column::AddedAt).order_by_asc(Column::Id).all(db).await?)
}

pub async fn get(db: &impl ConnectionTrait, object: &str, object_id: &str, id: &AttachmentId) -> Result<Model, Error> {
    let there = Entity::find_by_id(id.clone())
        .filter(Column::Object.eq(object))
        .filter(Column::ObjectId.eq(object_id))
        .filter(Column::RemovedAt.is_null());
    there.one(db).await?.ok_or(Error::NotFound)
}

/// How many files these have; those without any are left out.
pub async fn counts(db: &impl ConnectionTrait, object: &str, ids: &[String]) -> Result<BTreeMap<String, i64>, Error> {
    use count::Column::{Files, Object, ObjectId};
    let query = count::Entity::find()
        .filter(Object.eq(object))
        .filter(Files.gt(0_i64))
        .filter(is_among(db, "object_id", ids.iter().map(String::as_str)))
        .select_only()
        .columns([ObjectId, Files])
        .into_query();
    Ok(packed::rows::<(String, i64)>(db, query, &["object_id", "files"]).await?.into_iter().collect())
}

/// Takes a place for one more file, until the transaction ends; false when all are taken.
pub async fn take_place(tx: &impl ConnectionTrait, holder: &Holder<'_>, most: i64) -> Result<bool, Error> {
    use count::Column::{Files, Object, ObjectId};
    let none = count::ActiveModel {
        object: Set(holder.object.into()),
        object_id: Set(holder.object_id.into()),
        files: Set(0),
    };
    let keep = OnConflict::columns([Object, ObjectId]).do_nothing().to_owned();
    count::Entity::insert(none).on_conflict(keep).exec_without_returning(tx).await?;
    let taken = count::Entity::update_many()
        .col_expr(Files, Expr::col(Files).add(1_i64))
        .filter(Object.eq(holder.object))
        .filter(ObjectId.eq(holder.object_id))
        .filter(Files.lt(most))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

async fn give_place_back(tx: &impl ConnectionTrait, object: &str, object_id: &str) -> Result<(), Error> {
    use count::Column::{Files, Object, ObjectId};
    let given = count::Entity::update_many()
        .col_expr(Files, Expr::col(Files).sub(1_i64))
        .filter(Object.eq(object))
        .filter(ObjectId.eq(object_id));
    given.exec(tx).await?;
    Ok(())
}

pub async fn insert(tx: &impl ConnectionTrait, row: Model) -> Result<(), Error> {
    Entity::insert(crate::attachment::ActiveModel::from(row).reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// `NotFound` when somebody else was first.
pub async fn mark_removed(tx: &impl ConnectionTrait, actor: &Actor, row: &Model) -> Result<(), Error> {
    let marked = Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(actor.now))
        .col_expr(Column::RemovedBy, Expr::value(actor.name.clone()))
        .filter(Column::Id.eq(row.id.clone()))
        .filter(Column::RemovedAt.is_null())
        .exec(tx)
        .await?;
    if marked.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    touch_blob(tx, &row.sha256, row.bytes, actor.now).await?;
    give_place_back(tx, &row.object, &row.object_id).await
}

/// Holds the bytes until the transaction ends: nobody removes them meanwhile, nor for some weeks after.
pub async fn touch_blob(tx: &impl ConnectionTrait, sha256: &str, bytes: i64, now: Instant) -> Result<(), Error> {
    let row = blob::ActiveModel { sha256: Set(sha256.into()), bytes: Set(bytes), touched_at: Set(now) };
    let touch = OnConflict::column(blob::Column::Sha256).update_column(blob::Column::TouchedAt).to_owned();
    blob::Entity::insert(row).on_conflict(touch).exec_without_returning(tx).await?;
    Ok(())
}

/// Hashes whose bytes nobody has touched since and no file needs.
pub async fn unused(db: &impl ConnectionTrait, before: Instant, most: u64) -> Result<Vec<String>, Error> {
    let found = blob::Entity::find()
        .filter(blob::Column::TouchedAt.lt(before))
        .filter(blob::Column::Sha256.not_in_subquery(needed()))
        .order_by_asc(blob::Column::TouchedAt)
        .limit(most);
    Ok(found.all(db).await?.into_iter().map(|row| row.sha256).collect())
}

/// Gives the bytes up, if that is still so; whoever adds the same ones waits until the transaction ends.
pub async fn forget_blob(tx: &impl ConnectionTrait, sha256: &str, before: Instant) -> Result<bool, Error> {
    let gone = blob::Entity::delete_many()
        .filter(blob::Column::Sha256.eq(sha256))
        .filter(blob::Column::TouchedAt.lt(before))
        .filter(blob::Column::Sha256.not_in_subquery(needed()))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Those of these hashes that nobody keeps a record of.
pub async fn unknown(db: &impl ConnectionTrait, hashes: &[String]) -> Result<Vec<String>, Error> {
    let query = blob::Entity::find()
        .filter(is_among(db, "sha256", hashes.iter().map(String::as_str)))
        .select_only()
        .column(blob::Column::Sha256)
        .into_query();
    let known = packed::rows::<(String,)>(db, query, &["sha256"]).await?;
    let known: std::collections::BTreeSet<String> = known.into_iter().map(|(sha256,)| sha256).collect();
    Ok(hashes.iter().filter(|sha256| !known.contains(*sha256)).cloned().collect())
}

fn needed() -> sea_orm::sea_query::SelectStatement {
    Query::select().column(Column::Sha256).from(Entity).and_where(Column::RemovedAt.is_null()).to_owned()
}

/// The hash of everything that files need, with its bytes.
///
/// # Errors
/// When the database does not answer.
pub async fn kept(db: &impl ConnectionTrait) -> Result<BTreeMap<String, u64>, Error> {
    let query = Entity::find()
        .filter(Column::RemovedAt.is_null())
        .select_only()
        .columns([Column::Sha256, Column::Bytes])
        .distinct()
        .into_query();
    Ok(packed::rows::<(String, u64)>(db, query, &["sha256", "bytes"]).await?.into_iter().collect())
}

/// The files that stand on these bytes.
pub async fn standing_on(db: &impl ConnectionTrait, sha256: &str) -> Result<Vec<Model>, Error> {
    let there = Entity::find().filter(Column::Sha256.eq(sha256)).filter(Column::RemovedAt.is_null());
    Ok(there.order_by_asc(Column::Id).all(db).await?)
}
