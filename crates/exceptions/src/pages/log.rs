//! The form in which somebody writes down what went wrong with a shipment.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base::{Actor, Error};
use serde::Deserialize;
use shipments::{ShipmentId, Shipments};
use web::{Form, Me, Page, Problems, Query, Ui, page_with, redirect};

use super::{belongs_to_form, refused};
use crate::Exceptions;
use crate::exception::{FoundBy, Kind};
use crate::forms::LogForm;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewQuery {
    #[serde(default)]
    shipment: String,
}

#[derive(Template)]
#[template(path = "exception_new.html")]
struct NewPage {
    ui: Ui,
    about: String,
    back: String,
    kinds: Vec<(String, String)>,
    found_bys: Vec<(String, String)>,
    lines: Vec<(String, String)>,
    typed: LogForm,
    form: Problems,
    problem: String,
}

pub async fn new(ui: Ui, Me(actor): Me, State(exceptions): State<Exceptions>, Query(query): Query<NewQuery>) -> Page {
    let typed = LogForm { shipment: query.shipment, ..LogForm::default() };
    render(ui, &actor, &exceptions, typed, None).await
}

pub async fn save(ui: Ui, Me(actor): Me, State(exceptions): State<Exceptions>, Form(typed): Form<LogForm>) -> Page {
    let logged = match typed.draft() {
        Ok(draft) => exceptions.log(&actor, draft).await,
        Err(error) => Err(error),
    };
    match logged {
        Ok(one) => Ok(redirect(&format!("/exceptions/{}", one.id))),
        Err(error) if belongs_to_form(&error) => render(ui, &actor, &exceptions, typed, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn render(ui: Ui, actor: &Actor, exceptions: &Exceptions, typed: LogForm, error: Option<Error>) -> Page {
    let shipments = Shipments::new(exceptions.db().clone());
    let file = shipments.file(actor, &ShipmentId(typed.shipment.clone())).await?;
    let (status, form, problem) = match &error {
        Some(error) => refused(&ui, error),
        None => (StatusCode::OK, Problems::default(), String::new()),
    };
    let kinds = Kind::ALL.iter().map(|kind| (kind.word().to_owned(), ui.t(kind.key())));
    let lines = file.lines.iter().map(|line| (line.line.clone(), line.line.clone()));
    let page = NewPage {
        about: ui.t2("exception-new_about", ("waybill", &file.shipment.waybill), ("customer", &file.customer_name)),
        back: format!("/shipments/{}", file.shipment.id),
        kinds: std::iter::once((String::new(), ui.t("exception-choose_one"))).chain(kinds).collect(),
        found_bys: FoundBy::BY_HAND.iter().map(|by| (by.word().to_owned(), ui.t(by.key()))).collect(),
        lines: std::iter::once((String::new(), ui.t("exception-whole_shipment"))).chain(lines).collect(),
        typed,
        form,
        problem,
        ui,
    };
    page_with(status, page)
}
