//! The same for programs.

mod answers;
pub(crate) mod asked;
mod people;

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use base::{Cursor, Page, Scope};
use module::Access::{Needs, SignedIn};
use module::Routes;
use utoipa::OpenApi;
use web::api::{Paging, Rows, cursor};
use web::{Answer, Failure, Me, Query, Ui};

use crate::{AUDIT, Access, DEPARTMENTS, ROLES, Reach, SESSIONS, USERS};
use answers::{AuditEntryView, DepartmentView, MeView, RoleView, SessionView, UserView};
use asked::{AuditQuery, DepartmentDraft, RoleDraft, UserDraft};

#[derive(OpenApi)]
#[openapi(
    paths(
        me,
        people::users,
        people::user,
        people::create_user,
        people::change_user,
        people::departments,
        people::create_department,
        people::change_department,
        people::roles,
        people::create_role,
        people::change_role,
        sessions,
        end_session,
        audit
    ),
    components(schemas(
        MeView,
        UserView,
        UserDraft,
        DepartmentView,
        DepartmentDraft,
        RoleView,
        RoleDraft,
        SessionView,
        AuditEntryView
    ))
)]
struct Docs;

pub(crate) fn openapi() -> Option<serde_json::Value> {
    serde_json::to_value(Docs::openapi()).ok()
}

/// Adds ours to those of the pages.
pub(crate) fn routes(pages: Routes, access: &Access) -> Routes {
    let put = Method::PUT;
    pages
        .get("/api/v1/me", SignedIn, me, access)
        .get("/api/v1/users", Needs(USERS), people::users, access)
        .post("/api/v1/users", Needs(USERS), people::create_user, access)
        .get("/api/v1/users/{id}", Needs(USERS), people::user, access)
        .add(put.clone(), "/api/v1/users/{id}", Needs(USERS), people::change_user, access.clone())
        .get("/api/v1/departments", Needs(DEPARTMENTS), people::departments, access)
        .post("/api/v1/departments", Needs(DEPARTMENTS), people::create_department, access)
        .add(put.clone(), "/api/v1/departments/{id}", Needs(DEPARTMENTS), people::change_department, access.clone())
        .get("/api/v1/roles", Needs(ROLES), people::roles, access)
        .post("/api/v1/roles", Needs(ROLES), people::create_role, access)
        .add(put, "/api/v1/roles/{id}", Needs(ROLES), people::change_role, access.clone())
        .get("/api/v1/sessions", Needs(SESSIONS), sessions, access)
        .post("/api/v1/sessions/{session}/end", Needs(SESSIONS), end_session, access)
        .get("/api/v1/audit", Needs(AUDIT), audit, access)
}

/// Who asks, and what he may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses((status = 200, body = MeView)))]
async fn me(Me(actor): Me) -> Answer<MeView> {
    let reach = |scope: &Scope| Reach::from(scope).to_string();
    let permissions = actor.permissions.iter().map(|(name, scope)| (name.0.to_owned(), reach(scope))).collect();
    web::json(MeView {
        id: actor.user_id().map(ToString::to_string),
        by_key: matches!(actor.kind, base::ActorKind::Key { .. }),
        department_id: actor.department.map(String::from),
        language: actor.language.code().into(),
        name: actor.name,
        permissions,
    })
}

/// Who is signed in where, last seen first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "access", params(Paging),
    responses((status = 200, body = Rows<SessionView>)))]
async fn sessions(
    Me(actor): Me,
    State(access): State<Access>,
    Query(paging): Query<Paging>,
) -> Answer<Rows<SessionView>> {
    let size = paging.size();
    let rows = access.sessions_page(&actor, asked::place(paging.after()?)?, size).await?;
    let cursor =
        |row: &crate::session::Model| Cursor { key: row.last_seen_at.to_rfc3339(), id: row.token_hash.clone() };
    web::json(Page::cut(rows, size, cursor).map(SessionView::from).into())
}

/// Ends a session.
#[utoipa::path(post, path = "/api/v1/sessions/{session}/end", tag = "access", params(("session" = String, Path)),
    responses((status = 204)))]
async fn end_session(
    Me(actor): Me,
    State(access): State<Access>,
    Path(session): Path<String>,
) -> Result<StatusCode, Failure> {
    access.end_session(&actor, &session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "access", params(AuditQuery),
    responses((status = 200, body = Rows<AuditEntryView>)))]
async fn audit(
    ui: Ui,
    Me(actor): Me,
    State(access): State<Access>,
    Query(query): Query<AuditQuery>,
) -> Answer<Rows<AuditEntryView>> {
    let size = query.rows.unwrap_or_default();
    let before = asked::place(cursor(query.after.as_deref())?)?;
    let words = query.words.unwrap_or_default();
    let page = crate::pages::audit::cut(access.audit(&actor, before, words.trim(), size.0 + 1).await?, size);
    let names = match ui.texts() {
        Some(texts) => access.names_of(&actor, texts, &page.rows).await?,
        None => Default::default(),
    };
    web::json(page.map(|entry| AuditEntryView::of(entry, &names)).into())
}
