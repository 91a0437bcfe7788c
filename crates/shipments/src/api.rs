//! The same for programs.

mod asked;

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base::{Currency, CustomerId, Day, Error};
use module::Access::Needs;
use module::Routes;
use utoipa::OpenApi;
use web::api::{Between, Body, Created, IfMatch, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use crate::forms::{LineDraft, MilestoneDraft, ShipmentDraft};
use crate::on_time::{By, Clock, Grain, Report, Row};
use crate::report::{self, Behind, Only};
use crate::service::{Listed, Outcome, Recorded, ShipmentFile, Shipments};
use crate::shipment::ShipmentId;
use crate::words::Mode;
use crate::{line, milestone, rate, shipment};
use asked::{BehindQuery, ListQuery, RateDraft, ReportQuery, TrendQuery};

#[derive(OpenApi)]
#[openapi(
    paths(list, show, record, on_time, cells, lines, trend, rates, set_rate, remove_rate),
    components(schemas(
        Listed,
        ShipmentFile,
        shipment::Model,
        line::Model,
        milestone::Model,
        ShipmentDraft,
        LineDraft,
        MilestoneDraft,
        Recorded,
        Outcome,
        Report,
        Row,
        report::Cell,
        report::TrendPoint,
        Behind,
        rate::Model,
        RateDraft,
        Mode,
        By,
        Grain,
        Clock,
        Only
    ))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub(crate) fn routes(shipments: &Shipments) -> Routes {
    let rate = "/api/v1/exchange-rates/{currency}/{day}";
    Routes::new()
        .get("/api/v1/shipments", Needs(crate::VIEW), list, shipments)
        .post("/api/v1/shipments", Needs(crate::EDIT), record, shipments)
        .get("/api/v1/shipments/{id}", Needs(crate::VIEW), show, shipments)
        .get("/api/v1/reports/on-time", Needs(crate::VIEW), on_time, shipments)
        .get("/api/v1/reports/on-time/cells", Needs(crate::VIEW), cells, shipments)
        .get("/api/v1/reports/on-time/lines", Needs(crate::VIEW), lines, shipments)
        .get("/api/v1/customers/{id}/on-time", Needs(crate::VIEW), trend, shipments)
        .get("/api/v1/exchange-rates", Needs(crate::VIEW), rates, shipments)
        .add(Method::PUT, rate, Needs(crate::RATES), set_rate, shipments.clone())
        .add(Method::DELETE, rate, Needs(crate::RATES), remove_rate, shipments.clone())
}

/// Shipments that the caller may see, the last shipped first.
#[utoipa::path(get, path = "/api/v1/shipments", operation_id = "list_shipments", tag = "shipments", params(ListQuery),
    responses((status = 200, body = Rows<Listed>)))]
pub async fn list(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Query(query): Query<ListQuery>,
) -> Answer<Rows<Listed>> {
    web::json(shipments.list(&actor, &query.filter()?, query.rows.unwrap_or_default()).await?.into())
}

/// One shipment with its lines and milestones; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/shipments/{id}", operation_id = "show_shipment", tag = "shipments", params(("id" = String, Path)),
    responses((status = 200, body = ShipmentFile, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Path(id): Path<String>,
) -> Result<Tagged<ShipmentFile>, Failure> {
    let file = shipments.file(&actor, &ShipmentId(id)).await?;
    Ok(Tagged { version: file.shipment.version.into(), body: file })
}

/// Writes a shipment as its source tells it. The same source and waybill again changes that shipment; the same contents
/// again change nothing. With `If-Match`, only when nobody has changed it since.
#[utoipa::path(post, path = "/api/v1/shipments", operation_id = "record_shipment", tag = "shipments", request_body = ShipmentDraft,
    params(("if-match" = Option<String>, Header, description = "The ETag, for example \"3\"")),
    responses(
        (status = 200, body = Recorded, headers(("etag" = String))),
        (status = 201, body = Recorded, headers(("etag" = String), ("location" = String)))
    ))]
pub async fn record(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    read: Option<IfMatch<i32>>,
    Body(draft): Body<ShipmentDraft>,
) -> Result<Response, Failure> {
    let recorded = shipments.record(&actor, draft, read.map(|IfMatch(version)| version)).await?;
    let version = recorded.version.into();
    Ok(match recorded.outcome {
        Outcome::New => {
            let location = format!("/api/v1/shipments/{}", recorded.id);
            Created { location, version, body: recorded }.into_response()
        }
        Outcome::Changed | Outcome::Unchanged => Tagged { version, body: recorded }.into_response(),
    })
}

