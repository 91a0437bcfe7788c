//! The same for programs.

use axum::extract::{Path, State};
use module::Access::{Needs, SignedIn};
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, Rows, cursor};
use web::{Answer, Me, Query, Ui};

use crate::DECIDE;
use crate::approval::{self, ApprovalId, Status};
use crate::forms::{Decision, Half, ListQuery};
use crate::service::Approvals;
use crate::views::{self, ApprovalView};

#[derive(OpenApi)]
#[openapi(
    paths(list, show, decide, withdraw),
    components(schemas(ApprovalView, Decision, Half, Status, approval::Answer))
)]
struct Docs;

pub fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub fn routes(routes: Routes, approvals: &Approvals) -> Routes {
    routes
        .get("/api/v1/approvals", SignedIn, list, approvals)
        .get("/api/v1/approvals/{id}", SignedIn, show, approvals)
        .post("/api/v1/approvals/{id}/decide", Needs(DECIDE), decide, approvals)
        .post("/api/v1/approvals/{id}/withdraw", SignedIn, withdraw, approvals)
}

/// What waits for an answer, or what was decided: of what the caller has asked and what he may answer.
#[utoipa::path(get, path = "/api/v1/approvals", operation_id = "list_approvals", tag = "approvals", params(ListQuery),
    responses((status = 200, body = Rows<ApprovalView>)))]
pub async fn list(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Query(query): Query<ListQuery>,
) -> Answer<Rows<ApprovalView>> {
    let after = cursor(query.after.as_deref())?;
    let (rows, next) = match query.half {
        Half::Waiting => (approvals.waiting(&actor).await?, None),
        Half::Decided => {
            let page = approvals.decided(&actor, after.as_ref(), query.rows.unwrap_or_default()).await?;
            (page.rows, page.next)
        }
    };
    web::json(Rows { rows: views::views(&ui, &approvals, &actor, rows).await?, next })
}

/// One question.
#[utoipa::path(get, path = "/api/v1/approvals/{id}", operation_id = "show_approval", tag = "approvals",
    params(("id" = String, Path)), responses((status = 200, body = ApprovalView)))]
pub async fn show(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Path(id): Path<String>,
) -> Answer<ApprovalView> {
    let row = approvals.get(&actor, &ApprovalId(id)).await?;
    web::json(views::view(&ui, &approvals, &actor, row).await?)
}

/// Approves or refuses. Never one's own question, nor above one's own authority.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/decide", operation_id = "decide_approval", tag = "approvals",
    params(("id" = String, Path)), request_body = Decision, responses((status = 200, body = ApprovalView)))]
pub async fn decide(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Path(id): Path<String>,
    Body(said): Body<Decision>,
) -> Answer<ApprovalView> {
    let row = approvals.decide(&actor, &ApprovalId(id), said.answer, &said.note).await?;
    web::json(views::view(&ui, &approvals, &actor, row).await?)
}

/// Takes one's own question back.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/withdraw", operation_id = "withdraw_approval", tag = "approvals",
    params(("id" = String, Path)), responses((status = 200, body = ApprovalView)))]
pub async fn withdraw(
    ui: Ui,
    Me(actor): Me,
    State(approvals): State<Approvals>,
    Path(id): Path<String>,
) -> Answer<ApprovalView> {
    let row = approvals.withdraw(&actor, &ApprovalId(id)).await?;
    web::json(views::view(&ui, &approvals, &actor, row).await?)
}
