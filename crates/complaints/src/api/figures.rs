//! Figures, quality events and customers who say nothing, for programs.

use axum::extract::{Path, State};
use axum::http::Method;
use module::Access::Needs;
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, IfMatch, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use super::figures_asked::{FiguresQuery, QualityQuery};
use crate::figures::{Figures, Window};
use crate::forms::{QualityDone, QualityPlan};
use crate::quality_event::{GroupedBy, Model, QualityEventId, QualityStatus};
use crate::service::{QualityFile, QualityListed};
use crate::silent::Silent;
use crate::{Complaints, HANDLE, VIEW};

#[derive(OpenApi)]
#[openapi(
    paths(figures, silent, quality_events, quality_event, plan_quality, close_quality),
    components(schemas(
        Figures,
        Window,
        Silent,
        QualityListed,
        QualityFile,
        Model,
        GroupedBy,
        QualityStatus,
        QualityPlan,
        QualityDone
    ))
)]
pub struct Docs;

pub fn routes(routes: Routes, complaints: &Complaints) -> Routes {
    routes
        .get("/api/v1/complaints/figures", Needs(VIEW), figures, complaints)
        .get("/api/v1/complaints/silent", Needs(VIEW), silent, complaints)
        .get("/api/v1/quality-events", Needs(VIEW), quality_events, complaints)
        .get("/api/v1/quality-events/{id}", Needs(VIEW), quality_event, complaints)
        .add(Method::PUT, "/api/v1/quality-events/{id}/plan", Needs(HANDLE), plan_quality, complaints.clone())
        .post("/api/v1/quality-events/{id}/close", Needs(HANDLE), close_quality, complaints)
}

/// How complaints come in, why, where and how fast we are, of those that the caller may see. Times are working seconds.
#[utoipa::path(get, path = "/api/v1/complaints/figures", operation_id = "complaint_figures", tag = "complaints",
    params(FiguresQuery), responses((status = 200, body = Figures)))]
pub async fn figures(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Query(query): Query<FiguresQuery>,
) -> Answer<Figures> {
    web::json(complaints.figures(&actor, &query.filter()?).await?)
}

/// Customers who were served badly, ship less and say nothing; who ships the least of what he did comes first.
#[utoipa::path(get, path = "/api/v1/complaints/silent", operation_id = "silent_customers", tag = "complaints",
    responses((status = 200, body = Vec<Silent>)))]
pub async fn silent(Me(actor): Me, State(complaints): State<Complaints>) -> Answer<Vec<Silent>> {
    web::json(complaints.silent(&actor, None).await?.rows)
}

/// What keeps going wrong; the newest first.
#[utoipa::path(get, path = "/api/v1/quality-events", operation_id = "list_quality_events", tag = "complaints",
    params(QualityQuery), responses((status = 200, body = Rows<QualityListed>)))]
pub async fn quality_events(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Query(query): Query<QualityQuery>,
) -> Answer<Rows<QualityListed>> {
    let after = web::api::cursor(query.after.as_deref())?;
    let size = query.rows.unwrap_or_default();
    web::json(complaints.quality_events(&actor, query.status, after.as_ref(), size).await?.into())
}

/// One quality event with its complaints; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/quality-events/{id}", operation_id = "show_quality_event", tag = "complaints",
    params(("id" = String, Path)), responses((status = 200, body = QualityFile, headers(("etag" = String)))))]
pub async fn quality_event(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
) -> Result<Tagged<QualityFile>, Failure> {
    let file = complaints.quality_file(&actor, &QualityEventId(id)).await?;
    Ok(Tagged { version: file.listed.event.version, body: file })
}

/// What is to be done until when, and by whom.
#[utoipa::path(put, path = "/api/v1/quality-events/{id}/plan", operation_id = "plan_quality_event", tag = "complaints",
    params(("id" = String, Path), IfMatch), request_body = QualityPlan, responses((status = 200, body = Model)))]
pub async fn plan_quality(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(plan): Body<QualityPlan>,
) -> Result<Tagged<Model>, Failure> {
    let event = complaints.plan_quality(&actor, &QualityEventId(id), version, &plan).await?;
    Ok(Tagged { version: event.version, body: event })
}

/// Closes it with what was done.
#[utoipa::path(post, path = "/api/v1/quality-events/{id}/close", operation_id = "close_quality_event", tag = "complaints",
    params(("id" = String, Path), IfMatch), request_body = QualityDone, responses((status = 200, body = Model)))]
pub async fn close_quality(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(done): Body<QualityDone>,
) -> Result<Tagged<Model>, Failure> {
    let event = complaints.close_quality(&actor, &QualityEventId(id), version, &done).await?;
    Ok(Tagged { version: event.version, body: event })
}
