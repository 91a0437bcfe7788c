//! What programs ask and get.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::Actor;
use db::{Db, db_tests};
use serde_json::{Value, json};
use shipments::Shipments;
use tower::ServiceExt;

use crate::{customer, manager};

fn program(db: Db, actor: &Actor) -> Router {
    shipments::module(Shipments::new(db))
        .routes
        .into_router()
        .layer(Extension(actor.clone()))
        .layer(middleware::from_fn(web::faces::give_faces))
}

struct Got {
    status: StatusCode,
    etag: Option<String>,
    body: Value,
}

async fn ask(app: &Router, method: &str, path: &str, version: Option<&str>, body: Option<Value>) -> Got {
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

fn late(customer: &str) -> Value {
    json!({
        "customer": customer, "source": "tms", "waybill": "YD1", "payment_term": "monthly",
        "lines": [{
            "origin": "上海", "destination": "成都", "mode": "truck",
            "promised_on": "2026-11-05", "delivered_on": "2026-11-07",
            "revenue_minor": 12300, "revenue_currency": "CNY",
        }],
        "milestones": [{"kind": "signed", "actual_at": "2026-11-07T02:00:00Z"}],
    })
}

db_tests! {
    async fn a_program_records_reads_and_changes_a_shipment(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let app = program(db, &manager());
        let draft = late(ming.as_str());
        let made = ask(&app, "POST", "/api/v1/shipments", None, Some(draft.clone())).await;
        assert_eq!((made.status, made.etag.as_deref()), (StatusCode::CREATED, Some("\"1\"")), "{}", made.body);
        let path = format!("/api/v1/shipments/{}", made.body["id"].as_str().unwrap());
        let read = ask(&app, "GET", &path, None, None).await;
        assert_eq!((read.status, read.etag.as_deref()), (StatusCode::OK, Some("\"1\"")));
        assert_eq!(read.body["lines"][0]["revenue_minor"], 12300);
        assert_eq!((&read.body["payment_term"], &read.body["milestones"][0]["kind"]), (&json!("monthly"), &json!("signed")));
        let mut changed = draft.clone();
        changed["container"] = json!("CSQU3054383");
        let answer = ask(&app, "POST", "/api/v1/shipments", Some("\"1\""), Some(changed.clone())).await;
        assert_eq!((answer.status, &answer.body["outcome"]), (StatusCode::OK, &json!("changed")));
        let stale = ask(&app, "POST", "/api/v1/shipments", Some("\"1\""), Some(draft)).await;
        assert_eq!((stale.status, &stale.body["code"]), (StatusCode::CONFLICT, &json!("conflict")));
        let again = ask(&app, "POST", "/api/v1/shipments", None, Some(changed)).await;
        assert_eq!((&again.body["outcome"], &again.body["version"]), (&json!("unchanged"), &json!(2)));
        let list = ask(&app, "GET", "/api/v1/shipments?late=true&mode=truck", None, None).await;
        assert_eq!((&list.body["rows"][0]["waybill"], &list.body["next"]), (&json!("YD1"), &Value::Null));
        assert_eq!(ask(&app, "GET", "/api/v1/shipments/none", None, None).await.status, StatusCode::NOT_FOUND);
    }

    async fn twelve_who_write_lines_of_one_shipment_at_once_are_all_taken(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let app = program(db, &manager());
        let asked = (1..=12).map(|line| {
            let (app, mut draft) = (app.clone(), late(ming.as_str()));
            draft["lines"][0]["line"] = json!(line.to_string());
            tokio::spawn(async move { ask(&app, "POST", "/api/v1/shipments", None, Some(draft)).await })
        });
        let (mut created, mut id) = (0, String::new());
        for task in asked.collect::<Vec<_>>() {
            let got = task.await.unwrap();
            assert!(got.status.is_success(), "{} {}", got.status, got.body);
            created += usize::from(got.status == StatusCode::CREATED);
            id = got.body["id"].as_str().unwrap().to_owned();
        }
        let read = ask(&app, "GET", &format!("/api/v1/shipments/{id}"), None, None).await;
        assert_eq!((created, read.body["lines"].as_array().unwrap().len(), &read.body["version"]), (1, 12, &json!(12)));
    }

    async fn a_program_hears_of_days_that_cannot_be_by_field(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let app = program(db, &manager());
        let with = |change: &dyn Fn(&mut Value)| {
            let mut draft = late(ming.as_str());
            change(&mut draft);
            draft
        };
        let wrong = [
            (with(&|it| it["booked_on"] = json!("2026-11-25")), "booked_on", "shipment-not_yet"),
            (with(&|it| it["lines"][0]["delivered_on"] = json!("2026-11-25")), "lines.0.delivered_on", "shipment-not_yet"),
            (
                with(&|it| it["milestones"][0]["actual_at"] = json!("2026-11-24T16:00:00Z")),
                "milestones.0.actual_at",
                "shipment-not_yet",
            ),
            (with(&|it| it["booked_on"] = json!("2026-11-08")), "lines.0.delivered_on", "shipment-delivered_before_booked"),
        ];
        for (draft, field, key) in wrong {
            let got = ask(&app, "POST", "/api/v1/shipments", None, Some(draft)).await;
            assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", got.body);
            let told = got.body.to_string();
            assert!(told.contains(field) && told.contains(key), "{told}");
        }
        let fine = with(&|it| it["lines"][0]["delivered_on"] = json!("2026-11-24"));
        assert_eq!(ask(&app, "POST", "/api/v1/shipments", None, Some(fine)).await.status, StatusCode::CREATED);
        let month = ask(&app, "GET", "/api/v1/shipments?month=2026-99", None, None).await;
        assert_eq!(month.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_program_that_leaves_days_to_the_milestones_has_them_from_there(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let app = program(db, &manager());
        let draft = json!({
            "customer": ming.as_str(), "source": "tms", "waybill": "MS1", "lines": [{"origin": "上海"}],
            "milestones": [
                {"kind": "picked_up", "actual_at": "2025-03-01T01:30:00Z"},
                {"kind": "signed", "planned_at": "2025-03-04T16:00:00Z", "actual_at": "2025-03-06T02:00:00Z"},
            ],
        });
        let made = ask(&app, "POST", "/api/v1/shipments", None, Some(draft.clone())).await;
        let path = format!("/api/v1/shipments/{}", made.body["id"].as_str().unwrap());
        let read = ask(&app, "GET", &path, None, None).await.body;
        let line = &read["lines"][0];
        assert_eq!((&read["shipped_on"], &line["promised_on"], &line["promised_at"]), (&json!("2025-03-01"), &json!("2025-03-05"), &Value::Null));
        assert_eq!((&line["delivered_on"], &line["delivered_at"]), (&json!("2025-03-06"), &json!("2025-03-06T02:00:00Z")));
        let again = ask(&app, "POST", "/api/v1/shipments", None, Some(draft.clone())).await;
        assert_eq!(again.body["outcome"], "unchanged");
        let mut corrected = draft;
        corrected["lines"] = json!([]);
        corrected["milestones"] = json!([{"kind": "signed", "planned_at": "2025-03-06T16:00:00Z"}]);
        ask(&app, "POST", "/api/v1/shipments", None, Some(corrected)).await;
        let line = &ask(&app, "GET", &path, None, None).await.body["lines"][0];
        assert_eq!((&line["promised_on"], &line["delivered_on"]), (&json!("2025-03-07"), &Value::Null));
    }

    async fn a_program_reads_who_is_served_on_time(db: Db) {
        let ming = customer(&db, &manager(), "明为公司").await;
        let app = program(db, &manager());
        ask(&app, "POST", "/api/v1/shipments", None, Some(late(ming.as_str()))).await;
        let report = ask(&app, "GET", "/api/v1/reports/on-time?by=customer&grain=shipment", None, None).await.body;
        let row = &report["rows"][0];
        assert_eq!((&row["key"], &row["customer"]), (&json!("明为公司"), &json!(ming)));
        assert_eq!((&row["on_time"], &row["total"], &row["rate"]), (&json!(0), &json!(1), &json!(0.0)));
        let cells = ask(&app, "GET", "/api/v1/reports/on-time/cells?month=2026-11", None, None).await.body;
        assert_eq!((&cells[0]["destination"], &cells[0]["figure"]["total"]), (&json!("成都"), &json!(1)));
        let behind = ask(&app, "GET", "/api/v1/reports/on-time/lines?only=late", None, None).await.body;
        assert_eq!(behind["rows"][0]["waybill"], "YD1");
        let trend = ask(&app, "GET", &format!("/api/v1/customers/{ming}/on-time"), None, None).await.body;
        assert_eq!(trend[0]["month"], "2026-11");
    }

    async fn words_that_no_set_holds_are_refused(db: Db) {
        let app = program(db, &manager());
        for path in [
            "/api/v1/shipments?mode=balloon",
            "/api/v1/shipments?sort=price",
            "/api/v1/shipments?month=2026-13",
            "/api/v1/shipments?after=xyz",
            "/api/v1/reports/on-time?by=price",
        ] {
            let refused = ask(&app, "GET", path, None, None).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        let unknown = json!({"customer": "x", "source": "tms", "waybill": "YD1", "price": 1});
        let refused = ask(&app, "POST", "/api/v1/shipments", None, Some(unknown)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_program_keeps_dated_rates(db: Db) {
        let app = program(db, &manager());
        let path = "/api/v1/exchange-rates/USD/2026-11-01";
        let set = ask(&app, "PUT", path, None, Some(json!({"rate": "7.1200"}))).await;
        assert_eq!((set.status, &set.body["rate"]), (StatusCode::OK, &json!("7.12")));
        let all = ask(&app, "GET", "/api/v1/exchange-rates", None, None).await.body;
        assert_eq!(all, json!([{"into_currency": "CNY", "currency": "USD", "on_day": "2026-11-01", "rate": "7.12"}]));
        assert_eq!(ask(&app, "PUT", path, None, Some(json!({"rate": "0"}))).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(ask(&app, "DELETE", path, None, None).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ask(&app, "DELETE", path, None, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ask(&app, "PUT", "/api/v1/exchange-rates/XXQ/2026-11-01", None, Some(json!({"rate": "1"}))).await.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn every_api_route_is_described() {
    let described = module_json();
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 8);
    for (path, method) in [("/api/v1/shipments", "post"), ("/api/v1/exchange-rates/{currency}/{day}", "delete")] {
        assert!(paths[path].get(method).is_some(), "{path}");
    }
}

#[test]
fn what_the_description_refers_to_is_described_and_every_operation_has_its_own_name() {
    let described = module_json();
    let text = described.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(described.pointer(reference).is_some(), "{reference}");
    }
    let operations =
        described["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut names: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!((names.len(), count), (10, 10));
}

fn module_json() -> Value {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let folder = std::env::temp_dir().join(base::Id::new(manager().now).into_text());
    let db = runtime.block_on(Db::connect(&db::Location::Sqlite(folder.join("x.db")))).unwrap();
    let described = shipments::module(Shipments::new(db)).openapi.unwrap();
    let _ = std::fs::remove_dir_all(folder);
    described
}
