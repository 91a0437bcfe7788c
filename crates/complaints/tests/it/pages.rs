//! What people read and click.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use base::{Actor, Language, Scope};
use complaints::forms::ComplaintDraft;
use complaints::words::{Channel, Step};
use complaints::{ComplaintPanel, ComplaintTimeline, Complaints, samples};
use db::{Db, db_tests};
use module::{CustomerPanel, TimelineSource};
use scraper::{Html, Selector};
use texts::Texts;
use tower::ServiceExt;
use web::{Preferences, Shell};

use crate::{chen, logged, person, service, up_to};

fn texts(db: &Db) -> Texts {
    let customers = customers::module(customers::Customers::new(db.clone())).locales.unwrap();
    let calendar = calendar::module(calendar::Calendars::new(db.clone())).locales.unwrap();
    let own = complaints::module(Complaints::new(db.clone())).locales.unwrap();
    Texts::load([web::locales(), customers, calendar, own]).unwrap()
}

pub fn program(db: &Db, actor: &Actor, language: Language) -> Router {
    let shell = Arc::new(Shell { texts: texts(db).into(), menu: Vec::new() });
    complaints::module(Complaints::new(db.clone()))
        .routes
        .into_router()
        .layer(Extension(actor.clone()))
        .layer(Extension(shell))
        .layer(Extension(Preferences { language, ..Preferences::default() }))
}

async fn get(app: &Router, path: &str) -> (StatusCode, Html) {
    answer(app, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, form: &[(&str, &str)]) -> (StatusCode, Html) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    answer(app, request.body(Body::from(serde_urlencoded::to_string(form).unwrap())).unwrap()).await
}

async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, Html) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, Html::parse_document(std::str::from_utf8(&bytes).unwrap()))
}

