//! What the JSON faces of all crates have in common.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::{get, post, put};
use axum::{Extension, Router, middleware};
use base::{Cursor, Page};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt;
use web::api::{Body, Changed, Created, IfMatch, Paging, Rows, Tagged};
use web::{Answer, Preferences, Query, Shell};

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Ship {
    name: String,
}

async fn create(Body(ship): Body<Ship>) -> Created<Ship> {
    Created { location: "/api/ships/1".into(), version: 1, body: ship }
}

async fn show() -> Tagged<Ship> {
    Tagged { version: 7, body: Ship { name: "Hawser".into() } }
}

async fn change(IfMatch(version): IfMatch, Body(_): Body<Ship>) -> Changed {
    Changed { version: version + 1 }
}

async fn perhaps(read: Option<IfMatch<i32>>) -> Answer<Option<i32>> {
    web::json(read.map(|IfMatch(version)| version))
}

/// The ids 1 to 5, in order.
async fn list(Query(paging): Query<Paging>) -> Answer<Rows<u64>> {
    let after: u64 = paging.after()?.map_or(0, |cursor| cursor.id.parse().unwrap());
    let size = paging.size();
    let found = (after + 1..=5).take(size.0 as usize + 1).collect();
    let page = Page::cut(found, size, |id| Cursor { key: String::new(), id: id.to_string() });
    web::json(page.into())
}

fn program() -> Router {
    let texts = Arc::new(texts::Texts::load([web::locales()]).unwrap());
    Router::new()
        .route("/api/ships", post(create).get(list))
        .route("/api/ships/1", put(change).get(show))
        .route("/api/perhaps", get(perhaps))
        .method_not_allowed_fallback(async || web::answer::wrong_method())
        .layer(middleware::from_fn(web::faces::give_faces))
        .layer(Extension(Arc::new(Shell { texts, menu: Vec::new() })))
        .layer(Extension(Preferences { language: base::Language::English, ..Preferences::default() }))
}

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Got {
    /// Field, code and sentence of what is wrong.
    fn wrong(&self) -> (&str, &str, &str) {
        let text = |name: &str| self.body["fields"][0][name].as_str().unwrap();
        (text("field"), text("code"), text("detail"))
    }
}

async fn ask(method: &str, path: &str, read: &[&str], body: &str) -> Got {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    for version in read {
        request = request.header(header::IF_MATCH, *version);
    }
    let response = program().oneshot(request.body(axum::body::Body::from(body.to_owned())).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Got { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() }
}

const SHIP: &str = r#"{"name": "Hawser"}"#;

#[tokio::test]
async fn what_is_new_says_where_it_is_and_its_version() {
    let made = ask("POST", "/api/ships", &[], SHIP).await;
    assert_eq!((made.status, &made.body), (StatusCode::CREATED, &json!({"name": "Hawser"})));
    assert_eq!(made.headers[header::LOCATION], "/api/ships/1");
    assert_eq!(made.headers[header::ETAG], "\"1\"");
}

#[tokio::test]
async fn the_tag_that_was_read_is_what_a_change_sends_back() {
    let read = ask("GET", "/api/ships/1", &[], "").await;
    assert_eq!((read.status, &read.body), (StatusCode::OK, &json!({"name": "Hawser"})));
    let tag = read.headers[header::ETAG].to_str().unwrap();
    let changed = ask("PUT", "/api/ships/1", &[tag], SHIP).await;
    assert_eq!((changed.status, &changed.headers[header::ETAG]), (StatusCode::NO_CONTENT, &"\"8\"".parse().unwrap()));
}

#[tokio::test]
async fn a_change_without_a_version_is_told_to_bring_one() {
    let blind = ask("PUT", "/api/ships/1", &[], SHIP).await;
    assert_eq!((blind.status, &blind.body["status"]), (StatusCode::PRECONDITION_REQUIRED, &json!(428)));
    assert_eq!(blind.headers[header::CONTENT_TYPE], "application/problem+json");
    let (field, code, sentence) = blind.wrong();
    assert_eq!((field, code), ("if-match", "error-if_match_missing"));
    assert!(sentence.contains("ETag"), "{sentence}");
}

#[tokio::test]
async fn what_is_not_exactly_one_version_is_refused() {
    let tries: [&[&str]; 6] = [&["3"], &[""], &["*"], &["W/\"3\""], &["\"1\", \"2\""], &["\"1\"", "\"2\""]];
    for read in tries {
        for (method, path) in [("PUT", "/api/ships/1"), ("GET", "/api/perhaps")] {
            let refused = ask(method, path, read, SHIP).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {read:?}");
            assert_eq!(refused.wrong().1, "error-if_match_unreadable", "{path} {read:?}");
        }
    }
}

#[tokio::test]
async fn a_version_that_may_be_left_out_is_taken_when_it_is_there() {
    assert_eq!(ask("GET", "/api/perhaps", &[], "").await.body, Value::Null);
    assert_eq!(ask("GET", "/api/perhaps", &["\"3\""], "").await.body, json!(3));
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_named_with_its_cause() {
    for (body, cause) in [(r#"{"colour": "red"}"#, "colour"), ("[", "EOF"), ("", "EOF"), (r#"{"name": 1}"#, "name")] {
        let refused = ask("POST", "/api/ships", &[], body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (field, code, sentence) = refused.wrong();
        assert_eq!((field, code), ("body", "error-body_unreadable"));
        assert!(sentence.contains(cause), "{sentence}");
    }
}

#[tokio::test]
async fn a_list_is_walked_to_its_end_and_every_row_comes_once() {
    let (mut seen, mut path) = (Vec::new(), "/api/ships?rows=2".to_owned());
    loop {
        let page = ask("GET", &path, &[], "").await.body;
        seen.extend(page["rows"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else {
            assert_eq!(page["next"], Value::Null);
            break;
        };
        path = format!("/api/ships?rows=2&after={next}");
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_made_up_place_in_a_list_is_refused() {
    let refused = ask("GET", "/api/ships?after=zz", &[], "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((refused.wrong().0, refused.wrong().1), ("after", "error-after_unknown"));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named_with_what_would_do() {
    let other = ask("GET", "/api/ships?colour=red", &[], "").await;
    assert_eq!((other.status, &other.body["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
    assert_eq!((other.wrong().0, other.wrong().1), ("colour", "error-field_unknown"));
    assert_eq!(other.body["fields"][0]["allowed"], json!(["after", "rows"]));
    assert!(!other.body["detail"].as_str().unwrap().contains("saved"), "{}", other.body);
    for rows in ["0", "101", "-1", "many"] {
        let refused = ask("GET", &format!("/api/ships?rows={rows}"), &[], "").await;
        assert_eq!((refused.status, refused.wrong().0), (StatusCode::UNPROCESSABLE_ENTITY, "rows"), "{rows}");
    }
    assert_eq!(ask("GET", "/api/ships?rows=101", &[], "").await.body["fields"][0]["allowed"], json!(["1–100"]));
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let wrong = ask("DELETE", "/api/ships", &[], "").await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    let allowed = wrong.headers[header::ALLOW].to_str().unwrap();
    assert!(allowed.contains("GET") && allowed.contains("POST") && !allowed.contains("DELETE"), "{allowed}");
    assert_eq!(wrong.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!((&wrong.body["status"], &wrong.body["code"]), (&json!(405), &json!("error-wrong_method")));
}
