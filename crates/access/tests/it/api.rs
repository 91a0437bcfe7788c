use access::Access;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use base::Actor;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::pages::{app, text};
use crate::{VIEW, ready, role, somebody};

/// What an administrator's program signs in with.
async fn key(access: &Access, scopes: &[&str]) -> String {
    let id = somebody(access, "boss", "administrator").await;
    let now = Actor::system("test", base::now());
    access.create_key(&now, &id, "test", scopes, now.today()).await.unwrap().secret
}

async fn ask(app: &Router, method: &str, path: &str, key: &str, version: &str, body: Value) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::IF_MATCH, version)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    app.clone().oneshot(request).await.unwrap()
}

async fn read(app: &Router, path: &str, key: &str) -> Value {
    serde_json::from_str(&text(ask(app, "GET", path, key, "", Value::Null).await).await).unwrap()
}

db::db_tests! {
    async fn a_program_is_told_who_it_is(db: Db) {
        let access = ready(db).await;
        let (key, app) = (key(&access, &[VIEW.0]).await, app(&access));
        let me = read(&app, "/api/v1/me", &key).await;
        assert_eq!(me["permissions"], json!({"customers.view": "all"}));
        assert_eq!(me["by_key"], json!(true));
    }

    async fn an_unknown_key_is_told_so_and_opens_no_page(db: Db) {
        let access = ready(db).await;
        let (key, app) = (key(&access, &[VIEW.0]).await, app(&access));
        for method in ["GET", "POST"] {
            let answer = ask(&app, method, "/api/v1/users", "hk_1234", "", json!({})).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method}");
            assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer");
        }
        let page = ask(&app, "GET", "/me", &key, "", Value::Null).await;
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
        assert!(page.headers()[header::LOCATION].to_str().unwrap().starts_with("/sign-in"));
    }

    async fn a_key_without_the_right_is_refused_by_the_service_too(db: Db) {
        let access = ready(db).await;
        let (key, app) = (key(&access, &[VIEW.0]).await, app(&access));
        for path in ["users", "sessions", "audit"] {
            let answer = ask(&app, "GET", &format!("/api/v1/{path}"), &key, "", Value::Null).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }

    async fn users_come_a_page_at_a_time_and_each_once(db: Db) {
        let access = ready(db).await;
        let (key, app) = (key(&access, &[access::USERS.0]).await, app(&access));
        for login in ["anna", "bert", "carl", "dora"] {
            somebody(&access, login, "sales_rep").await;
        }
        let (mut path, mut seen) = ("/api/v1/users?rows=2".to_owned(), Vec::new());
        loop {
            let page = read(&app, &path, &key).await;
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["login"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => path = format!("/api/v1/users?rows=2&after={next}"),
                None => break,
            }
        }
        seen.sort();
        assert_eq!(seen, ["anna", "bert", "boss", "carl", "dora"]);
        let odd = ask(&app, "GET", "/api/v1/users?after=zz", &key, "", Value::Null).await;
        assert_eq!(odd.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_program_changes_a_user_only_with_the_version_it_read(db: Db) {
        let access = ready(db).await;
        let scopes = [access::USERS.0, VIEW.0];
        let (key, app) = (key(&access, &scopes).await, app(&access));
        let rep = role(&access, "sales_rep").await;
        let draft = json!({"name": "Anna", "login": "anna", "roles": [rep]});
        let made = ask(&app, "POST", "/api/v1/users", &key, "", draft.clone()).await;
        assert_eq!((made.status(), &made.headers()[header::ETAG]), (StatusCode::CREATED, &"\"1\"".parse().unwrap()));
        let path = made.headers()[header::LOCATION].to_str().unwrap().to_owned();
        let change = json!({"name": "Anna Li", "login": "anna", "roles": [rep]});
        let blind = ask(&app, "PUT", &path, &key, "", change.clone()).await;
        assert_eq!(blind.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let changed = ask(&app, "PUT", &path, &key, "\"1\"", change.clone()).await;
        assert_eq!(changed.status(), StatusCode::NO_CONTENT);
        assert_eq!(ask(&app, "PUT", &path, &key, "\"1\"", change).await.status(), StatusCode::CONFLICT);
        assert_eq!(read(&app, &path, &key).await["name"], "Anna Li");
        let unknown = json!({"name": "Anna", "login": "anna", "password_hash": "x"});
        assert_eq!(ask(&app, "POST", "/api/v1/users", &key, "", unknown).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_program_cannot_raise_anybody_above_its_own_scopes(db: Db) {
        let access = ready(db).await;
        let (key, app) = (key(&access, &[access::USERS.0, access::ROLES.0]).await, app(&access));
        let administrator = role(&access, "administrator").await;
        let draft = json!({"name": "Anna", "login": "anna", "roles": [administrator]});
        let refused = ask(&app, "POST", "/api/v1/users", &key, "", draft).await;
        assert!(text(refused).await.contains("access-grants_more"));
        let wide = json!({"name": "Wide", "rights": {"access.audit": "all"}});
        let refused = ask(&app, "POST", "/api/v1/roles", &key, "", wide).await;
        assert!(text(refused).await.contains("access-grants_more"));
    }

    async fn lists_for_programs_hold_no_secret(db: Db) {
        let access = ready(db).await;
        let all: Vec<&str> = access::PERMISSIONS.iter().map(|permission| permission.0).collect();
        let (key, app) = (key(&access, &all).await, app(&access));
        let id = somebody(&access, "anna", "sales_rep").await;
        let me = crate::actor(&access, &id).await;
        access.set_own_password(&me, String::new(), "three ships at sea".into()).await.unwrap();
        for path in ["users", "departments", "roles", "sessions", "audit"] {
            let told = text(ask(&app, "GET", &format!("/api/v1/{path}"), &key, "", Value::Null).await).await;
            assert!(told.starts_with("{\"rows\":["), "{path}: {told}");
            assert!(!told.contains("argon2") && !told.contains("totp_secret") && !told.contains("hk_"), "{path}");
        }
    }

    async fn every_route_for_programs_stands_in_the_document(db: Db) {
        let module = access::module(ready(db).await);
        let document = module.openapi.unwrap();
        for route in module.routes.iter().filter(|route| route.path.starts_with("/api/")) {
            let verb = route.method.as_str().to_lowercase();
            assert!(document["paths"][route.path][&verb].is_object(), "{verb} {}", route.path);
        }
    }
}