fn found(html: &Html, css: &str) -> Vec<String> {
    let wanted = Selector::parse(css).unwrap();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    html.select(&wanted).map(|one| text(one).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Texts whose key stands where the text should.
fn untranslated(html: &Html) -> Vec<String> {
    let all = html.root_element().text().collect::<Vec<_>>().join(" ");
    all.split_whitespace().filter(|word| word.starts_with("complaint-")).map(str::to_owned).collect()
}

db_tests! {
    async fn every_page_speaks_both_languages(db: Db) {
        let (complaints, first) = logged(&db).await;
        let now = up_to(&complaints, &chen(), &first, Step::Confirm).await;
        complaints.log(&chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        let one = format!("/complaints/{}", now.id);
        let form = format!("/complaints/new?customer={}", first.customer_id);
        let paths = [
            "/complaints", "/complaints?view=all", "/complaints?shape=board", "/complaints?view=legal",
            "/complaints/blank", "/complaints/new", "/settings/complaint-texts", one.as_str(), form.as_str(),
        ];
        for language in [Language::Chinese, Language::English] {
            let app = program(&db, &chen(), language);
            for path in paths {
                let (status, html) = get(&app, path).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(untranslated(&html).is_empty(), "{path}: {:?}", untranslated(&html));
            }
        }
    }

    async fn the_list_says_in_words_what_is_due(db: Db) {
        logged(&db).await;
        let app = program(&db, &chen(), Language::Chinese);
        let (_, html) = get(&app, "/complaints").await;
        assert_eq!(found(&html, "td.cell-title a"), ["客服-2026-0001"]);
        assert!(found(&html, "td .tag").iter().any(|timer| timer.starts_with("首响 剩 ")), "{:?}", found(&html, "td .tag"));
        let (_, html) = get(&app, "/complaints?shape=board").await;
        assert_eq!(found(&html, ".board-column h2"), ["待响应 1", "处理中 0", "暂停 0", "待确认 0"]);
        let (_, html) = get(&app, "/complaints?view=overdue").await;
        assert!(found(&html, "td.cell-title a").is_empty());
        let (status, _) = get(&app, "/complaints?sort=words").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_list_goes_on_where_the_last_page_ended(db: Db) {
        let (complaints, first) = logged(&db).await;
        for _ in 0..54 {
            complaints.log(&chen(), samples::draft(&first.customer_id, &service())).await.unwrap();
        }
        let app = program(&db, &chen(), Language::Chinese);
        for view in ["open", "all"] {
            let (_, html) = get(&app, &format!("/complaints?view={view}")).await;
            let mut all = found(&html, "td.cell-title a");
            let next = Selector::parse("a[rel=next]").unwrap();
            let next = html.select(&next).next().unwrap().attr("href").unwrap().to_owned();
            all.extend(found(&get(&app, &next).await.1, "td.cell-title a"));
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 55, "{view}");
        }
    }

    async fn a_complaint_is_logged_by_a_form_and_a_wrong_one_keeps_what_was_typed(db: Db) {
        let (_, first) = logged(&db).await;
        let app = program(&db, &chen(), Language::Chinese);
        let customer = first.customer_id.as_str();
        let whole = [("customer", customer), ("words", "纸箱又破了"), ("channel", "phone"), ("category", "damage"),
            ("severity", "high"), ("department", "service"), ("waybills", "NO1")];
        let (status, html) = post(&app, "/complaints/new", &whole).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(found(&html, "#words"), ["纸箱又破了"]);
        assert_eq!(found(&html, "#waybills-problem"), ["没有这个运单：NO1"]);
        let (status, _) = post(&app, "/complaints/new", &whole[..6]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let more = [&whole[..6], &[("number_no", "7")]].concat();
        assert_eq!(post(&app, "/complaints/new", &more).await.0, StatusCode::UNPROCESSABLE_ENTITY, "mass assignment");
        let stolen = [&whole[..6], &[("status", "closed")]].concat();
        assert_eq!(post(&app, "/complaints/new", &stolen).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn only_the_form_of_the_next_step_stands_there_and_its_text_is_filled_in(db: Db) {
        let (complaints, first) = logged(&db).await;
        let app = program(&db, &chen(), Language::Chinese);
        let path = format!("/complaints/{}", first.id);
        let (_, html) = get(&app, &path).await;
        assert_eq!(found(&html, "#next h2"), ["下一步：倾听安抚"]);
        assert!(found(&html, "#told")[0].starts_with("红木家具厂您好"), "{:?}", found(&html, "#told"));
        assert!(found(&html, "#solution").is_empty());
        let (_, html) = get(&app, &format!("{path}?text=en")).await;
        assert!(found(&html, "#told")[0].starts_with("Dear 红木家具厂"));
        let step = [("version", "1"), ("step", "listen"), ("told", "听到了"), ("told_how", "phone")];
        assert_eq!(post(&app, &format!("{path}/steps"), &step).await.0, StatusCode::SEE_OTHER);
        let (status, html) = post(&app, &format!("{path}/steps"), &step).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(found(&html, ".event .tag"), ["新"], "what the other one did is marked");
        let act = up_to(&complaints, &chen(), &complaints.file(&chen(), &first.id).await.unwrap().complaint, Step::Act).await;
        assert_eq!(act.next_step, Some(Step::Act));
        assert_eq!(found(&get(&app, &path).await.1, "#solution").len(), 1);
    }

    async fn somebody_elses_complaint_is_not_found_on_any_address(db: Db) {
        let (_, first) = logged(&db).await;
        let app = program(&db, &person("zhang", Scope::Own), Language::Chinese);
        let path = format!("/complaints/{}", first.id);
        assert_eq!(get(&app, &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, &format!("/api/v1{path}")).await.0, StatusCode::NOT_FOUND);
        for act in ["resume", "corrected", "verified"] {
            assert_eq!(post(&app, &format!("{path}/{act}"), &[("version", "1")]).await.0, StatusCode::NOT_FOUND, "{act}");
        }
        let new = format!("/complaints/new?customer={}", first.customer_id);
        assert_eq!(get(&app, &new).await.0, StatusCode::NOT_FOUND);
    }

    async fn what_a_customer_wrote_is_shown_and_not_run(db: Db) {
        let (complaints, first) = logged(&db).await;
        let words = "<script>alert(1)</script>";
        let draft = ComplaintDraft { words: words.into(), channel: Channel::Web, ..samples::draft(&first.customer_id, &service()) };
        let one = complaints.log(&chen(), draft).await.unwrap();
        let (_, html) = get(&program(&db, &chen(), Language::English), &format!("/complaints/{}", one.id)).await;
        assert!(found(&html, ".complaint-card td").iter().any(|cell| cell == words));
        assert!(html.select(&Selector::parse(".complaint-card script").unwrap()).next().is_none());
    }

    async fn the_customers_page_shows_his_complaints_to_whoever_may_see_them(db: Db) {
        let (_, first) = logged(&db).await;
        let (texts, id) = (texts(&db), &first.customer_id);
        let figures = ComplaintPanel.figures(&db, &chen(), &texts, id).await.unwrap();
        assert_eq!(figures[0].value, "1");
        let panel = ComplaintPanel.render(&db, &chen(), &texts, id, "").await.unwrap().unwrap();
        assert!(panel.html.contains("客服-2026-0001"));
        let later = chen().now + chrono::Duration::days(1);
        let rows = ComplaintTimeline.before(&db, &chen(), &texts, id, later, 10).await.unwrap();
        assert_eq!(rows[0].href, format!("/complaints/{}", first.id));
        let zhang = person("zhang", Scope::Own);
        assert!(ComplaintTimeline.before(&db, &zhang, &texts, id, later, 10).await.unwrap().is_empty());
        assert!(ComplaintPanel.render(&db, &zhang, &texts, id, "").await.unwrap().is_none());
    }
}
