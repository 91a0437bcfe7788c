use base::{Currency, CustomerId, Money, UserId};
use sea_orm::entity::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::claim::ClaimId;

base::words! {
    /// What happened to a claim.
    EntryKind as "ClaimEntryKind", "claim-entry-" {
        Raised = "raised",
        Amended = "amended",
        Accepted = "accepted",
        Refused = "refused",
        Asked = "asked",
        Approved = "approved",
        NotApproved = "not_approved",
        Paid = "paid",
        Blamed = "blamed",
        CarrierAsked = "carrier_asked",
        Recovered = "recovered",
        GivenUp = "given_up",
        HandedOver = "handed_over",
        FileAdded = "file_added",
        FileRemoved = "file_removed",
        Withdrawn = "withdrawn",
        Closed = "closed",
    }
}

impl EntryKind {
    /// What the customer's timeline shows; the rest is ours.
    pub const ON_TIMELINE: [EntryKind; 5] =
        [EntryKind::Raised, EntryKind::Refused, EntryKind::Approved, EntryKind::Paid, EntryKind::Withdrawn];
}

/// One line of what happened to a claim; only ever added to. Money that went out or came back is counted from here, each
/// with its own day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[schema(as = ClaimEntry)]
#[sea_orm(table_name = "claim_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub claim_id: ClaimId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    #[serde(skip)]
    pub customer_id: CustomerId,
    pub kind: EntryKind,
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTimeUtc,
    #[schema(value_type = Option<String>)]
    pub by_id: Option<UserId>,
    pub by_name: String,
    pub text: String,
    /// What it is about, minor units of the claim's currency.
    pub minor: Option<i64>,
    #[schema(value_type = String)]
    pub currency: Currency,
    /// When the money went or came.
    #[schema(value_type = Option<String>, format = Date)]
    pub on_day: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn money(&self) -> Option<Money> {
        self.minor.map(|minor| Money::new(minor, self.currency))
    }
}
