use async_trait::async_trait;
use base::{Actor, Error, Event};
use customers::interaction::InteractionId;
use db::Tx;
use module::Listener;
use shipments::events::{CHANGED, Changed};

use crate::exception::Model;
use crate::raise::{Measure, look_at};
use crate::store::{told, watch};
use crate::{jobs, policy, tell};

/// Judges shipments that were written, and hears when a customer was told by whatever way.
#[derive(Debug)]
pub struct WatchShipments;

#[async_trait]
impl Listener for WatchShipments {
    fn name(&self) -> &'static str {
        "exceptions"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        let interaction = || event.payload["interaction"].as_str().unwrap_or_default();
        match event.kind.as_str() {
            CHANGED => written(tx, actor, Changed::of(event)).await,
            "settings.changed" if event.payload["key"] == policy::SETTINGS => jobs::look_at_all_again(tx, actor).await,
            "customers.interaction_logged" => heard(tx, actor, interaction()).await,
            "customers.interaction_taken_back" => taken_back(tx, actor, interaction()).await,
            _ => Ok(()),
        }
    }
}

async fn written(tx: &Tx, actor: &Actor, changed: Option<Changed>) -> Result<(), Error> {
    let Some(Changed { customers, written_at: Some(at) }) = changed else { return Ok(()) };
    let measure = Measure::of(tx).await?;
    let shipments = watch::written_at(tx, at, &customers, measure.oldest(actor.now), actor.now).await?;
    look_at(tx, actor, &measure, &shipments.into_iter().collect::<Vec<_>>()).await
}

/// Whoever tells the customer about a shipment has told him that it is late, whichever page he did it from.
async fn heard(tx: &Tx, actor: &Actor, interaction: &str) -> Result<(), Error> {
    let Some((row, shipments)) = told::told_of(tx, &InteractionId(interaction.into())).await? else { return Ok(()) };
    for exception in told::late_untold(tx, &shipments, &row.customer_id, row.happened_at).await? {
        tell::by_interaction(tx, actor, exception, &row).await?;
    }
    Ok(())
}

async fn taken_back(tx: &Tx, actor: &Actor, interaction: &str) -> Result<(), Error> {
    let told: Vec<Model> = told::told_in(tx, interaction).await?;
    for exception in told.into_iter().filter(|exception| !exception.is_closed()) {
        tell::take_back(tx, actor, exception).await?;
    }
    Ok(())
}
