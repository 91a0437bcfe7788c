//! What comes in, from people and from programs.

use std::collections::BTreeMap;

use base::{Day, DepartmentId};
use customers::interaction::{InteractionKind, Mood};
use serde::Deserialize;
use utoipa::ToSchema;

/// What the customer said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = FollowUpDone)]
#[serde(deny_unknown_fields)]
pub struct DoneDraft {
    /// How he was asked.
    pub how: InteractionKind,
    /// What he said on the whole.
    pub result: String,
    pub mood: Mood,
    /// 1 (not at all) to 5 (very).
    #[serde(default)]
    pub satisfied: Option<i64>,
    /// By the word of the question; those of its kind only.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// In his words, for a department to answer.
    #[serde(default)]
    pub remark: String,
    /// Who answers the remark; absent: the customer's department.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub department: Option<DepartmentId>,
    #[serde(default)]
    pub next_step: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub next_step_on: Option<Day>,
}

/// Nobody was there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = FollowUpNotReached)]
#[serde(deny_unknown_fields)]
pub struct NotReachedDraft {
    pub how: InteractionKind,
    /// Who or what answered instead.
    pub text: String,
}

/// Why nobody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = FollowUpSkip)]
#[serde(deny_unknown_fields)]
pub struct SkipDraft {
    pub reason: String,
}
