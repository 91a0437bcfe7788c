//! The same for programs.

mod asked;
mod evidence;
mod figures;
mod figures_asked;

use axum::extract::{Path, State};
use axum::http::Method;
use module::Access::Needs;
use module::Routes;
use utoipa::OpenApi;
use web::api::{Body, Created, IfMatch, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use crate::complaint::{ComplaintId, Model};
use crate::forms::{CauseDraft, ComplaintDraft, SolutionDraft, StepDraft};
use crate::service::{ComplaintFile, Complaints, Listed};
use crate::store::list::View;
use crate::words::{
    Answer as Said, Category, Cause, Channel, CompensationState, EntryKind, Escalation, Severity, Status, Step,
};
use crate::{HANDLE, LOG, VIEW, entry, link};
use asked::{ListQuery, MergeDraft, OwnerDraft, ReasonDraft, RemarkDraft};

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        show,
        log,
        take_step,
        propose,
        hold,
        resume,
        assign,
        remark,
        explain,
        correct,
        verify,
        merge,
        reopen,
        evidence::list,
        evidence::show,
        evidence::add,
        evidence::remove
    ),
    components(schemas(
        Listed,
        ComplaintFile,
        Model,
        entry::Model,
        link::Model,
        ComplaintDraft,
        StepDraft,
        SolutionDraft,
        CauseDraft,
        ReasonDraft,
        OwnerDraft,
        RemarkDraft,
        MergeDraft,
        View,
        Category,
        Severity,
        Status,
        Step,
        Channel,
        Said,
        Cause,
        CompensationState,
        EntryKind,
        Escalation,
        attachments::AttachmentView,
        attachments::Kind
    ))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi().merge_from(figures::Docs::openapi())).ok()
}

pub(crate) fn routes(complaints: &Complaints) -> Routes {
    let handle = Needs(HANDLE);
    figures::routes(Routes::new(), complaints)
        .get("/api/v1/complaints", Needs(VIEW), list, complaints)
        .post("/api/v1/complaints", Needs(LOG), log, complaints)
        .get("/api/v1/complaints/{id}", Needs(VIEW), show, complaints)
        .post("/api/v1/complaints/{id}/steps", handle, take_step, complaints)
        .add(Method::PUT, "/api/v1/complaints/{id}/solution", handle, propose, complaints.clone())
        .post("/api/v1/complaints/{id}/hold", handle, hold, complaints)
        .post("/api/v1/complaints/{id}/resume", handle, resume, complaints)
        .add(Method::PUT, "/api/v1/complaints/{id}/owner", handle, assign, complaints.clone())
        .post("/api/v1/complaints/{id}/remarks", handle, remark, complaints)
        .add(Method::PUT, "/api/v1/complaints/{id}/cause", handle, explain, complaints.clone())
        .post("/api/v1/complaints/{id}/corrected", handle, correct, complaints)
        .post("/api/v1/complaints/{id}/verified", handle, verify, complaints)
        .post("/api/v1/complaints/{id}/merge", handle, merge, complaints)
        .post("/api/v1/complaints/{id}/reopen", handle, reopen, complaints)
        .get("/api/v1/complaints/{id}/files", Needs(VIEW), evidence::list, complaints)
        .post("/api/v1/complaints/{id}/files", Needs(LOG), evidence::add, complaints)
        .get("/api/v1/complaints/{id}/files/{file}", Needs(VIEW), evidence::show, complaints)
        .add(Method::DELETE, "/api/v1/complaints/{id}/files/{file}", handle, evidence::remove, complaints.clone())
}

type Changed = Result<Tagged<Model>, Failure>;

fn tagged(complaint: Model) -> Changed {
    Ok(Tagged { version: complaint.version, body: complaint })
}

/// Complaints that the caller may see.
#[utoipa::path(get, path = "/api/v1/complaints", operation_id = "list_complaints", tag = "complaints", params(ListQuery),
    responses((status = 200, body = Rows<Listed>)))]
pub async fn list(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Query(query): Query<ListQuery>,
) -> Answer<Rows<Listed>> {
    web::json(complaints.list(&actor, &query.filter()?, query.rows.unwrap_or_default()).await?.into())
}

/// One complaint with its shipments and its history; the ETag is its version.
#[utoipa::path(get, path = "/api/v1/complaints/{id}", operation_id = "show_complaint", tag = "complaints", params(("id" = String, Path)),
    responses((status = 200, body = ComplaintFile, headers(("etag" = String)))))]
