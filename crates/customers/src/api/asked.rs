//! What programs ask.

use base::{DepartmentId, Error, PageSize, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::api::cursor;

use crate::customer::{RelationType, Stage};
use crate::store::{Filter, Sort};

/// Filters, order and place of a list of customers.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// Words that all stand in a name or the credit code.
    words: Option<String>,
    stage: Option<Stage>,
    /// Id of a user.
    owner: Option<String>,
    /// Only customers that nobody owns.
    without_owner: Option<bool>,
    department: Option<String>,
    relation_type: Option<RelationType>,
    industry: Option<String>,
    tag: Option<String>,
    /// Only customers whose next contact is due today or before.
    contact_due: Option<bool>,
    sort: Option<Sort>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

impl CustomerQuery {
    /// # Errors
    /// `Invalid` when `after` is none of ours.
    pub fn filter(&self) -> Result<Filter, Error> {
        Ok(Filter {
            words: self.words.clone().unwrap_or_default(),
            stage: self.stage,
            owner: self.owner.clone().map(UserId),
            without_owner: self.without_owner == Some(true),
            department: self.department.clone().map(DepartmentId),
            relation_type: self.relation_type,
            industry: self.industry.clone(),
            tag: self.tag.clone(),
            contact_due: self.contact_due == Some(true),
            sort: self.sort.unwrap_or_default(),
            after: cursor(self.after.as_deref())?,
        })
    }
}

/// A stage that does not follow from shipments, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageByHand {
    pub stage: Stage,
    pub reason: String,
}
