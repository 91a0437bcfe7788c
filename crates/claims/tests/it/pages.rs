//! What people read and click, and what programs ask.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::{Actor, Scope};
use claims::Claims;
use db::{Db, db_tests};
use exceptions::exception::Kind;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::deciding::full;
use crate::{House, chen, person, without};

pub fn texts(db: &Db, claims: &Claims) -> Texts {
    let modules = [
        customers::module(customers::Customers::new(db.clone())),
        shipments::module(shipments::Shipments::new(db.clone())),
        calendar::module(calendar::Calendars::new(db.clone())),
        exceptions::module(exceptions::Exceptions::new(db.clone())),
        attachments::module(claims.attachments().clone()),
        claims::module(claims.clone()),
    ];
    let all = modules.into_iter().filter_map(|module| module.locales);
    Texts::load(std::iter::once(web::locales()).chain(all)).unwrap()
}

fn program(house: &House, actor: &Actor) -> Router {
    serve(house, actor, claims::module(house.claims.clone()).routes)
}

fn serve(house: &House, actor: &Actor, routes: module::Routes) -> Router {
    let shell = Arc::new(Shell { texts: texts(&house.db, &house.claims).into(), menu: Vec::new() });
    routes
        .into_router()
        .layer(middleware::from_fn(web::faces::give_faces))
        .layer(Extension(actor.clone()))
        .layer(Extension(shell))
        .layer(Extension(Preferences::default()))
}

async fn get(app: &Router, path: &str) -> (StatusCode, Html) {
    answer(app, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, form: &str) -> (StatusCode, Html) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    answer(app, request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn upload(app: &Router, path: &str, name: &str, bytes: &[u8]) -> (StatusCode, Html) {
    let mut body =
        format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--cut--\r\n");
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    answer(app, request.body(Body::from(body)).unwrap()).await
}

async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, Html) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, Html::parse_document(&String::from_utf8_lossy(&bytes)))
}

async fn ask(app: &Router, method: &str, path: &str, version: Option<i64>, body: Value) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(version) = version {
        request = request.header(header::IF_MATCH, format!("\"{version}\""));
    }
    let response = app.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// The texts of the elements, blanks between their parts made one.
