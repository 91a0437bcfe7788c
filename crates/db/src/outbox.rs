//! Events: written in the transaction that caused them, handled exactly once by each listener.

use base::{Error, Event, Id, Instant};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

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

/// Oldest first; those that failed lately wait.
///
/// # Errors
/// When the database does not answer.
pub async fn undelivered(db: &impl ConnectionTrait, now: Instant) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::DeliveredAt.is_null())
        .filter(Column::NextAttemptAt.lte(now))
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

/// Waits 1, 2, 4 … at most 64 minutes before the next delivery.
///
/// # Errors
/// When the database does not answer.
pub async fn put_off(tx: &Tx, event: &Model, now: Instant) -> Result<(), Error> {
    let minutes = 1_i64 << event.attempts.clamp(0, 6);
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::value(event.attempts + 1))
        .col_expr(Column::NextAttemptAt, Expr::value(now + chrono::Duration::minutes(minutes)))
        .filter(Column::Id.eq(&event.id))
        .exec(tx)
        .await?;
    Ok(())
}
