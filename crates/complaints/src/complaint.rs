//! The complaint.

use base::{Currency, CustomerId, DepartmentId, Money, UserId};
use calendar::Clock;
use customers::contact::ContactId;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{Answer, Category, Cause, Channel, CompensationState, Escalation, Severity, Status, Step};

base::ids! { ComplaintId }

/// A customer says that we failed. What he said, when and how, never changes; see `store::save`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = Complaint)]
#[sea_orm(table_name = "complaints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[schema(value_type = String)]
    pub id: ComplaintId,
    /// Department, year and number without a gap: `客服-2026-0031`.
    pub number: String,
    #[serde(skip)]
    pub number_year: i64,
    #[serde(skip)]
    pub number_no: i64,
    /// Who handles it; its hours are those of the clocks.
    #[schema(value_type = String)]
    pub department_id: DepartmentId,
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    #[schema(value_type = Option<String>)]
    pub contact_id: Option<ContactId>,
    pub channel: Channel,
    pub category: Category,
    pub severity: Severity,
    /// Of an express shipment: the law's clock runs beside ours.
    pub express: bool,
    /// The customer's own words.
    pub words: String,
    /// What he wants.
    pub wish: String,
    /// When the customer complained.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: DateTimeUtc,
    #[serde(skip)]
    pub received_order: i64,
    /// Who sees to it.
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    pub status: Status,
    /// 1 at first; one more each time it is opened again.
    pub round: i64,
    /// `None` when all steps of the round are done.
    pub next_step: Option<Step>,
    #[serde(skip)]
    pub response_clock: Json,
    /// When the first response is due, or was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub response_due: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub responded_at: Option<DateTimeUtc>,
    #[serde(skip)]
    pub resolution_clock: Json,
    /// `None` while it is on hold with time left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolution_due: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<DateTimeUtc>,
    /// The first instant that is too late by law; only of express shipments.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub legal_due: Option<DateTimeUtc>,
    /// Microseconds since 1970 of what is due first, or a mark of `clocks`.
    #[serde(skip)]
    pub due_order: i64,
    #[serde(skip)]
    pub legal_order: i64,
    pub escalation: Escalation,
    #[serde(skip)]
    pub escalate_order: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub high_risk_at: Option<DateTimeUtc>,
    #[serde(skip)]
    pub clocks_stale: bool,
    pub hold_reason: String,
    pub solution: String,
    /// What he gets beyond what he asked for.
    pub extra: String,
    pub compensation_minor: Option<i64>,
    #[schema(value_type = Option<String>)]
    pub compensation_currency: Option<Currency>,
    /// Who set it.
    #[schema(value_type = Option<String>)]
    pub compensation_by: Option<UserId>,
    pub compensation_state: Option<CompensationState>,
    /// Who let it be promised.
    #[schema(value_type = Option<String>)]
    pub compensation_approver: Option<UserId>,
    pub answer: Option<Answer>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_at: Option<DateTimeUtc>,
    pub answer_how: Option<Channel>,
    /// Why it was closed although he did not agree.
    pub close_reason: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<DateTimeUtc>,
    pub cause: Option<Cause>,
    pub cause_text: String,
    #[schema(value_type = Option<String>)]
    pub cause_department_id: Option<DepartmentId>,
    /// What is done so that it does not happen again.
    pub correction: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub correction_due: Option<Date>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub correction_done_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>)]
    pub correction_done_by: Option<UserId>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub correction_verified_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>)]
    pub correction_verified_by: Option<UserId>,
    /// An earlier complaint about the same.
    #[schema(value_type = Option<String>)]
    pub repeat_of: Option<ComplaintId>,
    #[schema(value_type = Option<String>)]
    pub merged_into: Option<ComplaintId>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn compensation(&self) -> Option<Money> {
        Some(Money::new(self.compensation_minor?, self.compensation_currency?))
    }

    /// # Errors
    /// When somebody wrote something else into the table.
    pub fn response(&self) -> Result<Clock, base::Error> {
        clock(&self.response_clock)
    }

    /// # Errors
    /// As `response`.
    pub fn resolution(&self) -> Result<Clock, base::Error> {
        clock(&self.resolution_clock)
    }
}

fn clock(stored: &Json) -> Result<Clock, base::Error> {
    serde_json::from_value(stored.clone()).map_err(|error| base::Error::Bug(format!("a clock: {error}")))
}
