//! Recurring work that exactly one node does at a time.

use base::{Error, Instant};
use chrono::Duration;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Db;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub next_at: DateTimeUtc,
    /// Until then the holder works on it; after that another node may take it over.
    pub lease_until: DateTimeUtc,
    /// Counts the leases: whoever comes back late with an old number is refused.
    pub fence: i64,
    pub last_ok_at: Option<DateTimeUtc>,
    /// For the operator; empty when the last run went well.
    pub last_problem: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// A run of a job that this node holds.
#[derive(Debug)]
pub struct Lease {
    key: String,
    fence: i64,
}

/// `None` when the job is not due or another node holds it.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(db: &Db, key: &str, now: Instant, lease: Duration) -> Result<Option<Lease>, Error> {
    let tx = db.begin().await?;
    let new = ActiveModel {
        key: Set(key.into()),
        next_at: Set(now),
        lease_until: Set(now),
        fence: Set(0),
        last_ok_at: Set(None),
        last_problem: Set(String::new()),
    };
    let keep = sea_orm::sea_query::OnConflict::column(Column::Key).do_nothing().to_owned();
    Entity::insert(new).on_conflict(keep).exec_without_returning(&tx).await?;
    let due =
        Entity::find_by_id(key).filter(Column::NextAt.lte(now)).filter(Column::LeaseUntil.lte(now)).one(&tx).await?;
    let Some(due) = due else {
        return Ok(None);
    };
    let taken = Entity::update_many()
        .col_expr(Column::Fence, Expr::value(due.fence + 1))
        .col_expr(Column::LeaseUntil, Expr::value(now + lease))
        .filter(Column::Key.eq(key))
        .filter(Column::Fence.eq(due.fence))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok((taken.rows_affected == 1).then_some(Lease { key: key.into(), fence: due.fence + 1 }))
}

/// Ends the run and sets the next one; a lease that was lost meanwhile changes nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn finish(
    db: &Db,
    lease: Lease,
    now: Instant,
    next_at: Instant,
    problem: Option<String>,
) -> Result<(), Error> {
    let tx = db.begin().await?;
    let mut update = Entity::update_many()
        .col_expr(Column::NextAt, Expr::value(next_at))
        .col_expr(Column::LeaseUntil, Expr::value(now))
        .col_expr(Column::LastProblem, Expr::value(problem.clone().unwrap_or_default()))
        .filter(Column::Key.eq(lease.key))
        .filter(Column::Fence.eq(lease.fence));
    if problem.is_none() {
        update = update.col_expr(Column::LastOkAt, Expr::value(now));
    }
    update.exec(&tx).await?;
    Ok(tx.commit().await?)
}

/// For `doctor` and the health page.
///
/// # Errors
/// When the database does not answer.
pub async fn all(db: &Db) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().all(db.read()).await?)
}
