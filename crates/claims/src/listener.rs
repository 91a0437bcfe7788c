use approvals::events::{Told, WITHDRAWN, decided};
use async_trait::async_trait;
use base::{Actor, Error, Event};
use db::Tx;
use module::Listener;
use serde::Deserialize;

use crate::Claims;
use crate::service::OBJECT;

/// Somebody else has said whether a payout may be promised, or is asked no more.
#[derive(Debug)]
pub struct PayoutDecided(pub Claims);

#[async_trait]
impl Listener for PayoutDecided {
    fn name(&self) -> &'static str {
        "claims.payout"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        let withdrawn = || (event.kind == WITHDRAWN).then(|| Told::deserialize(&event.payload).ok()).flatten();
        let ours = |told: &Told| told.object == OBJECT && told.kind == crate::PAYOUT.name;
        match decided(event).or_else(withdrawn).filter(ours) {
            Some(told) => self.0.settle(tx, actor, &told).await,
            None => Ok(()),
        }
    }
}
