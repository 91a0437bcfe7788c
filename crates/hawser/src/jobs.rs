//! The program's own recurring work, and the loop that runs everybody's.

use std::sync::Arc;
use std::time::Duration as Wait;

use async_trait::async_trait;
use base::{Actor, Error};
use chrono::Duration;
use db::{Db, audit, jobs};
use module::{Job, Listener, deliver};

/// How often it is looked whether a job is due.
const LOOK: Wait = Wait::from_secs(5);
/// How often a node that works says so; well within `jobs::LEASE`.
const RENEW: Wait = Wait::from_secs(10);

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

/// Runs what is due. Each job has a watch of its own, so that a long one keeps no other waiting.
pub async fn run_jobs(db: Db, all: Vec<Arc<dyn Job>>) {
    let watches = all.into_iter().map(|job| watch(db.clone(), job));
    futures::future::join_all(watches).await;
}

async fn watch(db: Db, job: Arc<dyn Job>) {
    loop {
        if let Err(error) = run_if_due(&db, job.as_ref()).await {
            tracing::error!(job = job.name(), %error, "Job cannot be claimed");
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn run_if_due(db: &Db, job: &dyn Job) -> Result<(), Error> {
    let Some(lease) = jobs::claim(db, job.name(), job.every(), base::now()).await? else {
        return Ok(());
    };
    let Some(result) = work(db, job, &lease).await else {
        tracing::warn!(job = job.name(), "Job was taken over by another node");
        return Ok(());
    };
    let problem = result.err().map(|error| error.to_string());
    if let Some(problem) = &problem {
        tracing::error!(job = job.name(), problem, "Job failed");
    }
    let now = base::now();
    jobs::finish(db, lease, now, now + job.every(), problem).await
}

/// Works and keeps saying so. `None` when another node has taken the run over meanwhile; what this one had not
/// committed is undone.
async fn work(db: &Db, job: &dyn Job, lease: &jobs::Lease) -> Option<Result<(), Error>> {
    let actor = Actor::system(job.name(), base::now());
    let mut run = job.run(&actor);
    loop {
        match tokio::time::timeout(RENEW, &mut run).await {
            Ok(result) => return Some(result),
            Err(_) => match jobs::renew(db, lease, base::now()).await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => tracing::warn!(job = job.name(), %error, "Job cannot say that it is still at work"),
            },
        }
    }
}
