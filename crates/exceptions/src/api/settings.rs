//! Tolerances and texts, for programs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use web::api::{Body, Created, IfMatch, Tagged};
use web::{Answer, Failure, Me};

use crate::Exceptions;
use crate::notice::Notices;
use crate::service::{ThresholdDraft, ThresholdListed};
use crate::threshold::Model;

/// Tolerances of all customers and of those that the caller may see.
#[utoipa::path(get, path = "/api/v1/late-thresholds", operation_id = "list_late_thresholds", tag = "exceptions",
    responses((status = 200, body = [ThresholdListed])))]
pub async fn thresholds(Me(actor): Me, State(exceptions): State<Exceptions>) -> Answer<Vec<ThresholdListed>> {
    web::json(exceptions.thresholds(&actor).await?)
}

/// How much later than planned is fine: for a customer, a lane, both or all. What is under way is judged anew by it.
#[utoipa::path(post, path = "/api/v1/late-thresholds", operation_id = "set_late_threshold", tag = "exceptions",
    request_body = ThresholdDraft,
    responses((status = 201, body = Model, headers(("etag" = String), ("location" = String)))))]
pub async fn set_threshold(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Body(draft): Body<ThresholdDraft>,
) -> Result<Response, Failure> {
    let row = exceptions.set_threshold(&actor, draft).await?;
    let location = format!("/api/v1/late-thresholds/{}", row.id);
    Ok(Created { location, version: row.version, body: row }.into_response())
}

/// Changes a tolerance.
#[utoipa::path(put, path = "/api/v1/late-thresholds/{id}", operation_id = "change_late_threshold", tag = "exceptions",
    params(("id" = String, Path), IfMatch), request_body = ThresholdDraft,
    responses((status = 200, body = Model, headers(("etag" = String)))))]
pub async fn change_threshold(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
    Body(draft): Body<ThresholdDraft>,
) -> Result<Tagged<Model>, Failure> {
    let row = exceptions.change_threshold(&actor, &id, version, draft).await?;
    Ok(Tagged { version: row.version, body: row })
}

/// Takes a tolerance away; the next one that fits holds again.
#[utoipa::path(delete, path = "/api/v1/late-thresholds/{id}", operation_id = "remove_late_threshold",
    tag = "exceptions", params(("id" = String, Path), IfMatch), responses((status = 204)))]
pub async fn remove_threshold(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch<i64>,
) -> Result<StatusCode, Failure> {
    exceptions.remove_threshold(&actor, &id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The texts that customers are told; the ETag is their version.
#[utoipa::path(get, path = "/api/v1/exception-notices", operation_id = "show_exception_notices", tag = "exceptions",
    responses((status = 200, body = Notices, headers(("etag" = String)))))]
pub async fn notices(Me(actor): Me, State(exceptions): State<Exceptions>) -> Result<Tagged<Notices>, Failure> {
    let notices = exceptions.notices(&actor).await?;
    Ok(Tagged { version: notices.version, body: notices })
}

/// Changes the texts; `version` in the body counts for nothing.
#[utoipa::path(put, path = "/api/v1/exception-notices", operation_id = "set_exception_notices", tag = "exceptions",
    params(IfMatch), request_body = Notices,
    responses((status = 200, body = Notices, headers(("etag" = String)))))]
pub async fn set_notices(
    Me(actor): Me,
    State(exceptions): State<Exceptions>,
    IfMatch(version): IfMatch<i64>,
    Body(notices): Body<Notices>,
) -> Result<Tagged<Notices>, Failure> {
    let notices = exceptions.set_notices(&actor, Notices { version, ..notices }).await?;
    Ok(Tagged { version: notices.version, body: notices })
}
