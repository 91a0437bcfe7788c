use async_trait::async_trait;
use base::{Actor, Error};
use module::Job;

use crate::service::Attachments;

/// The disk keeps nothing that no file needs.
pub(crate) struct RemoveUnused(pub Attachments);

#[async_trait]
impl Job for RemoveUnused {
    fn name(&self) -> &'static str {
        "attachments.remove_unused"
    }

    fn every(&self) -> chrono::Duration {
        chrono::Duration::hours(24)
    }

    async fn run(&self, actor: &Actor) -> Result<(), Error> {
        let gone = self.0.clear(actor.now).await?;
        if gone > 0 {
            tracing::info!(files = gone, "Files that nothing needs any more removed");
        }
        Ok(())
    }
}
