//! What comes in, from people and from programs.

use base::{Currency, CustomerId, Day, DepartmentId, Instant, UserId};
use customers::contact::ContactId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::complaint::ComplaintId;
use crate::words::{Answer, Category, Cause, Channel, Severity, Step};

/// A complaint as it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintDraft {
    #[schema(value_type = String)]
    pub customer: CustomerId,
    /// Whose number it gets; the writer's own when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub department: Option<DepartmentId>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub contact: Option<ContactId>,
    pub channel: Channel,
    pub category: Category,
    #[serde(default)]
    pub severity: Severity,
    #[serde(default)]
    pub express: bool,
    /// The customer's own words; they never change.
    pub words: String,
    #[serde(default)]
    pub wish: String,
    /// When he complained; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Instant>,
    /// Who sees to it; the writer when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub owner: Option<UserId>,
    #[serde(default)]
    pub waybills: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub repeat_of: Option<ComplaintId>,
}

/// A step that is done, or left out for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintStepDraft)]
pub struct StepDraft {
    pub step: Step,
    /// Why it is left out; empty when it is done.
    #[serde(default)]
    pub skip_reason: String,
    /// What was done or found.
    #[serde(default)]
    pub text: String,
    /// What the customer was told.
    #[serde(default)]
    pub told: String,
    #[serde(default)]
    pub told_how: Option<Channel>,
    /// Now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub told_at: Option<Instant>,
    /// With the last step: what he says of the solution.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// Why it is closed although he does not agree.
    #[serde(default)]
    pub close_reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintSolutionDraft)]
pub struct SolutionDraft {
    pub solution: String,
    /// What he gets beyond what he asked for.
    #[serde(default)]
    pub extra: String,
    /// Plain decimal text; empty for none.
    #[serde(default)]
    pub compensation: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub currency: Option<Currency>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintCauseDraft)]
pub struct CauseDraft {
    pub cause: Cause,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub department: Option<DepartmentId>,
    /// What is done so that it does not happen again.
    #[serde(default)]
    pub correction: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub correction_due: Option<Day>,
}

/// What is done about a quality event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityPlan {
    pub correction: String,
    #[schema(value_type = String, format = Date)]
    pub correction_due: Day,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub owner: Option<UserId>,
}

/// With what a quality event is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityDone {
    pub done: String,
}
