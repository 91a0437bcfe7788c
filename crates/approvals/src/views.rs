//! What goes out, for people and programs.

use std::collections::BTreeMap;

use base::{Actor, CustomerId, Error, Instant, Money};
use serde::Serialize;
use utoipa::ToSchema;
use web::Ui;

use crate::approval::{ApprovalId, Model, Status};
use crate::service::{Approvals, Kind};

/// One question and what has become of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApprovalView {
    #[schema(value_type = String)]
    pub id: ApprovalId,
    /// `compensation`, `claim_payout`, …
    pub kind: String,
    /// The kind in the reader's language.
    pub title: String,
    /// What it is about: `complaint`, `claim`.
    pub object: String,
    pub object_id: String,
    #[schema(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
    /// Absent when the reader may not see the customer.
    pub customer: Option<String>,
    /// Plain decimal, in `currency`.
    pub amount: Option<String>,
    pub currency: Option<String>,
    /// The amount in the reporting currency on the day of asking; absent when no rate was known.
    pub worth: Option<String>,
    pub worth_currency: Option<String>,
    /// In the reader's language.
    pub reason: String,
    /// The page of what it is about.
    pub href: String,
    pub status: Status,
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Instant,
    pub asked_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Instant>,
    /// Empty while it waits.
    pub decided_by: String,
    pub note: String,
}

impl ApprovalView {
    fn of(ui: &Ui, kinds: &[Kind], names: &BTreeMap<CustomerId, customers::Brief>, row: Model) -> Self {
        let (amount, worth) = (row.amount(), row.worth());
        let title = kinds.iter().find(|kind| kind.name == row.kind);
        Self {
            title: title.map_or_else(|| row.kind.clone(), |kind| ui.t(kind.title_key)),
            customer: row.customer_id.as_ref().and_then(|id| names.get(id)).map(|brief| brief.name.clone()),
            amount: amount.map(Money::amount),
            currency: row.currency.clone(),
            worth: worth.map(Money::amount),
            worth_currency: row.worth_currency.clone(),
            reason: row.reason().map(|reason| ui.say(&reason)).unwrap_or_default(),
            asked_by: ui.who(&row.asked_by),
            decided_by: if row.decided_by.is_empty() { String::new() } else { ui.who(&row.decided_by) },
            id: row.id,
            kind: row.kind,
            object: row.object,
            object_id: row.object_id,
            customer_id: row.customer_id,
            href: row.href,
            status: row.status,
            asked_at: row.asked_at,
            decided_at: row.decided_at,
            note: row.note,
        }
    }

    /// In its own currency, and what it is worth where that is another one.
    pub fn amount_in_words(&self, ui: &Ui) -> String {
        let said = |amount: &Option<String>, currency: &Option<String>| {
            let currency = currency.as_ref()?.parse().ok()?;
            Some(texts::format::money(Money::parse(amount.as_ref()?, currency)?))
        };
        match (said(&self.amount, &self.currency), said(&self.worth, &self.worth_currency)) {
            (Some(amount), Some(worth)) if amount != worth => {
                ui.t2("approval-amount_worth", ("amount", &amount), ("worth", &worth))
            }
            (Some(amount), Some(_)) => amount,
            (Some(amount), None) => ui.t1("approval-amount_without_rate", "amount", amount),
            (None, _) => String::new(),
        }
    }

    pub fn asked_when(&self) -> String {
        texts::format::time(self.asked_at)
    }

    pub fn decided_when(&self) -> String {
        self.decided_at.map(texts::format::time).unwrap_or_default()
    }

    /// The class suffix of `macros.html`.
    pub fn tone(&self) -> &'static str {
        match self.status {
            Status::Waiting => "warn",
            Status::Approved => "good",
            Status::Refused => "risk",
            Status::Withdrawn => "neutral",
        }
    }
}

/// These, with the names of the customers whom the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn views(
    ui: &Ui,
    approvals: &Approvals,
    actor: &Actor,
    rows: Vec<Model>,
) -> Result<Vec<ApprovalView>, Error> {
    let ids: Vec<CustomerId> = rows.iter().filter_map(|row| row.customer_id.clone()).collect();
    let names = match actor.has(customers::VIEW) {
        true => customers::briefly(approvals.db().read(), actor, &ids).await?,
        false => BTreeMap::new(),
    };
    let kinds = approvals.kinds();
    Ok(rows.into_iter().map(|row| ApprovalView::of(ui, &kinds, &names, row)).collect())
}

/// One of them.
///
/// # Errors
/// When the database does not answer.
pub async fn view(ui: &Ui, approvals: &Approvals, actor: &Actor, row: Model) -> Result<ApprovalView, Error> {
    let one = views(ui, approvals, actor, vec![row]).await?;
    one.into_iter().next().ok_or(Error::NotFound)
}
