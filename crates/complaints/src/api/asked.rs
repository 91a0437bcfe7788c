//! What programs ask.

use base::{CustomerId, DepartmentId, Error, PageSize, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::complaint::ComplaintId;
use crate::store::list::{Filter, View};
use crate::words::{Category, Severity, Status};

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `open` when absent.
    #[serde(default)]
    #[param(inline)]
    pub view: Option<View>,
    pub category: Option<Category>,
    pub severity: Option<Severity>,
    pub status: Option<Status>,
    #[param(value_type = Option<String>)]
    pub department: Option<DepartmentId>,
    #[param(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    /// Beginning of the number.
    pub number: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

impl ListQuery {
    /// # Errors
    /// `Invalid` when `after` is none of ours.
    pub fn filter(&self) -> Result<Filter, Error> {
        Ok(Filter {
            view: self.view.unwrap_or_default(),
            category: self.category,
            severity: self.severity,
            status: self.status,
            department: self.department.clone(),
            customer: self.customer.clone(),
            number: self.number.clone().unwrap_or_default(),
            after: web::api::cursor(self.after.as_deref())?,
        })
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintReason)]
pub struct ReasonDraft {
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintOwner)]
pub struct OwnerDraft {
    #[schema(value_type = String)]
    pub owner: UserId,
    #[serde(default)]
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintRemark)]
pub struct RemarkDraft {
    pub text: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintMerge)]
pub struct MergeDraft {
    #[schema(value_type = String)]
    pub into: ComplaintId,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// What the file is called when it is the whole body.
    #[serde(default)]
    pub name: String,
}
