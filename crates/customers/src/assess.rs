//! What rules of other modules find out about a customer.

use base::{Actor, CustomerId, Day, Error, Event, Message};
use db::{Tx, outbox};
use serde_json::json;

use crate::customer::{Model, Stage};
use crate::{assessment, store};

/// What a rule found out.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// `stage`, `grade`, …; `stage` also becomes the customer's stage.
    pub kind: &'static str,
    pub value: String,
    pub score: Option<f64>,
    pub reasons: Vec<Message>,
    pub as_of: Day,
    /// The day on which the facts made it so; `None` when nobody and nothing has decided it. Only a stage keeps it.
    pub since: Option<Day>,
    /// When the value may change by time alone.
    pub review_on: Option<Day>,
}

/// Writes what a rule found out, for modules below. Somebody who edits the customer meanwhile gets no conflict.
///
/// # Errors
/// `NotFound` without such a customer, `Bug` when the stage is none.
pub async fn assess(tx: &Tx, actor: &Actor, id: &CustomerId, found: Assessed) -> Result<(), Error> {
    let reasons = serde_json::to_value(&found.reasons).map_err(|error| Error::Bug(error.to_string()))?;
    if found.kind == "stage" {
        let stage: Stage = found.value.parse().map_err(|_| Error::Bug(format!("no stage: {}", found.value)))?;
        let customer = store::get(tx, actor, crate::VIEW, id).await?;
        if customer.stage != stage {
            let change = json!({"customer": id, "from": customer.stage, "to": stage});
            outbox::add(tx, actor.now, Event::new("customers.stage_changed", change)).await?;
        }
        let staged = Model {
            stage,
            stage_since: found.since,
            stage_reason: reasons.clone(),
            stage_review_on: found.review_on,
            ..customer
        };
        store::save_stage(tx, &staged).await?;
    }
    let row = assessment::Model {
        customer_id: id.to_string(),
        kind: found.kind.into(),
        value: found.value,
        score: found.score,
        reasons,
        as_of: found.as_of,
        review_on: found.review_on,
    };
    store::put_assessment(tx, row).await
}
