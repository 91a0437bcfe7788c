//! The module in its frame, with one kind, as the program puts it together.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use axum::{Extension, Router, middleware};
use base::{Actor, ActorKind, Scope, UserId};
use db::Db;
use exchange::{ALL, Imports, RUN};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::pallets::{self, PALLETS, Pallets};
use crate::reader;

pub struct World {
    pub imports: Imports,
    pub kind: Arc<Pallets>,
    pub data: TempDir,
}

pub async fn world(db: &Db) -> World {
    pallets::create_table(db).await;
    employ(db).await;
    let (data, kind) = (tempfile::tempdir().unwrap(), Arc::new(Pallets::default()));
    let imports = Imports::new(db.clone(), data.path(), reader());
    imports.extend([kind.clone() as Arc<dyn module::ImportKind>]);
    World { imports, kind, data }
}

/// The people of these tests, all with one role, and a key of one of them.
async fn employ(db: &Db) {
    let tx = db.begin().await.unwrap();
    let now = "2026-11-23T01:00:00Z";
    for id in ["zhang", "li", "manager"] {
        let user = format!(
            "insert into users (id, name, login, language, status, version, created_at) \
             values ('{id}', '{id}', '{id}', 'zh-CN', 'active', 1, '{now}')"
        );
        tx.execute_unprepared(&user).await.unwrap();
        let held = format!("insert into user_roles (user_id, role_id) values ('{id}', 'clerk')");
        tx.execute_unprepared(&held).await.unwrap();
    }
    for (permission, reach) in [(RUN, "own"), (PALLETS, "own"), (ALL, "all")] {
        let right = format!(
            "insert into role_permissions (role_id, permission, scope) values ('clerk', '{}', '{reach}')",
            permission.0
        );
        tx.execute_unprepared(&right).await.unwrap();
    }
    let key = "insert into api_keys (id, name, user_id, secret_hash, scopes, created_at, expires_at) \
        values ('key', 'tms', 'zhang', 'x', '[]', '2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z')";
    tx.execute_unprepared(key).await.unwrap();
    db.commit(tx).await.unwrap();
}

pub fn somebody(id: &str) -> Actor {
    let kind = ActorKind::User { id: UserId(id.into()), session: String::new() };
    let permissions = [(RUN, Scope::Own), (PALLETS, Scope::Own)].into_iter().collect();
    Actor { kind, permissions, name: id.into(), ..crate::engine::boss() }
}

pub fn manager() -> Actor {
    let mut actor = somebody("manager");
    actor.permissions.insert(ALL, Scope::All);
    actor
}

pub fn texts() -> texts::Texts {
    texts::Texts::load([web::locales(), exchange::locales(), pallets::TEXTS]).unwrap()
}

impl World {
    pub fn app(&self, actor: Actor) -> Router {
        let module = exchange::module(self.imports.clone());
        let shell = Arc::new(web::Shell { texts: texts().into(), menu: module.menu.clone() });
        module
            .routes
            .into_router()
            .layer(middleware::from_fn(web::faces::give_faces))
            .layer(middleware::from_fn(web::guard::check_origin))
            .layer(Extension(shell))
            .layer(Extension(web::Csrf("token".into())))
            .layer(Extension(web::Preferences { language: actor.language, ..web::Preferences::default() }))
            .layer(Extension(actor))
    }

    /// Files that lie in the folder of imports, by their endings.
    pub fn files(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.data.path().join("imports")) else { return Vec::new() };
        let name = |path: std::path::PathBuf| path.extension().unwrap().to_str().unwrap().to_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap().path())).collect();
        names.sort();
        names
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub text: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Self { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    pub fn has(&self, css: &str) -> bool {
        !self.texts(css).is_empty()
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let page = scraper::Html::parse_document(&self.text);
        let found = scraper::Selector::parse(css).unwrap();
        page.select(&found).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

pub async fn get(app: &Router, path: &str) -> Answer {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

pub async fn send(app: &Router, request: Request<Body>) -> Answer {
    Answer::of(app.clone().oneshot(request).await.unwrap()).await
}

/// A plain form with the token.
pub async fn post(app: &Router, path: &str, fields: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf=token&{fields}")))
        .unwrap();
    send(app, request).await
}

pub async fn upload(app: &Router, path: &str, name: &str, file: &[u8], fields: &[(&str, &str)]) -> Answer {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.into_bytes());
    body.extend(file);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap();
    send(app, request).await
}
