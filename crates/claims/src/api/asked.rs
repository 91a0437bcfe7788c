//! What programs ask with.

use base::{CustomerId, Error, PageSize, UserId};
use exceptions::exception::Kind;
use serde::Deserialize;
use utoipa::IntoParams;
use web::api::cursor;

use crate::store::list::{Filter, State as Which};

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `open` when absent.
    state: Option<Which>,
    /// Id of the user.
    #[param(value_type = Option<String>)]
    owner: Option<UserId>,
    kind: Option<Kind>,
    #[param(value_type = Option<String>)]
    customer: Option<CustomerId>,
    /// Beginning of the number, or the whole waybill.
    #[serde(default)]
    number: String,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

impl ListQuery {
    /// # Errors
    /// `Invalid` when `after` is none of ours.
    pub fn filter(&self) -> Result<Filter, Error> {
        Ok(Filter {
            state: self.state.unwrap_or_default(),
            owner: self.owner.clone(),
            kind: self.kind,
            customer: self.customer.clone(),
            number: self.number.trim().to_owned(),
            after: cursor(self.after.as_deref())?,
        })
    }
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// What the file is called when it is the whole body.
    #[serde(default)]
    pub name: String,
}