pub async fn show(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Path(id): Path<String>,
) -> Result<Tagged<ComplaintFile>, Failure> {
    let file = complaints.file(&actor, &ComplaintId(id)).await?;
    Ok(Tagged { version: file.complaint.version, body: file })
}

/// Writes down that a customer complained. What he said never changes after this.
#[utoipa::path(post, path = "/api/v1/complaints", operation_id = "log_complaint", tag = "complaints", request_body = ComplaintDraft,
    responses((status = 201, body = Model, headers(("etag" = String), ("location" = String)))))]
pub async fn log(
    Me(actor): Me,
    State(complaints): State<Complaints>,
    Body(draft): Body<ComplaintDraft>,
) -> Result<Created<Model>, Failure> {
    let complaint = complaints.log(&actor, draft).await?;
    let location = format!("/api/v1/complaints/{}", complaint.id);
    Ok(Created { location, version: complaint.version, body: complaint })
}

macro_rules! changes {
    ($($(#[$about:meta])* $name:ident $($draft:ident: $type:ty)? => |$complaints:ident, $actor:ident, $id:ident, $version:ident| $call:expr;)*) => {$(
        $(#[$about])*
        pub async fn $name(
            Me($actor): Me,
            State($complaints): State<Complaints>,
            Path($id): Path<String>,
            IfMatch($version): IfMatch,
            $(Body($draft): Body<$type>,)?
        ) -> Changed {
            let $id = ComplaintId($id);
            tagged($call.await?)
        }
    )*};
}

changes! {
    /// Does the next step, or leaves it out for a reason.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/steps", operation_id = "take_complaint_step", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = StepDraft, responses((status = 200, body = Model)))]
    take_step draft: StepDraft => |complaints, actor, id, version| complaints.take_step(&actor, &id, version, &draft);
    /// What the customer gets. An amount beyond the limit waits for somebody else.
    #[utoipa::path(put, path = "/api/v1/complaints/{id}/solution", operation_id = "set_complaint_solution", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = SolutionDraft, responses((status = 200, body = Model)))]
    propose draft: SolutionDraft => |complaints, actor, id, version| complaints.propose(&actor, &id, version, &draft);
    /// Pauses our clocks; the law's goes on.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/hold", operation_id = "hold_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = ReasonDraft, responses((status = 200, body = Model)))]
    hold draft: ReasonDraft => |complaints, actor, id, version| complaints.hold(&actor, &id, version, &draft.reason);
    /// Lets our clocks go on.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/resume", operation_id = "resume_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), responses((status = 200, body = Model)))]
    resume => |complaints, actor, id, version| complaints.resume(&actor, &id, version);
    /// Gives it to somebody who reaches the customer.
    #[utoipa::path(put, path = "/api/v1/complaints/{id}/owner", operation_id = "assign_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = OwnerDraft, responses((status = 200, body = Model)))]
    assign draft: OwnerDraft => |complaints, actor, id, version| complaints.assign(&actor, &id, version, &draft.owner, &draft.reason);
    /// Something worth knowing.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/remarks", operation_id = "remark_on_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = RemarkDraft, responses((status = 200, body = Model)))]
    remark draft: RemarkDraft => |complaints, actor, id, version| complaints.remark(&actor, &id, version, &draft.text);
    /// Why it happened, and what is done about it.
    #[utoipa::path(put, path = "/api/v1/complaints/{id}/cause", operation_id = "explain_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = CauseDraft, responses((status = 200, body = Model)))]
    explain draft: CauseDraft => |complaints, actor, id, version| complaints.explain(&actor, &id, version, &draft);
    /// The correction is done.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/corrected", operation_id = "correct_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), responses((status = 200, body = Model)))]
    correct => |complaints, actor, id, version| complaints.correct(&actor, &id, version);
    /// Somebody else has looked: the correction works.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/verified", operation_id = "verify_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), responses((status = 200, body = Model)))]
    verify => |complaints, actor, id, version| complaints.verify(&actor, &id, version);
    /// Goes on as part of another complaint of the same customer; the answer is that one.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/merge", operation_id = "merge_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = MergeDraft, responses((status = 200, body = Model)))]
    merge draft: MergeDraft => |complaints, actor, id, version| complaints.merge(&actor, &id, version, &draft.into);
    /// Begins a new round.
    #[utoipa::path(post, path = "/api/v1/complaints/{id}/reopen", operation_id = "reopen_complaint", tag = "complaints",
        params(("id" = String, Path), IfMatch), request_body = ReasonDraft, responses((status = 200, body = Model)))]
    reopen draft: ReasonDraft => |complaints, actor, id, version| complaints.reopen(&actor, &id, version, &draft.reason);
}
