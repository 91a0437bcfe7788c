//! The shipment exception and its closed sets of words.

use base::{CustomerId, UserId};
use customers::interaction::InteractionKind;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use shipments::MilestoneKind;
use utoipa::ToSchema;

base::ids! { ExceptionId }

base::words! {
    /// What went wrong.
    Kind as "ExceptionKind", "exception-kind-" {
        Late = "late",
        Damage = "damage",
        Loss = "loss",
        Shortage = "shortage",
        Misdelivery = "misdelivery",
        Customs = "customs",
        Other = "other",
    }
}

base::words! {
    /// Who noticed it first.
    FoundBy, "exception-found_by-" {
        /// A milestone was late against its plan.
        Program = "program",
        Us = "us",
        Customer = "customer",
        Carrier = "carrier",
    }
}

impl FoundBy {
    /// Who it can be when somebody writes it down.
    pub const BY_HAND: [FoundBy; 3] = [FoundBy::Us, FoundBy::Customer, FoundBy::Carrier];
}

base::words! {
    /// How far we are.
    Status as "ExceptionStatus", "exception-status-" {
        Open = "open",
        /// The customer knows.
        Told = "told",
        Solving = "solving",
        Solved = "solved",
        /// It was none.
        Void = "void",
    }
}

impl Status {
    /// Class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            Status::Open => "risk",
            Status::Told => "info",
            Status::Solving => "warn",
            Status::Solved => "good",
            Status::Void => "neutral",
        }
    }
}

base::words! {
    /// Who answers for it; open while it is handled first.
    Liable, "exception-liable-" {
        Open = "open",
        Us = "us",
        Carrier = "carrier",
        Customer = "customer",
        ForceMajeure = "force_majeure",
    }
}

base::words! {
    /// Why it was none.
    VoidCause, "exception-void-" {
        /// A corrected time says that the milestone was in time after all.
        InTime = "in_time",
        /// A corrected plan says that it was not due yet, or not planned at all.
        Replanned = "replanned",
        /// What comes after it has happened; nobody wrote down when it did itself.
        Passed = "passed",
        ByHand = "by_hand",
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ShipmentException)]
#[sea_orm(table_name = "shipment_exceptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub shipment_id: String,
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// Number of the shipment line; empty for the whole shipment.
    pub line: String,
    /// Of the lines when it was found; empty when they differ or nobody said it.
    pub origin: String,
    pub destination: String,
    pub kind: Kind,
    pub found_by: FoundBy,
    pub status: Status,
    /// The step that was late; with the shipment unique.
    pub milestone: Option<MilestoneKind>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub planned_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub actual_at: Option<DateTimeUtc>,
    /// Minutes after the plan that were still fine when it was found.
    pub tolerance_minutes: Option<i64>,
    /// When it went wrong: the end of the tolerance, or what somebody wrote down.
    #[schema(value_type = String, format = DateTime)]
    pub happened_at: DateTimeUtc,
    #[schema(value_type = String, format = DateTime)]
    pub found_at: DateTimeUtc,
    /// The customer is to be told by then: working time after it was found.
    #[schema(value_type = String, format = DateTime)]
    pub tell_by: DateTimeUtc,
    /// `None`: nobody owns the customer; his department's manager sees it.
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    pub what: String,
    /// Voyage, flight, vehicle or manifest of the shipment.
    pub transport_reference: String,
    /// The same on all exceptions that one act may handle.
    #[serde(skip)]
    pub group_key: String,
    /// Somebody has done something about it; the program takes it back no more.
    pub touched: bool,
    /// When the customer asked before we told him.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub customer_asked_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub told_at: Option<DateTimeUtc>,
    #[schema(value_type = Option<String>)]
    pub told_how: Option<InteractionKind>,
    pub told_text: String,
    pub told_by: String,
    /// The interaction in which he was told.
    pub interaction_id: Option<String>,
    /// 1: told in time and before he asked; 0: not; null: not told yet.
    pub told_first: Option<i64>,
    pub liable: Liable,
    /// How it was solved, or why it was none.
    pub solution: String,
    pub closed_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<DateTimeUtc>,
    pub void_cause: Option<VoidCause>,
    /// Of the day it was found, `2026-11`.
    #[serde(skip)]
    pub month: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: DateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn exception_id(&self) -> ExceptionId {
        ExceptionId(self.id.clone())
    }

    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    pub fn is_untold(&self) -> bool {
        self.told_at.is_none() && !self.is_closed()
    }
}
