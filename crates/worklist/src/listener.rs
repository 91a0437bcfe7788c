use async_trait::async_trait;
use base::{Actor, Error, Event};
use db::Tx;
use module::Listener;

use crate::store;

/// What was done about a customer counts no more when the interaction that told of it is taken back.
#[derive(Debug)]
pub struct TakenBack;

#[async_trait]
impl Listener for TakenBack {
    fn name(&self) -> &'static str {
        "worklist"
    }

    async fn handle(&self, tx: &Tx, actor: &Actor, event: &Event) -> Result<(), Error> {
        match (event.kind.as_str(), event.payload["interaction"].as_str()) {
            ("customers.interaction_taken_back", Some(interaction)) => {
                store::take_back_told_by(tx, interaction, actor.now).await
            }
            _ => Ok(()),
        }
    }
}
