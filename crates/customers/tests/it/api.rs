//! What programs ask and get.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::{Actor, Scope};
use customers::{Customers, samples};
use db::{Db, db_tests};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::person;

pub(crate) fn program(db: Db, actor: &Actor) -> Router {
    customers::module(Customers::new(db))
        .routes
        .into_router()
        .layer(Extension(actor.clone()))
        .layer(middleware::from_fn(web::faces::give_faces))
}

pub(crate) struct Got {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub body: Value,
}

pub(crate) async fn ask(app: &Router, method: &str, path: &str, version: Option<&str>, body: Option<Value>) -> Got {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(version) = version {
        request = request.header(header::IF_MATCH, version);
    }
    let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
    let response = app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let etag = headers.get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
    Got { status, etag, body: serde_json::from_slice(&bytes).unwrap_or_default() }
}

db_tests! {
    async fn a_program_creates_reads_and_changes_a_customer(db: Db) {
        let app = program(db, &person("zhang", "south", Scope::Own));
        let wanted = json!({"name": "明为公司", "tags": ["重点"], "addresses": [{"kind": "office", "city": "深圳"}]});
        let made = ask(&app, "POST", "/api/v1/customers", None, Some(wanted)).await;
        assert_eq!((made.status, made.etag.as_deref()), (StatusCode::CREATED, Some("\"1\"")));
        let path = format!("/api/v1/customers/{}", made.body["id"].as_str().unwrap());
        let read = ask(&app, "GET", &path, None, None).await;
        assert_eq!(read.etag.as_deref(), Some("\"1\""));
        assert_eq!(read.body["addresses"][0]["city"], "深圳");
        assert_eq!(read.body["owner_id"], "zhang");
        let change = json!({"name": "明为有限公司", "owner_id": "zhang"});
        let changed = ask(&app, "PUT", &path, Some("\"1\""), Some(change.clone())).await;
        assert_eq!((changed.status, changed.etag.as_deref()), (StatusCode::NO_CONTENT, Some("\"2\"")));
        let stale = ask(&app, "PUT", &path, Some("\"1\""), Some(change.clone())).await;
        assert_eq!((stale.status, &stale.body["code"]), (StatusCode::CONFLICT, &json!("conflict")));
        let unsaid = (None, StatusCode::PRECONDITION_REQUIRED, "error-if_match_missing");
        let garbled = (Some("3"), StatusCode::UNPROCESSABLE_ENTITY, "error-if_match_unreadable");
        for (version, status, code) in [unsaid, garbled] {
            let refused = ask(&app, "PUT", &path, version, Some(change.clone())).await;
            assert_eq!(refused.status, status);
            assert_eq!(refused.body["fields"][0]["code"], code);
        }
        let read = ask(&app, "GET", &path, None, None).await;
        assert_eq!((&read.body["name"], &read.body["tags"]), (&json!("明为有限公司"), &json!([])));
    }

    async fn a_program_walks_the_list_and_only_known_filters_count(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        for n in 0..5 {
            Customers::new(db.clone()).create(&zhang, samples::draft(&format!("公司 {n}"))).await.unwrap();
        }
        let app = program(db, &zhang);
        let (mut seen, mut path) = (Vec::new(), "/api/v1/customers?rows=2&sort=created".to_owned());
        loop {
            let page = ask(&app, "GET", &path, None, None).await.body;
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/customers?rows=2&sort=created&after={next}");
        }
        seen.sort();
        assert_eq!(seen, ["公司 0", "公司 1", "公司 2", "公司 3", "公司 4"]);
        for query in ["sort=password", "stage=none", "colour=red", "after=zz"] {
            let refused = ask(&app, "GET", &format!("/api/v1/customers?{query}"), None, None).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }
        let found = ask(&app, "GET", "/api/v1/customers?words=%E5%85%AC%E5%8F%B8%203", None, None).await;
        assert_eq!(found.body["rows"].as_array().unwrap().len(), 1);
    }

    async fn a_program_logs_an_interaction_and_finishes_its_step(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let id = Customers::new(db.clone()).create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = program(db.clone(), &zhang);
        let path = format!("/api/v1/customers/{id}/interactions");
        let told = json!({"kind": "call", "direction": "outgoing", "text": "谈了报价", "next_step": "报价",
            "next_step_on": "2026-11-25"});
        let logged = ask(&app, "POST", &path, None, Some(told)).await;
        assert_eq!(logged.status, StatusCode::CREATED);
        let rows = ask(&app, "GET", &path, None, None).await.body["rows"].clone();
        assert_eq!((&rows[0]["next_step_by"], &rows[0]["shipments"]), (&json!("zhang"), &json!([])));
        let strange = json!({"kind": "call", "direction": "outgoing", "text": "x", "no_next_step": true,
            "shipments": ["s1"]});
        let refused = ask(&app, "POST", &path, None, Some(strange)).await;
        assert_eq!(refused.body["code"], "interaction-strange_shipment");
        let finish = format!("/api/v1/interactions/{}/finish-step", logged.body["id"].as_str().unwrap());
        assert_eq!(ask(&app, "POST", &finish, None, None).await.body["customer"], id);
        let again = ask(&app, "POST", &finish, None, None).await;
        assert_eq!(again.body["code"], "customer-no_open_step");
        let reopen = finish.replace("finish-step", "reopen-step");
        assert_eq!(ask(&app, "POST", &reopen, None, None).await.body["customer"], id);
        assert_eq!(ask(&app, "POST", &reopen, None, None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let other = program(db, &person("li", "south", Scope::Own));
        let take_back = finish.replace("finish-step", "take-back");
        assert_eq!(ask(&other, "POST", &take_back, None, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ask(&app, "POST", &take_back, None, None).await.body["text"], "谈了报价");
        assert_eq!(ask(&app, "GET", &path, None, None).await.body["rows"], json!([]));
        assert_eq!(ask(&app, "POST", &take_back, None, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ask(&other, "POST", &finish, None, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ask(&other, "GET", &path, None, None).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_stage_is_set_by_hand_only_with_a_reason(db: Db) {
        let zhang = person("zhang", "south", Scope::Own);
        let id = Customers::new(db.clone()).create(&zhang, samples::draft("明为公司")).await.unwrap().id;
        let app = program(db, &zhang);
        let path = format!("/api/v1/customers/{id}/stage");
        let tries = [
            (json!({"stage": "loyal", "reason": "x"}), "customer-stage_not_by_hand"),
            (json!({"stage": "target", "reason": " "}), "customer-reason_missing"),
            (json!({"stage": "target", "reason": "a\0"}), "invalid"),
            (json!({"stage": "best", "reason": "x"}), "invalid"),
        ];
        for (body, code) in tries {
            assert_eq!(ask(&app, "POST", &path, None, Some(body)).await.body["code"], code);
        }
        let set = ask(&app, "POST", &path, None, Some(json!({"stage": "target", "reason": "展会"}))).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT);
        let read = ask(&app, "GET", &format!("/api/v1/customers/{id}"), None, None).await;
        assert_eq!(read.body["stage"], "target");
    }

    async fn what_a_program_sends_wrong_is_named(db: Db) {
        let app = program(db, &person("zhang", "south", Scope::Own));
        let long = "长".repeat(10_000);
        let bodies = [
            (json!({"name": long}), "name"),
            (json!({"name": "a\u{0}b"}), "name"),
            (json!({"name": "x", "credit_code": "1"}), "credit_code"),
            (json!({"nickname": "x"}), "body"),
            (json!([]), "body"),
        ];
        for (body, field) in bodies {
            let refused = ask(&app, "POST", "/api/v1/customers", None, Some(body)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(refused.body["fields"][0]["field"], field);
        }
        for path in ["/api/v1/customers/x", "/api/v1/customers/a%00b", "/api/v1/customers/%F0%9F%9A%A2"] {
            assert_eq!(ask(&app, "GET", path, None, None).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(ask(&app, "GET", "/api/v1/customers", None, None).await.body["rows"], json!([]));
    }

    async fn the_description_for_programs_names_every_route(db: Db) {
        let module = customers::module(Customers::new(db));
        let described = module.openapi.unwrap();
        for route in module.routes.iter().filter(|route| route.path.starts_with("/api/")) {
            let operation = &described["paths"][route.path][route.method.as_str().to_lowercase()];
            assert!(operation["responses"].is_object(), "{} {}", route.method, route.path);
        }
        let text = described.to_string();
        for schema in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(described["components"]["schemas"][schema].is_object(), "{schema}");
        }
    }
}
