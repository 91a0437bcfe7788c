#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attack;
mod audit;
mod commands;
mod demo;
mod documents;
mod files;
mod guards;
mod killed;
mod matrix;
mod people;
mod starting;
mod wishes;

use access::identify::Outside;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base::{Actor, UserId};
use db::Db;
use hawser::program::{self, Ground, Program};
use tempfile::TempDir;
use tower::ServiceExt;

/// The whole program on a database of its own, with the demo's people.
pub struct House {
    pub program: Program,
    pub router: Router,
    _folder: TempDir,
}

/// A data folder of its own; uploaded files are read by the real program.
pub fn ground() -> (Ground, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let worker = vec![env!("CARGO_BIN_EXE_hawser").into(), "worker".into()];
    (Ground { data: folder.path().to_path_buf(), worker }, folder)
}

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
    pub cookies: Vec<String>,
    pub headers: HeaderMap,
}

impl House {
    pub async fn open(db: &Db) -> Self {
        let (ground, folder) = ground();
        let program = program::assemble(db, &ground).await.unwrap();
        program.access.first_setup(base::now()).await.unwrap();
        hawser::demo::load(&program.access, &operator()).await.unwrap();
        let router = program.router(false, Outside::default());
        Self { program, router, _folder: folder }
    }

    pub async fn user(&self, login: &str) -> UserId {
        let (users, _) = self.program.access.users(&operator()).await.unwrap();
        users.into_iter().find(|user| user.login == login).unwrap().id
    }

    /// The cookie of a fresh session.
    pub async fn sign_in(&self, login: &str) -> String {
        let id = self.user(login).await;
        let link = self.program.access.create_link(&operator(), &id).await.unwrap();
        let entry = self.program.access.redeem_link(&link, base::now(), "127.0.0.1", "test").await.unwrap();
        format!("hawser_session={}", entry.session().unwrap())
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie).header(header::HOST, "localhost");
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.send(Method::POST, path, cookie, form).await
    }

    pub async fn send(&self, method: Method, path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// The token that the forms of this session carry.
    pub async fn csrf(&self, cookie: &str) -> String {
        let page = self.get("/me", cookie).await.body;
        let (_, after) = page.split_once("name=\"csrf\" value=\"").unwrap();
        after.split_once('"').unwrap().0.to_owned()
    }

    /// As a program with a key asks.
    pub async fn by_key(&self, method: Method, path: &str, key: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::HOST, "localhost");
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let text = |name: header::HeaderName| {
            response.headers().get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (location, cookies) = (text(header::LOCATION).concat(), text(header::SET_COOKIE));
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Answer { status, location, body: String::from_utf8_lossy(&bytes).into_owned(), cookies, headers }
    }
}

pub fn operator() -> Actor {
    Actor::system("test", base::now())
}