fn found(html: &Html, css: &str) -> Vec<String> {
    let wanted = Selector::parse(css).unwrap();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    html.select(&wanted).map(|one| text(one).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// What the forms of the page do, apart from those of its frame.
fn offered(html: &Html) -> Vec<String> {
    let wanted = Selector::parse("form[method=post][action^='/claims/']").unwrap();
    let last = |to: &str| to.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let mut all: Vec<String> = html.select(&wanted).filter_map(|one| one.attr("action")).map(last).collect();
    all.sort();
    all.dedup();
    all
}

db_tests! {
    async fn the_page_of_a_claim_offers_what_comes_next_until_it_is_closed(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let (app, path) = (program(&house, &chen()), format!("/claims/{}", claim.id));
        let (status, page) = get(&app, &path).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(offered(&page), ["amounts", "ask-carrier", "blame", "decide", "files", "hand-over", "withdraw"]);
        let decide = |form: &'static str| post_to(app.clone(), format!("{path}/decide"), form);
        let wrong = decide("version=1&decision=part&amount=1000&reason=x").await;
        assert_eq!((wrong.0, found(&wrong.1, "#amount-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let word = decide("version=1&decision=half").await;
        assert_eq!((word.0, found(&word.1, "#decision-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let stale = decide("version=9&decision=full").await;
        assert_eq!((stale.0, found(&stale.1, "[data-problem]").len()), (StatusCode::CONFLICT, 1));
        assert_eq!(decide("version=1&decision=part&amount=900&reason=包装").await.0, StatusCode::SEE_OTHER);
        let (_, page) = get(&app, &path).await;
        assert_eq!(offered(&page), ["ask-carrier", "blame", "decide", "files", "hand-over", "pay", "withdraw"]);
        let future = post(&app, &format!("{path}/pay"), "version=2&paid_on=2030-01-01").await;
        assert_eq!((future.0, found(&future.1, "#paid_on-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(post(&app, &format!("{path}/pay"), "version=2&reference=TT1").await.0, StatusCode::SEE_OTHER);
        let carrier = "version=3&from=迅捷&carrier_amount=900";
        assert_eq!(post(&app, &format!("{path}/ask-carrier"), carrier).await.0, StatusCode::SEE_OTHER);
        let (_, page) = get(&app, &path).await;
        assert_eq!(offered(&page), ["ask-carrier", "blame", "close", "files", "give-up", "hand-over", "recovered"]);
        let more = post(&app, &format!("{path}/recovered"), "version=4&back_amount=901").await;
        assert_eq!((more.0, found(&more.1, "#back_amount-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(post(&app, &format!("{path}/recovered"), "version=4&back_amount=900").await.0, StatusCode::SEE_OTHER);
        assert_eq!(post(&app, &format!("{path}/blame"), "version=5&liable=carrier").await.0, StatusCode::SEE_OTHER);
        assert_eq!(post(&app, &format!("{path}/close"), "version=6").await.0, StatusCode::SEE_OTHER);
        assert_eq!(offered(&get(&app, &path).await.1), [""; 0]);
        let stranger = program(&house, &person("zhang", Scope::Own));
        assert_eq!(get(&stranger, &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(post(&stranger, &format!("{path}/close"), "version=7").await.0, StatusCode::NOT_FOUND);
    }

    async fn who_only_raises_claims_is_not_offered_to_decide_or_to_pay(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let now = house.decided(&claim, &full()).await;
        let rep = without(&without(&chen(), claims::HANDLE), claims::PAY);
        let path = format!("/claims/{}", claim.id);
        let app = program(&house, &rep);
        assert_eq!(offered(&get(&app, &path).await.1), ["files", "withdraw"]);
        let pay = post(&app, &format!("{path}/pay"), &format!("version={}", now.version)).await;
        assert_eq!(pay.0, StatusCode::FORBIDDEN);
    }

    async fn a_claim_is_raised_from_an_exception_or_for_a_customer_who_is_looked_for(db: Db) {
        let house = House::of(&db).await;
        let one = house.exception(Kind::Loss).await;
        let app = program(&house, &chen());
        let (status, page) = get(&app, &format!("/claims/new?exception={}", one.id)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((found(&page, "#what"), found(&page, "#waybill").len()), (vec!["两箱受潮".to_owned()], 0));
        assert_eq!(found(&page, "#kind option[selected]"), ["丢失"]);
        let form = format!("exception={}&kind=loss&what=两箱&asked=abc&currency=CNY&liable=open", one.id);
        let again = post(&app, "/claims", &form).await;
        assert_eq!((again.0, found(&again.1, "#asked-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(found(&again.1, "#what"), ["两箱"], "what was typed is kept");
        assert_eq!(post(&app, "/claims", &form.replace("abc", "500")).await.0, StatusCode::SEE_OTHER);
        let twice = post(&app, "/claims", &form.replace("abc", "500")).await;
        assert_eq!((twice.0, found(&twice.1, "[data-problem]").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(get(&app, "/claims/new?exception=none").await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, "/claims/new?customer=none").await.0, StatusCode::NOT_FOUND);
        let gone = post(&app, "/claims", "exception=none&kind=loss&what=x&asked=5").await;
        assert_eq!(gone.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(found(&gone.1, "[data-problem]")[0].contains("没有这条异常"));
        let (_, who) = get(&app, "/claims/new?q=红木").await;
        assert_eq!(found(&who, "tbody tr").len(), 1);
        let form = format!("customer={}&waybill=YD9&kind=damage&what=x&asked=5&currency=CNY&liable=us", house.customer);
        let strange = post(&app, "/claims", &form).await;
        assert_eq!((strange.0, found(&strange.1, "#waybill-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(post(&app, "/claims", &form.replace("YD9", "YD1")).await.0, StatusCode::SEE_OTHER);
        assert_eq!(found(&get(&app, "/claims").await.1, "tbody tr").len(), 2);
        assert_eq!(found(&get(&app, "/claims?kind=loss&mine=on&q=YD1").await.1, "tbody tr").len(), 1);
        assert_eq!(found(&get(&app, "/claims?state=closed").await.1, ".empty-state").len(), 1);
    }

    async fn the_page_of_an_exception_leads_to_a_claim_for_whoever_may_raise_one(db: Db) {
        let house = House::of(&db).await;
        let one = house.exception(Kind::Loss).await;
        let href = format!("a[href='/claims/new?exception={}']", one.id);
        for (actor, links) in [(chen(), 1), (without(&chen(), claims::RAISE), 0)] {
            let routes = exceptions::module(exceptions::Exceptions::new(db.clone())).routes;
            let (status, page) = get(&serve(&house, &actor, routes), &format!("/exceptions/{}", one.id)).await;
            assert_eq!((status, found(&page, &href).len()), (StatusCode::OK, links));
        }
    }

    async fn a_file_that_is_no_evidence_is_refused_on_the_page_of_its_claim(db: Db) {
        let house = House::of(&db).await;
        let claim = house.raised("1000").await;
        let (app, path) = (program(&house, &chen()), format!("/claims/{}/files", claim.id));
        let svg = upload(&app, &path, "x.svg", b"<svg/>").await;
        assert_eq!((svg.0, found(&svg.1, "#files [data-problem]").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let large = upload(&app, &path, "x.jpg", &vec![b'x'; 21 << 20]).await;
        assert_eq!((large.0, found(&large.1, "#files [data-problem]").len()), (StatusCode::PAYLOAD_TOO_LARGE, 1));
        assert_eq!(upload(&app, &path, "x.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 seen").await.0, StatusCode::SEE_OTHER);
        let file = &house.claims.files(&chen(), &claim.id).await.unwrap()[0].id;
        assert_eq!(get(&app, &format!("{path}/{file}")).await.0, StatusCode::OK);
        assert_eq!(post(&app, &format!("{path}/{file}/remove"), "").await.0, StatusCode::SEE_OTHER);
        assert_eq!(get(&app, &format!("{path}/{file}")).await.0, StatusCode::NOT_FOUND);
    }

    async fn the_list_goes_on_behind_its_last_row_and_a_made_up_place_is_a_sentence(db: Db) {
        let house = House::of(&db).await;
        for _ in 0..5 {
            house.raised("10").await;
        }
        let app = program(&house, &chen());
        for (state, rows) in [("open", 5), ("all", 5), ("closed", 0)] {
            let (mut count, mut path) = (0, format!("/api/v1/claims?state={state}&rows=2"));
            loop {
                let (status, page) = ask(&app, "GET", &path, None, Value::Null).await;
                assert_eq!(status, StatusCode::OK, "{page}");
                count += page["rows"].as_array().unwrap().len();
                let Some(next) = page["next"].as_str() else { break };
                path = format!("/api/v1/claims?state={state}&rows=2&after={next}");
            }
            assert_eq!(count, rows, "{state}");
        }
        let made_up = base::Cursor { key: "-99999999-01-01T00:00:00Z".into(), id: "x".into() }.encode();
        for path in ["/claims?after=zz".into(), format!("/claims?state=all&after={made_up}"), format!("/claims?after={made_up}")] {
            assert_eq!(get(&app, &path).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
    }

    async fn a_program_raises_decides_and_pays_with_the_version_it_has_read(db: Db) {
        let house = House::of(&db).await;
        let app = program(&house, &chen());
        let draft = json!({"customer": house.customer, "waybill": "YD1", "kind": "damage", "what": "x", "asked": "1000"});
        let (status, one) = ask(&app, "POST", "/api/v1/claims", None, draft).await;
        assert_eq!((status, &one["number"], &one["asked_minor"]), (StatusCode::CREATED, &json!("LP-2026-0001"), &json!(100_000)), "{one}");
        let path = format!("/api/v1/claims/{}", one["id"].as_str().unwrap());
        let decide = json!({"decision": "full"});
        let to = format!("{path}/decide");
        assert_eq!(ask(&app, "POST", &to, None, decide.clone()).await.0, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(ask(&app, "POST", &to, Some(7), decide.clone()).await.0, StatusCode::CONFLICT);
        assert_eq!(ask(&app, "POST", &to, Some(1), decide).await.1["status"], "approved");
        let (_, paid) = ask(&app, "POST", &format!("{path}/pay"), Some(2), json!({"on": "2026-11-20"})).await;
        assert_eq!((&paid["status"], &paid["cost_minor"], &paid["left_minutes"]), (&json!("paid"), &json!(100_000), &Value::Null));
        let (_, cost) = ask(&app, "GET", &format!("/api/v1/customers/{}/claim-cost", house.customer), None, Value::Null).await;
        assert_eq!(cost, json!({"minor": 100_000, "currency": "CNY", "apart": []}));
        let (status, none) = ask(&app, "GET", "/api/v1/claims/none", None, Value::Null).await;
        assert_eq!((status, &none["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }
}

async fn post_to(app: Router, path: String, form: &'static str) -> (StatusCode, Html) {
    post(&app, &path, form).await
}
