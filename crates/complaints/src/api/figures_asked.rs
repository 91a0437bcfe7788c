//! What programs ask of figures and quality events.

use base::{DepartmentId, Error, PageSize};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::figures::{self, Window};
use crate::quality_event::QualityStatus;
use crate::words::Category;

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// `weeks_13` when absent.
    #[serde(default)]
    #[param(inline)]
    pub window: Option<Window>,
    #[param(value_type = Option<String>)]
    pub department: Option<DepartmentId>,
    pub category: Option<Category>,
}

impl FiguresQuery {
    /// # Errors
    /// `Invalid` for a department that no department can be.
    pub fn filter(&self) -> Result<figures::Filter, Error> {
        if self.department.as_ref().is_some_and(|id| id.as_str().contains('\0')) {
            return Err(Error::invalid("department", base::Message::new("error-nul")));
        }
        Ok(figures::Filter {
            window: self.window.unwrap_or_default(),
            department: self.department.clone().filter(|id| !id.as_str().is_empty()),
            category: self.category,
        })
    }
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QualityQuery {
    /// All when absent.
    pub status: Option<QualityStatus>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}
