//! Finds what has become late by the passing of time.

use async_trait::async_trait;
use base::{Actor, Error, Instant};
use chrono::Duration;
use db::{Db, settings};
use module::Job;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::raise::{Measure, look_at};
use crate::store::watch;

/// Until when everything has been looked at; kept among the settings.
const WATCHED: &str = "exceptions.watched";
/// Hours of plans that one transaction looks at, so that nobody waits long when the program was down for days.
const SLICE: i64 = 6;
/// Minutes looked at twice: the clocks of two machines differ, and what is known is not raised again.
const OVERLAP: i64 = 5;

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Watched {
    until: Option<Instant>,
}

/// Looks at what has become due since the last time, and at nothing else.
#[derive(Debug)]
pub struct WatchPlans {
    pub db: Db,
}

#[async_trait]
impl Job for WatchPlans {
    fn name(&self) -> &'static str {
        "exceptions.watch"
    }

    // With a node that dies (`db::jobs::LEASE`) it is still found within the minute.
    fn every(&self) -> Duration {
        Duration::seconds(15)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        let measure = Measure::of(self.db.read()).await?;
        let oldest = measure.oldest(actor.now);
        let watched: Watched = settings::get(self.db.read(), WATCHED).await?;
        // A machine's clock may have been set back: what was looked at too early is looked at again.
        let seen = watched.until.map(|until| until.min(actor.now) - Duration::minutes(OVERLAP));
        let mut from = seen.unwrap_or(oldest).max(oldest);
        while from < actor.now {
            let until = actor.now.min(from + Duration::hours(SLICE));
            let tx = self.db.begin().await?;
            let mut shipments = std::collections::BTreeSet::new();
            for minutes in measure.tolerances.all() {
                let allowed = Duration::minutes(minutes);
                shipments.extend(watch::waiting_between(&tx, (from - allowed).max(oldest), until - allowed).await?);
            }
            let shipments: Vec<String> = shipments.into_iter().collect();
            look_at(&tx, actor, &measure, &shipments).await?;
            // What lies within the overlap is looked at again anyway: a quiet minute writes once. A clock that was set
            // back is written down at once.
            if watched.until.is_none_or(|known| (until - known).abs() >= Duration::minutes(1) || until < known) {
                settings::put(&tx, actor, WATCHED, &Watched { until: Some(until) }).await?;
            }
            self.db.commit(tx).await?;
            from = until;
        }
        Ok(())
    }
}

/// After tolerances have changed everything that may raise something is looked at once more.
///
/// # Errors
/// When the database refuses the write.
pub async fn look_at_all_again(tx: &impl ConnectionTrait, actor: &Actor) -> Result<(), Error> {
    settings::put(tx, actor, WATCHED, &Watched::default()).await
}
