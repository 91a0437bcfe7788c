//! The program's own recurring work, and the loop that runs everybody's.

use std::sync::Arc;
use std::time::Duration as Wait;

use async_trait::async_trait;
use base::{Actor, Error};
use chrono::Duration;
use db::{Db, audit, jobs};
use module::{Job, Listener, deliver};

/// How long a node may work on one run before another takes it over.
const LEASE_MINUTES: i64 = 10;

pub struct SealAudit {
    pub db: Db,
}

#[async_trait]
impl Job for SealAudit {
    fn name(&self) -> &'static str {
        "audit.seal"
    }

    fn every(&self) -> Duration {
        Duration::minutes(1)
    }

    async fn run(&self, _actor: &Actor) -> Result<(), Error> {
        let entries = audit::seal(&self.db).await?;
        if entries > 0 {
            tracing::info!(entries, "Audit entries sealed");
        }
        Ok(())
    }
}

/// Autocheckpoints can starve under continuous reading; this keeps the write-ahead log bounded.
pub struct CheckpointLog {
    pub db: Db,
}

#[async_trait]
impl Job for CheckpointLog {
    fn name(&self) -> &'static str {
        "db.checkpoint"
    }

    fn every(&self) -> Duration {
        Duration::minutes(1)
    }

    async fn run(&self, _actor: &Actor) -> Result<(), Error> {
        self.db.checkpoint().await
    }
}

/// Delivers events as they are committed, and looks for those of other programs every second.
pub async fn deliver_events(db: Db, listeners: Vec<Arc<dyn Listener>>) {
    loop {
        if let Err(error) = deliver(&db, &listeners, base::now()).await {
            tracing::error!(%error, "Events cannot be delivered");
        }
        let _ = tokio::time::timeout(Wait::from_secs(1), db.committed()).await;
    }
}

/// Runs what is due, every ten seconds.
pub async fn run_jobs(db: Db, all: Vec<Arc<dyn Job>>) {
    loop {
        for job in &all {
            if let Err(error) = run_if_due(&db, job.as_ref()).await {
                tracing::error!(job = job.name(), %error, "Job cannot be claimed");
            }
        }
        tokio::time::sleep(Wait::from_secs(10)).await;
    }
}

async fn run_if_due(db: &Db, job: &dyn Job) -> Result<(), Error> {
    let Some(lease) = jobs::claim(db, job.name(), base::now(), Duration::minutes(LEASE_MINUTES)).await? else {
        return Ok(());
    };
    let result = job.run(&Actor::system(job.name(), base::now())).await;
    let problem = result.err().map(|error| error.to_string());
    if let Some(problem) = &problem {
        tracing::error!(job = job.name(), problem, "Job failed");
    }
    let now = base::now();
    jobs::finish(db, lease, now, now + job.every(), problem).await
}
