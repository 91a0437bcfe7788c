//! The claim.

use approvals::ApprovalId;
use base::{Currency, CustomerId, Money, UserId};
use exceptions::exception::{Kind, Liable};
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

base::ids! { ClaimId }

base::words! {
    /// How far we are.
    Status as "ClaimStatus", "claim-status-" {
        /// To be decided.
        Open = "open",
        /// Accepted, and more than one person may grant alone.
        Waiting = "waiting",
        /// Promised to the customer.
        Approved = "approved",
        Refused = "refused",
        Paid = "paid",
        Closed = "closed",
        /// The customer asks for nothing any more.
        Withdrawn = "withdrawn",
    }
}

impl Status {
    /// Class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            Status::Open | Status::Waiting => "warn",
            Status::Approved => "info",
            Status::Paid => "good",
            Status::Refused | Status::Closed | Status::Withdrawn => "neutral",
        }
    }

    pub fn is_closed(self) -> bool {
        matches!(self, Status::Closed | Status::Withdrawn)
    }
}

base::words! {
    /// What we say to what he asks for.
    Decision as "ClaimDecision", "claim-decision-" {
        Full = "full",
        Part = "part",
        Refused = "refused",
    }
}

base::words! {
    /// What we get back from the carrier; runs beside the status.
    Recovery as "ClaimRecovery", "claim-recovery-" {
        None = "none",
        Asked = "asked",
        Recovered = "recovered",
        GivenUp = "given_up",
    }
}

/// A customer asks for money because something went wrong with his goods. All amounts are of one currency.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = Claim)]
#[sea_orm(table_name = "claims")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[schema(value_type = String)]
    pub id: ClaimId,
    /// Year and number without a gap: `LP-2026-0031`.
    pub number: String,
    #[serde(skip)]
    pub number_year: i64,
    #[serde(skip)]
    pub number_no: i64,
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    pub shipment_id: String,
    /// Of the shipment when it was raised; stays readable when the shipment goes.
    pub waybill: String,
    /// What went wrong, where somebody wrote it down before.
    pub exception_id: Option<String>,
    pub kind: Kind,
    pub what: String,
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Of the goods concerned, minor units; nobody may know it.
    pub value_minor: Option<i64>,
    /// What the customer asks for, minor units.
    pub asked_minor: i64,
    /// Who answers for it; open while it is handled first.
    pub liable: Liable,
    pub status: Status,
    /// Who sees to it.
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    /// Last day to decide: working days after it was raised.
    #[schema(value_type = String, format = Date)]
    pub decide_on: Date,
    pub decision: Option<Decision>,
    /// What is accepted, minor units.
    pub decided_minor: Option<i64>,
    pub decided_reason: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: String,
    /// The question that it waits for.
    #[schema(value_type = Option<String>)]
    pub approval_id: Option<ApprovalId>,
    /// Within his own authority, or the second person.
    pub approved_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<DateTimeUtc>,
    /// Last day to pay: working days after it was approved.
    #[schema(value_type = Option<String>, format = Date)]
    pub pay_on: Option<Date>,
    pub paid_minor: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Date>,
    /// Of the transfer, credit note or cheque.
    pub payment_reference: String,
    pub recovery: Recovery,
    /// The carrier or insurer that is asked.
    pub recovery_from: String,
    pub recovery_asked_minor: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    pub recovery_asked_on: Option<Date>,
    /// What came back so far, minor units.
    pub recovered_minor: i64,
    /// When the last of it came back.
    #[schema(value_type = Option<String>, format = Date)]
    pub recovered_on: Option<Date>,
    /// Why the rest was given up.
    pub recovery_reason: String,
    /// Day that is due next, counted from the first of the calendar, or a mark of `rules`.
    #[serde(skip)]
    pub due_order: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<DateTimeUtc>,
    pub closed_by: String,
    /// Why the customer withdrew it.
    pub close_reason: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    pub fn asked(&self) -> Money {
        self.money(self.asked_minor)
    }

    pub fn decided(&self) -> Option<Money> {
        self.decided_minor.map(|minor| self.money(minor))
    }

    /// What it takes from the profit with this customer: paid less what came back. Below zero more came back than was
    /// paid.
    pub fn cost(&self) -> Money {
        self.money(self.paid_minor.unwrap_or(0).saturating_sub(self.recovered_minor))
    }

    /// Whether evidence may still be added or taken away.
    pub fn is_closed(&self) -> bool {
        self.status.is_closed()
    }
}
