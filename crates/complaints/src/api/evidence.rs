//! Evidence files for programs.

use attachments::{AttachmentId, AttachmentView, turned_away};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use web::api::Rows;
use web::{Answer, Failure, Me, Query};

use super::asked::FileQuery;
use crate::Complaints;
use crate::complaint::ComplaintId;

/// The evidence files of a complaint, in the order in which they came.
#[utoipa::path(get, path = "/api/v1/complaints/{id}/files", operation_id = "list_complaint_files", tag = "complaints",
    params(("id" = String, Path)), responses((status = 200, body = Rows<AttachmentView>)))]
pub async fn list(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
) -> Answer<Rows<AttachmentView>> {
    let files = complaints.files(&actor, &ComplaintId(id)).await?;
    web::json(Rows::whole(files.into_iter().map(AttachmentView::from).collect()))
}

/// One file, to be saved.
#[utoipa::path(get, path = "/api/v1/complaints/{id}/files/{file}", operation_id = "show_complaint_file", tag = "complaints",
    params(("id" = String, Path), ("file" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn show(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Failure> {
    Ok(complaints.open_file(&actor, &ComplaintId(id), &AttachmentId(file)).await?)
}

/// Adds a file: a form with a part `file`, or the file as the whole body.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/files", operation_id = "add_complaint_file", tag = "complaints",
    params(("id" = String, Path), FileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentView, headers(("location" = String))),
        (status = 413, description = "Too large"), (status = 422, description = "May not be evidence")))]
pub async fn add(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
    Query(query): Query<FileQuery>,
    request: Request,
) -> Response {
    let id = ComplaintId(id);
    match complaints.add_file(&actor, &id, request, &query.name).await {
        Ok(file) => {
            let location = format!("/api/v1/complaints/{id}/files/{}", file.id);
            (StatusCode::CREATED, [(header::LOCATION, location)], Json(AttachmentView::from(file))).into_response()
        }
        Err(error) => turned_away(error),
    }
}

/// Takes a file away.
#[utoipa::path(delete, path = "/api/v1/complaints/{id}/files/{file}", operation_id = "remove_complaint_file",
    tag = "complaints", params(("id" = String, Path), ("file" = String, Path)), responses((status = 204)))]
pub async fn remove(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path((id, file)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    complaints.remove_file(&actor, &ComplaintId(id), &AttachmentId(file)).await?;
    Ok(StatusCode::NO_CONTENT)
}
