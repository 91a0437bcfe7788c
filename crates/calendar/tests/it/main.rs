#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod clocks;
mod counter;
mod files;
mod hours;
mod keeping;
mod pages;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::{Actor, ActorKind, DepartmentId, Language, Permission, Scope, UserId};
use calendar::{Calendars, MANAGE};
use db::Db;
use sea_orm::{ActiveModelTrait, EntityTrait};
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

/// It is 23 November 2026, noon in Shanghai.
pub fn person(permissions: &[Permission]) -> Actor {
    Actor {
        kind: ActorKind::User { id: UserId("wang".into()), session: "s".into() },
        name: "王经理".into(),
        department: None,
        permissions: permissions.iter().map(|permission| (*permission, Scope::All)).collect(),
        language: Language::Chinese,
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
    }
}

pub fn keeper() -> Actor {
    person(&[MANAGE])
}

pub async fn department(db: &Db, name: &str, above: Option<&DepartmentId>) -> DepartmentId {
    let id = DepartmentId::new(keeper().now);
    let row = access::department::Model {
        id: id.clone(),
        parent_id: above.cloned(),
        name: name.into(),
        version: 1,
        created_at: keeper().now,
    };
    let tx = db.begin().await.unwrap();
    let row = access::department::ActiveModel::from(row).reset_all();
    access::department::Entity::insert(row).exec_without_returning(&tx).await.unwrap();
    db.commit(tx).await.unwrap();
    id
}

/// All routes of the crate, asked by somebody.
pub fn program(db: &Db, actor: &Actor) -> Router {
    let module = calendar::module(Calendars::new(db.clone()));
    let texts = Texts::load([web::locales(), module.locales.unwrap()]).unwrap();
    let shell = Arc::new(Shell { texts: texts.into(), menu: Vec::new() });
    module
        .routes
        .into_router()
        .layer(middleware::from_fn(web::faces::give_faces))
        .layer(Extension(actor.clone()))
        .layer(Extension(shell))
        .layer(Extension(Preferences { language: actor.language, ..Preferences::default() }))
}

pub struct Got {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub location: String,
    pub body: String,
}

pub async fn ask(app: &Router, request: Request<Body>) -> Got {
    let response = app.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
    let body = String::from_utf8(bytes.to_vec()).unwrap();
    Got { status, etag: text(header::ETAG), location: text(header::LOCATION).unwrap_or_default(), body }
}
