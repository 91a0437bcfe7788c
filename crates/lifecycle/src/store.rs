//! Every query about stages.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Day, Error};
use customers::customer::{Column, Entity, Model, Stage};
use customers::{assessment, store};
use db::Tx;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Asterisk;
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect};

/// The assessment that the stage is.
pub const STAGE: &str = "stage";
/// The assessment that keeps what a person said, also while shipments know better.
pub const BY_HAND: &str = "stage_by_hand";

/// These customers, held until the transaction ends: whoever recomputes them second sees the shipments of the first.
///
/// # Errors
/// When the database does not answer.
pub async fn held(tx: &Tx, actor: &Actor, ids: &[CustomerId]) -> Result<Vec<Model>, Error> {
    let some = store::visible_to(actor).filter(Column::Id.is_in(ids.iter().map(CustomerId::as_str)));
    Ok(some.order_by_asc(Column::Id).lock_exclusive().all(tx).await?)
}

/// What is written of these customers' stages, by customer and kind.
///
/// # Errors
/// When the database does not answer.
pub async fn assessments(
    db: &impl ConnectionTrait,
    ids: &[CustomerId],
) -> Result<BTreeMap<(String, String), assessment::Model>, Error> {
    let rows = assessment::Entity::find()
        .filter(assessment::Column::CustomerId.is_in(ids.iter().map(CustomerId::as_str)))
        .filter(assessment::Column::Kind.is_in([STAGE, BY_HAND]));
    let by_key = |row: assessment::Model| ((row.customer_id.clone(), row.kind.clone()), row);
    Ok(rows.all(db).await?.into_iter().map(by_key).collect())
}

/// Customers whose stage has another answer today than when it was written.
///
/// # Errors
/// When the database does not answer.
pub async fn to_review(db: &impl ConnectionTrait, today: Day) -> Result<Vec<CustomerId>, Error> {
    let due = Entity::find().select_only().column(Column::Id).filter(Column::StageReviewOn.lte(today));
    Ok(due.order_by_asc(Column::Id).into_tuple().all(db).await?)
}

/// Has everybody's stage looked at again from this day on.
///
/// # Errors
/// When the database refuses the write.
pub async fn review_all(tx: &Tx, from: Day) -> Result<(), Error> {
    Entity::update_many().col_expr(Column::StageReviewOn, Expr::value(from)).exec(tx).await?;
    Ok(())
}

/// All customers' ids, so many at a time.
///
/// # Errors
/// When the database does not answer.
pub async fn ids_after(db: &impl ConnectionTrait, after: &str, rows: u64) -> Result<Vec<CustomerId>, Error> {
    let next = Entity::find().select_only().column(Column::Id).filter(Column::Id.gt(after));
    Ok(next.order_by_asc(Column::Id).limit(rows).into_tuple().all(db).await?)
}

/// How many of the customers that the actor may see stand where.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(db: &impl ConnectionTrait, actor: &Actor) -> Result<BTreeMap<Stage, i64>, Error> {
    let counted = store::reached_by(actor, crate::VIEW)
        .select_only()
        .column(Column::Stage)
        .column_as(Expr::col(Asterisk).count(), "count")
        .group_by(Column::Stage);
    Ok(counted.into_tuple::<(Stage, i64)>().all(db).await?.into_iter().collect())
}

/// Those of the customers that the actor may see whose stage began after this day.
///
/// # Errors
/// When the database does not answer.
pub async fn moved_since(db: &impl ConnectionTrait, actor: &Actor, after: Day) -> Result<Vec<CustomerId>, Error> {
    let moved = store::reached_by(actor, crate::VIEW).filter(Column::StageSince.gt(after));
    Ok(moved.select_only().column(Column::Id).order_by_asc(Column::Id).into_tuple().all(db).await?)
}
