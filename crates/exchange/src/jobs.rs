use async_trait::async_trait;
use base::{Actor, Error};
use module::Job;

use crate::service::Imports;

/// How long an uploaded file and its refused rows lie on the disk, days.
pub const KEPT_DAYS: i64 = 7;

/// Other people's rows do not lie about.
pub(crate) struct RemoveOldFiles(pub Imports);

#[async_trait]
impl Job for RemoveOldFiles {
    fn name(&self) -> &'static str {
        "imports.remove_old_files"
    }

    fn every(&self) -> chrono::Duration {
        chrono::Duration::hours(6)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        let gone = self.0.tidy_up(actor).await?;
        if gone > 0 {
            tracing::info!(files = gone, "Old import files removed");
        }
        Ok(())
    }
}
