//! What comes in, from people and from programs.

use base::{Day, Instant, UserId};

use crate::address::AddressKind;
use crate::customer::{RelationType, Size};
use crate::interaction::{Direction, InteractionKind, Mood, Outcome};

/// A customer as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerDraft {
    pub name: String,
    pub short_name: String,
    pub former_names: Vec<String>,
    pub english_name: String,
    pub credit_code: String,
    pub industry: String,
    pub size: Option<Size>,
    pub relation_type: RelationType,
    pub source: String,
    pub owner_id: Option<UserId>,
    /// Days between two contacts.
    pub rhythm_days: Option<i64>,
    pub notes: String,
    pub tags: Vec<String>,
    pub addresses: Vec<AddressDraft>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressDraft {
    pub kind: AddressKind,
    pub country: String,
    pub province: String,
    pub city: String,
    pub line: String,
}

/// An interaction as somebody tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InteractionDraft {
    pub kind: InteractionKind,
    pub direction: Direction,
    /// `None`: now.
    pub happened_at: Option<Instant>,
    pub outcome: Option<Outcome>,
    pub mood: Option<Mood>,
    pub text: String,
    pub next_step: String,
    pub next_step_on: Option<Day>,
    /// `None`: whoever logs it.
    pub next_step_by: Option<UserId>,
    pub no_next_step: bool,
    /// Waybill ids of the shipments it told about.
    pub shipments: Vec<String>,
    /// Where it comes from and its key there, when it is imported.
    pub origin: Option<(String, String)>,
}
