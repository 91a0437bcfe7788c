//! What programs ask with.

use base::{CustomerId, Error, Instant, PageSize, UserId};
use customers::interaction::InteractionKind;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::api::cursor;

use crate::exception::{ExceptionId, Kind, Liable};
use crate::service;
use crate::store::figures::By;
use crate::store::list::{Filter, State};

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `untold` when absent.
    pub state: Option<State>,
    /// Id of the user.
    #[param(value_type = Option<String>)]
    pub owner: Option<UserId>,
    pub kind: Option<Kind>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    #[param(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    /// Id of the shipment.
    pub shipment: Option<String>,
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
            state: self.state.unwrap_or_default(),
            owner: self.owner.clone(),
            kind: self.kind,
            origin: self.origin.clone(),
            destination: self.destination.clone(),
            customer: self.customer.clone(),
            shipment: self.shipment.clone(),
            after: cursor(self.after.as_deref())?,
        })
    }
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// `month` when absent.
    pub by: Option<By>,
    /// First month, `2026-06`.
    pub from: String,
    /// Last month, `2026-11`.
    pub to: String,
    #[param(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
}

/// The customer was told.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionTelling)]
#[serde(deny_unknown_fields)]
pub struct TellAct {
    pub how: InteractionKind,
    /// Absent: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
    /// Absent: the text that the firm has set, in the customer's language.
    #[serde(default)]
    pub text: Option<String>,
}

/// Which one, as it was read.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionSeen)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub id: String,
    pub version: i64,
}

impl From<Seen> for service::Seen {
    fn from(seen: Seen) -> Self {
        Self { id: ExceptionId(seen.id), version: seen.version }
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionsTelling)]
#[serde(deny_unknown_fields)]
pub struct TellTogether {
    /// Of one group; at most 200.
    pub exceptions: Vec<Seen>,
    pub how: InteractionKind,
    /// Absent: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
}

/// The customer asked before he was told.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionAsked)]
#[serde(deny_unknown_fields)]
pub struct AskedAct {
    /// Absent: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionSolution)]
#[serde(deny_unknown_fields)]
pub struct SolveAct {
    pub solution: String,
    /// Absent: as it was; it may stay open.
    #[serde(default)]
    pub liable: Option<Liable>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionsSolution)]
#[serde(deny_unknown_fields)]
pub struct SolveTogether {
    /// Of one group; at most 200.
    pub exceptions: Vec<Seen>,
    pub solution: String,
    #[serde(default)]
    pub liable: Option<Liable>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionBlame)]
#[serde(deny_unknown_fields)]
pub struct BlameAct {
    pub liable: Liable,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionVoiding)]
#[serde(deny_unknown_fields)]
pub struct VoidAct {
    pub why: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionHandover)]
#[serde(deny_unknown_fields)]
pub struct HandOverAct {
    /// Id of the user.
    #[schema(value_type = String)]
    pub owner: UserId,
}
