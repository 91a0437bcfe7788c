//! The same for programs.

use axum::extract::{Path, State};
use base::{DepartmentId, PageSize};
use module::{Access, Routes};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::api::{Body, Created, IfMatch, Rows, Tagged, cursor};
use web::{Answer, Failure, Me, Query, json};

use crate::forms::{NoteDraft, TellDraft};
use crate::note::{NoteId, Origin, Status};
use crate::service::Feedback;
use crate::store::Which;
use crate::views::NoteView;
use crate::{ANSWER, LOG, VIEW};

#[derive(OpenApi)]
#[openapi(
    paths(list, show, note, answer, tell, set_aside, pass_on, link),
    components(schemas(
        NoteView,
        NoteDraft,
        TellDraft,
        AnswerDraft,
        SetAsideDraft,
        PassOnDraft,
        LinkDraft,
        Noted,
        Origin,
        Status,
        Which,
        Rows<NoteView>
    ))
)]
struct Docs;

pub fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

pub fn routes(feedback: &Feedback) -> Routes {
    let (log, view, act) = (Access::Needs(LOG), Access::Needs(VIEW), Access::Needs(ANSWER));
    Routes::new()
        .get("/api/v1/feedback", view, list, feedback)
        .post("/api/v1/feedback", log, note, feedback)
        .get("/api/v1/feedback/{id}", view, show, feedback)
        .post("/api/v1/feedback/{id}/answer", act, answer, feedback)
        .post("/api/v1/feedback/{id}/tell", act, tell, feedback)
        .post("/api/v1/feedback/{id}/set-aside", act, set_aside, feedback)
        .post("/api/v1/feedback/{id}/pass-on", act, pass_on, feedback)
        .post("/api/v1/feedback/{id}/customer", act, link, feedback)
}

/// Filters and place of a list of what customers said.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `waiting` when absent, by the moment it is due; everything else newest first.
    #[serde(default)]
    #[param(inline)]
    which: Which,
    /// Only what this department answers.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(value_type = Option<u64>)]
    rows: Option<PageSize>,
}

/// Whoever notes something may not see more of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedbackNoted)]
pub struct Noted {
    id: String,
}

/// What a department does about it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = FeedbackAnswer)]
#[serde(deny_unknown_fields)]
pub struct AnswerDraft {
    answer: String,
}

/// Why nothing follows.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = FeedbackSetAside)]
#[serde(deny_unknown_fields)]
pub struct SetAsideDraft {
    reason: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = FeedbackPassOn)]
#[serde(deny_unknown_fields)]
pub struct PassOnDraft {
    #[schema(value_type = String)]
    department: DepartmentId,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = FeedbackCustomer)]
#[serde(deny_unknown_fields)]
pub struct LinkDraft {
    /// Name or credit code of one that the actor may see.
    customer: String,
}

/// What customers said, as far as the actor's permission reaches.
#[utoipa::path(get, path = "/api/v1/feedback", operation_id = "list_feedback", tag = "feedback",
    params(Asked), responses((status = 200, body = Rows<NoteView>)))]
pub async fn list(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Query(asked): Query<Asked>,
) -> Answer<Rows<NoteView>> {
    let after = cursor(asked.after.as_deref())?;
    let size = asked.rows.unwrap_or_default();
    let page = feedback.list(&actor, asked.which, asked.department.as_ref(), after.as_ref(), size).await?;
    json(Rows { rows: page.rows.into_iter().map(NoteView::from).collect(), next: page.next })
}

/// One note; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/feedback/{id}", operation_id = "show_feedback", tag = "feedback",
    params(("id" = String, Path)), responses((status = 200, body = NoteView, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
) -> Result<Tagged<NoteView>, Failure> {
    tagged(&actor, &feedback, NoteId(id)).await
}

/// Notes what a customer said. Whether a name is that of a customer is told to nobody who may not see him.
#[utoipa::path(post, path = "/api/v1/feedback", operation_id = "note_feedback", tag = "feedback",
    request_body = NoteDraft,
    responses((status = 201, body = Noted, headers(("location" = String), ("etag" = String)))))]
pub async fn note(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Body(draft): Body<NoteDraft>,
) -> Result<Created<Noted>, Failure> {
    let id = feedback.note(&actor, draft).await?;
    Ok(Created { location: format!("/api/v1/feedback/{id}"), version: 1, body: Noted { id: id.0 } })
}

/// The department answers; working time stops.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/answer", operation_id = "answer_feedback", tag = "feedback",
    params(("id" = String, Path), IfMatch), request_body = AnswerDraft,
    responses((status = 200, body = NoteView, headers(("etag" = String)))))]
pub async fn answer(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<AnswerDraft>,
) -> Result<Tagged<NoteView>, Failure> {
    let id = NoteId(id);
    feedback.answer(&actor, &id, seen, &draft.answer).await?;
    tagged(&actor, &feedback, id).await
}

/// The customer was told what came of it; kept as an interaction.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/tell", operation_id = "tell_feedback", tag = "feedback",
    params(("id" = String, Path), IfMatch), request_body = TellDraft,
    responses((status = 200, body = NoteView, headers(("etag" = String)))))]
pub async fn tell(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<TellDraft>,
) -> Result<Tagged<NoteView>, Failure> {
    let id = NoteId(id);
    feedback.tell(&actor, &id, seen, draft).await?;
    tagged(&actor, &feedback, id).await
}

/// Nothing follows, and why.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/set-aside", operation_id = "set_feedback_aside", tag = "feedback",
    params(("id" = String, Path), IfMatch), request_body = SetAsideDraft,
    responses((status = 200, body = NoteView, headers(("etag" = String)))))]
pub async fn set_aside(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<SetAsideDraft>,
) -> Result<Tagged<NoteView>, Failure> {
    let id = NoteId(id);
    feedback.set_aside(&actor, &id, seen, &draft.reason).await?;
    tagged(&actor, &feedback, id).await
}

/// Another department answers.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/pass-on", operation_id = "pass_feedback_on", tag = "feedback",
    params(("id" = String, Path), IfMatch), request_body = PassOnDraft,
    responses((status = 200, body = NoteView, headers(("etag" = String)))))]
pub async fn pass_on(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<PassOnDraft>,
) -> Result<Tagged<NoteView>, Failure> {
    let id = NoteId(id);
    feedback.pass_on(&actor, &id, seen, &draft.department).await?;
    tagged(&actor, &feedback, id).await
}

/// Says which customer is meant.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/customer", operation_id = "link_feedback", tag = "feedback",
    params(("id" = String, Path), IfMatch), request_body = LinkDraft,
    responses((status = 200, body = NoteView, headers(("etag" = String)))))]
pub async fn link(
    Me(actor): Me,
    State(feedback): State<Feedback>,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch<i64>,
    Body(draft): Body<LinkDraft>,
) -> Result<Tagged<NoteView>, Failure> {
    let id = NoteId(id);
    feedback.link(&actor, &id, seen, &draft.customer).await?;
    tagged(&actor, &feedback, id).await
}

async fn tagged(actor: &base::Actor, feedback: &Feedback, id: NoteId) -> Result<Tagged<NoteView>, Failure> {
    let body = NoteView::from(feedback.get(actor, &id).await?);
    Ok(Tagged { version: body.version, body })
}
