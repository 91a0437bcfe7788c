//! What people read and click, and what programs ask.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router, middleware};
use base::{Actor, Language, Scope};
use chrono::Duration;
use db::{Db, db_tests};
use exceptions::{ExceptionPanel, ExceptionTimeline, Exceptions};
use module::{CustomerPanel, TimelineSource};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::{MONDAY, all, at, customer, later, manager, person, planned, record, the_only, tick};

fn texts(db: &Db) -> Texts {
    let modules = [
        customers::module(customers::Customers::new(db.clone())),
        shipments::module(shipments::Shipments::new(db.clone())),
        calendar::module(calendar::Calendars::new(db.clone())),
        exceptions::module(Exceptions::new(db.clone())),
    ];
    let all = modules.into_iter().filter_map(|module| module.locales);
    Texts::load(std::iter::once(web::locales()).chain(all)).unwrap()
}

fn program(db: &Db, actor: &Actor) -> Router {
    let shell = Arc::new(Shell { texts: texts(db).into(), menu: Vec::new() });
    exceptions::module(Exceptions::new(db.clone()))
        .routes
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

async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, Html) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, Html::parse_document(std::str::from_utf8(&bytes).unwrap()))
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

/// Addresses that forms of the page are sent to.
fn actions(html: &Html) -> Vec<String> {
    let wanted = Selector::parse("main form[method=post], body form[method=post]").unwrap();
    let mut all: Vec<String> = html
        .select(&wanted)
        .filter_map(|one| one.attr("action"))
        .map(|to| to.rsplit('/').next().unwrap().to_owned())
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Late since Monday morning, one found each.
async fn late(db: &Db, owner: &Actor, customers: &[(&str, &str, &str)]) {
    for (name, waybill, voyage) in customers {
        let whose = customer(db, owner, name).await;
        let mut draft = planned(&whose, waybill, at(MONDAY) - Duration::hours(4), None);
        draft.transport_reference = (*voyage).into();
        record(db, &manager(), draft).await;
    }
    tick(db, at(MONDAY)).await;
}

db_tests! {
    async fn the_page_of_an_exception_offers_what_comes_next_and_a_text_in_the_customers_language(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, &[("Ming Wei Ltd", "YD1", "")]).await;
        let one = the_only(&db).await;
        let (app, path) = (program(&db, &zhang), format!("/exceptions/{}", one.id));
        let (status, page) = get(&app, &path).await;
        assert_eq!(status, StatusCode::OK);
        let offered = |page: &Html| actions(page).into_iter().filter(|act| !["preferences", "sign-out"].contains(&act.as_str())).collect::<Vec<_>>();
        assert_eq!(offered(&page), ["asked", "blame", "hand-over", "start", "tell", "void"]);
        let draft = found(&page, "#text");
        assert!(draft[0].contains("Dear Ming Wei Ltd, your shipment YD1 (上海 → 成都) is late") && draft[0].contains("Signed"), "{draft:?}");
        let (_, chinese) = get(&app, &format!("{path}?language=zh-CN")).await;
        assert!(found(&chinese, "#text")[0].contains("您的运单 YD1"));
        assert!(found(&page, "strong.text-warn")[0].contains('2'), "two working hours are left");
        let stale = post(&app, &format!("{path}/tell"), "version=9&how=call&text=hello").await;
        assert_eq!((stale.0, found(&stale.1, "[data-problem]").len()), (StatusCode::CONFLICT, 1));
        let empty = post(&app, &format!("{path}/tell"), "version=1&how=call&text=").await;
        assert_eq!((empty.0, found(&empty.1, "#text-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let future = post(&app, &format!("{path}/tell"), "version=1&how=call&text=x&told_at=2026-11-24T10:00").await;
        assert_eq!((future.0, found(&future.1, "#told_at-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(post(&app, &format!("{path}/tell"), "version=1&how=call&text=hello").await.0, StatusCode::SEE_OTHER);
        assert_eq!(offered(&get(&app, &path).await.1), ["blame", "hand-over", "solve", "start", "void"]);
        assert_eq!(post(&app, &format!("{path}/solve"), "version=2&solution=done").await.0, StatusCode::SEE_OTHER);
        assert_eq!(offered(&get(&app, &path).await.1), ["blame"]);
        let stranger = program(&db, &person("li", Scope::Own));
        assert_eq!(get(&stranger, &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(post(&stranger, &format!("{path}/blame"), "version=3&liable=us").await.0, StatusCode::NOT_FOUND);
    }

    async fn a_group_is_one_row_and_one_form_tells_all_that_are_ticked(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, &[("明为公司", "YD1", "V.001E"), ("红木家具厂", "YD2", "V.001E"), ("别的客户", "YD3", "")]).await;
        let app = program(&db, &zhang);
        let (_, list) = get(&app, "/exceptions").await;
        assert_eq!(found(&list, "tbody tr").len(), 2);
        assert!(found(&list, "td.cell-title").iter().any(|title| title.starts_with("V.001E")));
        let (_, group) = get(&app, "/exceptions/group?key=late%2FV.001E").await;
        assert_eq!(found(&group, "tbody tr").len(), 2);
        let picks: Vec<String> = all(&db).await.iter().filter(|one| !one.transport_reference.is_empty()).map(|one| format!("pick-{}=1", one.id)).collect();
        let none = post(&app, "/exceptions/group/tell", "key=late/V.001E&how=email").await;
        assert_eq!((none.0, found(&none.1, "[data-problem]").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let told = post(&app, "/exceptions/group/tell", &format!("key=late/V.001E&how=email&{}", picks.join("&"))).await;
        assert_eq!(told.0, StatusCode::SEE_OTHER);
        assert_eq!(all(&db).await.iter().filter(|one| one.told_text.contains("您好")).count(), 2);
        assert_eq!(found(&get(&app, "/exceptions").await.1, "tbody tr").len(), 1);
        assert_eq!(found(&get(&app, "/exceptions?state=open").await.1, "tbody tr").len(), 2);
        let solved = picks.join("&").replace("=1", "=2");
        let solved = post(&app, "/exceptions/group/solve", &format!("key=late/V.001E&solution=ok&{solved}")).await;
        assert_eq!(solved.0, StatusCode::SEE_OTHER);
        assert_eq!(found(&get(&app, "/exceptions?state=closed").await.1, "tbody tr").len(), 2);
        assert_eq!(get(&app, "/exceptions/group?key=late%2FV.001E").await.0, StatusCode::NOT_FOUND);
    }

    async fn the_list_goes_on_behind_its_last_row_with_groups_and_filters(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        for number in 0..55 {
            let mut draft = planned(&ming, &format!("YD{number}"), at(MONDAY) - Duration::hours(4), None);
            draft.transport_reference = if number < 3 { "V.9".into() } else { String::new() };
            record(&db, &manager(), draft).await;
        }
        tick(&db, at(MONDAY)).await;
        for (state, rows) in [("untold", 53), ("open", 53), ("all", 55), ("closed", 0)] {
            let app = program(&db, &zhang);
            let (mut count, mut path) = (0, format!("/api/v1/exceptions?state={state}&kind=late&rows=20"));
            loop {
                let (status, page) = ask(&app, "GET", &path, None, Value::Null).await;
                assert_eq!(status, StatusCode::OK, "{page}");
                count += page["rows"].as_array().unwrap().len();
                let Some(next) = page["next"].as_str() else { break };
                path = format!("/api/v1/exceptions?state={state}&kind=late&rows=20&after={next}");
            }
            assert_eq!(count, rows, "{state}");
        }
        let (status, none) = ask(&program(&db, &zhang), "GET", "/api/v1/exceptions?after=zz", None, Value::Null).await;
        assert_eq!((status, &none["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
    }

    async fn what_went_wrong_is_written_down_on_a_shipment(db: Db) {
        let zhang = person("zhang", Scope::Own);
        let ming = customer(&db, &zhang, "明为公司").await;
        let shipment = record(&db, &manager(), planned(&ming, "YD1", at(MONDAY) + Duration::days(2), None)).await;
        let app = program(&db, &zhang);
        assert_eq!(get(&app, &format!("/exceptions/new?shipment={shipment}")).await.0, StatusCode::OK);
        assert_eq!(get(&app, "/exceptions/new?shipment=none").await.0, StatusCode::NOT_FOUND);
        let form = format!("shipment={shipment}&kind=&found_by=us&what=&happened_at=2026-12-01T10:00");
        let (status, again) = post(&app, "/exceptions", &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(found(&again, "#kind-problem").len(), 1);
        let form = format!("shipment={shipment}&kind=damage&found_by=customer&what=受潮&happened_at=2026-11-23T09:00");
        assert_eq!(post(&app, "/exceptions", &form).await.0, StatusCode::SEE_OTHER);
        let one = the_only(&db).await;
        assert_eq!((one.happened_at, one.customer_asked_at), (at("2026-11-23T01:00:00Z"), Some(zhang.now)));
        let texts = texts(&db);
        let panel = ExceptionPanel.render(&db, &zhang, &texts, &ming, "").await.unwrap().unwrap();
        assert!(panel.html.contains("YD1") && panel.html.contains("受潮"));
        let figures = ExceptionPanel.figures(&db, &zhang, &texts, &ming).await.unwrap();
        assert_eq!((figures[0].value.as_str(), figures[0].tone), ("1", module::Tone::Risk));
        let soon = later(&zhang, 1).now;
        let rows = ExceptionTimeline.before(&db, &zhang, &texts, &ming, soon, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        let stranger = person("li", Scope::Own);
        assert_eq!(ExceptionTimeline.before(&db, &stranger, &texts, &ming, soon, 10).await.unwrap().len(), 0);
    }

    async fn tolerances_and_texts_are_set_and_what_they_cannot_be_is_said(db: Db) {
        let zhang = person("zhang", Scope::Own);
        customer(&db, &zhang, "明为公司").await;
        let app = program(&db, &zhang);
        let here = "/settings/exceptions";
        let set = |form: &'static str| {
            let app = app.clone();
            async move { post(&app, "/settings/exceptions/thresholds", form).await }
        };
        let half = set("customer=明为公司&origin=上海&milestone=signed&minutes=30").await;
        assert_eq!((half.0, found(&half.1, "#destination-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(found(&set("customer=没有的&milestone=signed&minutes=30").await.1, "#customer-problem").len(), 1);
        assert_eq!(found(&set("milestone=signed&minutes=99999999").await.1, "#minutes-problem").len(), 1);
        assert_eq!(set("customer=明为公司&origin=上海&destination=成都&milestone=signed&minutes=90").await.0, StatusCode::SEE_OTHER);
        let twice = set("customer=明为公司&origin=上海&destination=成都&milestone=signed&minutes=80").await;
        assert_eq!((twice.0, found(&twice.1, "#milestone-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        assert_eq!(found(&get(&app, here).await.1, "tbody tr").len(), 1);
        let stranger = program(&db, &person("li", Scope::Own));
        assert_eq!(found(&get(&stranger, here).await.1, "tbody tr").len(), 0);
        let texts = "late_zh={{nobody}}&late_en=x&other_zh=x&other_en=x&version=0";
        let strange = post(&app, "/settings/exceptions/notices", texts).await;
        assert_eq!((strange.0, found(&strange.1, "#late_zh-problem").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        let texts = "late_zh={{ waybill }}晚了{{&late_en=x&other_zh=x&other_en=x&version=0";
        assert_eq!(post(&app, "/settings/exceptions/notices", texts).await.0, StatusCode::SEE_OTHER);
        assert_eq!(post(&app, "/settings/exceptions/notices", texts).await.0, StatusCode::CONFLICT);
        late(&db, &zhang, &[("红木家具厂", "YD1", "")]).await;
        let (_, page) = get(&app, &format!("/exceptions/{}", the_only(&db).await.id)).await;
        assert_eq!(found(&page, "#text"), ["YD1晚了{{"]);
    }

    async fn a_program_lists_tells_and_solves_with_the_version_it_has_read(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, &[("明为公司", "YD1", "")]).await;
        let app = program(&db, &zhang);
        let path = format!("/api/v1/exceptions/{}", the_only(&db).await.id);
        let (_, one) = ask(&app, "GET", &path, None, Value::Null).await;
        assert_eq!((&one["waybill"], &one["left_minutes"], &one["kind"]), (&json!("YD1"), &json!(120), &json!("late")));
        let tell = format!("{path}/tell");
        assert_eq!(ask(&app, "POST", &tell, None, json!({"how": "call"})).await.0, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(ask(&app, "POST", &tell, Some(7), json!({"how": "call"})).await.0, StatusCode::CONFLICT);
        let (status, told) = ask(&app, "POST", &tell, Some(1), json!({"how": "call"})).await;
        assert_eq!((status, &told["status"], &told["told_first"]), (StatusCode::OK, &json!("told"), &json!(1)), "{told}");
        let solve = json!({"solution": "ok"});
        assert_eq!(ask(&app, "POST", &format!("{path}/solve"), Some(2), solve).await.1["status"], "solved");
        let (_, rows) = ask(&app, "GET", "/api/v1/reports/told-first?by=lane&from=2026-11&to=2026-11", None, Value::Null).await;
        assert_eq!(rows, json!([{"key": "上海 → 成都", "due": 1, "told_first": 1}]));
        let stranger = program(&db, &person("li", Scope::Own));
        for act in ["", "/tell", "/solve", "/start", "/void", "/blame", "/hand-over", "/asked"] {
            let method = if act.is_empty() { "GET" } else { "POST" };
            let body = match act {
                "/tell" => json!({"how": "call", "text": "x"}),
                "/solve" => json!({"solution": "x"}),
                "/void" => json!({"why": "x"}),
                "/blame" => json!({"liable": "us"}),
                "/hand-over" => json!({"owner": "li"}),
                _ => json!({}),
            };
            let (status, body) = ask(&stranger, method, &format!("{path}{act}"), Some(3), body).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{act} {body}");
        }
    }

    async fn every_page_speaks_both_languages(db: Db) {
        let zhang = person("zhang", Scope::Own);
        late(&db, &zhang, &[("明为公司", "YD1", "V.1"), ("红木家具厂", "YD2", "V.1")]).await;
        let id = &all(&db).await[0].id;
        for language in Language::CHOICES {
            let preferences = Preferences { language, ..Preferences::default() };
            let app = program(&db, &Actor { language, ..zhang.clone() }).layer(Extension(preferences));
            let pages = ["/exceptions", "/exceptions?state=closed", "/exceptions/figures", "/exceptions/figures?by=owner",
                "/exceptions/group?key=late%2FV.1", "/settings/exceptions"];
            for path in pages.into_iter().map(str::to_owned).chain([format!("/exceptions/{id}")]) {
                let (status, page) = get(&app, &path).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                let bare = found(&page, "main").join(" ");
                assert!(!bare.contains("exception-"), "{path}: {bare}");
            }
        }
    }
}
