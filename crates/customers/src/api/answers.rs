//! What programs get.

use std::collections::BTreeMap;

use base::{Currency, Day, Instant};
use serde::Serialize;
use utoipa::ToSchema;

use crate::customer::Stage;
use crate::figures::{self, Amounts, ValueBasis};
use crate::forms::CustomerDraft;
use crate::interaction::{self, Direction, InteractionKind, Mood, Outcome};
use crate::service::CustomerFile;

/// A customer: what people edit, and what follows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerView {
    pub id: String,
    /// For `If-Match`.
    pub version: i64,
    #[serde(flatten)]
    pub draft: CustomerDraft,
    pub stage: Stage,
    #[schema(value_type = Option<String>, format = Date)]
    pub stage_since: Option<Day>,
    /// Why the stage is what it is: text keys and what to fill in.
    #[schema(value_type = Vec<Object>)]
    pub stage_reason: serde_json::Value,
    pub department_id: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_contact_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = Date)]
    pub contact_due_on: Option<Day>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Instant,
    /// What the shipments add up to; absent when the caller may not see them, or when there are none.
    pub figures: Option<FiguresView>,
}

/// What a customer's shipments add up to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomerFigures)]
pub struct FiguresView {
    /// In the last 30 days.
    pub shipments_30: i64,
    /// In the 30 days before those.
    pub shipments_prior_30: i64,
    /// Value of the last 365 days in minor units of the reporting currency; absent when unknown.
    pub value_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub value_currency: Option<Currency>,
    pub value_basis: ValueBasis,
    /// Revenue of that time that has no rate and is in no value: minor units by currency.
    #[schema(value_type = std::collections::BTreeMap<String, i64>)]
    pub value_apart: Amounts,
}

impl From<figures::Model> for FiguresView {
    fn from(figures: figures::Model) -> Self {
        Self {
            shipments_30: figures.shipments_30,
            shipments_prior_30: figures.shipments_prior_30,
            value_minor: figures.value_minor,
            value_currency: figures.value_currency,
            value_basis: figures.value_basis,
            value_apart: figures.value_apart,
        }
    }
}

impl CustomerView {
    /// Takes the customer's figures out of these.
    pub fn of(file: CustomerFile, figures: &mut BTreeMap<String, figures::Model>) -> Self {
        let draft = file.draft();
        let figures = figures.remove(&file.customer.id).map(FiguresView::from);
        let customer = file.customer;
        Self {
            id: customer.id,
            version: customer.version,
            draft,
            stage: customer.stage,
            stage_since: customer.stage_since,
            stage_reason: customer.stage_reason,
            department_id: customer.department_id.map(String::from),
            last_contact_at: customer.last_contact_at,
            contact_due_on: customer.contact_due_on,
            created_at: customer.created_at,
            created_by: customer.created_by,
            updated_at: customer.updated_at,
            figures,
        }
    }
}

/// What was said with a customer, and what comes next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InteractionView {
    pub id: String,
    pub customer_id: String,
    pub kind: InteractionKind,
    pub direction: Direction,
    #[schema(value_type = String, format = DateTime)]
    pub happened_at: Instant,
    pub outcome: Option<Outcome>,
    pub mood: Option<Mood>,
    pub text: String,
    pub next_step: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub next_step_on: Option<Day>,
    pub next_step_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_step_done_at: Option<Instant>,
    pub no_next_step: bool,
    /// Ids of the shipments it told about.
    pub shipments: Vec<String>,
    pub by_id: Option<String>,
    pub by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

impl InteractionView {
    /// `told`: shipments by interaction.
    pub fn of(row: interaction::Model, told: &BTreeMap<String, Vec<String>>) -> Self {
        Self {
            shipments: told.get(&row.id).cloned().unwrap_or_default(),
            id: row.id,
            customer_id: row.customer_id.0,
            kind: row.kind,
            direction: row.direction,
            happened_at: row.happened_at,
            outcome: row.outcome,
            mood: row.mood,
            text: row.text,
            next_step: row.next_step,
            next_step_on: row.next_step_on,
            next_step_by: row.next_step_by.map(String::from),
            next_step_done_at: row.next_step_done_at,
            no_next_step: row.no_next_step,
            by_id: row.by_id.map(String::from),
            by_name: row.by_name,
            created_at: row.created_at,
        }
    }
}

/// A record that now exists.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MadeCustomerRecord)]
pub struct Made {
    pub id: String,
}

/// Whose record was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StepFinished)]
pub struct OfCustomer {
    pub customer: String,
}
