//! Tolerances and texts that people set.

use base::{Actor, CustomerId, Error, FieldProblem, Message};
use db::{audit, settings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shipments::MilestoneKind;
use utoipa::ToSchema;

use super::Exceptions;
use crate::notice::{self, Notices};
use crate::policy::MOST_MINUTES;
use crate::store::thresholds;
use crate::threshold::{Model, ThresholdId};
use crate::{RULES, VIEW, jobs};

/// A tolerance as somebody sets it. Without a customer it holds for all, without a lane for all lanes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = LateThresholdDraft)]
#[serde(deny_unknown_fields)]
pub struct ThresholdDraft {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    #[serde(default)]
    pub origin: String,
    #[serde(default)]
    pub destination: String,
    pub milestone: MilestoneKind,
    /// After the plan; 0 to 43,200.
    pub minutes: i64,
}

/// With the customer's name; empty for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LateThresholdListed)]
pub struct ThresholdListed {
    #[serde(flatten)]
    pub threshold: Model,
    pub customer_name: String,
}

impl Exceptions {
    /// Those of customers that the actor may see, and those of all customers.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn thresholds(&self, actor: &Actor) -> Result<Vec<ThresholdListed>, Error> {
        actor.require(VIEW)?;
        let all = thresholds::seen_by(self.db.read(), actor).await?;
        let ids = all.iter().filter(|one| !one.customer_id.is_empty()).map(|one| CustomerId(one.customer_id.clone()));
        let names = shipments::store::names_of(self.db.read(), ids).await?;
        let named = |threshold: Model| {
            let name = names.get(&CustomerId(threshold.customer_id.clone())).cloned().unwrap_or_default();
            ThresholdListed { customer_name: name, threshold }
        };
        Ok(all.into_iter().map(named).collect())
    }

    /// # Errors
    /// As `change_threshold`, and `Conflict` when there is one of the same customer, lane and step.
    pub async fn set_threshold(&self, actor: &Actor, draft: ThresholdDraft) -> Result<Model, Error> {
        actor.require(RULES)?;
        let tx = self.db.begin().await?;
        let row = checked(&tx, actor, draft, ThresholdId::new(actor.now).0, 1).await?;
        thresholds::insert(&tx, &row).await?;
        audit::record(&tx, actor, "late_threshold.set", "late_threshold", &row.id, json!({"after": row})).await?;
        jobs::look_at_all_again(&tx, actor).await?;
        self.db.commit(tx).await?;
        Ok(row)
    }

    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid`, or `Conflict` when somebody changed it since it was read.
    pub async fn change_threshold(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        draft: ThresholdDraft,
    ) -> Result<Model, Error> {
        actor.require(RULES)?;
        let tx = self.db.begin().await?;
        let before = thresholds::get(&tx, actor, id).await?;
        let row = checked(&tx, actor, draft, before.id.clone(), version + 1).await?;
        thresholds::save(&tx, &row).await?;
        let detail = json!({"before": before, "after": row});
        audit::record(&tx, actor, "late_threshold.set", "late_threshold", &row.id, detail).await?;
        jobs::look_at_all_again(&tx, actor).await?;
        self.db.commit(tx).await?;
        Ok(row)
    }

    /// # Errors
    /// `Forbidden`, `NotFound`, or `Conflict` when somebody changed it since it was read.
    pub async fn remove_threshold(&self, actor: &Actor, id: &str, version: i64) -> Result<(), Error> {
        actor.require(RULES)?;
        let tx = self.db.begin().await?;
        let before = thresholds::get(&tx, actor, id).await?;
        thresholds::remove(&tx, &before, version).await?;
        let detail = json!({"before": before});
        audit::record(&tx, actor, "late_threshold.removed", "late_threshold", id, detail).await?;
        jobs::look_at_all_again(&tx, actor).await?;
        self.db.commit(tx).await
    }

    /// The texts that customers are told.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn notices(&self, actor: &Actor) -> Result<Notices, Error> {
        actor.require(VIEW)?;
        settings::get(self.db.read(), notice::SETTINGS).await
    }

    /// `notices.version` is the one that was read.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` for a field that there is not, or `Conflict`.
    pub async fn set_notices(&self, actor: &Actor, notices: Notices) -> Result<Notices, Error> {
        actor.require(RULES)?;
        notices.check()?;
        let tx = self.db.begin().await?;
        let before: Notices = settings::get(&tx, notice::SETTINGS).await?;
        if before.version != notices.version {
            return Err(Error::Conflict);
        }
        let plain = |text: &str| text.trim().replace("\r\n", "\n");
        let after = Notices {
            late_zh: plain(&notices.late_zh),
            late_en: plain(&notices.late_en),
            other_zh: plain(&notices.other_zh),
            other_en: plain(&notices.other_en),
            version: before.version + 1,
        };
        settings::put(&tx, actor, notice::SETTINGS, &after).await?;
        let detail = json!({"before": before, "after": after});
        audit::record(&tx, actor, "settings.changed", "settings", notice::SETTINGS, detail).await?;
        self.db.commit(tx).await?;
        Ok(after)
    }
}

async fn checked(tx: &db::Tx, actor: &Actor, draft: ThresholdDraft, id: String, version: i64) -> Result<Model, Error> {
    let (origin, destination) = (draft.origin.trim().to_owned(), draft.destination.trim().to_owned());
    let mut problems = Vec::new();
    if origin.is_empty() != destination.is_empty() {
        let field = if origin.is_empty() { "origin" } else { "destination" };
        problems.push(FieldProblem::new(field, Message::new("exception-lane_half")));
    }
    for (field, text) in [("origin", &origin), ("destination", &destination)] {
        if text.chars().count() > 200 || text.chars().any(char::is_control) {
            problems.push(FieldProblem::new(field, Message::new("exception-place_unreadable")));
        }
    }
    if !(0..=MOST_MINUTES).contains(&draft.minutes) {
        let message = Message::new("exception-minutes_wrong").with("most", MOST_MINUTES);
        problems.push(FieldProblem::new("minutes", message));
    }
    if let Some(customer) = &draft.customer
        && matches!(customers::store::get(tx, actor, RULES, customer).await, Err(Error::NotFound))
    {
        problems.push(FieldProblem::new("customer", Message::new("exception-no_such_customer")));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(Model {
        id,
        customer_id: draft.customer.map(String::from).unwrap_or_default(),
        origin,
        destination,
        milestone: draft.milestone,
        minutes: draft.minutes,
        changed_at: actor.now,
        changed_by: actor.name.clone(),
        version,
    })
}
