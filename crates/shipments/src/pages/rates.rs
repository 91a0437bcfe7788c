//! Dated exchange rates into the reporting currency.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, Currency, Day, Error, FieldProblem, Message};
use serde::Deserialize;
use web::{Form, Me, Page, Problems, Ui, page_with, redirect};

use crate::{Policy, Shipments, rate};

const HERE: &str = "/settings/rates";

#[derive(Template)]
#[template(path = "rates.html")]
struct RatesPage {
    ui: Ui,
    reporting: String,
    rows: Vec<rate::Model>,
    typed: RateForm,
    reporting_typed: String,
    form: Problems,
    problem: String,
}

impl RatesPage {
    fn remove_words(&self, row: &rate::Model) -> String {
        self.ui.t2("rate-remove_words", ("currency", &row.currency), ("on", &row.on_day.to_string()))
    }
}

/// As typed; what is missing comes back with its sentence.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateForm {
    currency: String,
    on: String,
    rate: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemoveForm {
    currency: String,
    on: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReportingForm {
    reporting: String,
}

pub async fn list(ui: Ui, Me(actor): Me, State(shipments): State<Shipments>) -> Page {
    let typed = RateForm { on: actor.today().to_string(), ..RateForm::default() };
    shown(ui, &actor, &shipments, typed, None, None).await
}

pub async fn set(ui: Ui, Me(actor): Me, State(shipments): State<Shipments>, Form(form): Form<RateForm>) -> Page {
    let set = match read(&form.currency, &form.on) {
        Ok((currency, on)) => shipments.set_rate(&actor, currency, on, &form.rate).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(redirect(HERE)),
        Err(error) => shown(ui, &actor, &shipments, form, None, Some(error)).await,
    }
}

pub async fn remove(Me(actor): Me, State(shipments): State<Shipments>, Form(form): Form<RemoveForm>) -> Page {
    let (currency, on) = read(&form.currency, &form.on)?;
    shipments.remove_rate(&actor, currency, on).await?;
    Ok(redirect(HERE))
}

/// Chooses the reporting currency.
pub async fn report_in(
    ui: Ui,
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Form(form): Form<ReportingForm>,
) -> Page {
    let changed = match form.reporting.parse::<Currency>() {
        Ok(reporting) => {
            let policy = Policy { reporting, ..shipments.policy().await? };
            shipments.set_policy(&actor, policy).await
        }
        Err(_) => Err(Error::Invalid(vec![unknown_currency("reporting")])),
    };
    match changed {
        Ok(()) => Ok(redirect(HERE)),
        Err(error) => {
            let typed = RateForm { on: actor.today().to_string(), ..RateForm::default() };
            shown(ui, &actor, &shipments, typed, Some(form.reporting), Some(error)).await
        }
    }
}

fn unknown_currency(field: &str) -> FieldProblem {
    FieldProblem::new(field, Message::new("rate-currency_unknown"))
}

fn read(currency: &str, on: &str) -> Result<(Currency, Day), Error> {
    let (currency, on) = (currency.parse::<Currency>(), on.parse::<Day>());
    match (currency, on) {
        (Ok(currency), Ok(on)) => Ok((currency, on)),
        (currency, on) => {
            let day = || FieldProblem::new("on", Message::new("rate-day_unreadable"));
            let problems = [currency.is_err().then(|| unknown_currency("currency")), on.is_err().then(day)];
            Err(Error::Invalid(problems.into_iter().flatten().collect()))
        }
    }
}

async fn shown(
    ui: Ui,
    actor: &Actor,
    shipments: &Shipments,
    typed: RateForm,
    reporting_typed: Option<String>,
    error: Option<Error>,
) -> Page {
    let reporting = shipments.policy().await?.reporting.to_string();
    let rows = shipments.rates(actor).await?;
    let (status, form, problem) = match error {
        None => (StatusCode::OK, Problems::default(), String::new()),
        Some(Error::Invalid(problems)) => {
            let form = Problems::of(&ui, &problems);
            (StatusCode::UNPROCESSABLE_ENTITY, form, ui.say(&Error::Invalid(problems).message()))
        }
        Some(error @ Error::Refused(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Problems::default(), ui.say(&error.message()))
        }
        Some(error) => return Err(error.into()),
    };
    let reporting_typed = reporting_typed.unwrap_or_else(|| reporting.clone());
    page_with(status, RatesPage { ui, reporting, rows, typed, reporting_typed, form, problem })
}
