//! What programs ask.

use std::collections::BTreeMap;

use base::{Cursor, DepartmentId, Error, Instant, PageSize};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::api::unknown_place;

use crate::rules::Rights;
use crate::{Reach, RoleId};

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Part of a name or code, or a whole record id.
    pub words: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

/// Somebody who signs in, as he shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserDraft {
    pub name: String,
    pub login: String,
    pub department_id: Option<String>,
    /// Ids of roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// A disabled user cannot sign in; whoever is new can.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

impl UserDraft {
    pub fn department(&self) -> Option<DepartmentId> {
        self.department_id.clone().map(DepartmentId)
    }

    pub fn role_ids(&self) -> Vec<RoleId> {
        self.roles.iter().cloned().map(RoleId).collect()
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentDraft {
    pub name: String,
    pub parent_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDraft {
    pub name: String,
    /// Permission and how far it reaches: own, department or all.
    #[schema(value_type = BTreeMap<String, String>)]
    pub rights: BTreeMap<String, Reach>,
}

impl RoleDraft {
    pub fn rights(&self) -> &Rights {
        &self.rights
    }
}

/// The place in a list that is ordered by time.
///
/// # Errors
/// `Invalid` when it is none of ours.
pub fn place(after: Option<Cursor>) -> Result<Option<(Instant, String)>, Error> {
    let Some(after) = after else {
        return Ok(None);
    };
    Ok(Some((after.moment().ok_or_else(unknown_place)?, after.id)))
}
