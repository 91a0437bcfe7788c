//! The same for programs.

use axum::extract::{Path, State};
use base::PageSize;
use module::{Access, Routes};
use serde::Deserialize;
use utoipa::OpenApi;
use web::api::{Body, IfMatch, Rows, Tagged, cursor};
use web::{Answer, Failure, Me, Query, json};

use crate::follow_up::{FollowUpId, Kind, Occasion, Question, Reopening, Status, VoidReason};
use crate::forms::{DoneDraft, NotReachedDraft, SkipDraft};
use crate::service::FollowUps;
use crate::store::Which;
use crate::views::FollowUpView;
use crate::{DO, VIEW};

#[derive(OpenApi)]
#[openapi(
    paths(list, show, done, not_reached, skip),
    components(schemas(
        FollowUpView,
        DoneDraft,
        NotReachedDraft,
        SkipDraft,
        Kind,
        Occasion,
        Question,
        Reopening,
        Status,
        VoidReason,
        Which,
        Rows<FollowUpView>
    ))
)]
struct Docs;

pub fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub fn routes(follow_ups: &FollowUps) -> Routes {
    let (view, act) = (Access::Needs(VIEW), Access::Needs(DO));
    Routes::new()
        .get("/api/v1/follow-ups", view, list, follow_ups)
        .get("/api/v1/follow-ups/{id}", view, show, follow_ups)
        .post("/api/v1/follow-ups/{id}/done", act, done, follow_ups)
        .post("/api/v1/follow-ups/{id}/not-reached", act, not_reached, follow_ups)
        .post("/api/v1/follow-ups/{id}/skip", act, skip, follow_ups)
}

/// Filters and place of a list of follow-ups.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `due` when absent. What is planned comes by its day, everything else newest first.
    #[serde(default)]
    #[param(inline)]
    which: Which,
    kind: Option<Kind>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    rows: Option<PageSize>,
}

/// Follow-ups of customers whom the actor's permission reaches.
#[utoipa::path(get, path = "/api/v1/follow-ups", operation_id = "list_follow_ups", tag = "follow_ups",
    params(Asked), responses((status = 200, body = Rows<FollowUpView>)))]
pub async fn list(
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Query(asked): Query<Asked>,
) -> Answer<Rows<FollowUpView>> {
    let after = cursor(asked.after.as_deref())?;
    let size = asked.rows.unwrap_or_default();
    let page = follow_ups.list(&actor, asked.which, asked.kind, after.as_ref(), size).await?;
    json(Rows { rows: page.rows.into_iter().map(FollowUpView::from).collect(), next: page.next })
}

/// One follow-up; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/follow-ups/{id}", operation_id = "show_follow_up", tag = "follow_ups",
    params(("id" = String, Path)), responses((status = 200, body = FollowUpView, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
) -> Result<Tagged<FollowUpView>, Failure> {
    tagged(&actor, &follow_ups, FollowUpId(id)).await
}

/// The customer was asked. When he is not content, his complaint is opened again.
#[utoipa::path(post, path = "/api/v1/follow-ups/{id}/done", operation_id = "do_follow_up", tag = "follow_ups",
    params(("id" = String, Path), IfMatch), request_body = DoneDraft,
    responses((status = 200, body = FollowUpView, headers(("etag" = String)))))]
pub async fn done(
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<DoneDraft>,
) -> Result<Tagged<FollowUpView>, Failure> {
    let id = FollowUpId(id);
    follow_ups.done(&actor, &id, seen, draft).await?;
    tagged(&actor, &follow_ups, id).await
}

/// Nobody was reached; it is planned for the next workday.
#[utoipa::path(post, path = "/api/v1/follow-ups/{id}/not-reached", operation_id = "try_follow_up", tag = "follow_ups",
    params(("id" = String, Path), IfMatch), request_body = NotReachedDraft,
    responses((status = 200, body = FollowUpView, headers(("etag" = String)))))]
pub async fn not_reached(
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<NotReachedDraft>,
) -> Result<Tagged<FollowUpView>, Failure> {
    let id = FollowUpId(id);
    follow_ups.not_reached(&actor, &id, seen, draft).await?;
    tagged(&actor, &follow_ups, id).await
}

/// Nobody asks, and why.
#[utoipa::path(post, path = "/api/v1/follow-ups/{id}/skip", operation_id = "skip_follow_up", tag = "follow_ups",
    params(("id" = String, Path), IfMatch), request_body = SkipDraft,
    responses((status = 200, body = FollowUpView, headers(("etag" = String)))))]
pub async fn skip(
    Me(actor): Me,
    State(follow_ups): State<FollowUps>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<SkipDraft>,
) -> Result<Tagged<FollowUpView>, Failure> {
    let id = FollowUpId(id);
    follow_ups.skip(&actor, &id, seen, draft).await?;
    tagged(&actor, &follow_ups, id).await
}

async fn tagged(actor: &base::Actor, follow_ups: &FollowUps, id: FollowUpId) -> Result<Tagged<FollowUpView>, Failure> {
    let body = FollowUpView::from(follow_ups.get(actor, &id).await?);
    Ok(Tagged { version: body.version, body })
}
