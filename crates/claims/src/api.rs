//! The same for programs.

mod acts;
mod asked;
mod files;

use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use base::CustomerId;
use module::Access::Needs;
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, Created, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use crate::claim::{self, ClaimId};
use crate::forms::{
    AmountsDraft, BlameDraft, ClaimDraft, DecisionDraft, HandOverDraft, PaymentDraft, ReasonDraft, RecoveredDraft,
    RecoveryDraft,
};
use crate::service::{Apart, CustomerCost};
use crate::store::list::State as Which;
use crate::views::{ClaimView, FileView};
use crate::{Claims, HANDLE, PAY, RAISE, VIEW, entry};
use asked::ListQuery;

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        show,
        raise,
        cost,
        acts::amend,
        acts::decide,
        acts::pay,
        acts::blame,
        acts::ask_carrier,
        acts::recovered,
        acts::give_up,
        acts::hand_over,
        acts::withdraw,
        acts::close,
        files::list,
        files::show,
        files::add,
        files::remove
    ),
    components(schemas(
        ClaimView,
        FileView,
        claim::Model,
        claim::Status,
        claim::Decision,
        claim::Recovery,
        entry::Model,
        entry::EntryKind,
        Which,
        CustomerCost,
        Apart,
        ClaimDraft,
        AmountsDraft,
        DecisionDraft,
        PaymentDraft,
        RecoveryDraft,
        RecoveredDraft,
        BlameDraft,
        ReasonDraft,
        HandOverDraft,
        attachments::AttachmentView,
        attachments::Kind
    ))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub(crate) fn routes(claims: &Claims) -> Routes {
    let (view, raise_, handle) = (Needs(VIEW), Needs(RAISE), Needs(HANDLE));
    Routes::new()
        .get("/api/v1/claims", view, list, claims)
        .post("/api/v1/claims", raise_, raise, claims)
        .get("/api/v1/claims/{id}", view, show, claims)
        .get("/api/v1/customers/{id}/claim-cost", view, cost, claims)
        .post("/api/v1/claims/{id}/amounts", raise_, acts::amend, claims)
        .post("/api/v1/claims/{id}/decide", handle, acts::decide, claims)
        .post("/api/v1/claims/{id}/pay", Needs(PAY), acts::pay, claims)
        .post("/api/v1/claims/{id}/blame", handle, acts::blame, claims)
        .post("/api/v1/claims/{id}/ask-carrier", handle, acts::ask_carrier, claims)
        .post("/api/v1/claims/{id}/recovered", handle, acts::recovered, claims)
        .post("/api/v1/claims/{id}/give-up", handle, acts::give_up, claims)
        .post("/api/v1/claims/{id}/hand-over", handle, acts::hand_over, claims)
        .post("/api/v1/claims/{id}/withdraw", raise_, acts::withdraw, claims)
        .post("/api/v1/claims/{id}/close", handle, acts::close, claims)
        .get("/api/v1/claims/{id}/files", view, files::list, claims)
        .post("/api/v1/claims/{id}/files", raise_, files::add, claims)
        .get("/api/v1/claims/{id}/files/{file}", view, files::show, claims)
        .add(Method::DELETE, "/api/v1/claims/{id}/files/{file}", handle, files::remove, claims.clone())
}

/// Claims that the caller may see. Those that wait come by what is due first, the others the newest first.
#[utoipa::path(get, path = "/api/v1/claims", operation_id = "list_claims", tag = "claims", params(ListQuery),
    responses((status = 200, body = Rows<ClaimView>)))]
pub async fn list(
    Me(actor): Me,
    State(claims): State<Claims>,
    Query(query): Query<ListQuery>,
) -> Answer<Rows<ClaimView>> {
    let page = claims.list(&actor, &query.filter()?, query.rows.unwrap_or_default()).await?;
    web::json(page.map(ClaimView::from).into())
}

/// One claim with its history; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/claims/{id}", operation_id = "show_claim", tag = "claims",
    params(("id" = String, Path)), responses((status = 200, body = FileView, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(claims): State<Claims>,
    Path(id): Path<String>,
) -> Result<Tagged<FileView>, Failure> {
    acts::now(&claims, &actor, &ClaimId(id)).await
}

/// Writes down what a customer asks for, about an exception or one of his waybills.
#[utoipa::path(post, path = "/api/v1/claims", operation_id = "raise_claim", tag = "claims", request_body = ClaimDraft,
    responses((status = 201, body = FileView, headers(("etag" = String), ("location" = String)))))]
pub async fn raise(
    Me(actor): Me,
    State(claims): State<Claims>,
    Body(draft): Body<ClaimDraft>,
) -> Result<Response, Failure> {
    let claim = claims.raise(&actor, &draft).await?;
    let file = claims.file(&actor, &claim.id).await?;
    let location = format!("/api/v1/claims/{}", claim.id);
    Ok(Created { location, version: claim.version, body: FileView::from(file) }.into_response())
}

/// What claims cost with a customer: paid less recovered, in the reporting currency where rates are known.
#[utoipa::path(get, path = "/api/v1/customers/{id}/claim-cost", operation_id = "show_claim_cost", tag = "claims",
    params(("id" = String, Path)), responses((status = 200, body = CustomerCost)))]
pub async fn cost(Me(actor): Me, State(claims): State<Claims>, Path(id): Path<String>) -> Answer<CustomerCost> {
    web::json(claims.cost(&actor, &CustomerId(id)).await?)
}
