//! Recurring work that exactly one node does at a time.

use base::{Error, Instant};
use chrono::Duration;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ExprTrait, Set};

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

/// How long a holder may be silent before another node takes its run over.
pub const LEASE: Duration = Duration::seconds(30);

/// A run of a job that this node holds.
#[derive(Debug)]
pub struct Lease {
    key: String,
    fence: i64,
}

/// What is due by this clock. A time further ahead than any run sets was written by a clock that has been put back
/// since: it is due as well, or the job would rest until that time.
fn due(now: Instant, every: Duration) -> Condition {
    let rested = Column::NextAt.lte(now).or(Column::NextAt.gt(now + every * 2));
    let free = Column::LeaseUntil.lte(now).or(Column::LeaseUntil.gt(now + LEASE * 2));
    Condition::all().add(rested).add(free)
}

/// Takes a run of a job that happens `every` so often. `None` when it is not due or another node holds it.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(db: &Db, key: &str, every: Duration, now: Instant) -> Result<Option<Lease>, Error> {
    // Most of the time there is nothing to do, and asking for that takes no lock.
    match Entity::find_by_id(key).one(db.read()).await? {
        Some(_) if Entity::find_by_id(key).filter(due(now, every)).one(db.read()).await?.is_none() => return Ok(None),
        Some(_) => {}
        None => make(db, key, now).await?,
    }
    let tx = db.begin().await?;
    let Some(found) = Entity::find_by_id(key).filter(due(now, every)).one(&tx).await? else {
        return Ok(None);
    };
    let taken = Entity::update_many()
        .col_expr(Column::Fence, Expr::value(found.fence + 1))
        .col_expr(Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(Column::Key.eq(key))
        .filter(Column::Fence.eq(found.fence))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok((taken.rows_affected == 1).then_some(Lease { key: key.into(), fence: found.fence + 1 }))
}

async fn make(db: &Db, key: &str, now: Instant) -> Result<(), Error> {
    let new = ActiveModel {
        key: Set(key.into()),
        next_at: Set(now),
        lease_until: Set(now),
        fence: Set(0),
        last_ok_at: Set(None),
        last_problem: Set(String::new()),
    };
    let keep = sea_orm::sea_query::OnConflict::column(Column::Key).do_nothing().to_owned();
    let tx = db.begin().await?;
    Entity::insert(new).on_conflict(keep).exec_without_returning(&tx).await?;
    Ok(tx.commit().await?)
}

/// Says that the holder is still at work. False when another node has taken the run over: what is left of it must stop.
///
/// # Errors
/// When the database does not answer.
pub async fn renew(db: &Db, lease: &Lease, now: Instant) -> Result<bool, Error> {
    let tx = db.begin().await?;
    let renewed = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(Column::Key.eq(&lease.key))
        .filter(Column::Fence.eq(lease.fence))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(renewed.rows_affected == 1)
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
        // Nobody holds it, by whatever clock.
        .col_expr(Column::LeaseUntil, Expr::value(Instant::UNIX_EPOCH))
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
