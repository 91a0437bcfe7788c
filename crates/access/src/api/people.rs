//! Users, departments and roles.

use axum::extract::{Path, State};
use base::{Cursor, DepartmentId, Language, Page, UserId};
use web::api::{Body, Changed, Created, IfMatch, Paging, Rows, Tagged};
use web::{Answer, Failure, Me, Query};

use super::answers::{DepartmentView, RoleView, UserView};
use super::asked::{DepartmentDraft, RoleDraft, UserDraft};
use crate::{Access, NewUser, RoleId, UserChange, user};

/// Everybody who signs in or did, in the order they were created.
#[utoipa::path(get, path = "/api/v1/users", tag = "access", params(Paging),
    responses((status = 200, body = Rows<UserView>)))]
pub async fn users(
    Me(actor): Me,
    State(access): State<Access>,
    Query(paging): Query<Paging>,
) -> Answer<Rows<UserView>> {
    let after = paging.after()?.map(|cursor| cursor.id);
    let rows = access.users_page(&actor, after, paging.size()).await?;
    let cursor = |row: &(user::Model, Vec<RoleId>)| Cursor { key: String::new(), id: row.0.id.to_string() };
    web::json(Page::cut(rows, paging.size(), cursor).map(|(user, roles)| UserView::of(user, roles)).into())
}

/// One user; the ETag is his version.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 200, body = UserView, headers(("etag" = String)))))]
pub async fn user(
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
) -> Result<Tagged<UserView>, Failure> {
    let (user, roles) = access.user(&actor, &UserId(id)).await?;
    Ok(Tagged { version: user.version, body: UserView::of(user, roles) })
}

/// Somebody new, without a password: he comes in by a link.
#[utoipa::path(post, path = "/api/v1/users", tag = "access", request_body = UserDraft,
    responses((status = 201, body = UserView, headers(("etag" = String), ("location" = String)))))]
pub async fn create_user(
    Me(actor): Me,
    State(access): State<Access>,
    Body(draft): Body<UserDraft>,
) -> Result<Created<UserView>, Failure> {
    let new = NewUser {
        department: draft.department(),
        roles: draft.role_ids(),
        name: draft.name,
        login: draft.login,
        language: Language::default(),
    };
    let id = access.create_user(&actor, new).await?;
    let (user, roles) = access.user(&actor, &id).await?;
    let location = format!("/api/v1/users/{id}");
    Ok(Created { location, version: user.version, body: UserView::of(user, roles) })
}

/// Changes a user. `If-Match` names the version that the caller read; a newer one is a conflict.
#[utoipa::path(put, path = "/api/v1/users/{id}", tag = "access", request_body = UserDraft,
    params(("id" = String, Path), IfMatch),
    responses((status = 204, headers(("etag" = String)))))]
pub async fn change_user(
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(draft): Body<UserDraft>,
) -> Result<Changed, Failure> {
    let change = UserChange {
        version,
        department: draft.department(),
        roles: draft.role_ids(),
        name: draft.name,
        login: draft.login,
        status: if draft.active { user::Status::Active } else { user::Status::Disabled },
    };
    access.change_user(&actor, &UserId(id), change).await?;
    Ok(Changed { version: version + 1 })
}

/// All departments by name.
#[utoipa::path(get, path = "/api/v1/departments", tag = "access", responses((status = 200, body = Rows<DepartmentView>)))]
pub async fn departments(State(access): State<Access>) -> Answer<Rows<DepartmentView>> {
    let rows = access.departments().await?.into_iter().map(DepartmentView::from).collect();
    web::json(Rows::whole(rows))
}

/// A new department.
#[utoipa::path(post, path = "/api/v1/departments", tag = "access", request_body = DepartmentDraft,
    responses((status = 201, body = DepartmentView, headers(("etag" = String), ("location" = String)))))]
pub async fn create_department(
    Me(actor): Me,
    State(access): State<Access>,
    Body(draft): Body<DepartmentDraft>,
) -> Result<Created<DepartmentView>, Failure> {
    let parent = draft.parent_id.clone().map(DepartmentId);
    let id = access.create_department(&actor, &draft.name, parent).await?;
    let name = draft.name.trim().to_owned();
    let body = DepartmentView { id: id.0, version: 1, name, parent_id: draft.parent_id };
    Ok(Created { location: "/api/v1/departments".into(), version: 1, body })
}

/// Renames and moves. `If-Match` names the version that the caller read; a newer one is a conflict.
#[utoipa::path(put, path = "/api/v1/departments/{id}", tag = "access", request_body = DepartmentDraft,
    params(("id" = String, Path), IfMatch),
    responses((status = 204, headers(("etag" = String)))))]
pub async fn change_department(
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(draft): Body<DepartmentDraft>,
) -> Result<Changed, Failure> {
    let parent = draft.parent_id.map(DepartmentId);
    access.change_department(&actor, &DepartmentId(id), version, &draft.name, parent).await?;
    Ok(Changed { version: version + 1 })
}

/// All roles and what they may do.
#[utoipa::path(get, path = "/api/v1/roles", tag = "access", responses((status = 200, body = Rows<RoleView>)))]
pub async fn roles(State(access): State<Access>) -> Answer<Rows<RoleView>> {
    let rows = access.roles().await?.into_iter().map(|(role, rights)| RoleView::of(role, &rights)).collect();
    web::json(Rows::whole(rows))
}

/// A new role.
#[utoipa::path(post, path = "/api/v1/roles", tag = "access", request_body = RoleDraft,
    responses((status = 201, body = RoleView, headers(("etag" = String), ("location" = String)))))]
pub async fn create_role(
    Me(actor): Me,
    State(access): State<Access>,
    Body(draft): Body<RoleDraft>,
) -> Result<Created<RoleView>, Failure> {
    let id = access.create_role(&actor, &draft.name, draft.rights()).await?;
    let (role, rights) = access.role(&id).await?;
    let location = "/api/v1/roles".into();
    Ok(Created { location, version: role.version, body: RoleView::of(role, &rights) })
}

/// Renames a role and sets its rights; its users have to sign in again. `If-Match` as for users.
#[utoipa::path(put, path = "/api/v1/roles/{id}", tag = "access", request_body = RoleDraft,
    params(("id" = String, Path), IfMatch),
    responses((status = 204, headers(("etag" = String)))))]
pub async fn change_role(
    Me(actor): Me,
    State(access): State<Access>,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body(draft): Body<RoleDraft>,
) -> Result<Changed, Failure> {
    access.change_role(&actor, &RoleId(id), version, &draft.name, draft.rights()).await?;
    Ok(Changed { version: version + 1 })
}