/// Who is served on time: rates as fractions with 95 % Wilson intervals; what cannot be judged is counted apart.
#[utoipa::path(get, path = "/api/v1/reports/on-time", operation_id = "report_on_time", tag = "reports", params(ReportQuery),
    responses((status = 200, body = Report)))]
pub async fn on_time(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Query(query): Query<ReportQuery>,
) -> Answer<Report> {
    let (grain, clock) = (query.grain.unwrap_or_default(), query.clock.unwrap_or_default());
    let filter = query.filter()?;
    web::json(report::report_on_time(shipments.db(), &actor, query.by, grain, clock, &filter).await?)
}

/// The same by customer, lane, mode and month at once; at most 500, those with the most late ones first.
#[utoipa::path(get, path = "/api/v1/reports/on-time/cells", operation_id = "report_on_time_cells", tag = "reports", params(ReportQuery),
    responses((status = 200, body = [report::Cell])))]
pub async fn cells(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Query(query): Query<ReportQuery>,
) -> Answer<Vec<report::Cell>> {
    let (grain, clock) = (query.grain.unwrap_or_default(), query.clock.unwrap_or_default());
    web::json(report::cells(shipments.db(), &actor, grain, clock, &query.filter()?).await?)
}

/// The lines behind a figure.
#[utoipa::path(get, path = "/api/v1/reports/on-time/lines", operation_id = "report_on_time_lines", tag = "reports", params(BehindQuery),
    responses((status = 200, body = Rows<Behind>)))]
pub async fn lines(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Query(query): Query<BehindQuery>,
) -> Answer<Rows<Behind>> {
    let (after, clock) = (query.after()?, query.clock.unwrap_or_default());
    let place = (after.as_ref(), query.rows.unwrap_or_default());
    let only = query.only.unwrap_or_default();
    web::json(report::lines_behind(shipments.db(), &actor, &query.filter()?, only, clock, place).await?.into())
}

/// A customer's last months beside all customers together.
#[utoipa::path(get, path = "/api/v1/customers/{id}/on-time", operation_id = "show_on_time_trend", tag = "reports",
    params(("id" = String, Path), TrendQuery), responses((status = 200, body = [report::TrendPoint])))]
pub async fn trend(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Path(id): Path<String>,
    Query(query): Query<TrendQuery>,
) -> Answer<Vec<report::TrendPoint>> {
    let (grain, clock) = (query.grain.unwrap_or_default(), query.clock.unwrap_or_default());
    let months = query.months.map_or(12, |Between(months)| months as usize);
    web::json(report::trend(shipments.db(), &actor, &CustomerId(id), grain, clock, months).await?)
}

/// Rates into the reporting currency, by currency, the newest first.
#[utoipa::path(get, path = "/api/v1/exchange-rates", operation_id = "list_exchange_rates", tag = "exchange rates",
    responses((status = 200, body = [rate::Model])))]
pub async fn rates(Me(actor): Me, State(shipments): State<Shipments>) -> Answer<Vec<rate::Model>> {
    web::json(shipments.rates(&actor).await?)
}

/// From this day on, one unit of the currency is worth so many units of the reporting currency.
#[utoipa::path(put, path = "/api/v1/exchange-rates/{currency}/{day}", operation_id = "set_exchange_rate", tag = "exchange rates", request_body = RateDraft,
    params(("currency" = String, Path), ("day" = String, Path)), responses((status = 200, body = rate::Model)))]
pub async fn set_rate(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Path((currency, day)): Path<(String, String)>,
    Body(draft): Body<RateDraft>,
) -> Answer<rate::Model> {
    let (currency, day) = dated(&currency, &day)?;
    web::json(shipments.set_rate(&actor, currency, day, &draft.rate).await?)
}

/// Takes a rate away; the one before it holds again.
#[utoipa::path(delete, path = "/api/v1/exchange-rates/{currency}/{day}", operation_id = "remove_exchange_rate", tag = "exchange rates",
    params(("currency" = String, Path), ("day" = String, Path)), responses((status = 204)))]
pub async fn remove_rate(
    Me(actor): Me,
    State(shipments): State<Shipments>,
    Path((currency, day)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let (currency, day) = dated(&currency, &day)?;
    shipments.remove_rate(&actor, currency, day).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// # Errors
/// `NotFound` when the address names no currency or no day.
fn dated(currency: &str, day: &str) -> Result<(Currency, Day), Error> {
    Ok((currency.parse().map_err(|_| Error::NotFound)?, day.parse().map_err(|_| Error::NotFound)?))
}
