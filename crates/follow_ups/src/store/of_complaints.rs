//! Follow-ups that a complaint made necessary.

use base::Error;
use complaints::complaint::{self, ComplaintId};
use complaints::words::Status as Stands;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, QuerySelect, QueryTrait};

use crate::follow_up::{Column, Entity, Model, Occasion, Reopening, Status};

/// Those of a complaint that are planned.
///
/// # Errors
/// When the database does not answer.
pub async fn planned(db: &impl ConnectionTrait, complaint: &complaint::Model) -> Result<Vec<Model>, Error> {
    let own = Entity::find()
        .filter(Column::CustomerId.eq(complaint.customer_id.clone()))
        .filter(Column::Object.eq(Occasion::Complaint))
        .filter(Column::ObjectId.eq(complaint.id.as_str()));
    Ok(own.filter(Column::Status.eq(Status::Planned)).all(db).await?)
}

/// Complaints with something planned that were merged into others: nobody is told when that happens.
///
/// # Errors
/// When the database does not answer.
pub async fn merged(db: &impl ConnectionTrait) -> Result<Vec<ComplaintId>, Error> {
    let planned = Entity::find()
        .filter(Column::Status.eq(Status::Planned))
        .filter(Column::Object.eq(Occasion::Complaint))
        .select_only()
        .column(Column::ObjectId)
        .into_query();
    let merged = complaint::Entity::find()
        .filter(complaint::Column::Status.eq(Stands::Merged))
        .filter(complaint::Column::Id.in_subquery(planned));
    Ok(merged.select_only().column(complaint::Column::Id).into_tuple().all(db).await?)
}

/// Whose complaint is still to be opened again.
///
/// # Errors
/// When the database does not answer.
pub async fn to_reopen(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Model>, Error> {
    let waiting = Entity::find().filter(Column::Reopening.eq(Reopening::Waiting));
    Ok(waiting.limit(most).all(db).await?)
}

/// # Errors
/// When the database refuses the write.
pub async fn settle(tx: &impl ConnectionTrait, follow_up: &Model) -> Result<bool, Error> {
    let done = Entity::update_many()
        .col_expr(Column::Reopening, Expr::value(Reopening::Settled))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(follow_up.id.as_str()))
        .filter(Column::Reopening.eq(Reopening::Waiting))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}
