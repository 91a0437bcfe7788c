//! What people see of figures, quality events and silent customers, and what programs get.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use base::{Actor, Language, Scope};
use complaints::forms::{CauseDraft, ComplaintDraft};
use complaints::words::Cause;
use complaints::{Complaints, samples};
use db::{Db, db_tests};
use scraper::{Html, Selector};
use serde_json::Value;
use shipments::Shipments;

use crate::pages::program;
use crate::{chen, customer, person, service, with_department};
use tower::ServiceExt;

async fn ask(app: &Router, path: &str) -> (StatusCode, String) {
    answer(app, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    answer(app, request.body(Body::from(serde_urlencoded::to_string(form).unwrap())).unwrap()).await
}

async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
}

fn found(html: &str, css: &str) -> Vec<String> {
    let html = Html::parse_document(html);
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    let wanted = Selector::parse(css).unwrap();
    html.select(&wanted).map(|one| text(one).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Three complaints of one cause over one lane, one of them closed, and a customer who says nothing.
async fn house(db: &Db) -> Complaints {
    let complaints = with_department(db).await;
    for no in 0..3 {
        let customer = customer(db, &chen(), &format!("客户{no}")).await;
        let draft = shipments::samples::shipment(&customer, &format!("W{no}"), chen().today());
        Shipments::new(db.clone()).record(&chen(), draft, None).await.unwrap();
        let draft = ComplaintDraft { waybills: vec![format!("W{no}")], ..samples::draft(&customer, &service()) };
        let one = complaints.log(&chen(), draft).await.unwrap();
        let cause = CauseDraft {
            cause: Cause::Packing,
            text: String::new(),
            department: None,
            correction: String::new(),
            correction_due: None,
        };
        complaints.explain(&chen(), &one.id, 1, &cause).await.unwrap();
    }
    let silent = customer(db, &chen(), "不作声的").await;
    for no in 0..6 {
        let day = chen().today() - chrono::Duration::days(if no < 2 { 3 } else { 70 });
        let mut draft = shipments::samples::shipment(&silent, &format!("S{no}"), day);
        draft.booked_on = Some(day);
        if no < 2 {
            draft.lines[0].delivered_on = Some(chen().today());
        }
        Shipments::new(db.clone()).record(&chen(), draft, None).await.unwrap();
    }
    complaints
}

const PAGES: [&str; 6] = [
    "/complaints/figures",
    "/complaints/figures?window=weeks_52&category=damage&department=service",
    "/complaints/silent",
    "/complaints/silent?whose=mine",
    "/complaints/quality-events",
    "/complaints/quality-events?status=all",
];

db_tests! {
    async fn the_figures_pages_speak_both_languages_full_and_empty(db: Db) {
        let untranslated = |html: &str| {
            let words = found(html, "html").join(" ");
            words.split_whitespace().filter(|word| word.starts_with("complaint-") || word.starts_with("quality_event-")).map(str::to_owned).collect::<Vec<_>>()
        };
        for language in [Language::Chinese, Language::English] {
            let app = program(&db, &chen(), language);
            for path in PAGES {
                let (status, html) = ask(&app, path).await;
                assert_eq!((status, untranslated(&html)), (StatusCode::OK, Vec::new()), "{path}");
            }
        }
        let complaints = house(&db).await;
        let event = complaints.quality_events(&chen(), None, None, base::PageSize(9)).await.unwrap().rows.remove(0).event;
        let one = format!("/complaints/quality-events/{}", event.id);
        for language in [Language::Chinese, Language::English] {
            let app = program(&db, &chen(), language);
            for path in PAGES.into_iter().chain([one.as_str()]) {
                let (status, html) = ask(&app, path).await;
                assert_eq!((status, untranslated(&html)), (StatusCode::OK, Vec::new()), "{path}");
                assert!(!html.contains(" style="), "{path}");
            }
        }
    }

    async fn each_drawing_says_its_finding_and_has_its_table(db: Db) {
        house(&db).await;
        let (_, html) = ask(&program(&db, &chen(), Language::Chinese), "/complaints/figures").await;
        let headings = found(&html, ".card-header h2");
        assert_eq!(headings[0], "13 周收到 3 件，结案 0 件");
        assert_eq!(headings[1], "最多的原因：包装（3 件）；前 1 类占 100.00%");
        assert_eq!(headings[3], "最集中：上海 → 成都 的破损（3 件）");
        let drawn = Html::parse_document(&html);
        let svg = Selector::parse(".card svg[role=img]").unwrap();
        for one in drawn.select(&svg) {
            assert!(headings.contains(&one.attr("aria-label").unwrap().to_owned()));
        }
        assert_eq!(found(&html, ".card table caption").len(), 4, "no customer complained again");
        let (_, html) = ask(&program(&db, &chen(), Language::Chinese), "/complaints/silent").await;
        assert_eq!(found(&html, "td.cell-title a"), ["不作声的"]);
        assert!(html.contains("延误 2 票，货量 −50%，一声没吭"), "{html}");
    }

    async fn programs_get_the_same_figures(db: Db) {
        house(&db).await;
        let app = program(&db, &chen(), Language::English);
        let (status, text) = ask(&app, "/api/v1/complaints/figures?window=weeks_4").await;
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, &told["received"], &told["causes"][0]["complaints"]), (StatusCode::OK, &3.into(), &3.into()));
        assert_eq!(told["lanes"][0]["categories"]["damage"], 3);
        let (_, text) = ask(&app, "/api/v1/complaints/silent").await;
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&told[0]["customer_name"], &told[0]["shipments_before"]), (&"不作声的".into(), &4.into()));
        let (_, text) = ask(&app, "/api/v1/quality-events?status=open").await;
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&told["rows"][0]["cause"], &told["rows"][0]["complaints"]), (&"packing".into(), &3.into()));
    }

    async fn what_is_made_up_is_answered_with_a_sentence(db: Db) {
        let complaints = house(&db).await;
        let app = program(&db, &chen(), Language::Chinese);
        for path in [
            "/complaints/figures?window=years", "/complaints/figures?department=%00", "/complaints/figures?category=x",
            "/complaints/figures?from=1", "/complaints/silent?whose=theirs", "/complaints/quality-events?status=lost",
            "/complaints/quality-events?after=zz", "/api/v1/quality-events?after=00", "/api/v1/complaints/figures?window=0",
            "/api/v1/quality-events?rows=0",
        ] {
            assert_eq!(ask(&app, path).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        for path in ["/complaints/figures?department=nobody", "/complaints/quality-events?after=1f61", "/complaints/quality-events?after=31393939391f7a"] {
            assert_eq!(ask(&app, path).await.0, StatusCode::OK, "{path}");
        }
        for path in ["/complaints/quality-events/nothing", "/complaints/quality-events/a%00b", "/api/v1/quality-events/a%00b"] {
            assert_eq!(ask(&app, path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        let event = complaints.quality_events(&chen(), None, None, base::PageSize(9)).await.unwrap().rows.remove(0).event;
        let path = format!("/complaints/quality-events/{}", event.id);
        let (status, html) = post(&app, &format!("{path}/plan"), &[("version", "1"), ("correction", "换箱"), ("correction_due", "soon")]).await;
        assert_eq!((status, found(&html, "#correction")), (StatusCode::UNPROCESSABLE_ENTITY, vec!["换箱".to_owned()]));
        assert_eq!(post(&app, &format!("{path}/close"), &[("version", "1"), ("done", " ")]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(&app, &format!("{path}/close"), &[("version", "9"), ("done", "换了")]).await.0, StatusCode::CONFLICT);
        let stranger = program(&db, &person("lin", Scope::Own), Language::Chinese);
        for (act, form) in [("plan", &[("version", "1"), ("correction_due", "x")][..]), ("close", &[("version", "1")])] {
            assert_eq!(post(&stranger, &format!("{path}/{act}"), form).await.0, StatusCode::NOT_FOUND, "{act}");
        }
        assert_eq!(post(&app, &format!("{path}/close"), &[("version", "1"), ("done", "换了")]).await.0, StatusCode::SEE_OTHER);
        let (_, html) = ask(&app, &path).await;
        assert!(found(&html, "form").iter().all(|form| !form.contains("做了什么")));
    }

    async fn whoever_may_not_see_complaints_sees_none_of_it(db: Db) {
        let mut nobody: Actor = chen();
        nobody.permissions.remove(&complaints::VIEW);
        let app = program(&db, &nobody, Language::Chinese);
        let api = ["/api/v1/complaints/figures", "/api/v1/complaints/silent", "/api/v1/quality-events"];
        for path in PAGES.into_iter().chain(api) {
            assert_eq!(ask(&app, path).await.0, StatusCode::FORBIDDEN, "{path}");
        }
    }
}
