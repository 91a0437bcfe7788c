//! Keeps the figures of each customer ready.

use async_trait::async_trait;
use base::{Actor, Error, Event};
use db::{Db, Tx};
use module::{Job, Listener};

use crate::events::Changed;
use crate::store::figures;

/// Customers whose figures one transaction counts anew.
const AT_ONCE: u64 = 500;

/// Counts anew for the customers whose shipments changed.
#[derive(Debug)]
pub struct KeepFigures;

#[async_trait]
impl Listener for KeepFigures {
    fn name(&self) -> &'static str {
        "shipments.figures"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        match Changed::of(event) {
            Some(changed) => figures::refresh(tx, &changed.customers, actor.today()).await,
            None => Ok(()),
        }
    }
}

/// Counts anew what is of yesterday, because the last 30 days move by themselves, and what is outdated.
#[derive(Debug)]
pub struct MoveFigures {
    pub db: Db,
}

#[async_trait]
impl Job for MoveFigures {
    fn name(&self) -> &'static str {
        "shipments.figures"
    }

    fn every(&self) -> chrono::Duration {
        // Soon after midnight, and soon after somebody has set another rate; what is of today already is left alone.
        chrono::Duration::minutes(10)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        let mut after = None;
        loop {
            let stale = figures::stale(self.db.read(), actor.today(), after.as_ref(), AT_ONCE).await?;
            if stale.is_empty() {
                return Ok(());
            }
            let tx = self.db.begin().await?;
            figures::refresh(&tx, &stale, actor.today()).await?;
            self.db.commit(tx).await?;
            after = stale.last().cloned();
        }
    }
}
