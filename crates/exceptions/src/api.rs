//! The same for programs.

mod acts;
mod asked;
mod settings;

use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use module::Access::Needs;
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, Created, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use crate::exception::{self, ExceptionId, FoundBy, Kind, Liable, Status, VoidCause};
use crate::notice::Notices;
use crate::service::{ExceptionDraft, ThresholdDraft, ThresholdListed};
use crate::store::{figures, list as lists};
use crate::views::ExceptionView;
use crate::{Exceptions, HANDLE, RULES, VIEW, threshold};
use asked::{FiguresQuery, ListQuery};

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        show,
        log,
        told_first,
        acts::tell,
        acts::tell_together,
        acts::asked,
        acts::start,
        acts::solve,
        acts::solve_together,
        acts::blame,
        acts::void,
        acts::hand_over,
        settings::thresholds,
        settings::set_threshold,
        settings::change_threshold,
        settings::remove_threshold,
        settings::notices,
        settings::set_notices
    ),
    components(schemas(
        ExceptionView,
        exception::Model,
        Kind,
        FoundBy,
        Status,
        Liable,
        VoidCause,
        lists::State,
        figures::By,
        figures::Row,
        ExceptionDraft,
        ThresholdDraft,
        ThresholdListed,
        threshold::Model,
        Notices,
        asked::TellAct,
        asked::TellTogether,
        asked::Seen,
        asked::AskedAct,
        asked::SolveAct,
        asked::SolveTogether,
        asked::BlameAct,
        asked::VoidAct,
        asked::HandOverAct
    ))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub(crate) fn routes(exceptions: &Exceptions) -> Routes {
    let (view, handle, rules) = (Needs(VIEW), Needs(HANDLE), Needs(RULES));
    let threshold = "/api/v1/late-thresholds/{id}";
    Routes::new()
        .get("/api/v1/exceptions", view, list, exceptions)
        .post("/api/v1/exceptions", handle, log, exceptions)
        .post("/api/v1/exceptions/tell-together", handle, acts::tell_together, exceptions)
        .post("/api/v1/exceptions/solve-together", handle, acts::solve_together, exceptions)
        .get("/api/v1/exceptions/{id}", view, show, exceptions)
        .post("/api/v1/exceptions/{id}/tell", handle, acts::tell, exceptions)
        .post("/api/v1/exceptions/{id}/asked", handle, acts::asked, exceptions)
        .post("/api/v1/exceptions/{id}/start", handle, acts::start, exceptions)
        .post("/api/v1/exceptions/{id}/solve", handle, acts::solve, exceptions)
        .post("/api/v1/exceptions/{id}/blame", handle, acts::blame, exceptions)
        .post("/api/v1/exceptions/{id}/void", handle, acts::void, exceptions)
        .post("/api/v1/exceptions/{id}/hand-over", handle, acts::hand_over, exceptions)
        .get("/api/v1/reports/told-first", view, told_first, exceptions)
        .get("/api/v1/late-thresholds", view, settings::thresholds, exceptions)
        .post("/api/v1/late-thresholds", rules, settings::set_threshold, exceptions)
        .add(Method::PUT, threshold, rules, settings::change_threshold, exceptions.clone())
        .add(Method::DELETE, threshold, rules, settings::remove_threshold, exceptions.clone())
        .get("/api/v1/exception-notices", view, settings::notices, exceptions)
        .add(Method::PUT, "/api/v1/exception-notices", rules, settings::set_notices, exceptions.clone())
}

/// Exceptions that the caller may see. Those that wait come by when the customer must be told, a group (the same kind on
/// the same transport) as one row; the others the newest first, each by itself.
#[utoipa::path(get, path = "/api/v1/exceptions", operation_id = "list_exceptions", tag = "exceptions", params(ListQuery),
    responses((status = 200, body = Rows<ExceptionView>)))]
pub async fn list(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Query(query): Query<ListQuery>,
) -> Answer<Rows<ExceptionView>> {
    let page = exceptions.list(&actor, &query.filter()?, query.rows.unwrap_or_default()).await?;
    web::json(page.map(ExceptionView::from).into())
}

/// One exception; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/exceptions/{id}", operation_id = "show_exception", tag = "exceptions",
    params(("id" = String, Path)), responses((status = 200, body = ExceptionView, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
) -> Result<Tagged<ExceptionView>, Failure> {
    let file = exceptions.file(&actor, &ExceptionId(id)).await?;
    Ok(Tagged { version: file.exception.version, body: file.into() })
}

/// Writes down what went wrong with a shipment.
#[utoipa::path(post, path = "/api/v1/exceptions", operation_id = "log_exception", tag = "exceptions",
    request_body = ExceptionDraft,
    responses((status = 201, body = ExceptionView, headers(("etag" = String), ("location" = String)))))]
pub async fn log(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Body(draft): Body<ExceptionDraft>,
) -> Result<Response, Failure> {
    let one = exceptions.log(&actor, draft).await?;
    let file = exceptions.file(&actor, &one.exception_id()).await?;
    let location = format!("/api/v1/exceptions/{}", one.id);
    Ok(Created { location, version: one.version, body: ExceptionView::from(file) }.into_response())
}

/// How often customers were told in time and before they asked, of what was told or should have been by now.
#[utoipa::path(get, path = "/api/v1/reports/told-first", operation_id = "report_told_first", tag = "reports",
    params(FiguresQuery), responses((status = 200, body = [figures::Row])))]
pub async fn told_first(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Query(query): Query<FiguresQuery>,
) -> Answer<Vec<figures::Row>> {
    let customer = query.customer.as_ref();
    let by = query.by.unwrap_or_default();
    web::json(exceptions.told_first(&actor, by, (&query.from, &query.to), customer).await?)
}
