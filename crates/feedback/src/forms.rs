//! What comes in, from people and from programs.

use base::{CustomerId, DepartmentId};
use customers::interaction::InteractionKind;
use serde::Deserialize;
use utoipa::ToSchema;

/// What somebody heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = FeedbackDraft)]
#[serde(deny_unknown_fields)]
pub struct NoteDraft {
    /// One that the actor may see; or `customer_called`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    /// Name or credit code, as whoever noted it knows it.
    #[serde(default)]
    pub customer_called: String,
    /// Who said it.
    #[serde(default)]
    pub said_by: String,
    /// The customer's own words.
    pub words: String,
    /// Who should answer; absent: the customer's department.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub department: Option<DepartmentId>,
}

/// How the customer was told what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = FeedbackTold)]
#[serde(deny_unknown_fields)]
pub struct TellDraft {
    pub kind: InteractionKind,
    /// What he was told; empty: the answer.
    #[serde(default)]
    pub text: String,
}
