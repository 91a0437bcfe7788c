//! What comes in, from people and from programs.

use base::{Day, Instant, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::address::AddressKind;
use crate::customer::{RelationType, Size};
use crate::interaction::{Direction, InteractionKind, Mood, Outcome};

/// A customer as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerDraft {
    pub name: String,
    #[serde(default)]
    pub short_name: String,
    #[serde(default)]
    pub former_names: Vec<String>,
    #[serde(default)]
    pub english_name: String,
    #[serde(default)]
    pub credit_code: String,
    #[serde(default)]
    pub industry: String,
    #[serde(default)]
    pub size: Option<Size>,
    #[serde(default)]
    pub relation_type: RelationType,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
    /// Days between two contacts.
    #[serde(default)]
    pub rhythm_days: Option<i64>,
    #[serde(default)]
    pub notes: String,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub addresses: Vec<AddressDraft>,
}

impl CustomerDraft {
    /// A customer of this name and nothing else.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            short_name: String::new(),
            former_names: Vec::new(),
            english_name: String::new(),
            credit_code: String::new(),
            industry: String::new(),
            size: None,
            relation_type: RelationType::General,
            source: String::new(),
            owner_id: None,
            rhythm_days: None,
            notes: String::new(),
            tags: Vec::new(),
            addresses: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressDraft {
    pub kind: AddressKind,
    #[serde(default)]
    pub country: String,
    #[serde(default)]
    pub province: String,
    #[serde(default)]
    pub city: String,
    /// Street and number.
    #[serde(default)]
    pub line: String,
}

impl AddressDraft {
    pub fn empty(kind: AddressKind) -> Self {
        Self { kind, country: String::new(), province: String::new(), city: String::new(), line: String::new() }
    }
}

/// An interaction as somebody tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InteractionDraft {
    pub kind: InteractionKind,
    pub direction: Direction,
    /// `None`: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Instant>,
    #[serde(default)]
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub mood: Option<Mood>,
    pub text: String,
    #[serde(default)]
    pub next_step: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub next_step_on: Option<Day>,
    /// `None`: whoever logs it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub next_step_by: Option<UserId>,
    #[serde(default)]
    pub no_next_step: bool,
    /// Waybill ids of the shipments it told about.
    #[serde(default)]
    pub shipments: Vec<String>,
    /// Where it comes from and its key there, when it is imported.
    #[serde(skip)]
    pub origin: Option<(String, String)>,
    /// Who had it, when somebody else writes it down: an import keeps the name that the file gives.
    #[serde(skip)]
    pub author: Option<Author>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    /// When he is one of the users.
    pub id: Option<UserId>,
}
