//! Events: written in the transaction that caused them, handled exactly once by each listener.

use base::{Error, Event, Id, Instant};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, Set};

use crate::Tx;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub payload: Json,
    pub happened_at: DateTimeUtc,
    pub delivered_at: Option<DateTimeUtc>,
    /// Deliveries that failed so far.
    pub attempts: i32,
    /// Not before this time, after a failure.
    pub next_attempt_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn event(&self) -> Event {
        Event::new(&self.kind, self.payload.clone())
    }
}

/// # Errors
/// When the database refuses the write.
pub async fn add(tx: &impl ConnectionTrait, now: Instant, event: Event) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(Id::new(now).into_text()),
        kind: Set(event.kind),
        payload: Set(event.payload),
        happened_at: Set(now),
        delivered_at: Set(None),
        attempts: Set(0),
        next_attempt_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Most minutes that an event waits for its next delivery.
const MOST_WAIT_MINUTES: i64 = 64;

/// Oldest first; those that failed lately wait. A clock that was put back keeps nothing waiting: what never failed is
/// due whatever time it carries, and so is what would wait longer than anything may.
///
/// # Errors
/// When the database does not answer.
pub async fn undelivered(db: &impl ConnectionTrait, now: Instant) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::DeliveredAt.is_null())
        .filter(
            Column::NextAttemptAt
                .lte(now)
                .or(Column::Attempts.eq(0))
                .or(Column::NextAttemptAt.gt(now + chrono::Duration::minutes(MOST_WAIT_MINUTES))),
        )
        .order_by_asc(Column::HappenedAt)
        .order_by_asc(Column::Id)
        .limit(100)
        .all(db)
        .await?)
}

/// Takes the event for this transaction; false when another node had it first.
///
/// # Errors
/// When the database does not answer.
pub async fn take(tx: &Tx, id: &str, now: Instant) -> Result<bool, Error> {
    let taken = Entity::update_many()
        .col_expr(Column::DeliveredAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::DeliveredAt.is_null())
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Waits 1, 2, 4 … seconds, at most an hour or so, before the next delivery: two nodes that were in each other's way
/// are done at once, what keeps failing costs little.
///
/// # Errors
/// When the database does not answer.
pub async fn put_off(tx: &Tx, event: &Model, now: Instant) -> Result<(), Error> {
    let wait = chrono::Duration::seconds(1_i64 << event.attempts.clamp(0, 12));
    let wait = wait.min(chrono::Duration::minutes(MOST_WAIT_MINUTES));
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::value(event.attempts + 1))
        .col_expr(Column::NextAttemptAt, Expr::value(now + wait))
        .filter(Column::Id.eq(&event.id))
        .exec(tx)
        .await?;
    Ok(())
}
