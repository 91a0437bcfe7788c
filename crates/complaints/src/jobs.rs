//! What runs by itself.

use async_trait::async_trait;
use base::{Actor, Error, Event};
use db::Tx;
use module::{Job, Listener};

use crate::service::quality::OBJECT;
use crate::{Complaints, store};

/// Takes overdue complaints up.
#[derive(Debug)]
pub struct KeepTime(pub Complaints);

#[async_trait]
impl Job for KeepTime {
    fn name(&self) -> &'static str {
        "complaints.keep_time"
    }

    fn every(&self) -> chrono::Duration {
        chrono::Duration::seconds(15)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        self.0.keep_time(actor).await.map(drop)
    }
}

/// Other hours or holidays move what is due.
#[derive(Debug)]
pub struct CalendarChanged;

#[async_trait]
impl Listener for CalendarChanged {
    fn name(&self) -> &'static str {
        "complaints.calendar"
    }

    async fn handle(&self, tx: &Tx, _: &Actor, event: &Event) -> Result<(), Error> {
        match event.kind == calendar::events::CHANGED {
            true => store::due::outdate(tx).await,
            false => Ok(()),
        }
    }
}

/// Somebody else has said whether the compensation may be promised.
#[derive(Debug)]
pub struct CompensationDecided(pub Complaints);

#[async_trait]
impl Listener for CompensationDecided {
    fn name(&self) -> &'static str {
        "complaints.compensation"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        let ours = |told: &approvals::events::Told| told.object == OBJECT && told.kind == crate::COMPENSATION.name;
        match approvals::events::decided(event).filter(ours) {
            Some(told) => self.0.settle_compensation(tx, actor, &told).await,
            None => Ok(()),
        }
    }
}
