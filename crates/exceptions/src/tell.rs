//! Telling the customer: what is written when he knows, and when that is taken back.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Error, Event, Instant};
use customers::forms::InteractionDraft;
use customers::interaction::{self, Direction, InteractionKind, Outcome};
use db::{Tx, audit, outbox};
use serde_json::json;

use crate::exception::Model;
use crate::rules::{self, Telling};
use crate::{raise, store};

/// How, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub how: InteractionKind,
    pub at: Instant,
}

/// Tells customers of exceptions, each with its own text. A customer hears of all his at once: one interaction, which
/// shipments' own reasons count as well.
///
/// # Errors
/// A refusal when one of them was told or closed before; then nobody was told.
pub async fn tell(tx: &Tx, actor: &Actor, way: Way, all: Vec<(Model, String)>) -> Result<Vec<Model>, Error> {
    let mut by_customer: BTreeMap<CustomerId, Vec<(Model, String)>> = BTreeMap::new();
    for (exception, text) in all {
        rules::may_tell(&exception).map_err(Error::refused)?;
        by_customer.entry(exception.customer_id.clone()).or_default().push((exception, text));
    }
    let mut told = Vec::new();
    for (customer, own) in by_customer {
        let texts: Vec<&str> = own.iter().map(|(_, text)| text.as_str()).collect();
        let interaction = customers::log_in(tx, actor, &customer, said(way, texts.join("\n\n"))).await?;
        for (exception, text) in own {
            shipments::store::late::link(tx, interaction.as_str(), &exception.shipment_id).await?;
            let telling = Telling {
                at: way.at,
                how: way.how,
                text,
                by: actor.name.clone(),
                interaction: interaction.as_str().to_owned(),
            };
            told.push(write(tx, actor, exception, telling).await?);
        }
    }
    Ok(told)
}

/// He was told in an interaction that was logged elsewhere.
///
/// # Errors
/// A refusal when he was told before, or it is closed.
pub async fn by_interaction(
    tx: &Tx,
    actor: &Actor,
    exception: Model,
    row: &interaction::Model,
) -> Result<Model, Error> {
    let telling = Telling {
        at: row.happened_at,
        how: row.kind,
        text: row.text.clone(),
        by: row.by_name.clone(),
        interaction: row.id.clone(),
    };
    write(tx, actor, exception, telling).await
}

/// What was said was taken back: he does not know.
///
/// # Errors
/// `Conflict` when somebody else changed it meanwhile.
pub async fn take_back(tx: &Tx, actor: &Actor, exception: Model) -> Result<(), Error> {
    let version = exception.version + 1;
    let after = Model { version, updated_at: actor.now, ..rules::untell(exception) };
    store::save(tx, &after).await?;
    audit::record(tx, actor, "exception.telling_taken_back", "exception", &after.id, json!({})).await
}

async fn write(tx: &Tx, actor: &Actor, exception: Model, telling: Telling) -> Result<Model, Error> {
    let version = exception.version + 1;
    let told = rules::tell(exception, telling).map_err(Error::refused)?;
    let told = Model { version, updated_at: actor.now, ..told };
    store::save(tx, &told).await?;
    let detail = json!({
        "how": told.told_how, "at": told.told_at, "interaction": told.interaction_id, "first": told.told_first,
    });
    audit::record(tx, actor, "exception.told", "exception", &told.id, detail).await?;
    outbox::add(tx, actor.now, Event::new("exception.told", raise::told(&told))).await?;
    Ok(told)
}

/// Nothing follows from it by itself: what follows stands in the exception.
fn said(way: Way, text: String) -> InteractionDraft {
    InteractionDraft {
        kind: way.how,
        direction: Direction::Outgoing,
        happened_at: Some(way.at),
        outcome: Some(Outcome::Reached),
        mood: None,
        text,
        next_step: String::new(),
        next_step_on: None,
        next_step_by: None,
        no_next_step: true,
        shipments: Vec::new(),
        origin: None,
        author: None,
    }
}
