//! What programs ask.

use base::{Cursor, CustomerId, Error, Message, PageSize};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::api::{Between, cursor};

use crate::filter::{Filter, ListFilter};
use crate::on_time::{By, Clock, Grain};
use crate::report::Only;
use crate::rules;
use crate::words::Mode;

/// Filters and place of a list of shipments.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Id of a customer.
    customer: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    mode: Option<Mode>,
    /// Of the promised day, `2026-11`.
    month: Option<String>,
    /// Only what came after the promised day or should have come by now.
    late: Option<bool>,
    /// A waybill number or another number of the shipment.
    waybill: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

impl ListQuery {
    /// # Errors
    /// `Invalid` when a month or `after` is none.
    pub fn filter(&self) -> Result<ListFilter, Error> {
        let which = Filter {
            customer: self.customer.clone().map(CustomerId),
            origin: self.origin.clone(),
            destination: self.destination.clone(),
            mode: self.mode.map(|mode| mode.word().to_owned()),
            month: month("month", self.month.as_deref())?,
            ..Filter::default()
        };
        let waybill = self.waybill.clone().unwrap_or_default();
        Ok(ListFilter { which, late: self.late == Some(true), waybill, after: cursor(self.after.as_deref())? })
    }
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// What a row stands for; the table of cells ignores it. Absent: only the figure for all.
    pub by: Option<By>,
    pub grain: Option<Grain>,
    pub clock: Option<Clock>,
    /// Id of a customer.
    customer: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    mode: Option<Mode>,
    month: Option<String>,
    from_month: Option<String>,
    to_month: Option<String>,
}

impl ReportQuery {
    /// # Errors
    /// `Invalid` when a month is none.
    pub fn filter(&self) -> Result<Filter, Error> {
        Ok(Filter {
            customer: self.customer.clone().map(CustomerId),
            origin: self.origin.clone(),
            destination: self.destination.clone(),
            mode: self.mode.map(|mode| mode.word().to_owned()),
            month: month("month", self.month.as_deref())?,
            from_month: month("from_month", self.from_month.as_deref())?,
            to_month: month("to_month", self.to_month.as_deref())?,
        })
    }
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BehindQuery {
    pub only: Option<Only>,
    pub clock: Option<Clock>,
    /// Id of a customer.
    customer: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    mode: Option<Mode>,
    month: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    pub rows: Option<PageSize>,
}

impl BehindQuery {
    /// # Errors
    /// `Invalid` when the month is none.
    pub fn filter(&self) -> Result<Filter, Error> {
        Ok(Filter {
            customer: self.customer.clone().map(CustomerId),
            origin: self.origin.clone(),
            destination: self.destination.clone(),
            mode: self.mode.map(|mode| mode.word().to_owned()),
            month: month("month", self.month.as_deref())?,
            ..Filter::default()
        })
    }

    /// # Errors
    /// `Invalid` when it is none of ours.
    pub fn after(&self) -> Result<Option<Cursor>, Error> {
        cursor(self.after.as_deref())
    }
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    pub grain: Option<Grain>,
    pub clock: Option<Clock>,
    /// 1 to 120; 12 when absent.
    #[param(value_type = Option<u8>)]
    pub months: Option<Between<1, 120>>,
}

/// Plain decimal text above 0, at most 12 decimals.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ExchangeRateDraft)]
#[serde(deny_unknown_fields)]
pub struct RateDraft {
    pub rate: String,
}

fn month(field: &str, text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = text else { return Ok(None) };
    match rules::is_month(text) {
        true => Ok(Some(text.into())),
        false => Err(Error::invalid(field, Message::new("shipment-month_unreadable"))),
    }
}
