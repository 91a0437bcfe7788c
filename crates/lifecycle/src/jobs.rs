use async_trait::async_trait;
use base::{Actor, Error};
use chrono::Duration;
use module::Job;

use crate::Lifecycle;

/// Once a day, some stages change by time alone: the loyal window moves on, silence becomes a loss.
#[derive(Debug)]
pub struct ReviewStages(pub Lifecycle);

#[async_trait]
impl Job for ReviewStages {
    fn name(&self) -> &'static str {
        "lifecycle.review_stages"
    }

    /// Hourly, because the firm's day turns at its midnight and not when the program was started; there is nothing to
    /// do until it does.
    fn every(&self) -> Duration {
        Duration::hours(1)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        let changed = self.0.review(actor).await?;
        if changed > 0 {
            tracing::info!(customers = changed, "Relationship stages changed with the day");
        }
        Ok(())
    }
}
