//! One touch between the firm and a customer.

use base::{CustomerId, UserId};
use sea_orm::entity::prelude::*;
use serde::Serialize;

base::ids! { InteractionId }

base::words! {
    InteractionKind, "interaction-kind-" {
        Call = "call",
        Visit = "visit",
        Email = "email",
        Message = "message",
        Meeting = "meeting",
    }
}

impl InteractionKind {
    /// Name in `crates/web/assets/src/icons.txt`.
    pub fn icon(self) -> &'static str {
        match self {
            InteractionKind::Call => "phone",
            InteractionKind::Visit => "visit",
            InteractionKind::Email => "mail",
            InteractionKind::Message => "message",
            InteractionKind::Meeting => "meeting",
        }
    }
}

base::words! {
    /// Who began it.
    Direction, "interaction-direction-" { Outgoing = "outgoing", Incoming = "incoming" }
}

base::words! {
    Outcome, "interaction-outcome-" {
        Reached = "reached",
        NotReached = "not_reached",
        Agreed = "agreed",
        Declined = "declined",
    }
}

base::words! {
    /// How the customer felt about us.
    Mood, "interaction-mood-" { Pleased = "pleased", Neutral = "neutral", Annoyed = "annoyed" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "interactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub customer_id: CustomerId,
    pub kind: InteractionKind,
    pub direction: Direction,
    pub happened_at: DateTimeUtc,
    pub outcome: Option<Outcome>,
    pub mood: Option<Mood>,
    pub text: String,
    /// What was promised or planned next.
    pub next_step: Option<String>,
    pub next_step_on: Option<Date>,
    pub next_step_by: Option<UserId>,
    pub next_step_done_at: Option<DateTimeUtc>,
    /// Somebody said that nothing follows.
    pub no_next_step: bool,
    pub by_id: Option<UserId>,
    pub by_name: String,
    pub created_at: DateTimeUtc,
    pub version: i64,
    /// Where it was imported from; with `source_key` unique.
    pub source: Option<String>,
    pub source_key: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
