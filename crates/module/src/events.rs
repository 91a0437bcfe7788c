//! Delivers what happened to the modules that listen.

use std::sync::Arc;

use async_trait::async_trait;
use base::{Actor, Error, Event, Instant};
use db::{Db, Tx, outbox};

#[async_trait]
pub trait Listener: Send + Sync {
    fn name(&self) -> &'static str;

    /// Runs in the transaction that marks the event as delivered, so that its effect happens exactly once.
    ///
    /// # Errors
    /// Any error undoes the delivery; it is tried again later.
    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error>;
}

/// Delivers all waiting events, also those that the listeners cause. Returns how many.
///
/// # Errors
/// When the database does not answer. A listener's own error puts only its event off.
pub async fn deliver(db: &Db, listeners: &[Arc<dyn Listener>], now: Instant) -> Result<u64, Error> {
    let actor = Actor::system("events", now);
    let mut delivered = 0;
    loop {
        let waiting = outbox::undelivered(db.read(), now).await?;
        if waiting.is_empty() {
            return Ok(delivered);
        }
        for row in waiting {
            let tx = db.begin().await?;
            if !outbox::take(&tx, &row.id, now).await? {
                continue;
            }
            match handle_all(&tx, listeners, &actor, &row.event()).await {
                Ok(()) => {
                    tx.commit().await?;
                    delivered += 1;
                }
                Err(error) => {
                    tx.rollback().await?;
                    tracing::error!(event.id = %row.id, event.kind = %row.kind, %error, "Event could not be handled");
                    let tx = db.begin().await?;
                    outbox::put_off(&tx, &row, now).await?;
                    tx.commit().await?;
                }
            }
        }
    }
}

async fn handle_all(tx: &Tx, listeners: &[Arc<dyn Listener>], actor: &Actor, event: &Event) -> Result<(), Error> {
    for listener in listeners {
        listener.handle(tx, actor, event).await?;
    }
    Ok(())
}
