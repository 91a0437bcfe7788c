//! What people and programs read and send.

use std::sync::Arc;

use approvals::Approvals;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::Actor;
use db::db_tests;
use scraper::{Html, Selector};
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::{ask_for, asker, boss, customer_of, house, manager, yuan};

fn program(approvals: &Approvals, actor: &Actor) -> Router {
    let module = approvals::module(approvals.clone());
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

async fn ask(app: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn get(app: &Router, path: &str) -> (StatusCode, String) {
    ask(app, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, form: &str) -> (StatusCode, String) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(app, request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn send(app: &Router, path: &str, json: &str) -> (StatusCode, serde_json::Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let (status, body) = ask(app, request.body(Body::from(json.to_owned())).unwrap()).await;
    (status, serde_json::from_str(&body).unwrap())
}

fn found(html: &str, css: &str) -> Vec<String> {
    let wanted = Selector::parse(css).unwrap();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    let page = Html::parse_document(html);
    page.select(&wanted).map(|one| text(one).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

db_tests! {
    async fn a_manager_finds_what_waits_and_answers_it(db: Db) {
        let approvals = house(&db).await;
        let customer = customer_of(&db, &asker(), "<b>明为</b>公司").await;
        let id = ask_for(&db, &approvals, &asker(), ("c-1", Some(&customer)), Some(yuan(1_234))).await.unwrap();
        let app = program(&approvals, &manager());
        let (status, list) = get(&app, "/approvals").await;
        assert_eq!(status, StatusCode::OK);
        let row = found(&list, "tbody td");
        assert!(row.contains(&"<b>明为</b>公司".to_owned()) && row.iter().any(|cell| cell.contains("1,234.00")), "{row:?}");
        let path = format!("/approvals/{id}");
        let (_, page) = get(&app, &path).await;
        assert_eq!(found(&page, "form[action$='/decide'] button"), ["同意", "驳回"]);
        assert!(page.contains("href=\"/complaints/c-1\""));
        let (status, again) = post(&app, &format!("{path}/decide"), "answer=refuse").await;
        assert_eq!((status, found(&again, "#note-problem")), (StatusCode::UNPROCESSABLE_ENTITY, vec!["请说明驳回的原因。".to_owned()]));
        let (status, _) = post(&app, &format!("{path}/decide"), "answer=approve&note=ok").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (status, second) = post(&program(&approvals, &boss()), &format!("{path}/decide"), "answer=refuse&note=no").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(found(&second, ".notice-risk").concat().contains("wang 已同意"), "who comes second sees what happened");
        assert!(found(&second, "form[action$='/decide']").is_empty());
        let (_, list) = get(&app, "/approvals").await;
        assert_eq!(found(&list, "section:first-child tbody tr").len(), 0);
        assert!(found(&list, "section:last-of-type tbody tr").concat().contains("已同意"));
    }

    async fn whoever_asked_reads_why_he_cannot_answer_and_may_withdraw(db: Db) {
        let approvals = house(&db).await;
        let id = ask_for(&db, &approvals, &boss(), ("c-1", None), None).await.unwrap();
        let app = program(&approvals, &boss());
        let path = format!("/approvals/{id}");
        let (_, page) = get(&app, &path).await;
        assert!(found(&page, ".notice").concat().contains("须由他人审批"));
        assert!(found(&page, "form[action$='/decide']").is_empty());
        let (status, page) = post(&app, &format!("{path}/decide"), "answer=approve").await;
        assert_eq!((status, found(&page, ".notice-risk").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(post(&app, &format!("{path}/withdraw"), "").await.0, StatusCode::SEE_OTHER);
        assert_eq!(get(&program(&approvals, &asker()), &path).await.0, StatusCode::NOT_FOUND, "somebody else's");
    }

    async fn nothing_to_approve_is_said(db: Db) {
        let approvals = house(&db).await;
        let (status, page) = get(&program(&approvals, &asker()), "/approvals").await;
        assert_eq!((status, found(&page, ".empty-state").len()), (StatusCode::OK, 1));
    }

    async fn limits_are_read_and_typed(db: Db) {
        let approvals = house(&db).await;
        let app = program(&approvals, &boss());
        let (_, page) = get(&app, "/settings/approvals").await;
        let mut cells = found(&page, "tbody td.num");
        cells.sort();
        assert_eq!(cells.len(), 3);
        assert!(cells.contains(&"不限".to_owned()) && cells.contains(&"CNY 1,000.00".to_owned()), "{cells:?}");
        let path = "/settings/approvals/role-manager/compensation";
        assert!(get(&app, path).await.1.contains("value=\"20000\""));
        for wrong in ["", "most=-1", "most=1.5", "most=many", "most=99999999999"] {
            let (status, page) = post(&app, path, wrong).await;
            assert_eq!((status, found(&page, "#most-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{wrong}");
        }
        assert_eq!(post(&app, path, "most=50%2C000").await.0, StatusCode::SEE_OTHER);
        assert!(get(&app, path).await.1.contains("value=\"50000\""));
        assert_eq!(post(&app, path, "most=&unlimited=on").await.0, StatusCode::SEE_OTHER);
        assert!(get(&app, path).await.1.contains(" checked"));
        assert_eq!(get(&app, "/settings/approvals/x/compensation").await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, "/settings/approvals/role-manager/x").await.0, StatusCode::NOT_FOUND);
    }

    async fn a_program_reads_and_answers_the_same(db: Db) {
        let approvals = house(&db).await;
        let id = ask_for(&db, &approvals, &asker(), ("c-1", None), Some(yuan(99))).await.unwrap();
        let app = program(&approvals, &manager());
        let (status, list) = get(&app, "/api/v1/approvals").await;
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        assert_eq!((status, &list["rows"][0]["id"], &list["rows"][0]["amount"]), (StatusCode::OK, &id.0.clone().into(), &"99.00".into()));
        let path = format!("/api/v1/approvals/{id}");
        assert_eq!(get(&app, &path).await.0, StatusCode::OK);
        let (status, problem) = send(&app, &format!("{path}/decide"), r#"{"answer":"maybe"}"#).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &"invalid".into()));
        let (status, done) = send(&app, &format!("{path}/decide"), r#"{"answer":"refuse","note":"no photo"}"#).await;
        assert_eq!((status, &done["status"]), (StatusCode::OK, &"refused".into()));
        let (status, problem) = send(&app, &format!("{path}/decide"), r#"{"answer":"approve"}"#).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &"approval-refused_already".into()));
        let (_, decided) = get(&app, "/api/v1/approvals?half=decided&rows=1").await;
        assert!(decided.contains("no photo"));
        assert_eq!(get(&app, "/api/v1/approvals?half=none").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(get(&app, "/api/v1/approvals?half=decided&after=zz").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
