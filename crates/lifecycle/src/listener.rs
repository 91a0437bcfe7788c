use async_trait::async_trait;
use base::{Actor, CustomerId, Error, Event};
use customers::customer::Stage;
use db::Tx;
use module::Listener;
use serde::Deserialize;
use shipments::events::{CHANGED, Changed};

use crate::{HandStage, service, store};

/// Recomputes the stage of customers about whom something new is known.
#[derive(Debug)]
pub struct StageListener;

/// What is read of the events.
#[derive(Debug, Default, Deserialize)]
struct Told {
    customer: Option<CustomerId>,
    to: Option<Stage>,
    /// Of the settings.
    key: Option<String>,
}

#[async_trait]
impl Listener for StageListener {
    fn name(&self) -> &'static str {
        "lifecycle"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        let told = || Told::deserialize(&event.payload).map_err(|error| Error::Bug(error.to_string()));
        let touched = match event.kind.as_str() {
            CHANGED => Changed::of(event).map(|changed| changed.customers).unwrap_or_default(),
            "settings.changed" if told()?.key.as_deref() == Some(service::POLICY) => {
                // All customers at once would keep everybody else waiting; the job takes them in turns.
                return store::review_all(tx, actor.today()).await;
            }
            "customers.created" => told()?.customer.into_iter().collect(),
            "customers.stage_changed" => by_hand(told()?),
            _ => return Ok(()),
        };
        service::recompute(tx, actor, &touched).await?;
        Ok(())
    }
}

/// A stage that shipments decide was written by us; one that a person may give might contradict them.
fn by_hand(told: Told) -> Vec<CustomerId> {
    match told.to.and_then(HandStage::of) {
        Some(_) => told.customer.into_iter().collect(),
        None => Vec::new(),
    }
}
