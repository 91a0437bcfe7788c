//! What runs by itself.

use async_trait::async_trait;
use base::{Actor, Error, Event};
use chrono::Duration;
use complaints::complaint::ComplaintId;
use complaints::events::{CLOSED, REOPENED, RESOLVED};
use db::Tx;
use module::{Job, Listener};
use serde::Deserialize;
use shipments::events::{CHANGED, Changed};

use crate::{FollowUps, planning};

/// Plans when a complaint is resolved or a new customer ships.
#[derive(Debug)]
pub struct FollowUpListener;

/// What is read of a complaint's event.
#[derive(Deserialize)]
struct Told {
    complaint: ComplaintId,
}

#[async_trait]
impl Listener for FollowUpListener {
    fn name(&self) -> &'static str {
        "follow_ups"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        match event.kind.as_str() {
            RESOLVED | CLOSED | REOPENED => {
                let told = Told::deserialize(&event.payload).map_err(|error| Error::Bug(error.to_string()))?;
                planning::after_complaint(tx, actor, &told.complaint).await
            }
            CHANGED => match Changed::of(event) {
                Some(changed) => planning::first_weeks_of(tx, actor, &changed.customers).await,
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// What no event tells: the days that pass, customers who shipped before anybody planned, complaints that were merged.
#[derive(Debug)]
pub struct PlanFollowUps(pub FollowUps);

#[async_trait]
impl Job for PlanFollowUps {
    fn name(&self) -> &'static str {
        "follow_ups.plan"
    }

    fn every(&self) -> Duration {
        Duration::minutes(10)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        let changed = planning::all_first_weeks(self.0.db(), actor).await?
            + planning::merged_complaints(self.0.db(), actor).await?;
        if changed > 0 {
            tracing::info!(follow_ups = changed, "Follow-ups planned or taken back");
        }
        Ok(())
    }
}

/// Opens complaints again whose customers said that they are not content.
#[derive(Debug)]
pub struct ReopenComplaints(pub FollowUps);

#[async_trait]
impl Job for ReopenComplaints {
    fn name(&self) -> &'static str {
        "follow_ups.reopen"
    }

    fn every(&self) -> Duration {
        Duration::seconds(15)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        self.0.reopen_waiting(actor).await.map(drop)
    }
}
