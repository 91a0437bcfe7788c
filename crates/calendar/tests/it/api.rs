//! What programs ask and get.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use calendar::Calendars;
use db::db_tests;
use serde_json::{Value, json};

use crate::{Got, department, keeper, program};

async fn call(app: &Router, method: &str, path: &str, version: Option<&str>, body: Option<Value>) -> Got {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(version) = version {
        request = request.header(header::IF_MATCH, version);
    }
    let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
    crate::ask(app, request.body(body).unwrap()).await
}

fn told(got: &Got) -> Value {
    serde_json::from_str(&got.body).unwrap_or_else(|_| panic!("{}", got.body))
}

fn notice() -> Value {
    json!({"days": [
        {"day": "2026-10-01", "kind": "holiday", "name": "国庆节"},
        {"day": "2026-10-10", "kind": "make_up", "name": "国庆节"},
    ]})
}

async fn due(app: &Router, ask: Value) -> Value {
    let got = call(app, "POST", "/api/v1/calendar/due", None, Some(ask)).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    told(&got)
}

db_tests! {
    async fn a_program_tells_a_year_and_reads_it_back(db: Db) {
        let app = program(&db, &keeper());
        let path = "/api/v1/calendar/years/2026";
        let empty = call(&app, "GET", path, None, None).await;
        assert_eq!((empty.etag.as_deref(), &told(&empty)["loaded"]), (Some("\"0\""), &json!(false)));
        assert_eq!(call(&app, "PUT", path, None, Some(notice())).await.status, StatusCode::PRECONDITION_REQUIRED);
        let put = call(&app, "PUT", path, Some("\"0\""), Some(notice())).await;
        assert_eq!((put.status, put.etag.as_deref()), (StatusCode::OK, Some("\"1\"")), "{}", put.body);
        assert_eq!(call(&app, "PUT", path, Some("\"0\""), Some(notice())).await.status, StatusCode::CONFLICT);
        let read = told(&call(&app, "GET", path, None, None).await);
        assert_eq!(read["days"][1], json!({"day": "2026-10-10", "kind": "make_up", "name": "国庆节", "origin": "file"}));
        let years = told(&call(&app, "GET", "/api/v1/calendar/years", None, None).await);
        assert_eq!(years, json!([{"year": 2026, "loaded": true, "version": 1, "holidays": 1, "make_up_workdays": 1}]));
        assert_eq!(call(&app, "GET", "/api/v1/calendar/years/26", None, None).await.status, StatusCode::NOT_FOUND);
    }

    async fn days_that_cannot_be_are_named(db: Db) {
        let app = program(&db, &keeper());
        let long = "长".repeat(10_000);
        for (days, field) in [
            (json!([{"day": "2027-01-01", "kind": "holiday", "name": "元旦"}]), "days[0]"),
            (json!([{"day": "2026-01-01", "kind": "holiday", "name": "元旦"}, {"day": "2026-01-01", "kind": "make_up", "name": "元旦"}]), "days[1]"),
            (json!([{"day": "2026-01-01", "kind": "holiday", "name": "a\0b"}]), "days[0]"),
            (json!([{"day": "2026-01-01", "kind": "holiday", "name": long}]), "days[0]"),
            (json!([{"day": "2026-02-30", "kind": "holiday", "name": "x"}]), "body"),
            (json!([{"day": "2026-01-01", "kind": "feast", "name": "x"}]), "body"),
        ] {
            let got = call(&app, "PUT", "/api/v1/calendar/years/2026", Some("\"0\""), Some(json!({"days": days}))).await;
            assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", got.body);
            assert!(got.body.contains(&format!("\"{field}\"")), "{field}: {}", got.body);
        }
        let none = call(&app, "PUT", "/api/v1/calendar/years/2026", Some("\"0\""), Some(json!({"days": []}))).await;
        assert!(none.body.contains("calendar-year_without_holidays"), "{}", none.body);
    }

    async fn a_program_keeps_the_hours_of_a_department(db: Db) {
        let service = department(&db, "客服部", None).await;
        let app = program(&db, &keeper());
        let path = format!("/api/v1/calendar/hours/{service}");
        let inherited = call(&app, "GET", &path, None, None).await;
        assert_eq!((inherited.etag.as_deref(), &told(&inherited)["holder"]), (Some("\"0\""), &json!("firm")));
        let draft = json!({"hours": {"saturday": ["09:00-12:00"], "sunday": ["22:00-06:00"]}, "zone": "Asia/Shanghai"});
        let set = call(&app, "PUT", &path, Some("\"0\""), Some(draft.clone())).await;
        assert_eq!((set.status, set.etag.as_deref()), (StatusCode::NO_CONTENT, Some("\"1\"")), "{}", set.body);
        let read = told(&call(&app, "GET", &path, None, None).await);
        assert_eq!((&read["hours"]["sunday"], &read["holder"]), (&json!(["22:00-06:00"]), &json!(service.as_str())));
        assert_eq!(told(&call(&app, "GET", "/api/v1/calendar/hours", None, None).await).as_array().unwrap().len(), 2);
        assert_eq!(call(&app, "PUT", &path, Some("\"0\""), Some(draft)).await.status, StatusCode::CONFLICT);
        assert_eq!(call(&app, "DELETE", &path, Some("\"1\""), None).await.status, StatusCode::NO_CONTENT);
        assert_eq!(call(&app, "DELETE", &path, Some("\"1\""), None).await.status, StatusCode::NOT_FOUND);
        for hours in [json!({"monday": ["25:00-26:00"]}), json!({"someday": []}), json!({"monday": ["09:00-12:00", "10:00-11:00"]}), json!({})] {
            let draft = json!({"hours": hours, "zone": "Asia/Shanghai"});
            let got = call(&app, "PUT", &path, Some("\"0\""), Some(draft)).await;
            assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", got.body);
        }
        assert_eq!(call(&app, "GET", "/api/v1/calendar/hours/nobody", None, None).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_program_asks_when_a_clock_is_due(db: Db) {
        let app = program(&db, &keeper());
        call(&app, "PUT", "/api/v1/calendar/years/2026", Some("\"0\""), Some(notice())).await;
        // Friday 9 October 17:00 in Shanghai; the Saturday makes up.
        let asked = json!({"started": "2026-10-09T09:00:00Z", "minutes": 180, "at": "2026-10-10T01:30:00Z", "legal_days": 7});
        let answer = due(&app, asked).await;
        assert_eq!((&answer["due_at"], &answer["state"]), (&json!("2026-10-10T03:00:00Z"), &json!("running")));
        assert_eq!((&answer["elapsed_minutes"], &answer["left_minutes"], &answer["caution"]), (&json!(90), &json!(90), &Value::Null));
        assert_eq!((&answer["legal"]["last_day"], &answer["legal"]["due_at"]), (&json!("2026-10-16"), &json!("2026-10-16T16:00:00Z")));
        let held = json!({"started": "2026-10-09T09:00:00Z", "minutes": 180, "at": "2026-10-10T01:30:00Z", "holds": [{"from": "2026-10-10T01:00:00Z"}]});
        let answer = due(&app, held).await;
        assert_eq!((&answer["due_at"], &answer["state"], &answer["left_minutes"]), (&Value::Null, &json!("on_hold"), &json!(120)));
    }

    async fn a_due_time_in_a_year_not_loaded_comes_with_a_sentence(db: Db) {
        let app = program(&db, &keeper());
        let answer = due(&app, json!({"started": "2026-12-31T09:00:00Z", "minutes": 180})).await;
        assert_eq!(answer["unknown_years"], json!([2026, 2027]));
        assert!(answer["caution"].as_str().unwrap().contains("2026, 2027 年的节假日还没有导入"), "{answer}");
    }

    async fn questions_beyond_all_clocks_are_refused(db: Db) {
        let app = program(&db, &keeper());
        let started = "2026-10-09T09:00:00Z";
        for ask in [
            json!({"started": "9999-12-31T09:00:00Z", "minutes": 180}),
            json!({"started": "1000-12-31T09:00:00Z", "minutes": 180}),
            json!({"started": "2001-12-31T09:00:00Z", "minutes": 180}),
            json!({"started": started, "minutes": 4_000_000_000_u32}),
            json!({"started": started, "minutes": -1}),
            json!({"started": started, "minutes": 1, "legal_days": 99_999}),
            json!({"started": started, "minutes": 1, "department": "nobody"}),
            json!({"started": started, "minutes": 1, "holds": [{"from": "2026-10-10T00:00:00Z", "until": "2026-10-09T00:00:00Z"}]}),
            json!({"started": started, "minutes": 1, "holds": [{"from": "2026-10-10T00:00:00Z"}, {"from": "2026-10-11T00:00:00Z"}]}),
            json!({"minutes": 1}),
            json!({"started": started, "minutes": 1, "more": 1}),
        ] {
            let got = call(&app, "POST", "/api/v1/calendar/due", None, Some(ask.clone())).await;
            assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{ask}: {}", got.body);
        }
    }

    async fn every_api_route_is_described(db: Db) {
        let module = calendar::module(Calendars::new(db));
        let described = module.openapi.unwrap();
        for route in module.routes.iter().filter(|route| route.path.starts_with("/api/")) {
            let method = route.method.as_str().to_lowercase();
            assert!(described["paths"][route.path].get(&method).is_some(), "{method} {}", route.path);
        }
    }
}
